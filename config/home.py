"""What the home page tells: position today, my work, response clocks running."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from board.agenda import closures_to_decide
from board.choices import Section
from board.models import Meeting
from board.practical import deep_dive_words
from core.dates import end_of_month_before, today
from inspections.models import Publication
from people.models import Lead
from tracker import position
from tracker.awaiting import Queue, closures_awaiting
from tracker.choices import ClosureStep, Stage
from tracker.models import Action, Closure, Confidence

if TYPE_CHECKING:
    from people.models import User

SHOWN = 5


@dataclass(frozen=True)
class MyWork:
    """Live actions led by the posts somebody holds.

    Args:
        leads: the posts held today.
        live, overdue, due_soon, stale, without_expected: how many of their live actions.
        next_due: the actions that fall due first.
    """

    leads: list[Lead]
    live: int
    overdue: int
    due_soon: int
    stale: int
    without_expected: int
    next_due: list[Action]


def my_work(user: "User", day: dt.date) -> MyWork | None:
    """What is mine to do; None for somebody who leads nothing."""
    leads = list(Lead.objects.held_by(user, day))
    if not leads:
        return None
    counts = position.workload(user, day)
    mine = Action.objects.counted().visible_to(user).led_by(user, day).with_position(day)
    return MyWork(leads=leads, next_due=list(mine.next_due(SHOWN)), **counts)


@dataclass(frozen=True)
class NextBoard:
    """The Board that is next.

    Args:
        meeting: when it is.
        deep_dive: the question area it goes deep into, in words; "" while none is set.
        to_decide: how many closures await it.
        mine: how many of them await the reader.
    """

    meeting: Meeting
    deep_dive: str
    to_decide: int = 0
    mine: int = 0


def next_board(user: "User", day: dt.date, awaiting: list[Queue]) -> NextBoard | None:
    """The next Board, on a day or after it; None while none is planned.

    Args:
        user: the reader; whoever may not read agendas is told only when it is.
        day: today.
        awaiting: the closures that await the reader.
    """
    meeting = Meeting.objects.next_after(day)
    if meeting is None:
        return None
    items = meeting.items.standing().filter(section=Section.DEEP_DIVE, question__isnull=False)
    item = items.select_related("question").first()
    deep_dive = deep_dive_words(item) if item else ""
    if not user.has_perm("board.read_pack"):
        return NextBoard(meeting, deep_dive)
    waiting = closures_to_decide(meeting)
    if meeting.compiled_at is not None:
        on_agenda = meeting.items.standing().exclude(closure=None)
        waiting = Closure.objects.at_step(ClosureStep.FOR_BOARD).filter(
            pk__in=on_agenda.values("closure")
        )
    to_decide = set(waiting.values_list("pk", flat=True))
    decides = next((each for each in awaiting if each.key == ClosureStep.FOR_BOARD), None)
    mine = [each for each in (decides.closures if decides else []) if each.pk in to_decide]
    return NextBoard(meeting, deep_dive, len(to_decide), len(mine))


def figures(table: position.Table, stages: position.Stages) -> list[dict[str, object]]:
    """The figures on top, each leading to its actions (as `components/figures.html` wants them)."""
    actions = reverse("tracker:actions")
    live = "live action" if stages.live == 1 else "live actions"
    scopes = f"{table.total.local} local, {table.total.national} national"
    return [
        {"number": stages.live, "label": live, "href": actions, "note": scopes},
        *(
            {
                "number": getattr(stages, stage),
                "label": stage.label[0].lower() + stage.label[1:],
                "href": f"{actions}?stage={stage}",
            }
            for stage in (Stage.IN_PROGRESS, Stage.LOCAL_CLOSURE, Stage.WITH_HMICFRS)
        ),
    ]


def since_when(last_here: str, day: dt.date) -> tuple[dt.date, bool]:
    """The day from which the home page tells what has moved, and whether it is that of a visit.

    Args:
        last_here: ISO date of the reader's sign-in before this one, "" for none.
        day: today; in a demonstration it may lie before the visit.
    """
    visit = dt.date.fromisoformat(last_here) if last_here else day
    return (visit, True) if visit < day else (end_of_month_before(day), False)


def home_context(user: "User", last_here: str = "") -> dict[str, object]:
    """Everything the home page shows; `last_here` as for `since_when`."""
    day = today()
    since, since_visit = since_when(last_here, day)
    latest = list(Publication.objects.from_outside().latest_first()[:SHOWN])
    table, stages = position.table(day), position.stages(day)
    awaiting = closures_awaiting(user)
    return {
        "nothing_recorded": not table.total.total and not latest,
        "figures": figures(table, stages),
        "movement": position.movement(since, day),
        "since_visit": since_visit,
        "exceptions": position.exceptions(day),
        "lowest": Confidence.objects.last(),
        "due_soon_days": position.DUE_SOON_DAYS,
        "due_soon_until": day + dt.timedelta(days=position.DUE_SOON_DAYS),
        "stale_after_days": settings.STALE_AFTER_DAYS,
        "mine": my_work(user, day),
        "awaiting": awaiting,
        "next_board": next_board(user, day, awaiting),
        "clocks": list(Publication.objects.with_response_running(day)[:SHOWN]),
        "clocks_missed": Publication.objects.with_response_missed(day).count(),
        "latest": latest,
    }
