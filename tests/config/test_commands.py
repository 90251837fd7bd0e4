"""bin/run, bin/setup: what they refuse before they touch anything, in a sentence."""

import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def refusal(command: list[str], **environment: str) -> str:
    """What a command that must fail says on standard error."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [str(ROOT / command[0]), *command[1:]],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr


def begun_as(data_dir: Path, demo: str) -> str:
    (data_dir / "settings.env").write_text(f"DEMO={demo}\n", encoding="utf-8")
    return str(data_dir)


def test_an_unknown_option_of_run_is_refused() -> None:
    assert "does not know “--emtpy”. It takes: --empty, --production." in refusal(
        ["bin/run", "--emtpy"]
    )


def test_an_unknown_purpose_of_setup_is_refused() -> None:
    assert "It takes: --for run, --for test or --for all." in refusal(["bin/setup", "--for", "fun"])


@pytest.mark.parametrize("port", ["http", "0", "65536", "80 80"])
def test_a_port_that_is_none_is_refused(port: str, tmp_path: Path) -> None:
    said = refusal(["bin/run"], PORT=port, DATA_DIR=str(tmp_path))
    assert said == f"PORT is “{port}”; it must be a whole number from 1 to 65535.\n"


def test_the_demonstration_does_not_start_on_the_data_of_a_force(tmp_path: Path) -> None:
    said = refusal(["bin/run"], DATA_DIR=begun_as(tmp_path, "no"))
    assert "holds the installation of a force, not the demonstration" in said


@pytest.mark.parametrize("option", ["--empty", "--production"])
def test_a_force_does_not_start_on_the_data_of_the_demonstration(
    option: str, tmp_path: Path
) -> None:
    said = refusal(["bin/run", option], DATA_DIR=begun_as(tmp_path, "yes"))
    assert "holds the demonstration, whose passwords are public" in said


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_production_names_the_setting_it_lacks(missing: str, tmp_path: Path) -> None:
    given = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "x.example", "DATABASE_URL": "postgresql://db/x"}
    del given[missing]
    said = refusal(["bin/run", "--production"], DATA_DIR=str(tmp_path), **given)
    assert said.startswith(f"--production needs {missing}")
