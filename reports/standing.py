"""The text that a force's first report begins with: data, neutral, with the force's own name."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

_FILE = Path(__file__).parent / "standing.json"


@dataclass(frozen=True)
class StandingSection:
    """Title and text of a section before anybody has written in it."""

    title: str
    body: str
    after: str
    included: bool


@dataclass(frozen=True)
class StandingFront:
    """What the front of a force's first report says."""

    committee: str
    title: str
    presenting_officer: str


def written(lines: list[str] | str) -> str:
    """Markdown kept in JSON as a list of lines, so that people can read and compare it."""
    return lines if isinstance(lines, str) else "\n".join(lines)


@cache
def _document() -> dict[str, Any]:
    text = _FILE.read_text(encoding="utf-8")
    named: dict[str, Any] = json.loads(text.replace("{force}", settings.FORCE_NAME))
    return named


def standing_sections() -> dict[str, StandingSection]:
    """The sections by key."""
    return {
        key: StandingSection(
            title=values["title"],
            body=written(values.get("body", "")),
            after=written(values.get("after", "")),
            included=values.get("included", True),
        )
        for key, values in _document()["sections"].items()
    }


def standing_front() -> StandingFront:
    """Committee, title and presenting officer to begin with."""
    return StandingFront(**_document()["front"])
