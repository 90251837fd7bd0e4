"""`manage.py load_demo`: the demonstration, through the same code that loads a force's own data."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from board.demo import load_next_board, load_past_board
from evidence.demo import load_evidence
from evidence.extracting import extract_waiting, held_back
from people.demo import load_cast
from portal.models import SpreadsheetImport
from portal.reconciliation.loading import load_export
from tracker.demo import attach_evidence, load_closures
from tracker.paf.demo import load_assessment

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
START_LIST = FIXTURES / "start-list-2024-11-20.xlsx"


class Command(BaseCommand):
    help = "Loads the demonstration: accounts, framework, publications, list, evidence and so on."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demonstration (DEMO is off), so nothing was loaded.")
        with held_back():
            self._load()
        extract_waiting()

    def _load(self) -> None:
        call_command(
            "load_framework", FIXTURES / "paf-2023-25.json", leads=FIXTURES / "inspections.json"
        )
        call_command("load_publications", FIXTURES / "publications.json")
        call_command("load_inspections", FIXTURES / "inspections.json")
        call_command("load_terms", FIXTURES / "terms-of-reference.json")
        with transaction.atomic():
            load_cast()
        if not SpreadsheetImport.objects.filter(original_name=START_LIST.name).exists():
            call_command("import_start_list", START_LIST)
        load_assessment(FIXTURES / "paf-assessment-2024.json")
        load_closures(FIXTURES / "closures-2024-10-16.json")
        load_past_board(FIXTURES / "board-2024.json")
        taken = load_closures(FIXTURES / "closures-2024-11-25.json")
        load_next_board(FIXTURES / "board-2024.json")
        load_export(FIXTURES / "portal-2024-11-20.xlsx", dt.date(2024, 11, 20))
        self.stdout.write(f"Closures: {taken} taken further.")
        added = load_evidence(FIXTURES / "evidence-2024.json")
        attach_evidence(FIXTURES / "evidence-2024.json")
        self.stdout.write(f"Evidence: {added} pieces added.")
        call_command("load_report", FIXTURES / "report-2024-12-10.json")
