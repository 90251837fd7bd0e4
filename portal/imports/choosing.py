"""What somebody chooses to take of a previewed import: rows, columns, conflicts, likenesses."""

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction

from core.history import attribute
from people.models import User
from portal.imports.previewing import count_again, preview_again
from portal.imports.progress import check_free
from portal.imports.purposes import rules_of
from portal.imports.refused import ImportNotPossible
from portal.lists.matching import other_than, same_as
from portal.models import ImportRow, Outcome, SpreadsheetImport, State


class ChosenOnAnotherPreview(ImportNotPossible):
    """The preview was made again after somebody looked at it."""

    def __init__(self) -> None:
        super().__init__(
            "The preview was made again, or somebody chose otherwise, since you opened the page, "
            "so your choices were not kept. Check what it says now, then choose."
        )


def _locked(spreadsheet_import: SpreadsheetImport, seen: int) -> SpreadsheetImport:
    locked = SpreadsheetImport.objects.select_for_update().get(pk=spreadsheet_import.pk)
    check_free(locked)
    if locked.state != State.PREVIEWED:
        raise ImportNotPossible("Say what its columns hold first.")
    if not rules_of(locked.purpose).choosable:
        raise ImportNotPossible("What the portal holds is taken as a whole, so nothing is chosen.")
    if seen != locked.previews:
        raise ChosenOnAnotherPreview
    return locked


def _keep(spreadsheet_import: SpreadsheetImport, actor: User, what: str) -> None:
    """Another choice is another preview: nobody applies what they have not seen."""
    spreadsheet_import.rows.update(preview=spreadsheet_import.previews + 1)
    spreadsheet_import.previews += 1
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
        chosen = set(conflicts.get(row.sheet_row, ()))
        row.conflicts_taken = {
            each["field"]: each["ours"]
            for each in row.changes
            if each["conflict"] and each["field"] in chosen
        }
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
    spreadsheet_import: SpreadsheetImport, *, seen: int, said: Mapping[int, bool], actor: User
) -> None:
    """Say of rows that read much like an action whether they are of it; they are judged anew.

    Args:
        spreadsheet_import: previewed.
        seen: the number of the preview that was shown.
        said: sheet row -> whether it is of the action that it is like.
        actor: who says so.

    Raises:
        ImportNotPossible: it is finished, or has a newer preview.
    """
    locked = _locked(spreadsheet_import, seen)
    rows = list(locked.rows.in_outcome(Outcome.TO_CONFIRM).filter(sheet_row__in=said))
    for row in rows:
        like = row.resembles.get("reference", "")
        row.said_to_be = same_as(like) if said[row.sheet_row] else other_than(like)
    ImportRow.objects.bulk_update(rows, ["said_to_be"])
    if rows:
        preview_again(locked, actor=actor)
