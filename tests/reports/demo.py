"""The demonstration in a test's database, through the same code that loads a force's own data."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import RequestFactory

from people.models import User
from reports.blocks import Entry, Table
from reports.document import Paper
from reports.models import CommitteeReport
from tracker.views.actions import ActionListPage

FIXTURES: Path = settings.BASE_DIR / "fixtures"


def read(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def load_demo() -> CommitteeReport:
    """Everything that the draft of 10 December 2024 is drawn from, and the draft itself."""
    call_command(
        "load_framework",
        FIXTURES / "paf-2023-25.json",
        leads=FIXTURES / "inspections.json",
        verbosity=0,
    )
    call_command("load_publications", FIXTURES / "publications.json", verbosity=0)
    call_command("import_start_list", FIXTURES / "start-list-2024-11-20.xlsx", verbosity=0)
    call_command("load_report", FIXTURES / "report-2024-12-10.json", verbosity=0)
    return CommitteeReport.objects.get()


def linked_figures(paper: Paper) -> dict[str, int]:
    """Address of a list -> the figure that leads there; figures in words are left out."""
    found: dict[str, int] = {}
    for section in paper.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                cells = [cell for row in block.rows for cell in row.cells if cell.href]
                found |= {cell.href: int(cell.text) for cell in cells}
    return found


def linked_publications(paper: Paper) -> list[str]:
    """Addresses that the paragraphs of section 6 lead to, in order."""
    return [
        block.href
        for section in paper.sections
        for block in section.blocks
        if isinstance(block, Entry)
    ]


def actions_at(address: str, reader: User) -> int:
    """How many actions the list holds at an address; nothing in it may be passed over."""
    page = ActionListPage()
    page.setup(RequestFactory().get(address))
    page.request.user = reader
    page.read_address()
    assert page.notes == [], address
    return page.count(page.filterset.qs)
