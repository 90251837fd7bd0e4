"""The force's own list: its columns, and what one of its rows says.

`START_LIST` says which header fills which field, how its cells are read and what they may say.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from inspections.choices import OUTSIDE_TYPES, PublicationType, Scope
from inspections.models import Framework
from people.models import Lead
from portal.layouts.columns import Column, ColumnMap
from portal.reading.cells import (
    CellNotRead,
    WordUnknown,
    choice_of,
    date_of,
    level_of,
    line_of,
    question_of,
    text_of,
)
from tracker.choices import Kind, Level, Status
from tracker.models import Confidence

# A force’s list is of what came from outside.
_TYPE_WORDS = ", ".join(str(each.label) for each in OUTSIDE_TYPES)
_REFERENCE_LENGTH = 20
_CONFIDENCE_LENGTH = 30

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
_NEW_REPORT = "For a new report"
_STAGE_WORDS = "In progress, Local closure, With HMICFRS or Closed"
_YES_NO = {
    "yes": True,
    "y": True,
    "true": True,
    "on the portal": True,
    "no": False,
    "n": False,
    "false": False,
    "not on the portal": False,
}
_SCOPES = {"local": Scope.LOCAL, "national": Scope.NATIONAL}
_TYPES = {str(each.label).casefold(): each for each in OUTSIDE_TYPES}


def _reference_of(value: Any) -> str | None:
    reference = line_of(value, _REFERENCE_LENGTH)
    if reference and not all(c.isalnum() or c in " ._-()" for c in reference):
        raise CellNotRead(
            f"is “{reference[:40]}”. Use only letters, figures, spaces and . _ - ( ) in a "
            "reference."
        )
    if reference and not any(c.isalnum() for c in reference):
        raise CellNotRead(f"is “{reference[:40]}”. A reference has letters or figures in it.")
    return reference


def _confidence_of(value: Any) -> str | None:
    text = line_of(value)
    if text and len(text) > _CONFIDENCE_LENGTH:
        raise WordUnknown(text, f"is “{text[:40]}…”, which is too long to be a confidence.")
    return text


def _line(limit: int) -> Callable[[Any], str | None]:
    return lambda value: line_of(value, limit)


def _one_of(meanings: Mapping[str, Any], allowed: str) -> Callable[[Any], Any]:
    return lambda value: choice_of(value, meanings, allowed)


def _words(*words: str) -> Callable[[], list[tuple[str, str]]]:
    return lambda: [(word, word) for word in words]


def _levels() -> list[tuple[str, str]]:
    return [(str(level.value), f"Activity level {level.value}") for level in Level]


def _questions() -> list[tuple[str, str]]:
    framework = Framework.objects.in_force()
    questions = framework.questions.all() if framework else ()
    return [(str(each.number), f"{each.number} {each.text}") for each in questions]


def _leads() -> list[tuple[str, str]]:
    return [(lead.name, lead.name) for lead in Lead.objects.order_by("name")]


def _confidences() -> list[tuple[str, str]]:
    return [(each.name, each.name) for each in Confidence.objects.order_by("order")]


START_LIST = ColumnMap(
    "StART",
    (
        Column(
            "reference",
            (
                "Local ref",
                "Local reference",
                "Ref",
                "Reference",
                "Ref no",
                "Our ref",
                "StART ref",
                "ID",
            ),
            "Your own reference, such as ST-0001. A new action without one is given the next.",
            _reference_of,
        ),
        Column(
            "portal_reference",
            ("Portal ref", "Portal reference", "HMICFRS ref", "HMICFRS reference", "Portal ID"),
            "What HMICFRS’s monitoring portal calls it. Empty where it is not there, and for what "
            "is not HMICFRS’s.",
            _line(40),
        ),
        Column(
            "on_portal",
            ("On portal", "On the portal", "HMICFRS portal", "On HMICFRS portal"),
            "Yes or No. No for what is not HMICFRS’s.",
            _one_of(_YES_NO, "Yes or No"),
            required="Enter Yes or No.",
            choices=_words("Yes", "No"),
        ),
        Column(
            "publication",
            ("Source report", "Publication", "Report", "Report title", "Inspection report"),
            "Title of the report it comes from.",
            _line(300),
            required="Enter the title of the report it comes from.",
        ),
        Column(
            "published",
            ("Published", "Date published", "Publication date"),
            "The day the report was published. Needed for a report that is not recorded here yet.",
            date_of,
            needed=_NEW_REPORT,
        ),
        Column(
            "source_type",
            ("Source type", "Type of report", "Report type"),
            f"Needed for a report that is not recorded here yet: {_TYPE_WORDS}.",
            _one_of(_TYPES, _TYPE_WORDS),
            needed=_NEW_REPORT,
            choices=_words(*(str(each.label) for each in OUTSIDE_TYPES)),
        ),
        Column(
            "kind",
            ("Kind", "Type of action", "Action type", "Record type"),
            "Cause of concern, Recommendation or AFI. A super-complaint has recommendations only.",
            _one_of(KINDS, "Cause of concern, Recommendation or AFI"),
            required="Enter Cause of concern, Recommendation or AFI.",
            choices=_words("Cause of concern", "Recommendation", "AFI"),
        ),
        Column(
            "parent",
            ("Parent ref", "Parent reference", "Cause of concern ref"),
            "Local ref of the cause of concern that a recommendation belongs to. Empty for AFIs "
            "and causes of concern.",
            _reference_of,
        ),
        Column(
            "level",
            ("Level", "Activity level", "Lvl", "HMICFRS level", "HMICFRS activity level"),
            "HMICFRS activity level 1 to 4. Needed for HMICFRS’s actions at Local closure or With "
            "HMICFRS. Empty for causes of concern, and for what is not HMICFRS’s.",
            level_of,
            needed="For some stages",
            choices=_levels,
        ),
        Column(
            "scope",
            ("Scope", "Local or national", "Local/national", "Applies to"),
            "Local (your force only) or National (all forces).",
            _one_of(_SCOPES, "Local or National"),
            required="Enter Local or National.",
            choices=_words("Local", "National"),
        ),
        Column(
            "question",
            ("PAF question", "PAF area", "PAF", "PEEL question", "Question"),
            "Number of a PAF question of the framework in force, such as 6.",
            question_of,
            choices=_questions,
        ),
        Column(
            "executive",
            ("Executive lead", "Exec lead", "Chief officer lead", "Chief officer"),
            "A Chief Officer, such as ACC Baker.",
            _line(120),
            choices=_leads,
        ),
        Column(
            "delivery",
            ("Delivery lead", "Action owner", "Action lead"),
            "A post or officer, such as Head of Crime.",
            _line(120),
            choices=_leads,
        ),
        Column(
            "text",
            (
                "Action required",
                "Action",
                "Text",
                "Wording",
                "Recommendation text",
                "What we must do",
            ),
            "What the force has to do.",
            text_of,
            required="Enter what the action requires.",
        ),
        Column(
            "received",
            ("Received", "Date received", "Received on"),
            "The day the action was received: the report was published by then.",
            date_of,
            required="Enter the day the action was received.",
        ),
        Column(
            "due",
            ("Due", "Due date", "Deadline", "Target date"),
            "The due date as issued; for an action that is here, one that was agreed since.",
            date_of,
        ),
        Column(
            "stage",
            ("Stage", "Status", "Current stage", "Current status"),
            "In progress, Local closure (level 2, and what is not HMICFRS’s), With HMICFRS (level "
            "3) or Closed. A level 1 action is always Closed.",
            _one_of(STAGES, _STAGE_WORDS),
            required="Enter In progress, Local closure, With HMICFRS or Closed.",
            choices=_words("In progress", "Local closure", "With HMICFRS", "Closed"),
        ),
        Column(
            "stage_date",
            ("Stage date", "Status date"),
            "Since when it is at this stage. Needed unless it is Closed.",
            date_of,
            needed="Unless it is closed",
        ),
        Column(
            "confidence",
            ("Delivery confidence", "Confidence", "RAG", "RAG rating"),
            "High, Medium or Low, or your force’s own words for them.",
            _confidence_of,
            choices=_confidences,
        ),
        Column(
            "confidence_reason",
            ("Confidence reason", "Reason for confidence"),
            "Why.",
            text_of,
        ),
        Column(
            "update",
            ("Latest update", "Update", "Progress", "Latest progress"),
            "What has happened last. Needs its date.",
            text_of,
            needed="With its date",
        ),
        Column(
            "updated",
            ("Latest update date", "Update date", "Date of update", "Updated"),
            "The day of the latest update. Needed with an update, and only then.",
            date_of,
            needed="With an update",
        ),
        Column(
            "closed",
            ("Closed", "Date closed", "Closed on"),
            "The day it closed. Needed if the stage is Closed, and only then. For level 1 the day "
            "it was received.",
            date_of,
            needed="If it is closed",
        ),
        Column(
            "closure_wording",
            ("Closure reason", "Why closed", "Reason for closure"),
            "Why it closed, in your words. Needed if the stage is Closed, and only then.",
            _line(400),
            needed="If it is closed",
        ),
        Column(
            "mark",
            ("As exported (do not change)",),
            "Written by an export: what the row said then. Leave it as it is.",
            _line(1_000),
            ours=True,
        ),
    ),
    keys=(
        frozenset({"reference"}),
        frozenset({"portal_reference"}),
        frozenset({"publication", "text"}),
    ),
)


@dataclass(slots=True)
class ListRow:
    """A row of the list, cell by cell; None where the cell is empty or the sheet has no such
    column. Fields as in `START_LIST`.
    """

    reference: str | None = None
    portal_reference: str | None = None
    on_portal: bool | None = None
    publication: str | None = None
    published: dt.date | None = None
    source_type: PublicationType | None = None
    kind: Kind | None = None
    parent: str | None = None
    level: int | None = None
    scope: Scope | None = None
    question: int | None = None
    executive: str | None = None
    delivery: str | None = None
    text: str | None = None
    received: dt.date | None = None
    due: dt.date | None = None
    stage: Status | None = None
    stage_date: dt.date | None = None
    confidence: str | None = None
    confidence_reason: str | None = None
    update: str | None = None
    updated: dt.date | None = None
    closed: dt.date | None = None
    closure_wording: str | None = None
    mark: str | None = None

    @property
    def leads(self) -> tuple[str | None, str | None]:
        """The names of its executive and delivery lead."""
        return self.executive, self.delivery
