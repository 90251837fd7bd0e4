"""From notice to closure: the nine steps, who takes each, and how much is at each of them now.

Every number is the length of the list it leads to, as its reader would see that list.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from board.models import Meeting
from evidence.models import Evidence
from inspections.models import Framework, Publication
from inspections.queries import ResponseState
from reports.models import CommitteeReport
from tracker import position
from tracker.choices import ClosureStep, Status
from tracker.closure_queries import QUEUES
from tracker.models import Action, Closure
from tracker.queries import Part

if TYPE_CHECKING:
    from people.models import User


@dataclass(frozen=True)
class Figure:
    """How much is at a step.

    Args:
        number: of what the list holds.
        words: what is counted, to stand after the number.
        href: the list.
    """

    number: int
    words: str
    href: str


@dataclass(frozen=True)
class Step:
    """A step on the way from notice to closure.

    Args:
        number: its place, from 1.
        title: its name.
        what: what happens, as a sentence.
        owner: who takes it; within `_STEPS`, "{board}" stands for the name of the Board.
        figures: how much is there now.
        parallel: it runs beside the steps that follow.
        back_to: the number of the step it may lead back to; 0 for none.
        back_when: when it does.
    """

    number: int
    title: str
    what: str
    owner: str
    figures: tuple[Figure, ...] = ()
    parallel: bool = False
    back_to: int = 0
    back_when: str = ""


@dataclass(frozen=True)
class _Measure:
    """What is counted at a step: a key of `_numbers`, its words, the list and its filters; and the
    words for one of it, where they differ.
    """

    key: str
    words: str
    list: str
    query: str = ""
    one: str = ""


def _queue(step: ClosureStep, words: str) -> _Measure:
    return _Measure(step, words, "tracker:closures", f"step={step}")


def _actions(key: str, words: str, query: str) -> _Measure:
    return _Measure(key, words, "tracker:actions", query)


_STEPS: tuple[tuple[Step, tuple[_Measure, ...]], ...] = (
    (
        Step(
            1,
            "Report received",
            "A notice or report arrives. Its actions are recorded, whether HMICFRS has them on its "
            "portal or not.",
            "Governance officer",
        ),
        (
            _actions("on_portal", "live, on the portal", "portal=yes"),
            _actions("not_on_portal", "live, not on it", "portal=no"),
        ),
    ),
    (
        Step(
            2,
            "Plenary session held",
            "What has to improve is written into the plan of a PAF question area.",
            "Executive lead, governance officer",
        ),
        (
            _actions("aligned", "live, in a PAF area", "framework={framework}"),
            _actions("unaligned", "live, in none", "question=none"),
        ),
    ),
    (
        Step(
            3,
            "Action allocated",
            "The Board gives each action an executive lead and a delivery lead.",
            "{board}",
        ),
        (_actions("to_allocate", "awaiting allocation", f"status={Status.AWAITING_ALLOCATION}"),),
    ),
    (
        Step(
            4,
            "Response clock",
            "In parallel, the report has to be answered: most of them within 56 days.",
            "Governance officer, PCC’s office",
            parallel=True,
        ),
        (
            _Measure(
                "running", "still due", "tracker:publications", f"response={ResponseState.RUNNING}"
            ),
            _Measure(
                "missed", "not recorded", "tracker:publications", f"response={ResponseState.MISSED}"
            ),
        ),
    ),
    (
        Step(
            5,
            "Delivery",
            "The work is done, with updates, delivery confidence and evidence in FIVES. The Board "
            "looks at exceptions, and each month deeply into one PAF area.",
            "Delivery lead, {board}",
        ),
        (
            _actions("in_progress", "in progress", f"status={Status.IN_PROGRESS}"),
            _actions("overdue", "overdue", "overdue=yes"),
            _actions("stale", "not updated lately", "stale=yes"),
            _Measure("evidence", "pieces of evidence", "evidence:items", one="piece of evidence"),
            _Measure(
                "boards", "Boards in the calendar", "board:meetings", one="Board in the calendar"
            ),
        ),
    ),
    (
        Step(
            6,
            "Closure proposed and decided",
            "Proposed with evidence, assured, and decided, by three different people.",
            "Delivery lead, Review and Assurance, Board chair",
            back_to=5,
            back_when="returned",
        ),
        (
            _queue(ClosureStep.TO_COMPLETE, "to complete"),
            _queue(ClosureStep.TO_ASSURE, "to assure"),
            _queue(ClosureStep.FOR_BOARD, "for the Board"),
        ),
    ),
    (
        Step(
            7,
            "Letter signed and uploaded",
            "With the signed letter an action at activity level 2 is closed, and one at activity "
            "level 3 goes to HMICFRS.",
            "Chief Constable, governance officer",
        ),
        (
            _queue(ClosureStep.LETTER_AWAITED, "awaiting a letter"),
            _queue(ClosureStep.TO_UPLOAD, "to upload"),
        ),
    ),
    (
        Step(
            8,
            "HMICFRS verifies",
            "HMICFRS looks at the work at its next relevant inspection. What it does not verify "
            "goes on; an action may also be re-opened, or superseded by another.",
            "HMICFRS",
            back_to=5,
            back_when="not verified, or re-opened",
        ),
        (
            _actions("with_hmicfrs", "with HMICFRS", f"status={Status.WITH_HMICFRS}"),
            _actions("closed", "closed", "show=closed"),
        ),
    ),
    (
        Step(
            9,
            "Audit Committee report",
            "Drawn from the position, frozen as it is on one day.",
            "Corporate services",
        ),
        (_Measure("reports", "reports so far", "reports:reports", one="report so far"),),
    ),
)


def process_now(user: "User", day: dt.date) -> tuple[Step, ...]:
    """The steps in their order, each with what is there on a day for somebody to read.

    A figure whose list this person may not open is left out. The number of questions to the
    database is always the same.

    Args:
        user: the reader.
        day: today.
    """
    framework = Framework.objects.in_force(day)
    version = framework.version if framework else ""
    numbers = _numbers(user, day, version)
    return tuple(
        replace(
            step,
            owner=step.owner.format(board=settings.BOARD_NAME),
            figures=tuple(
                _figure(each, numbers[each.key], version)
                for each in measures
                if each.key in numbers
            ),
        )
        for step, measures in _STEPS
    )


def _figure(measure: _Measure, number: int, version: str) -> Figure:
    words = measure.one if number == 1 and measure.one else measure.words
    query = measure.query.format(framework=quote(version))
    address = reverse(measure.list)
    return Figure(number, words, f"{address}?{query}" if query else address)


def _numbers(user: "User", day: dt.date, version: str) -> dict[str, int]:
    """Key of a measure -> its number; without those whose list the reader may not open."""
    queues = Closure.objects.visible_to(user).queue_lengths()
    numbers = {
        **_of_actions(user, day, version),
        **{str(step): queues[step] for step in QUEUES},
        "running": Publication.objects.with_response_running(day).count(),
        "missed": Publication.objects.with_response_missed(day).count(),
        "evidence": Evidence.objects.visible_to(user).count(),
    }
    if user.has_perm("board.read_pack"):
        coming = Meeting.objects.visible_to(user).filter(held_on__gte=day)
        numbers["boards"] = coming.count()
    if user.has_perm("reports.view_committeereport"):
        numbers["reports"] = CommitteeReport.objects.visible_to(user).count()
    return numbers


def _of_actions(user: "User", day: dt.date, version: str) -> dict[str, int]:
    readable = Action.objects.visible_to(user)
    standing = readable.counted().with_parts(day, Part.PERIOD)
    live = standing.exclude(Q(status_at=Status.CLOSED))
    statuses = position.grouped(standing, "status_at")
    presence = position.grouped(live, "on_portal_at")
    frameworks = position.grouped(live, "question__framework__version")
    tabs = position.list_tabs(readable, user, day)
    numbers = {
        "on_portal": presence.get(True, 0),
        "not_on_portal": presence.get(False, 0),
        "unaligned": frameworks.get(None, 0),
        "to_allocate": statuses.get(Status.AWAITING_ALLOCATION, 0),
        "in_progress": statuses.get(Status.IN_PROGRESS, 0),
        "with_hmicfrs": statuses.get(Status.WITH_HMICFRS, 0),
        **{name: tabs[name] for name in ("overdue", "stale", "closed")},
    }
    if version:
        numbers["aligned"] = frameworks.get(version, 0)
    return numbers
