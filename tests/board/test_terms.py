"""The terms of reference: loaded, read, written anew, approved, and then never changed."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from board.loading import load_terms
from board.models import TermsOfReference
from board.terms import approve_terms, begin_draft, change_draft, state_of, suggested_version
from core.collisions import Overtaken
from inspections.loading import DocumentNotUsable
from people.models import User
from tests.board.pages import sent, shown
from tests.factories import day, make_terms
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
FIXTURE = Path(settings.BASE_DIR) / "fixtures" / "terms-of-reference.json"


@pytest.fixture
def officer(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.governance)


@pytest.fixture
def loaded(db: None) -> TermsOfReference:
    load_terms(FIXTURE)
    return TermsOfReference.objects.get(version="1.0")


# Loading ------------------------------------------------------------------------------------------


def test_appendix_a_is_loaded_as_printed(loaded: TermsOfReference) -> None:
    assert (len(loaded.purpose), len(loaded.core_activities), len(loaded.members)) == (3, 9, 9)
    assert loaded.purpose_opening == (
        "To provide a mechanism through which the Chief Officer lead is assured of:"
    )
    assert loaded.core_activities[7] == (
        "To identify recommendations and areas for improvement which are suitable for local "
        "closure (where appropriate) or submission to the HMICFRS to request closure"
    )
    assert loaded.members[0] == "Deputy Chief Constable (Chair)"
    assert loaded.members[-1] == "HMIC Governance Officer"
    assert "empowered to make decisions on their behalf" in loaded.deputies
    assert (loaded.frequency, loaded.agenda_by, loaded.notes_by) == (
        "Monthly",
        "Executive Support",
        "Executive Support",
    )
    assert (loaded.approved_on, loaded.dated_words) == (day("2023-06-21"), "June 2023")
    first = TermsOfReference.objects.get(version="0.1")
    assert (first.dated_words, first.approved_on) == ("May 2023", None)
    assert TermsOfReference.objects.in_force(day("2024-11-25")) == loaded
    assert TermsOfReference.objects.in_force(day("2023-06-20")) is None
    assert TermsOfReference.objects.draft() is None


def test_no_line_of_the_fixture_is_broken() -> None:
    text = FIXTURE.read_text(encoding="utf-8")
    versions = json.loads(text)["versions"]
    sentences = [
        sentence
        for version in versions
        for value in version.values()
        for sentence in (value if isinstance(value, list) else [value])
    ]
    assert len(sentences) > 25
    assert [each for each in sentences if each != " ".join(each.split()) or "'" in each] == []


def test_loaded_again_nothing_changes_not_even_what_was_approved(
    loaded: TermsOfReference, capsys: Any, tmp_path: Path
) -> None:
    document = json.loads(FIXTURE.read_text(encoding="utf-8"))
    document["versions"][1]["frequency"] = "Weekly"
    other = tmp_path / "terms.json"
    other.write_text(json.dumps(document), encoding="utf-8")

    call_command("load_terms", other)

    assert "Terms of reference: 2 there already." in capsys.readouterr().out
    loaded.refresh_from_db()
    assert loaded.frequency == "Monthly"
    assert TermsOfReference.objects.count() == 2


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ({"status": "Draft", "dated_on": "2023-05-01"}, "'version'"),
        ({"version": "1.0", "status": "Draft", "dated_on": "May 23"}, "Invalid isoformat"),
        (
            {"version": "1.0", "status": "Draft", "dated_on": "2023-05-01", "members": "All"},
            "“members” must be a list of sentences",
        ),
        ({"version": "1.0", "status": "", "dated_on": "2023-05-01"}, "Version 1.0:"),
        ("1.0", "A version of the terms of reference"),
    ],
)
def test_a_document_that_cannot_be_used_is_refused_whole(
    db: None, tmp_path: Path, version: Any, said: str
) -> None:
    path = tmp_path / "terms.json"
    good = {"version": "0.9", "status": "Draft", "dated_on": "2023-04-01"}
    path.write_text(json.dumps({"versions": [good, version]}), encoding="utf-8")
    with pytest.raises(DocumentNotUsable) as caught:
        load_terms(path)
    assert said in str(caught.value)
    assert not TermsOfReference.objects.exists()
    with pytest.raises(CommandError):
        call_command("load_terms", path)


# Reading ------------------------------------------------------------------------------------------


def test_the_version_in_force_is_read_with_the_document_control(
    cast: SimpleNamespace, loaded: TermsOfReference, sign_in: SignIn
) -> None:
    page = shown(sign_in(cast.member), "/board/terms/")

    assert "Governance of Audit and Inspection (GAIN) Board" in page
    assert "Version 1.0, June 2023." in page and "In force" in page
    for each in (*loaded.purpose, *loaded.core_activities, *loaded.members):
        assert each in page
    assert "Approved at GAIN Board meeting on 21.06.23." in page
    assert "Draft for consideration by the group" in page
    assert "Begin a new version" not in page


def test_an_earlier_version_says_that_only_its_entry_is_kept(
    cast: SimpleNamespace, loaded: TermsOfReference, sign_in: SignIn
) -> None:
    page = shown(sign_in(cast.member), "/board/terms/0.1/")
    assert "Only its entry in the document control is kept." in page
    assert "Not in force" in page
    assert sign_in(cast.member).get("/board/terms/7.0/").status_code == 404


def test_without_any_version_the_page_says_what_to_do(
    cast: SimpleNamespace, officer: Client, sign_in: SignIn
) -> None:
    assert "Write the first version" in shown(officer, "/board/terms/")
    assert "Governance writes the terms" in shown(sign_in(cast.member), "/board/terms/")


# Writing ------------------------------------------------------------------------------------------


def as_sent(draft: TermsOfReference, **different: str) -> dict[str, str]:
    return {
        "version": str(state_of(draft)),
        "number": draft.version,
        "status": draft.status,
        "purpose_opening": draft.purpose_opening,
        "purpose": "\r\n".join(draft.purpose),
        "core_activities": "\r\n".join(draft.core_activities),
        "members": "\r\n".join(draft.members),
        "deputies": draft.deputies,
        "frequency": draft.frequency,
        "agenda_by": draft.agenda_by,
        "notes_by": draft.notes_by,
        **different,
    }


def test_a_new_version_begins_as_a_copy_and_is_in_force_once_approved(
    cast: SimpleNamespace, loaded: TermsOfReference, officer: Client, sign_in: SignIn
) -> None:
    assert 'value="1.1"' in shown(officer, "/board/terms/new/")
    page = sent(officer, "/board/terms/new/", number="2.0")
    assert loaded.core_activities[8] in page
    draft = TermsOfReference.objects.get(version="2.0")
    assert draft.members == loaded.members

    members = "\r\n".join([*loaded.members, "", "  Head of   Digital "])
    page = sent(
        officer, "/board/terms/2.0/edit/", **as_sent(draft, members=members, frequency="Quarterly")
    )
    assert "Version 2.0 is saved as a draft." in page and "Head of Digital" in page
    assert "Monthly" in shown(sign_in(cast.member), "/board/terms/")

    said = {"on": "25.11.24", "status": "Approved at the meeting of 25 November 2024."}
    page = sent(officer, "/board/terms/2.0/approve/", **said)
    assert "Version 2.0 is approved and in force." in page and "Quarterly" in page
    assert "Approved at the meeting of 25 November 2024." in page
    draft.refresh_from_db()
    assert draft.members == [*loaded.members, "Head of Digital"]
    assert TermsOfReference.objects.in_force(day("2024-11-24")) == loaded
    assert draft.history.first().history_user == cast.governance


def test_an_approved_version_is_never_changed(
    cast: SimpleNamespace, loaded: TermsOfReference, officer: Client
) -> None:
    with pytest.raises(Refused, match="was approved, so it is not changed any more"):
        change_draft(loaded, actor=cast.governance, version=0, fields={"frequency": "Weekly"})
    with pytest.raises(Refused):
        approve_terms(loaded, actor=cast.governance, on=day("2024-11-25"), status="Again")
    page = sent(officer, "/board/terms/1.0/edit/", **as_sent(loaded, frequency="Weekly"))
    assert "was approved, so it is not changed any more" in page
    for address in ("/board/terms/1.0/edit/", "/board/terms/1.0/approve/"):
        page = shown(officer, address)
        assert "Begin a new one." in page and "<form" not in page.partition("<main")[2]
    loaded.refresh_from_db()
    assert loaded.frequency == "Monthly"


def test_a_draft_that_was_overtaken_stays_as_it_is(
    cast: SimpleNamespace, loaded: TermsOfReference
) -> None:
    first = TermsOfReference.objects.get(version="0.1")
    with pytest.raises(Refused, match="A later version has taken the place of this draft"):
        change_draft(first, actor=cast.governance, version=0, fields={"status": "Approved"})


def test_one_draft_is_written_at_a_time(
    cast: SimpleNamespace, loaded: TermsOfReference, officer: Client
) -> None:
    begin_draft(actor=cast.governance, version="1.1")
    with pytest.raises(Refused, match="is being written already"):
        begin_draft(actor=cast.governance, version="1.2")
    page = " ".join(officer.get("/board/terms/new/", follow=True).content.decode().split())
    assert "Version 1.1 is being written already." in page and "Save draft" in page
    assert "Version 1.1 is being written" in shown(officer, "/board/terms/")


def test_a_number_that_is_taken_or_none_is_told(
    cast: SimpleNamespace, loaded: TermsOfReference, officer: Client
) -> None:
    page = sent(officer, "/board/terms/new/", number="1.0")
    assert "There is a version 1.0 already." in page
    assert "Enter a number such as 1.1 or 2.0." in sent(officer, "/board/terms/new/", number="new")
    assert TermsOfReference.objects.count() == 2
    draft = begin_draft(actor=cast.governance, version="1.1")
    page = sent(officer, "/board/terms/1.1/edit/", **as_sent(draft, number="0.1"))
    assert '<a href="#id_number">There is a version 0.1 already.</a>' in page


def test_two_who_write_one_draft_are_told_of_each_other(
    cast: SimpleNamespace, loaded: TermsOfReference, officer: Client
) -> None:
    draft = begin_draft(actor=cast.governance, version="1.1")
    opened = as_sent(draft, frequency="Quarterly")
    change_draft(
        draft,
        actor=cast.support,
        version=state_of(draft),
        fields={"frequency": "Weekly", "members": ["The chair"]},
    )
    with pytest.raises(Overtaken):
        change_draft(
            draft, actor=cast.governance, version=int(opened["version"]), fields={"status": "X"}
        )

    page = sent(officer, "/board/terms/1.1/edit/", **opened)

    assert "Support changed this at" in page
    assert "was “Monthly”, is now “Weekly”" in page
    assert "is now “The chair”" in page
    assert 'value="Quarterly"' in page
    draft.refresh_from_db()
    assert draft.frequency == "Weekly"
    sent(officer, "/board/terms/1.1/edit/", **{**opened, "version": str(state_of(draft))})
    draft.refresh_from_db()
    assert draft.frequency == "Quarterly"


def test_a_draft_that_was_not_changed_leaves_no_history(
    cast: SimpleNamespace, loaded: TermsOfReference, officer: Client
) -> None:
    draft = begin_draft(actor=cast.governance, version="1.1")
    sent(officer, "/board/terms/1.1/edit/", **as_sent(draft))
    assert draft.history.count() == 1


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("26.11.24", "26 November 2024 has not come yet. Enter today or earlier."),
        ("20.6.23", "Version 1.0 was approved on 21 June 2023"),
    ],
)
def test_a_day_of_approval_that_cannot_be_is_told(
    cast: SimpleNamespace, loaded: TermsOfReference, officer: Client, on: str, said: str
) -> None:
    draft = begin_draft(actor=cast.governance, version="1.1")
    page = sent(officer, "/board/terms/1.1/approve/", on=on, status="Approved.")
    assert said in page
    draft.refresh_from_db()
    assert draft.approved_on is None
    with pytest.raises(ValidationError):
        approve_terms(draft, actor=cast.governance, on=day("2024-11-25"), status="")


@pytest.mark.parametrize(
    ("newest", "next_one"), [(None, "1.0"), ("1.0", "1.1"), ("2.9", "2.10"), ("3", "3.1")]
)
def test_the_next_number_is_suggested(db: None, newest: str | None, next_one: str) -> None:
    if newest:
        make_terms(newest, approved="2024-01-01")
    assert suggested_version() == next_one
