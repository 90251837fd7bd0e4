"""The force's own settings: checked, kept in a file, and the database prepared."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection

from core.env import read_settings_file
from core.installation import check_force_colour, check_force_name, settings_path, write_settings


def test_settings_written_are_read_back_the_same(tmp_path: Path) -> None:
    values = {"FORCE_NAME": "Dyfed-Powys Police = Heddlu", "FORCE_COLOUR": "#0b2545"}
    write_settings(tmp_path / "settings.env", values)
    assert read_settings_file(tmp_path / "settings.env") == values


def test_writing_settings_leaves_no_other_file(tmp_path: Path) -> None:
    write_settings(tmp_path / "settings.env", {"DEMO": "no"})
    assert [path.name for path in tmp_path.iterdir()] == ["settings.env"]


def test_a_value_of_two_lines_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="FORCE_NAME must be one line"):
        write_settings(tmp_path / "settings.env", {"FORCE_NAME": "Kent\nDEMO=yes"})
    assert list(tmp_path.iterdir()) == []


def test_the_settings_file_lies_in_the_data_directory(settings: Any) -> None:
    assert settings_path() == Path(settings.DATA_DIR) / "settings.env"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Kent\nPolice"])
def test_a_force_needs_a_name_of_one_line(name: str) -> None:
    with pytest.raises(ValidationError):
        check_force_name(name)


@pytest.mark.parametrize("colour", ["navy", "#12345", "0b2545", "#0b25zz"])
def test_a_colour_is_given_in_six_digits(colour: str) -> None:
    with pytest.raises(ValidationError, match="six hexadecimal digits"):
        check_force_colour(colour)


def test_a_colour_on_which_white_text_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValidationError, match="Choose a darker colour"):
        check_force_colour("#ffdd00")


def test_a_dark_colour_and_a_usual_name_are_fine() -> None:
    check_force_colour("#0B2545")
    check_force_name("Cleveland Police")


@pytest.mark.django_db
def test_preparing_a_prepared_database_again_changes_nothing() -> None:
    from django.contrib.auth.models import Group, Permission

    before = set(Permission.objects.values_list("group__name", "codename"))
    call_command("prepare")
    assert set(Permission.objects.values_list("group__name", "codename")) == before
    assert Group.objects.filter(name="administrator").exists()


@pytest.mark.django_db
def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away() -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "ensure_connection", away)
        with pytest.raises(CommandError, match=r"cannot be reached\. It says: connection refused"):
            call_command("prepare")


@pytest.mark.django_db
def test_on_postgresql_the_cache_table_is_made_and_the_lock_given_back(settings: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps its cache in files and has one process only")
    call_command("prepare")
    assert "portal_cache" in connection.introspection.table_names()
    with connection.cursor() as cursor:
        # Of this database: others of the cluster belong to tests that run beside this one.
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE locktype = 'advisory' AND datname = current_database()"
        )
        assert cursor.fetchone()[0] == 0
