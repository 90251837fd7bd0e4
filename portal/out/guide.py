"""What people are told about editing a list in Excel: on the guide page and in the workbooks."""

from collections.abc import Mapping

from portal.layouts.columns import Column
from portal.lists.marks import FIELD
from portal.lists.start_list import START_LIST
from portal.out.choices import Choice
from tracker.models import Action

# What a spreadsheet may change of an action that is here; the rest of a row only finds or makes it.
CHANGEABLE = (
    "portal_reference",
    "on_portal",
    "question",
    "executive",
    "delivery",
    "text",
    "due",
    "confidence",
    "confidence_reason",
    "update",
    "updated",
)
# What says which action a row is of.
KEY = "reference"
NOT_CHANGED = "Not changed by a spreadsheet."
EXAMPLE = {
    # A new action is given the next; `examples` has one that is here.
    "reference": "",
    "portal_reference": "REC-20168",
    "on_portal": "Yes",
    "publication": "PEEL 2023–25: an inspection of the force",
    "published": "14/11/2024",
    "source_type": "PEEL inspection",
    "kind": "AFI",
    "parent": "",
    "level": "2",
    "scope": "Local",
    "question": "6",
    "executive": "ACC Baker",
    "delivery": "Head of Crime",
    "text": "The force should make sure that victims are told how their case goes on.",
    "received": "18/11/2024",
    "due": "31/03/2025",
    "stage": "In progress",
    "stage_date": "20/11/2024",
    "confidence": "Medium",
    "confidence_reason": "Two of the four teams do it by now.",
    "update": "A checklist is in use in two teams.",
    "updated": "20/11/2024",
    "closed": "",
    "closure_wording": "",
}
RULES = (
    (
        "What is taken over",
        "Leads, due dates, the text, the PAF question, the portal’s reference and whether it is "
        "on the portal, and a new update with its confidence. You see each change before anything "
        "is taken over.",
    ),
    (
        "What never changes",
        "Stage, level, closing date and whatever else is grey. Those change on the page of the "
        "action, where each step asks for what it needs.",
    ),
    ("An empty cell", "changes nothing. To take something away, use the page of the action."),
    (
        "To add an update",
        "write it over the latest update and give it a later date; the earlier one is kept. A "
        "confidence beside it counts from that day. A confidence that you change alone counts "
        "from today.",
    ),
    (
        "Rows and columns",
        "Sort, filter and leave out whatever you like: a row that is not there changes nothing. "
        "Keep the local reference: it says which action a row is of. A new action is a new row; "
        "without a reference it is given the next.",
    ),
    (
        "The last column",
        "is hidden. With it StART tells what you have changed from what others have changed here "
        "meanwhile. Leave it as it is.",
    ),
    ("To bring it back", "Save the workbook and choose it under Imports."),
)


def list_columns() -> tuple[Column, ...]:
    """The columns of the list as people fill them in."""
    return tuple(column for column in START_LIST.columns if column.field != FIELD)


def examples(*, new_actions: bool) -> dict[str, str]:
    """Field -> an example of what to enter.

    Args:
        new_actions: of new actions; else of actions that are here, so that their references are.
    """
    if new_actions:
        return EXAMPLE
    latest = Action.objects.order_by("-reference").values_list("reference", flat=True).first()
    return {**EXAMPLE, KEY: latest or ""}


def needed_words(column: Column) -> str:
    """When a new action needs a column that it does not always need; "" where it never does."""
    return f"Needed {column.needed[:1].lower()}{column.needed[1:]}" if column.needed else ""


def words_of(field: str, choices: Mapping[str, Choice]) -> str:
    """What may be chosen in a column, for a guide; "" where it is not a choice."""
    choice = choices.get(field)
    if choice is None:
        return ""
    if choice.others:
        return "One of the list, or another."
    return "\n".join(choice.meanings)
