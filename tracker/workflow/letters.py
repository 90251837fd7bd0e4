"""Letters of self-certification: drafted here, signed by the Chief Constable, filed, uploaded.

Filing the signed letter closes level 2 actions and sends level 3 ones on their way to HMICFRS
(domain glossary, closing routes).
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from core.collisions import what_to_write
from core.dates import long_date, today
from core.history import attribute
from core.kinds import UploadRefused
from core.uploads import atomic_with_files, store, vet
from people.models import User
from tracker.choices import ClosureEventKind, ClosureStep, Status
from tracker.models import Closure, Letter, SignedLetter
from tracker.routes import ROUTES
from tracker.workflow import wanted
from tracker.workflow.cases import Verb
from tracker.workflow.closing import close_completed
from tracker.workflow.moves import (
    NOW,
    Refused,
    When,
    asked,
    keep,
    lock_closures,
    move,
    note,
    said,
)

_ONLY_GOVERNANCE = "Only a governance officer drafts and files letters."
# What a scanner makes: a signature is on paper, or in a PDF that was signed.
_NO_SCAN = "A signed letter is filed as a PDF or as a picture (JPEG or PNG)."
SCANS = ("application/pdf", "image/jpeg", "image/png")


def _check_governance(actor: User) -> None:
    if not actor.has_perm("tracker.govern_actions"):
        raise Refused(_ONLY_GOVERNANCE)


def _locked_letter(letter: Letter) -> Letter:
    found: Letter = Letter.objects.select_for_update().get(pk=letter.pk)
    return found


def _save(letter: Letter, actor: User, what: str) -> None:
    attribute(letter, actor, what)
    letter.full_clean()
    letter.save()


@transaction.atomic
def draft_letter(closures: Sequence[Closure], *, actor: User, introduction: str) -> Letter:
    """Draft one letter for one or several approved closures.

    Args:
        closures: approved, and not in another letter.
        introduction: what stands before the list of actions.

    Raises:
        Refused: none chosen, one does not wait for a letter, or is in another one.
    """
    _check_governance(actor)
    letter = Letter(
        introduction=said(introduction, wanted.INTRODUCTION, "introduction"), drafted_by=actor
    )
    current = _waiting(closures, actor)
    _save(letter, actor, "Drafted")
    for closure in current:
        closure.letter = letter
        keep(closure, actor, f"In {letter}")
    return letter


def _waiting(closures: Sequence[Closure], actor: User) -> list[Closure]:
    """Those closures, locked, every one of which waits for a letter and is in none."""
    if not closures:
        raise Refused("Choose at least one approved closure for the letter.")
    current = lock_closures(closures)
    for closure in current:
        asked(Verb.FILE_LETTER, closure.action, actor, closure)
        if closure.letter_id:
            raise Refused(f"{closure.action} is in {closure.letter} already.")
    return current


@transaction.atomic
def change_letter(letter: Letter, *, actor: User, introduction: str, version: int) -> Letter:
    """Change the introduction of a draft.

    Args:
        version: the one the writer saw.

    Raises:
        Overtaken: somebody else changed it first, to something else.
        Refused: it is signed, or the introduction is empty.
    """
    _check_governance(actor)
    letter = _locked_letter(letter)
    _check_draft(letter)
    introduction = said(introduction, wanted.INTRODUCTION, "introduction")
    fields = what_to_write(letter, version, {"introduction": introduction})
    letter.introduction = fields.get("introduction", letter.introduction)
    _save(letter, actor, "Introduction changed")
    return letter


@transaction.atomic
def discard_letter(letter: Letter, *, actor: User) -> None:
    """Put a draft away; its closures wait for another letter.

    Raises:
        Refused: it is signed.
    """
    _check_governance(actor)
    letter = _locked_letter(letter)
    _check_draft(letter)
    for closure in lock_closures(list(letter.closures.all())):
        closure.letter = None
        keep(closure, actor, f"{letter} put away")
    letter.discarded_at = timezone.now()
    _save(letter, actor, "Put away")


def why_no_draft(letter: Letter) -> str:
    """Why a letter can no longer be changed, put away or signed; "" while it can."""
    if letter.discarded_at is not None:
        return f"{letter} was put away. Draft another one."
    if letter.signed is not None:
        return f"{letter} is signed: it can only be followed by a new version of the signed scan."
    return ""


def _check_draft(letter: Letter) -> None:
    if refusal := why_no_draft(letter):
        raise Refused(refusal)


@atomic_with_files()
def file_letter(
    letter: Letter,
    *,
    actor: User,
    scan: File,
    signed_on: dt.date,
    when: When = NOW,
) -> Letter:
    """File the signed scan of a letter: level 2 closes, level 3 waits for its upload.

    Args:
        scan: the file.
        signed_on: the day the Chief Constable signed.
        when: the day the actions close; today unless told.

    Raises:
        Refused: signed already, signed before the approval, or a closure waits for something else.
        UploadRefused: the file cannot be taken.
    """
    _check_governance(actor)
    letter = _locked_letter(letter)
    _check_draft(letter)
    closures = lock_closures(list(letter.closures.all()))
    if not closures:
        raise Refused(f"No closure is left in {letter}. Draft another one.")
    for closure in closures:
        asked(Verb.FILE_LETTER, closure.action, actor, closure)
        when.checked(closure.step_since, f"{closure.action} was approved")
    _check_signing_day(signed_on, closures)
    if signed_on > when.day:
        raise Refused(
            f"The letter is filed on the day it was signed, {long_date(signed_on)}, or later.", "on"
        )
    _store_scan(letter, scan, 1, signed_on, actor, "")
    for closure in closures:
        _take_letter(closure, actor, when)
    return letter


def _check_signing_day(signed_on: dt.date, closures: Sequence[Closure]) -> None:
    if signed_on > today():
        raise Refused(
            f"{long_date(signed_on)} has not come yet. Enter the day it was signed.", "signed_on"
        )
    for closure in closures:
        approval = closure.events.filter(kind=ClosureEventKind.APPROVED).last()
        if approval is not None and signed_on < approval.happened_on:
            raise Refused(
                f"{closure.action} was approved on {long_date(approval.happened_on)}: its letter "
                "is signed on that day or later. Check the day.",
                "signed_on",
            )
        filing = closure.events.filter(kind=ClosureEventKind.LETTER_FILED).last()
        if filing is not None and signed_on > filing.happened_on:
            raise Refused(
                f"The letter of {closure.action} was filed on {long_date(filing.happened_on)}: it "
                "was signed on that day or earlier. Check the day.",
                "signed_on",
            )


def _take_letter(closure: Closure, actor: User, when: When) -> None:
    note(
        closure,
        ClosureEventKind.LETTER_FILED,
        actor=actor,
        when=when,
        text=f"{closure.letter}, signed by the Chief Constable",
    )
    if ROUTES[closure.route].verified:
        closure.step, closure.step_since = ClosureStep.TO_UPLOAD, when.day
        keep(closure, actor, "Letter filed")
    else:
        close_completed(closure.action, closure, actor=actor, when=when)


def _store_scan(
    letter: Letter, scan: File, version: int, signed_on: dt.date, actor: User, reason: str
) -> None:
    record = SignedLetter(letter=letter, version=version, signed_on=signed_on, reason=reason)
    attribute(record, actor, reason or "Signed letter filed")
    vetted = vet(scan, other_kind=_NO_SCAN)
    if vetted.content_type not in SCANS:
        raise UploadRefused(_NO_SCAN)
    before = letter.signed
    if before is not None and before.sha256 == vetted.sha256:
        raise UploadRefused(
            f"This is the very file that is kept as version {before.version}. Choose one that is "
            "different."
        )
    store(scan, vetted, record=record, actor=actor)


@atomic_with_files()
def replace_letter(
    letter: Letter, *, actor: User, scan: File, signed_on: dt.date, reason: str
) -> Letter:
    """File a new version of a signed scan; the one before stays.

    Args:
        reason: why it is replaced.

    Raises:
        Refused: nothing is signed yet, or no reason is given.
        UploadRefused: the file cannot be taken.
    """
    _check_governance(actor)
    letter = _locked_letter(letter)
    before = letter.signed
    if before is None:
        raise Refused(f"{letter} is not signed yet. File the signed letter first.")
    reason = said(reason, wanted.WHY_REPLACED, "reason")
    closures = lock_closures(list(letter.closures.all()))
    _check_signing_day(signed_on, closures)
    _store_scan(letter, scan, before.version + 1, signed_on, actor, reason)
    for closure in closures:
        note(closure, ClosureEventKind.LETTER_REPLACED, actor=actor, text=reason)
    return letter


@transaction.atomic
def record_upload(
    closures: Iterable[Closure], *, actor: User, by: User | None = None, when: When = NOW
) -> list[Closure]:
    """Record that the letter of closures was uploaded to HMICFRS's portal.

    Level 3 actions are with HMICFRS from that day; level 2 ones are closed already.

    Args:
        by: who uploaded it; the actor unless told.

    Raises:
        Refused: none is chosen, one of them does not wait for it, or the day does not fit.
    """
    current = lock_closures(list(closures))
    if not current:
        raise Refused("Choose at least one action whose letter was uploaded.")
    by = by or actor
    for closure in current:
        asked(Verb.UPLOAD, closure.action, actor, closure)
        when.checked(closure.step_since, f"the signed letter of {closure.action} was filed")
        closure.uploaded_on, closure.uploaded_by = when.day, by
        if closure.step == ClosureStep.TO_UPLOAD:
            move(closure.action, Status.WITH_HMICFRS, actor=actor, when=when)
            closure.step, closure.step_since = ClosureStep.WITH_HMICFRS, when.day
        keep(closure, actor, "Uploaded to the portal")
        uploader = "" if by == actor else f"Uploaded by {by}"
        note(closure, ClosureEventKind.UPLOADED, actor=actor, when=when, text=uploader)
    return current
