"""Saying where the rows of an import stand, what its columns hold and what its words mean.

Each step can be left and gone back to until the import is applied. Only another sheet or row of
headers opens the kept file again; every other step works on the rows that are kept.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core.history import attribute
from people.models import User
from portal.imports.previewing import preview_again, read_rows
from portal.imports.progress import check_free
from portal.imports.purposes import rules_of
from portal.imports.receiving import expect_hidden, what_it_looks_like
from portal.imports.refused import ImportNotPossible
from portal.layouts.alike import may_be_one_of
from portal.layouts.guessing import RowEmpty, guess_below
from portal.layouts.meanings import remember, word_key
from portal.layouts.profiles import fields_by_header, profiles_of, save_profile
from portal.models import Profile, Purpose, SpreadsheetImport, State
from portal.reading.refusals import WorkbookRefused
from portal.reading.workbook import Sheet

# How a column's field was found, where a person said it.
CHOSEN = "chosen by a person"
# Columns of names that may be new.
LEADS = ("executive", "delivery")


class SetUpMeanwhile(ImportNotPossible):
    """Somebody set the import up after this person had opened the page."""

    def __init__(self, who: str) -> None:
        super().__init__(
            f"{who} set this import up after you opened the page. What you chose is still here: "
            "save again to put it in the place of what was chosen meanwhile."
        )


@transaction.atomic
def choose_place(
    spreadsheet_import: SpreadsheetImport,
    *,
    sheet: str,
    header_row: int,
    actor: User,
    seen: int | None = None,
) -> SpreadsheetImport:
    """Say which sheet the rows stand in and which row holds their headers; rows are read anew.

    Args:
        spreadsheet_import: not applied yet.
        sheet: the name of the sheet.
        header_row: counted from 1.
        actor: who says so.
        seen: the number of the preview that was there when the person looked; None for any.

    Returns:
        The import with the columns guessed and the rows previewed, as far as anything can be read.

    Raises:
        SetUpMeanwhile: somebody else was faster.
        ImportNotPossible: it is finished, it has no such sheet or row, or cannot be read any more.
    """
    locked = _locked(spreadsheet_import)
    if (locked.sheet, locked.header_row) == (sheet, header_row) and locked.columns:
        return locked
    _check_seen(locked, seen)
    rules = rules_of(locked.purpose)
    columns = rules.columns
    try:
        with locked.file.open("rb") as file, rules.opened(file, locked.original_name) as sheets:
            chosen = _sheet_called(sheet, sheets)
            found = guess_below(chosen, header_row, columns, profiles_of(locked.purpose))
            locked.sheet, locked.header_row = sheet, header_row
            locked.columns = [column.as_json() for column in found.found]
            locked.profile = found.profile
            locked.looks_like = what_it_looks_like(locked, sheets)
            _save(locked, actor, "Sheet and row of headers chosen")
            locked.rows.all().delete()
            expect_hidden(chosen, locked)
            read_rows(locked, chosen, actor=actor)
    except WorkbookRefused as refusal:
        raise ImportNotPossible(str(refusal)) from refusal
    except RowEmpty as error:
        raise ImportNotPossible(
            f"Row {header_row} of the sheet “{sheet}” is empty. Choose the row of the headers."
        ) from error
    if not found.sure:
        # Until somebody has looked at the columns it is not offered as a preview.
        locked.state = State.SETTING_UP
        _save(locked, actor, "Columns to be confirmed")
    return locked


@transaction.atomic
def choose_columns(
    spreadsheet_import: SpreadsheetImport,
    *,
    fields: Mapping[int, str],
    keep_as: str,
    actor: User,
    seen: int | None = None,
) -> SpreadsheetImport:
    """Say what each column holds; the kept rows are previewed anew.

    Args:
        spreadsheet_import: its sheet is known, and it is not applied yet.
        fields: column counted from 0 -> field; "" where it is not read.
        keep_as: a name to remember the layout by; "" for none.
        actor: who says so.
        seen: as for `choose_place`.

    Raises:
        SetUpMeanwhile: somebody else was faster.
        ImportNotPossible: it is finished.
        ValidationError: a field is chosen twice or not known, nothing tells which record a row is
            about, or the name cannot be kept.
    """
    locked = _locked(spreadsheet_import)
    columns = [_with_field(column, fields.get(column["index"], "")) for column in locked.columns]
    _check_fields(locked, [column["field"] for column in columns if column["field"]])
    same = columns == locked.columns
    keep = bool(keep_as) and not _is_kept_so(locked.profile, keep_as, columns)
    if same and not keep and locked.state == State.PREVIEWED:
        return locked
    if not same:
        _check_seen(locked, seen)
    locked.columns = columns
    if keep:
        locked.profile = save_profile(
            name=keep_as,
            purpose=Purpose(locked.purpose),
            sheet=locked.sheet,
            columns=columns,
            actor=actor,
        )
    elif locked.profile and locked.profile.fields != fields_by_header(columns):
        locked.profile = None
    _save(locked, actor, "Columns chosen")
    preview_again(locked, actor=actor)
    locked.refresh_from_db()
    return locked


@transaction.atomic
def choose_words(
    spreadsheet_import: SpreadsheetImport,
    *,
    meant: Mapping[tuple[str, str], str | None],
    actor: User,
) -> SpreadsheetImport:
    """Say what words mean, for this import and every later one; its rows are previewed anew.

    Two people cannot collide here: of two meanings of one word the later one counts.

    Args:
        spreadsheet_import: previewed, and not applied yet.
        meant: (field, word as it is written) -> a word that the field's reader knows; "" where the
            cell is to be read as empty, None where nothing is decided.
        actor: who says so.

    Raises:
        ImportNotPossible: it is finished.
        ValidationError: a field is not known, or a word does not belong to it.
    """
    locked = _locked(spreadsheet_import)
    decided = {key: to for key, to in meant.items() if to is not None}
    _check_words(locked, decided)
    asked = _asked(locked, meant)
    if asked != locked.asked_words:
        locked.asked_words = asked
        _save(locked, actor, "Words asked")
    if decided:
        remember(Purpose(locked.purpose), decided, actor=actor)
        preview_again(locked, actor=actor)
        locked.refresh_from_db()
    return locked


def unasked_words(spreadsheet_import: SpreadsheetImport) -> int:
    """How many words are still to be asked: nobody has said what they mean, nor left them undecided
    on purpose. A new lead is to be asked where the name reads much like that of a lead.
    """
    columns = rules_of(spreadsheet_import.purpose).columns
    number = 0
    for field, said in spreadsheet_import.unknown_words.items():
        asked = spreadsheet_import.asked_words.get(field, ())
        words = [word for word, *_ in said if word_key(word) not in asked]
        if words and field in LEADS:
            column = columns.by_field[field]
            leads = [name for name, _ in column.choices()] if column.choices else []
            words = [word for word in words if may_be_one_of(word, leads)]
        number += len(words)
    return number


def _asked(
    locked: SpreadsheetImport, meant: Mapping[tuple[str, str], str | None]
) -> dict[str, list[str]]:
    """The words that were asked for, with those before."""
    asked = {field: set(words) for field, words in locked.asked_words.items()}
    for field, word in meant:
        asked.setdefault(field, set()).add(word_key(word))
    return {field: sorted(words) for field, words in asked.items()}


def _is_kept_so(profile: Profile | None, keep_as: str, columns: list[dict[str, Any]]) -> bool:
    """Whether a layout has this name and says this of the columns already."""
    return (
        profile is not None
        and profile.name.casefold() == " ".join(keep_as.split()).casefold()
        and profile.fields == fields_by_header(columns)
    )


def _locked(spreadsheet_import: SpreadsheetImport) -> SpreadsheetImport:
    locked = SpreadsheetImport.objects.select_for_update().get(pk=spreadsheet_import.pk)
    check_free(locked)
    return locked


def _check_seen(locked: SpreadsheetImport, seen: int | None) -> None:
    if seen is not None and seen != locked.previews:
        history: Any = locked.history
        raise SetUpMeanwhile(history.latest().user_name or "Somebody")


def _sheet_called(title: str, sheets: list[Sheet]) -> Sheet:
    for sheet in sheets:
        if sheet.title[:100] == title:
            return sheet
    raise ImportNotPossible(f"This spreadsheet has no sheet “{title[:100]}”. Choose another.")


def _with_field(column: dict[str, Any], field: str) -> dict[str, Any]:
    if field == column["field"]:
        return column
    return {**column, "field": field, "how": CHOSEN if field else ""}


def _check_fields(locked: SpreadsheetImport, chosen: list[str]) -> None:
    columns = rules_of(locked.purpose).columns
    for field, count in Counter(chosen).items():
        if field not in columns.by_field:
            raise ValidationError("Choose what the column holds from the list.")
        if count > 1:
            header = columns.header_of(field)
            raise ValidationError(f"“{header}” is chosen for {count} columns. Choose one of them.")
    if lacking := columns.lacking(chosen):
        raise ValidationError(lacking)


def _check_words(locked: SpreadsheetImport, decided: Mapping[tuple[str, str], str]) -> None:
    columns = rules_of(locked.purpose).columns
    for (field, _), to in decided.items():
        column = columns.by_field.get(field)
        words = {word for word, _ in column.choices()} if column and column.choices else set()
        if to and to not in words:
            raise ValidationError(f"“{to[:40]}” is no longer known here. Choose another meaning.")


def _save(locked: SpreadsheetImport, actor: User, reason: str) -> None:
    attribute(locked, actor, reason)
    locked.full_clean()
    locked.save()
