"""Typed readers of the environment: where a value is looked for, and how junk is refused."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from core.env import Environment, read_settings_file


def test_the_environment_wins_over_the_settings_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_NAME", "Kent Police")
    assert Environment({"FORCE_NAME": "Essex Police"}).text("FORCE_NAME") == "Kent Police"


def test_the_settings_file_is_asked_when_the_environment_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_NAME", "  ")
    assert Environment({"FORCE_NAME": "Essex Police"}).text("FORCE_NAME") == "Essex Police"


def test_the_default_is_used_when_nobody_says_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORCE_NAME", raising=False)
    assert Environment().text("FORCE_NAME", "Our police force") == "Our police force"


def test_a_secret_may_be_in_a_file_named_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("  a long secret\n", encoding="utf-8")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert Environment().text("SECRET_KEY") == "a long secret"


def test_a_secret_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "absent"))
    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY_FILE: cannot read .*absent"):
        Environment().text("SECRET_KEY")


@pytest.mark.parametrize("word", ["1", "true", "Yes", "ON"])
def test_words_for_yes(word: str) -> None:
    assert Environment({"A_SETTING": word}).boolean("A_SETTING", default=False) is True


@pytest.mark.parametrize("word", ["0", "False", "no", "off"])
def test_words_for_no(word: str) -> None:
    assert Environment({"A_SETTING": word}).boolean("A_SETTING", default=True) is False


def test_a_whole_number_is_read() -> None:
    assert Environment({"A_SETTING": "60"}).integer("A_SETTING", 30) == 60


def test_a_date_is_read() -> None:
    assert Environment({"A_SETTING": "2024-11-25"}).date("A_SETTING") == dt.date(2024, 11, 25)


def test_a_colour_is_read_in_small_letters() -> None:
    assert Environment({"A_SETTING": "#0B2545"}).colour("A_SETTING", "#000000") == "#0b2545"


def test_a_list_is_parted_at_commas() -> None:
    hosts = Environment({"A_SETTING": "one.example, two.example,,"})
    assert hosts.listing("A_SETTING", []) == ["one.example", "two.example"]


def test_an_unset_list_is_its_default() -> None:
    assert Environment().listing("NO_SUCH_LIST", ["localhost"]) == ["localhost"]


@pytest.mark.parametrize(
    ("reader", "junk", "wanted"),
    [
        ("boolean", "perhaps", "yes or no"),
        ("integer", "many", "a whole number of 0 or more"),
        ("integer", "-1", "a whole number of 0 or more"),
        ("colour", "navy", "a colour such as #0b1f3f"),
    ],
)
def test_junk_is_refused_with_what_is_wanted(reader: str, junk: str, wanted: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        getattr(Environment({"A_SETTING": junk}), reader)("A_SETTING", None)
    assert str(refusal.value) == f"A_SETTING is {junk!r}; it must be {wanted}."


def test_a_date_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="it must be a date such as 2024-11-25"):
        Environment({"A_SETTING": "2024-02-31"}).date("A_SETTING")


def test_a_postgresql_address_is_taken_apart() -> None:
    found = Environment({"A_URL": "postgresql://me:p%40ss@db:5433/start"}).postgresql("A_URL")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db", 5433, "start")
    assert (found["USER"], found["PASSWORD"]) == ("me", "p@ss")


@pytest.mark.parametrize(
    "address",
    ["junk", "mysql://db/start", "postgresql://db:port/start", "postgresql://me:s3cret@db"],
)
def test_another_database_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="A_URL must be an address") as refusal:
        Environment({"A_URL": address}).postgresql("A_URL")
    assert address not in str(refusal.value)


def test_a_settings_file_may_hold_comments_and_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "settings.env"
    path.write_text("# The force\n\nFORCE_NAME = Kent Police\nMOTTO=a=b\n", encoding="utf-8")
    assert read_settings_file(path) == {"FORCE_NAME": "Kent Police", "MOTTO": "a=b"}


def test_a_settings_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert read_settings_file(tmp_path / "settings.env") == {}


@pytest.mark.parametrize("line", ["FORCE_NAME", "force name=Kent", "=Kent"])
def test_a_line_that_is_no_setting_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "settings.env"
    path.write_text(f"DEMO=no\n{line}\n", encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match="line 2: write NAME=value"):
        read_settings_file(path)
