"""What a column holds, told by its values: for columns whose header says nothing to us.

Only what can hardly be anything else is told: references and titles that are recorded here, leads
by name, words of a closed list. Dates and plain figures could be of many columns.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
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


def fields_by_content(
    columns: ColumnMap, wanted: Iterable[str], values: Mapping[int, Values]
) -> dict[int, str]:
    """The fields that columns hold, as far as their values leave no doubt.

    Args:
        columns: of the purpose.
        wanted: fields that no column is known for yet.
        values: column counted from 0 -> its first values that are not empty.

    Returns:
        Column -> field. A column that may be two fields is none of them, and so is a field that
        may stand in two columns.
    """
    tests = _Tests(columns)
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

    def __init__(self, columns: ColumnMap) -> None:
        self.columns = {column.field: column for column in columns.columns}
        self.titles: set[str] | None = None
        self.leads: dict[str, bool] | None = None

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
        return _share(sample, lambda value: _reads(column, value)) >= _WORDS_SHARE

    def _levels(self, texts: list[str]) -> bool:
        # A plain 2 may be a priority or a number of anything; “Level 2” and “L2” may not.
        lettered = [text for text in texts if any(letter.isalpha() for letter in text)]
        level = self.columns["level"]
        return (
            len(lettered) >= _FEWEST
            and _share(texts, lambda text: _reads(level, text)) >= _WORDS_SHARE
        )

    def _references(self, texts: list[str]) -> set[str]:
        small = {text.casefold() for text in texts}
        by_portal = "portal_reference" if "portal_reference" in self.columns else "reference"
        found = set()
        once = len(small) == len(texts)
        if once and _known(small, Action.objects.by_portal_references(small), "portal_reference"):
            found.add(by_portal)
        if by_portal == "reference":
            return found
        ours = Action.objects.by_references(small)
        if once and _known(small, ours, "reference"):
            found.add("reference")
        causes = ours.filter(kind=Kind.CAUSE_OF_CONCERN)
        if not once and "parent" in self.columns and _known(small, causes, "reference"):
            found.add("parent")
        return found

    def _are_titles(self, texts: list[str]) -> bool:
        if self.titles is None:
            titles = Publication.objects.values_list("title", flat=True)
            self.titles = {title_key(title) for title in titles}
        said = {title_key(text) for text in texts}
        return len(said & self.titles) >= len(said) * _KNOWN_SHARE

    def _lead_fields(self, texts: list[str]) -> set[str]:
        if self.leads is None:
            pairs = Lead.objects.values_list("name", "chief_officer")
            self.leads = {name.casefold(): chief for name, chief in pairs}
        said = {text.casefold() for text in texts}
        known = [self.leads[name] for name in said if name in self.leads]
        if not known or len(known) < len(said) * _KNOWN_SHARE:
            return set()
        if all(known):
            return {"executive"}
        return set() if any(known) else {"delivery"}


def _share(values: Values, holds: Callable[[Any], bool]) -> float:
    return sum(1 for value in values if holds(value)) / len(values)


def _reads(column: Column, value: Any) -> bool:
    try:
        return column.reader(value) is not None
    except CellNotRead:
        return False


def _known(small: set[str], actions: Any, field: str) -> bool:
    there = {str(text).casefold() for text in actions.values_list(field, flat=True)}
    return len(there & small) >= max(2, len(small) * _KNOWN_SHARE)
