"""The table of actions: every column on offer, and what each shows, sorts by and exports."""

import datetime as dt
from functools import cached_property
from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.dates import long_date, today
from core.listing import ListTable
from core.markings import Marking
from tracker.choices import CloseReason, Stage, Status
from tracker.dossier import days_slipped, slipped_words
from tracker.models import Action, Confidence
from tracker.queries import stale_limit

_DATE = {"th": {"class": "app-table__date"}, "td": {"class": "app-table__date"}}
_NUMBER = {"th": {"class": "app-table__number"}, "td": {"class": "app-table__number"}}
_WHOLE = len("Awaiting allocation")
_STAGE_COLOURS = {
    Stage.IN_PROGRESS: "",
    Stage.LOCAL_CLOSURE: "govuk-tag--purple",
    Stage.WITH_HMICFRS: "govuk-tag--orange",
    Stage.CLOSED: "govuk-tag--green",
}
_STATUS_COLOURS = {
    Status.AWAITING_ALLOCATION: "govuk-tag--grey",
    Status.IN_PROGRESS: "",
    Status.CLOSURE_PROPOSED: "govuk-tag--purple",
    Status.WITH_HMICFRS: "govuk-tag--orange",
    Status.CLOSED: "govuk-tag--green",
}


def _tag(text: str, colour: str) -> SafeString:
    # Long words may break, short ones look better whole.
    unbroken = "app-nowrap" if len(text) <= _WHOLE else ""
    return format_html('<strong class="govuk-tag {} {}">{}</strong>', colour, unbroken, text)


def _under(text: Any) -> SafeString:
    return format_html('<span class="app-table__under">{}</span>', text)


def _under_unbroken(text: Any) -> SafeString:
    return format_html('<span class="app-table__under app-nowrap">{}</span>', text)


class ActionTable(ListTable):
    """Actions as at a day (`ActionQuerySet.with_position`).

    Args (beside a table's own):
        as_at: the day.
        scale: order -> confidence, of the whole scale.
    """

    default_columns = (
        "reference",
        "text",
        "level",
        "stage",
        "leads",
        "confidence",
        "due",
    )
    row_header = "reference"
    tie_breaker = ("reference",)
    always_filled: ClassVar[tuple[str, ...]] = ("reference", "kind", "scope")

    reference = tables.Column("Ref")
    text = tables.Column(
        "Action required", orderable=False, attrs={"td": {"class": "app-list__text"}}
    )
    publication = tables.Column(
        "Publication", accessor="publication__title", order_by=("publication__title",)
    )
    kind = tables.Column("Kind")
    level = tables.Column("Level", accessor="level_at")
    scope = tables.Column("Scope")
    stage = tables.Column("Stage", accessor="stage_at", order_by=("stage_order",))
    status = tables.Column("Status", accessor="status_at", order_by=("status_order",))
    question = tables.Column(
        "PAF area", accessor="question__number", order_by=("question__number",), attrs=_NUMBER
    )
    leads = tables.Column(
        "Leads",
        accessor="executive_lead_at",
        order_by=("executive_lead_at", "delivery_lead_at"),
        empty_values=(),
    )
    executive = tables.Column("Executive lead", accessor="executive_lead_at")
    delivery = tables.Column("Delivery lead", accessor="delivery_lead_at")
    confidence = tables.Column("Confidence", accessor="confidence_at")
    due = tables.Column("Due", accessor="due_on", attrs=_DATE)
    slipped = tables.Column(
        "Times due date changed", accessor="slippage", orderable=False, attrs=_NUMBER
    )
    expected = tables.Column(
        "Expected closure", accessor="expected_closure_on", orderable=False, attrs=_DATE
    )
    updated = tables.Column("Last update", accessor="updated_on", attrs=_DATE)
    received = tables.Column("Received", accessor="received_on", attrs=_DATE)
    closed = tables.Column("Closed", accessor="closed_on", attrs=_DATE)
    close_reason = tables.Column("Why closed", accessor="close_reason_at", orderable=False)
    age = tables.Column(
        "Age (days)",
        accessor="publication__published_on",
        order_by=("-publication__published_on",),
        attrs=_NUMBER,
    )
    portal = tables.Column(
        "HMICFRS portal", accessor="on_portal_at", orderable=False, empty_values=()
    )
    portal_reference = tables.Column("Portal ref", order_by=("portal_reference",))
    marking = tables.Column("Marking", orderable=False)

    class Meta:
        default = "—"

    def __init__(
        self, *args: Any, as_at: dt.date, scale: dict[int, Confidence], **kwargs: Any
    ) -> None:
        self.as_at = as_at
        self.scale = scale
        super().__init__(*args, **kwargs)

    @cached_property
    def stale_before(self) -> dt.date:
        return stale_limit(self.as_at)

    # On the page --------------------------------------------------------------------------------

    def render_reference(self, record: Action) -> SafeString:
        portal = record.portal_reference or "on portal"
        query = "" if self.is_today else f"?as_at={self.as_at.isoformat()}"
        return format_html(
            '<span><a class="govuk-link app-nowrap" href="{}{}">{}</a>{}{}</span>',
            record.get_absolute_url(),
            query,
            record.reference,
            _under_unbroken(portal if record.on_portal_at else "not on portal"),  # type: ignore[attr-defined]
            _marked(record),
        )

    def render_text(self, record: Action) -> SafeString:
        if "publication" in self.columns:
            return format_html('<span class="app-clamp">{}</span>', record.text)
        return format_html(
            '<span><span class="app-clamp">{}</span><span class="app-table__under">'
            '<span class="app-clamp app-clamp--one">{}</span></span></span>',
            record.text,
            record.publication.title,
        )

    def render_publication(self, record: Action) -> SafeString:
        return format_html('<span class="app-clamp">{}</span>', record.publication.title)

    def render_stage(self, value: str) -> SafeString:
        return _tag(str(Stage(value).label), _STAGE_COLOURS[Stage(value)])

    def render_status(self, value: str) -> SafeString:
        return _tag(str(Status(value).label), _STATUS_COLOURS[Status(value)])

    def render_question(self, value: int) -> str:
        return f"PAF {value}"

    def render_leads(self, record: Any) -> SafeString:
        return format_html(
            "<span>{}{}</span>",
            record.executive_lead_at or "No executive lead",
            _under(record.delivery_lead_at or "No delivery lead"),
        )

    def value_leads(self, record: Any) -> str:
        return "; ".join(
            name for name in (record.executive_lead_at, record.delivery_lead_at) if name
        )

    def render_confidence(self, value: int) -> SafeString:
        rated = self.scale[value]
        return format_html(
            '<span class="app-confidence">'
            '<span class="app-confidence__symbol" aria-hidden="true">{}</span>{}</span>',
            rated.symbol,
            rated.name,
        )

    def render_due(self, value: dt.date, record: Any) -> SafeString:
        overdue = value < self.as_at and record.status_at != Status.CLOSED
        return format_html(
            "<span>{}{}</span>",
            long_date(value),
            _flag("Overdue", "govuk-tag--red") if overdue else "",
        )

    def render_updated(self, value: dt.date, record: Any) -> SafeString:
        stale = value < self.stale_before and record.status_at != Status.CLOSED
        return format_html(
            "<span>{}{}</span>",
            long_date(value),
            _flag("Not updated", "govuk-tag--yellow") if stale else "",
        )

    def render_slipped(self, value: int, record: Any) -> SafeString:
        by = slipped_words(days_slipped(record))
        return format_html("<span>{}{}</span>", value, _under_unbroken(by) if by else "")

    def render_expected(self, value: dt.date) -> str:
        return long_date(value)

    render_received = render_closed = render_expected

    def render_close_reason(self, value: str) -> str:
        return str(CloseReason(value).label)

    def render_age(self, value: dt.date) -> int:
        return (self.as_at - value).days

    def render_portal(self, value: bool) -> str:
        return "On the portal" if value else "Not on the portal"

    # In a file ------------------------------------------------------------------------------------

    def value_reference(self, value: str) -> str:
        return value

    def value_text(self, value: str) -> str:
        return value

    def value_publication(self, value: str) -> str:
        return value

    def value_stage(self, value: str) -> str:
        return str(Stage(value).label)

    def value_status(self, value: str) -> str:
        return str(Status(value).label)

    def value_confidence(self, value: int) -> str:
        return self.scale[value].name

    def value_slipped(self, value: int) -> int:
        return value

    def value_due(self, value: dt.date) -> dt.date:
        return value

    value_updated = value_expected = value_received = value_closed = value_due

    @property
    def is_today(self) -> bool:
        return self.as_at == today()


def _flag(text: str, colour: str) -> SafeString:
    return format_html('<br><strong class="govuk-tag {}">{}</strong>', colour, text)


def _marked(record: Action) -> SafeString | str:
    if record.marking != Marking.SENSITIVE:
        return ""
    return format_html('<span class="app-marking app-marking--sensitive">{}</span>', record.marking)
