"""Governance gives actions to their leads (domain glossary, "From notice to closure", step 3)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.dates import today
from core.history import attribute
from core.numbers import listed
from inspections.choices import LeadRole
from inspections.models import CoreQuestion
from people.models import Lead, User
from tracker.choices import Status
from tracker.duties import people_leading, people_leading_each
from tracker.leading import hand_over, leads_of
from tracker.models import Action, StatusPeriod
from tracker.workflow.cases import Case, Person, Verb
from tracker.workflow.moves import NOW, Refused, When, asked, lock_several, move
from tracker.workflow.notices import tell_leads, tell_of_several, tell_who_left
from tracker.workflow.rules import verdict

# What allocating asks of each action, fetched for all of them at once.
_AT_HAND = ("periods", "leads")
_BUT_QUESTION = {field.name for field in Action._meta.fields} - {"question"}


@dataclass(frozen=True)
class Allocation:
    """What is to be as governance allocates; None leaves a thing as it is.

    Args:
        executive: at Chief Officer level.
        delivery: senior officer or staff.
        question: the question area the action belongs to.
        reason: for the audit trail.
    """

    executive: Lead | None = None
    delivery: Lead | None = None
    question: CoreQuestion | None = None
    reason: str = "Allocated"

    @property
    def in_words(self) -> str:
        """ "ACC Baker is executive lead and Head of Crime is delivery lead"."""
        parts = [f"{lead} is {role.label.lower()}" for role, lead in self.leads if lead]
        if self.question:
            parts.append(f"{self.question} is its question area")
        return listed(parts)

    @property
    def leads(self) -> tuple[tuple[LeadRole, Lead | None], ...]:
        return ((LeadRole.EXECUTIVE, self.executive), (LeadRole.DELIVERY, self.delivery))


@transaction.atomic
def allocate(
    action: Action,
    *,
    actor: User,
    executive: Lead | None = None,
    delivery: Lead | None = None,
    question: CoreQuestion | None = None,
    when: When = NOW,
    seen: Collection[int] | None = None,
) -> Action:
    """Give an action to an executive lead, a delivery lead, or both; they are told.

    An action that waits for allocation is in progress from that day, once it has both.

    Args:
        executive, delivery: None leaves that lead as it is.
        question: the question area it belongs to; None leaves it as it is.
        when: the day they take over.
        seen: keys of the leads that the writer saw it with, where they saw any page of it.

    Raises:
        Refused: closed, nothing chosen, an executive lead below Chief Officer level, somebody else
            was faster, or the person may not.
    """
    [action] = lock_several([action], *_AT_HAND)
    _check_seen(action, seen)
    before = people_leading(action, today())
    if changed := _give(action, Allocation(executive, delivery, question), actor, when):
        tell_leads(action, f"{action} is allocated: {changed.in_words}.", actor=actor)
        tell_who_left([(action, before)], actor=actor)
    return action


def _check_seen(action: Action, seen: Collection[int] | None) -> None:
    """Nobody allocates over an allocation they have not seen.

    Raises:
        Refused: somebody else has just given the action to other leads.
    """
    now = list(leads_of(action))
    if seen is None or set(seen) == {each.lead_id for each in now}:
        return
    words = listed([f"{each.lead} is {each.get_role_display().lower()}" for each in now])
    raise Refused(
        f"Somebody else has allocated {action} since you opened it: {words or 'nobody leads it'}. "
        "What you chose is still here; send it again to put it in their place."
    )


@transaction.atomic
def allocate_several(
    actions: Iterable[Action],
    *,
    actor: User,
    executive: Lead | None = None,
    delivery: Lead | None = None,
    question: CoreQuestion | None = None,
    reason: str = "Allocated",
    when: When = NOW,
) -> int:
    """Give several actions to the same leads: all of them or none. Leads are told once, however
    many actions there are. Arguments as for `allocate`, and the reason for the audit trail.

    Returns:
        How many there were.

    Raises:
        Refused: one of them cannot be allocated; the sentence names it.
    """
    wanted = Allocation(executive, delivery, question, reason.strip() or "Allocated")
    done, changed = 0, []
    held = lock_several(actions, *_AT_HAND)
    before = people_leading_each(held, today())
    for action in held:
        try:
            if _give(action, wanted, actor, when):
                changed.append(action)
        except Refused as refusal:
            raise Refused(f"{action}: {refusal}") from refusal
        done += 1
    tell_of_several(changed, f"allocated: {wanted.in_words}.", actor=actor)
    tell_who_left(before, actor=actor)
    return done


def _ask(action: Action, period: StatusPeriod, actor: User) -> None:
    """Ask the rules with what is at hand; where they refuse, again for their full sentence.

    Raises:
        Refused: they stand against it.
    """
    case = Case(action.kind, action.register, period.level, period.status)
    may = ("govern_actions",) if actor.has_perm("tracker.govern_actions") else ()
    if action.entered_in_error or verdict(Verb.ALLOCATE, case, Person(frozenset(may))):
        asked(Verb.ALLOCATE, action, actor)


def _give(action: Action, wanted: Allocation, actor: User, when: When) -> Allocation | None:
    """Allocate an action that the caller has locked, with its periods and leads at hand.

    Returns:
        What was not so before; None where nothing changed.
    """
    periods = list(action.periods.all())
    first, period = periods[0], next(each for each in periods if each.ended_on is None)
    _ask(action, period, actor)
    if wanted.executive is None and wanted.delivery is None and wanted.question is None:
        raise Refused("Choose an executive lead, a delivery lead or a question area.")
    if wanted.executive is not None and not wanted.executive.chief_officer:
        raise Refused(
            f"{wanted.executive} is not at Chief Officer level, so cannot be executive lead."
        )
    day = when.checked(first.started_on, "it was received")
    reason = wanted.reason
    new: dict[str, Any] = {
        role.value: lead
        for role, lead in wanted.leads
        if lead and hand_over(action, role, lead, actor=actor, on=day, reason=reason)
    }
    if wanted.question is not None and action.question_id != wanted.question.pk:
        action.question = new["question"] = wanted.question
        attribute(action, actor, reason)
        action.full_clean(exclude=_BUT_QUESTION, validate_constraints=False)
        action.save()
    held = {each.role for each in action.leads.all() if each.ended_on is None} | new.keys()
    if period.status == Status.AWAITING_ALLOCATION and held >= set(LeadRole.values):
        move(action, Status.IN_PROGRESS, actor=actor, when=when, reason=reason)
    return Allocation(**new) if new else None
