"""Faults in the midst of an upload: afterwards there is no half item, and no file without one."""

import errno
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.urls import reverse

from evidence.models import Evidence
from people.models import User
from tests.documents import PDF, TEXT, sent
from tests.factories import make_evidence, make_user

SignIn = Callable[[User], Client]
ADD = reverse("evidence:add")
NOT_STORED = "The file could not be stored, and nothing was saved."


def filled(*uploads: Any) -> dict[str, Any]:
    return {
        "uploads": list(uploads),
        "title": "",
        "shows": "Typed at length.",
        "dated_on": "1 October 2024",
        "marking": "OFFICIAL",
        "source": "document",
        "taken_out": "on",
    }


def files_in(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def notes() -> list[Path]:
    return list((Path(django_settings.DATA_DIR) / "unfinished").glob("*"))


# The sender breaks off


def multipart(fields: dict[str, str], contents: bytes) -> bytes:
    parts = [
        f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    file = b'--cut\r\nContent-Disposition: form-data; name="uploads"; filename="audit.pdf"\r\n\r\n'
    return b"".join((*parts, file, contents, b"\r\n--cut--\r\n"))


def send(address: str, client: Client, body: bytes, share: float) -> bytes:
    """Post so much of a form through a socket of its own, and hang up.

    Returns:
        The answer; whoever hangs up early reads none.
    """
    client.get(ADD)
    cookies = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
    host, port = urlsplit(address).hostname, urlsplit(address).port
    head = (
        f"POST {ADD} HTTP/1.0\r\nHost: {host}:{port}\r\nCookie: {cookies}\r\n"
        f"Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with socket.create_connection((host, port), timeout=20) as line:
        line.sendall(head + body[: int(len(body) * share)])
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := line.recv(65536):
            answer += chunk
    return answer


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [100_000, 4_000_000], ids=["in memory", "on disk"])
def test_a_sender_who_breaks_off_at_90_percent_leaves_nothing(
    live_server: Any, sign_in: SignIn, media: Path, size: int
) -> None:
    client = sign_in(make_user("officer"))
    client.get(ADD)
    token = client.cookies["csrftoken"].value
    fields = {"csrfmiddlewaretoken": token, **{k: v for k, v in filled().items() if k != "uploads"}}
    body = multipart(fields, PDF + b"%" * size)
    answer = send(live_server.url, client, body, 0.9)
    assert not answer.startswith(b"HTTP/1.0 302")
    assert (Evidence.objects.count(), files_in(media), notes()) == (0, [], [])
    # The same form, sent to its end, is taken: what was missing is what kept it away.
    assert b" 302 " in send(live_server.url, client, body, 1).splitlines()[0]
    assert len(files_in(media)) == 1


# The disk is full


@pytest.mark.django_db
def test_a_disk_that_fills_up_half_way_leaves_the_files_before_it_whole(
    cast: SimpleNamespace, sign_in: SignIn, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = FileSystemStorage._save  # type: ignore[attr-defined]
    written: list[str] = []

    def fills_up(self: FileSystemStorage, name: str, content: File) -> str:
        if not written:
            written.append(name)
            return str(whole(self, name, content))
        Path(self.path(name)).write_bytes(content.read(5))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fills_up)
    staff = sign_in(cast.staff)
    response = staff.post(ADD, filled(sent(), sent("notes.txt", TEXT)), follow=True)
    text = response.content.decode()
    assert NOT_STORED in text
    assert "notes.txt" in text
    assert [each.title for each in Evidence.objects.all()] == ["Audit"]
    assert [path.read_bytes() for path in files_in(media)] == [PDF]
    assert notes() == []


# The place of files is gone


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["missing", "a file", "not to be written to"])
def test_where_the_place_of_files_is_gone_nothing_is_kept_or_made_anew(
    cast: SimpleNamespace, sign_in: SignIn, media: Path, settings: Any, how: str
) -> None:
    shutil.rmtree(media)
    if how == "a file":
        media.touch()
    elif how == "not to be written to":
        settings.MEDIA_ROOT = Path("/proc")  # Not even by root.
    response = sign_in(cast.staff).post(ADD, filled(sent()))
    text = response.content.decode()
    assert response.status_code == 200
    assert NOT_STORED in text
    assert "Typed at length." in text
    assert not Evidence.objects.exists()
    assert not media.is_dir()
    assert notes() == []


@pytest.mark.django_db
def test_pages_work_without_the_place_of_files_and_downloads_say_what_is_wrong(
    cast: SimpleNamespace, sign_in: SignIn, media: Path
) -> None:
    evidence = make_evidence("Wardrobe audit", contents=PDF)
    shutil.rmtree(media)
    media.touch()
    staff = sign_in(cast.staff)
    assert staff.get(evidence.get_absolute_url()).status_code == 200
    response = staff.get(evidence.files.get().get_absolute_url())
    assert response.status_code == 404
    assert "This file is missing" in response.content.decode()


# The process is killed

ADDING = """
import os, sys, time
import django
django.setup()
from django.core.files.base import ContentFile
from core.dates import today
from evidence.models import EvidenceFile
from evidence.recording import add_evidence
from people.models import User

wait = sys.argv[1] == "wait"
whole = EvidenceFile.save

def save(self, *args, **kwargs):
    if wait:
        print("written", flush=True)
        time.sleep(60)
    whole(self, *args, **kwargs)

EvidenceFile.save = save
actor, _ = User.objects.get_or_create(username="officer", defaults={"name": "Officer"})
upload = ContentFile(b"%PDF-1.7 " + sys.argv[1].encode(), name="audit.pdf")
add_evidence(actor=actor, title=sys.argv[1], dated_on=today(), marking="OFFICIAL", upload=upload)
"""


SWEEPING = """
import django
django.setup()
from core.unfinished import sweep
print(sweep())
"""


class Installation:
    """A data directory with a migrated database, and processes that work in it."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder = folder
        shutil.copy(database, folder / "portal.sqlite3")
        self.environment = {
            **{name: each for name, each in os.environ.items() if not name.startswith("DATABASE")},
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": str(folder),
            "PYTHONPATH": str(django_settings.BASE_DIR),
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=django_settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        with self.start(*arguments) as process:
            said, wrong = process.communicate(timeout=60)
        assert process.returncode == 0, said + wrong
        return said

    def files(self) -> list[bytes]:
        return [path.read_bytes() for path in files_in(self.folder / "files")]

    def titles(self) -> list[str]:
        with sqlite3.connect(self.folder / "portal.sqlite3") as database:
            rows = database.execute("SELECT title FROM evidence_evidence").fetchall()
        return [title for (title,) in rows]

    def kill_one_that_adds(self) -> None:
        with self.start("-c", ADDING, "wait") as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "written\n"
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL


@pytest.fixture
def installation(tmp_path: Path, migrated: Path) -> Installation:
    folder = tmp_path / "installation"
    (folder / "files").mkdir(parents=True)
    return Installation(folder, migrated)


def test_what_a_killed_process_leaves_is_swept_by_the_next_that_keeps_a_file(
    installation: Installation,
) -> None:
    installation.kill_one_that_adds()
    assert installation.titles() == []
    # Between the file and its record: nothing else could have seen to it.
    assert installation.files() == [b"%PDF-1.7 wait"]
    installation.run("-c", ADDING, "go")
    assert installation.titles() == ["go"]
    assert installation.files() == [b"%PDF-1.7 go"]
    assert list((installation.folder / "unfinished").iterdir()) == []


def test_what_a_killed_process_leaves_is_swept_by_the_sanity_command(
    installation: Installation,
) -> None:
    installation.kill_one_that_adds()
    said = installation.run("manage.py", "check_evidence", "--remove-orphans", "--yes")
    assert "which an upload that was broken off had left" in said
    assert "Nothing is wrong." in said
    assert (installation.files(), installation.titles()) == ([], [])


def test_what_a_living_process_is_at_is_left_to_it(installation: Installation) -> None:
    with installation.start("-c", ADDING, "wait") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        sweeping = (
            "import django; django.setup(); from core.unfinished import sweep; print(sweep())"
        )
        assert installation.run("-c", sweeping) == "[]\n"
        assert installation.files() == [b"%PDF-1.7 wait"]
        process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        process.kill()
