"""Whether the headers of a spreadsheet are those of another purpose than it is taken in for."""

from collections.abc import Iterable

from portal.layouts.columns import ColumnMap, header_key
from portal.layouts.matching import HeadRow, RowMatcher
from portal.models import Profile

# So many more of its headers must be the usual ones of the other purpose.
_AHEAD = 3


def fits_better(
    headers: Iterable[str],
    own: tuple[ColumnMap, Iterable[Profile]],
    other: tuple[ColumnMap, Iterable[Profile]],
) -> bool:
    """Whether headers say clearly that a sheet is of the other purpose.

    A saved layout of its own purpose settles it. Otherwise the other purpose knows as many of the
    headers at least; and it has a saved layout that fits, or could be read from them and more of
    them are the very words that its own sheets use.

    Args:
        headers: of the sheet.
        own, other: the columns and the saved layouts of a purpose.
    """
    row = HeadRow(1, tuple(headers))
    ours = RowMatcher(*own).match([row], 0, chosen=True)
    theirs = RowMatcher(*other).match([row], 0, chosen=True)
    if ours.profile or len(theirs.fields) < len(ours.fields):
        return False
    if theirs.profile:
        return True
    if other[0].lacking(list(theirs.fields.values())):
        return False
    return _usual(row, other[0]) >= _usual(row, own[0]) + _AHEAD


def _usual(row: HeadRow, columns: ColumnMap) -> int:
    usual = {header_key(column.headers[0]) for column in columns.columns}
    return len(usual & {header_key(text) for text in row.texts.values()})
