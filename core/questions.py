"""Questions of a first start: answered by the environment, at the keyboard, or by a default."""

import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from core.env import Environment

Check = Callable[[str], Any]


@dataclass(frozen=True)
class Question:
    """One thing to be told.

    Args:
        variable: environment variable that answers it; `<variable>_FILE` may name a file instead.
        prompt: what somebody at the keyboard is asked.
        check: raises ValidationError, with a sentence, for an answer that will not do.
        default: the answer of whoever gives none; empty = an answer is needed.
        secret: not shown while it is typed, and typed twice.
    """

    variable: str
    prompt: str
    check: Check
    default: str = ""
    secret: bool = False


def answer_to(question: Question, *, at_keyboard: bool) -> str:
    """The checked answer to a question.

    Args:
        question: what to ask.
        at_keyboard: somebody is there to be asked, and asked again after a bad answer.

    Raises:
        CommandError: the environment's answer will not do, or nobody answers.
    """
    given = Environment().text(question.variable)
    if given:
        if problem := _problem_with(question, given):
            raise CommandError(f"{question.variable}: {problem}")
        return given
    if at_keyboard:
        return _asked(question)
    if question.default:
        return question.default
    raise CommandError(
        f"{question.variable} is not set. Set it in the environment, "
        "or start at a terminal to be asked."
    )


def _asked(question: Question) -> str:
    prompt = question.prompt + (f" [{question.default}]" if question.default else "") + ": "
    while True:
        answer = _typed(prompt, question.secret) or question.default
        problem = _problem_with(question, answer)
        if problem is None and question.secret and _typed("The same again: ", True) != answer:
            problem = "The two are not the same. Type it again."
        if problem is None:
            return answer
        sys.stderr.write(f"{problem}\n")


def _typed(prompt: str, secret: bool) -> str:
    try:
        return getpass.getpass(prompt) if secret else input(prompt).strip()
    except (EOFError, KeyboardInterrupt) as stop:
        raise CommandError("Stopped; nothing was set up.") from stop


def _problem_with(question: Question, answer: str) -> str | None:
    try:
        question.check(answer)
    except ValidationError as error:
        return " ".join(error.messages)
    return None
