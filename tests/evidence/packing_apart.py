"""Run as a program: build a pack of small files and one of large files, each in a process of its
own, and print the most megabytes of memory that each has held.

Arguments: how many files, and how many bytes each of the large ones has.
"""

import os
import sys

import django


class NoMigrations:
    """Tables are made straight from the models, as everywhere in the suite."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ.pop("DATABASE_URL", None)
    from django.conf import settings

    settings.MIGRATION_MODULES = NoMigrations()
    django.setup()
    from django.core.management import call_command

    from benchmarks.packs import ask, build_apart
    from tests.factories import make_action, make_user

    call_command("migrate", run_syncdb=True, verbosity=0)
    reader, action = make_user("reader"), make_action()
    count, size = int(sys.argv[1]), int(sys.argv[2])
    for bytes_each in (1024, size):
        _, _, most = build_apart(ask(reader, action, count, bytes_each))
        sys.stdout.write(f"{most}\n")
        sys.stdout.flush()
