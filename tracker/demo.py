"""The closures of the demonstration: the force's list says that they are proposed, and this tells
who has done what since, step by step through the workflow itself.
"""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile

from core.history import attribute
from core.uploads import atomic_with_files
from evidence.models import Evidence
from people.models import User
from tracker import workflow
from tracker.attaching import attach_new
from tracker.models import Action, ActionEvidence, Closure
from tracker.workflow import When

_STEPS: dict[str, Callable[..., Closure]] = {
    "assure": workflow.assure,
    "approve": workflow.approve,
}


def load_closures(path: Path) -> int:
    """Take closures that came with the list as far as a document says; safe to run again.

    Args:
        path: as `fixtures/closures-2024-11-25.json`: for each action what was done, its evidence,
            and the steps with who took them on which day.

    Returns:
        How many closures were taken further; none whose action has evidence already.

    Raises:
        ImproperlyConfigured: this is not a demonstration.
        tracker.workflow.Refused: a step breaks a rule.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("Demo closures are made in demo mode only (DEMO is off).")
    document = json.loads(path.read_text(encoding="utf-8"))
    people = {user.username: user for user in User.objects.all()}
    taken = 0
    with atomic_with_files():
        for told in document["closures"]:
            action = Action.objects.get(reference=told["reference"])
            if not action.evidence_links.exists():
                _take(action, told, people, document["why_late"])
                taken += 1
    return taken


def attach_evidence(path: Path) -> int:
    """Attach evidence that is kept to the live actions it belongs to; safe to run again.

    Args:
        path: as `fixtures/evidence-2024.json`, loaded by `evidence.demo.load_evidence`.

    Returns:
        How many links were made.

    Raises:
        ImproperlyConfigured: this is not a demonstration.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("Demo evidence is attached in demo mode only (DEMO is off).")
    made = 0
    for told in json.loads(path.read_text(encoding="utf-8"))["evidence"]:
        for reference in told.get("actions", ()):
            action = Action.objects.get(reference=reference)
            evidence = Evidence.objects.select_related("owner").get(title=told["title"])
            if not ActionEvidence.objects.filter(action=action, evidence=evidence).exists():
                link = ActionEvidence(action=action, evidence=evidence, added_by=evidence.owner)
                attribute(link, evidence.owner, "Attached")
                link.full_clean()
                link.save()
                made += 1
    return made


def _take(action: Action, told: dict[str, Any], people: dict[str, User], why_late: str) -> None:
    first = told["steps"][0]["by"] if told["steps"] else told["added_by"]
    evidence = [_attach(action, each, people[first]) for each in told["evidence"]]
    for step in told["steps"]:
        actor = people[step["by"]]
        when = When(dt.date.fromisoformat(step["on"]), why_late)
        if step["step"] == "propose":
            grounds = {name: told[name] for name in ("did", "impact", "public_summary")}
            workflow.propose(action, actor=actor, evidence=evidence, when=when, **grounds)
        else:
            closure = Closure.objects.get(action=action)
            _STEPS[step["step"]](closure, actor=actor, text=step["text"], when=when)


def _attach(action: Action, told: dict[str, Any], actor: User) -> Evidence:
    contents = "\r\n".join([*told["lines"], ""])
    return attach_new(
        action,
        actor=actor,
        title=told["title"],
        shows=told["shows"],
        dated_on=dt.date.fromisoformat(told["dated_on"]),
        marking=told["marking"],
        upload=ContentFile(contents.encode("utf-8"), name=told["file"]),
    )
