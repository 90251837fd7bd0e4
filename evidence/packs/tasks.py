"""Building a pack in the background, where a worker runs; in the request where none does."""

import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from core.history import attribute
from evidence.models import PackRequest, PackState
from evidence.packs import progress
from evidence.packs.building import PackNotBuilt, build
from evidence.packs.choosing import Wanted, pieces_of
from people.models import User

logger = logging.getLogger("portal.evidence")

NO_ROOM = (
    "A file could not be read or the pack not be written: there may be no room left. Try again, or "
    "tell your administrator."
)
WRONG = "Something went wrong, and there is no pack. Try again, or tell your administrator."
_EMPTY = "There is no evidence that you may read for what you chose."


def ask_for_pack(*, actor: User, wanted: Wanted, words: list[str]) -> PackRequest:
    """Have a pack built: by the worker, or at once where there is none.

    Args:
        actor: for whom.
        wanted: what it is to hold.
        words: the same as people say it: "PAF 6", "ST-0045".

    Returns:
        The pack as it is now; the one that is being built of the same already, where there is one.

    Raises:
        ValidationError: nothing would be in it.
    """
    if not pieces_of(wanted, actor):
        raise ValidationError(_EMPTY)
    with transaction.atomic():
        # One after the other, so that a form that is sent twice asks once.
        User.objects.select_for_update().get(pk=actor.pk)
        same = _same_under_way(actor, wanted)
        if same is not None:
            return same
        pack = PackRequest(
            made_by=actor,
            chosen=wanted.chosen,
            words=words,
            only_demonstrating=wanted.only_demonstrating,
            without_stale=wanted.without_stale,
        )
        attribute(pack, actor, "Asked for")
        pack.full_clean(exclude=["chosen", "words"])
        pack.save()
    return _begun(pack)


def ask_again(pack: PackRequest, *, actor: User) -> PackRequest:
    """Have a pack built anew: one that failed, stalled, is over, or is not given out any more.

    Returns:
        The pack as it is now; as it was where it is being built just now.

    Raises:
        ValidationError: nothing would be in it.
    """
    if not pieces_of(Wanted.of(pack), actor):
        raise ValidationError(_EMPTY)
    with transaction.atomic():
        locked = PackRequest.objects.select_for_update().get(pk=pack.pk)
        begun = progress.under_way(locked)
        if begun and not begun.stalled:
            return locked
        locked.state, locked.asked_at, locked.failure = PackState.BUILDING, timezone.now(), ""
        locked.expires_at = None
        attribute(locked, actor, "Asked for again")
        locked.save()
    return _begun(locked)


def _same_under_way(actor: User, wanted: Wanted) -> PackRequest | None:
    for pack in PackRequest.objects.of(actor).filter(state=PackState.BUILDING):
        begun = progress.under_way(pack)
        if Wanted.of(pack) == wanted and begun and not begun.stalled:
            return pack
    return None


def _begun(pack: PackRequest) -> PackRequest:
    # After the transaction: a task that is done at once has those of its own.
    build_in_background.enqueue(pack.pk)
    pack.refresh_from_db()
    return pack


@task()
def build_in_background(pk: int) -> None:
    """Build a pack; what stands against it is kept for the person who asked.

    Run twice, the second finds it built and does nothing.

    Args:
        pk: of the pack.
    """
    pack = PackRequest.objects.select_related("made_by").get(pk=pk)
    if not pack.is_building:
        return
    try:
        build(pack, tell=progress.teller(pk))
    except PackNotBuilt as reason:
        _keep_failure(pack, str(reason))
    except OSError:
        logger.exception("Inspection pack %s could not be written", pk)
        _keep_failure(pack, NO_ROOM)
    except Exception:
        logger.exception("Inspection pack %s could not be built", pk)
        _keep_failure(pack, WRONG)
    finally:
        progress.forget(pk)


@transaction.atomic
def _keep_failure(pack: PackRequest, sentence: str) -> None:
    """Keep why it failed, unless it was asked for anew meanwhile."""
    locked = PackRequest.objects.select_for_update().get(pk=pack.pk)
    if not locked.is_building or locked.file.name != pack.file.name:
        return
    if locked.file:
        # What an attempt before has left.
        locked.file.storage.delete(str(locked.file.name))
    locked.state, locked.failure, locked.file = PackState.FAILED, sentence, ""
    attribute(locked, locked.made_by, "Could not be built")
    locked.save()
