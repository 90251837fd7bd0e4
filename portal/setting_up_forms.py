"""Forms that ask where the rows of a spreadsheet stand, what its columns hold, what words mean."""

import hashlib
from typing import Any

from django import forms
from rapidfuzz import fuzz, process, utils

from core.forms import GovukForm
from core.numbers import capitalised, counted
from portal.imports.purposes import rules_of
from portal.imports.setting_up import CHOSEN
from portal.layouts.columns import Column, ColumnMap
from portal.layouts.matching import BY_NAME
from portal.models import Profile, SpreadsheetImport

# A word of the list that is so like one of ours is suggested; the person sees and may change it.
_CLOSE = 88
_LIKE = 60
_LIKE_SHOWN = 3
_UNDECIDED = ""
_EMPTY = "empty"
_IS = "is:"
LEADS = ("executive", "delivery")


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
            elsewhere = bool(chosen) and not chosen.startswith(f"{index}:")
            tables.append({**sheet, "rows": rows, "folded": elsewhere and bool(rows)})
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
        self.columns = rules_of(of.purpose).columns
        choices = _fields_to_choose(self.columns)
        for column in of.columns:
            name = f"column_{column['index']}"
            self.fields[name] = self._prepared(
                name,
                forms.ChoiceField(
                    label=f"What column {column['letter']} holds",
                    choices=choices,
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
                help_text="A name, such as Corporate list. The next spreadsheet with these headers "
                "is then read without asking. A layout that has the name already is replaced.",
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


def _how_words(how: str) -> str:
    """How a column's field was found, where somebody should look at it."""
    if how in ("", BY_NAME, CHOSEN) or how.startswith("saved layout"):
        return ""
    return f"Guessed {how}"


def _fields_to_choose(columns: ColumnMap) -> list[Any]:
    keys = {field for key in columns.keys for field in key}
    needed: list[tuple[str, str]] = []
    helpful: list[tuple[str, str]] = []
    for column in columns.columns:
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
        """(field, word) -> a word that is known here; "" for an empty cell, None for undecided."""
        return {key: _meaning(self.cleaned_data[name]) for name, key in self.words.items()}


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
    like = process.extract(
        word,
        labels,
        scorer=fuzz.token_sort_ratio,
        processor=utils.default_process,
        limit=_LIKE_SHOWN,
        score_cutoff=_LIKE,
    )
    undecided = "Record as a new lead" if lead else "Do not decide: these rows cannot be read"
    choices: list[Any] = [(_UNDECIDED, undecided), (_EMPTY, "Leave the cell empty")]
    similar = [(value, label) for label, _, value in like]
    if similar and len(words) > _LIKE_SHOWN:
        choices.append(("Similar", similar))
    others = [each for each in labels.items() if each not in similar or len(words) <= _LIKE_SHOWN]
    if others:
        choices.append(("Leads" if lead else column.headers[0], others))
    close = [value for _, score, value in like if score >= _CLOSE]
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
