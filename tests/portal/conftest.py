"""Lists that are taken in with one line."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from portal.imports.receiving import receive
from portal.imports.undoing import prospect_of
from portal.models import SpreadsheetImport
from tests.factories import make_framework
from tests.workbooks import start_list

TakeIn = Callable[..., SpreadsheetImport]


@pytest.fixture
def take_in(db: None, media: Path) -> TakeIn:
    """`take_in([row(), ...])`: a list of these rows, received and previewed."""
    make_framework(questions=11)

    def taken(rows: Iterable[dict[str, Any]], *, name: str = "list.xlsx", **of_sheet: Any) -> Any:
        return receive(start_list(rows, **of_sheet), name, actor=None)

    return taken


def why_not(spreadsheet_import: SpreadsheetImport) -> str:
    """What stands against undoing an import, as its page says it; "" for nothing."""
    return prospect_of(spreadsheet_import).stands_against
