"""Applying an import in the background, where a worker runs; in the request where none does."""

import logging

from django.db import OperationalError, transaction
from django.utils import timezone
from django_tasks import task

from core.history import attribute
from people.models import User
from portal.imports import progress
from portal.imports.applying import apply_import, check_it_can_be_applied
from portal.imports.refused import AlreadyApplied, ImportNotPossible
from portal.models import SpreadsheetImport, State

logger = logging.getLogger("portal.imports")

BUSY = "The database was busy with other work, so nothing was applied. Try again in a few minutes."
WRONG = "Something went wrong; nothing was applied. Try again."


class UnderWayAlready(ImportNotPossible):
    """Somebody has asked for it a moment ago."""

    def __init__(self) -> None:
        super().__init__("This import is being applied already.")


def ask_to_apply(
    spreadsheet_import: SpreadsheetImport, *, actor: User, seen: int | None
) -> SpreadsheetImport:
    """Have an import applied: by the worker, or at once where there is none.

    Args:
        spreadsheet_import: previewed.
        actor: who applies it.
        seen: the number of the preview that the actor looked at.

    Returns:
        The import as it is now: applied, failed (`failure` says why) or asked for (`asked_at`).

    Raises:
        UnderWayAlready: it has been asked for, and is not stalled.
        ImportNotPossible: as for `apply_import`, where this is known before it begins.
    """
    with transaction.atomic():
        locked = SpreadsheetImport.objects.select_for_update().get(pk=spreadsheet_import.pk)
        check_it_can_be_applied(locked, seen)
        begun = progress.under_way(locked)
        if begun and not begun.stalled:
            raise UnderWayAlready
        locked.asked_at, locked.failure = timezone.now(), ""
        attribute(locked, actor, "Asked to be applied")
        locked.save()
    # After the transaction: a task that is done at once has one of its own.
    apply_in_background.enqueue(locked.pk, actor.pk, seen)
    locked.refresh_from_db()
    return locked


@task()
def apply_in_background(pk: int, actor_pk: int, seen: int | None) -> None:
    """Apply an import; what stands against it is kept for the person who asked.

    Run twice, the second finds it applied, or no longer asked for, and does nothing.

    Args:
        pk: of the import.
        actor_pk: of the user who asked.
        seen: the number of the preview that the user looked at.
    """
    spreadsheet_import = SpreadsheetImport.objects.get(pk=pk)
    if spreadsheet_import.asked_at is None:
        return
    actor = User.objects.get(pk=actor_pk)
    try:
        apply_import(spreadsheet_import, actor=actor, seen=seen, progress=progress.teller(pk))
    except AlreadyApplied:
        return
    except ImportNotPossible as refusal:
        _keep_failure(pk, actor, str(refusal))
    except OperationalError:
        logger.exception("The database broke off import %s", pk)
        _keep_failure(pk, actor, BUSY)
    except Exception:
        logger.exception("Import %s could not be applied", pk)
        _keep_failure(pk, actor, WRONG)
    finally:
        progress.forget(pk)


@transaction.atomic
def _keep_failure(pk: int, actor: User, sentence: str) -> None:
    locked = SpreadsheetImport.objects.select_for_update().get(pk=pk)
    if locked.state != State.PREVIEWED:
        return
    locked.asked_at, locked.failure = None, sentence
    attribute(locked, actor, "Could not be applied")
    locked.save()
