"""Run as a program: a worker as an installation has one, on the database of the test.

Arguments: the name of the database; and, to be killed, "slowly": it then tells how far it has come
after every few rows, and waits long before it goes on.
"""

import os
import sys
import time
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["WORKER"] = "yes"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    from django.core.management import call_command

    from portal.imports import progress, tasks
    from tracker import recording

    def slowly(pk: int) -> Any:
        tell = progress_teller(pk)

        def tell_and_wait(done: int, total: int) -> None:
            tell(done, total)
            time.sleep(60 if done else 0)

        return tell_and_wait

    progress_teller = progress.teller
    if "slowly" in sys.argv[2:]:
        recording.BATCH = 2
        tasks.progress.teller = slowly
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
