"""The first start of a blank installation: the force's name and colour, the first administrator."""

import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from core.installation import (
    check_force_colour,
    check_force_name,
    one_at_a_time,
    settings_path,
    write_settings,
)
from core.questions import Question, answer_to
from people import roles
from people.accounts import create_account
from people.models import User

FRAMEWORK = "fixtures/paf-2023-25.json"


def _is_username(text: str) -> None:
    if not text:
        raise ValidationError("Enter a user name, such as “alex.smith”.")
    for validator in User._meta.get_field("username").validators:
        validator(text)


def _is_filled(text: str) -> None:
    if not text or len(text) > 150:
        raise ValidationError("Enter a name of 150 characters or fewer.")


def _is_yes_or_no(text: str) -> None:
    if text.lower() not in ("yes", "no"):
        raise ValidationError("Answer yes or no.")


class Command(BaseCommand):
    help = (
        "Begins a blank installation: asks for the force and the first administrator, "
        "or takes them from the environment (docs/administer.md)."
    )

    # Its own questions check the force's settings, and ask again.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings_path()
        if path.exists():
            raise CommandError(f"This installation was begun already. Its settings are in {path}.")
        call_command("prepare")
        force = self._force()
        administrator = None if self._has_administrator() else self._administrator()
        with_framework = self._wants_framework()
        with one_at_a_time():
            # Another machine may have begun on the same database while the questions were asked.
            if administrator and not self._has_administrator():
                self._make(administrator)
            if with_framework:
                call_command("load_framework", str(settings.BASE_DIR / FRAMEWORK))
        # Last, so that a beginning that was interrupted can be begun again.
        write_settings(path, force)
        self.stdout.write(f"{force['FORCE_NAME']} is set up. Sign in with the account just made.")

    def _ask(self, *question: Any, **more: Any) -> str:
        return answer_to(Question(*question, **more), at_keyboard=sys.stdin.isatty())

    def _force(self) -> dict[str, str]:
        name = self._ask("FORCE_NAME", "Name of the force", check_force_name)
        short = name.removesuffix(" Police").removesuffix(" Constabulary")
        return {
            "DEMO": "no",
            "FORCE_NAME": name,
            "FORCE_SHORT_NAME": self._ask(
                "FORCE_SHORT_NAME", "Its short name", check_force_name, default=short
            ),
            "FORCE_COLOUR": self._ask(
                "FORCE_COLOUR",
                "Its colour, which white text stands on",
                check_force_colour,
                default="#0b2545",
            ),
        }

    def _has_administrator(self) -> bool:
        return User.objects.filter(groups__name=roles.ADMINISTRATOR, is_active=True).exists()

    def _administrator(self) -> dict[str, str]:
        account = {
            "username": self._ask(
                "ADMIN_USERNAME", "User name of the first administrator", _is_username
            ),
            "name": self._ask("ADMIN_NAME", "Their name, as colleagues see it", _is_filled),
            "email": self._ask("ADMIN_EMAIL", "Their e-mail address", validate_email),
        }

        def is_password(text: str) -> None:
            validate_password(text, User(**account))

        account["password"] = self._ask(
            "ADMIN_PASSWORD", "Their password", is_password, secret=True
        )
        return account

    def _make(self, administrator: dict[str, str]) -> None:
        try:
            create_account(actor=None, roles=[roles.ADMINISTRATOR], **administrator)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _wants_framework(self) -> bool:
        answer = self._ask(
            "LOAD_FRAMEWORK",
            "Load HMICFRS’s PEEL Assessment Framework 2023-25",
            _is_yes_or_no,
            default="yes",
        )
        return answer.lower() == "yes"
