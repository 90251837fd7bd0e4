"""Rules of the house that no tool checks: foreign keys, bulk writes, lock files, templates."""

import ast
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(settings.BASE_DIR)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LAYERS: list[str] = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
# From the ground up: floor 0 is core. Rooms of one floor stand in one entry, as "a | b".
FLOORS = {
    room.strip(): floor
    for floor, layer in enumerate(reversed(LAYERS))
    for room in re.split(r"[|:]", layer)
}
BESIDE_THE_PRODUCT = {"tests", "benchmarks"}
ROOMS = sorted({path.parent.name for path in ROOT.glob("*/__init__.py")} - BESIDE_THE_PRODUCT)
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
LOCKS = sorted(ROOT.glob("requirements*.txt"))

# The one place where tracked rows are written in bulk (with their history).
BULK_PATH = "core/bulk.py"
BULK_CALLS = {
    "bulk_create",
    "bulk_update",
    "abulk_create",
    "abulk_update",
    "bulk_create_with_history",
    "bulk_update_with_history",
}
READS = {"filter", "exclude", "all", "order_by", "select_for_update", "annotate", "alias", "using"}


def product_files() -> Iterator[Path]:
    """Every Python file of the product: no tests, no migrations."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def own_models() -> list[type[models.Model]]:
    """Models of our rooms, those of the audit trail among them."""
    return [model for model in apps.get_models() if model._meta.app_label in ROOMS]


def tracked_names() -> set[str]:
    """Class names of the models that have a history."""
    return {
        model.__name__
        for model in own_models()
        if hasattr(model._meta, "simple_history_manager_attribute")
    }


def _links(node: ast.expr) -> list[str]:
    """The names of a chain, root first: `A.objects.all().update` -> A, objects, all, update."""
    names: list[str] = []
    while True:
        match node:
            case ast.Call(func=inner):
                node = inner
            case ast.Attribute(value=inner, attr=name):
                names.append(name)
                node = inner
            case ast.Subscript(value=inner):
                node = inner
            case ast.Name(id=name):
                return [name, *reversed(names)]
            case _:
                return ["", *reversed(names)]


def bulk_writes(source: str, tracked: set[str], known: set[str]) -> list[int]:
    """Lines that write rows without leaving history, or may do so.

    Args:
        source: Python code.
        tracked: names of models with a history.
        known: names of all models; a chain that begins with one that is not tracked is fine.
    """
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        root, *links = _links(node.func)
        last = links[-1] if links else root
        if root in known - tracked:
            continue
        on_rows = last in {"update", "aupdate"} and (
            "objects" in links or bool(READS & set(links)) or root in tracked
        )
        if on_rows or last in BULK_CALLS:
            lines.append(node.lineno)
    return lines


def test_every_room_stands_on_a_floor() -> None:
    assert sorted(FLOORS) == ROOMS


@pytest.mark.parametrize(
    "listed",
    [
        PROJECT["tool"]["importlinter"]["root_packages"],
        PROJECT["tool"]["coverage"]["run"]["source"],
    ],
    ids=["import-linter", "coverage"],
)
def test_every_room_is_watched(listed: list[str]) -> None:
    assert sorted(listed) == ROOMS


def test_every_room_is_sorted_as_our_own_by_ruff() -> None:
    assert {*ROOMS, *BESIDE_THE_PRODUCT} <= set(
        PROJECT["tool"]["ruff"]["lint"]["isort"]["known-first-party"]
    )


def test_foreign_keys_point_downwards_only() -> None:
    upward = []
    for model in own_models():
        for field in (*model._meta.fields, *model._meta.many_to_many):
            target: Any = field.related_model
            if target is None or target == "self" or target._meta.label == settings.AUTH_USER_MODEL:
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if here != there and FLOORS.get(there, -1) >= FLOORS[here]:
                upward.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert upward == []


def test_what_is_told_about_actions_goes_through_one_place() -> None:
    tellers = [
        str(path.relative_to(ROOT))
        for path in product_files()
        if "from people.notices import tell" in path.read_text(encoding="utf-8")
        and path.relative_to(ROOT).parts[0] not in ("people", "core")
    ]
    assert sorted(tellers) == [
        "board/notices.py",
        "portal/notices.py",
        "tracker/workflow/notices.py",
    ]


def test_the_pdf_renderer_is_called_in_one_place() -> None:
    callers = [
        str(path.relative_to(ROOT))
        for path in product_files()
        if "write_pdf" in path.read_text(encoding="utf-8")
    ]
    assert callers in ([], ["core/pdf.py"])


@pytest.mark.parametrize(
    "line",
    [
        "Action.objects.filter(pk=1).update(text='x')",
        "Action.objects.bulk_create(rows)",
        "self.filter(pk=1).update(text='x')",
        "action.periods.all().update(level=2)",
        "rows.bulk_update(some, ['text'])",
        "bulk_create_with_history(rows, Action)",
    ],
)
def test_a_write_that_leaves_no_history_is_seen(line: str) -> None:
    assert bulk_writes(line, {"Action"}, {"Action", "Row"}) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "found.update(name='x')",
        "hashing.update(b'x')",
        "Row.objects.bulk_create(rows)",
        "action.save()",
    ],
)
def test_other_writes_are_left_alone(line: str) -> None:
    assert bulk_writes(line, {"Action"}, {"Action", "Row"}) == []


def test_tracked_models_are_written_in_bulk_in_one_place_only() -> None:
    tracked = tracked_names()
    known = {model.__name__ for model in apps.get_models()}
    assert "Action" in tracked
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in product_files()
        if str(path.relative_to(ROOT)) != BULK_PATH
        for line in bulk_writes(path.read_text(encoding="utf-8"), tracked, known)
    ]
    assert found == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_of_python_packages_holds_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(
        r"^\s*(-i|-f|--index-url|--extra-index-url|--find-links)\b", text, re.MULTILINE
    )


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_python_package_has_a_version_and_hashes(lock: Path) -> None:
    packages = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
    assert len(packages) >= 1
    for package in packages:
        assert re.match(r"[a-z0-9._-]+(\[[a-z0-9, -]+\])?==\S+", package), package
        assert "--hash=sha256:" in package, package


def test_the_locks_name_the_extras_that_their_packages_ask_for() -> None:
    # pip reads `coverage` and `coverage[toml]` as two wishes: with the first alone in the lock,
    # an install fails on the day a newer release of it is out.
    locked: dict[str, set[str]] = defaultdict(set)
    for lock in LOCKS:
        for line in lock.read_text(encoding="utf-8").splitlines():
            if found := re.match(r"([a-z0-9._-]+)(?:\[([^\]]+)\])?==", line):
                locked[found[1]] |= set((found[2] or "").replace(" ", "").split(",")) - {""}
    asked = {
        (canonicalize_name(wish.name), extra)
        for name in locked
        for text in _requirements_of(name)
        for wish in [Requirement(text)]
        if wish.marker is None
        or any(wish.marker.evaluate({"extra": e}) for e in locked[name] | {""})
        for extra in wish.extras
    }
    assert ("fonttools", "woff") in asked
    assert {(name, extra) for name, extra in asked if extra not in locked[name]} == set()


def _requirements_of(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:  # locked for another system
        return []


def test_all_three_lock_files_are_there() -> None:
    assert [path.name for path in LOCKS] == [
        "requirements-build.txt",
        "requirements-dev.txt",
        "requirements.txt",
    ]


def test_the_lock_file_of_node_packages_holds_hashes_and_no_address_to_fetch_from() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages
    assert [name for name, each in packages.items() if "resolved" in each] == []
    assert [name for name, each in packages.items() if "integrity" not in each] == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"<style\b",
        r"<script\b(?![^>]*\bsrc=)",
        r"\sstyle\s*=",
        r"\son[a-z]+\s*=\s*[\"']",
        r"javascript:",
    ],
    ids=["style element", "script element", "style attribute", "event attribute", "script address"],
)
def test_no_template_holds_what_the_content_security_policy_forbids(pattern: str) -> None:
    forbidden = re.compile(pattern, re.IGNORECASE)
    found = [
        str(path.relative_to(ROOT))
        for path in TEMPLATES
        if forbidden.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "name",
    [
        "bin/setup",
        "bin/run",
        "bin/test",
        "bin/lock",
        "bin/assets",
        "bin/benchmark",
        ".ci/run",
        "manage.py",
    ],
)
def test_commands_can_be_run(name: str) -> None:
    assert (ROOT / name).stat().st_mode & 0o111
