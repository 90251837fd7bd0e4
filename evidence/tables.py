"""The table of evidence: every column on offer, and what each shows, sorts by and exports."""

import datetime as dt
from typing import Any, ClassVar

import django_tables2 as tables
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.dates import long_date
from core.listing import ListTable
from core.markings import Marking
from evidence.choices import Freshness
from evidence.models import Evidence
from evidence.search import Hit, marked
from inspections.models import Framework

_DATE = {"th": {"class": "app-table__date"}, "td": {"class": "app-table__date"}}
_FRESHNESS_COLOURS = {
    Freshness.FRESH: "govuk-tag--green",
    Freshness.DUE: "govuk-tag--yellow",
    Freshness.STALE: "govuk-tag--red",
}
_TITLE = "Title"


class EvidenceTable(ListTable):
    """Pieces of evidence, as `EvidenceListPage.for_display` gives them.

    Args (beside a table's own):
        terms: what was searched for, as `evidence.words.terms_of` gives it.
        hits: primary key -> where it was found.
    """

    default_columns = ("title", "dated", "freshness", "owner", "kept", "characteristics")
    row_header = "title"
    always_filled: ClassVar[tuple[str, ...]] = (
        "pk",
        "title",
        "dated_on",
        "review_by",
        "retention_review_on",
        "recorded_at",
        "marking",
        "source",
        "owner__name",
    )

    title = tables.Column("Title", attrs={"td": {"class": "app-list__text"}})
    shows = tables.Column("What it shows", orderable=False)
    dated = tables.Column("Date", accessor="dated_on", order_by=("dated_on", "pk"), attrs=_DATE)
    freshness = tables.Column("Freshness", order_by=("review_by",))
    review_by = tables.Column("Review by", attrs=_DATE)
    owner = tables.Column("Owner", order_by=("owner__name",))
    kept = tables.Column("Kept as", accessor="pk", orderable=False, empty_values=())
    characteristics = tables.Column(
        "Characteristics", accessor="pk", orderable=False, empty_values=()
    )
    source = tables.Column("Source")
    meeting = tables.Column("Meeting", accessor="meeting__name", order_by=("meeting__name",))
    marking = tables.Column("Marking")
    recorded = tables.Column("Added", accessor="recorded_at", attrs=_DATE)
    retention = tables.Column("Retention review", accessor="retention_review_on", attrs=_DATE)
    withdrawn = tables.Column("Withdrawn", accessor="withdrawn_at", attrs=_DATE)

    class Meta:
        default = "—"

    def __init__(
        self,
        *args: Any,
        terms: list[str] | None = None,
        hits: dict[int, list[Hit]] | None = None,
        **kwargs: Any,
    ) -> None:
        self.terms = terms or []
        self.hits = hits or {}
        super().__init__(*args, **kwargs)

    # On the page ----------------------------------------------------------------------------------

    def render_title(self, record: Evidence) -> SafeString:
        return format_html(
            '<span><a class="govuk-link" href="{}">{}</a>{}{}{}</span>',
            record.get_absolute_url(),
            marked(record.title, self.terms) if self.terms else record.title,
            _marked_sensitive(record),
            _withdrawn(record),
            self._found_in(record),
        )

    def _found_in(self, record: Evidence) -> SafeString:
        """Where it was found: the words within what it shows and its file, or that it was by its
        title.
        """
        hits = self.hits.get(record.pk, [])
        passages = [hit for hit in hits if hit.where != _TITLE]
        found = format_html_join(
            "",
            '<span class="app-found"><span class="app-found__where">{}:</span> {}</span>',
            ((hit.where, hit.passage) for hit in passages),
        )
        if len(passages) < len(hits):
            titled = format_html('<span class="app-found">{}</span>', "Found in the title")
            return format_html("{}{}", titled, found)
        return found

    def render_shows(self, value: str) -> SafeString:
        return format_html('<span class="app-clamp">{}</span>', value)

    def render_dated(self, value: dt.date) -> str:
        return long_date(value)

    render_review_by = render_retention = render_dated

    def render_recorded(self, value: dt.datetime) -> str:
        return long_date(timezone.localdate(value))

    render_withdrawn = render_recorded

    def render_freshness(self, value: Freshness, record: Evidence) -> SafeString:
        return format_html(
            '<span><strong class="govuk-tag {} app-nowrap">{}</strong>'
            '<span class="app-table__under">review by {}</span></span>',
            _FRESHNESS_COLOURS[value],
            value.label,
            long_date(record.review_by),
        )

    def render_kept(self, record: Evidence) -> str:
        latest = record.latest
        return f"{latest.kind}, version {latest.version}" if latest else "Link"

    def render_characteristics(self, record: Any) -> str:
        return self.value_characteristics(record) or "None yet"

    # In a file ------------------------------------------------------------------------------------

    def value_title(self, value: str) -> str:
        return value

    def value_shows(self, value: str) -> str:
        return value

    def value_freshness(self, value: Freshness) -> str:
        return str(value.label)

    def value_dated(self, value: dt.date) -> dt.date:
        return value

    value_review_by = value_retention = value_dated

    def value_recorded(self, value: dt.datetime) -> dt.date:
        return timezone.localdate(value)

    value_withdrawn = value_recorded

    def value_characteristics(self, record: Any) -> str:
        """Codes in their order; those of a version that is not in force follow, with it."""
        codes = set()
        for link in record.live_links:
            version = link.characteristic.topic.question.framework
            told = "" if version == self.in_force else f" ({version.version})"
            codes.add((told, link.characteristic.code))
        ordered = sorted(codes, key=lambda each: (each[0], [int(n) for n in each[1].split(".")]))
        return ", ".join(f"{code}{told}" for told, code in ordered)

    @cached_property
    def in_force(self) -> Framework | None:
        return Framework.objects.in_force()


def _marked_sensitive(record: Evidence) -> SafeString | str:
    if record.marking != Marking.SENSITIVE:
        return ""
    return format_html(
        ' <span class="app-marking app-marking--sensitive">{}</span>', record.marking
    )


def _withdrawn(record: Evidence) -> SafeString | str:
    if record.withdrawn_at is None:
        return ""
    return format_html(' <strong class="govuk-tag govuk-tag--grey">{}</strong>', "Withdrawn")
