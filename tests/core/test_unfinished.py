"""The journal of files that are being kept: what is swept, and what is left to those at work."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage

from core import unfinished
from core.unfinished import Journal, sweep, under_way
from tests.documents import PDF
from tests.factories import make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, settings: Any, media: Path) -> None:
    settings.DATA_DIR = tmp_path


def plant(media: Path, name: str = "evidence/left.pdf") -> Path:
    path = media / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(PDF)
    return path


def noted(*names: str) -> Journal:
    journal = Journal()
    for name in names:
        journal.add(name)
    return journal


def test_with_no_note_there_is_nothing_to_sweep() -> None:
    assert (sweep(), under_way()) == ([], set())


def test_the_file_of_a_note_that_nobody_holds_is_removed(media: Path) -> None:
    path = plant(media)
    noted("evidence/left.pdf").leave()
    assert under_way() == set()
    assert sweep() == ["evidence/left.pdf"]
    assert not path.exists()
    assert sweep() == []


def test_the_file_of_a_note_that_somebody_holds_stays(media: Path) -> None:
    path = plant(media)
    note = noted("evidence/left.pdf")
    assert under_way() == {"evidence/left.pdf"}
    assert sweep() == []
    assert path.exists()
    note.end()
    assert under_way() == set()


def test_a_file_that_was_recorded_after_all_stays() -> None:
    file = make_evidence(contents=PDF).files.get()
    noted(str(file.file.name)).leave()
    assert sweep() == []
    assert Path(file.file.path).exists()
    assert list(unfinished._journals().iterdir()) == []


def test_a_note_without_a_file_is_thrown_away() -> None:
    noted("evidence/never.pdf").leave()
    assert sweep() == []
    assert list(unfinished._journals().iterdir()) == []


def test_a_file_that_cannot_be_removed_now_is_tried_again(
    media: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = plant(media)
    noted("evidence/left.pdf").leave()

    def refuse(self: FileSystemStorage, name: str) -> None:
        raise OSError("The disk is away")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "delete", refuse)
        assert sweep() == []
    assert "could not be removed" in caplog.text
    assert path.exists()
    assert sweep() == ["evidence/left.pdf"]


def test_a_note_that_was_swept_before_it_was_locked_is_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock = unfinished.fcntl.flock
    swept: list[str] = []

    def slow(held: Any, operation: int) -> None:
        if not swept:
            swept.append(held.name)
            Path(held.name).unlink()
        lock(held, operation)

    monkeypatch.setattr(unfinished.fcntl, "flock", slow)
    note = noted("evidence/left.pdf")
    assert Path(swept[0]).exists()
    note.end()


def test_a_journal_names_many_files_and_goes_once_all_are_gone(media: Path) -> None:
    first, second = plant(media), plant(media, "evidence/ü 2.pdf")
    noted("evidence/left.pdf", "evidence/never.pdf", "evidence/ü 2.pdf").leave()
    assert sweep() == ["evidence/left.pdf", "evidence/ü 2.pdf"]
    assert not first.exists() and not second.exists()
    assert list(unfinished._journals().iterdir()) == []


def test_a_line_that_was_broken_off_names_nothing(media: Path) -> None:
    path = plant(media, "evidence/le")
    noted("evidence/never.pdf").leave()
    (journal,) = unfinished._journals().iterdir()
    journal.write_text("evidence%2Fnever.pdf\nevidence%2Fle")
    assert sweep() == []
    assert path.exists()


def test_a_note_of_an_earlier_release_is_swept(media: Path) -> None:
    path = plant(media)
    unfinished._journals().mkdir()
    (unfinished._journals() / "evidence%2Fleft.pdf").touch()
    assert sweep() == ["evidence/left.pdf"]
    assert not path.exists()


def test_whatever_a_storage_raises_the_others_are_removed(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(media, "evidence/a.pdf")
    plant(media, "evidence/b.pdf")
    noted("evidence/a.pdf", "evidence/b.pdf").leave()
    whole = FileSystemStorage.delete

    def refuse(self: FileSystemStorage, name: str) -> None:
        if name.endswith("a.pdf"):
            raise LookupError("AccessDenied")
        whole(self, name)

    monkeypatch.setattr(FileSystemStorage, "delete", refuse)
    assert sweep() == ["evidence/b.pdf"]
    assert len(list(unfinished._journals().iterdir())) == 1
