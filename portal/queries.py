"""Reads of imported rows."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

if TYPE_CHECKING:
    from portal.models import ImportRow


class ImportRowQuerySet(QuerySet["ImportRow"]):
    def in_outcome(self, outcome: str) -> "ImportRowQuerySet":
        """The rows of one tab of the preview, in the order of the sheet."""
        return self.filter(outcome=outcome).order_by("sheet_row")

    def to_apply(self) -> "ImportRowQuerySet":
        """The rows that applying writes: causes of concern first, then in the order of the sheet."""
        return self.filter(outcome__in=("new", "changed")).order_by("-cause", "sheet_row")

    def with_remarks(self) -> "ImportRowQuerySet":
        """Rows that cannot be read, or that say something a spreadsheet does not change."""
        return self.exclude(problems=[], notes=[]).order_by("sheet_row")
