"""Closures that wait for one person: by role, and only those they may really take further."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from core.dates import today
from tracker import workflow
from tracker.choices import ClosureOutcome, ClosureStep, Status
from tracker.closure_queries import ClosureQuerySet
from tracker.duties import duties_of
from tracker.models import Closure, StatusPeriod
from tracker.workflow.facts import chairs

if TYPE_CHECKING:
    from people.models import User


@dataclass(frozen=True)
class Queue:
    """Closures that wait for somebody.

    Args:
        key: the step they wait for.
        heading: what waits, in words.
        cure: what to do with each, as the words of a link.
        closures: with their actions, the longest waiting first.
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


def closures_awaiting(user: "User") -> list[Queue]:
    """The queues of closures that wait for this person; those that are empty are left out.

    The number of questions to the database depends on the roles, not on the closures.
    """
    visible = Closure.objects.visible_to(user)
    queues = []
    if user.has_perm("tracker.propose_closure"):
        led = duties_of(user, today()).values("action")
        own = visible.filter(action__in=led)
        queues.append(_queue(own, ClosureStep.TO_COMPLETE, "To complete", "Complete the closure"))
    if user.has_perm("tracker.assure_closure"):
        others = visible.exclude(proposed_by=user)
        queues.append(_queue(others, ClosureStep.TO_ASSURE, "To assure", "Assure or return"))
    if user.has_perm("tracker.decide_closure") or user.has_perm("tracker.deputise_closure"):
        queue = _queue(visible, ClosureStep.FOR_BOARD, "For the Board’s decision", "Decide")
        queue.closures[:] = _to_decide(user, queue.closures)
        queues.append(queue)
    if user.has_perm("tracker.govern_actions"):
        queues.append(
            _queue(visible, ClosureStep.LETTER_AWAITED, "Letters to file", "See the closure")
        )
        queues.append(
            _queue(visible, ClosureStep.TO_UPLOAD, "Letters to upload", "See the closure")
        )
    return [queue for queue in queues if queue.closures]


def _queue(closures: ClosureQuerySet, step: ClosureStep, heading: str, cure: str) -> Queue:
    return Queue(
        key=step,
        heading=heading,
        cure=cure,
        closures=list(closures.at_step(step).select_related("action")),
        href=f"{reverse('tracker:closures')}?step={step}",
    )


def _to_decide(user: "User", closures: list[Closure]) -> list[Closure]:
    """Of the closures before the Board, those this person decides."""
    against = workflow.conflicts(user, closures)
    mine = [closure for closure in closures if closure.pk not in against]
    if user.has_perm("tracker.decide_closure"):
        return mine
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
            following = queue.closures[at + 1] if at + 1 < len(keys) else None
            return Place(at + 1, len(keys), following, queue.href)
    return None


def closures_returned(user: "User") -> list[Closure]:
    """The closures of this person's actions that came back and were not proposed again, the
    latest first: those they proposed, and those of actions they lead.
    """
    led = duties_of(user, today()).values("action")
    ended = (ClosureOutcome.RETURNED, ClosureOutcome.NOT_VERIFIED)
    at_work = StatusPeriod.objects.filter(ended_on=None, status=Status.IN_PROGRESS)
    newest: dict[int, Closure] = {}
    found = (
        Closure.objects.visible_to(user)
        .filter(action__in=led)
        .filter(action__in=at_work.values("action"))
        .select_related("action")
        .prefetch_related("events")
        .order_by("pk")
    )
    for closure in found:
        newest[closure.action_id] = closure
    returned = [closure for closure in newest.values() if closure.outcome in ended]
    return sorted(returned, key=lambda closure: closure.step_since, reverse=True)
