"""The calendar of inspections under a secret address."""

from core.history import tracked
from people.feeds import SecretFeed


class InspectionFeed(SecretFeed):
    """The secret address under which somebody's calendar reads the dates of inspections."""

    history = tracked()
