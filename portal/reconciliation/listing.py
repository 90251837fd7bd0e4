"""The working list of differences: its filters and its table."""

import datetime as dt
from functools import reduce
from operator import or_
from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.dates import long_date, today
from core.listing import Choices, ListFilterSet, ListTable, OneOf, Words
from core.listing.filters import Option
from people.models import User
from portal.difference_queries import still_accepted, to_look_at
from portal.models import Answer, DifferenceKind, PortalDifference
from tracker import position

CLOSED = "closed"
ALL = "all"
NOBODY = "nobody"
ME = "me"
LOOK = "look"
_ANSWERS: tuple[Option, ...] = (
    (LOOK, "Not looked at yet"),
    (Answer.WAITING.value, "Waiting for the portal"),
    (Answer.ACCEPTED.value, "Accepted until a date"),
    (Answer.OUR_ERROR.value, "Our error, to be corrected here"),
    (Answer.ADOPTED.value, "Portal’s value adopted"),
)
_AGES: tuple[Option, ...] = (
    ("30", "30 days and more"),
    ("90", "90 days and more"),
    ("180", "180 days and more"),
)
_NUMBER = {"th": {"class": "app-table__number"}, "td": {"class": "app-table__number"}}
_DATE = {"th": {"class": "app-table__date"}, "td": {"class": "app-table__date"}}
_WIDE = {"td": {"class": "app-table__medium"}}
NOTHING = "—"


def _owners() -> list[Option]:
    owned = PortalDifference.objects.exclude(owner=None).values("owner")
    owners = User.objects.filter(pk__in=owned).order_by("name")
    return [*((str(each.pk), str(each)) for each in owners), (NOBODY, "Owned by nobody")]


def _answer_is(answer: str) -> Q:
    if answer == LOOK:
        return to_look_at(today())
    if answer == Answer.ACCEPTED:
        return still_accepted(today())
    return Q(answer=answer)


class DifferenceFilterSet(ListFilterSet):
    """Filters of `/portal/`; their names in the address are stable."""

    q = Words(label="Search", help_text="Reference, text or note. Every word must occur.")
    show = OneOf(
        label="Show", options=((CLOSED, "Settled"), (ALL, "Open and settled")), unset="Open"
    )
    mine = Choices(label="Owned by", options=((ME, "Owned by me"),))
    kind = Choices(label="Kind", options=DifferenceKind.choices)
    answer = Choices(label="Decision", options=_ANSWERS)
    age = OneOf(label="Age", options=_AGES)
    owner = Choices(label="Owner", options=_owners, folded=True)

    def apply(self, queryset: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        show = chosen.get("show")
        if show != ALL:
            queryset = queryset.filter(closed_on__isnull=show != CLOSED)
        for word in chosen.get("q", "").split():
            queryset = queryset.filter(_holds(word))
        if "mine" in chosen:
            queryset = queryset.filter(owner=self.request.user)
        if "kind" in chosen:
            queryset = queryset.filter(kind__in=chosen["kind"])
        if "answer" in chosen:
            queryset = queryset.filter(reduce(or_, map(_answer_is, chosen["answer"])))
        if "age" in chosen:
            day = today() - dt.timedelta(days=int(chosen["age"]))
            queryset = queryset.filter(opened_on__lte=day)
        if "owner" in chosen:
            keys = [each for each in chosen["owner"] if each != NOBODY]
            nobody = Q(owner=None) if NOBODY in chosen["owner"] else Q(pk__in=[])
            queryset = queryset.filter(Q(owner__in=keys) | nobody)
        return queryset

    def count_choices(self, name: str) -> dict[str, int]:
        others = self.without(name)
        if name == "answer":
            return {value: others.filter(_answer_is(value)).count() for value, _ in _ANSWERS}
        if name == "mine":
            return {ME: others.filter(owner=self.request.user).count()}
        if name == "age":
            return {
                value: others.filter(opened_on__lte=today() - dt.timedelta(days=int(value))).count()
                for value, _ in _AGES
            }
        if name == "show":
            every = {key: each for key, each in self.chosen.items() if key != "show"}
            return {
                value: self.apply(self.queryset, {**every, "show": value}).count()
                for value in (CLOSED, ALL)
            }
        counted = position.grouped(others, name)
        return {NOBODY if key is None else str(key): count for key, count in counted.items()}


def _holds(word: str) -> Q:
    paths = (
        "action__search_text",
        "action__publication__title",
        "record__reference",
        "record__text",
        "record__publication",
        "note",
    )
    return reduce(
        or_,
        (
            Q(**{f"{path}__icontains": word.lower() if path.endswith("search_text") else word})
            for path in paths
        ),
    )


class DifferenceTable(ListTable):
    """Differences, each with both sides."""

    default_columns = ("kind", "about", "ours", "theirs", "age", "owner", "answer")
    row_header = "about"
    tie_breaker = ("opened_on", "pk")
    always_filled: ClassVar[tuple[str, ...]] = ("opened_on", "kind", "pk")

    about = tables.Column(
        "Action or record",
        accessor="pk",
        order_by=("action__reference", "record__reference"),
        attrs=_WIDE,
    )
    portal_reference = tables.Column(
        "Portal reference", accessor="pk", order_by=("record__reference",)
    )
    kind = tables.Column("Kind", attrs=_WIDE)
    ours = tables.Column("Ours", accessor="ours_words", orderable=False, attrs=_WIDE)
    theirs = tables.Column("The portal’s", accessor="theirs_words", orderable=False, attrs=_WIDE)
    since = tables.Column("Found on", accessor="opened_on", attrs=_DATE)
    age = tables.Column("Age in days", accessor="days_old", order_by=("-opened_on",), attrs=_NUMBER)
    owner = tables.Column("Owner", order_by=("owner__name",))
    answer = tables.Column("Decision", accessor="answer_words", order_by=("answer",))
    note = tables.Column("Note", orderable=False, attrs=_WIDE)
    closed = tables.Column("Settled", accessor="closed_on", attrs=_DATE)
    marking = tables.Column("Marking", accessor="action__marking", orderable=False)

    class Meta:
        default = NOTHING

    def ticked(self, record: PortalDifference) -> object:
        """Its key: two differences may have the same words."""
        return record.pk

    def render_about(self, record: PortalDifference) -> SafeString:
        return format_html(
            '<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden"> {}</span></a>'
            '<span class="app-table__under">{}</span>',
            reverse("portal:difference", args=[record.pk]),
            reference_of(record),
            record.get_kind_display().lower(),
            title_of(record),
        )

    def value_about(self, record: PortalDifference) -> str:
        return f"{reference_of(record)}: {title_of(record)}"

    def render_portal_reference(self, record: PortalDifference) -> str:
        return portal_reference_of(record) or NOTHING

    def render_ours(self, value: str) -> SafeString:
        return format_html('<span class="app-clamp">{}</span>', value)

    def value_ours(self, value: str) -> str:
        return value

    def render_theirs(self, value: str) -> SafeString:
        return format_html('<span class="app-clamp">{}</span>', value)

    def value_theirs(self, value: str) -> str:
        return value

    def render_since(self, value: dt.date) -> str:
        return long_date(value)

    def value_since(self, value: dt.date) -> dt.date:
        return value

    def render_answer(self, value: str, record: PortalDifference) -> SafeString:
        if not record.note:
            return format_html("{}", value)
        return format_html(
            '{}<span class="app-table__under app-clamp">{}</span>', value, record.note
        )

    def value_answer(self, value: str) -> str:
        return value

    def render_note(self, value: str) -> SafeString:
        return format_html('<span class="app-clamp">{}</span>', value)

    def value_note(self, value: str) -> str:
        return value

    def render_closed(self, value: dt.date, record: PortalDifference) -> SafeString:
        by = f"with {record.closed_by}" if record.closed_by else "changed here"
        return format_html('{}<span class="app-table__under">{}</span>', long_date(value), by)

    def value_closed(self, value: dt.date) -> dt.date:
        return value


def reference_of(difference: PortalDifference) -> str:
    """What a difference is about: our reference, or the portal's where the action is not here."""
    return str(difference.action or difference.record)


def portal_reference_of(difference: PortalDifference) -> str:
    """What the portal calls it, as far as is known."""
    if difference.record is not None:
        return difference.record.reference
    return (difference.action and difference.action.portal_reference) or ""


def title_of(difference: PortalDifference) -> str:
    """The report it comes from."""
    if difference.action is not None:
        return str(difference.action.publication.title)
    return difference.record.publication if difference.record else ""
