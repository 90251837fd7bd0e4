"""`/evidence/good-practice/`: the register of good practice as a list."""

import datetime as dt
from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.access import access
from core.dates import long_date
from core.listing import Choices, ListFilterSet, ListPage, ListTable, Words
from core.listing.filters import Group, Option
from core.markings import Marking
from evidence.models import GoodPractice, TakeUp
from evidence.practice import KEEPS
from evidence.views.rules import readers
from people.models import Lead

_DATE = {"th": {"class": "app-table__date"}, "td": {"class": "app-table__date"}}
_WIDE = {"th": {"class": "app-table__wide"}}
_ORIGINS = {
    "evidence": ("Evidence", Q(evidence__isnull=False)),
    "publication": ("Publication", Q(publication__isnull=False)),
    "force": ("Another force", ~Q(other_force="")),
}
_TAKEN: list[Option] = [("yes", "Taken up by somebody"), ("no", "By nobody yet")]


def _leads() -> list[Option]:
    return list(Lead.objects.order_by("name").values_list("slug", "name"))


class PracticeFilterSet(ListFilterSet):
    """Filters of the register. Words are looked for in what the register itself says, never in the
    evidence a practice comes from.
    """

    q = Words(label="Search", help_text="Words of the title or of what it is.")
    origin = Choices(label="From", options=[(key, words) for key, (words, _) in _ORIGINS.items()])
    could_use = Choices(label="Who could use it", options=_leads, folded=True)
    taken_up = Choices(label="Taken up", options=_TAKEN)
    marking = Choices(label="Marking", options=Marking.choices, folded=True)

    def apply(self, queryset: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        for word in chosen.get("q", "").split():
            queryset = queryset.filter(Q(title__icontains=word) | Q(what__icontains=word))
        if "origin" in chosen:
            origins = Q()
            for key in chosen["origin"]:
                origins |= _ORIGINS[key][1]
            queryset = queryset.filter(origins)
        if "could_use" in chosen:
            ticked = GoodPractice.could_use.through.objects.filter(
                goodpractice=OuterRef("pk"), lead__slug__in=chosen["could_use"]
            )
            queryset = queryset.filter(Exists(ticked))
        if len(set(chosen.get("taken_up", ()))) == 1:
            taken = Exists(TakeUp.objects.filter(practice=OuterRef("pk")))
            queryset = queryset.filter(taken if "yes" in chosen["taken_up"] else ~taken)
        if "marking" in chosen:
            queryset = queryset.filter(marking__in=chosen["marking"])
        return queryset


class PracticeTable(ListTable):
    """Good practices."""

    default_columns = ("title", "origin", "could_use", "taken_up", "recorded", "marking")
    row_header = "title"
    tie_breaker = ("title", "pk")
    always_filled: ClassVar[tuple[str, ...]] = ("title", "recorded_on", "marking", "pk")

    title = tables.Column("Good practice", attrs=_WIDE)
    what = tables.Column("What it is", attrs=_WIDE, orderable=False)
    origin = tables.Column("From", accessor="pk", orderable=False, empty_values=())
    could_use = tables.Column("Could use it", accessor="pk", orderable=False, empty_values=())
    taken_up = tables.Column("Taken up by", accessor="pk", orderable=False, empty_values=())
    recorded = tables.Column("Recorded", accessor="recorded_on", attrs=_DATE)
    marking = tables.Column("Marking")

    class Meta:
        default = "—"

    def render_title(self, record: GoodPractice) -> SafeString:
        return format_html(
            '<a class="govuk-link" href="{}">{}</a>', record.get_absolute_url(), record.title
        )

    def value_title(self, value: str) -> str:
        return value

    def render_what(self, value: str) -> SafeString:
        return format_html('<span class="app-clamp">{}</span>', value)

    def value_what(self, value: str) -> str:
        return value

    def render_origin(self, record: Any) -> str:
        return origin_words(record)

    def render_could_use(self, record: GoodPractice) -> str:
        return ", ".join(str(lead) for lead in record.could_use.all()) or "—"

    def render_taken_up(self, record: GoodPractice) -> str:
        return ", ".join(str(each.lead) for each in record.take_ups.all()) or "Nobody yet"

    def render_recorded(self, value: dt.date) -> str:
        return long_date(value)

    def value_recorded(self, value: dt.date) -> dt.date:
        return value


def origin_words(record: Any) -> str:
    """Where a practice comes from, for a reader; nothing of evidence they may not read.

    Args:
        record: a practice that came `with_origin`.
    """
    if record.evidence_id:
        return str(record.evidence) if record.evidence_shown else "Evidence that is not shown"
    return str(record.publication) if record.publication_id else record.other_force


@access(readers)
class PracticeListPage(ListPage):
    """The register of good practice, the latest first."""

    key = "evidence:practices"
    title = "Good practice"
    noun = ("good practice", "good practices")
    file_name = "good-practice"
    filterset_class = PracticeFilterSet
    table_class = PracticeTable
    template_name = "evidence/practice/list.html"
    default_sort = "-recorded"
    marked_by = "marking"
    groups = (Group("", ("q", "origin", "taken_up", "could_use", "marking")),)

    def get_queryset(self) -> QuerySet[GoodPractice]:
        return GoodPractice.objects.visible_to(self.user)

    def for_display(self, queryset: QuerySet[Any], columns: list[str]) -> QuerySet[Any]:
        practices: Any = queryset
        return practices.with_origin(self.user).with_leads()

    def context(self, filtered: QuerySet[Any], ordered: QuerySet[Any]) -> dict[str, Any]:
        may = self.user.has_perm("evidence.add_evidence") or self.user.has_perm(KEEPS)
        return {**super().context(filtered, ordered), "may_add": may}
