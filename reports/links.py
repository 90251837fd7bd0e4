"""Addresses of the list of actions behind a figure: the same day, the same conditions."""

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse

from tracker.choices import Register
from tracker.position import Row


def actions(as_at: dt.date, **conditions: object) -> str:
    """The list of live actions on a day that meet these conditions.

    Args:
        as_at: the day.
        conditions: filters of the list by name; those that are empty are left out.
    """
    asked = {name: value for name, value in conditions.items() if value not in (None, "")}
    return f"{reverse('tracker:actions')}?{urlencode({'as_at': as_at.isoformat(), **asked})}"


def row(as_at: dt.date, counted: Row, scope: str = "") -> str:
    """The live actions of one row of the table, of one scope or of both."""
    level = "none" if counted.level_not_given else counted.level
    if counted.register == Register.SUPER_COMPLAINT:
        return actions(as_at, register=counted.register, scope=scope)
    return actions(as_at, kind=counted.kind, level=level, register=counted.register, scope=scope)


def change(since: dt.date, as_at: dt.date, word: str, **conditions: object) -> str:
    """The actions behind one figure of the movement."""
    return actions(as_at, since=since.isoformat(), change=word, **conditions)
