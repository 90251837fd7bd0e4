"""Stores of evidence for tests: ZIP files with an index."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

HEADERS = (
    "File",
    "Title",
    "What it shows",
    "PAF question",
    "Characteristic",
    "Action",
    "Date",
    "Owner",
    "Marking",
    "Source",
    "Review by",
)
# A row that is good in every cell; tests say what is different.
GOOD: dict[str, Any] = {
    "File": "audit.pdf",
    "Title": "Dip sample of 40 crime records",
    "What it shows": "38 of 40 were recorded within a day.",
    "PAF question": None,
    "Characteristic": "1.1.1",
    "Action": None,
    "Date": "1 October 2024",
    "Owner": None,
    "Marking": "OFFICIAL",
    "Source": "Dip sample or audit",
    "Review by": None,
}
PDF = b"%PDF-1.7\n"


def pdf(number: int = 1) -> bytes:
    """A small file of its own that begins as a PDF does."""
    return PDF + b"%% paper " + str(number).encode() + b"\n%%EOF\n"


def row(**different: Any) -> dict[str, Any]:
    """`row(File="b.pdf", PAF_question=2)`."""
    return {**GOOD, **{name.replace("_", " "): value for name, value in different.items()}}


def index(*rows: Mapping[str, Any], headers: Sequence[str] = HEADERS) -> bytes:
    book = Workbook()
    page: Any = book.active
    page.append(list(headers))
    for each in rows:
        page.append([each[header] for header in headers])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def store(
    *rows: Mapping[str, Any], files: Mapping[str, bytes] | None = None, **of_index: Any
) -> io.BytesIO:
    """A ZIP file with an index of these rows, and these files (audit.pdf, unless told)."""
    given = {"audit.pdf": pdf()} if files is None else files
    return packed({"index.xlsx": index(*rows, **of_index), **given})


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, contents in files.items():
            archive.writestr(name, contents)
    target.seek(0)
    return target
