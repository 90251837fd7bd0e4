"""`/publications/`: the list of reports, with how many of their actions are live."""

from functools import reduce
from operator import or_
from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.access import access, holders_of
from core.dates import long_date, today
from core.listing import Choices, Day, ListFilterSet, ListPage, ListTable, Words
from core.listing.filters import Group, Option
from core.numbers import capitalised
from inspections.choices import OUTSIDE_TYPES, DatePrecision, PublicationType, Scope
from inspections.models import CoreQuestion, Publication
from inspections.queries import ResponseState, response_is
from tracker import position
from tracker.position import PublicationCount

_NUMBER = {"th": {"class": "app-table__number"}, "td": {"class": "app-table__number"}}
_DATE = {"th": {"class": "app-table__date"}, "td": {"class": "app-table__date"}}


def _questions() -> list[Option]:
    numbers = CoreQuestion.objects.order_by("number").values_list("number", flat=True).distinct()
    return [(str(number), f"PAF {number}") for number in numbers]


class PublicationFilterSet(ListFilterSet):
    """Filters of the list of publications; those of internal reviews are there only for who asks
    for their type.
    """

    q = Words(label="Search", help_text="Words of the title.")
    type = Choices(label="Type", options=PublicationType.choices)
    scope = Choices(label="Scope", options=Scope.choices)
    question = Choices(label="PAF area", options=_questions, folded=True)
    response = Choices(label="Response", options=ResponseState.choices)
    published_from = Day(label="Published from")
    published_to = Day(label="Published to")

    def check_together(self) -> None:
        self.check_range("published_from", "published_to")

    def apply(self, queryset: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        if "type" not in chosen:
            queryset = queryset.filter(type__in=OUTSIDE_TYPES)
        for word in chosen.get("q", "").split():
            queryset = queryset.filter(Q(title__icontains=word) | Q(described_as__icontains=word))
        for name, path in (
            ("type", "type__in"),
            ("scope", "scope__in"),
            ("question", "question__number__in"),
            ("published_from", "published_on__gte"),
            ("published_to", "published_on__lte"),
        ):
            if name in chosen:
                queryset = queryset.filter(**{path: chosen[name]})
        if "response" in chosen:
            states = [response_is(state, today()) for state in chosen["response"]]
            queryset = queryset.filter(reduce(or_, states))
        return queryset

    def count_choices(self, name: str) -> dict[str, int]:
        if name == "response":
            others = self.without(name)
            return {
                state: others.filter(response_is(state, today())).count() for state in ResponseState
            }
        if name == "type":
            every = self.apply(self.queryset, {**self.chosen, "type": PublicationType.values})
            return position.grouped(every, "type")
        paths = {"scope": "scope", "question": "question__number"}
        counted = position.grouped(self.without(name), paths[name])
        return {str(key): count for key, count in counted.items()}


class PublicationTable(ListTable):
    """Publications; `counts`: how the actions of each stand, by primary key."""

    default_columns = ("title", "type", "published", "question", "lead", "live", "response")
    row_header = "title"
    tie_breaker = ("title", "pk")
    always_filled: ClassVar[tuple[str, ...]] = ("title", "published_on", "type", "scope", "pk")

    title = tables.Column("Title")
    type = tables.Column("Type")
    scope = tables.Column("Scope")
    published = tables.Column("Published", accessor="published_on", attrs=_DATE)
    question = tables.Column(
        "PAF area", accessor="question__number", order_by=("question__number",)
    )
    lead = tables.Column(
        "Executive lead", accessor="executive_lead__name", order_by=("executive_lead__name",)
    )
    live = tables.Column(
        "Live actions", accessor="pk", orderable=False, empty_values=(), attrs=_NUMBER
    )
    received = tables.Column(
        "Actions received", accessor="pk", orderable=False, empty_values=(), attrs=_NUMBER
    )
    response = tables.Column(
        "Response due", accessor="response_due_on", order_by=("response_due_on",), attrs=_DATE
    )

    because = tables.Column(
        "Why the response is due on that day", accessor="response_because", orderable=False
    )
    source = tables.Column("Published by", accessor="source_name", orderable=False)

    class Meta:
        default = "—"

    def __init__(self, *args: Any, counts: dict[int, PublicationCount], **kwargs: Any) -> None:
        self.counts = counts
        super().__init__(*args, **kwargs)

    def render_title(self, record: Publication) -> SafeString:
        return format_html(
            '<a class="govuk-link" href="{}">{}</a>',
            reverse("tracker:publication", args=[record.slug]),
            record.title,
        )

    def value_title(self, value: str) -> str:
        return value

    def render_published(self, value: Any, record: Publication) -> str:
        return record.published_words

    def value_published(self, value: Any, record: Publication) -> Any:
        exact = record.date_precision == DatePrecision.DAY
        return value if exact else record.published_words

    def render_question(self, value: int) -> str:
        return f"PAF {value}"

    def render_live(self, value: int) -> int:
        return self.counts[value].live if value in self.counts else 0

    def render_received(self, value: int) -> int:
        return self.counts[value].received if value in self.counts else 0

    def render_response(self, value: Any, record: Publication) -> str:
        if record.response_published_on:
            return f"Published {long_date(record.response_published_on)}"
        because = record.response_because
        if not because:
            return long_date(value)
        return format_html(
            '{}<span class="app-table__under">{}</span>', long_date(value), capitalised(because)
        )

    def value_response(self, value: Any) -> Any:
        return value


@access(holders_of("inspections.view_publication"))
class PublicationListPage(ListPage):
    """Reports of HMICFRS and others, newest first."""

    key = "tracker:publications"
    title = "Publications"
    noun = ("publication", "publications")
    file_name = "publications"
    filterset_class = PublicationFilterSet
    table_class = PublicationTable
    template_name = "tracker/publication_list.html"
    default_sort = "-published"
    groups = (
        Group("", ("q", "response", "type", "scope", "question")),
        Group("Dates", ("published_from", "published_to")),
    )

    def get_queryset(self) -> QuerySet[Publication]:
        return Publication.objects.all()

    def for_display(self, queryset: QuerySet[Any], columns: list[str]) -> QuerySet[Any]:
        return queryset.select_related("question", "executive_lead")

    def table_options(self) -> dict[str, Any]:
        return {"counts": self.counts}

    def read_address(self) -> None:
        super().read_address()
        self.counts = position.by_publication(today())

    def context(self, filtered: QuerySet[Any], ordered: QuerySet[Any]) -> dict[str, Any]:
        may_govern = self.user.has_perm("tracker.govern_actions")
        return {**super().context(filtered, ordered), "may_govern": may_govern}
