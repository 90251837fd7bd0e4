"""What a column holds, told by its values: for columns whose header says nothing to us.

Only what can hardly be anything else is told: references and titles that are recorded here, leads
by name, words of a closed list. Dates and plain figures could be of many columns.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from functools import cached_property
from typing import Any

from inspections.models import Publication
from people.models import Lead
from portal.keys import title_key
from portal.layouts.columns import Column, ColumnMap
from portal.layouts.outline import cell_words
from portal.reading.cells import CellNotRead
from tracker.choices import Kind
from tracker.models import Action

# So many values at least, and so large a part of them, must be what is looked for.
_FEWEST = 3
_WORDS_SHARE = 0.8
_KNOWN_SHARE = 0.6
_LONGEST = 300
# Fields of a few words, each of which means little elsewhere.
_WORD_FIELDS = {"kind", "scope", "stage", "status", "source_type", "on_portal"}
Values = list[Any]


class Recorded:
    """What is recorded here, read once and only where a column may hold it."""

    @cached_property
    def titles(self) -> set[str]:
        """Title keys of publications."""
        return {title_key(title) for title in Publication.objects.values_list("title", flat=True)}

    @cached_property
    def leads(self) -> dict[str, bool]:
        """Lower-case name -> whether it is of a chief officer."""
        pairs = Lead.objects.values_list("name", "chief_officer")
        return {name.casefold(): chief for name, chief in pairs}

    @cached_property
    def references(self) -> dict[str, str]:
        """Lower-case reference of an action -> its kind."""
        pairs = Action.objects.order_by().values_list("reference", "kind")
        return {reference.casefold(): kind for reference, kind in pairs}

    @cached_property
    def causes(self) -> set[str]:
        """Lower-case references of causes of concern."""
        kinds = self.references.items()
        return {reference for reference, kind in kinds if kind == Kind.CAUSE_OF_CONCERN}

    @cached_property
    def portal_references(self) -> set[str]:
        """Lower-case references that HMICFRS's portal has for actions."""
        found = Action.objects.order_by().values_list("portal_reference", flat=True)
        return {reference.casefold() for reference in found if reference}


def fields_by_content(
    columns: ColumnMap, wanted: Iterable[str], values: Mapping[int, Values], recorded: Recorded
) -> dict[int, str]:
    """The fields that columns hold, as far as their values leave no doubt.

    Args:
        columns: of the purpose.
        wanted: fields that no column is known for yet.
        values: column counted from 0 -> its first values that are not empty.
        recorded: what is here.

    Returns:
        Column -> field. A column that may be two fields is none of them, and so is a field that
        may stand in two columns.
    """
    tests = _Tests(columns, recorded)
    wanted = set(wanted)
    per_column: dict[int, list[str]] = {}
    per_field: dict[str, int] = defaultdict(int)
    for index, sample in values.items():
        held = tests.fields_of(sample) & wanted if len(sample) >= _FEWEST else set()
        per_column[index] = sorted(held)
        for field in held:
            per_field[field] += 1
    return {
        index: fields[0]
        for index, fields in per_column.items()
        if len(fields) == 1 and per_field[fields[0]] == 1
    }


class _Tests:
    """Looks at values, with what is recorded here."""

    def __init__(self, columns: ColumnMap, recorded: Recorded) -> None:
        self.columns = {column.field: column for column in columns.columns}
        self.recorded = recorded

    def fields_of(self, sample: Values) -> set[str]:
        """Every field whose values these can be."""
        texts = [cell_words(value, _LONGEST) for value in sample]
        found = {
            name
            for name, column in self.columns.items()
            if name in _WORD_FIELDS and column.choices and self._words(column, sample)
        }
        if "level" in self.columns and self._levels(texts):
            found.add("level")
        found |= self._references(texts)
        if "publication" in self.columns and self._are_titles(texts):
            found.add("publication")
        return found | (self._lead_fields(texts) & set(self.columns))

    def _words(self, column: Column, sample: Values) -> bool:
        return _most(sample, lambda value: _reads(column, value))

    def _levels(self, texts: list[str]) -> bool:
        # A plain 2 may be a priority or a number of anything; “Level 2” and “L2” may not.
        lettered = [text for text in texts if any(letter.isalpha() for letter in text)]
        level = self.columns["level"]
        return len(lettered) >= _FEWEST and _most(texts, lambda text: _reads(level, text))

    def _references(self, texts: list[str]) -> set[str]:
        small = {text.casefold() for text in texts}
        by_portal = "portal_reference" if "portal_reference" in self.columns else "reference"
        found = set()
        once = len(small) == len(texts)
        if once and _known(small, self.recorded.portal_references):
            found.add(by_portal)
        if by_portal == "reference":
            return found
        if once and _known(small, self.recorded.references.keys()):
            found.add("reference")
        if not once and "parent" in self.columns and _known(small, self.recorded.causes):
            found.add("parent")
        return found

    def _are_titles(self, texts: list[str]) -> bool:
        said = {title_key(text) for text in texts}
        return len(said & self.recorded.titles) >= len(said) * _KNOWN_SHARE

    def _lead_fields(self, texts: list[str]) -> set[str]:
        leads = self.recorded.leads
        said = {text.casefold() for text in texts}
        known = [leads[name] for name in said if name in leads]
        if not known or len(known) < len(said) * _KNOWN_SHARE:
            return set()
        if all(known):
            return {"executive"}
        return set() if any(known) else {"delivery"}


def _most(values: Values, holds: Callable[[Any], bool]) -> bool:
    """Whether so many of the values hold, looking at no more of them than it takes."""
    may_fail = len(values) * (1 - _WORDS_SHARE) + 1e-9
    failed = 0
    for value in values:
        failed += not holds(value)
        if failed > may_fail:
            return False
    return True


def _reads(column: Column, value: Any) -> bool:
    try:
        return column.reader(value) is not None
    except CellNotRead:
        return False


def _known(small: set[str], there: Set[str]) -> bool:
    return len(small & there) >= max(2, len(small) * _KNOWN_SHARE)
