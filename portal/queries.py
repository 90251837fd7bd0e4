"""Reads of imports and their rows."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from people.models import User

    # Named as text only, which the linter does not see.
    from portal.models import ImportRow, PortalRecord, SpreadsheetImport  # noqa: F401


class SpreadsheetImportQuerySet(QuerySet["SpreadsheetImport"]):
    def with_people(self) -> "SpreadsheetImportQuerySet":
        """With the names of who uploaded, applied and undid."""
        return self.select_related("uploaded_by", "applied_by", "undone_by")

    def visible_to(self, user: "User") -> "SpreadsheetImportQuerySet":
        """Those that this person may take in. Of stores of evidence only their own, unless they
        read all evidence: what is in one may be OFFICIAL-SENSITIVE.
        """
        if user.has_perm("portal.import_spreadsheet"):
            if user.has_perm("evidence.view_sensitive_evidence"):
                return self
            return self.filter(~Q(purpose="evidence") | Q(uploaded_by=user))
        return self.filter(purpose="export") if user.has_perm("portal.reconcile") else self.none()

    def applied_before(
        self, spreadsheet_import: "SpreadsheetImport", purpose: str
    ) -> "SpreadsheetImport | None":
        """The latest import that applied the very same file for a purpose, if there is one."""
        return (
            self.with_people()
            .filter(
                sha256=spreadsheet_import.sha256,
                purpose=purpose,
                state="applied",
            )
            .exclude(pk=spreadsheet_import.pk)
            .order_by("-applied_at")
            .first()
        )


class ImportRowQuerySet(QuerySet["ImportRow"]):
    def in_outcome(self, outcome: str) -> "ImportRowQuerySet":
        """The rows of one outcome, in the order of the sheet."""
        return self.filter(outcome=outcome).order_by("sheet_row")

    def in_view(self, key: str) -> "ImportRowQuerySet":
        """The rows of one view of a preview.

        Args:
            key: an outcome; or "conflict", "fixed" or "notes" (remarks), whatever the outcome.
        """
        if key in ("conflict", "fixed"):
            return self.filter(**{key: True}).order_by("sheet_row")
        if key == "notes":
            return self.exclude(notes=[]).filter(fixed=False).order_by("sheet_row")
        return self.in_outcome(key)

    def new(self, *, with_reference: bool) -> "ImportRowQuerySet":
        """New rows to be written, with a reference of their own or not, what comes first first."""
        rows = self.filter(outcome="new", left_out=False)
        rows = rows.exclude(reference="") if with_reference else rows.filter(reference="")
        return rows.order_by("-first", "sheet_row")

    def changed(self) -> "ImportRowQuerySet":
        """Changed rows that are not left out, in the order of the sheet."""
        return self.filter(outcome="changed", left_out=False).order_by("sheet_row")

    def with_remarks(self) -> "ImportRowQuerySet":
        """Rows that cannot be read, or that say something which is not taken over."""
        return self.exclude(problems=[], notes=[]).order_by("sheet_row")


class PortalRecordQuerySet(QuerySet["PortalRecord"]):
    def there(self) -> "PortalRecordQuerySet":
        """The records that the last export still had."""
        return self.filter(gone_since=None)

    def by_references(self, references: Collection[str]) -> "PortalRecordQuerySet":
        """The records of these references, in capitals or not."""
        # As people send them: the database refuses what no text holds.
        references = [reference.replace("\0", "") for reference in references]
        in_small = {reference.strip().lower() for reference in references}
        return self.alias(in_small=Lower("reference")).filter(
            Q(in_small__in=in_small) | Q(reference__in=references)
        )
