"""Another due date: a lead asks, the executive lead agrees or not; governance records what was
agreed elsewhere (paper 4.2). The date as issued stays, each agreed revision beside it.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.dates import long_date, today
from core.history import attribute
from inspections.choices import LeadRole
from people.models import User
from tracker.choices import Status
from tracker.daily_work import refusal_to_work
from tracker.duties import duties_of, people_leading
from tracker.models import Action, DueDate, DueDateRequest
from tracker.workflow.facts import open_period
from tracker.workflow.moves import Refused, lock_several, locked, said
from tracker.workflow.notices import tell_about, tell_leads, tell_of_several
from tracker.workflow.requests import settle
from tracker.workflow.sentences import ENTERED_IN_ERROR

_SAY_WHY = "Say why the due date should change."
_GOVERNANCE = "Only a governance officer records due dates that were agreed elsewhere."


def due_now(action: Action) -> dt.date | None:
    """The due date as it was last agreed, else as issued."""
    dates = list(action.due_dates.all())
    return dates[-1].due_on if dates else None


def agrees_dates(user: User, action: Action) -> bool:
    """Whether this person is the executive lead who agrees due dates of this action."""
    held = duties_of(user, today()).filter(action=action, role=LeadRole.EXECUTIVE)
    return user.has_perm("tracker.agree_dates") and held.exists()


def waiting_for(user: User) -> QuerySet[DueDateRequest]:
    """The open requests that wait for this person's answer, the oldest first."""
    if not user.has_perm("tracker.agree_dates"):
        return DueDateRequest.objects.none()
    led = duties_of(user, today()).filter(role=LeadRole.EXECUTIVE).values("action")
    live = Action.objects.filter(entered_in_error=False).live(today())
    return (
        DueDateRequest.objects.filter(agreed=None, action__in=led)
        .filter(action__in=live)
        .select_related("action", "asked_by")
        .order_by("pk")
    )


def refusal_to_ask(user: User, action: Action) -> str:
    """Why this person asks for no other due date now, as a sentence; "" when they may."""
    refusal = refusal_to_work(user, action, doing="ask for another due date")
    if refusal:
        return refusal
    asked = action.due_requests.filter(agreed=None).select_related("asked_by").first()
    if asked is not None:
        return (
            f"{asked.asked_by} has asked for {long_date(asked.due_on)} already, on "
            f"{long_date(asked.asked_on)}: the executive lead answers that first."
        )
    if not people_leading(action, today(), [LeadRole.EXECUTIVE]):
        return (
            "Nobody holds the executive lead of this action today, so nobody could agree. "
            "Governance allocates it first."
        )
    if not _who_agree(action):
        return (
            "Nobody who holds the executive lead of this action today has the role of an executive "
            "lead, so nobody could agree. Ask your administrator for it."
        )
    return ""


def _who_agree(action: Action) -> list[User]:
    """The people who can answer a request today: with the executive lead, and the role."""
    holders = people_leading(action, today(), [LeadRole.EXECUTIVE])
    # Somebody who can no longer sign in has no permission at all.
    return [holder for holder in holders if holder.has_perm("tracker.agree_dates")]


@transaction.atomic
def ask(action: Action, *, actor: User, due_on: dt.date, reason: str) -> DueDateRequest:
    """Ask for another due date. The executive lead is told, and answers; where the executive lead
    asks, the date is agreed at once.

    Args:
        action: a live one without an open request.
        actor: leads it today, or is named to post for one of its leads.
        due_on: today or later, and not the due date it has.
        reason: why it should change.

    Raises:
        Refused: a rule stands against it.
    """
    action = locked(action)
    if refusal := refusal_to_ask(actor, action):
        raise Refused(refusal)
    _check_day(due_on)
    if due_on == due_now(action):
        raise Refused(f"{long_date(due_on)} is the due date of this action already.")
    request = DueDateRequest(
        action=action, due_on=due_on, reason=said(reason, _SAY_WHY), asked_by=actor
    )
    if agrees_dates(actor, action):
        settle(request, actor=actor, agreed=True, text="")
        _revise(action, due_on, actor=actor, agreed_by=str(actor), reason=request.reason)
        tell_leads(
            action, f"{action} is now due {long_date(due_on)}: {request.reason}", actor=actor
        )
        return request
    attribute(request, actor, request.reason)
    request.full_clean()
    request.save()
    asks = f"{actor} asks that {action} be due {long_date(due_on)}"
    tell_about(
        [action],
        _who_agree(action),
        f"{asks}: {request.reason}",
        otherwise=f"{asks}.",
        address=request.get_absolute_url(),
    )
    return request


def refusal_to_answer(user: User, request: DueDateRequest) -> str:
    """Why this person does not answer a request now, as a sentence; "" when they may."""
    if request.agreed is not None:
        what = "Agreed" if request.agreed else "Not agreed, recorded"
        by = f" by {request.answered_by}" if request.answered_by else ""
        return f"{what}{by} on {long_date(timezone.localdate(request.answered_at))}."
    if not agrees_dates(user, request.action):
        return "Only the executive lead of this action agrees its due dates."
    if open_period(request.action).status == Status.CLOSED:
        return "This action is closed: its due date does not change any more."
    return ""


@transaction.atomic
def answer(request: DueDateRequest, *, actor: User, agreed: bool, text: str = "") -> DueDateRequest:
    """Agree to another due date, or decline it; whoever asked is told.

    Args:
        actor: the executive lead of the action.
        text: what to tell whoever asked; needed to decline.

    Raises:
        Refused: answered already, not this person's to answer, or the day has passed.
    """
    action = locked(request.action)
    request = DueDateRequest.objects.select_related("asked_by", "answered_by").get(pk=request.pk)
    request.action = action
    if refusal := refusal_to_answer(actor, request):
        raise Refused(refusal)
    if agreed:
        if request.due_on < today():
            raise Refused(
                f"{long_date(request.due_on)} has passed. Decline, and say which day to ask for."
            )
    else:
        text = said(text, "Say why you decline, so that they know what to do.")
    settle(request, actor=actor, agreed=agreed, text=text.strip())
    if agreed:
        _revise(action, request.due_on, actor=actor, agreed_by=str(actor), reason=request.reason)
    what = "agrees" if agreed else "does not agree"
    told = f"{actor} {what} that {action} be due {long_date(request.due_on)}"
    people = [request.asked_by, *people_leading(action, today())]
    tell_about(
        [action],
        [person for person in people if person != actor],
        f"{told}: {request.answer}" if request.answer else f"{told}.",
        otherwise=f"{told}.",
    )
    return request


@transaction.atomic
def set_due_dates(
    actions: Iterable[Action], *, actor: User, due_on: dt.date, agreed_by: str, reason: str
) -> int:
    """Record one due date that was agreed elsewhere for several actions: all of them or none.

    An open request is settled by it. Leads are told once, however many actions there are.

    Args:
        actor: a governance officer.
        due_on: today or later; an action that is due that day already is left as it is.
        agreed_by: who agreed it, for example "ACC Baker" or "GAIN Board".
        reason: why.

    Returns:
        How many due dates changed.

    Raises:
        Refused: the person may not, something is missing, or an action is closed; the sentence
            names it.
    """
    if not actor.has_perm("tracker.govern_actions"):
        raise Refused(_GOVERNANCE)
    _check_day(due_on)
    agreed_by = said(agreed_by, "Say who agreed the date.")
    reason = said(reason, _SAY_WHY)
    changed = []
    for action in lock_several(actions, "periods", "due_dates", "due_requests__asked_by"):
        if action.entered_in_error:
            raise Refused(f"{action}: {ENTERED_IN_ERROR}")
        if any(each.status == Status.CLOSED and not each.ended_on for each in action.periods.all()):
            raise Refused(f"{action}: This action is closed, so its due date does not change.")
        if due_now(action) == due_on:
            continue
        _settle_open(action, due_on, actor=actor, agreed_by=agreed_by)
        _revise(action, due_on, actor=actor, agreed_by=agreed_by, reason=reason)
        changed.append(action)
    tell_of_several(
        changed, f"now due {long_date(due_on)}, agreed by {agreed_by}: {reason}", actor=actor
    )
    return len(changed)


def _check_day(due_on: dt.date) -> None:
    if due_on < today():
        raise Refused(f"{long_date(due_on)} has passed. Enter today or a later day.")


def _settle_open(action: Action, due_on: dt.date, *, actor: User, agreed_by: str) -> None:
    """End an open request by a date that was agreed elsewhere."""
    request = next((each for each in action.due_requests.all() if each.agreed is None), None)
    if request is None:
        return
    words = f"{long_date(due_on)} was agreed by {agreed_by}."
    settle(request, actor=actor, agreed=request.due_on == due_on, text=words)
    if request.asked_by not in people_leading(action, today()):
        tell_about(
            [action],
            [request.asked_by],
            f"{action}: {words}",
            otherwise=f"The due date of {action} has changed.",
        )


def _revise(
    action: Action, due_on: dt.date, *, actor: User, agreed_by: str, reason: str
) -> DueDate:
    due = DueDate(
        action=action,
        # What is agreed begins at 1: 0 is the date as issued, also where there is none.
        sequence=max((each.sequence for each in action.due_dates.all()), default=0) + 1,
        due_on=due_on,
        agreed_by=agreed_by,
        reason=reason,
        recorded_by=actor,
    )
    attribute(due, actor, reason)
    due.full_clean(exclude={"action", "recorded_by"})
    due.save()
    return due
