"""The first start of a blank installation."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.env import read_settings_file
from inspections.models import Framework
from people import roles
from people.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db

ANSWERS = {
    "FORCE_NAME": "Humberside Police",
    "FORCE_COLOUR": "#1d3557",
    "ADMIN_USERNAME": "alex.smith",
    "ADMIN_NAME": "Alex Smith",
    "ADMIN_EMAIL": "alex.smith@example.police.uk",
    "ADMIN_PASSWORD": "correct horse battery",
    "LOAD_FRAMEWORK": "no",
}


@pytest.fixture
def data_dir(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def begin(monkeypatch: pytest.MonkeyPatch, *, keyboard: bool = False, **changed: Any) -> None:
    """Begin with these answers in the environment; an empty one is not given."""
    monkeypatch.delenv("FORCE_SHORT_NAME", raising=False)
    for name, value in {**ANSWERS, **changed}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdin.isatty", lambda: keyboard, raising=False)
    call_command("begin")


def test_the_forces_settings_are_kept(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(monkeypatch)
    assert read_settings_file(data_dir / "settings.env") == {
        "DEMO": "no",
        "FORCE_NAME": "Humberside Police",
        "FORCE_SHORT_NAME": "Humberside",
        "FORCE_COLOUR": "#1d3557",
    }


def test_the_first_administrator_can_sign_in(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(monkeypatch)
    user = User.objects.get()
    assert user.check_password("correct horse battery")
    assert (user.name, user.role_names) == ("Alex Smith", [roles.STAFF, roles.ADMINISTRATOR])
    assert not user.is_superuser


@pytest.mark.parametrize(
    ("variable", "answer", "problem"),
    [
        ("FORCE_NAME", "", "FORCE_NAME is not set"),
        ("FORCE_COLOUR", "#ffdd00", "Choose a darker colour"),
        ("ADMIN_USERNAME", "alex smith", "ADMIN_USERNAME: Enter a valid username"),
        ("ADMIN_NAME", "x" * 151, "ADMIN_NAME: Enter a name of 150 characters or fewer"),
        ("ADMIN_EMAIL", "alex", "ADMIN_EMAIL: Enter a valid email address"),
        ("ADMIN_PASSWORD", "short", "ADMIN_PASSWORD: This password is too short"),
        ("ADMIN_PASSWORD", "alex.smith.alex", "ADMIN_PASSWORD: The password is too similar"),
        ("LOAD_FRAMEWORK", "perhaps", "LOAD_FRAMEWORK: Answer yes or no."),
    ],
)
def test_a_bad_answer_is_refused_and_nothing_is_made(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, variable: str, answer: str, problem: str
) -> None:
    changed: dict[str, Any] = {variable: answer}
    with pytest.raises(CommandError, match=problem):
        begin(monkeypatch, **changed)
    assert not User.objects.exists()
    assert not (data_dir / "settings.env").exists()


def test_an_installation_is_begun_once(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(monkeypatch)
    with pytest.raises(CommandError, match="was begun already"):
        begin(monkeypatch, FORCE_NAME="Kent Police")


def test_a_beginning_that_was_interrupted_asks_for_no_second_administrator(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("first", roles.ADMINISTRATOR)
    begin(monkeypatch)
    assert User.objects.count() == 1
    assert (data_dir / "settings.env").exists()


def test_a_user_name_that_is_taken_is_refused(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("alex.smith")
    with pytest.raises(CommandError, match="already exists"):
        begin(monkeypatch)


def test_the_framework_is_loaded_when_wanted(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(monkeypatch, LOAD_FRAMEWORK="yes")
    assert Framework.objects.get().version == "2023-25"


def test_somebody_at_the_keyboard_is_asked_for_a_user_name_again(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["", "alex.smith"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    begin(monkeypatch, keyboard=True, ADMIN_USERNAME="", FORCE_SHORT_NAME="Humberside")
    assert capsys.readouterr().err == "Enter a user name, such as “alex.smith”.\n"
    assert User.objects.get().username == "alex.smith"
