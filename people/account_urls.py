"""Signing in and out and one's own password (the few pages of allauth that this portal uses), and
one's own mails.
"""

from allauth.account import views
from django.urls import path
from django.views.generic import RedirectView

from core.access import access, signed_in
from people import mail_views


@access(signed_in)
class Account(RedirectView):
    """`/account/`: whoever shortens an address of their account lands on their mails."""

    pattern_name = "account_mails"


urlpatterns = [
    path("", Account.as_view(), name="account"),
    path("sign-in/", views.login, name="account_login"),
    path("sign-out/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("sign-up/", views.signup, name="account_signup"),
    path("password/", views.password_change, name="account_change_password"),
    path("confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("mails/", mail_views.mails, name="account_mails"),
    path("mails/make/", mail_views.make_mails, name="account_make_mails"),
    path("mail/", mail_views.mail_settings, name="account_mail_settings"),
]
