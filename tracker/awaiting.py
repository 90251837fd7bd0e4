"""Closures that wait for one person: by role, and only those they may really take further."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.urls import reverse

from core.dates import today
from tracker import workflow
from tracker.choices import ClosureEventKind, ClosureOutcome, ClosureStep, Status
from tracker.closure_queries import ClosureQuerySet
from tracker.deputies import nominated_on
from tracker.duties import duties_of
from tracker.models import Closure, ClosureEvent, StatusPeriod
from tracker.workflow.facts import chairs, with_changed_evidence

if TYPE_CHECKING:
    from people.models import User

# Outcomes with which a closure comes back to its lead -> the step that says so.
_CAME_BACK = {
    ClosureOutcome.RETURNED: ClosureEventKind.RETURNED,
    ClosureOutcome.NOT_VERIFIED: ClosureEventKind.NOT_VERIFIED,
}


@dataclass(frozen=True)
class Queue:
    """Closures that wait for somebody.

    Args:
        key: names it in a page.
        heading: what waits, in words.
        cure: what to do with each, as the words of a link.
        closures: without their texts, the longest waiting first.
        href: the whole queue, with those that wait for others.
    """

    key: str
    heading: str
    cure: str
    closures: list[Closure]
    href: str

    @property
    def count(self) -> int:
        return len(self.closures)

    def first(self, number: int) -> list[Closure]:
        """The first of them, with their actions."""
        keys = [closure.pk for closure in self.closures[:number]]
        found = Closure.objects.select_related("action").in_bulk(keys)
        return [found[key] for key in keys]


def closures_awaiting(user: "User") -> list[Queue]:
    """The queues of closures that wait for this person; those that are empty are left out.

    The number of questions to the database depends on the roles, not on the closures.
    """
    return [queue for queue in _queues(user) if queue.closures]


def _queues(user: "User") -> Iterator[Queue]:
    visible = Closure.objects.visible_to(user)
    decides = user.has_perm("tracker.decide_closure") or user.has_perm("tracker.deputise_closure")
    assures = user.has_perm("tracker.assure_closure")
    if user.has_perm("tracker.propose_closure"):
        own = visible.filter(action__in=duties_of(user, today()).values("action"))
        step = ClosureStep.TO_COMPLETE
        yield _queue(step, "To complete", "Complete the closure", _waiting(own, step))
    if assures:
        step = ClosureStep.TO_ASSURE
        others = _waiting(visible.exclude(proposed_by=user), step)
        yield _queue(step, "To assure", "Assure or return", others)
    if assures or decides:
        before_board = _waiting(visible, ClosureStep.FOR_BOARD)
        changed = with_changed_evidence(before_board)
        if assures:
            yield _to_assure_again(user, before_board, changed)
        if decides:
            ready = [closure for closure in before_board if closure.pk not in changed]
            mine = decided_by(user, ready)
            yield _queue(ClosureStep.FOR_BOARD, "For the Board’s decision", "Decide", mine)
    if user.has_perm("tracker.govern_actions"):
        for step, heading in (
            (ClosureStep.LETTER_AWAITED, "Letters to file"),
            (ClosureStep.TO_UPLOAD, "Letters to upload"),
        ):
            yield _queue(step, heading, "See the closure", _waiting(visible, step))


def _queue(step: ClosureStep, heading: str, cure: str, closures: list[Closure]) -> Queue:
    return Queue(step, heading, cure, closures, f"{reverse('tracker:closures')}?step={step}")


def _waiting(closures: ClosureQuerySet, step: ClosureStep) -> list[Closure]:
    """Those at a step, with what tells for whom they wait; most pages show only how many."""
    return list(closures.at_step(step).only("step", "action", "proposed_by", "assured_by"))


def _to_assure_again(user: "User", before_board: list[Closure], changed: set[int]) -> Queue:
    """Of the closures before the Board, those whose evidence is not what was assured: nobody can
    approve them.
    """
    found = [
        closure
        for closure in before_board
        if closure.pk in changed and closure.proposed_by_id != user.pk
    ]
    queue = _queue(
        ClosureStep.FOR_BOARD, "Evidence changed: assure again", "Assure again or return", found
    )
    return replace(queue, key="to_assure_again")


def decided_by(user: "User", closures: list[Closure], day: dt.date | None = None) -> list[Closure]:
    """Of the closures before the Board, those this person decides.

    Args:
        day: of the Board, for who is nominated then; None = today.
    """
    against = workflow.conflicts(user, closures)
    mine = [closure for closure in closures if closure.pk not in against]
    if user.has_perm("tracker.decide_closure"):
        return mine
    nominated = nominated_on(day or today())
    if nominated.stands_in(user):
        return mine
    if nominated.another_than(user):
        return []
    # A deputy decides where no chair may.
    for chair in chairs():
        stands_back = workflow.conflicts(chair, mine)
        mine = [closure for closure in mine if closure.pk in stands_back]
    return mine


@dataclass(frozen=True)
class Place:
    """Where a closure stands among those of its queue that wait for somebody.

    Args:
        number: from 1.
        count: of those that wait.
        following: the next one; None after the last.
        href: the whole queue.
    """

    number: int
    count: int
    following: Closure | None
    href: str


def place_of(closure: Closure, user: "User") -> Place | None:
    """Where a closure stands among those that wait for this person; None where it does not."""
    for queue in closures_awaiting(user):
        keys = [each.pk for each in queue.closures]
        if closure.pk in keys:
            at = keys.index(closure.pk)
            following = Closure.objects.select_related("action").filter(
                pk__in=keys[at + 1 : at + 2]
            )
            return Place(at + 1, len(keys), following.first(), queue.href)
    return None


def how_it_came_back(closure: Closure) -> ClosureEvent | None:
    """The step by which a closure came back, with who took it; None where it did not. Reads
    `events`, prefetched or not.
    """
    if closure.outcome not in _CAME_BACK:
        return None
    kind = _CAME_BACK[ClosureOutcome(closure.outcome)]
    return next((each for each in reversed(list(closure.events.all())) if each.kind == kind), None)


def closures_returned(user: "User") -> list[Closure]:
    """The closures of this person's actions that came back and were not proposed again, the
    latest first: those they proposed, and those of actions they lead.
    """
    led = duties_of(user, today()).values("action")
    at_work = StatusPeriod.objects.filter(ended_on=None, status=Status.IN_PROGRESS)
    newest: dict[int, Closure] = {}
    found = (
        Closure.objects.visible_to(user)
        .filter(action__in=led)
        .filter(action__in=at_work.values("action"))
        .select_related("action")
        .prefetch_related("events__recorded_by")
        .order_by("pk")
    )
    for closure in found:
        newest[closure.action_id] = closure
    returned = [closure for closure in newest.values() if closure.outcome in _CAME_BACK]
    return sorted(returned, key=lambda closure: closure.step_since, reverse=True)
