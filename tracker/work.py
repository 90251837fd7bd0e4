"""What one person has to do: their actions by what is wrong with them, and how to put it right."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse

from core.dates import long_date, today
from core.numbers import mid_sentence
from tracker import position
from tracker.awaiting import closures_awaiting, closures_returned, how_it_came_back
from tracker.choices import ClosureEventKind, Status
from tracker.due_dates import waiting_for
from tracker.models import Action, Closure, DueDateRequest, ErrorClaim

if TYPE_CHECKING:
    from people.models import User
    from tracker.queries import ActionQuerySet

# Rows of a pile that are shown; the rest is one link away.
SHOWN = 5


@dataclass(frozen=True)
class Item:
    """One thing to do.

    Args:
        action: what it is about; None where it is about no action.
        note: what is wrong or asked, in words.
        cure: what puts it right, as the words of a link.
        href: where.
        key: names it as it stands, such as "overdue:ST-0045:2024-11-01"; another when it changes.
        about, text: what stands in the place of an action's reference and text.
    """

    action: Action | None
    note: str
    cure: str
    href: str
    key: str
    about: str = ""
    text: str = ""


@dataclass(frozen=True)
class Pile:
    """Things of one kind to do.

    Args:
        key: names it in the page.
        heading: what they have in common.
        count: how many there are.
        items: the first of them.
        href: all of them in a list; "" where the page shows all.
    """

    key: str
    heading: str
    count: int
    items: list[Item]
    href: str = ""

    @property
    def more(self) -> int:
        return self.count - len(self.items)


# What upper rooms ask of people: user -> pile.
_sources: list[Callable[["User"], Pile]] = []


def also_asked(source: "Callable[[User], Pile]") -> None:
    """Let an upper room put its own pile on the page of somebody's work (called from `ready`)."""
    if source not in _sources:
        _sources.append(source)


def asked_elsewhere(user: "User") -> list[Pile]:
    """What upper rooms ask of somebody; nothing that is empty."""
    return [pile for source in _sources if (pile := source(user)).count]


def asked_of(user: "User", shown: int | None = SHOWN) -> list[Pile]:
    """What others wait for, and closures that came back; nothing that is empty.

    Args:
        user: the person.
        shown: items of a pile that may be many; None = all of them.
    """
    return [pile for pile in _asked_of(user, shown) if pile.count]


def own_actions(user: "User", day: dt.date, shown: int | None = SHOWN) -> list[Pile]:
    """The live actions somebody leads, by what is wrong with them; nothing that is empty.

    Args:
        user: the person.
        day: today.
        shown: items of each pile; None = all of them.
    """
    return [pile for pile in _own_actions(user, day, shown) if pile.count]


def _asked_of(user: "User", shown: int | None) -> Iterable[Pile]:
    for queue in closures_awaiting(user):
        items = [
            Item(
                action=closure.action,
                note=f"waiting since {long_date(closure.step_since)}",
                cure=queue.cure,
                href=closure.get_absolute_url(),
                key=f"{queue.key}:{closure.action}:{closure.step_since}",
            )
            for closure in queue.first(queue.count if shown is None else shown)
        ]
        yield Pile(
            queue.key, f"Closures: {mid_sentence(queue.heading)}", queue.count, items, queue.href
        )
    yield _to_allocate(user, shown)
    yield _errors_to_settle(user)
    yield _dates_to_answer(user)
    yield _returned(user)


def _to_allocate(user: "User", shown: int | None) -> Pile:
    """Actions that nobody works on yet, for governance; the earliest received first."""
    day, heading = today(), "Actions to allocate"
    if not user.has_perm("tracker.govern_actions"):
        return Pile("allocate", heading, 0, [])
    every: Any = Action.objects.counted().visible_to(user).with_position(day)
    actions = every.filter(status_at=Status.AWAITING_ALLOCATION)
    items = [
        Item(
            action=action,
            note=f"received on {long_date(action.received_on)}",
            cure="Allocate",
            href=reverse("tracker:allocate", args=[action.reference]),
            key=f"allocate:{action}:{action.received_on}",
        )
        for action in actions.order_by("received_on", "reference")[:shown]
    ]
    href = f"{reverse('tracker:actions')}?status={Status.AWAITING_ALLOCATION}"
    return Pile("allocate", heading, position.to_allocate(user, day), items, href)


def _errors_to_settle(user: "User") -> Pile:
    """Actions that somebody else says were entered in error."""
    claims: Any = ErrorClaim.objects.none()
    if user.has_perm("tracker.confirm_error"):
        readable = Action.objects.visible_to(user)
        claims = ErrorClaim.objects.filter(confirmed=None, action__in=readable)
    items = [
        Item(
            action=claim.action,
            note=f"{claim.claimed_by} says: {claim.reason}",
            cure="Settle it",
            href=reverse("tracker:error", args=[claim.action.reference]),
            key=f"errors:{claim.action}:{claim.pk}",
        )
        for claim in claims.exclude(claimed_by=user).select_related("action", "claimed_by")
    ]
    return Pile("errors", "Said to be entered in error", len(items), items)


def _dates_to_answer(user: "User") -> Pile:
    items = [
        Item(
            action=each.action,
            note=f"{each.asked_by} asks for {long_date(each.due_on)}: {each.reason}",
            cure="Agree or decline",
            href=each.get_absolute_url(),
            key=f"dates:{each.action}:{each.pk}",
        )
        for each in waiting_for(user)
    ]
    return Pile("dates", "Due dates to agree or decline", len(items), items)


def _returned(user: "User") -> Pile:
    items = [
        Item(
            action=closure.action,
            note=_why_returned(closure),
            cure="Propose closure again",
            href=reverse("tracker:propose_closure", args=[closure.action.reference]),
            key=f"returned:{closure.action}:{closure.pk}",
        )
        for closure in closures_returned(user)
    ]
    return Pile("returned", "Closures returned to you", len(items), items)


def _why_returned(closure: Closure) -> str:
    last = how_it_came_back(closure)
    assert last is not None  # only such closures are returned
    by = f" by {last.recorded_by}" if last.kind == ClosureEventKind.RETURNED else ""
    how = f"{mid_sentence(last.get_kind_display())}{by} on {long_date(last.happened_on)}"
    return f"{how}: {last.text}" if last.text else how


def _own_actions(user: "User", day: dt.date, shown: int | None) -> Iterable[Pile]:
    counts = position.workload(user, day)
    mine = Action.objects.counted().visible_to(user).led_by(user, day).with_position(day)
    live = mine.filter(~Q(status_at=Status.CLOSED))
    open_requests = DueDateRequest.objects.filter(agreed=None, action__in=live.values("pk"))
    asked = {request.action_id: request for request in open_requests}
    words = {
        "day": day.isoformat(),
        "soon": (day + dt.timedelta(days=position.DUE_SOON_DAYS)).isoformat(),
        "soon_days": position.DUE_SOON_DAYS,
        "stale_days": settings.STALE_AFTER_DAYS,
    }
    earliest = F("due_on").asc(nulls_last=True)
    for kind in _KINDS:
        first = kind.of(live, day).order_by(earliest, "reference")[:shown]
        yield Pile(
            key=kind.key,
            heading=kind.heading.format(**words),
            count=counts[kind.key],
            items=[kind.item(action, day, asked) for action in first],
            href=f"{reverse('tracker:actions')}?lead=me&{kind.query.format(**words)}",
        )


def _overdue(action: Any, day: dt.date, asked: dict[int, DueDateRequest]) -> Item:
    late = (day - action.due_on).days
    note = f"due {long_date(action.due_on)}, {late} day{'' if late == 1 else 's'} ago"
    key = f"overdue:{action}:{action.due_on}"
    request = asked.get(action.pk)
    if request is not None:
        note = f"{note}; {long_date(request.due_on)} is asked for"
        return Item(action, note, "See the request", request.get_absolute_url(), key)
    address = reverse("tracker:due_date", args=[action.reference])
    return Item(action, note, "Another due date", address, key)


def _due_soon(action: Any, day: dt.date, asked: dict[int, DueDateRequest]) -> Item:
    key = f"due_soon:{action}:{action.due_on}"
    return _to_update(action, f"due {long_date(action.due_on)}", key)


def _stale(action: Any, day: dt.date, asked: dict[int, DueDateRequest]) -> Item:
    heard = action.updated_on or action.received_on
    what = "last update" if action.updated_on else "no update since it was received on"
    return _to_update(action, f"{what} {long_date(heard)}", f"stale:{action}:{heard}")


def _without_expected(action: Any, day: dt.date, asked: dict[int, DueDateRequest]) -> Item:
    note, key = "nobody has said when it will close", f"without_expected:{action}"
    return _to_update(action, note, key, cure="Say when")


def _to_update(action: Action, note: str, key: str, cure: str = "Post an update") -> Item:
    return Item(action, note, cure, reverse("tracker:update", args=[action.reference]), key)


def _soon(live: "ActionQuerySet", day: dt.date) -> "ActionQuerySet":
    last = day + dt.timedelta(days=position.DUE_SOON_DAYS)
    return live.filter(Q(due_on__range=(day, last)))


@dataclass(frozen=True)
class _Kind:
    """What can be wrong with an action.

    Args:
        key: as `position.workload` counts it.
        heading: of the pile.
        query: the list of all of them, beside "led by me".
        of: those among the live actions of somebody, on a day.
        item: one of them as a thing to do, given the open requests for another due date.
    """

    key: str
    heading: str
    query: str
    of: Callable[["ActionQuerySet", dt.date], "ActionQuerySet"]
    item: Callable[[Any, dt.date, dict[int, DueDateRequest]], Item]


_KINDS = (
    _Kind("overdue", "Overdue", "overdue=yes", lambda live, day: live.overdue(day), _overdue),
    _Kind(
        "due_soon",
        "Due within {soon_days} days",
        "due_from={day}&due_to={soon}",
        _soon,
        _due_soon,
    ),
    _Kind(
        "stale",
        "Not updated for {stale_days} days",
        "stale=yes",
        lambda live, day: live.stale(day),
        _stale,
    ),
    _Kind(
        "without_expected",
        "Without an expected closure date",
        "expected=none",
        lambda live, day: live.with_forecast(day).filter(Q(expected_closure_on=None)),
        _without_expected,
    ),
)
