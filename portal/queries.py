"""Reads of imports and their rows."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

if TYPE_CHECKING:
    # Named as text only, which the linter does not see.
    from portal.models import ImportRow, SpreadsheetImport  # noqa: F401


class SpreadsheetImportQuerySet(QuerySet["SpreadsheetImport"]):
    def with_people(self) -> "SpreadsheetImportQuerySet":
        """With the names of who uploaded, applied and undid."""
        return self.select_related("uploaded_by", "applied_by", "undone_by")

    def applied_before(self, spreadsheet_import: "SpreadsheetImport") -> "SpreadsheetImport | None":
        """The latest import that applied the very same file, if there is one."""
        return (
            self.with_people()
            .filter(sha256=spreadsheet_import.sha256, state="applied")
            .exclude(pk=spreadsheet_import.pk)
            .order_by("-applied_at")
            .first()
        )


class ImportRowQuerySet(QuerySet["ImportRow"]):
    def in_outcome(self, outcome: str) -> "ImportRowQuerySet":
        """The rows of one tab of the preview, in the order of the sheet."""
        return self.filter(outcome=outcome).order_by("sheet_row")

    def to_apply(self) -> "ImportRowQuerySet":
        """The rows that applying writes: causes of concern first, then as in the sheet."""
        return self.filter(outcome__in=("new", "changed")).order_by("-cause", "sheet_row")

    def with_notes(self) -> "ImportRowQuerySet":
        """Rows that say something which is not taken over."""
        return self.exclude(notes=[]).order_by("sheet_row")

    def with_remarks(self) -> "ImportRowQuerySet":
        """Rows that cannot be read, or that say something which is not taken over."""
        return self.exclude(problems=[], notes=[]).order_by("sheet_row")
