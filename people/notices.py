"""What people are told: one line each, on their own page until they have read it."""

from collections.abc import Iterable

from django.utils import timezone

from core.dates import now
from people.models import Notice, User


def tell(people: Iterable[User], text: str, address: str = "") -> None:
    """Tell people something, once each.

    Args:
        people: who; somebody who can no longer sign in is not told.
        text: one line; what does not fit is cut with a sign that it was.
        address: where they can see it.
    """
    most = Notice._meta.get_field("text").max_length or 0
    line = text if len(text) <= most else f"{text[: most - 1]}…"
    for user in dict.fromkeys(people):
        if user.is_active:
            Notice.objects.create(user=user, text=line, address=address, made_at=now())


def mark_read(user: User, pk: int | None = None) -> None:
    """Mark a person's notice as read, or all of them; what was read before keeps its time.

    Args:
        user: whose; nobody marks another's.
        pk: which; None = all.
    """
    unread = Notice.objects.filter(user=user).unread()
    if pk is not None:
        unread = unread.filter(pk=pk)
    Notice.objects.filter(pk__in=unread.values("pk")).update(read_at=timezone.now())


def unread_notices(user: User) -> int:
    """How many notices this person has not read."""
    return Notice.objects.filter(user=user).unread().count()
