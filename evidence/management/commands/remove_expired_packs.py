"""Remove the archives of inspection packs whose days are over; run it every night."""

from typing import Any

from django.core.management.base import BaseCommand

from evidence.packs.expiring import remove_expired


class Command(BaseCommand):
    help = "Removes the archives of inspection packs whose days are over."

    def handle(self, *args: Any, **options: Any) -> None:
        count = remove_expired()
        self.stdout.write(f"{count} inspection {'pack' if count == 1 else 'packs'} removed.")
