"""Questions of a first start: who answers, and what becomes of a bad answer."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from core.questions import Question, answer_to


def at_least_five(text: str) -> None:
    if len(text) < 5:
        raise ValidationError("Type five letters or more.")


NAME = Question("A_QUESTION", "Name", at_least_five)
WITH_DEFAULT = Question("A_QUESTION", "Name", at_least_five, default="Humberside")
SECRET = Question("A_QUESTION", "Password", at_least_five, secret=True)


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Let somebody type these lines; gives the list of prompts they will have seen."""

    def types(*lines: str) -> list[str]:
        waiting: Iterator[str] = iter(lines)
        prompts: list[str] = []

        def answer(prompt: str) -> str:
            prompts.append(prompt)
            try:
                return next(waiting)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("builtins.input", answer)
        monkeypatch.setattr("core.questions.getpass.getpass", answer)
        return prompts

    return types


def test_the_environment_answers_first(
    monkeypatch: pytest.MonkeyPatch, typing: Callable[..., list[str]]
) -> None:
    monkeypatch.setenv("A_QUESTION", "Cleveland")
    prompts = typing("Kent Police")
    assert answer_to(NAME, at_keyboard=True) == "Cleveland"
    assert prompts == []


def test_a_file_may_hold_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "answer").write_text("Cleveland\n", encoding="utf-8")
    monkeypatch.setenv("A_QUESTION_FILE", str(tmp_path / "answer"))
    assert answer_to(SECRET, at_keyboard=False) == "Cleveland"


def test_a_bad_answer_of_the_environment_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("A_QUESTION", "Kent")
    with pytest.raises(CommandError, match=r"^A_QUESTION: Type five letters or more\.$"):
        answer_to(NAME, at_keyboard=True)


def test_without_keyboard_the_default_answers() -> None:
    assert answer_to(WITH_DEFAULT, at_keyboard=False) == "Humberside"


def test_without_keyboard_and_default_the_variable_is_named() -> None:
    with pytest.raises(CommandError, match="A_QUESTION is not set"):
        answer_to(NAME, at_keyboard=False)


def test_somebody_at_the_keyboard_is_asked(typing: Callable[..., list[str]]) -> None:
    prompts = typing("Cleveland")
    assert answer_to(NAME, at_keyboard=True) == "Cleveland"
    assert prompts == ["Name: "]


def test_an_empty_line_takes_the_default_that_was_shown(typing: Callable[..., list[str]]) -> None:
    prompts = typing("")
    assert answer_to(WITH_DEFAULT, at_keyboard=True) == "Humberside"
    assert prompts == ["Name [Humberside]: "]


def test_a_bad_answer_is_explained_and_asked_again(
    typing: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    typing("Kent", "Cleveland")
    assert answer_to(NAME, at_keyboard=True) == "Cleveland"
    assert capsys.readouterr().err == "Type five letters or more.\n"


def test_a_secret_is_typed_twice(typing: Callable[..., list[str]]) -> None:
    prompts = typing("long enough", "long enough")
    assert answer_to(SECRET, at_keyboard=True) == "long enough"
    assert prompts == ["Password: ", "The same again: "]


def test_a_secret_that_was_mistyped_is_asked_again(
    typing: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    typing("long enough", "long enuogh", "another one", "another one")
    assert answer_to(SECRET, at_keyboard=True) == "another one"
    assert capsys.readouterr().err == "The two are not the same. Type it again.\n"


def test_whoever_stops_answering_is_told_that_nothing_was_done(
    typing: Callable[..., list[str]],
) -> None:
    typing()
    with pytest.raises(CommandError, match="Stopped; nothing was set up"):
        answer_to(NAME, at_keyboard=True)
