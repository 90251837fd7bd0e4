"""`manage.py compare_with_portal`: the portal's records are compared with the actions as they are
now; for a timer, once a day.
"""

from typing import Any

from django.core.management.base import BaseCommand

from portal.reconciliation.comparing import compare


class Command(BaseCommand):
    help = "Compare what HMICFRS's portal said last with the actions held here; safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        found = compare(actor=None)
        if found is None:
            self.stdout.write("No export of the portal was taken yet.")
            return
        self.stdout.write(
            f"Differences: {found.open} open; {found.opened} came, {found.closed} went."
        )
