"""`manage.py load_framework FILE`: a version of the PEEL Assessment Framework, and who leads it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from inspections.documents import read_document
from inspections.loading import DocumentNotUsable, load_framework, load_question_leads
from inspections.models import Framework


class Command(BaseCommand):
    help = "Load a version of the PEEL Assessment Framework; safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--leads", type=Path, help="A document that names the question leads.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what it would do; write nothing."
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        document = read_document(options["file"])
        try:
            self.stdout.write(f"Framework. {load_framework(document, actor=None)}.")
            if options["leads"]:
                framework = Framework.objects.get(version=document["version"])
                loaded = load_question_leads(
                    read_document(options["leads"]),
                    framework=framework,
                    since=framework.in_force_from,
                    actor=None,
                )
                self.stdout.write(f"Question leads. {loaded}.")
        except DocumentNotUsable as error:
            raise CommandError(str(error)) from error
        if options["dry_run"]:
            transaction.set_rollback(True)
            self.stdout.write("Dry run: nothing was written.")
