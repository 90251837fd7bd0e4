"""The filters of the list of evidence; their names in the address are stable."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import cached_property

from core.dates import today
from core.kinds import KINDS
from core.listing import Choices, Day, ListFilterSet, OneOf, Words
from core.listing.filters import Group, Option, shortened
from core.markings import Marking
from evidence.actions import action_named
from evidence.choices import Freshness, Source
from evidence.freshness import freshness_is
from evidence.models import CharacteristicEvidence, CorporateMeeting, EvidenceFile
from evidence.queries import EvidenceQuerySet
from inspections.models import Characteristic, CoreQuestion, Framework, TopicArea
from people.models import User

ME = "me"
YES = "yes"
LINK = "link"
_LONGEST_OPTION = 90
# A primary key that no action has.
_NO_ACTION = 0
_FRAMEWORK = "characteristic__topic__question__framework"
_QUESTION = "characteristic__topic__question__number"
_TOPIC = "characteristic__topic__number"
_NUMBER = "characteristic__number"
# Filter -> the numbers its codes consist of, on a link to a characteristic.
_CODES = {
    "question": (_QUESTION,),
    "topic": (_QUESTION, _TOPIC),
    "characteristic": (_QUESTION, _TOPIC, _NUMBER),
}
_SPEAKS_FOR_ITSELF = ("withdrawn", "unlinked", "retention", "framework", "fresh", "source")


def _coded(rows: Iterable[tuple[Any, ...]]) -> list[Option]:
    """Code -> "1.2 text", once each, of rows that end with their text."""
    options: dict[tuple[int, ...], str] = {}
    for *numbers, text in rows:
        code = ".".join(map(str, numbers))
        options.setdefault(tuple(numbers), f"{code} {shortened(text, _LONGEST_OPTION)}")
    return [(".".join(map(str, numbers)), options[numbers]) for numbers in sorted(options)]


def _questions(of: list[Framework]) -> list[Option]:
    newest = CoreQuestion.objects.filter(framework__in=of).order_by("-framework__in_force_from")
    found = _coded(newest.values_list("number", "text"))
    return [(code, f"PAF {code}: {words.partition(' ')[2]}") for code, words in found]


def _topics(of: list[Framework]) -> list[Option]:
    topics = TopicArea.objects.filter(question__framework__in=of)
    newest = topics.order_by("-question__framework__in_force_from")
    return _coded(newest.values_list("question__number", "number", "text"))


def _characteristics(of: list[Framework]) -> list[Option]:
    characteristics = Characteristic.objects.filter(topic__question__framework__in=of)
    newest = characteristics.order_by("-topic__question__framework__in_force_from")
    numbers = ("topic__question__number", "topic__number", "number")
    return _coded(newest.values_list(*numbers, "text"))


def _frameworks() -> list[Option]:
    versions = Framework.objects.values_list("version", flat=True)
    return [(version, f"PAF {version}") for version in versions]


def _kinds() -> list[Option]:
    named = [(ending, kind.words) for ending, kind in KINDS.items() if ending != "jpeg"]
    return [*named, (LINK, "Link to another system")]


class _OfTheReader(Choices):
    """Choices that are found in what this reader may read."""

    parent: ListFilterSet

    def read_options(self) -> None:
        self.extra["choices"] = list(self.options_in(self.parent.queryset))

    def options_in(self, queryset: QuerySet[Any]) -> Iterable[Option]:
        raise NotImplementedError


class _Coded(Choices):
    """Codes of the versions of the framework that the list is about."""

    parent: "EvidenceFilterSet"

    def __init__(
        self, *args: Any, coded: Callable[[list[Framework]], list[Option]], **kwargs: Any
    ) -> None:
        super().__init__(*args, options=(), folded=True, **kwargs)
        self.coded = coded

    def read_options(self) -> None:
        self.extra["choices"] = self.coded(self.parent.versions)


class _Owners(_OfTheReader):
    def options_in(self, queryset: QuerySet[Any]) -> Iterable[Option]:
        owning = User.objects.filter(pk__in=queryset.order_by().values("owner"))
        named = [(user.username, str(user)) for user in owning.order_by("name", "username")]
        return [(ME, "Me"), *named]


class _Meetings(_OfTheReader):
    def options_in(self, queryset: QuerySet[Any]) -> Iterable[Option]:
        meetings = CorporateMeeting.objects.filter(pk__in=queryset.order_by().values("meeting"))
        return [(str(pk), name) for pk, name in meetings.values_list("pk", "name")]


class EvidenceFilterSet(ListFilterSet):
    """Filters of `/evidence/`. Without a choice the list is of what was not withdrawn."""

    q = Words(
        label="Search",
        help_text="Title, what it shows, and the text of the file. Every word must occur; put "
        "words in double quotes to find them as they stand.",
    )
    withdrawn = OneOf(
        label="Show",
        options=((YES, "Withdrawn"), ("all", "Current and withdrawn")),
        unset="Current",
    )
    unlinked = Choices(label="Characteristics", options=((YES, "Without a characteristic"),))
    retention = Choices(label="Retention", options=((YES, "Retention review due"),))
    fresh = Choices(label="Freshness", options=Freshness.choices)
    marking = Choices(label="Marking", options=Marking.choices)
    source = Choices(label="Source", options=Source.choices, folded=True)
    kind = Choices(label="Kept as", options=_kinds, folded=True)
    question = _Coded(label="PAF area", coded=_questions)
    topic = _Coded(label="Topic area", coded=_topics)
    characteristic = _Coded(label="Characteristic", coded=_characteristics)
    # Chosen by links from a framework's pages only; without it a code is of the one in force.
    framework = Choices(label="PAF", options=_frameworks)
    action = Words(
        label="Action",
        help_text="Its reference, such as ST-0045.",
        max_length=30,
        validators=[RegexValidator(r"^[\w/.-]+$", "Enter one reference, such as ST-0045.")],
    )
    owner = _Owners(label="Owner", options=(), folded=True)
    meeting = _Meetings(label="Meeting", options=(), folded=True)
    dated_from = Day(label="Dated from")
    dated_to = Day(label="Dated to")

    # Filters whose choices can be counted by a field.
    _counted_by: ClassVar[dict[str, str]] = {
        "marking": "marking",
        "source": "source",
        "owner": "owner__username",
        "meeting": "meeting",
    }

    def check_together(self) -> None:
        self.check_range("dated_from", "dated_to")
        if "action" in self.chosen and self._action_key(self.chosen["action"]) is None:
            self.notes.append(f"There is no action {self.chosen['action']}.")

    @cached_property
    def in_force(self) -> Framework | None:
        return Framework.objects.in_force()

    @cached_property
    def versions(self) -> list[Framework]:
        """Whose codes are meant: the versions in the address; without one, that in force."""
        asked = self.data.getlist("framework") if self.data else []
        found = list(Framework.objects.filter(version__in=asked)) if asked else []
        if found or self.in_force is None:
            return found or list(Framework.objects.all())
        return [self.in_force]

    def _action_key(self, reference: str) -> int | None:
        user: User = self.request.user
        return action_named(reference, user)

    # What the filters mean ------------------------------------------------------------------------

    def apply(self, queryset: QuerySet[Any], chosen: dict[str, Any]) -> EvidenceQuerySet:
        found: EvidenceQuerySet = queryset  # type: ignore[assignment]
        show = chosen.get("withdrawn")
        if show != "all":
            found = found.exclude(withdrawn_at=None) if show == YES else found.current()
        found = self._by_fields(found, chosen)
        found = self._by_links(found, chosen)
        if "kind" in chosen:
            found = self._by_kind(found, chosen["kind"])
        if "q" in chosen:
            found = found.found_by(chosen["q"])
        return found

    def _by_fields(self, found: EvidenceQuerySet, chosen: dict[str, Any]) -> EvidenceQuerySet:
        for name in ("marking", "source", "meeting"):
            if name in chosen:
                found = found.filter(**{f"{name}__in": chosen[name]})
        if "fresh" in chosen:
            states = [freshness_is(state, today()) for state in chosen["fresh"]]
            found = found.filter(reduce(or_, states))
        if "retention" in chosen:
            found = found.filter(retention_review_on__lte=today())
        if "owner" in chosen:
            own = Q(owner=self.request.user) if ME in chosen["owner"] else Q()
            named = User.objects.filter(username__in=chosen["owner"])
            found = found.filter(own | Q(owner__in=named))
        for name, lookup in (("dated_from", "gte"), ("dated_to", "lte")):
            if name in chosen:
                found = found.filter(**{f"dated_on__{lookup}": chosen[name]})
        return found

    def _by_links(self, found: EvidenceQuerySet, chosen: dict[str, Any]) -> EvidenceQuerySet:
        links = CharacteristicEvidence.objects.filter(removed_at=None)
        if "unlinked" in chosen:
            found = found.exclude(pk__in=links.values("evidence"))
        links = links.filter(**{f"{_FRAMEWORK}__in": self.versions})
        if "framework" in chosen:
            found = found.filter(pk__in=links.values("evidence"))
        for name, paths in _CODES.items():
            if name in chosen:
                codes = [
                    Q(**dict(zip(paths, code.split("."), strict=True))) for code in chosen[name]
                ]
                found = found.filter(pk__in=links.filter(reduce(or_, codes)).values("evidence"))
        if "action" in chosen:
            found = found.filter(
                pk__in=found.model.objects.filter(
                    # One link has to be both, so in one filter.
                    action_links__removed_at=None,
                    action_links__action=self._action_key(chosen["action"]) or _NO_ACTION,
                ).values("pk")
            )
        return found

    @staticmethod
    def _by_kind(found: EvidenceQuerySet, kinds: list[str]) -> EvidenceQuerySet:
        types = [KINDS[kind].content_type for kind in kinds if kind != LINK]
        either = Q(newest_type__in=types)
        if LINK in kinds:
            either |= Q(newest_type=None)
        return with_newest_type(found).filter(either)

    # What the panel and the chips say -------------------------------------------------------------

    def count_choices(self, name: str) -> dict[str, int]:
        """How many pieces each choice would leave, the other filters staying as they are."""
        others: EvidenceQuerySet = self.without(name).order_by()  # type: ignore[assignment]
        if name in self._counted_by:
            return _counted(others, self._counted_by[name])
        if name == "kind":
            endings = {kind.content_type: ending for ending, kind in reversed(KINDS.items())}
            counted = _counted(with_newest_type(others), "newest_type")
            return {endings.get(key, LINK): count for key, count in counted.items()}
        if name == "fresh":
            sums = {
                state.value: Count("pk", filter=freshness_is(state, today())) for state in Freshness
            }
            return dict(others.aggregate(**sums))
        if name in _CODES:
            return self._counted_codes(others, _CODES[name])
        if name in ("unlinked", "retention"):
            return {YES: self.apply(self.queryset, {**self.chosen, name: [YES]}).count()}
        return {}

    def _counted_codes(self, found: EvidenceQuerySet, paths: tuple[str, ...]) -> dict[str, int]:
        links = CharacteristicEvidence.objects.filter(removed_at=None, evidence__in=found)
        links = links.filter(**{f"{_FRAMEWORK}__in": self.versions})
        rows = links.order_by().values_list(*paths).annotate(Count("evidence", distinct=True))
        return {".".join(map(str, numbers)): count for *numbers, count in rows}

    def words_for(self, name: str, value: Any) -> str:
        """A chip: choices that speak for themselves go without the name of their filter."""
        words = super().words_for(name, value)
        if name in _SPEAKS_FOR_ITSELF:
            return words.partition(": ")[2]
        if name == "owner" and value == ME:
            return "Mine"
        if name == "question":
            return f"PAF {value}{self._version_words()}"
        if name in ("topic", "characteristic"):
            return f"{self.label_of(name)} {value}{self._version_words()}"
        if name == "q":
            return value if '"' in value else f"“{value}”"
        return words

    def _version_words(self) -> str:
        """Of which version a code is, unless it is that in force."""
        if self.versions == [self.in_force]:
            return ""
        return f" ({', '.join(each.version for each in self.versions)})"


def with_newest_type(found: EvidenceQuerySet) -> EvidenceQuerySet:
    """With `newest_type`, the content type of the newest file; None for a link."""
    newest = EvidenceFile.objects.filter(evidence=OuterRef("pk")).order_by("-version")
    return found.annotate(newest_type=Subquery(newest.values("content_type")[:1]))


def _counted(found: EvidenceQuerySet, by: str) -> dict[str, int]:
    """How many pieces there are of each value."""
    rows = found.values_list(by).annotate(Count("pk"))
    return {"" if key is None else str(key): count for key, count in rows}


GROUPS = (
    Group("", ("q", "withdrawn")),
    Group("Attention", ("unlinked", "retention")),
    Group("", ("fresh", "marking")),
    Group("", ("question", "topic", "characteristic", "action")),
    Group("", ("source", "meeting", "owner", "kind")),
    Group("Dates", ("dated_from", "dated_to"), folded=True),
)
