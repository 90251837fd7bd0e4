"""Signing in, changing one's password, and confirming who one is."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from django.core.validators import MaxLengthValidator

from core.forms import GovukMixin

# An email address has no more characters.
LONGEST_LOGIN = 254


class SignInForm(GovukMixin, LoginForm):
    """Username or email address, and password. A wrong one of the two is never told apart."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.widget.attrs["maxlength"] = LONGEST_LOGIN
        login.validators.append(MaxLengthValidator(LONGEST_LOGIN))
        login.label = "Username or email address"
        login.error_messages["required"] = "Enter your username or email address"
        login.widget.attrs.update(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        )
        self.fields["password"].error_messages["required"] = "Enter your password"
        without_placeholders(self)


class PasswordForm(GovukMixin, ChangePasswordForm):
    """The old password once, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        old, new, again = (self.fields[name] for name in ("oldpassword", "password1", "password2"))
        old.label = "Current password"
        old.error_messages["required"] = "Enter your current password"
        new.label = "New password"
        new.help_text = (
            "At least 12 characters. Three words that do not belong together are easy to remember "
            "and hard to guess."
        )
        new.error_messages["required"] = "Enter a new password"
        again.label = "New password again"
        again.error_messages["required"] = "Enter the new password again"
        without_placeholders(self)


class ConfirmForm(GovukMixin, ReauthenticateForm):
    """The password again, before something that could lock its owner out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].error_messages["required"] = "Enter your password"
        without_placeholders(self)


def without_placeholders(form: GovukMixin) -> None:
    """Take allauth's placeholders away: they repeat the label, and vanish when somebody types."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
