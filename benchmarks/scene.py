"""A force with as many actions as one likes: real publications and framework, invented actions."""

import datetime as dt
import io
import random
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from openpyxl.workbook.workbook import Workbook

from inspections.choices import LeadRole, Scope
from inspections.models import CoreQuestion, Publication
from people.models import Lead, User
from portal.lists.start_list import START_LIST
from tracker.choices import CloseReason, Kind, Register, Status
from tracker.models import (
    Action,
    ActionLead,
    Confidence,
    DueDate,
    PortalPresence,
    ProgressUpdate,
    StatusPeriod,
)
from tracker.recording import search_text_of

_PERIODS = 5
_BATCH = 2_000
_EARLIEST = dt.date(2015, 1, 1)


def quietly(command: str, fixture: str) -> None:
    """Run a loading command on one of the demonstration's files, without its words."""
    call_command(command, settings.BASE_DIR / "fixtures" / fixture, stdout=io.StringIO())


def prepare() -> User:
    """An installation with the public reference data and one reader; gives the reader."""
    call_command("prepare")
    quietly("load_framework", "paf-2023-25.json")
    quietly("load_publications", "publications.json")
    return User.objects.create_superuser("reader", "reader@example.org", "a-long-password")


def add_actions(number: int) -> None:
    """Record so many invented actions, each with five status periods, leads, dates and an update.

    Half of them are live. Written past the audit trail, which no list and no count reads.
    """
    force = _Force(random.Random(number))
    first = Action.objects.count()
    for start in range(first, first + number, _BATCH):
        force.record(range(start, min(start + _BATCH, first + number)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class _Force:
    """Draws publications, question areas, leads and ratings by lot."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.publications = [*Publication.objects.all()]
        self.questions = [*CoreQuestion.objects.all()]
        self.leads = [*Lead.objects.all()]
        self.scale = [*Confidence.objects.all()]

    def record(self, numbers: range) -> None:
        actions = [self._action(n) for n in numbers]
        Action.objects.bulk_create(actions)
        StatusPeriod.objects.bulk_create([each for a in actions for each in self._periods(a)])
        ActionLead.objects.bulk_create([each for a in actions for each in self._leads(a)])
        PortalPresence.objects.bulk_create(
            [PortalPresence(action=a, started_on=dt.date(2020, 1, 1)) for a in actions]
        )
        DueDate.objects.bulk_create(
            [DueDate(action=a, due_on=self._day(2024, 2026), agreed_on=_EARLIEST) for a in actions]
        )
        ProgressUpdate.objects.bulk_create([self._update(a) for a in actions])

    def _action(self, n: int) -> Action:
        publication = self.chance.choice(self.publications)
        action = Action(
            reference=f"B-{n:06}",
            kind=self.chance.choice([Kind.RECOMMENDATION, Kind.RECOMMENDATION, Kind.AFI]),
            register=Register.HMICFRS,
            scope=self.chance.choice(Scope.values),
            publication=publication,
            question=self.chance.choice(self.questions),
            text=_text(n),
        )
        action.search_text = search_text_of(action)
        return action

    def _periods(self, action: Action) -> Iterator[StatusPeriod]:
        """In progress and closed in turn; in progress or closed at the end by lot."""
        days = sorted(self.chance.sample(range(3_500), _PERIODS))
        closed_when_odd = self.chance.random() < 0.5
        for n, start in enumerate(days):
            closed = n > 0 and (n % 2 == 1) == closed_when_odd
            yield StatusPeriod(
                action=action,
                sequence=n + 1,
                status=Status.CLOSED if closed else Status.IN_PROGRESS,
                level=2 + action.pk % 2,
                close_reason=CloseReason.COMPLETED if closed else "",
                started_on=_EARLIEST + dt.timedelta(days=start),
                ended_on=(
                    None if n == _PERIODS - 1 else _EARLIEST + dt.timedelta(days=days[n + 1])
                ),
            )

    def _leads(self, action: Action) -> Iterator[ActionLead]:
        for role in LeadRole.values:
            lead = self.chance.choice(self.leads)
            yield ActionLead(action=action, role=role, lead=lead, started_on=_EARLIEST)

    def _update(self, action: Action) -> ProgressUpdate:
        return ProgressUpdate(
            action=action,
            made_on=self._day(2024, 2024),
            text="Work goes on.",
            confidence=self.chance.choice(self.scale),
        )

    def _day(self, first: int, last: int) -> dt.date:
        days = (dt.date(last, 12, 31) - dt.date(first, 1, 1)).days
        return dt.date(first, 1, 1) + dt.timedelta(days=self.chance.randrange(days))


def _text(n: int) -> str:
    return f"Chief constables should see to matter {n}" + ", and show that it lasts" * 6


def write_list(target: Path, rows: int) -> None:
    """Write a list of the force's shape with so many rows, all of which can be read."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("StART")
    sheet.append([column.headers[0] for column in START_LIST.columns])
    for n in range(1, rows + 1):
        sheet.append(_row(n))
    book.save(target)


def _row(n: int) -> tuple[object, ...]:
    closed = n % 2 == 0
    return (
        f"B-{n:06}",
        f"REC-{n}",
        "Yes",
        f"An inspection of subject {n % 40}",
        dt.datetime(2023, 1, 10),
        "National thematic inspection",
        "Recommendation",
        None,
        2,
        "National",
        n % 11 + 1,
        "ACC Baker",
        "Head of Crime",
        _text(n),
        dt.datetime(2023, 1, 11),
        dt.datetime(2024, 12, 31),
        "Closed" if closed else "In progress",
        dt.datetime(2023, 2, 1),
        None if closed else "Medium",
        None if closed else "Half of it is there.",
        "Work goes on.",
        dt.datetime(2024, 11, 1),
        dt.datetime(2024, 3, 1) if closed else None,
        "Closed by the force; letter held on file." if closed else None,
    )
