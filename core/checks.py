"""System checks of an installation's own settings."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning
from django.core.checks import register as register_check
from django.db import DEFAULT_DB_ALIAS, DatabaseError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core.dates import long_date, today
from core.working_days import holidays_known_until

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3: text of normal size

TASK_WAITS_AT_MOST = 15  # minutes


def _channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def contrast_with_white(colour: str) -> float:
    """Contrast of white text on `colour` (#rrggbb), 1 to 21 (WCAG 2.2, relative luminance)."""
    red, green, blue = (_channel(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def force_colour_is_readable(**kwargs: Any) -> list[CheckMessage]:
    """White text stands on the force's colour: it must be readable there."""
    ratio = contrast_with_white(settings.FORCE_COLOUR)
    if ratio >= LEAST_CONTRAST:
        return []
    return [
        Error(
            f"White text on FORCE_COLOUR {settings.FORCE_COLOUR} has a contrast of {ratio:.1f}; "
            f"{LEAST_CONTRAST} is needed.",
            hint="Choose a darker colour.",
            id="core.E001",
        )
    ]


def demo_is_not_behind_https(**kwargs: Any) -> list[CheckMessage]:
    """Demo accounts have a public password: demo mode never runs as a production site."""
    if settings.DEMO and settings.HTTPS:
        return [
            Error(
                "DEMO is on with HTTPS: demo accounts have a published password.",
                hint="Turn DEMO off, or HTTPS off for a trial on one machine.",
                id="core.E002",
            )
        ]
    return []


def bank_holidays_are_known(**kwargs: Any) -> list[CheckMessage]:
    """Working days are counted with the bank holidays that a library carries: it must be renewed
    before they end.
    """
    last = holidays_known_until()
    hint = "Renew the package govuk-bank-holidays (bin/lock)."
    if today() > last:
        said = f"The bank holidays that are known ended on {long_date(last)}."
        return [Error(said, hint=hint, id="core.E003")]
    if today() > last - dt.timedelta(days=365):
        said = f"The bank holidays that are known end on {long_date(last)}."
        return [Warning(said, hint=hint, id="core.W001")]
    return []


def worker_is_at_work(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Where a worker does long work, it has begun what was asked for a while ago."""
    if not settings.WORKER or DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    since = timezone.now() - dt.timedelta(minutes=TASK_WAITS_AT_MOST)
    try:
        waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=since).count()
    except DatabaseError:  # before the first migrate
        return []
    if not waiting:
        return []
    tasks = "a task has" if waiting == 1 else f"{waiting} tasks have"
    said = f"WORKER is on, and {tasks} waited for more than {TASK_WAITS_AT_MOST} minutes."
    return [Warning(said, hint="Start the worker: manage.py db_worker.", id="core.W002")]


def register() -> None:
    register_check(force_colour_is_readable, Tags.compatibility)
    register_check(demo_is_not_behind_https, Tags.security, deploy=True)
    register_check(bank_holidays_are_known, Tags.compatibility)
    register_check(worker_is_at_work, Tags.database)
