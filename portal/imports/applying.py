"""Applying an import: one transaction, only the good rows, and only what the preview showed."""

import logging
import uuid

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from core.dates import long_date
from core.history import attribute, stamped
from core.turns import Turn, wait_for_turn
from core.uploads import atomic_with_files
from people.models import User
from portal.imports.previewing import preview_again, what_is_seen
from portal.imports.purposes import Progress, rules_of
from portal.imports.refused import (
    AlreadyApplied,
    AnotherPreview,
    CannotBeRecorded,
    CauseLeftOut,
    ChangedSincePreview,
    ImportNotPossible,
)
from portal.imports.trail import models_written
from portal.models import Purpose, SpreadsheetImport, State
from portal.reconciliation.comparing import compare
from tracker.recording import ParentMissing

logger = logging.getLogger("portal.imports")


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
        CannotBeRecorded: the records refuse what the preview showed; the log says why.
        CauseLeftOut: a recommendation is to be taken, and its cause of concern is not.
        ImportNotPossible: it was refused, or has no good row.
    """
    try:
        return _apply(spreadsheet_import, actor, seen, progress)
    except (ChangedSincePreview, ParentMissing, ValidationError, IntegrityError) as error:
        before = what_is_seen(spreadsheet_import)
        preview_again(spreadsheet_import, actor=actor)
        if what_is_seen(spreadsheet_import) != before:
            raise ChangedSincePreview from error
        if isinstance(error, ParentMissing):
            raise CauseLeftOut(str(error)) from error
        logger.exception("Import %s cannot be applied as previewed", spreadsheet_import.pk)
        raise CannotBeRecorded from error


@atomic_with_files()
def _apply(
    spreadsheet_import: SpreadsheetImport,
    actor: User | None,
    seen: int | None,
    progress: Progress,
) -> SpreadsheetImport:
    wait_for_turn(Turn.APPLYING_AN_IMPORT)
    # Before any row is locked, as everybody does who compares.
    wait_for_turn(Turn.COMPARING_WITH_THE_PORTAL)
    locked = SpreadsheetImport.objects.select_for_update().get(pk=spreadsheet_import.pk)
    check_it_can_be_applied(locked, seen)
    locked.stamp = uuid.uuid4().hex[:12]
    with stamped(locked.stamp):
        rules_of(locked.purpose).writer(locked, actor, progress).run()
        # What it changed here may agree with the portal now, or no longer.
        if locked.purpose != Purpose.EXPORT:
            compare(actor=actor)
    locked.wrote = models_written(locked.stamp)
    locked.state = State.APPLIED
    locked.asked_at, locked.failure = None, ""
    locked.applied_by = actor
    locked.applied_at = timezone.now()
    attribute(locked, actor, "Applied")
    locked.save()
    return locked


def check_it_can_be_applied(spreadsheet_import: SpreadsheetImport, seen: int | None) -> None:
    """Refuse what cannot be applied, whatever the records say.

    Args:
        spreadsheet_import: as it is now.
        seen: the number of the preview that somebody looked at; None where nobody did.

    Raises:
        AlreadyApplied, AnotherPreview, ImportNotPossible: as for `apply_import`.
    """
    state = spreadsheet_import.state
    if state == State.APPLIED:
        who = f" by {spreadsheet_import.applied_by}" if spreadsheet_import.applied_by else ""
        # An applied import has a time of applying: the database holds to that.
        assert spreadsheet_import.applied_at is not None
        when = long_date(timezone.localtime(spreadsheet_import.applied_at).date())
        raise AlreadyApplied(f"This import was already applied{who} on {when}.")
    if state == State.UNDONE:
        raise ImportNotPossible("This import was applied and undone. Preview its file again.")
    if state == State.REFUSED:
        raise ImportNotPossible("This workbook was refused, so there is nothing to apply.")
    if state != State.PREVIEWED:
        raise ImportNotPossible("This import has not been previewed yet, so nothing was applied.")
    if seen is not None and seen != spreadsheet_import.previews:
        raise AnotherPreview
    if spreadsheet_import.good_rows == 0:
        raise ImportNotPossible("No row of this list is new or changed: there is nothing to apply.")
