"""The import that an address names, for those who may see it."""

from django.shortcuts import get_object_or_404

from core.access import holders_of
from people.models import User
from portal.models import Purpose, SpreadsheetImport

importers = holders_of("portal.import_spreadsheet", "portal.reconcile")


def may_take_in(user: User, purpose: str) -> bool:
    """Whether somebody takes in spreadsheets of a purpose: who reconciles, the portal's export."""
    return user.has_perm("portal.import_spreadsheet") or (
        purpose == Purpose.EXPORT and user.has_perm("portal.reconcile")
    )


def import_or_404(user: User, pk: int) -> SpreadsheetImport:
    """An import with its people; 404 for who may not take it in."""
    return get_object_or_404(SpreadsheetImport.objects.with_people().visible_to(user), pk=pk)
