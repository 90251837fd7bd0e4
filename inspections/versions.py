"""A version of the framework that comes from a document: checked, compared, taken in.

A document has the shape of `fixtures/paf-2023-25.json`. Every part may say what it was in the
version before (`was`, a list of codes), and where it stands in the file it came from (`place`).
A version that is here is never made smaller; once something hangs on it, only wording changes.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from core.dates import long_date
from inspections.loading import Document, load_framework
from inspections.mapping import Part, before, mapping_of, parts_of, say_what_became
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

VERSION_LENGTH, NAME_LENGTH, LINE_LENGTH, TEXT_LENGTH = 20, 120, 400, 10_000
LARGEST_NUMBER = 999
_LONGEST_PLACE = 40
# Words that are addresses below /paf/ of their own.
_TAKEN = ("import",)
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# Key of the wording, and of the parts below, by level.
_TEXTS = ("question", "topic", "text")
_BELOW = ("topics", "characteristics", None)
_NAMES = ("question", "topic area", "characteristic")
_LIMITS = (LINE_LENGTH, LINE_LENGTH, TEXT_LENGTH)
_NO_USE = (QuestionMapping, TopicMapping, CharacteristicMapping, CoreQuestion, TopicArea)


class VersionRefused(Exception):
    """A document is not taken in.

    Args:
        problems: sentences: where it is, what is wrong and what to do.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Rewording:
    """A part whose wording changes."""

    code: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Comparison:
    """What taking a document in would do.

    Args:
        version: its name.
        here: the version, where it is here already.
        before: the version before it, where there is one.
        new: parts that would be recorded.
        reworded: parts whose wording would change.
        unchanged: how many parts stay as they are.
        facts: what would change of the version itself: name of the field, ours and theirs.
        became: old code -> new codes that `was` tells and nobody has said otherwise so far.
    """

    version: str
    here: Framework | None
    before: Framework | None
    new: tuple[Part, ...]
    reworded: tuple[Rewording, ...]
    unchanged: int
    facts: tuple[tuple[str, str, str], ...]
    became: dict[str, list[str]] = field(default_factory=dict)

    @property
    def changes(self) -> int:
        """How many things would be written; 0 for the same again."""
        said = len(self.new) + len(self.reworded) + len(self.facts) + len(self.became)
        return said + (self.here is None)

    @property
    def counts(self) -> dict[str, int]:
        """How many new parts of each kind."""
        kinds = [part.kind for part in self.new]
        return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def check(document: Any) -> None:
    """Refuse what is no version of a framework.

    Raises:
        VersionRefused: with every problem.
    """
    if not isinstance(document, dict):
        raise VersionRefused(["The file does not hold a framework. Choose another file."])
    problems = [*_of_version(document)]
    questions = document.get("questions")
    if not isinstance(questions, list) or not questions:
        problems.append("The framework has no questions. Add them.")
    else:
        problems += _of_parts(questions, 0, "")
        if not problems:
            problems += _of_counts(document)
    if problems:
        raise VersionRefused(problems)


def _of_version(document: Document) -> Iterator[str]:
    version, name = document.get("version"), document.get("framework")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        yield (
            "The version has no usable name. Use letters, figures, full stops and hyphens, such as "
            "2023-25."
        )
    elif len(version) > VERSION_LENGTH:
        yield f"The version’s name is longer than {VERSION_LENGTH} characters. Shorten it."
    elif version.casefold() in _TAKEN:
        yield f"“{version}” cannot be the name of a version. Choose another."
    if not isinstance(name, str) or not name.strip() or len(name) > NAME_LENGTH:
        yield f"The framework needs a name of at most {NAME_LENGTH} characters."
    if not _is_day(document.get("in_force_from")):
        yield (
            "The day from which the version is in force is missing or is no date. Enter it, in a "
            "JSON file as “in_force_from”: “2023-04-01”."
        )
    for key in ("source", "licence"):
        if not isinstance(document.get(key, ""), str):
            yield f"“{key}” is not text. Correct or remove it."


def _is_day(value: Any) -> bool:
    try:
        return 1990 <= dt.date.fromisoformat(value).year <= 2199
    except (TypeError, ValueError):
        return False


def _of_parts(nodes: list[Any], level: int, above: str) -> Iterator[str]:
    """Problems of parts that stand side by side, and of those below them."""
    seen: dict[int, str] = {}
    for index, node in enumerate(nodes, start=1):
        name = _NAMES[level]
        if not isinstance(node, dict):
            yield f"The {name} in place {index}{_of(above)} cannot be read. Correct the file."
            continue
        number = node.get("number")
        usable = type(number) is int and 1 <= number <= LARGEST_NUMBER
        code = f"{above}.{number}" if above else str(number)
        where = _place(node) or f"{name.capitalize()} {code if usable else index}"
        if not usable:
            yield (
                f"{where}: the {name} has no number from 1 to {LARGEST_NUMBER}. Enter its number."
            )
            code = f"{above}.{index}" if above else str(index)
        elif number in seen:
            yield f"{where}: {name} {code} is also at {seen[number]}. Correct one of the numbers."
        seen.setdefault(int(number or 0) if usable else -index, where)
        yield from _of_words(node, level, where)
        below = _BELOW[level]
        if below is None:
            continue
        nodes_below = node.get(below)
        if not isinstance(nodes_below, list) or not nodes_below:
            yield f"{where}: {name} {code} has no {_NAMES[level + 1]}s. Add them."
        else:
            yield from _of_parts(nodes_below, level + 1, code)


def _place(node: Document) -> str:
    """Where a part stands in its file, as its reader noted it."""
    place = node.get("place")
    return place if isinstance(place, str) and len(place) <= _LONGEST_PLACE else ""


def _of(above: str) -> str:
    return f" of {above}" if above else ""


def _of_words(node: Document, level: int, where: str) -> Iterator[str]:
    name, limit = _NAMES[level], _LIMITS[level]
    text = node.get(_TEXTS[level])
    if not isinstance(text, str) or not text.strip():
        yield f"{where}: the wording of the {name} is missing. Enter it."
    elif len(text) > limit:
        yield f"{where}: the wording has {len(text):,} characters; at most {limit:,} can be kept."
    was = node.get("was", [])
    if not isinstance(was, list) or not all(isinstance(code, str) for code in was):
        yield f"{where}: “was” is a list of codes of the version before, such as “1.2.3”."


def _of_counts(document: Document) -> Iterator[str]:
    """What the document states of its own size, where it does."""
    topics = [topic for question in document["questions"] for topic in question["topics"]]
    held = {
        "questions": len(document["questions"]),
        "topics": len(topics),
        "characteristics": sum(len(topic["characteristics"]) for topic in topics),
    }
    stated = document.get("counts", held)
    for key, number in held.items():
        if not isinstance(stated, dict) or stated.get(key, number) != number:
            yield (
                f"The file says how many {key} it has, and holds {number}. Something is missing, "
                "or “counts” is wrong."
            )


def parts_in(document: Document) -> Iterator[tuple[str, Document, int]]:
    """Every part of a checked document in its order: code, what it says, and its level."""
    for question in document["questions"]:
        code = str(question["number"])
        yield code, question, 0
        for topic in question["topics"]:
            of_topic = f"{code}.{topic['number']}"
            yield of_topic, topic, 1
            for each in topic["characteristics"]:
                yield f"{of_topic}.{each['number']}", each, 2


def compare(document: Document) -> Comparison:
    """What taking a document in would do now.

    Raises:
        VersionRefused: it is no framework, or does not go together with what is here.
    """
    check(document)
    here = Framework.objects.filter(version=document["version"]).first()
    earlier = _before(document, here)
    ours = parts_of(here) if here else {}
    new: list[Part] = []
    reworded: list[Rewording] = []
    problems: list[str] = []
    said = set()
    for code, node, level in parts_in(document):
        said.add(code)
        text = node[_TEXTS[level]]
        if code not in ours:
            new.append(Part(code, text, None))
        elif ours[code].text != text:
            reworded.append(Rewording(code, ours[code].text, text))
    facts = tuple(_facts(document, here)) if here else ()
    if here:
        problems += _against_what_is_here(here, ours, said, new, facts)
    problems += _same_day(document, here)
    became = _became(document, earlier, here, problems)
    if problems:
        raise VersionRefused(problems)
    unchanged = len(ours) - len(reworded)
    return Comparison(
        document["version"],
        here,
        earlier,
        tuple(new),
        tuple(reworded),
        unchanged,
        facts,
        became,
    )


def _before(document: Document, here: Framework | None) -> Framework | None:
    since = dt.date.fromisoformat(document["in_force_from"])
    return before(here or Framework(version=document["version"], in_force_from=since))


def _same_day(document: Document, here: Framework | None) -> Iterator[str]:
    since = dt.date.fromisoformat(document["in_force_from"])
    others = Framework.objects.filter(in_force_from=since)
    for other in others.exclude(version=here.version) if here else others:
        yield (
            f"{other.version} is in force from {long_date(since)} already. Two versions cannot "
            "begin on one day: correct the day, or the version’s name."
        )


def _facts(document: Document, here: Framework) -> Iterator[tuple[str, str, str]]:
    since = dt.date.fromisoformat(document["in_force_from"])
    for label, ours, theirs in (
        ("Name", here.name, document["framework"]),
        ("In force from", long_date(here.in_force_from), long_date(since)),
        ("Source", here.source, document.get("source", "")),
        ("Licence", here.licence, document.get("licence", "")),
    ):
        if ours != theirs:
            yield label, ours, theirs


def _against_what_is_here(
    here: Framework,
    ours: Mapping[str, Part],
    said: set[str],
    new: list[Part],
    facts: tuple[tuple[str, str, str], ...],
) -> Iterator[str]:
    for code in (code for code in ours if code not in said):
        yield (
            f"{ours[code].kind.capitalize()} {code} of {here.version} is missing in this file, and "
            "an import takes nothing away. Add it, or give the version another name."
        )
    dated = any(label == "In force from" for label, *_ in facts)
    if (new or dated) and in_use(here):
        what = f"{new[0].kind} {new[0].code} is new" if new else "it is in force from another day"
        yield (
            f"{here.version} is in use: evidence, assessments or actions hang on it. So only its "
            f"wording can be corrected, and in this file {what}. Give the version another name."
        )


def in_use(framework: Framework) -> bool:
    """Whether anything of any room hangs on a version, but for what its parts became."""
    ways = (
        (CoreQuestion, "framework"),
        (TopicArea, "question__framework"),
        (Characteristic, "topic__question__framework"),
    )
    for model, path in ways:
        for relation in model._meta.related_objects:
            other: Any = relation.related_model
            if other in _NO_USE or other is Characteristic:
                continue
            way = f"{relation.field.name}__{path}"
            if other._base_manager.filter(**{way: framework}).exists():
                return True
    return False


def _became(
    document: Document, earlier: Framework | None, here: Framework | None, problems: list[str]
) -> dict[str, list[str]]:
    """What old parts became, by `was`; of parts of which nothing has been said so far."""
    olds = parts_of(earlier) if earlier else {}
    found: dict[str, list[str]] = defaultdict(list)
    for code, node, level in parts_in(document):
        where = _place(node) or f"{_NAMES[level].capitalize()} {code}"
        for old in node.get("was", []):
            if old not in olds:
                in_version = earlier.version if earlier else "no earlier version"
                problems.append(
                    f"{where}: “was” says “{old[:20]}”, which is not in {in_version}. Correct or "
                    "remove it."
                )
            elif olds[old].level != level:
                problems.append(
                    f"{where}: “was” says “{old}”, which is a {olds[old].kind}. Enter a code of a "
                    f"{_NAMES[level]}."
                )
            else:
                found[old].append(code)
    if earlier and here:
        said = mapping_of(earlier, here).parts
        found = defaultdict(list, {k: v for k, v in found.items() if not said[k].decided})
    return {old: list(dict.fromkeys(codes)) for old, codes in found.items()}


@transaction.atomic
def take_version(document: Document, *, actor: User | None) -> Framework:
    """Take a version in: what is new is recorded, wording is corrected, nothing is removed.

    Args:
        document: as it was compared.
        actor: who takes it in; None for a command.

    Returns:
        The version.

    Raises:
        VersionRefused: as for `compare`.
    """
    # One at a time: two people may bring the same version.
    list(Framework.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    comparison = compare(document)
    load_framework(document, actor=actor)
    framework = Framework.objects.get(version=document["version"])
    if comparison.before:
        olds, news = parts_of(comparison.before), parts_of(framework)
        for old, codes in comparison.became.items():
            say_what_became(olds[old], framework, [news[code] for code in codes], actor=actor)
    return framework
