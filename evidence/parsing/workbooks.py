"""Text of Excel workbooks."""

from collections.abc import Iterator
from itertools import islice
from typing import IO

from openpyxl.reader.excel import load_workbook

_ROWS = 100_000
_COLUMNS = 200


def in_workbook(file: IO[bytes], pages: int) -> Iterator[str]:
    """The names of the sheets and what stands in their cells, row by row."""
    workbook = load_workbook(file, read_only=True, data_only=True)
    for sheet in islice(workbook.worksheets, pages):
        yield f"{sheet.title}\n"
        # What a sheet claims of its size is not believed.
        sheet.reset_dimensions()
        for row in islice(sheet.iter_rows(max_col=_COLUMNS, values_only=True), _ROWS):
            cells = [str(value) for value in row if value is not None]
            if cells:
                yield " ".join(cells) + "\n"
