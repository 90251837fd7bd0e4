"""A calendar under a secret address: made, made anew, ended, and asked by somebody's calendar."""

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from core.history import attribute
from people.models import User


class SecretFeed(models.Model):
    """The secret address under which somebody's calendar reads dates; each kind of feed is a model
    of its own room.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="%(app_label)s_feed"
    )
    # The address holds the secret; here is only its SHA-256.
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Calendar of {self.user}"


@transaction.atomic
def make_feed(kind: type[SecretFeed], user: User) -> str:
    """Make a new secret address for somebody's calendar; one they had before ends.

    Args:
        kind: which feed.
        user: whose.

    Returns:
        The secret of the address, which is kept nowhere.
    """
    secret = secrets.token_urlsafe(32)
    _lock(user)
    feed = feed_of(kind, user) or kind(user=user)
    feed.sha256, feed.made_at = _hashed(secret), timezone.now()
    attribute(feed, user, "Calendar address made")
    feed.full_clean()
    feed.save()
    return secret


@transaction.atomic
def end_feed(kind: type[SecretFeed], user: User) -> None:
    """End the secret address of somebody's calendar, where there is one."""
    _lock(user)
    feed = feed_of(kind, user)
    if feed is not None:
        attribute(feed, user, "Calendar address ended")
        feed.delete()


def feed_of(kind: type[SecretFeed], user: User) -> SecretFeed | None:
    """Somebody's feed of a kind; None while they have made no address."""
    return _all(kind).filter(user=user).first()


def reader_of(kind: type[SecretFeed], secret: str, reads: str) -> User | None:
    """Whose calendar asks with a secret; None where nobody has it, or may not read this any more.

    Args:
        kind: which feed.
        secret: of the address.
        reads: the permission that opens it.
    """
    feed = _all(kind).filter(sha256=_hashed(secret)).select_related("user").first()
    if feed is None or not feed.user.is_active or not feed.user.has_perm(reads):
        return None
    user: User = feed.user
    return user


def _all(kind: type[SecretFeed]) -> "models.QuerySet[Any]":
    return kind._default_manager.all()


def _lock(user: User) -> None:
    """Let two windows of one person wait for one another; before the first address there is no
    row of its own to lock.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
