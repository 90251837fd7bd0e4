"""Documents that people send: what is let in, what is refused and why, and how files are kept."""

import errno
import hashlib
import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import connection, transaction

from core import archives, uploads
from core.kinds import ACCEPT, KINDS, UploadRefused, kind_words
from core.stored import plain_name
from core.unfinished import under_way
from core.uploads import NAME_LENGTH, atomic_with_files, store, vet
from evidence.models import EvidenceFile
from people.models import User
from tests.documents import (
    ENCRYPTED,
    JPEG,
    MAIL,
    MESSAGE,
    OLE,
    PDF,
    PNG,
    TEXT,
    office,
    sent,
)
from tests.factories import make_evidence, make_user

GOOD = {
    "pdf": PDF,
    "docx": office("word"),
    "xlsx": office("xl"),
    "pptx": office("ppt"),
    "csv": b"ref,level\r\nST-0001,2\r\n",
    "txt": TEXT,
    "png": PNG,
    "jpg": JPEG,
    "jpeg": JPEG,
    "msg": MESSAGE,
    "eml": MAIL,
}


def refusal_of(name: str, contents: bytes) -> str:
    with pytest.raises(UploadRefused) as refused:
        vet(sent(name, contents))
    return str(refused.value)


# What is let in


def test_there_is_a_good_file_of_every_kind_on_the_list() -> None:
    assert set(GOOD) == set(KINDS)


@pytest.mark.parametrize("ending", sorted(GOOD))
def test_a_good_file_of_each_kind_is_let_in(ending: str) -> None:
    vetted = vet(sent(f"audit.{ending}", GOOD[ending]))
    assert vetted.original_name == f"audit.{ending}"
    assert vetted.content_type == KINDS[ending].content_type
    assert vetted.size == len(GOOD[ending])
    assert vetted.sha256 == hashlib.sha256(GOOD[ending]).hexdigest()


def test_an_ending_in_capitals_is_the_same_ending() -> None:
    assert vet(sent("AUDIT.PDF")).content_type == "application/pdf"


def test_a_large_file_is_let_in_from_where_the_server_put_it() -> None:
    contents = PDF + random.Random(1).randbytes(3 * 1024 * 1024)
    with TemporaryUploadedFile("scan.pdf", "application/pdf", len(contents), None) as upload:
        upload.write(contents)
        assert vet(upload).sha256 == hashlib.sha256(contents).hexdigest()


def test_a_vetted_file_is_left_at_its_start() -> None:
    upload = sent("audit.txt", TEXT)
    vet(upload)
    assert upload.read() == TEXT


@pytest.mark.parametrize(
    "contents",
    [
        "Überprüft".encode("cp1252"),
        "Überprüft".encode("utf-16"),
        "\ufeffÜberprüft".encode(),
        # A character of two bytes across the border of two pieces.
        b"x" * (1024 * 1024 - 1) + "é".encode(),
    ],
    ids=["windows-1252", "utf-16", "utf-8 with mark", "across pieces"],
)
def test_text_is_let_in_in_the_encodings_that_offices_write(contents: bytes) -> None:
    assert vet(sent("notes.txt", contents)).content_type == "text/plain"


@pytest.mark.parametrize(
    ("content_type", "words"), [("text/csv", "CSV file"), ("application/x-else", "File")]
)
def test_kinds_have_words_for_people(content_type: str, words: str) -> None:
    assert kind_words(content_type) == words


# What is refused


@pytest.mark.parametrize(
    "name", ["setup.exe", "macro.docm", "page.html", "picture.svg", "old.doc", "pdf", "audit.", ""]
)
def test_a_file_of_another_kind_is_refused_whatever_is_in_it(name: str) -> None:
    with pytest.raises(UploadRefused, match="Files of this kind are not kept here"):
        vet(File(io.BytesIO(PDF), name=name))


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("a.pdf", PNG),
        ("a.pdf", b"<html></html>"),
        ("a.png", JPEG),
        ("a.jpg", PDF),
        ("a.docx", PDF),
        ("a.docx", office("xl")),
        ("a.xlsx", office("ppt")),
        ("a.pptx", office("word")),
        ("a.docx", OLE + bytes(600)),
        ("a.msg", OLE + bytes(600)),
        ("a.msg", MAIL),
        ("a.txt", b"MZ\x90\x00" + bytes(100)),
        ("a.txt", b"%PDF-1.7\nno byte is zero"),
        ("a.csv", PNG),
        ("a.csv", b"a,b\x81\x8d"),
        ("a.txt", b"\xff\xfex"),
        ("a.txt", "with a \x00 in it".encode("utf-16")),
        ("a.eml", b"They are fixed.\r\n"),
        ("a.eml", b"From: x\r\n\r\n\x00"),
    ],
)
def test_a_file_whose_contents_are_of_another_kind_is_refused(name: str, contents: bytes) -> None:
    ending = name.rpartition(".")[2]
    assert f"named .{ending}, but its contents are of another kind" in refusal_of(name, contents)


def test_an_archive_that_is_no_document_is_refused() -> None:
    contents = io.BytesIO()
    with zipfile.ZipFile(contents, "w") as archive:
        archive.writestr("word/document.xml", b"x")
    assert "of another kind" in refusal_of("a.docx", contents.getvalue())


def test_an_empty_file_is_refused() -> None:
    assert refusal_of("a.pdf", b"").startswith("This file is empty.")


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_not(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 2 * 1024 * 1024
    at_limit = PDF.ljust(2 * 1024 * 1024)
    assert vet(sent("a.pdf", at_limit)).size == 2 * 1024 * 1024
    assert "larger than 2 MB" in refusal_of("a.pdf", at_limit + b" ")


def test_a_request_with_a_file_at_the_limit_is_read(settings: Any) -> None:
    assert settings.REQUEST_MAX_BYTES > settings.UPLOAD_MAX_BYTES
    assert settings.REQUEST_MAX_BYTES > settings.SPREADSHEET_MAX_BYTES


@pytest.mark.parametrize(
    "part", ["word__vbaProject_bin", "word__VBAPROJECT_BIN", "xl__macrosheets__sheet1_xml"]
)
def test_a_document_with_macros_is_refused(part: str) -> None:
    assert "holds macros" in refusal_of("a.docx", office("word", **{part: b"x"}))


@pytest.mark.parametrize("ending", ["docx", "xlsx", "pptx"])
def test_a_document_behind_a_password_is_refused(ending: str) -> None:
    assert "protected with a password" in refusal_of(f"a.{ending}", ENCRYPTED)


def test_a_document_with_an_encrypted_part_is_refused() -> None:
    contents = bytearray(office())
    # Bit 0 of the flags of the first entry, in the directory.
    contents[contents.index(b"PK\x01\x02") + 8] |= 1
    assert "protected with a password" in refusal_of("a.docx", bytes(contents))


def test_a_document_that_unpacks_without_end_is_refused() -> None:
    bomb = office(word__media__picture_bmp=bytes(20 * 1024 * 1024))
    assert len(bomb) < 100_000
    assert "unpacks to far more" in refusal_of("a.docx", bomb)


@pytest.mark.parametrize(("limit", "value"), [("MAX_ENTRIES", 1), ("MAX_UNPACKED", 10)])
def test_a_document_over_a_limit_of_its_directory_is_refused(
    limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, limit, value)
    assert "unpacks to far more" in refusal_of("a.docx", office())


def test_a_document_with_a_part_that_points_outside_is_refused() -> None:
    contents = office().replace(b"word/document.xml", b"../../ocument.xml")
    assert "point outside it" in refusal_of("a.docx", contents)


def test_a_document_that_names_a_part_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = office(word__document_xml=b"x")
    assert "is damaged" in refusal_of("a.docx", twice)


def test_a_document_that_is_cut_short_is_refused() -> None:
    assert "is damaged" in refusal_of("a.docx", office()[:-30])


def test_a_document_with_a_part_that_says_another_size_is_refused() -> None:
    contents = office(word__long_xml=b"x" * 5_000)
    directory = contents.rindex(b"PK\x01\x02")
    shorter = bytearray(contents)
    shorter[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    assert "is damaged" in refusal_of("a.docx", bytes(shorter))


def test_a_document_with_any_one_byte_wrong_is_let_in_or_refused_but_no_fault() -> None:
    contents = office(word__long_xml=b"text " * 50)
    for place in range(len(contents)):
        wrong = bytearray(contents)
        wrong[place] ^= 0xFF
        try:
            vet(sent("a.docx", bytes(wrong)))
        except UploadRefused as refusal:
            assert str(refusal).endswith(".")


def test_what_is_looked_for_is_found_across_two_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_CHUNK", 8)
    for before in range(20):
        assert archives.holds(io.BytesIO(bytes(before) + b"wanted" + bytes(20)), b"wanted")
    assert not archives.holds(io.BytesIO(b"wante" * 20), b"wanted")


# Names


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/audit.pdf", "audit.pdf"),
        ("C:\\Users\\me\\audit of  dogs.pdf", "audit of dogs.pdf"),
        ("a\x00b\n\u202efdp.pdf", "abfdp.pdf"),
        ("Prüfung „Ü“.pdf", "Prüfung „Ü“.pdf"),
    ],
)
def test_the_name_is_kept_as_plain_text(name: str, kept: str) -> None:
    upload = File(io.BytesIO(PDF), name=name)
    assert vet(upload).original_name == kept


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    kept = vet(File(io.BytesIO(PDF), name=f"{'x' * 400}.pdf")).original_name
    assert len(kept) == NAME_LENGTH
    assert kept.endswith("….pdf")


def test_what_follows_the_last_dot_of_a_long_name_is_an_ending_only_when_short() -> None:
    assert plain_name(f"a.{'x' * 400}", NAME_LENGTH) == f"a.{'x' * (NAME_LENGTH - 2)}"


# Keeping


def files_in(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def version(number: int = 1) -> EvidenceFile:
    return EvidenceFile(evidence=make_evidence(), version=number)


@pytest.fixture
def sender(db: None) -> User:
    return make_user("sender")


def keep(record: EvidenceFile, actor: User | None) -> EvidenceFile:
    upload = sent("../../AUDIT.PDF")
    store(upload, vet(upload), record=record, actor=actor)
    return record


def test_a_file_is_stored_under_a_name_of_our_own_with_what_is_known_of_it(
    media: Path, sender: User
) -> None:
    kept = EvidenceFile.objects.get(pk=keep(version(), sender).pk)
    [path] = files_in(media)
    assert path.read_bytes() == PDF
    assert path == Path(kept.file.path)
    assert path.parent == media / "evidence"
    assert "AUDIT" not in path.name
    assert path.suffix == ".pdf"
    assert (kept.original_name, kept.content_type) == ("AUDIT.PDF", "application/pdf")
    assert (kept.size, kept.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert kept.stored_by == sender


@pytest.mark.django_db
def test_a_file_of_a_command_is_sent_by_nobody(media: Path) -> None:
    assert keep(version(), None).stored_by is None


def test_a_record_that_is_refused_leaves_no_file(media: Path, sender: User) -> None:
    record = keep(version(), sender)
    with pytest.raises(Exception, match="already exists"):
        keep(EvidenceFile(evidence=record.evidence), sender)
    assert files_in(media) == [Path(record.file.path)]


def test_a_transaction_that_fails_afterwards_leaves_no_file(media: Path, sender: User) -> None:
    record = version()
    with pytest.raises(KeyError), atomic_with_files():
        keep(record, sender)
        assert len(files_in(media)) == 1
        raise KeyError
    assert files_in(media) == []
    assert not EvidenceFile.objects.exists()


def test_a_part_of_a_transaction_that_fails_takes_its_own_files_only(
    media: Path, sender: User
) -> None:
    first, second = version(1), version(2)
    with atomic_with_files():
        keep(first, sender)
        with pytest.raises(KeyError), atomic_with_files():
            keep(second, sender)
            raise KeyError
    assert files_in(media) == [Path(first.file.path)]
    assert EvidenceFile.objects.get() == first


def test_a_part_that_succeeds_is_undone_with_the_whole(media: Path, sender: User) -> None:
    record = version()
    with pytest.raises(KeyError), atomic_with_files():
        with atomic_with_files():
            keep(record, sender)
        raise KeyError
    assert files_in(media) == []


@pytest.mark.django_db(transaction=True)
def test_what_broken_uploads_left_is_looked_for_before_the_transaction(
    media: Path, sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    within: list[bool] = []
    monkeypatch.setattr(uploads, "sweep", lambda: within.append(connection.in_atomic_block))
    with atomic_with_files():
        keep(version(1), sender)
        keep(version(2), sender)
    assert within == [False]


def test_nothing_is_stored_in_a_transaction_whose_failure_would_leave_the_file(
    media: Path, sender: User
) -> None:
    record = version()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        keep(record, sender)
    assert files_in(media) == []


def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    media: Path, sender: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    record = version()

    def half(self: FileSystemStorage, name: str, content: File) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read(5))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", half)
    with pytest.raises(UploadRefused, match="could not be stored, and nothing was saved"):
        keep(record, sender)
    assert files_in(media) == []
    assert not EvidenceFile.objects.exists()
    assert "No space left on device" in caplog.text


def test_many_files_take_one_open_journal_and_one_sweep(
    media: Path, sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[int] = []
    monkeypatch.setattr(uploads, "sweep", lambda: swept.append(1))

    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    with atomic_with_files():
        keep(version(), sender)
        before = open_files()
        for _ in range(20):
            keep(version(), sender)
        assert open_files() == before
    assert swept == [1]
    assert under_way() == set()
    assert len(files_in(media)) == 21


class StrangeError(Exception):
    """As storages elsewhere raise, which is no OSError."""


def test_a_file_that_cannot_be_removed_hides_no_error(
    media: Path, sender: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(self: FileSystemStorage, name: str) -> None:
        raise StrangeError("AccessDenied")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "delete", refuse)
        with pytest.raises(KeyError), atomic_with_files():
            keep(version(), sender)
            raise KeyError("the real error")
    assert "A file could not be removed" in caplog.text
    assert len(files_in(media)) == 1
    # Its journal stays, and the next transaction with files removes it.
    with atomic_with_files():
        pass
    assert files_in(media) == []


def test_whatever_a_storage_raises_the_sender_is_told(
    media: Path, sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: FileSystemStorage, name: str, content: File) -> str:
        raise StrangeError("NoSuchBucket")

    monkeypatch.setattr(FileSystemStorage, "_save", refuse)
    with pytest.raises(UploadRefused, match="could not be stored, and nothing was saved"):
        keep(version(), sender)


def test_the_list_of_what_the_browser_offers_is_the_list_of_kinds() -> None:
    assert ACCEPT.split(",") == [f".{ending}" for ending in KINDS]
