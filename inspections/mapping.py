"""What the parts of one framework became in the next: suggested by wording, said by a person.

A part is a question area ("1"), a topic area ("1.2") or a characteristic of good ("1.2.3"), and is
named by its code. Nobody has said anything of a part without rows; a row without a counterpart says
that it has none.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from rapidfuzz import fuzz, process, utils

from core.history import attribute
from inspections.carried_already import why_it_stays
from inspections.models import (
    Characteristic,
    CharacteristicMapping,
    CoreQuestion,
    Framework,
    QuestionMapping,
    TopicArea,
    TopicMapping,
)
from people.models import User

# What somebody writes for a part that has no counterpart.
NONE = "none"
# Wordings less alike than this (of 100) are no suggestion; above the second they are hardly others.
LIKE, MUCH_ALIKE = 60, 90
_MOST_SUGGESTED = 3
_SEPARATORS = re.compile(r"[;,\s]+")
_CODE = re.compile(r"\d{1,5}(?:\.\d{1,5}){0,2}")
_MODELS: tuple[Any, ...] = (QuestionMapping, TopicMapping, CharacteristicMapping)
_PARTS = ("question area", "topic area", "characteristic")


class NotMapped(Exception):
    """What was said cannot be kept; nothing of it was.

    Args:
        errors: by code of the old part, what is wrong and what to do.
        now: by code, what is said there now, of the parts that somebody else has changed.
    """

    def __init__(self, errors: dict[str, str], now: dict[str, str] | None = None) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors
        self.now = now or {}


@dataclass(frozen=True)
class Part:
    """A part of a framework.

    Args:
        code: its numbers, such as "1.2.3".
        text: its wording.
        record: the question area, topic area or characteristic.
    """

    code: str
    text: str
    record: Any

    @property
    def level(self) -> int:
        """0 for a question area, 1 for a topic area, 2 for a characteristic."""
        return self.code.count(".")

    @property
    def kind(self) -> str:
        return _PARTS[self.level]

    @property
    def question(self) -> int:
        """The number of the question area it is in."""
        return int(self.code.partition(".")[0])


@dataclass(frozen=True)
class Suggestion:
    """A part of the new framework that reads much like an old one.

    Args:
        part: of the new framework.
        score: how much alike they are, of 100.
    """

    part: Part
    score: int


@dataclass
class Mapped:
    """A part of the old framework with what has been said of it.

    Args:
        part: of the old framework.
        new: its counterparts, in their order.
        decided: somebody has said something; without counterparts: that there is none.
    """

    part: Part
    new: list[Part] = field(default_factory=list)
    decided: bool = False

    @property
    def words(self) -> str:
        """As it is written in the form: codes, "none", or nothing."""
        if self.new:
            return ", ".join(part.code for part in self.new)
        return NONE if self.decided else ""


@dataclass(frozen=True)
class FrameworkMapping:
    """What one framework became in another.

    Args:
        old, new: the frameworks.
        parts: code -> the old part with what has been said of it, in the order of the framework.
        targets: code -> part of the new framework.
    """

    old: Framework
    new: Framework
    parts: dict[str, Mapped]
    targets: dict[str, Part]

    @property
    def decided(self) -> int:
        return sum(each.decided for each in self.parts.values())

    def of_question(self, number: int) -> list[Mapped]:
        """A question area with its topic areas and characteristics."""
        code = str(number)
        return [
            each
            for each in self.parts.values()
            if each.part.code == code or each.part.code.startswith(f"{code}.")
        ]

    def counterparts(self, level: int) -> dict[int, list[Any]]:
        """Old record (primary key) -> its counterparts, of one level; only where there are any."""
        return {
            each.part.record.pk: [part.record for part in each.new]
            for each in self.parts.values()
            if each.part.level == level and each.new
        }

    def unreached(self) -> list[Part]:
        """Parts of the new framework that nothing became."""
        reached = {part.code for each in self.parts.values() for part in each.new}
        return [part for code, part in self.targets.items() if code not in reached]


def before(framework: Framework) -> Framework | None:
    """The version in force before a framework; None for the first."""
    earlier = Framework.objects.filter(in_force_from__lt=framework.in_force_from)
    return earlier.order_by("-in_force_from").first()


def parts_of(framework: Framework) -> dict[str, Part]:
    """Every part of a framework by its code, in its order; three queries."""
    found: dict[str, Part] = {}
    topics: dict[int, list[TopicArea]] = defaultdict(list)
    characteristics: dict[int, list[Characteristic]] = defaultdict(list)
    for topic in TopicArea.objects.filter(question__framework=framework).order_by("number"):
        topics[topic.question_id].append(topic)
    of_framework = Characteristic.objects.filter(topic__question__framework=framework)
    for each in of_framework.order_by("number"):
        characteristics[each.topic_id].append(each)
    for question in framework.questions.order_by("number"):
        code = str(question.number)
        found[code] = Part(code, question.text, question)
        for topic in topics[question.pk]:
            of_topic = f"{code}.{topic.number}"
            found[of_topic] = Part(of_topic, topic.text, topic)
            for each in characteristics[topic.pk]:
                full = f"{of_topic}.{each.number}"
                found[full] = Part(full, each.text, each)
    return found


def mapping_of(old: Framework, new: Framework) -> FrameworkMapping:
    """What has been said of every part of a framework; a fixed number of queries."""
    targets = parts_of(new)
    by_record = {(type(part.record), part.record.pk): part for part in targets.values()}
    said: dict[tuple[Any, int], list[Any]] = defaultdict(list)
    for level, model in enumerate(_MODELS):
        for row in _rows(model, old, new).order_by("place"):
            said[level, row.old_id].append(row)
    parts = {}
    for code, part in parts_of(old).items():
        rows = said[part.level, part.record.pk]
        kind = type(part.record)
        counterparts = [by_record[kind, row.new_id] for row in rows if row.new_id]
        parts[code] = Mapped(part, counterparts, bool(rows))
    return FrameworkMapping(old, new, parts, targets)


def _rows(model: Any, old: Framework, new: Framework) -> models.QuerySet[Any]:
    way = {QuestionMapping: "old__", TopicMapping: "old__question__"}
    path = way.get(model, "old__topic__question__")
    return model._default_manager.filter(into=new, **{f"{path}framework": old})


def suggestions(parts: Sequence[Part], targets: Mapping[str, Part]) -> dict[str, list[Suggestion]]:
    """For each old part, the new parts of its kind that read most like it; the likest first.

    Args:
        parts: of the old framework.
        targets: of the new one, by code.
    """
    found = {}
    wordings = [
        {code: part.text for code, part in targets.items() if part.level == level}
        for level in range(len(_PARTS))
    ]
    for part in parts:
        likest = process.extract(
            part.text,
            wordings[part.level],
            scorer=fuzz.token_sort_ratio,
            processor=utils.default_process,
            limit=_MOST_SUGGESTED,
            score_cutoff=LIKE,
        )
        found[part.code] = [Suggestion(targets[code], int(score)) for _, score, code in likest]
    return found


def codes_in(text: str, part: Part, targets: Mapping[str, Part]) -> list[Part] | None:
    """The counterparts that somebody has written for a part.

    Args:
        text: codes of the new framework, with commas, semicolons or spaces between them; "none";
            or nothing.
        part: the old part.
        targets: of the new framework, by code.

    Returns:
        The counterparts; an empty list for "none"; None where nothing is said.

    Raises:
        ValueError: with a sentence: a code is none, is not there, or is of another kind of part.
    """
    words = [word for word in _SEPARATORS.split(text.strip()) if word]
    if not words:
        return None
    if [word.casefold() for word in words] == [NONE]:
        return []
    found: dict[str, Part] = {}
    example = ("4", "4.1", "4.1.2")[part.level]
    for word in words:
        plain = word.rstrip(".")
        if word.casefold() == NONE:
            raise ValueError(f"Write either “{NONE}” or codes, not both.")
        target = targets.get(plain) if _CODE.fullmatch(plain) else None
        if target is None:
            raise ValueError(
                f"The new version has no “{word[:20]}”. Write codes such as {example}."
            )
        if target.level != part.level:
            raise ValueError(
                f"“{plain}” is a {target.kind}, and {part.code} is a {part.kind}. Write codes such "
                f"as {example}."
            )
        found[plain] = target
    return list(found.values())


@transaction.atomic
def map_question(
    question: CoreQuestion,
    new: Framework,
    *,
    said: Mapping[str, str],
    seen: Mapping[str, str],
    actor: User | None,
) -> int:
    """Keep what somebody says of a question area and the parts below it.

    Where two people work on one question area, what the second left as it was keeps what the first
    has made of it; only where both changed the same part is the second told. A counterpart that
    something was carried to already stays one (`inspections.carried_already`).

    Args:
        question: of the old framework.
        new: the framework of the counterparts.
        said: code of the old part -> what is written for it (`codes_in`).
        seen: code -> what stood there when the writer opened the page.
        actor: who says so; None for a command.

    Returns:
        How many parts say something else now.

    Raises:
        NotMapped: a code is wrong, somebody else was faster, or something was carried over along
            what would be changed; nothing was kept.
    """
    CoreQuestion.objects.select_for_update().get(pk=question.pk)
    now = mapping_of(question.framework, new)
    parts = {each.part.code: each for each in now.of_question(question.number)}
    errors: dict[str, str] = {}
    taken: dict[str, str] = {}
    wanted: dict[str, list[Part] | None] = {}
    for code, text in said.items():
        if code not in parts:
            continue
        try:
            wanted[code] = codes_in(text, parts[code].part, now.targets)
        except ValueError as error:
            errors[code] = str(error)
            continue
        words = _words(wanted[code])
        was = seen.get(code, "")
        if words == was:
            # Left as it was: what somebody else has made of it stays.
            wanted.pop(code)
        elif parts[code].words not in (was, words):
            taken[code] = parts[code].words
            errors[code] = (
                f"Somebody has just said “{taken[code] or 'nothing'}” here. Save again to put "
                "yours in its place."
            )
        elif why := why_it_stays(
            now.old, new, parts[code].part, parts[code].new, wanted[code] or ()
        ):
            errors[code] = why
    if errors:
        raise NotMapped(errors, taken)
    changed = [code for code, new_parts in wanted.items() if parts[code].words != _words(new_parts)]
    for code in changed:
        _say(parts[code].part, new, wanted[code], actor)
    return len(changed)


def _words(parts: list[Part] | None) -> str:
    if parts is None:
        return ""
    return ", ".join(part.code for part in parts) or NONE


def say_what_became(
    part: Part, new: Framework, counterparts: list[Part] | None, *, actor: User | None
) -> None:
    """Keep what a part became, whatever was said before; arguments as `codes_in` gives them."""
    with transaction.atomic():
        _say(part, new, counterparts, actor)


def _say(part: Part, new: Framework, counterparts: list[Part] | None, actor: User | None) -> None:
    model = _MODELS[part.level]
    for row in model._default_manager.filter(old=part.record, into=new):
        attribute(row, actor, f"{part.code}: mapping changed")
        row.delete()
    if counterparts is None:
        return
    for place, target in enumerate(counterparts or [None]):
        row = model(old=part.record, into=new, new=target.record if target else None, place=place)
        attribute(row, actor, f"{part.code} became {target.code if target else 'nothing'}")
        row.full_clean()
        row.save()
