"""The pack of a Board, read back from its PDF, and who is given which version of it."""

import io
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from board import pack as board_pack
from board.choices import AttendanceState, MeetingState, Section
from board.closing import close_meeting
from board.document import document_of, for_reader
from board.models import AgendaItem, Attendance, Meeting
from core.markings import Marking
from core.pdf import PdfError
from people import roles
from people.models import User
from tests.board.boards import (
    DAY,
    a_full_board,
    a_meeting,
    decide,
    for_decision,
    more_evidence,
    put_on,
    the_closure,
)
from tests.factories import day, make_action, make_arising, make_item, make_meeting, make_user
from tests.tracker.closures import a_cast, assured, led_action
from tracker.models import Action

pytestmark = pytest.mark.django_db
ADDRESS = f"/board/{DAY}/pack.pdf"
LONG = ("The force wrote a new procedure and trained 412 officers and staff in its use. " * 60)[
    :4000
]


class Printed:
    """A pack as somebody reads it."""

    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(content))
        self.pages = [" ".join(page.extract_text().split()) for page in self.reader.pages]

    @property
    def words(self) -> str:
        return " ".join(self.pages)

    def pages_with(self, words: str) -> list[int]:
        """Numbers of the pages that say something, from 1."""
        return [number for number, text in enumerate(self.pages, start=1) if words in text]

    def bookmarks(self) -> list[tuple[int, str, int]]:
        """(level, title, page) of each."""
        return list(self._marks(self.reader.outline, 1))

    def _marks(self, marks: Any, level: int) -> Iterator[tuple[int, str, int]]:
        for mark in marks:
            if isinstance(mark, list):
                yield from self._marks(mark, level + 1)
            else:
                number = self.reader.get_destination_page_number(mark)
                yield level, str(mark.title), (number or 0) + 1


def printed(meeting: Meeting, *, sees_sensitive: bool = True) -> Printed:
    document = for_reader(document_of(meeting, reader=None), sees_sensitive)
    return Printed(board_pack.pack_pdf(document))


@pytest.fixture
def people(media: Path) -> SimpleNamespace:
    return a_cast()


def write(item: AgendaItem, **texts: str) -> None:
    """Change the texts of the closure of an item."""
    closure = the_closure(item)
    for name, text in texts.items():
        setattr(closure, name, text)
    closure.save()


# The whole of it ----------------------------------------------------------------------------------


def test_a_pack_is_a_tagged_document_with_title_language_and_bookmarks(
    people: SimpleNamespace,
) -> None:
    pack = printed(a_full_board(people).meeting)
    root: Any = pack.reader.trailer["/Root"]
    assert pack.reader.metadata is not None
    assert pack.reader.metadata.title == "Pack of the GAIN Board, 27 November 2024"
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert re.search(r"pdfuaid:part(>|=\")1", root["/Metadata"].get_data().decode())
    titles = [title for level, title, _ in pack.bookmarks() if level == 2]
    assert titles[:3] == ["In short", "Contents", "1 Minutes and actions arising"]
    assert "2.1 ST-0101: " in " ".join(title for level, title, _ in pack.bookmarks() if level == 3)


def test_every_page_is_marked_top_and_bottom_and_numbered(people: SimpleNamespace) -> None:
    meeting = a_full_board(people).meeting
    for sees_sensitive, marking in ((True, "OFFICIAL-SENSITIVE"), (False, "OFFICIAL")):
        pack = printed(meeting, sees_sensitive=sees_sensitive)
        for number, text in enumerate(pack.pages, start=1):
            found = re.findall(r"OFFICIAL(?:-SENSITIVE)?", text)
            assert len(found) >= 2
            assert {found[0], found[-1]} == {marking}
            assert f"Page {number} of {len(pack.pages)}" in text


def test_the_pack_says_what_is_on_the_agenda(people: SimpleNamespace) -> None:
    full = a_full_board(people)
    make_action("ST-0300", question=full.dive.question, due="2024-11-01", confidence="Low")
    pack = printed(full.meeting)
    for words in (
        "Governance of Audit and Inspection (GAIN) Board",
        "Pack for the Board of 27 November 2024",
        "Nominated deputy Acc (20 November 2024 to 30 November 2024)",
        "Head of Crime, represented by DCI Ames",
        "Two closures to decide.",
        "Bring the custody plan.",
        "Decided between meetings, since the last Board",
        "ST-0103",
        "HMICFRS’s reference HMI-7",
        "Sample re-tested.",
        "Overdue",
        "A report on custody",
        "Not recorded yet",
        "It comes before the question area whose turn it is: The lead is away in December.",
        "Delivery confidence: 1 low.",
        "Late item: added within two working days of the Board.",
        "Next Board: 18 December 2024, 10:00, Conference room 2.",
    ):
        assert words.lower() in pack.words.lower(), words


def test_the_contents_give_the_page_of_everything(people: SimpleNamespace) -> None:
    pack = printed(a_full_board(people).meeting)
    (number, *_) = pack.pages_with("Contents ")
    contents = pack.pages[number - 1].partition("Contents ")[2]
    lines = re.findall(r"(.+?) ?\.{3,} ?(\d+) ?", contents)
    listed = [(title, page) for title, page in lines if title[0].isdigit()]
    assert len(listed) >= 12
    places = {title: page for _, title, page in pack.bookmarks()}
    assert {title: int(page) for title, page in listed} == {
        title: places[title] for title, _ in listed
    }


def test_the_chart_of_the_deep_dive_is_drawn_and_described(people: SimpleNamespace) -> None:
    full = a_full_board(people)
    make_action(question=full.dive.question)
    pack = printed(full.meeting)

    def figures(element: Any) -> list[str]:
        node = element.get_object()
        if not isinstance(node, dict):
            return []
        found = [str(node.get("/Alt", ""))] if node.get("/S") == "/Figure" else []
        children = node.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            if hasattr(child, "get_object") and isinstance(child.get_object(), dict):
                found += figures(child)
        return found

    root: Any = pack.reader.trailer["/Root"]
    (alt,) = figures(root["/StructTreeRoot"])
    assert alt.startswith("Live actions of PAF 1 at the end of each month")
    assert not any(page.images.keys() for page in pack.reader.pages)
    (number,) = [page for _, title, page in pack.bookmarks() if title == "5 Deep dive"]
    assert "Live actions of PAF 1 over twelve months" in pack.pages[number - 1]


def test_a_pack_leads_nowhere_outside(people: SimpleNamespace) -> None:
    pack = printed(a_full_board(people).meeting)
    links = [
        annotation.get_object()
        for page in pack.reader.pages
        for annotation in page.get("/Annots", [])
    ]
    assert links
    assert not any("/URI" in (link.get("/A") or {}) for link in links)


# Closures and their pages -------------------------------------------------------------------------


def test_each_closure_stands_on_exactly_one_page(people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    for number, evidence in enumerate((2, 2, 29), start=1):
        item = for_decision(meeting, people, f"ST-010{number}")
        more_evidence(the_closure(item), people.delivery, evidence)
    write(for_decision(meeting, people, "ST-0104"), did=LONG)
    pack = printed(meeting)
    pages = [page for _, title, page in pack.bookmarks() if re.match(r"2\.\d ", title)]
    after = next(page for _, title, page in pack.bookmarks() if title.startswith("3 "))
    assert pages == list(range(pages[0], pages[0] + 4))
    assert after == pages[-1] + 1
    assert "continued" not in pack.words
    assert all(f"Dip sample {number} of" in pack.pages[pages[2] - 1] for number in range(1, 30))
    assert "trained 412 officers" in pack.pages[pages[3] - 1]
    assert "Dip sample for ST-0104" in pack.pages[pages[3] - 1]


def test_a_closure_too_long_for_a_page_goes_on_and_says_so(people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    item = for_decision(meeting, people, "ST-0101")
    write(item, did=LONG, impact=LONG)
    more_evidence(the_closure(item), people.delivery, 29)
    for_decision(meeting, people, "ST-0102")
    pack = printed(meeting)
    first, second = (page for _, title, page in pack.bookmarks() if re.match(r"2\.\d ", title))
    assert second - first >= 2
    further = [pack.pages[number] for number in range(first, second - 1)]
    assert all("2.1 ST-0101, continued" in text for text in further)
    assert "continued" not in pack.pages[first - 1] + pack.pages[second - 1]
    # Where rows of evidence stand, their headings do too.
    assert all("SHA-256 begins" in text for text in further if "Dip sample" in text)


def test_the_headings_of_a_long_table_stand_on_each_of_its_pages(
    people: SimpleNamespace,
) -> None:
    meeting = a_meeting(people)
    earlier = make_item(make_meeting("2024-09-18"))
    for number in range(90):
        make_arising(earlier, people.delivery, text=f"Write chapter {100 + number}.")
    pack = printed(meeting)
    pages = [pack.pages[number - 1] for number in pack.pages_with("Write chapter")]
    assert len(pages) >= 3
    assert all("What Who By Where it stands" in text for text in pages)


def test_the_pack_shows_the_first_ten_exceptions_and_says_how_many_there_are(
    people: SimpleNamespace,
) -> None:
    meeting = a_meeting(people)
    for number in range(60):
        make_action(f"ST-0{300 + number}", due="2024-11-01", executive="ACC Baker")
    text = " ".join(printed(meeting).pages)
    assert "ST-0309" in text
    assert "ST-0310" not in text
    assert "The first 10 of 60." in text


def test_a_conflict_of_interest_stands_beside_the_closure_with_who_decides(
    people: SimpleNamespace,
) -> None:
    full = a_full_board(people)
    people.assurance.take_roles(roles.CHAIR, roles.ASSURANCE)
    people.chair.take_roles()
    full.meeting.chair = people.assurance
    full.meeting.save()
    pack = printed(full.meeting)
    (page,) = [number for _, title, number in pack.bookmarks() if title.startswith("2.1 ST-0101")]
    assert (
        "Conflict of interest. Assurer assured it. Acc, nominated deputy, decides instead."
        in pack.pages[page - 1]
    )


# The page -----------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Packs that cost no time; the documents they were made from."""
    made: list[dict[str, Any]] = []

    def note(document: dict[str, Any]) -> bytes:
        made.append(document)
        return f"%PDF-1.7 {document['front']['marking']}".encode()

    for name in ("board.closing.pack_pdf", "board.views.pack.pack_pdf"):
        monkeypatch.setattr(name, note)
    return made


def body(response: Any) -> bytes:
    return b"".join(response) if response.streaming else response.content


def test_a_live_pack_is_what_its_reader_may_read(
    people: SimpleNamespace,
    quick: list[dict[str, Any]],
    sign_in: Callable[[User], Client],
    caplog: pytest.LogCaptureFixture,
) -> None:
    meeting = a_full_board(people).meeting
    support = make_user("support", roles.EXECUTIVE_SUPPORT)
    with caplog.at_level(logging.INFO, "portal.board"):
        response = sign_in(support).get(ADDRESS)
        assert response["Content-Disposition"] == (
            'inline; filename="gain-board-2024-11-27-pack.pdf"'
        )
        assert caplog.messages == []
        response = sign_in(people.chair).get(ADDRESS)
    assert "pack-official-sensitive.pdf" in response["Content-Disposition"]
    assert caplog.messages == ["dcc read the sensitive pack of the Board of 27 November 2024"]
    assert quick[0] == document_of(meeting, reader=support)
    assert quick[1] == document_of(meeting, reader=None)


def test_once_closed_the_stored_bytes_are_given_and_never_made_again(
    people: SimpleNamespace,
    quick: list[dict[str, Any]],
    sign_in: Callable[[User], Client],
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.TODAY = day(DAY)
    full = a_full_board(people)
    decide(full.plain, people.chair)
    decide(full.secret, people.chair)
    close_meeting(full.meeting, actor=people.governance)
    quick.clear()
    member = make_user("member", roles.BOARD_MEMBER)
    with caplog.at_level(logging.INFO, "portal.board"):
        opened = sign_in(member).get(ADDRESS)
        assert body(opened) == b"%PDF-1.7 OFFICIAL"
        assert caplog.messages == []
        whole = sign_in(people.deputy).get(ADDRESS)
        assert body(whole) == b"%PDF-1.7 OFFICIAL-SENSITIVE"
    assert caplog.messages == ["acc read the sensitive pack of the Board of 27 November 2024"]
    assert 'filename="gain-board-2024-11-27-minutes-official.pdf"' in opened["Content-Disposition"]
    assert opened["Content-Disposition"].startswith("attachment")
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert quick == []


def test_what_is_marked_sensitive_after_closing_is_left_out_for_who_may_not_read_it(
    people: SimpleNamespace, quick: list[dict[str, Any]], sign_in: Callable[[User], Client]
) -> None:
    settled = a_closed_board_of_one_closure(people)
    quick.clear()
    member, officer = make_user("member", roles.BOARD_MEMBER), people.governance
    assert body(sign_in(member).get(settled)) == b"%PDF-1.7 OFFICIAL"
    assert quick == []
    for action in Action.objects.all():
        action.marking = Marking.SENSITIVE
        action.save()
    sign_in(member).get(settled)
    (made,) = quick
    assert "ST-0101" not in str(made["sections"])
    assert body(sign_in(officer).get(settled)) == b"%PDF-1.7 OFFICIAL"
    assert len(quick) == 1


def a_closed_board_of_one_closure(people: SimpleNamespace) -> str:
    """The address of the minutes of a Board of today that approved ST-0101."""
    meeting = make_meeting("2024-11-25", chair=people.chair, compiled_at=timezone.now())
    for section in Section:
        make_item(meeting, section, order=0, title=section.label)
    item = put_on(meeting, assured(led_action(reference="ST-0101"), people))
    decide(item, people.chair)
    Attendance.objects.create(meeting=meeting, name="Dcc", state=AttendanceState.PRESENT)
    close_meeting(meeting, actor=people.governance)
    return "/board/2024-11-25/pack.pdf"


def test_where_nothing_is_sensitive_everybody_is_given_the_one_pack(
    people: SimpleNamespace,
    quick: list[dict[str, Any]],
    sign_in: Callable[[User], Client],
    settings: Any,
) -> None:
    settings.TODAY = day(DAY)
    close_meeting(a_meeting(people), actor=people.governance)
    member = make_user("member", roles.BOARD_MEMBER)
    assert body(sign_in(member).get(ADDRESS)) == b"%PDF-1.7 OFFICIAL"
    assert body(sign_in(people.chair).get(ADDRESS)) == b"%PDF-1.7 OFFICIAL"


def test_minutes_that_are_not_where_files_are_kept_are_told_so(
    people: SimpleNamespace,
    quick: list[dict[str, Any]],
    sign_in: Callable[[User], Client],
    settings: Any,
) -> None:
    settings.TODAY = day(DAY)
    meeting = close_meeting(a_meeting(people), actor=people.governance)
    stored = meeting.packs.get().file
    stored.storage.delete(str(stored.name))
    response = sign_in(people.chair).get(ADDRESS)
    assert response.status_code == 404
    assert "These minutes are missing" in response.content.decode()


def test_a_cancelled_board_has_no_pack(
    people: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    a_meeting(people, state=MeetingState.CANCELLED)
    response = sign_in(people.chair).get(ADDRESS, follow=True)
    assert response.redirect_chain == [(f"/board/{DAY}/", 302)]
    assert "is cancelled: it has no pack" in response.content.decode()


def test_a_pack_that_cannot_be_made_says_why(
    people: SimpleNamespace,
    sign_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_meeting(people)

    def fail(document: Any) -> bytes:
        raise PdfError("The PDF could not be made: a picture is missing.")

    monkeypatch.setattr("board.views.pack.pack_pdf", fail)
    page = sign_in(people.chair).get(ADDRESS, follow=True).content.decode()
    assert "a picture is missing. Look at what was last written into the agenda." in page


def test_minutes_say_what_was_decided_noted_and_asked(
    people: SimpleNamespace, settings: Any
) -> None:
    settings.TODAY = day(DAY)
    full = a_full_board(people)
    decide(full.plain, people.chair, text="Well done.")
    decide(full.secret, people.chair, "defer", "The source is not safe.")
    meeting = close_meeting(full.meeting, actor=people.governance)
    texts = {}
    for pack in meeting.packs.all():
        with pack.file.open("rb") as stored:
            texts[pack.readers] = Printed(stored.read())
    whole, opened = texts["all"].words, texts["open"].words
    for words in (
        "Minutes of the Board of 27 November 2024",
        "Approved by Dcc on 27 November 2024. Well done.",
        "Closures: one approved and one deferred.",
        "Agreed as proposed.",
        "Action for Chief by 10 December 2024: Publish the rota.",
        "a correction is noted at the next Board",
    ):
        assert words in whole
        assert words in opened
    assert "The source is not safe." in whole
    for words in ("The source is not safe.", "secret", "ST-0102", Marking.SENSITIVE):
        assert words not in opened
    assert "Deferred on 27 November 2024" in opened
