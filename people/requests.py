"""The request as views behind a sign-in see it."""

from django.http import HttpRequest

from people.models import User


class SignedInRequest(HttpRequest):
    """A request of one of our users: `core.access` turns strangers away before the view."""

    user: User
