"""What somebody chooses to take of a previewed import: rows, columns, conflicts, likenesses."""

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction

from core.history import attribute
from people.models import User
from portal.imports.previewing import check_open, count_again, preview_again
from portal.imports.purposes import rules_of
from portal.imports.refused import ImportNotPossible
from portal.models import ImportRow, Outcome, SpreadsheetImport


class ChosenOnAnotherPreview(ImportNotPossible):
    """The preview was made again after somebody looked at it."""

    def __init__(self) -> None:
        super().__init__(
            "The preview was made again since you opened the page, so your choices were not kept. "
            "Check what it says now, then choose."
        )


def _locked(spreadsheet_import: SpreadsheetImport, seen: int) -> SpreadsheetImport:
    locked = SpreadsheetImport.objects.select_for_update().get(pk=spreadsheet_import.pk)
    check_open(locked)
    if not rules_of(locked.purpose).choosable:
        raise ImportNotPossible("What the portal holds is taken as a whole, so nothing is chosen.")
    if seen != locked.previews:
        raise ChosenOnAnotherPreview
    return locked


def _keep(spreadsheet_import: SpreadsheetImport, actor: User, what: str) -> None:
    count_again(spreadsheet_import)
    attribute(spreadsheet_import, actor, what)
    spreadsheet_import.save()


def taken_of(spreadsheet_import: SpreadsheetImport) -> dict[str, int]:
    """How many new and changed rows applying would write, and how many of them it would not."""
    rows = spreadsheet_import.rows
    new = rows.filter(outcome=Outcome.NEW, left_out=False).count()
    taken = spreadsheet_import.good_rows
    counts = spreadsheet_import.counts
    both = int(counts.get(Outcome.NEW, 0)) + int(counts.get(Outcome.CHANGED, 0))
    return {"new": new, "changed": taken - new, "left": both - taken}


@transaction.atomic
def choose_rows(
    spreadsheet_import: SpreadsheetImport,
    *,
    seen: int,
    shown: Collection[int],
    taken: Collection[int],
    conflicts: Mapping[int, Collection[str]],
    actor: User,
) -> None:
    """Take some of the rows that somebody was shown, and leave out the others of them.

    Args:
        spreadsheet_import: previewed.
        seen: the number of the preview that was shown.
        shown: sheet rows that could be chosen.
        taken: those of them to be taken.
        conflicts: sheet row -> fields to be taken though they conflict.
        actor: who chooses.

    Raises:
        ImportNotPossible: it is finished, or has a newer preview.
    """
    locked = _locked(spreadsheet_import, seen)
    rows = list(locked.rows.filter(sheet_row__in=shown))
    for row in rows:
        row.left_out = row.sheet_row not in taken
        fields = {each["field"] for each in row.changes if each["conflict"]}
        row.conflicts_taken = sorted(fields & set(conflicts.get(row.sheet_row, ())))
    ImportRow.objects.bulk_update(rows, ["left_out", "conflicts_taken"])
    _keep(locked, actor, "Rows chosen")


@transaction.atomic
def choose_fields(
    spreadsheet_import: SpreadsheetImport, *, seen: int, left: Iterable[str], actor: User
) -> None:
    """Take nothing of some fields, whatever the rows say.

    Args:
        spreadsheet_import: previewed.
        seen: the number of the preview that was shown.
        left: fields of which nothing is taken.
        actor: who chooses.

    Raises:
        ImportNotPossible: it is finished, or has a newer preview.
    """
    locked = _locked(spreadsheet_import, seen)
    locked.left_fields = sorted(set(left) & set(locked.counts.get("fields", {})))
    _keep(locked, actor, "Columns chosen")


@transaction.atomic
def say_what_rows_are(
    spreadsheet_import: SpreadsheetImport, *, seen: int, said: Mapping[int, str], actor: User
) -> None:
    """Say of rows that read much like an action whether they are of it; they are judged anew.

    Args:
        spreadsheet_import: previewed.
        seen: the number of the preview that was shown.
        said: sheet row -> reference of the action it is of, or `NOT_OURS`.
        actor: who says so.

    Raises:
        ImportNotPossible: it is finished, or has a newer preview.
    """
    locked = _locked(spreadsheet_import, seen)
    rows = list(locked.rows.in_outcome(Outcome.TO_CONFIRM).filter(sheet_row__in=said))
    for row in rows:
        row.said_to_be = said[row.sheet_row]
    ImportRow.objects.bulk_update(rows, ["said_to_be"])
    if rows:
        preview_again(locked, actor=actor)
