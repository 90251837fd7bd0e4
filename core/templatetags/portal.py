"""Template tags and filters that every page may use (built in, no `load` needed)."""

import datetime as dt

from django import template

from core import dates, numbers

register = template.Library()


@register.filter
def long_date(day: dt.date | None) -> str:
    """20 November 2024; nothing for no date."""
    return dates.long_date(day) if day else ""


@register.filter
def mid_sentence(words: str) -> str:
    """Words as they stand within a sentence: "national", but "PEEL"."""
    return numbers.mid_sentence(words)


@register.filter
def short_date(day: dt.date | None) -> str:
    """20.11.24; nothing for no date."""
    return dates.short_date(day) if day else ""
