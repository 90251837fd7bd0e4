"""Reference data from documents: framework, question leads, publications."""

import copy
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from inspections import clocks
from inspections.choices import LeadRole, PublicationType, ResponseRule, Scope
from inspections.loading import (
    DocumentNotUsable,
    load_framework,
    load_publications,
    load_question_leads,
)
from inspections.models import (
    Characteristic,
    CoreQuestion,
    Framework,
    Publication,
    QuestionLead,
    TopicArea,
)
from people.models import Lead
from tests.factories import day, make_framework, make_publication

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PAF = FIXTURES / "paf-2023-25.json"
LEADS = FIXTURES / "inspections.json"
PUBLICATIONS = FIXTURES / "publications.json"


def document(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def publication(**different: Any) -> dict[str, Any]:
    """A document of one publication."""
    one = {
        "key": "dogs-2023",
        "title": "How forces keep dogs",
        "published": "2023-12-15",
        "date_precision": "day",
        "source_type": "National thematic inspection",
        "applies": "national",
        "paf_question": None,
        "executive_lead": None,
        "s55_applies": True,
        "s55_response_due": "2024-02-08",
        "other_response_due": None,
        "response_published": None,
        "source_url": None,
        "note": None,
    }
    return {"publications": [{**one, **different}]}


def test_the_framework_has_11_questions_35_topics_and_93_characteristics() -> None:
    load_framework(document(PAF), actor=None)
    framework = Framework.objects.get()
    assert (framework.version, framework.in_force_from) == ("2023-25", day("2023-04-01"))
    assert [model.objects.count() for model in (CoreQuestion, TopicArea, Characteristic)] == [
        11,
        35,
        93,
    ]


def test_a_framework_loaded_again_changes_nothing() -> None:
    load_framework(document(PAF), actor=None)
    again = load_framework(document(PAF), actor=None)
    assert not again.made
    assert not again.corrected
    assert sum(again.unchanged.values()) == 1 + 11 + 35 + 93
    assert Characteristic.history.count() == 93


def test_a_corrected_text_is_taken_over() -> None:
    load_framework(document(PAF), actor=None)
    changed = document(PAF)
    changed["questions"][0]["question"] = "How good is it?"
    loaded = load_framework(changed, actor=None)
    assert loaded.corrected == {"core question": 1}
    assert CoreQuestion.objects.get(number=1).text == "How good is it?"


def test_a_framework_that_miscounts_itself_is_refused() -> None:
    changed = document(PAF)
    changed["questions"].pop()
    with pytest.raises(DocumentNotUsable, match=r"states .* but holds"):
        load_framework(changed, actor=None)
    assert not Framework.objects.exists()


def test_a_framework_without_a_version_is_refused() -> None:
    changed = document(PAF)
    del changed["version"]
    with pytest.raises(DocumentNotUsable, match="has no 'version'"):
        load_framework(changed, actor=None)


def leads_loaded(found: dict[str, Any]) -> dict[tuple[int, str], str]:
    framework = Framework.objects.get()
    load_question_leads(found, framework=framework, since=framework.in_force_from, actor=None)
    return {
        (each.question.number, each.role): each.lead.name
        for each in QuestionLead.objects.filter(ended_on=None).select_related("question", "lead")
    }


def test_each_question_has_its_two_leads() -> None:
    load_framework(document(PAF), actor=None)
    found = leads_loaded(document(LEADS))
    assert len(found) == 22
    assert found[6, LeadRole.EXECUTIVE] == "ACC Baker"
    assert found[6, LeadRole.DELIVERY] == "Head of Safeguarding"
    assert Lead.objects.get(name="ACC Baker").chief_officer
    assert not Lead.objects.get(name="Head of Safeguarding").chief_officer


def test_question_leads_loaded_again_change_nothing() -> None:
    load_framework(document(PAF), actor=None)
    leads_loaded(document(LEADS))
    leads_loaded(document(LEADS))
    assert QuestionLead.objects.count() == 22
    assert QuestionLead.history.count() == 22


def test_another_lead_follows_the_one_before() -> None:
    framework = make_framework()
    one = {"question": 1, "executive": "ACC Baker", "delivery": "Head of Crime"}
    load_question_leads(
        {"paf_question_leads": [one]}, framework=framework, since=day("2023-04-01"), actor=None
    )
    other = {**one, "executive": "ACC Felton"}
    load_question_leads(
        {"paf_question_leads": [other]}, framework=framework, since=day("2024-06-01"), actor=None
    )
    before, now = QuestionLead.objects.filter(role=LeadRole.EXECUTIVE).order_by("started_on")
    assert (before.lead.name, before.ended_on) == ("ACC Baker", day("2024-06-01"))
    assert (now.lead.name, now.started_on) == ("ACC Felton", day("2024-06-01"))


def test_a_lead_of_a_question_that_does_not_exist_is_refused() -> None:
    found = {"paf_question_leads": [{"question": 12, "executive": "A", "delivery": "B"}]}
    with pytest.raises(DocumentNotUsable, match="has no question 12"):
        load_question_leads(found, framework=make_framework(), since=day("2023-04-01"), actor=None)


def test_the_publications_of_the_demonstration_load() -> None:
    load_framework(document(PAF), actor=None)
    load_publications(document(PUBLICATIONS), actor=None)
    assert Publication.objects.count() == 40
    stalking = Publication.objects.get(slug="slt-2024")
    assert stalking.response_rule == ResponseRule.SUPER_COMPLAINT
    assert stalking.response_due_on == day("2024-11-22")
    assert stalking.response_published_on == day("2024-11-22")
    disorder = Publication.objects.get(slug="asb-2024")
    assert disorder.type == PublicationType.SPOTLIGHT
    assert disorder.described_as == "National thematic inspection"
    assert disorder.question is not None
    assert disorder.question.number == 3
    assert "Operation Soteria" in Publication.objects.get(slug="rasso-2024").local_note


def test_every_section_55_date_of_the_demonstration_is_the_rules_own() -> None:
    load_framework(document(PAF), actor=None)
    load_publications(document(PUBLICATIONS), actor=None)
    clocked = Publication.objects.filter(response_rule=ResponseRule.SECTION_55)
    assert clocked.count() == 33
    for each in clocked:
        assert each.response_due_on == clocks.response_due(each.response_rule, each.published_on)
        assert each.response_due_reason == ""


def test_publications_that_are_not_out_yet_wait(settings: Any) -> None:
    load_framework(document(PAF), actor=None)
    settings.TODAY = day("2025-01-15")
    load_publications(document(PUBLICATIONS), actor=None)
    assert Publication.objects.filter(slug="ncpi-2025").exists()
    assert not Publication.objects.filter(slug="peel-2025").exists()


def test_publications_loaded_again_change_nothing() -> None:
    load_publications(publication(), actor=None)
    again = load_publications(publication(), actor=None)
    assert str(again) == "unchanged: 1 publication"
    assert Publication.history.count() == 1


def test_a_publication_recorded_by_hand_is_known_by_title_and_day() -> None:
    make_publication("How forces keep dogs", published_on=day("2023-12-15"), slug="by-hand")
    load_publications(publication(), actor=None)
    assert Publication.objects.get().slug == "dogs-2023"


def test_a_due_date_that_is_not_the_rules_carries_a_reason() -> None:
    load_publications(publication(s55_response_due="2024-02-09"), actor=None)
    loaded = Publication.objects.get()
    assert loaded.response_due_on == day("2024-02-09")
    assert loaded.response_due_reason == "As stated when it was loaded."


def test_a_due_date_that_is_not_stated_is_reckoned() -> None:
    load_publications(publication(s55_response_due=None), actor=None)
    assert Publication.objects.get().response_due_on == day("2024-02-08")


def test_a_publication_without_a_duty_has_no_due_date() -> None:
    load_publications(publication(s55_applies=False), actor=None)
    loaded = Publication.objects.get()
    assert (loaded.response_rule, loaded.response_due_on) == (ResponseRule.NONE, None)
    assert loaded.scope == Scope.NATIONAL


@pytest.mark.parametrize(
    ("different", "words"),
    [
        ({"source_type": "Blog"}, "“Blog” is not a type of publication"),
        ({"paf_question": 6}, "Load the framework first"),
    ],
)
def test_a_publication_that_cannot_be_understood_is_refused(
    different: dict[str, Any], words: str
) -> None:
    with pytest.raises(DocumentNotUsable, match=words):
        load_publications(publication(**different), actor=None)
    assert not Publication.objects.exists()


def test_a_publication_without_a_key_is_refused_by_its_title() -> None:
    found = publication()
    broken = copy.deepcopy(found["publications"][0])
    del broken["applies"]
    with pytest.raises(DocumentNotUsable, match="How forces keep dogs: there is no 'applies'"):
        load_publications({"publications": [broken]}, actor=None)


def run(name: str, *arguments: str) -> str:
    said = io.StringIO()
    call_command(name, *arguments, stdout=said)
    return said.getvalue()


def test_the_commands_say_what_they_did() -> None:
    said = run("load_framework", str(PAF), "--leads", str(LEADS))
    assert "93 characteristic" in said
    assert "Question leads. made: 22 question lead." in said
    assert "made: 40 publication" in run("load_publications", str(PUBLICATIONS))


def test_a_dry_run_writes_nothing() -> None:
    said = run("load_framework", str(PAF), "--leads", str(LEADS), "--dry-run")
    assert "Dry run: nothing was written." in said
    assert not Framework.objects.exists()
    assert not Lead.objects.exists()


def test_a_dry_run_of_publications_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(publication()))
    assert "nothing was written" in run("load_publications", str(path), "--dry-run")
    assert not Publication.objects.exists()


@pytest.mark.parametrize("command", ["load_framework", "load_publications"])
@pytest.mark.parametrize(
    ("contents", "words"),
    [(None, "Cannot read"), ("{", "is not JSON"), ("[]", "must hold a JSON object")],
)
def test_a_file_that_is_no_document_ends_the_command(
    command: str, contents: str | None, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "document.json"
    if contents is not None:
        path.write_text(contents)
    with pytest.raises(CommandError, match=words):
        run(command, str(path))


@pytest.mark.parametrize(
    ("command", "contents"),
    [("load_framework", {"questions": []}), ("load_publications", publication(source_type="x"))],
)
def test_a_document_that_cannot_be_used_ends_the_command(
    command: str, contents: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "document.json"
    path.write_text(json.dumps(contents))
    with pytest.raises(CommandError):
        run(command, str(path))
