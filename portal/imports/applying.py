"""Applying an import: one transaction, only the good rows, and only what the preview showed."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.dates import long_date
from core.history import attribute
from core.turns import Turn, wait_for_turn
from people.models import User
from portal.imports.previewing import preview_again
from portal.imports.purposes import Progress, rules_of
from portal.imports.refused import (
    AlreadyApplied,
    AnotherPreview,
    ChangedSincePreview,
    ImportNotPossible,
)
from portal.models import SpreadsheetImport, State
from tracker.recording import ParentMissing


def apply_import(
    spreadsheet_import: SpreadsheetImport,
    *,
    actor: User | None,
    seen: int | None = None,
    progress: Progress = lambda done, total: None,
) -> SpreadsheetImport:
    """Write the good rows of an import, all or none; imports are applied one after another.

    Args:
        spreadsheet_import: previewed.
        actor: who applies it; None for a command.
        seen: the number of the preview that the actor looked at; None where nobody did.
        progress: told after each batch.

    Returns:
        The import, applied.

    Raises:
        AlreadyApplied: it has been applied; the message says by whom and when.
        AnotherPreview: it has a newer preview than the one that was looked at.
        ChangedSincePreview: a record it touches has changed; the import has a new preview.
        ImportNotPossible: it was refused, or has no good row.
    """
    try:
        with transaction.atomic():
            wait_for_turn(Turn.APPLYING_AN_IMPORT)
            locked = SpreadsheetImport.objects.select_for_update().get(pk=spreadsheet_import.pk)
            _check(locked)
            if seen is not None and seen != locked.previews:
                raise AnotherPreview
            rules_of(locked.purpose).writer(locked, actor, progress).run()
            locked.state = State.APPLIED
            locked.applied_by = actor
            locked.applied_at = timezone.now()
            attribute(locked, actor, "Applied")
            locked.save()
    except (ChangedSincePreview, ParentMissing, ValidationError, IntegrityError) as error:
        preview_again(spreadsheet_import, actor=actor)
        raise ChangedSincePreview from error
    return locked


def _check(spreadsheet_import: SpreadsheetImport) -> None:
    if spreadsheet_import.applied_at:
        who = f" by {spreadsheet_import.applied_by}" if spreadsheet_import.applied_by else ""
        when = long_date(timezone.localtime(spreadsheet_import.applied_at).date())
        raise AlreadyApplied(f"This import was already applied{who} on {when}.")
    if spreadsheet_import.state == State.REFUSED:
        raise ImportNotPossible("This workbook was refused, so there is nothing to apply.")
    if spreadsheet_import.good_rows == 0:
        raise ImportNotPossible("No row of this list is new or changed: there is nothing to apply.")
