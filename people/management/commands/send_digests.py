"""`manage.py send_digests`: the mails of today; run once on every morning, safe to run again."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.dates import long_date, today
from core.numbers import capitalised, counted
from core.working_days import is_working_day
from people.mails import drafts_on, send_digests


class Command(BaseCommand):
    help = (
        "Sends everybody the mail that says what waits for them: one a person and working day, "
        "however often this runs. Run it every morning."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="only say who would get a mail; send nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day = today()
        if not is_working_day(day):
            self.stdout.write(f"{long_date(day)} is no working day: no mail is sent.")
        elif options["dry_run"]:
            self._look()
        else:
            self._send()

    def _look(self) -> None:
        for user, draft in drafts_on(today()):
            self.stdout.write(f"{user} <{user.email}>: {draft.subject}")
        self.stdout.write("Nothing was sent.")

    def _send(self) -> None:
        try:
            run = send_digests(today())
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{capitalised(counted(len(run.sent), 'mail'))} sent.")
        said = []
        if run.failed:
            lines = [f"  {mail.user} <{mail.user.email}>: {mail.failure}" for mail in run.failed]
            said += ["Not reached; the mails are kept, and the next run tries again:", *lines]
        if run.unmade:
            lines = [f"  {user} <{user.email}>" for user in run.unmade]
            said += ["Not made, for a reason that stands in the log:", *lines]
        if said:
            raise CommandError("\n".join(said))
