"""The evidence of the demonstration: corporate meetings, pieces with small files that are made when
they are loaded, what they stand for, and the register of good practice.
"""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile

from core.markings import Marking
from core.uploads import atomic_with_files
from evidence.choices import Strength
from evidence.demo_files import file_of
from evidence.editing import withdraw
from evidence.linking import link
from evidence.meetings import add_meeting, end_meeting, say_nothing_to_keep
from evidence.models import CorporateMeeting, Evidence, GoodPractice
from evidence.practice import record_practice, take_up
from evidence.recording import add_evidence, add_version
from inspections.models import Characteristic, Framework, Publication
from people.models import Lead, User

_FRAMEWORK = "2023-25"
_KEEPER = "governance"
Told = Mapping[str, Any]


def load_evidence(path: Path) -> int:
    """Load the evidence of the demonstration; safe to run again.

    Args:
        path: as `fixtures/evidence-2024.json`: meetings, evidence and good practice.

    Returns:
        How many pieces were added; none that is there already by its title.

    Raises:
        ImproperlyConfigured: this is not a demonstration.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("Demo evidence is made in demo mode only (DEMO is off).")
    document = json.loads(path.read_text(encoding="utf-8"))
    with atomic_with_files():
        loading = _Loading()
        for told in document["meetings"]:
            loading.meeting(told)
        for told in document["nothing_to_keep"]:
            loading.nothing_to_keep(told)
        there = set(Evidence.objects.values_list("title", flat=True))
        new = [told for told in document["evidence"] if told["title"] not in there]
        for told in new:
            loading.piece(told)
        for told in document["good_practice"]:
            loading.practice(told)
    return len(new)


class _Loading:
    """What one load knows by name: people, meetings and characteristics."""

    def __init__(self) -> None:
        self.people = {user.username: user for user in User.objects.all()}
        self.meetings = {each.name: each for each in CorporateMeeting.objects.all()}
        framework = Framework.objects.get(version=_FRAMEWORK)
        characteristics = Characteristic.objects.in_order(framework)
        self.characteristics = {each.code: each for each in characteristics}

    def meeting(self, told: Told) -> None:
        if told["name"] in self.meetings:
            return
        keeper = self.people[_KEEPER]
        meeting = add_meeting(
            actor=keeper,
            name=told["name"],
            every=told["every"],
            first_on=_day(told["first_on"]),
            reminded=[self.people[name] for name in told["reminded"]],
        )
        if "ended_on" in told:
            meeting = end_meeting(meeting, actor=keeper, ended_on=_day(told["ended_on"]))
        self.meetings[meeting.name] = meeting

    def nothing_to_keep(self, told: Told) -> None:
        say_nothing_to_keep(
            self.meetings[told["meeting"]],
            actor=self.people[told["by"]],
            held_on=_day(told["held_on"]),
            why=told["why"],
        )

    def piece(self, told: Told) -> None:
        """Add a piece of evidence with its versions, and say what it stands for."""
        owner = self.people[told["owner"]]
        evidence = add_evidence(
            actor=owner,
            title=told["title"],
            shows=told["shows"],
            dated_on=_day(told["dated_on"]),
            marking=told.get("marking", Marking.OFFICIAL),
            upload=_upload(told) if "file" in told else None,
            link=told.get("link", ""),
            source=told["source"],
            meeting=self.meetings[told["meeting"]] if "meeting" in told else None,
            review_by=_day(told["review_by"]) if "review_by" in told else None,
        )
        if "newer" in told:
            add_version(evidence, actor=owner, upload=_upload(told, newer=True))
        for code, strength in told.get("characteristics", {}).items():
            characteristic = self.characteristics[code]
            link(evidence, characteristic, actor=owner, strength=Strength(strength))
        if "withdrawn" in told:
            by = self.people[told["withdrawn"]["by"]]
            withdraw(evidence, actor=by, reason=told["withdrawn"]["reason"])

    def practice(self, told: Told) -> None:
        """Record a good practice and who took it up; one that is there already stays as it is."""
        if GoodPractice.objects.filter(title=told["title"]).exists():
            return
        publication, evidence = told.get("publication"), told.get("evidence")
        practice = record_practice(
            actor=self.people[told["by"]],
            title=told["title"],
            what=told["what"],
            marking=told.get("marking", Marking.OFFICIAL),
            could_use=[_lead(name) for name in told["could_use"]],
            evidence=Evidence.objects.get(title=evidence) if evidence else None,
            publication=Publication.objects.get(title=publication) if publication else None,
            other_force=told.get("other_force", ""),
        )
        for each in told["taken_up"]:
            take_up(
                practice,
                actor=self.people[each["by"]],
                lead=_lead(each["lead"]),
                taken_up_on=_day(each["on"]),
                note=each["note"],
            )


def _upload(told: Told, *, newer: bool = False) -> ContentFile:
    name, contents = file_of(told, newer=newer)
    return ContentFile(contents, name=name)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _lead(name: str) -> Lead:
    return Lead.objects.get(name=name)
