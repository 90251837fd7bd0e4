"""The Boards of the demonstration: one that is past, with its decisions and what it asked for, and
those to come, through the same steps that people take.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from board.agenda import add_item, change_item, compile_agenda
from board.arising import ask, finish
from board.closing import close_meeting
from board.decisions import decide
from board.meetings import plan_meeting
from board.models import AgendaItem, Attendance, Meeting, Nomination
from core.history import attribute
from core.uploads import atomic_with_files
from inspections.models import Publication
from inspections.plenaries import record_plenary
from people.models import User


def load_past_board(path: Path) -> Meeting | None:
    """Plan the Boards of a document, and hold and close the one that is past.

    To be called while the closures that were before it await their decision, and before later ones
    are loaded.

    Args:
        path: as `fixtures/board-2024.json`.

    Returns:
        The Board that is closed; None where the Boards are there already.

    Raises:
        ImproperlyConfigured: this is not a demonstration.
        tracker.workflow.Refused: a step breaks a rule.
    """
    document, people = _read(path)
    told = document["past"]
    if Meeting.objects.filter(held_on=told["held_on"]).exists():
        return None
    with atomic_with_files():
        _plan(document, people)
        meeting = Meeting.objects.get(held_on=told["held_on"])
        _hold(meeting, told, people)
        return close_meeting(meeting, actor=people[told["compiled_by"]])


def _plan(document: dict[str, Any], people: dict[str, User]) -> None:
    for day in document["meetings"]:
        plan_meeting(
            actor=None,
            held_on=_day(day),
            place=document["place"],
            chair=people[document["chair"]],
        )


def _hold(meeting: Meeting, told: dict[str, Any], people: dict[str, User]) -> None:
    """Who came, what was on the agenda, decided, said and asked for."""
    actor = people[told["compiled_by"]]
    _nominate(meeting, told["deputy"], people)
    for each in told["attendance"]:
        _attend(meeting, people, **each)
    for each in told["plenaries"]:
        publication = Publication.objects.get(title__startswith=each["publication"])
        record_plenary(publication, actor=actor, held_on=_day(each["on"]))
    compile_agenda(meeting, actor=actor)
    for each in told["items"]:
        item = add_item(meeting, actor=actor, **each)
        # It is late in being loaded, not in being put on the agenda.
        item.late = False
        attribute(item, actor)
        item.save()
    for each in told["decisions"]:
        item = meeting.items.get(closure__action__reference=each["reference"])
        decide(item, each["decision"], actor=people[each["by"]], text=each["text"])
    _take_down(meeting, told, people)


def _take_down(meeting: Meeting, told: dict[str, Any], people: dict[str, User]) -> None:
    """The notes, and what the Board asked of whom."""
    actor = people[told["compiled_by"]]
    for section, notes in told["notes"].items():
        head = _head(meeting, section)
        change_item(head, actor=actor, version=head.version, notes=notes)
    for each in told["arising"]:
        arising = ask(
            _head(meeting, each["section"]),
            actor=actor,
            text=each["text"],
            owner=people[each["owner"]],
            due_on=_day(each["due_on"]),
        )
        if "done_on" in each:
            finish(
                arising,
                actor=arising.owner,
                outcome=each["outcome"],
                on=_day(each["done_on"]),
            )


@transaction.atomic
def load_next_board(path: Path) -> Meeting | None:
    """Compile the agenda of the next Board of a document, with who is nominated and who cannot
    come; nothing where it is compiled already. Arguments and what is raised as above.
    """
    document, people = _read(path)
    told = document["next"]
    meeting = Meeting.objects.get(held_on=told["held_on"])
    if meeting.compiled_at is not None:
        return None
    actor = people[told["compiled_by"]]
    _nominate(meeting, told["deputy"], people)
    _attend(meeting, people, state="apologies", **told["apologies"])
    compile_agenda(meeting, actor=actor)
    for each in told["items"]:
        add_item(meeting, actor=actor, **each)
    return meeting


def _read(path: Path) -> tuple[dict[str, Any], dict[str, User]]:
    if not settings.DEMO:
        raise ImproperlyConfigured("Demo Boards are made in demo mode only (DEMO is off).")
    people = {user.username: user for user in User.objects.all()}
    return json.loads(path.read_text(encoding="utf-8")), people


def _nominate(meeting: Meeting, told: dict[str, str], people: dict[str, User]) -> None:
    """Nominations of Boards that are past are on record, too: nobody makes them any more."""
    last_day = _day(told["to"])
    nomination = Nomination(
        meeting=meeting,
        deputy=people[told["user"]],
        started_on=_day(told["from"]),
        ended_on=last_day + dt.timedelta(days=1),
        nominated_by=meeting.chair,
    )
    attribute(nomination, meeting.chair)
    nomination.full_clean()
    nomination.save()


def _attend(
    meeting: Meeting, people: dict[str, User], user: str = "", name: str = "", **told: str
) -> None:
    """Somebody who has an account, or somebody by name."""
    person = people.get(user)
    attendance = Attendance(meeting=meeting, user=person, name=name or str(person), **told)
    attribute(attendance, None)
    attendance.full_clean()
    attendance.save()


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _head(meeting: Meeting, section: str) -> AgendaItem:
    found: AgendaItem = meeting.items.get(section=section, order=0)
    return found
