"""Governance gives actions to their leads (domain glossary, "From notice to closure", step 3)."""

from collections.abc import Iterable

from django.db import transaction

from inspections.choices import LeadRole
from people.models import Lead, User
from tracker.choices import Status
from tracker.leading import hand_over
from tracker.models import Action
from tracker.workflow.facts import open_period
from tracker.workflow.moves import NOW, Refused, When, asked, locked, move
from tracker.workflow.notices import tell_leads
from tracker.workflow.rules import Verb


@transaction.atomic
def allocate(
    action: Action,
    *,
    actor: User,
    executive: Lead | None = None,
    delivery: Lead | None = None,
    when: When = NOW,
) -> Action:
    """Give an action to an executive lead, a delivery lead, or both; they are told.

    An action that waits for allocation is in progress from that day, once it has both.

    Args:
        executive, delivery: None leaves that lead as it is.
        when: the day they take over.

    Raises:
        Refused: closed, nobody named, an executive lead below Chief Officer level, or the person
            may not.
    """
    action = locked(action)
    asked(Verb.ALLOCATE, action, actor)
    if executive is None and delivery is None:
        raise Refused("Choose an executive lead or a delivery lead.")
    if executive is not None and not executive.chief_officer:
        raise Refused(f"{executive} is not at Chief Officer level, so cannot be executive lead.")
    period = open_period(action)
    first = action.periods.get(sequence=1)
    day = when.checked(first.started_on, "it was received")
    changed = []
    for role, lead in ((LeadRole.EXECUTIVE, executive), (LeadRole.DELIVERY, delivery)):
        if lead and hand_over(action, role, lead, actor=actor, on=day, reason="Allocated"):
            changed.append(f"{lead} is {role.label.lower()}")
    held = set(action.leads.filter(ended_on=None).values_list("role", flat=True))
    if period.status == Status.AWAITING_ALLOCATION and held == set(LeadRole.values):
        move(action, Status.IN_PROGRESS, actor=actor, when=when, reason="Allocated")
    if changed:
        tell_leads(action, f"{action} is allocated: {' and '.join(changed)}.", actor=actor)
    return action


@transaction.atomic
def allocate_several(
    actions: Iterable[Action],
    *,
    actor: User,
    executive: Lead | None = None,
    delivery: Lead | None = None,
    when: When = NOW,
) -> int:
    """Give several actions to the same leads: all of them or none. Arguments as for `allocate`.

    Returns:
        How many there were.

    Raises:
        Refused: one of them cannot be allocated; the sentence names it.
    """
    done = 0
    for action in sorted(actions, key=lambda each: each.pk):
        try:
            allocate(action, actor=actor, executive=executive, delivery=delivery, when=when)
        except Refused as refusal:
            raise Refused(f"{action}: {refusal}") from refusal
        done += 1
    return done
