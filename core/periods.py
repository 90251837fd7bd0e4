"""Dated rows: true from `started_on` until the day before `ended_on`; the open one has no end."""

import datetime as dt

from django.db.models import CheckConstraint, F, Q


def holds_on(day: dt.date, prefix: str = "") -> Q:
    """That a dated row `[started_on, ended_on)` contains a day.

    Args:
        day: the day.
        prefix: path to the row, with its dunder, e.g. "periods__".
    """
    return Q(**{f"{prefix}started_on__lte": day}) & (
        Q(**{f"{prefix}ended_on": None}) | Q(**{f"{prefix}ended_on__gt": day})
    )


def dates_in_order(
    name: str, message: str = "The last day cannot be before the first."
) -> CheckConstraint:
    """A dated row may be of zero length (several changes in one day), never of negative length.

    Args:
        name: of the constraint.
        message: what to tell the person whose dates are the wrong way round.
    """
    return CheckConstraint(
        condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
        name=name,
        violation_error_message=message,
    )
