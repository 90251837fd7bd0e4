"""The self-assessment of the demonstration: all judgements, said to be made up, loaded once."""

import json
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from inspections.choices import Judgement
from inspections.models import Assessment, Framework, ImprovementItem
from people.demo import load_cast
from tests.factories import day, make_action
from tracker.models import ImprovementAction
from tracker.paf import overview
from tracker.paf.demo import load_assessment

pytestmark = pytest.mark.django_db
FIXTURES: Path = django_settings.BASE_DIR / "fixtures"
PATH = FIXTURES / "paf-assessment-2024.json"


@pytest.fixture
def framework(monkeypatch: pytest.MonkeyPatch) -> Framework:
    monkeypatch.setattr(django_settings, "DEMO", True)
    leads = FIXTURES / "inspections.json"
    call_command("load_framework", FIXTURES / "paf-2023-25.json", leads=leads, verbosity=0)
    load_cast()
    for told in json.loads(PATH.read_text(encoding="utf-8"))["plan"]:
        for reference in told["actions"]:
            make_action(reference)
    return Framework.objects.get()


def test_most_of_it_is_assessed_and_some_of_it_is_not(framework: Framework) -> None:
    assert load_assessment(PATH) == 92
    total = overview(framework, day("2024-11-25"), None).total
    assert (total.characteristics, total.assessed, total.not_assessed) == (93, 82, 11)
    held = {each.judgement for each in Assessment.objects.holding(framework).values()}
    assert held == set(Judgement.values)
    assert (total.open_items, total.overdue_items) == (9, 1)
    assert ImprovementItem.objects.filter(state="done").count() == 1
    assert ImprovementAction.objects.count() == 5


def test_loaded_again_it_changes_nothing(framework: Framework) -> None:
    load_assessment(PATH)
    assert load_assessment(PATH) == 0
    assert Assessment.objects.count() == 92
    assert ImprovementItem.objects.count() == 11
    assert ImprovementItem.history.count() == 13


def test_it_says_that_it_is_made_up() -> None:
    assert "Illustrative" in json.loads(PATH.read_text(encoding="utf-8"))["note"]


def test_it_is_for_demonstrations_only(
    framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_settings, "DEMO", False)
    with pytest.raises(ImproperlyConfigured):
        load_assessment(PATH)
