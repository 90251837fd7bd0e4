"""Exactly which sensitive evidence each role is shown: in a pack, on the pages of actions and
closures, and in what is before the Board; and which actions beside a piece of evidence.

Lists, search and export: `tests/evidence`.
"""

import io
import re
import zipfile
from collections.abc import Callable, Collection
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from board.choices import Section
from board.models import Meeting
from core.markings import Marking
from evidence.models import Evidence, PackRequest
from inspections.models import Characteristic
from people.models import User
from tests.access_table import ALL, BOARD_READERS
from tests.board.boards import DAY
from tests.documents import unprinted
from tests.factories import (
    make_action,
    make_closure,
    make_evidence,
    make_framework,
    make_item,
    make_lead,
    make_link,
    make_meeting,
    make_user,
)
from tracker.models import ActionEvidence, ClosureEvidence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
SignIn = Callable[[User], Client]

# All but the first are OFFICIAL-SENSITIVE. The first three are attached to ST-0045, which the
# delivery lead leads; its closure rests on all of these but the last. Staff own the second.
OPEN, OWNED, LED, CLOSING, APART = (
    "Open audit",
    "Owned audit",
    "Led audit",
    "Closing audit",
    "Apart audit",
)
EVERYTHING = {OPEN, OWNED, LED, CLOSING, APART}
MAY_READ = {
    "staff": {OPEN, OWNED},
    "delivery": {OPEN, OWNED, LED},
    "executive": {OPEN},
    "assurance": EVERYTHING,
    "governance": EVERYTHING,
    "chair": EVERYTHING,
    "deputy": EVERYTHING,
    "corporate": {OPEN},
    "admin": {OPEN},
    "support": {OPEN},
    "member": {OPEN},
}
# While the closure is before the Board, its members read what it and its action rest on.
BEFORE_THE_BOARD = {**MAY_READ, "member": {OPEN, OWNED, LED, CLOSING}}


@pytest.fixture
def case(cast: SimpleNamespace) -> SimpleNamespace:
    make_lead("Head of Crime", cast.delivery)
    action = make_action("ST-0045", delivery="Head of Crime")
    closure = make_closure(action)
    place = Characteristic.objects.filter(topic__question__framework=make_framework())[0]
    keeper = make_user("keeper")
    for title in (OPEN, OWNED, LED, CLOSING, APART):
        evidence = make_evidence(
            title,
            owner=cast.staff if title == OWNED else keeper,
            marking=Marking.OFFICIAL if title == OPEN else Marking.SENSITIVE,
            contents=b"%PDF-1.7 " + title.encode(),
        )
        make_link(evidence, place)
        if title in (OPEN, OWNED, LED):
            ActionEvidence.objects.create(action=action, evidence=evidence)
        if title != APART:
            ClosureEvidence.objects.create(closure=closure, evidence=evidence)
    return SimpleNamespace(action=action, closure=closure, question=place.topic.question)


def put_before_the_board(case: SimpleNamespace) -> None:
    make_item(make_meeting(DAY), Section.CLOSURES, closure=case.closure)


def by_role(
    cast: SimpleNamespace, seen: Callable[[User], set[str]], roles: Collection[str] = ALL
) -> dict[str, set[str]]:
    # A user keeps the permissions they were asked for once.
    people = {name: User.objects.get(pk=getattr(cast, name).pk) for name in sorted(roles)}
    return {name: seen(user) for name, user in people.items()}


def named_in(text: str) -> set[str]:
    return {title for title in EVERYTHING if title in " ".join(text.split())}


def only(titles: set[str], expected: dict[str, set[str]]) -> dict[str, set[str]]:
    """What each role may read of some titles."""
    return {name: may & titles for name, may in expected.items()}


def page(sign_in: SignIn, address: str) -> Callable[[User], set[str]]:
    def seen(user: User) -> set[str]:
        response = sign_in(user).get(address)
        assert response.status_code == 200
        return named_in(response.content.decode())

    return seen


@pytest.mark.parametrize("on_agenda", [False, True])
def test_in_a_pack(
    case: SimpleNamespace,
    cast: SimpleNamespace,
    sign_in: SignIn,
    on_agenda: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("evidence.packs.index.render_pdf", unprinted)
    if on_agenda:
        put_before_the_board(case)

    def packed(chosen: dict[str, Any]) -> Callable[[User], set[str]]:
        def seen(user: User) -> set[str]:
            client = sign_in(user)
            offered = client.get("/evidence/packs/new/", {"show": "yes", **chosen})
            client.post("/evidence/packs/new/", chosen)
            pack = PackRequest.objects.of(user).latest("pk")
            response: Any = client.get(f"/evidence/packs/{pack.pk}/pack.zip")
            archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
            told = in_archive(archive)
            assert named_in(offered.content.decode()) == told
            return told

        return seen

    expected = BEFORE_THE_BOARD if on_agenda else MAY_READ
    # The agenda changes nothing for those without a part in the Board.
    roles = BOARD_READERS if on_agenda else ALL
    of_question = packed({"question": str(case.question.pk)})
    assert by_role(cast, of_question, roles) == {name: expected[name] for name in roles}
    of_action = packed({"action": "ST-0045"})
    few = ("staff", "delivery", "member")
    attached = only({OPEN, OWNED, LED}, expected)
    assert by_role(cast, of_action, few) == {name: attached[name] for name in few}


def in_archive(archive: zipfile.ZipFile) -> set[str]:
    """What an archive tells of: its files, what is in them, and both forms of its index alike (the
    paper `unprinted`).
    """
    files = [name for name in archive.namelist() if re.match(r"\d+-", name)]
    kept = named_in(" ".join(archive.read(name).decode() for name in files))
    names = {name.split("-", 1)[1].removesuffix(".pdf") for name in files}
    book = openpyxl.load_workbook(io.BytesIO(archive.read("index.xlsx")))
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row]
    assert named_in(" ".join(cells)) == kept
    assert named_in(archive.read("index.pdf").decode()) == kept
    assert names == {title.lower().replace(" ", "-") for title in kept}
    return kept


@pytest.mark.parametrize("on_agenda", [False, True])
def test_on_the_page_of_the_action(
    case: SimpleNamespace, cast: SimpleNamespace, sign_in: SignIn, on_agenda: bool
) -> None:
    if on_agenda:
        put_before_the_board(case)
    expected = BEFORE_THE_BOARD if on_agenda else MAY_READ
    seen = page(sign_in, case.action.get_absolute_url())
    assert by_role(cast, seen) == only({OPEN, OWNED, LED}, expected)


@pytest.mark.parametrize("on_agenda", [False, True])
def test_on_the_page_of_the_closure(
    case: SimpleNamespace, cast: SimpleNamespace, sign_in: SignIn, on_agenda: bool
) -> None:
    if on_agenda:
        put_before_the_board(case)
    expected = BEFORE_THE_BOARD if on_agenda else MAY_READ
    seen = page(sign_in, case.closure.get_absolute_url())
    assert by_role(cast, seen) == only({OPEN, OWNED, LED, CLOSING}, expected)


def test_in_what_is_before_the_board(
    case: SimpleNamespace, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    put_before_the_board(case)
    expected = only({OPEN, OWNED, LED, CLOSING}, BEFORE_THE_BOARD)
    expected = {name: expected[name] for name in BOARD_READERS}

    def in_pdf(user: User) -> set[str]:
        response = sign_in(user).get(f"/board/{DAY}/pack.pdf")
        assert response.status_code == 200
        paper = PdfReader(io.BytesIO(response.getvalue()))
        return named_in(" ".join(sheet.extract_text() for sheet in paper.pages))

    assert by_role(cast, in_pdf, BOARD_READERS) == expected
    Meeting.objects.update(compiled_at=timezone.now())
    on_page = page(sign_in, f"/board/{DAY}/")
    assert by_role(cast, on_page, BOARD_READERS) == expected


def test_which_actions_are_beside_a_piece_of_evidence(
    case: SimpleNamespace, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    evidence = Evidence.objects.get(title=OPEN)
    make_lead("Head of Custody", cast.executive)
    secret = make_action("ST-0099", marking=Marking.SENSITIVE, executive="Head of Custody")
    ActionEvidence.objects.create(action=secret, evidence=evidence)

    def seen(user: User) -> set[str]:
        text = sign_in(user).get(evidence.get_absolute_url()).content.decode()
        return {reference for reference in ("ST-0045", "ST-0099") if reference in text}

    both, one = {"ST-0045", "ST-0099"}, {"ST-0045"}
    assert by_role(cast, seen) == {
        "staff": one,
        "delivery": one,
        "executive": both,
        "assurance": both,
        "governance": both,
        "chair": both,
        "deputy": both,
        "corporate": one,
        "admin": one,
        "support": one,
        "member": one,
    }
