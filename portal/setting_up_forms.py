"""Forms that ask where the rows of a spreadsheet stand, what its columns hold, what words mean."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms

from core.forms import GovukForm
from core.numbers import capitalised, counted
from portal.imports.purposes import rules_of
from portal.imports.setting_up import CHOSEN, LEADS
from portal.layouts.alike import similar
from portal.layouts.columns import Column, ColumnMap
from portal.layouts.matching import BY_NAME
from portal.models import Profile, SpreadsheetImport

# Rows of a sheet that are shown at once.
_FIRST_ROWS = 10
_UNDECIDED = ""
_EMPTY = "empty"
# So few words need no groups.
_FEW = 3
_IS = "is:"


class PlaceForm(GovukForm):
    """Which row of which sheet holds the headers.

    Args:
        outline: `SpreadsheetImport.outline`.
    """

    place = forms.ChoiceField(
        label="Which row holds the headers?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select the row that holds the headers",
            "invalid_choice": "Select one of the rows below",
        },
    )

    def __init__(self, *args: Any, outline: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outline = outline
        place: Any = self.fields["place"]
        place.choices = [
            (f"{index}:{number}", f"Row {number} of {sheet['title']}")
            for index, sheet in enumerate(outline)
            for number, _ in sheet["rows"]
        ]

    def tables(self) -> list[dict[str, Any]]:
        """The sheets with their rows, each row with what its radio button says and is called."""
        chosen = str(self["place"].value() or "")
        tables = []
        number_of = 0
        for index, sheet in enumerate(self.outline):
            width = max((len(cells) for _, cells in sheet["rows"]), default=0)
            rows = []
            for number, cells in sheet["rows"]:
                value = f"{index}:{number}"
                rows.append(
                    {
                        "number": number,
                        "value": value,
                        "id": f"id_place_{number_of}",
                        "checked": value == chosen,
                        "cells": cells + [""] * (width - len(cells)),
                    }
                )
                number_of += 1
            at = next((at for at, row in enumerate(rows) if row["checked"]), 0)
            shown = max(_FIRST_ROWS, at + 1)
            elsewhere = bool(chosen) and not chosen.startswith(f"{index}:")
            tables.append(
                {
                    **sheet,
                    "rows": rows[:shown],
                    "more": rows[shown:],
                    "folded": elsewhere and bool(rows),
                }
            )
        return tables

    @property
    def chosen(self) -> tuple[str, int]:
        """The name of the chosen sheet, and the number of the row."""
        index, number = self.cleaned_data["place"].split(":")
        return self.outline[int(index)]["title"][:100], int(number)


class ColumnsForm(GovukForm):
    """What each column holds, and a name to remember that by.

    Args:
        of: the import.
    """

    def __init__(self, *args: Any, of: SpreadsheetImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.import_columns = of.columns
        self.profile = of.profile
        self.columns = rules_of(of.purpose).columns
        for column in of.columns:
            name = f"column_{column['index']}"
            self.fields[name] = self._prepared(
                name,
                forms.ChoiceField(
                    label=f"What column {column['letter']} holds",
                    choices=_fields_to_choose(self.columns, column),
                    required=False,
                    initial=column["field"],
                    help_text=_how_words(column.get("how", "")),
                ),
            )
        length = Profile._meta.get_field("name").max_length
        self.fields["keep_as"] = self._prepared(
            "keep_as",
            forms.CharField(
                label="Remember this layout as",
                required=False,
                max_length=length,
                initial=of.profile.name if of.profile else "",
                help_text=_keep_words(of.profile),
                widget=forms.TextInput(attrs={"class": "govuk-!-width-two-thirds"}),
            ),
        )

    def rows(self) -> list[dict[str, Any]]:
        """The columns of the sheet, each with its field of the form."""
        return [
            {**column, "choice": self[f"column_{column['index']}"]}
            for column in self.import_columns
        ]

    def guessed_words(self) -> str:
        """How many columns were guessed by something other than their very names."""
        number = sum(bool(_how_words(column.get("how", ""))) for column in self.import_columns)
        if number == 0:
            return ""
        those = "was guessed: look at it" if number == 1 else "were guessed: look at those"
        return f"{capitalised(counted(number, 'column'))} {those} first."

    def clean(self) -> dict[str, Any]:
        """Refuses a field that is chosen twice, and columns that tell of no record."""
        data: dict[str, Any] = super().clean() or {}
        taken: dict[str, str] = {}
        for column in self.import_columns:
            name = f"column_{column['index']}"
            field = data.get(name, "")
            if field and field in taken:
                header = self.columns.header_of(field)
                self.add_error(
                    name,
                    f"Column {taken[field]} holds “{header}” already. Choose something else for "
                    f"column {column['letter']}, or for that one",
                )
            elif field:
                taken[field] = column["letter"]
        if not self.errors and (lacking := self.columns.lacking(list(taken))):
            self.add_error(None, lacking)
        return data

    @property
    def chosen(self) -> dict[int, str]:
        """Column counted from 0 -> field; "" where it is not read."""
        return {
            column["index"]: self.cleaned_data[f"column_{column['index']}"]
            for column in self.import_columns
        }


def _keep_words(profile: Profile | None) -> str:
    if profile is None:
        return (
            "A name, such as Corporate list. The next spreadsheet with these headers is then read "
            "without asking. A layout that has the name already is replaced."
        )
    return (
        f"Saving updates the layout “{profile}”. To leave it as it is, empty this or give another "
        "name."
    )


def _how_words(how: str) -> str:
    """How a column's field was found, where somebody should look at it."""
    if how in ("", BY_NAME, CHOSEN) or how.startswith("saved layout"):
        return ""
    return f"Guessed {how}"


def _fields_to_choose(columns: ColumnMap, of: Mapping[str, Any]) -> list[Any]:
    """What a column may hold.

    Args:
        columns: of the purpose.
        of: the column, as in `SpreadsheetImport.columns`.
    """
    keys = {field for key in columns.keys for field in key}
    needed: list[tuple[str, str]] = []
    helpful: list[tuple[str, str]] = []
    for column in columns.columns:
        if column.ours and not column.is_headed(of["header"]):
            continue
        group = needed if column.required or column.field in keys else helpful
        group.append((column.field, column.headers[0]))
    return [("", "Not read"), ("Needed for new records", needed), ("Helpful", helpful)]


class WordsForm(GovukForm):
    """What the words mean that nobody knows here so far.

    Args:
        of: the import.
    """

    def __init__(self, *args: Any, of: SpreadsheetImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = rules_of(of.purpose).columns
        self.asked: list[tuple[Column, str, list[tuple[str, str]]]] = []
        self.words: dict[str, tuple[str, str]] = {}
        for column in columns.columns_of(of.unknown_words):
            if column.choices is None:
                continue
            letter = of.layout.letter(column.field)
            words = column.choices()
            names = []
            for word, count, first in of.unknown_words[column.field]:
                name = _name_of(column.field, word)
                self.words[name] = (column.field, word)
                self.fields[name] = self._prepared(name, _word_field(column, word, words))
                names.append((name, f"{_rows_words(count)}, the first is row {first}"))
            self.asked.append((column, letter, names))

    def groups(self) -> list[dict[str, Any]]:
        """The words by column: leads last, as nothing has to be said of them."""
        groups = [
            {
                "header": column.headers[0],
                "letter": letter,
                "leads": column.field in LEADS,
                "words": [
                    {"word": self.words[name][1], "rows": rows, "choice": self[name]}
                    for name, rows in names
                ],
            }
            for column, letter, names in self.asked
        ]
        return sorted(groups, key=lambda group: bool(group["leads"]))

    @property
    def meant(self) -> dict[tuple[str, str], str | None]:
        """(field, word) -> a word that is known here; "" for an empty cell, None for undecided.

        Words that came up after the page was shown are not among them.
        """
        return {
            key: _meaning(self.cleaned_data[name])
            for name, key in self.words.items()
            if name in self.data
        }


def _meaning(answer: str) -> str | None:
    if answer.startswith(_IS):
        return answer.removeprefix(_IS)
    return "" if answer == _EMPTY else None


def _name_of(field: str, word: str) -> str:
    """The name of a word's select: the same however the words are ordered when it comes back."""
    return f"{field}-{hashlib.sha256(word.encode()).hexdigest()[:16]}"


def _rows_words(count: int) -> str:
    return capitalised(counted(count, "row"))


def _word_field(column: Column, word: str, words: list[tuple[str, str]]) -> forms.ChoiceField:
    lead = column.field in LEADS
    labels = {f"{_IS}{each}": label for each, label in words}
    like = similar(word, labels)
    undecided = "Record as a new lead" if lead else "Do not decide: these rows cannot be read"
    choices: list[Any] = [(_UNDECIDED, undecided), (_EMPTY, "Leave the cell empty")]
    first = [(value, labels[value]) for value, _ in like] if len(words) > _FEW else []
    if first:
        choices.append(("Similar", first))
    others = [each for each in labels.items() if each not in first]
    if others:
        choices.append(("Leads" if lead else column.headers[0], others))
    close = [value for value, is_close in like if is_close]
    return forms.ChoiceField(
        label=f"What “{word[:60]}” means",
        choices=choices,
        required=False,
        initial=close[0] if close else _UNDECIDED,
        help_text="Suggested, because it reads much like it: check it" if close else "",
    )


class LayoutForm(GovukForm):
    """The name of a saved layout."""

    name = forms.CharField(label="Name", max_length=80)
