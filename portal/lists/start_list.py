"""The force's own list: its columns, and reading one of its rows.

`START_LIST` says which header fills which field; another layout is another `ColumnMap`.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from inspections.choices import OUTSIDE_TYPES, PublicationType, Scope
from portal.layouts.columns import Column, ColumnMap, Layout
from portal.reading.cells import (
    CellNotRead,
    choice_of,
    date_of,
    level_of,
    line_of,
    question_of,
    text_of,
)
from portal.reading.workbook import Cells
from tracker.choices import Kind, Status

# A force’s list is of what came from outside.
_TYPE_WORDS = ", ".join(str(each.label) for each in OUTSIDE_TYPES)
START_LIST = ColumnMap(
    "StART",
    (
        Column(
            "reference",
            ("Local ref", "Local reference"),
            "Your own reference, such as ST-0001. One for each action.",
            required=True,
        ),
        Column(
            "portal_reference",
            ("Portal ref", "Portal reference"),
            "What HMICFRS’s monitoring portal calls it. Empty where it is not there.",
        ),
        Column(
            "on_portal",
            ("On portal", "On the portal"),
            "Yes or No.",
            required=True,
        ),
        Column(
            "publication",
            ("Source report", "Publication"),
            "Title of the report it comes from.",
            required=True,
        ),
        Column(
            "published",
            ("Published", "Date published"),
            "The day the report was published. Needed for a report that is not recorded here yet.",
        ),
        Column(
            "source_type",
            ("Source type", "Type of report"),
            f"Needed for a report that is not recorded here yet: {_TYPE_WORDS}.",
        ),
        Column(
            "kind",
            ("Kind", "Type of action"),
            "Cause of concern, Recommendation or AFI.",
            required=True,
        ),
        Column(
            "parent",
            ("Parent ref", "Parent reference"),
            "Local ref of the cause of concern that a recommendation belongs to.",
        ),
        Column(
            "level",
            ("Level", "Activity level"),
            "HMICFRS activity level 1 to 4. Empty for causes of concern and super-complaints.",
            required=True,
        ),
        Column(
            "scope",
            ("Scope", "Local or national"),
            "Local (your force only) or National (all forces).",
            required=True,
        ),
        Column(
            "question",
            ("PAF question", "PAF area", "PAF"),
            "Number of the PAF question, such as 6.",
        ),
        Column(
            "executive",
            ("Executive lead",),
            "A Chief Officer, such as ACC Baker.",
        ),
        Column(
            "delivery",
            ("Delivery lead",),
            "A post or officer, such as Head of Crime.",
        ),
        Column(
            "text",
            ("Action required", "Action"),
            "What the force has to do.",
            required=True,
        ),
        Column(
            "received",
            ("Received", "Date received"),
            "The day the action was received.",
            required=True,
        ),
        Column(
            "due",
            ("Due", "Due date"),
            "The due date as issued.",
        ),
        Column(
            "stage",
            ("Stage",),
            "In progress, Local closure, With HMICFRS or Closed.",
            required=True,
        ),
        Column(
            "stage_date",
            ("Stage date",),
            "Since when it is at this stage. May be empty for a closed action.",
            required=True,
        ),
        Column(
            "confidence",
            ("Delivery confidence", "Confidence"),
            "High, Medium or Low, or your force’s own words for them.",
        ),
        Column(
            "confidence_reason",
            ("Confidence reason",),
            "Why.",
        ),
        Column(
            "update",
            ("Latest update",),
            "What has happened last.",
        ),
        Column(
            "updated",
            ("Latest update date",),
            "The day of the latest update.",
        ),
        Column(
            "closed",
            ("Closed", "Date closed"),
            "The day it closed.",
            required=True,
        ),
        Column(
            "closure_wording",
            ("Closure reason",),
            "Why it closed, in your words.",
            required=True,
        ),
    ),
)

KINDS = {
    "cause of concern": Kind.CAUSE_OF_CONCERN,
    "coc": Kind.CAUSE_OF_CONCERN,
    "recommendation": Kind.RECOMMENDATION,
    "rec": Kind.RECOMMENDATION,
    "afi": Kind.AFI,
    "area for improvement": Kind.AFI,
}
STAGES = {
    "in progress": Status.IN_PROGRESS,
    "local closure": Status.CLOSURE_PROPOSED,
    "going through local closure": Status.CLOSURE_PROPOSED,
    "with hmicfrs": Status.WITH_HMICFRS,
    "with hmicfrs for closure": Status.WITH_HMICFRS,
    "closed": Status.CLOSED,
}
# How the list calls each status; a status it has no word for reads as in progress.
STAGE_WORDS = {
    Status.CLOSURE_PROPOSED: "Local closure",
    Status.WITH_HMICFRS: "With HMICFRS",
    Status.CLOSED: "Closed",
}
_YES_NO = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
_SCOPES = {"local": Scope.LOCAL, "national": Scope.NATIONAL}
_TYPES = {str(each.label).casefold(): each for each in OUTSIDE_TYPES}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, and what to do.

    Args:
        column: letter, "" where the sheet does not have the column.
        header: as written in the sheet.
        message: a sentence.
    """

    column: str
    header: str
    message: str

    def __str__(self) -> str:
        place = f"column {self.column} ({self.header})" if self.column else self.header
        return f"{place}: {self.message}"


@dataclass(slots=True)
class ListRow:
    """A row of the list, cell by cell; None where the cell is empty. Fields as in `START_LIST`."""

    reference: str
    portal_reference: str | None
    on_portal: bool
    publication: str
    published: dt.date | None
    source_type: PublicationType | None
    kind: Kind
    parent: str | None
    level: int | None
    scope: Scope
    question: int | None
    executive: str | None
    delivery: str | None
    text: str
    received: dt.date
    due: dt.date | None
    stage: Status
    stage_date: dt.date | None
    confidence: str | None
    confidence_reason: str | None
    update: str | None
    updated: dt.date | None
    closed: dt.date | None
    closure_wording: str | None

    def as_json(self) -> dict[str, Any]:
        """Plain values, for keeping between preview and apply."""
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in ((name, getattr(self, name)) for name in self.__slots__)
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "ListRow":
        """The row that `as_json` gave."""
        read = dict(values)
        for name in _DATES:
            read[name] = dt.date.fromisoformat(read[name]) if read[name] else None
        read["kind"] = Kind(read["kind"])
        read["scope"] = Scope(read["scope"])
        read["stage"] = Status(read["stage"])
        if read["source_type"]:
            read["source_type"] = PublicationType(read["source_type"])
        return cls(**read)


_DATES = ("published", "received", "due", "stage_date", "updated", "closed")


def _reference_of(value: Any, limit: int) -> str | None:
    reference = line_of(value, limit)
    if reference and not all(c.isalnum() or c in " ._-()" for c in reference):
        raise CellNotRead(
            f"is “{reference[:40]}”. Use only letters, figures, spaces and . _ - ( ) in a "
            "reference."
        )
    if reference and not any(c.isalnum() for c in reference):
        raise CellNotRead(f"is “{reference[:40]}”. A reference has letters or figures in it.")
    return reference


_READERS: dict[str, Callable[[Any], Any]] = {
    "reference": lambda value: _reference_of(value, 20),
    "portal_reference": lambda value: line_of(value, 40),
    "on_portal": lambda value: choice_of(value, _YES_NO, "Yes or No"),
    "publication": lambda value: line_of(value, 300),
    "published": date_of,
    "source_type": lambda value: choice_of(value, _TYPES, _TYPE_WORDS),
    "kind": lambda value: choice_of(value, KINDS, "Cause of concern, Recommendation or AFI"),
    "parent": lambda value: _reference_of(value, 20),
    "level": level_of,
    "scope": lambda value: choice_of(value, _SCOPES, "Local or National"),
    "question": question_of,
    "executive": lambda value: line_of(value, 120),
    "delivery": lambda value: line_of(value, 120),
    "text": text_of,
    "received": date_of,
    "due": date_of,
    "stage": lambda value: choice_of(
        value, STAGES, "In progress, Local closure, With HMICFRS or Closed"
    ),
    "stage_date": date_of,
    "confidence": lambda value: line_of(value, 30),
    "confidence_reason": text_of,
    "update": text_of,
    "updated": date_of,
    "closed": date_of,
    "closure_wording": lambda value: line_of(value, 400),
}
_NEEDED = {
    "reference": "Give every action a reference of its own.",
    "on_portal": "Enter Yes or No.",
    "publication": "Enter the title of the report it comes from.",
    "kind": "Enter Cause of concern, Recommendation or AFI.",
    "scope": "Enter Local or National.",
    "text": "Enter what the action requires.",
    "received": "Enter the day the action was received.",
    "stage": "Enter In progress, Local closure, With HMICFRS or Closed.",
}


class RowReader:
    """Reads the rows of one sheet.

    Args:
        layout: where its columns stand.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._columns = [
            (field.name, layout.places.get(field.name), _READERS[field.name])
            for field in fields(ListRow)
        ]

    def problem(self, field: str, message: str) -> Problem:
        """A problem with a field, said of its column."""
        header = self.layout.headers.get(field) or START_LIST.header_of(field)
        return Problem(self.layout.letter(field), header, message)

    def read(self, cells: Cells) -> tuple[ListRow | None, str, list[Problem]]:
        """A row, or what is wrong with it.

        Args:
            cells: the values of the row, from column A on.

        Returns:
            The row (None when anything is wrong), its reference as far as it can be read, the
            problems.
        """
        values: dict[str, Any] = {}
        problems = []
        width = len(cells)
        for name, place, reader in self._columns:
            value = cells[place] if place is not None and place < width else None
            if value is None:
                values[name] = None
                continue
            try:
                values[name] = reader(value)
            except CellNotRead as error:
                problems.append(self.problem(name, f"{error}"))
        for name, remedy in _NEEDED.items():
            if name in values and values[name] is None:
                problems.append(self.problem(name, f"is empty. {remedy}"))
        reference = values.get("reference") or ""
        if problems:
            return None, reference, problems
        return ListRow(**values), reference, []
