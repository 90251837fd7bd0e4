"""Exactly who reads which evidence: in the list, in a search and its passages, in counts and in
exports.
"""

import csv
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client, override_settings

from board.choices import Section
from core.markings import Marking
from evidence.extracting import extract
from evidence.models import Evidence
from people.models import User
from tests.conftest import CAST
from tests.evidence import papers
from tests.factories import (
    make_action,
    make_closure,
    make_evidence,
    make_evidence_file,
    make_item,
    make_lead,
    make_meeting,
    make_user,
)
from tracker.models import ActionEvidence

pytestmark = pytest.mark.django_db
ITEMS = "/evidence/"
OPEN, APART, LED, AGENDA = "Open", "Apart", "Led", "On the agenda"
EVERYTHING = {OPEN, APART, LED, AGENDA}
# Reader -> the pieces they read. "executive" and "delivery" lead the action of one sensitive piece,
# another is on the agenda of the next Board, "owner" keeps all of them.
READ: dict[str, set[str]] = {
    "staff": {OPEN},
    "delivery": {OPEN, LED},
    "executive": {OPEN, LED},
    "assurance": EVERYTHING,
    "governance": EVERYTHING,
    "chair": EVERYTHING,
    "deputy": EVERYTHING,
    "corporate": {OPEN},
    "admin": {OPEN},
    "member": {OPEN, AGENDA},
    "support": {OPEN},
    "owner": EVERYTHING,
    "stranger": {OPEN},
}


@pytest.fixture(scope="module")
def people(standing: None, django_db_blocker: Any, tmp_path_factory: Any) -> SimpleNamespace:
    """The cast, an owner and a stranger, with four pieces of evidence that all say "kennels"."""
    with django_db_blocker.unblock():
        found = {name: make_user(name, *held) for name, held in CAST.items()}
        found["owner"], found["stranger"] = make_user("owner"), make_user("stranger")
        make_lead("ACC Baker", found["executive"])
        make_lead("Head of Crime", found["delivery"])
        with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
            _store(found["owner"])
        return SimpleNamespace(**found)


def _store(owner: User) -> None:
    led = make_action(executive="ACC Baker", delivery="Head of Crime")
    discussed = make_action()
    make_item(make_meeting(), Section.CLOSURES, closure=make_closure(discussed))
    for title, action in ((OPEN, None), (APART, None), (LED, led), (AGENDA, discussed)):
        marking = Marking.OFFICIAL if title == OPEN else Marking.SENSITIVE
        piece = make_evidence(title, owner=owner, marking=marking)
        extract(make_evidence_file(piece, papers.pdf(f"Kennels in the file of {title}")))
        if action:
            ActionEvidence.objects.create(action=action, evidence=piece)


def titles(response: Any) -> list[str]:
    return sorted(row.record.title for row in response.context["table"].rows)


@pytest.mark.parametrize("reader", READ)
def test_a_reader_sees_exactly_these(
    people: SimpleNamespace, sign_in: Callable[[User], Client], reader: str
) -> None:
    user, read = getattr(people, reader), READ[reader]
    client, expected = sign_in(user), sorted(read)
    hidden = EVERYTHING - read

    assert sorted(Evidence.objects.visible_to(user).values_list("title", flat=True)) == expected
    assert titles(client.get(ITEMS)) == expected

    found = client.get(f"{ITEMS}?q=kennels+file")
    assert titles(found) == expected
    text = found.content.decode()
    for title in read:
        assert f"<mark>Kennels</mark> in the <mark>file</mark> of {title}" in text
    assert text.count("</mark> of ") == len(read) == len(EVERYTHING) - len(hidden) > 0
    for title in hidden:
        assert f"of {title}" not in text
        assert f">{title}<" not in text

    counted = client.get(f"{ITEMS}?counts=yes")
    assert counted.context["count"] == len(read)
    assert counted.context["tabs"][0].count == len(read)
    assert _counts(counted, "marking") == {
        "OFFICIAL": 1,
        "OFFICIAL-SENSITIVE": len(read) - 1,
    }
    assert _counts(counted, "kind")["pdf"] == len(read)

    rows, name = _exported(client)
    assert sorted(rows) == expected
    assert ("official-sensitive" in name) == (len(read) > 1)


def _counts(response: Any, filter_name: str) -> dict[str, int]:
    return {
        option.value: option.count
        for section in response.context["panel"].sections
        for control in section.controls
        if control.name == filter_name
        for option in control.options
    }


def _exported(client: Client) -> tuple[list[str], str]:
    response: Any = client.get(f"{ITEMS}?q=kennels&export=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = [row["Title"] for row in csv.DictReader(io.StringIO(text))]
    return rows, response["Content-Disposition"]


def test_the_table_names_every_role() -> None:
    assert set(READ) == {*CAST, "owner", "stranger"}
