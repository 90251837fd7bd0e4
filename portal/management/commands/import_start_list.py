"""`manage.py import_start_list FILE`: the force's list, by the same code as the page."""

from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from people.models import User
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.imports.refused import ImportNotPossible
from portal.imports.results import Problem
from portal.models import Outcome, SpreadsheetImport, State
from portal.reading.refusals import WorkbookRefused


class Command(BaseCommand):
    help = "Import the force's own list: say what becomes of each row, then apply the good ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Say it only; write nothing.")
        parser.add_argument("--as", dest="user", help="User name of whoever it is done for.")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self._actor(options["user"])
        try:
            with options["file"].open("rb") as file:
                if options["dry_run"]:
                    self._dry_run(file, options["file"].name)
                else:
                    self._import(file, options["file"].name, actor)
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error.strerror}.") from error
        except (WorkbookRefused, ImportNotPossible) as error:
            raise CommandError(str(error)) from error

    def _actor(self, name: str | None) -> User | None:
        if name is None:
            return None
        user = User.objects.filter(username=name).first()
        if user is None or not user.has_perm("portal.import_spreadsheet"):
            raise CommandError(f"“{name}” is nobody who may import spreadsheets.")
        return user

    def _dry_run(self, file: IO[bytes], name: str) -> None:
        self._forget(self._receive(file, name, None))
        self.stdout.write("Dry run: nothing was written.")

    def _receive(self, file: IO[bytes], name: str, actor: User | None) -> SpreadsheetImport:
        """Take the list in and say what becomes of its rows."""
        received = receive(file, name, actor=actor)
        if received.state == State.REFUSED:
            raise CommandError(received.refusal)
        if received.state == State.SETTING_UP:
            self._forget(received)
            raise CommandError(
                "The layout of this list is not known here. Take it in on the page Imports, where "
                "its columns can be chosen; after that it is known."
            )
        for row in received.rows.with_remarks():
            remarks = [Problem(**each) for each in [*row.problems, *row.notes]]
            self._say(row.sheet_row, row.reference, remarks)
        self._say_what(received)
        return received

    def _forget(self, received: SpreadsheetImport) -> None:
        """As though it had never been taken in."""
        received.file.storage.delete(str(received.file.name))
        received.delete()

    def _import(self, file: IO[bytes], name: str, actor: User | None) -> None:
        received = self._receive(file, name, actor)
        if received.good_rows == 0:
            self.stdout.write("Nothing to apply.")
            return
        applied = apply_import(received, actor=actor)
        self.stdout.write(f"Applied {applied.good_rows:,} rows.")

    def _say(self, sheet_row: int, reference: str, problems: list[Problem]) -> None:
        name = f" ({reference})" if reference else ""
        for problem in problems:
            self.stdout.write(f"Row {sheet_row}{name}, {problem}")

    def _say_what(self, received: SpreadsheetImport) -> None:
        for title, names in (
            ("Columns that are not read", [each["header"] for each in received.unknown_headers]),
            ("Columns that the list does not have", received.missing_headers),
            ("New publications", [each["title"] for each in received.new_publications]),
            ("New leads", received.new_leads),
        ):
            if names:
                self.stdout.write(f"{title}: {'; '.join(names)}.")
        words = [f"{received.counts.get(each, 0):,} {each.label.lower()}" for each in Outcome]
        self.stdout.write(f"Rows: {', '.join(words)}.")
