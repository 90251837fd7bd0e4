"""The worker of django-tasks-db, which waits where the database is busy.

On SQLite, where one writes at a time, the library's own command ends with an error once another
process has been writing for longer than the database's timeout (20 seconds): a long list that is
being previewed is enough.
"""

import logging
from typing import Any

from django.db import OperationalError, connection
from django_tasks_db.management.commands.db_worker import Command as Worker
from django_tasks_db.utils import is_locked_database_exception

logger = logging.getLogger("portal.worker")


class Command(Worker):
    """Does what requests have asked for (setting WORKER)."""

    def handle(self, **options: Any) -> None:
        while True:
            try:
                return super().handle(**options)
            except OperationalError as error:
                if not is_locked_database_exception(error):
                    raise
                logger.info("The database is busy; the worker goes on waiting")
                connection.close()
