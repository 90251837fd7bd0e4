"""Signing in and changing one's password."""

from allauth.account.forms import ChangePasswordForm, LoginForm


class SignInForm(LoginForm):
    pass


class PasswordForm(ChangePasswordForm):
    pass
