"""The portal's export: its columns, and reading each of its cells.

HMICFRS publishes no description of the real export: this is one layout among others, and columns
that are headed otherwise are mapped when a file is taken in.
"""

from typing import Any

from django.conf import settings

from inspections.choices import Scope
from portal.layouts.columns import Column, ColumnMap
from portal.models import PortalStatus
from portal.reading.cells import CellNotRead, choice_of, date_of, level_of, line_of, text_of
from tracker.choices import Kind

_KINDS = {
    "cause of concern": Kind.CAUSE_OF_CONCERN,
    "coc": Kind.CAUSE_OF_CONCERN,
    "recommendation": Kind.RECOMMENDATION,
    "rec": Kind.RECOMMENDATION,
    "area for improvement": Kind.AFI,
    "afi": Kind.AFI,
}
_STATUSES = {
    "open": PortalStatus.OPEN,
    "awaiting hmicfrs verification": PortalStatus.AWAITING,
    "awaiting verification": PortalStatus.AWAITING,
    "closed": PortalStatus.CLOSED,
}
_OURS = ("local", "this force")


def kind_of(value: Any) -> Kind | None:
    """The kind of a record, in the portal's words."""
    return choice_of(value, _KINDS, "Cause of concern, Recommendation or Area for improvement")


def status_of(value: Any) -> PortalStatus | None:
    """The status of a record, in the portal's words."""
    return choice_of(value, _STATUSES, "Open, Awaiting HMICFRS verification or Closed")


def scope_of(value: Any) -> Scope | None:
    """Whom a record applies to: this force by its name is local, whatever else is national."""
    text = line_of(value)
    if text is None:
        return None
    own = {settings.FORCE_NAME.casefold(), settings.FORCE_SHORT_NAME.casefold(), *_OURS}
    return Scope.LOCAL if text.casefold() in own else Scope.NATIONAL


def _reference(value: Any) -> str | None:
    reference = line_of(value, 40)
    if reference and not any(each.isalnum() for each in reference):
        raise CellNotRead(f"is “{reference}”. A reference has letters or figures in it.")
    return reference


def _kinds() -> list[tuple[str, str]]:
    return [
        ("cause of concern", "Cause of concern"),
        ("recommendation", "Recommendation"),
        ("area for improvement", "Area for improvement"),
    ]


def _statuses() -> list[tuple[str, str]]:
    return [(each.label.casefold(), str(each.label)) for each in PortalStatus]


def _levels() -> list[tuple[str, str]]:
    return [(str(level), f"Activity level {level}") for level in range(1, 5)]


EXPORT = ColumnMap(
    "Portal export",
    (
        Column(
            "reference",
            ("Reference", "Portal reference", "Record reference", "Ref"),
            "What the portal calls the record, such as REC-20168.",
            required="Enter what the portal calls the record.",
            reader=_reference,
        ),
        Column(
            "publication",
            ("Report title", "Report", "Publication", "Source report"),
            "Title of the report it comes from.",
            reader=lambda value: line_of(value, 300),
        ),
        Column(
            "published_on",
            ("Date published", "Published", "Publication date"),
            "The day the report was published.",
            reader=date_of,
        ),
        Column(
            "kind",
            ("Record type", "Type", "Kind"),
            "Cause of concern, Recommendation or Area for improvement.",
            required="Enter Cause of concern, Recommendation or Area for improvement.",
            reader=kind_of,
            choices=_kinds,
        ),
        Column(
            "cause_reference",
            ("Cause of concern reference", "Parent reference", "Cause of concern ref"),
            "Reference of the cause of concern that a recommendation belongs to.",
            reader=lambda value: line_of(value, 40),
        ),
        Column(
            "text",
            ("Recommendation/AFI text", "Recommendation text", "Text", "Wording"),
            "What it asks the force to do.",
            reader=text_of,
        ),
        Column(
            "level",
            ("Activity level", "Follow-up level", "Level"),
            "HMICFRS activity level 1 to 4. Empty for causes of concern.",
            reader=level_of,
            choices=_levels,
        ),
        Column(
            "scope",
            ("Applies to", "Force", "Scope"),
            "The name of your force, or All forces.",
            reader=scope_of,
        ),
        Column(
            "due_on",
            ("Due date", "Due"),
            "The due date as issued.",
            reader=date_of,
        ),
        Column(
            "status",
            ("Status", "Current status"),
            "Open, Awaiting HMICFRS verification or Closed.",
            required="Enter Open, Awaiting HMICFRS verification or Closed.",
            reader=status_of,
            choices=_statuses,
        ),
        Column(
            "status_on",
            ("Status date", "Date of status"),
            "Since when it has this status.",
            reader=date_of,
        ),
        Column(
            "closed_on",
            ("Date closed", "Closed", "Closed on"),
            "The day it closed.",
            reader=date_of,
        ),
    ),
    # Without one of these every record would seem to differ.
    keys=(frozenset({"reference", "kind", "text", "level", "due_on", "status"}),),
)
