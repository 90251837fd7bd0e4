"""The self-assessment and improvement plans of the demonstration, through the steps people take."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from inspections.assessing import assess
from inspections.improving import end_item
from inspections.models import Characteristic, CoreQuestion, Framework, ImprovementItem
from people.models import Lead, User
from tracker.improvement import add_to_plan
from tracker.models import Action


@transaction.atomic
def load_assessment(path: Path) -> int:
    """Say of the characteristics of a framework what a document says, and lay its plans; safe to
    run again.

    Args:
        path: as `fixtures/paf-assessment-2024.json`.

    Returns:
        How many assessments were made; none for a characteristic of which something is said, and no
        item whose words are on the plan of its question area.

    Raises:
        ImproperlyConfigured: this is not a demonstration.
        ValidationError: something of the document does not fit.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("Demo assessments are made in demo mode only (DEMO is off).")
    document = json.loads(path.read_text(encoding="utf-8"))
    framework = Framework.objects.get(version=document["framework"])
    people = {user.username: user for user in User.objects.all()}
    made = _assess(framework, document["assessments"], people)
    for told in document["plan"]:
        question = framework.questions.get(number=told["question"])
        if not question.improvement_items.filter(text=told["text"]).exists():
            _lay(question, told, people)
    return made


def _assess(framework: Framework, told: list[dict[str, str]], people: dict[str, User]) -> int:
    found = Characteristic.objects.filter(topic__question__framework=framework, assessments=None)
    silent = {each.code: each for each in found.select_related("topic__question__framework")}
    made = 0
    for each in told:
        if characteristic := silent.get(each["characteristic"]):
            assess(
                characteristic,
                actor=people[each["by"]],
                judgement=each["judgement"],
                narrative=each["why"],
                made_on=dt.date.fromisoformat(each["on"]),
            )
            made += 1
    return made


def _lay(question: CoreQuestion, told: dict[str, Any], people: dict[str, User]) -> ImprovementItem:
    """Put an item on a plan; one that has ended is ended."""
    actor = people[told["by"]]
    item = add_to_plan(
        question,
        actor=actor,
        text=told["text"],
        owner=Lead.objects.get(name=told["owner"]),
        due_on=_day(told["due"]),
        actions=Action.objects.by_references(told["actions"]),
    )
    if "state" in told:
        item = end_item(
            item,
            actor=actor,
            state=told["state"],
            outcome=told["outcome"],
            ended_on=_day(told["ended"]),
        )
    return item


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
