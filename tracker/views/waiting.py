"""Closures as rows of the lists of those that wait, a page at a time."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator

from core.dates import today
from people.requests import SignedInRequest
from tracker import workflow
from tracker.choices import ClosureStep
from tracker.closure_queries import ClosureQuerySet
from tracker.models import Closure
from tracker.routes import ROUTES, Route

ROWS_A_PAGE = 25


@dataclass(frozen=True)
class Waiting:
    """A closure in a queue.

    Args:
        closure: with what its list shows of it.
        days: how long it has waited.
        conflict: why the reader may not decide it; "" where they may, or decide nothing.
        changed: its evidence is not what was assured.
        deferred: the day the Board last put its decision off; None where it never did.
    """

    closure: Closure
    days: int
    conflict: str
    changed: bool
    deferred: dt.date | None

    @property
    def route(self) -> Route:
        return ROUTES[self.closure.route]


def waiting_page(request: SignedInRequest, found: ClosureQuerySet) -> dict[str, Any]:
    """The page of a queue that the address asks for (`?page=`).

    Returns:
        `page`, as components/pagination.html takes it, and its `rows` (Waiting).
    """
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    closures: list[Closure] = list(page.object_list)
    user = request.user
    decides = user.has_perm("tracker.decide_closure") or user.has_perm("tracker.deputise_closure")
    for_board = [closure for closure in closures if closure.step == ClosureStep.FOR_BOARD]
    against = workflow.conflicts(user, for_board) if decides else {}
    changed = workflow.with_changed_evidence(closures)
    deferred = workflow.deferrals(for_board)
    rows = [
        Waiting(
            closure=closure,
            days=(today() - closure.step_since).days,
            conflict=against.get(closure.pk, ""),
            changed=closure.pk in changed,
            deferred=deferred.get(closure.pk),
        )
        for closure in closures
    ]
    return {"page": page, "rows": rows}
