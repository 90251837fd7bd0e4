"""What a row says if it is taken for the row of headers: by saved layouts, then by names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from portal.layouts.columns import ColumnMap, header_key, header_text
from portal.layouts.names import Names
from portal.models import Profile
from portal.reading.workbook import Cells

# So many headers must be known before a row is taken for the row of headers.
SOME = 2
BY_NAME = "by its name"


class HeadRow(NamedTuple):
    """A row near the top of a sheet.

    Args:
        number: counted from 1.
        cells: from column A on.
        spread: columns that only carry on a merged cell to their left.
    """

    number: int
    cells: Cells
    spread: frozenset[int] = frozenset()

    @property
    def texts(self) -> dict[int, str]:
        """Column -> what it says as a header; a merged one is the header of its first column."""
        texts = {
            index: header_text(value)
            for index, value in enumerate(self.cells)
            if value is not None and index not in self.spread
        }
        return {index: text for index, text in texts.items() if text}


# Rows of a sheet, without empty ones.
Head = list[HeadRow]


class Score(NamedTuple):
    """How well a row fits: a saved layout goes before names, then the number of known columns."""

    layout: bool
    known: int
    exact: int


@dataclass
class Match:
    """What a row says if it is taken for the row of headers.

    Args:
        headers: column -> header.
        fields: column -> field.
        how: column -> how that was found.
        settled: columns that are known not to be read.
        profile: the saved layout that fits.
        twice: whether two columns have the header of one field.
        near: whether a column was found by a name that is only like a header.
    """

    headers: dict[int, str]
    fields: dict[int, str] = field(default_factory=dict)
    how: dict[int, str] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)
    profile: Profile | None = None
    twice: bool = False
    near: bool = False

    def take(self, index: int, name: str, how: str, header: str) -> None:
        """A column holds a field."""
        self.fields[index], self.how[index], self.headers[index] = name, how, header

    def open(self, variants: Mapping[int, list[str]]) -> list[tuple[int, list[str]]]:
        """The columns that nothing is known of yet."""
        return [
            (index, texts)
            for index, texts in variants.items()
            if index not in self.fields and index not in self.settled
        ]

    @property
    def score(self) -> Score:
        """How well the row fits."""
        guessed = sum(how != BY_NAME for how in self.how.values())
        return Score(self.profile is not None, len(self.fields), -guessed)


class RowMatcher:
    """Looks at rows as rows of headers.

    Args:
        columns: of the purpose.
        profiles: its saved layouts.
    """

    def __init__(self, columns: ColumnMap, profiles: Iterable[Profile]) -> None:
        self.columns = columns
        self.names = Names(columns)
        self.fields = fields = {column.field for column in columns.columns}
        # A layout that was saved before a field went reads the others.
        self.profiles = [
            each for each in profiles if any(name in fields for name in each.fields.values())
        ]

    def match(self, head: Head, place: int, *, chosen: bool = False) -> Match:
        """What a row says by saved layouts and names, alone or with the row above it.

        Args:
            head: the rows of the sheet.
            place: of the row among them.
            chosen: the row is the row of headers; otherwise names that are only like headers are
                told where at least one column is known, so that no sheet takes long.
        """
        own = head[place].texts
        alone = self._matched({index: [text] for index, text in own.items()}, chosen)
        above = _group_headers(head, place)
        if not above:
            return alone
        variants = {}
        for index in sorted({*own, *above}):
            top, low = above.get(index, ""), own.get(index, "")
            both = [f"{top} {low}", f"{low} {top}"] if top and low and top != low else []
            variants[index] = [*both, low] if low else [top]
        together = self._matched(variants, chosen)
        return together if together.score > alone.score else alone

    def _matched(self, variants: Mapping[int, list[str]], chosen: bool) -> Match:
        found = Match({index: texts[-1] for index, texts in variants.items()})
        self._by_profile(found, variants)
        taken = set(found.fields.values())
        for index, texts in found.open(variants):
            named = [(self.names.exact(text), text) for text in texts]
            free = next((each for each in named if each[0] and each[0] not in taken), None)
            if free:
                taken.add(free[0])
                found.take(index, free[0], BY_NAME, free[1])
            else:
                found.twice = found.twice or any(name for name, _ in named)
        if chosen or found.fields:
            self._by_near_names(found, variants, taken)
        return found

    def _by_near_names(
        self, found: Match, variants: Mapping[int, list[str]], taken: set[str]
    ) -> None:
        for index, texts in found.open(variants):
            for text in texts:
                name, header = self.names.near(text)
                if name and name not in taken:
                    taken.add(name)
                    found.near = True
                    found.take(index, name, f"by a name like “{header}”", text)
                    break

    def _by_profile(self, found: Match, variants: Mapping[int, list[str]]) -> None:
        if not self.profiles:
            return
        keys = {header_key(text) for texts in variants.values() for text in texts}
        fitting = []
        for profile in self.profiles:
            read = {key for key, name in profile.fields.items() if name in self.fields}
            if read and read <= keys:
                fitting.append((len(read), profile))
        if not fitting:
            return
        found.profile = max(fitting, key=lambda each: each[0])[1]
        fields = found.profile.fields
        taken: set[str] = set()
        for index, texts in variants.items():
            text = next((each for each in texts if header_key(each) in fields), None)
            if text is None:
                continue
            name = fields[header_key(text)]
            if name not in self.fields:
                found.settled.add(index)
                found.headers[index] = text
            elif name in taken:
                found.twice = True
            else:
                taken.add(name)
                found.take(index, name, f"saved layout “{found.profile.name}”", text)


def _group_headers(head: Head, place: int) -> dict[int, str]:
    """The row that touches a row from above, where it can be the upper half of its headers."""
    if place == 0 or head[place - 1].number != head[place].number - 1:
        return {}
    above = {
        index: header_text(value)
        for index, value in enumerate(head[place - 1].cells)
        if isinstance(value, str) and header_text(value)
    }
    # One text, perhaps merged over all columns, is a title.
    return above if len(set(above.values())) >= SOME else {}
