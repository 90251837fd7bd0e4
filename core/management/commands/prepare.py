"""Bring the database to what this code needs; run at every start, safe to run at any time."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from core.installation import one_at_a_time


class Command(BaseCommand):
    help = "Migrates the database, lays roles and database rules, and makes the cache table."
    # The server makes them at its start; here they would take longer than the work.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached. It says: {error}") from error
        with one_at_a_time():
            call_command("migrate", interactive=False, verbosity=0)
            if settings.DATABASE_URL:
                call_command("createcachetable", verbosity=0)
