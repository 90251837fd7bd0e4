"""`manage.py import_evidence FOLDER_OR_ZIP --as USER`: a store of evidence with an index, by the
same code as the page.
"""

import tempfile
import zipfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from people.models import User
from portal.imports.applying import apply_import
from portal.imports.discarding import discard
from portal.imports.receiving import receive
from portal.imports.refused import ImportNotPossible
from portal.imports.results import Problem
from portal.models import Outcome, Purpose, SpreadsheetImport, State
from portal.store_in.archive import MAX_FILES


class Command(BaseCommand):
    help = "Take in a folder or ZIP file of evidence that has an index: say what becomes of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", type=Path, metavar="FOLDER_OR_ZIP")
        parser.add_argument("--dry-run", action="store_true", help="Say it only; keep nothing.")
        parser.add_argument(
            "--as",
            dest="user",
            required=True,
            help="User name of whoever it is done for; owns what the index names no owner of.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        place: Path = options["place"]
        actor = self._actor(options["user"])
        try:
            with _as_zip(place) as file:
                received = receive(file, place.name, actor=actor, purpose=Purpose.EVIDENCE)
        except OSError as error:
            raise CommandError(f"Cannot read {place}: {error.strerror or error}.") from error
        if received.state == State.REFUSED:
            raise CommandError(received.refusal)
        try:
            self._go_on(received, actor, dry_run=options["dry_run"])
        except ImportNotPossible as error:
            raise CommandError(str(error)) from error

    def _actor(self, name: str) -> User:
        user = User.objects.filter(username=name).first()
        if user is None or not user.has_perm("portal.import_spreadsheet"):
            raise CommandError(f"“{name}” is nobody who may import spreadsheets.")
        return user

    def _go_on(self, received: SpreadsheetImport, actor: User, *, dry_run: bool) -> None:
        if received.state == State.SETTING_UP:
            discard(received, actor=actor)
            raise CommandError(
                "The columns of the index are not known here. Take it in on the page Imports, "
                "where they can be chosen; after that they are known."
            )
        self._tell(received)
        if dry_run:
            discard(received, actor=actor)
            self.stdout.write("Dry run: nothing was kept.")
        elif received.good_rows:
            applied = apply_import(received, actor=actor)
            number = applied.good_rows
            self.stdout.write(f"Applied {number:,} {'row' if number == 1 else 'rows'}.")
        else:
            self.stdout.write("Nothing to apply.")

    def _tell(self, received: SpreadsheetImport) -> None:
        for row in received.rows.with_remarks():
            for said in [*row.problems, *row.notes]:
                self.stdout.write(f"Row {row.sheet_row} ({row.reference}), {Problem(**said)}")
        if received.gone:
            self.stdout.write(f"Files without a row: {'; '.join(received.gone)}.")
        words = [f"{received.counts.get(each, 0):,} {each.label.lower()}" for each in Outcome]
        self.stdout.write(f"Rows: {', '.join(words)}.")


@contextmanager
def _as_zip(place: Path) -> Iterator[IO[bytes]]:
    """A ZIP file as it is; a folder as one, packed into a temporary file."""
    if not place.is_dir():
        with place.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as packed:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
            for number, path in enumerate(_files_in(place)):
                if number >= MAX_FILES:
                    raise CommandError(
                        f"{place} holds more than {MAX_FILES:,} files. Split it into several "
                        "folders, each with an index of its own."
                    )
                archive.write(path, path.relative_to(place).as_posix())
        packed.seek(0)
        yield packed


def _files_in(place: Path) -> Iterator[Path]:
    """The files of a folder and of those in it; links lead elsewhere and are left."""
    for path in sorted(place.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path
