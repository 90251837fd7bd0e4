"""The demonstration's accounts, for the sign-in page, whose view is a library's."""

from typing import Any

from django import template
from django.conf import settings

from people.demo import DEMO_ACCOUNTS, DEMO_PASSWORD

register = template.Library()


@register.simple_tag
def demo_cast() -> dict[str, Any] | None:
    """`accounts` and their `password` in demo mode; None in a real installation."""
    if not settings.DEMO:
        return None
    return {"accounts": DEMO_ACCOUNTS, "password": DEMO_PASSWORD}
