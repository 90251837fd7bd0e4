"""What bin/assets builds and what it is built from."""

import json
import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
BUILT = ROOT / "build" / "assets"


def test_the_lock_of_the_look_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = [package for name, package in lock["packages"].items() if name]
    assert packages
    assert not [package for package in packages if "resolved" in package]
    assert all("integrity" in package for package in packages)


def test_the_style_sheet_asks_only_for_files_that_are_built_with_it() -> None:
    sheet = (BUILT / "portal.css").read_text()
    asked = set(re.findall(r"url\(\"?([^)\"]+)\"?\)", sheet))
    assert any(name.startswith("fonts/") for name in asked)
    assert [name for name in asked if not (BUILT / name).is_file()] == []


def test_the_style_sheet_speaks_in_a_typeface_everybody_may_use() -> None:
    sheet = (BUILT / "portal.css").read_text()
    assert "Source Sans 3" in sheet
    assert "GDS Transport" not in sheet
    assert "crest" not in sheet


def test_scripts_import_only_what_is_built_beside_them() -> None:
    script = (BUILT / "portal.js").read_text()
    imported = re.findall(r'from "\./([^"]+)"', script)
    assert imported
    assert all((BUILT / name).is_file() for name in imported)
