"""Invented versions of the framework, for tests only: the real one after 2023-25 is not invented
here.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from inspections.loading import load_framework
from inspections.models import Framework

INVENTED = "Test-9"
Wordings = dict[str, str]


def the_real_one() -> Framework:
    """The version 2023-25, as it ships."""
    document = json.loads(Path("fixtures/paf-2023-25.json").read_text(encoding="utf-8"))
    load_framework(document, actor=None)
    return Framework.objects.get(version="2023-25")


def invented(*codes: str, was: dict[str, list[str]] | None = None, **values: Any) -> dict[str, Any]:
    """The document of an invented version that has these characteristics.

    Args:
        codes: of characteristics, such as "1.2.3".
        was: code -> what it was in the version before.
        values: of the document, instead of the usual ones.
    """
    tree: dict[int, dict[int, list[int]]] = {}
    for code in codes:
        question, topic, number = (int(part) for part in code.split("."))
        tree.setdefault(question, {}).setdefault(topic, []).append(number)

    def node(code: str, **what: Any) -> dict[str, Any]:
        old = (was or {}).get(code)
        return {"number": int(code.split(".")[-1]), **what, **({"was": old} if old else {})}

    return {
        "framework": "Invented framework",
        "version": INVENTED,
        "in_force_from": "2024-11-01",
        "questions": [
            node(
                f"{q}",
                question=f"Invented question {q}?",
                topics=[
                    node(
                        f"{q}.{t}",
                        topic=f"Invented topic {q}.{t}",
                        characteristics=[
                            node(f"{q}.{t}.{n}", text=f"The force does {q}.{t}.{n} well.")
                            for n in numbers
                        ],
                    )
                    for t, numbers in topics.items()
                ],
            )
            for q, topics in tree.items()
        ],
        **values,
    }


def make_version(version: str, since: str, *codes: str) -> Framework:
    """An invented version with these characteristics, recorded."""
    document = invented(*codes, version=version, in_force_from=since)
    load_framework(document, actor=None)
    return Framework.objects.get(version=version)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
