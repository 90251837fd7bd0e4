"""What a row of the force's list says that cannot be, though each of its cells can be read."""

from collections.abc import Collection

from core.dates import long_date, today
from core.numbers import listed
from portal.lists.start_list import START_LIST, ListRow
from tracker.choices import Kind, Register, Status

_NAMES = {
    Register.SUPER_COMPLAINT: "A super-complaint action",
    Register.OTHER_BODY: "An action from another body",
    Register.INTERNAL: "An action of an internal review",
}
# So many columns are named, of those that are not there.
_FEW = 3
_PAST_DATES = ("published", "received", "stage_date", "updated", "closed")


# A field and a sentence about it.
Said = list[tuple[str, str]]


def stray_rules(row: ListRow, there: Collection[str]) -> Said:
    """What to say of a row whose reference is of no action here, where the sheet cannot bring new
    actions either; empty where it can, or the row has no reference.

    Args:
        row: about no action that is here.
        there: the fields that the sheet has a column for.
    """
    lost = [each for each in START_LIST.columns if each.required and each.field not in there]
    said = (
        ("reference", "reference", row.reference),
        ("portal_reference", "portal’s reference", row.portal_reference),
    )
    for field, what, reference in said:
        if lost and reference:
            more = f": {listed([each.headers[0] for each in lost])}" if len(lost) <= _FEW else ""
            sentence = f"No action here has the {what} “{reference}”. Check it; "
            return [(field, f"{sentence}a new action needs more columns{more}.")]
    return []


def row_rules(row: ListRow, register: Register) -> Said:
    """What the row of a new action says that cannot be; empty when it can.

    Args:
        row: a row whose cells could be read one by one.
        register: the book it belongs to.
    """
    missing: Said = [
        (column.field, f"is empty. {column.required}")
        for column in START_LIST.columns
        if column.required and getattr(row, column.field) is None
    ]
    return missing or [
        *_kind_rules(row, register),
        *_date_rules(row),
        *(_closed_rules(row) if row.stage == Status.CLOSED else _open_rules(row, register)),
    ]


def update_rules(row: ListRow, register: Register) -> Said:
    """What the row of an action that is here says that cannot be taken over.

    Args:
        row: a row whose cells could be read one by one.
        register: the book the action is kept in.
    """
    return [
        *_portal_rules(row, register),
        *(_update_rules(row) or _future_dates(row, ("updated",))),
    ]


def _portal_rules(row: ListRow, register: Register) -> Said:
    if register == Register.HMICFRS:
        return []
    name = _NAMES[register]
    found = []
    if row.portal_reference:
        found.append(("portal_reference", f"{name} is not on the portal. Empty the cell."))
    if row.on_portal:
        found.append(("on_portal", f"{name} is not on the portal. Enter No."))
    return found


def _kind_rules(row: ListRow, register: Register) -> Said:
    found = []
    if row.parent and row.kind != Kind.RECOMMENDATION:
        name = "An AFI" if row.kind == Kind.AFI else "A cause of concern"
        found.append(("parent", f"{name} cannot belong to a cause of concern. Empty the cell."))
    elif row.parent and row.parent == row.reference:
        found.append(("parent", "is the action itself. Enter the cause of concern, or nothing."))
    if row.level is not None and row.kind == Kind.CAUSE_OF_CONCERN:
        found.append(("level", "A cause of concern has no activity level. Empty the cell."))
    if register == Register.HMICFRS:
        return found
    name = _NAMES[register]
    if row.level is not None and row.kind != Kind.CAUSE_OF_CONCERN:
        found.append(("level", f"{name} has no activity level. Empty the cell."))
    found += _portal_rules(row, register)
    if register == Register.SUPER_COMPLAINT and row.kind != Kind.RECOMMENDATION:
        found.append(("kind", "A super-complaint has recommendations only. Correct it."))
    return found


def _date_rules(row: ListRow) -> Said:
    # What is out of order with a date that is wrong in itself is not worth a second sentence.
    return (_future_dates(row, _PAST_DATES) or _order_rules(row)) + _update_rules(row)


def _future_dates(row: ListRow, fields: tuple[str, ...]) -> Said:
    return [
        (field, f"is {long_date(day)}, which is in the future. Correct the date.")
        for field, day in ((field, getattr(row, field)) for field in fields)
        if day and day > today()
    ]


def _update_rules(row: ListRow) -> Said:
    if row.update and not row.updated:
        return [("updated", "is empty. Enter the day of the latest update.")]
    if row.updated and not row.update:
        return [("update", "is empty. Enter the update, or empty its date.")]
    return []


def _order_rules(row: ListRow) -> Said:
    # A row without this day has been refused before.
    assert row.received is not None
    found = []
    if row.published and row.received < row.published:
        found.append(
            (
                "received",
                f"is {long_date(row.received)}, before the report was published "
                f"({long_date(row.published)}). Correct one of the two.",
            )
        )
    if row.stage_date and row.stage_date < row.received:
        found.append(
            (
                "stage_date",
                f"is {long_date(row.stage_date)}, before the action was received "
                f"({long_date(row.received)}). Correct one of the two.",
            )
        )
    return found


def _closed_rules(row: ListRow) -> Said:
    assert row.received is not None
    found = []
    if row.closed is None:
        found.append(("closed", "is empty, but the stage is Closed. Enter the closing date."))
    elif row.closed < row.received:
        found.append(
            (
                "closed",
                f"is {long_date(row.closed)}, before the action was received "
                f"({long_date(row.received)}). Correct one of the two.",
            )
        )
    elif row.level == 1 and row.closed != row.received:
        found.append(
            (
                "closed",
                "A level 1 action closes on the day it is received "
                f"({long_date(row.received)}). Correct the date or the level.",
            )
        )
    if not row.closure_wording:
        found.append(("closure_wording", "is empty, but the stage is Closed. Say why it closed."))
    return found


def _open_rules(row: ListRow, register: Register) -> Said:
    found = []
    if row.stage_date is None:
        found.append(("stage_date", "is empty. Enter the day since when it is at this stage."))
    for field in ("closed", "closure_wording"):
        if getattr(row, field):
            found.append((field, "is filled in, but the stage is not Closed. Correct one of them."))
    tracked_here = register != Register.HMICFRS
    if row.level == 1:
        found.append(
            ("stage", "A level 1 action is closed on the day it is received: enter Closed.")
        )
    elif row.stage == Status.CLOSURE_PROPOSED and not (row.level == 2 or tracked_here):
        found.append(
            (
                "stage",
                "Local closure is for level 2 and super-complaint actions. Correct the stage.",
            )
        )
    elif row.stage == Status.WITH_HMICFRS and row.level != 3:
        found.append(
            ("stage", "Only level 3 actions are with HMICFRS for closure. Correct the stage.")
        )
    return found
