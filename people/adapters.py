"""Accounts are made by an administrator: nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone

# One sentence for all three: which of the two was wrong would tell a stranger who has an account.
_MISMATCH = "Your username or email address and your password do not match an account"


class ClosedAccountAdapter(DefaultAccountAdapter):
    """allauth's rules, with sign-up closed and its messages in the portal's words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _MISMATCH,
        "email_password_mismatch": _MISMATCH,
        "invalid_login": _MISMATCH,
        "too_many_login_attempts": "Too many failed attempts: wait five minutes, then try again",
        "incorrect_password": "The password is not correct",
        "enter_current_password": "The current password is not correct",
    }

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Keep the day this person signed in before, for "since you were last here"."""
        if user.last_login:
            request.session["last_here"] = timezone.localdate(user.last_login).isoformat()
        return super().pre_login(request, user, **kwargs)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
