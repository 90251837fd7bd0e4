"""Closing a Board: what it needs, what is frozen, and that it stays so for ever."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client

from board import closing
from board.choices import MeetingState, PackReaders, Section
from board.closing import checklist, close_meeting, leave_for_next_board
from board.document import document_of, for_reader
from board.models import AgendaItem, Meeting, Pack, TermsOfReference
from core.kinds import UploadRefused
from core.markings import Marking
from core.pdf import PdfError
from core.stored import fingerprint
from people import roles
from people.models import Lead, User
from tests.board.boards import DAY, a_full_board, a_meeting, decide, for_decision, more_evidence
from tests.factories import day, make_item, make_user
from tests.tracker.closures import a_cast
from tracker.models import Action, Closure, ClosureEvent
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db
ADDRESS = f"/board/{DAY}/close/"


@pytest.fixture
def people(media: Path, settings: Any) -> SimpleNamespace:
    """A cast on the day of the Board, with somebody of executive support."""
    settings.TODAY = day(DAY)
    cast = a_cast()
    cast.support = make_user("support", roles.EXECUTIVE_SUPPORT)
    return cast


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Minutes that cost no time: the document itself, after the mark of a PDF."""
    monkeypatch.setattr(
        closing, "pack_pdf", lambda document: b"%PDF-1.7\n" + json.dumps(document).encode()
    )


def refusal(meeting: Meeting, actor: User) -> str:
    with pytest.raises(Refused) as refused:
        close_meeting(meeting, actor=actor)
    assert Pack.objects.count() == 0
    assert Meeting.objects.get(pk=meeting.pk).document is None
    return str(refused.value)


# What it needs ------------------------------------------------------------------------------------


def test_only_those_who_compile_the_agenda_close_it(people: SimpleNamespace) -> None:
    assert "compile the agenda" in refusal(a_meeting(people), people.chair)


def test_it_is_not_closed_before_its_day(people: SimpleNamespace, settings: Any) -> None:
    settings.TODAY = day("2024-11-26")
    said = refusal(a_meeting(people), people.support)
    assert "It is held on 27 November 2024: close it on that day or after it." in said


def test_a_cancelled_board_is_not_closed(people: SimpleNamespace) -> None:
    meeting = a_meeting(people, state=MeetingState.CANCELLED)
    assert "cancelled" in refusal(meeting, people.support)


def test_closures_that_are_neither_decided_nor_deferred_are_named(people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    decide(for_decision(meeting, people, "ST-0101"), people.chair)
    for_decision(meeting, people, "ST-0102")
    decide(for_decision(meeting, people, "ST-0103"), people.chair, "defer", "No figures yet.")
    for_decision(meeting, people, "ST-0104")
    assert refusal(meeting, people.support) == (
        "Neither decided nor deferred: ST-0102 and ST-0104."
    )


def test_a_closure_that_its_closer_may_not_read_is_counted_and_not_named(
    people: SimpleNamespace,
) -> None:
    meeting = a_meeting(people)
    for_decision(meeting, people, "ST-0101")
    for_decision(meeting, people, "ST-0102", marking=Marking.SENSITIVE)
    said = refusal(meeting, people.support)
    assert said == (
        "Neither decided nor deferred: ST-0101 and one closure marked OFFICIAL-SENSITIVE."
    )
    assert "ST-0102" in refusal(meeting, people.governance)


def test_who_was_present_has_to_be_recorded(people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    meeting.attendance.filter(state="present").delete()
    assert refusal(meeting, people.support) == (
        "Record at least who took the meeting and who decided."
    )


def test_what_may_be_missing_is_told_and_does_not_stand_against_it(
    people: SimpleNamespace, quick: None
) -> None:
    meeting = a_meeting(people)
    meeting.chair = None
    meeting.save()
    make_item(meeting, Section.RISKS, title="Fleet")
    missing = [each for each in checklist(meeting, people.support) if not each.done]
    assert [(each.text, each.needed) for each in missing] == [
        ("The chair is named", False),
        ("Notes are taken", False),
    ]
    assert missing[1].missing == "One item has no notes."
    assert close_meeting(meeting, actor=people.support).closed


def test_closures_the_board_did_not_reach_are_left_for_the_next_one_in_one_step(
    people: SimpleNamespace, quick: None
) -> None:
    meeting = a_meeting(people)
    kept = for_decision(meeting, people, "ST-0101")
    decide(kept, people.chair)
    left = [for_decision(meeting, people) for _ in range(2)]
    assert leave_for_next_board(meeting, actor=people.support) == left
    standing = AgendaItem.objects.standing().filter(meeting=meeting).exclude(closure=None)
    assert list(standing) == [kept]
    assert left[0].history.first().history_user == people.support
    assert {each.step for each in Closure.objects.filter(agenda_items__in=left)} == {"for_board"}
    document = close_meeting(meeting, actor=people.support).document
    assert document is not None
    assert [each["reason"] for each in document["taken_off"]] == [closing.NOT_REACHED] * 2


def test_nothing_is_left_for_the_next_board_before_or_after_this_one(
    people: SimpleNamespace, settings: Any
) -> None:
    meeting = a_meeting(people)
    with pytest.raises(Refused, match="compile the agenda"):
        leave_for_next_board(meeting, actor=people.chair)
    settings.TODAY = day("2024-11-26")
    with pytest.raises(Refused, match="still to come"):
        leave_for_next_board(meeting, actor=people.support)
    meeting.state = MeetingState.CANCELLED
    meeting.save()
    with pytest.raises(Refused, match="not planned any longer"):
        leave_for_next_board(meeting, actor=people.support)


# What is frozen -----------------------------------------------------------------------------------


def test_the_document_is_kept_with_who_closed_it_and_when(
    people: SimpleNamespace, quick: None
) -> None:
    meeting = a_meeting(people)
    decide(for_decision(meeting, people), people.chair)
    expected = document_of(meeting, reader=None)
    closed = close_meeting(meeting, actor=people.support)
    assert closed.document == {
        **expected,
        "closed": {"by": "Support", "on": "27 November 2024"},
    }
    assert (closed.closed_by, closed.state) == (people.support, MeetingState.CLOSED)
    assert closed.closed_at is not None
    assert closed.history.first().history_user == people.support


def test_one_pack_serves_everybody_where_nothing_is_sensitive(
    people: SimpleNamespace, quick: None
) -> None:
    close_meeting(a_meeting(people), actor=people.support)
    pack = Pack.objects.get()
    assert pack.readers == PackReaders.ALL
    assert pack.original_name == "gain-board-2024-11-27-minutes.pdf"
    assert pack.content_type == "application/pdf"
    assert pack.stored_by == people.support
    assert pack.sha256 == fingerprint(pack.file.open("rb"))
    pack.file.close()


def test_where_something_is_sensitive_there_is_an_open_version_without_it(
    people: SimpleNamespace, quick: None
) -> None:
    meeting = a_meeting(people)
    item = for_decision(meeting, people, "ST-0102", marking=Marking.SENSITIVE)
    decide(item, people.chair)
    closed = close_meeting(meeting, actor=people.support)
    packs = {pack.readers: pack for pack in closed.packs.all()}
    assert set(packs) == {PackReaders.ALL, PackReaders.OPEN}
    assert packs[PackReaders.ALL].original_name.endswith("-minutes-official-sensitive.pdf")
    assert packs[PackReaders.OPEN].original_name.endswith("-minutes-official.pdf")
    texts = {}
    for readers, pack in packs.items():
        with pack.file.open("rb") as stored:
            texts[readers] = stored.read()
    assert b"ST-0102" in texts[PackReaders.ALL]
    assert b"ST-0102" not in texts[PackReaders.OPEN]


def test_support_freezes_what_they_may_not_read_themselves(
    people: SimpleNamespace, quick: None
) -> None:
    meeting = a_meeting(people)
    decide(for_decision(meeting, people, "ST-0102", marking=Marking.SENSITIVE), people.chair)
    assert "ST-0102" not in json.dumps(document_of(meeting, reader=people.support))
    assert "ST-0102" in json.dumps(close_meeting(meeting, actor=people.support).document)


def test_a_closed_board_says_the_same_for_ever(people: SimpleNamespace, settings: Any) -> None:
    full = a_full_board(people)
    decide(full.plain, people.chair, text="Well done.")
    decide(full.secret, people.chair, "defer", "Later.")
    meeting = close_meeting(full.meeting, actor=people.support)
    document = json.dumps(meeting.document, sort_keys=True)
    page = render_to_string("board/frozen.html", {"document": meeting.document})
    stored = {}
    for pack in meeting.packs.all():
        with pack.file.open("rb") as file:
            stored[pack.readers] = file.read()

    settings.TODAY = day("2025-06-30")
    settings.FORCE_NAME = "Another Police"
    for user in User.objects.all():
        user.name = f"Renamed {user.pk}"
        user.save()
    for lead in Lead.objects.all():
        lead.name = f"Renamed {lead.pk}"
        lead.save()
    for action in Action.objects.all():
        action.text, action.reference = "Changed.", f"X-{action.pk}"
        action.save()
    for closure in Closure.objects.all():
        closure.did = closure.impact = closure.asked = "Changed."
        closure.save()
    for event in ClosureEvent.objects.all():
        event.text = "Changed."
        event.save()
    for item in AgendaItem.objects.all():
        item.title = item.notes = item.introduction = "Changed."
        item.save()
    more_evidence(full.plain.closure, people.delivery, 2)
    full.publication.title = "Changed"
    full.publication.save()
    full.asked.text = full.carried.text = "Changed."
    full.asked.save()
    full.carried.save()
    for person in full.meeting.attendance.all():
        person.name = f"Renamed {person.pk}"
        person.save()
    TermsOfReference.objects.create(
        version="9", status="Approved", approved_on=day("2024-11-01"), dated_on=day("2024-11-01")
    )

    after = Meeting.objects.get(pk=meeting.pk)
    assert json.dumps(after.document, sort_keys=True) == document
    assert render_to_string("board/frozen.html", {"document": after.document}) == page
    for pack in after.packs.all():
        with pack.file.open("rb") as file:
            assert file.read() == stored[pack.readers]
    assert document_of(after, reader=None) != after.document


def test_a_closed_board_is_not_closed_again(people: SimpleNamespace, quick: None) -> None:
    meeting = a_meeting(people)
    close_meeting(meeting, actor=people.support)
    with pytest.raises(Refused, match="closed already by Support"):
        close_meeting(Meeting.objects.get(pk=meeting.pk), actor=people.governance)
    assert Pack.objects.count() == 1


# Faults -------------------------------------------------------------------------------------------


def test_what_changes_while_it_is_closed_stops_the_closing(
    people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = a_meeting(people)

    def somebody_writes(document: Any) -> bytes:
        make_item(meeting, Section.RISKS, title="Just in time")
        return b"%PDF-1.7"

    monkeypatch.setattr(closing, "pack_pdf", somebody_writes)
    assert "Somebody has changed this Board" in refusal(meeting, people.support)


def test_without_room_for_the_files_nothing_is_closed(
    people: SimpleNamespace, quick: None, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = a_meeting(people)
    decide(for_decision(meeting, people, marking=Marking.SENSITIVE), people.chair)
    before = sorted(media.rglob("*.pdf"))
    real, calls = closing.store, []

    def second_fails(*args: Any, **kwargs: Any) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise UploadRefused("There is no room.")
        real(*args, **kwargs)

    monkeypatch.setattr(closing, "store", second_fails)
    assert refusal(meeting, people.support) == "There is no room."
    assert sorted(media.rglob("*.pdf")) == before


@pytest.mark.django_db(transaction=True)
def test_of_many_who_close_it_at_once_one_does(
    people: SimpleNamespace, quick: None, media: Path
) -> None:
    meeting = a_meeting(people)
    racers = [make_user(f"racer-{number}", roles.EXECUTIVE_SUPPORT) for number in range(8)]

    def close(actor: User) -> str:
        try:
            close_meeting(Meeting.objects.get(pk=meeting.pk), actor=actor)
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()
        return "closed"

    with ThreadPoolExecutor(len(racers)) as pool:
        said = Counter(pool.map(close, racers))
    assert said.pop("closed") == 1
    assert sum(said.values()) == 7
    assert all("closed already by Racer-" in sentence for sentence in said)
    assert Pack.objects.count() == len(list(media.rglob("*.pdf"))) == 1


# The page -----------------------------------------------------------------------------------------


def test_the_page_says_what_is_missing_and_offers_no_closing(
    people: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    for_decision(a_meeting(people), people, "ST-0101")
    page = sign_in(people.support).get(ADDRESS).content.decode()
    assert "Neither decided nor deferred: ST-0101." in page
    assert "A closed Board is not opened again" in page
    assert "noted at the next Board" in page
    assert "Close this Board" not in page
    assert "Leave them for the next Board" in page


def test_the_page_leaves_what_was_not_reached_and_then_closes(
    people: SimpleNamespace, quick: None, sign_in: Callable[[User], Client]
) -> None:
    meeting = a_meeting(people)
    for_decision(meeting, people, "ST-0101")
    client = sign_in(people.support)
    page = client.post(ADDRESS, {"do": "leave"}, follow=True).content.decode()
    assert "One closure waits for the next Board." in page
    assert "Close this Board" in page
    answer = client.post(ADDRESS, {"do": "close"})
    assert answer["Location"] == f"/board/{DAY}/"
    assert Meeting.objects.get(pk=meeting.pk).closed


def test_sent_twice_it_closes_once(
    people: SimpleNamespace, quick: None, sign_in: Callable[[User], Client]
) -> None:
    a_meeting(people)
    client = sign_in(people.support)
    client.post(ADDRESS, {"do": "close"})
    page = client.post(ADDRESS, {"do": "close"}, follow=True).content.decode()
    assert "closed already by Support" in page
    assert client.get(ADDRESS)["Location"] == f"/board/{DAY}/"
    assert Pack.objects.count() == 1


def test_what_stands_against_it_is_told_on_the_page(
    people: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    for_decision(a_meeting(people), people, "ST-0101")
    page = sign_in(people.support).post(ADDRESS, {"do": "close"}).content.decode()
    assert "There is a problem" in page
    assert page.count("Neither decided nor deferred: ST-0101.") == 2


def test_minutes_that_cannot_be_made_close_nothing(
    people: SimpleNamespace,
    sign_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meeting = a_meeting(people)

    def fail(document: Any) -> bytes:
        raise PdfError("The PDF could not be made: a picture is missing.")

    monkeypatch.setattr(closing, "pack_pdf", fail)
    page = sign_in(people.support).post(ADDRESS, {"do": "close"}).content.decode()
    assert "a picture is missing. Nothing was closed" in page
    assert not Meeting.objects.get(pk=meeting.pk).closed


def test_a_cancelled_board_offers_nothing(
    people: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    a_meeting(people, state=MeetingState.CANCELLED)
    page = sign_in(people.support).get(ADDRESS).content.decode()
    assert "This Board is cancelled" in page
    assert "Close this Board" not in page


# The frozen page ----------------------------------------------------------------------------------


def test_the_frozen_page_says_what_was_decided_and_hides_what_is_sensitive(
    people: SimpleNamespace, quick: None
) -> None:
    full = a_full_board(people)
    decide(full.plain, people.chair, text="Well done.")
    decide(full.secret, people.chair, "defer", "The source is not safe.")
    document = close_meeting(full.meeting, actor=people.support).document
    assert document is not None
    page = render_to_string("board/frozen.html", {"document": document})
    for words in (
        "<strong>Approved</strong> by Dcc on 27 November 2024.",
        "Well done.",
        "The source is not safe.",
        "Agreed as proposed.",
        "Action for Chief by 10 December 2024: Publish the rota.",
        "A correction is noted at the next Board".lower(),
        "18 December 2024, 10:00, Conference room 2",
    ):
        assert words.lower() in page.lower()
    opened = for_reader(document, sees_sensitive=False)
    page = render_to_string("board/frozen.html", {"document": opened})
    assert "The source is not safe." not in page
    assert "ST-0102" not in page
    assert "Deferred on 27 November 2024" in page
