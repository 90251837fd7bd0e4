"""How fresh evidence is: by its review-by date, which is that of the evidence and a year unless
somebody says otherwise.
"""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q

from core.dates import long_date, today
from evidence.choices import Freshness

# From so many days before its review-by date, evidence is due for review.
DUE_WITHIN_DAYS = 30


def check_day(dated_on: dt.date) -> None:
    """That evidence is not of a day to come.

    Raises:
        ValidationError: it is.
    """
    if dated_on > today():
        raise ValidationError({"dated_on": f"{long_date(dated_on)} has not come yet."})


def review_day(dated_on: dt.date | None = None) -> dt.date:
    """By when evidence of a day (today unless told) is to be looked at again."""
    return (dated_on or today()) + dt.timedelta(days=settings.EVIDENCE_REVIEW_DAYS)


def retention_day(dated_on: dt.date | None = None) -> dt.date:
    """When to decide whether evidence of a day (today unless told) is kept any longer."""
    day = dated_on or today()
    years = settings.EVIDENCE_RETENTION_YEARS
    # 29 February has no anniversary in most years.
    last = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return last.replace(year=day.year + years)


def freshness(review_by: dt.date, day: dt.date) -> Freshness:
    """How evidence that is to be reviewed by one day stands on another."""
    if review_by < day:
        return Freshness.STALE
    due_from = review_by - dt.timedelta(days=DUE_WITHIN_DAYS)
    return Freshness.DUE if day >= due_from else Freshness.FRESH


def freshness_is(state: str, day: dt.date, prefix: str = "") -> Q:
    """That evidence stands so on a day.

    Args:
        state: a `Freshness`.
        day: the day.
        prefix: path to the evidence, with its dunder, e.g. "evidence__".
    """
    review_by = f"{prefix}review_by"
    soon = day + dt.timedelta(days=DUE_WITHIN_DAYS)
    if state == Freshness.STALE:
        return Q(**{f"{review_by}__lt": day})
    if state == Freshness.DUE:
        return Q(**{f"{review_by}__gte": day, f"{review_by}__lte": soon})
    return Q(**{f"{review_by}__gt": soon})
