"""The filters of the action list, as at a date.

What is kept by date (status, stage, level, leads, due date, updates, confidence, presence on the
portal) is that of the chosen day; text, question area and publication are as they stand now.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, QueryDict

from core.dates import long_date, today
from core.listing import Choices, Day, ListFilterSet, OneOf, Words
from core.listing.filters import Group, Option
from inspections.choices import LeadRole, PublicationType, Scope
from inspections.models import CoreQuestion, Framework, Publication
from people.models import Lead
from tracker import position
from tracker.choices import Kind, Level, Register, Stage, Status
from tracker.models import ActionLead, Confidence
from tracker.queries import ActionQuerySet, Part

NONE = "none"
YES = "yes"
NO = "no"
# These say themselves whether closed actions are meant; without them the list is of live ones.
_NAMES_ITS_OWN_STATE = ("status", "stage", "change")
_NEEDS_DATES = (
    "overdue",
    "stale",
    "due",
    "due_from",
    "due_to",
    "updated_from",
    "updated_to",
    "confidence",
)
_SPEAKS_FOR_ITSELF = (
    "show",
    "lead",
    "overdue",
    "stale",
    "due",
    "expected",
    "stage",
    "kind",
    "level",
    "scope",
    "portal",
    "publication",
    "framework",
)

SHOW = (("closed", "Closed"), ("all", "Live and closed"))
CHANGES = (
    ("opening", "Live at the beginning"),
    ("new", "Received since"),
    ("reopened", "Re-opened since"),
    ("closed", "Closed since"),
    ("closing", "Live at the end"),
)


def _questions() -> list[Option]:
    newest_first = CoreQuestion.objects.select_related("framework").order_by(
        "number", "-framework__in_force_from"
    )
    options: dict[str, str] = {}
    for question in newest_first:
        options.setdefault(str(question.number), f"PAF {question.number}: {question.text}")
    return [*options.items(), (NONE, "Not aligned")]


def _frameworks() -> list[Option]:
    versions = Framework.objects.values_list("version", flat=True)
    return [(version, f"PAF {version}") for version in versions]


def _leads(role: LeadRole) -> Callable[[], list[Option]]:
    def options() -> list[Option]:
        duties = ActionLead.objects.filter(lead=OuterRef("pk"), role=role)
        leading = Lead.objects.filter(Exists(duties)).order_by("name")
        return [*leading.values_list("slug", "name"), (NONE, f"No {role.label.lower()}")]

    return options


def _publications() -> list[Option]:
    return list(Publication.objects.order_by("title").values_list("slug", "title"))


def _confidences() -> list[Option]:
    scale = Confidence.objects.order_by("order")
    return [
        *((str(each.order), f"{each.symbol} {each.name}") for each in scale),
        (NONE, "Not rated"),
    ]


class ActionFilterSet(ListFilterSet):
    """Filters of `/actions/`; their names in the address are stable."""

    q = Words(
        label="Search", help_text="Reference, text, publication or lead. Every word must occur."
    )
    as_at = Day(label="As at", help_text="For example, 20.11.24. Today unless you say.")
    show = OneOf(label="Show", options=SHOW, unset="Live")
    lead = Choices(label="Led by", options=(("me", "Led by me"),))
    overdue = Choices(label="Overdue", options=((YES, "Overdue"),))
    stale = Choices(
        label="Not updated",
        options=lambda: [(YES, f"Not updated for {settings.STALE_AFTER_DAYS} days")],
    )
    expected = Choices(label="Expected closure", options=((NONE, "No expected closure date"),))
    due = Choices(label="Due", options=((NONE, "No due date"),))
    stage = Choices(label="Stage", options=Stage.choices)
    status = Choices(label="Status", options=Status.choices, folded=True)
    kind = Choices(label="Kind", options=Kind.choices)
    level = Choices(
        label="Activity level",
        options=(
            *((str(level.value), f"Level {level.label}") for level in Level),
            (NONE, "No level, or not given yet"),
        ),
    )
    scope = Choices(label="Scope", options=Scope.choices)
    register = Choices(label="Register", options=Register.choices, folded=True)
    question = Choices(label="PAF area", options=_questions, folded=True)
    # Chosen by links from a framework's pages only: a number is that question of every version.
    framework = Choices(label="PAF", options=_frameworks)
    executive = Choices(label="Executive lead", options=_leads(LeadRole.EXECUTIVE), folded=True)
    delivery = Choices(label="Delivery lead", options=_leads(LeadRole.DELIVERY), folded=True)
    publication = Choices(label="Publication", options=_publications, folded=True)
    type = Choices(label="Type of publication", options=PublicationType.choices, folded=True)
    confidence = Choices(label="Delivery confidence", options=_confidences)
    portal = Choices(
        label="HMICFRS portal", options=((YES, "On the portal"), (NO, "Not on the portal"))
    )
    due_from = Day(label="Due from")
    due_to = Day(label="Due to")
    received_from = Day(label="Received from")
    received_to = Day(label="Received to")
    updated_from = Day(label="Last update from")
    updated_to = Day(label="Last update to")
    published_from = Day(label="Published from")
    published_to = Day(label="Published to")
    closed_from = Day(label="Closed from")
    closed_to = Day(label="Closed to")
    since = Day(label="Since")
    change = OneOf(label="What has changed", options=CHANGES, unset="Choose")

    # Filters whose choices can be counted, with what the rows are grouped by (`with_position`).
    _counted_by: ClassVar[dict[str, str]] = {
        "kind": "kind",
        "level": "level_at",
        "scope": "scope",
        "register": "register",
        "status": "status_at",
        "stage": "stage_at",
        "question": "question__number",
        "executive": "executive__lead__slug",
        "delivery": "delivery__lead__slug",
        "publication": "publication__slug",
        "type": "publication__type",
        "confidence": "confidence_at",
        "portal": "on_portal_at",
    }

    def __init__(self, data: QueryDict, queryset: QuerySet[Any], *, request: HttpRequest) -> None:
        # The day everything is of; `as_at` is the filter that chooses it.
        self.day: dt.date = today()
        super().__init__(data, queryset, request=request)

    # Reading the address ------------------------------------------------------------------------

    def check_together(self) -> None:
        """As at not after today; a change needs the day it is counted from; ranges in order."""
        asked: dt.date | None = self.chosen.get("as_at")
        if asked and asked > today():
            self.drop("as_at", f"As at: {long_date(asked)} has not come yet, so today is shown.")
        self.day = self.chosen.get("as_at", self.day)
        if "change" in self.chosen and "since" not in self.chosen:
            self.drop("change", "What has changed: say since when, in “Since”.")
        if "since" in self.chosen and self.chosen["since"] > self.day:
            self.drop("since", f"Since: the day must not be after {long_date(self.day)}.")
            self.chosen.pop("change", None)
        if "since" in self.chosen and "change" not in self.chosen:
            self.drop("since", "Since: choose what has changed as well.")
        for name in ("due", "updated", "received", "published", "closed"):
            self.check_range(f"{name}_from", f"{name}_to")

    @property
    def as_at_is_today(self) -> bool:
        return self.day == today()

    # What the filters mean ----------------------------------------------------------------------

    def apply(self, queryset: QuerySet[Any], chosen: dict[str, Any]) -> ActionQuerySet:
        """The actions under these filters, with no more in the query than they need."""
        actions: ActionQuerySet = queryset  # type: ignore[assignment]
        actions = self._by_fields(actions, chosen)
        actions = actions.in_period(self.day, self._of_period(chosen), chosen.get("stage", ()))
        if "change" in chosen:
            actions = actions.moved(chosen["change"], chosen["since"], self.day)
        if "received_from" in chosen or "received_to" in chosen:
            actions = actions.received_between(
                chosen.get("received_from"), chosen.get("received_to")
            )
        if "lead" in chosen:
            actions = actions.led_by(self.request.user, self.day)
        for role in LeadRole:
            if role.value in chosen:
                actions = actions.led_by_posts(role, *_split(chosen[role.value]), self.day)
        if "expected" in chosen:
            actions = actions.with_forecast(self.day).filter(Q(expected_closure_on=None))
        if any(name in chosen for name in _NEEDS_DATES):
            actions = self._by_dates(actions.with_parts(self.day, Part.PERIOD, Part.DATES), chosen)
        return actions

    def _by_fields(self, actions: ActionQuerySet, chosen: dict[str, Any]) -> ActionQuerySet:
        """By what an action is, whatever the day."""
        if "register" in chosen:
            actions = actions.filter(register__in=chosen["register"], entered_in_error=False)
        else:
            actions = actions.counted()
        for name in ("kind", "scope"):
            if name in chosen:
                actions = actions.filter(**{f"{name}__in": chosen[name]})
        for name, lookup in (("published_from", "gte"), ("published_to", "lte")):
            if name in chosen:
                actions = actions.filter(**{f"publication__published_on__{lookup}": chosen[name]})
        if "publication" in chosen:
            named = Publication.objects.filter(slug__in=chosen["publication"])
            actions = actions.filter(publication__in=named)
        if "type" in chosen:
            typed = Publication.objects.filter(type__in=chosen["type"])
            actions = actions.filter(publication__in=typed)
        if "question" in chosen:
            numbers, without = _split(chosen["question"])
            asked = CoreQuestion.objects.filter(number__in=numbers)
            actions = actions.filter(_either(Q(question__in=asked), Q(question=None), without))
        if "framework" in chosen:
            actions = actions.filter(question__framework__version__in=chosen["framework"])
        if "portal" in chosen and len(chosen["portal"]) == 1:
            actions = actions.on_portal(self.day, chosen["portal"] == [YES])
        return actions.search(chosen["q"], self.day) if "q" in chosen else actions

    def _of_period(self, chosen: dict[str, Any]) -> Q:
        """What must be true of the status period that holds on the day."""
        condition = Q()
        show = state_of(chosen)
        if show == "live":
            condition &= ~Q(status=Status.CLOSED)
        if show == "closed":
            condition &= Q(status=Status.CLOSED)
        if "status" in chosen:
            condition &= Q(status__in=chosen["status"])
        if "level" in chosen:
            levels, without = _split(chosen["level"])
            condition &= _either(Q(level__in=levels), Q(level=None), without)
        for name, lookup in (("closed_from", "gte"), ("closed_to", "lte")):
            if name in chosen:
                condition &= Q(status=Status.CLOSED, **{f"started_on__{lookup}": chosen[name]})
        return condition

    def _by_dates(self, actions: ActionQuerySet, chosen: dict[str, Any]) -> ActionQuerySet:
        """By due date, last update and confidence, as they were known on the day."""
        if "overdue" in chosen:
            actions = actions.overdue(self.day)
        if "stale" in chosen:
            actions = actions.stale(self.day)
        if "due" in chosen:
            actions = actions.filter(Q(due_on=None))
        if "due_from" in chosen:
            actions = actions.filter(Q(due_on__gte=chosen["due_from"]))
        if "due_to" in chosen:
            actions = actions.filter(Q(due_on__lte=chosen["due_to"]))
        if "updated_from" in chosen or "updated_to" in chosen:
            actions = actions.heard_between(chosen.get("updated_from"), chosen.get("updated_to"))
        if "confidence" in chosen:
            orders, without = _split(chosen["confidence"])
            actions = actions.filter(
                _either(Q(confidence_at__in=orders), Q(confidence_at=None), without)
            )
        return actions

    # What the panel and the chips say -----------------------------------------------------------

    def count_choices(self, name: str) -> dict[str, int]:
        """How many actions each choice would leave, the other filters staying as they are."""
        others = {key: value for key, value in self.chosen.items() if key != name}
        if name in ("stage", "status"):
            # To choose a stage is to say which state is wanted, so closed actions count too.
            others.setdefault("show", "all")
        if name == "register":
            # Without a choice the list is of the registers that count; each can be chosen.
            others["register"] = Register.values
        actions = self.apply(self.queryset, others)
        if name in self._counted_by:
            grouped = position.grouped(actions.with_position(self.day), self._counted_by[name])
            return {_address_value(key): count for key, count in grouped.items()}
        if name in ("overdue", "stale", "due", "expected", "lead"):
            only = self.filters[name].extra["choices"][0][0]
            return {only: self.apply(self.queryset, {**others, name: [only]}).count()}
        return {}

    def in_words(self) -> list[str]:
        """Without the day, which every export tells anyway."""
        return [
            self.words_for(name, value)
            for name, chosen in self.chosen.items()
            if name != "as_at"
            for value in (chosen if isinstance(chosen, list) else [chosen])
        ]

    def words_for(self, name: str, value: Any) -> str:
        """A chip: choices that speak for themselves go without the name of their filter."""
        words: str = super().words_for(name, value)
        if name in _SPEAKS_FOR_ITSELF:
            return words.partition(": ")[2]
        if name == "question" and value != NONE:
            return f"PAF {value}"
        if name == "q":
            return f"“{value}”"
        return words


def state_of(chosen: dict[str, Any]) -> str:
    """Which actions these filters are about: "live" (the usual), "closed" or "all"."""
    if "show" in chosen:
        return str(chosen["show"])
    if "closed_from" in chosen or "closed_to" in chosen:
        return "closed"
    return "all" if any(name in chosen for name in _NAMES_ITS_OWN_STATE) else "live"


def _split(values: list[str]) -> tuple[list[str], bool]:
    """The chosen values, and whether "none" is among them."""
    return [value for value in values if value != NONE], NONE in values


def _either(some: Q, none: Q, without: bool) -> Q:
    """`some`, and those with none where these were asked for too."""
    return some | none if without else some


def _address_value(key: Any) -> str:
    """A group's key as the address writes it."""
    if isinstance(key, bool):
        return YES if key else NO
    return NONE if key is None else str(key)


GROUPS = (
    Group("", ("q", "as_at", "show")),
    Group("Attention", ("lead", "overdue", "stale", "due", "expected")),
    Group("", ("stage", "kind", "level", "scope", "confidence", "portal")),
    Group("", ("question", "executive", "delivery", "publication", "type", "status", "register")),
    Group(
        "Dates",
        (
            "due_from",
            "due_to",
            "updated_from",
            "updated_to",
            "received_from",
            "received_to",
            "published_from",
            "published_to",
            "closed_from",
            "closed_to",
        ),
        folded=True,
    ),
    Group("Movement", ("since", "change"), folded=True),
)
