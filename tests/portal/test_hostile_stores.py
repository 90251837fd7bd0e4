"""ZIP files made to cost memory, time or safety, and how each must end."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from evidence.models import Evidence
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.imports.refused import ImportNotPossible
from portal.models import Purpose, SpreadsheetImport, State
from portal.store_in import archive
from tests.factories import make_framework, make_user
from tests.portal.stores import index, packed, pdf, row, store
from tests.workbooks import MEGABYTE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def bomb() -> io.BytesIO:
    target = packed({"index.xlsx": index(row())})
    with (
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("audit.pdf", "w") as unpacks_to_zeros,
    ):
        for _ in range(400):
            unpacks_to_zeros.write(bytes(MEGABYTE))
    target.seek(0)
    return target


def lying() -> io.BytesIO:
    """A file that is far larger than the directory says."""
    data = bytearray(packed({"index.xlsx": index(row()), "b.txt": bytes(MEGABYTE)}).getvalue())
    real, said = struct.pack("<L", MEGABYTE), struct.pack("<L", 10)
    return io.BytesIO(bytes(data).replace(real, said))


def encrypted() -> io.BytesIO:
    data = bytearray(store(row()).getvalue())
    place = data.rfind(b"PK\x01\x02")
    data[place + 8] |= 1
    return io.BytesIO(bytes(data))


def overlapping() -> io.BytesIO:
    """Two entries of the directory that stand for the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("index.xlsx", index(row()))
        made.writestr("audit.pdf", pdf() * 2_000)
        for number in range(20):
            twin = zipfile.ZipInfo(f"{number}.pdf")
            source = made.getinfo("audit.pdf")
            for name in ("header_offset", "CRC", "compress_size", "file_size"):
                setattr(twin, name, getattr(source, name))
            made.filelist.append(twin)
            made.NameToInfo[twin.filename] = twin
    target.seek(0)
    return target


def link() -> io.BytesIO:
    target = store(row())
    with zipfile.ZipFile(target, "a") as made:
        info = zipfile.ZipInfo("etc.txt")
        info.external_attr = 0o120777 << 16
        made.writestr(info, "/etc/passwd")
    return target


def twice() -> io.BytesIO:
    return packed({"index.xlsx": index(row()), "Audit.pdf": pdf(), "audit.PDF": pdf()})


def packed_otherwise() -> io.BytesIO:
    return packed({"index.xlsx": index(row()), "audit.pdf": pdf()}, zipfile.ZIP_LZMA)


def cut_off() -> io.BytesIO:
    return io.BytesIO(store(row()).getvalue()[:-40])


def flipped() -> io.BytesIO:
    """A file whose bytes are not those of its checksum."""
    files = {"index.xlsx": index(row()), "audit.pdf": pdf()}
    data = bytearray(packed(files, zipfile.ZIP_STORED).getvalue())
    data[data.find(b"%%EOF")] ^= 1
    return io.BytesIO(bytes(data))


def many() -> io.BytesIO:
    files = {f"{number}.txt": b"x" for number in range(archive.MAX_FILES)}
    return packed({"index.xlsx": index(row()), **files}, zipfile.ZIP_STORED)


def named(name: str) -> Callable[[], io.BytesIO]:
    return lambda: packed({"index.xlsx": index(row()), name: pdf()})


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (bomb, "unpacks to far more than documents need"),
        (lying, "is damaged and cannot be read"),
        (encrypted, "is protected with a password"),
        (overlapping, "unpacks to far more than documents need"),
        (link, "names that point outside it"),
        (named("../../etc/cron.txt"), "names that point outside it"),
        (named("/etc/cron.txt"), "names that point outside it"),
        (named("..\\cron.txt"), "names that point outside it"),
        (named("C:\\cron.txt"), "names that point outside it"),
        (twice, "“audit.pdf” is in this ZIP file more than once."),
        (packed_otherwise, "is packed in a way that cannot be read here"),
        (cut_off, "is damaged and cannot be read"),
        (flipped, "is damaged and cannot be read"),
        (many, "holds more than 5,000 files"),
        (lambda: packed({"audit.pdf": pdf()}), "has no index. Put a workbook “index.xlsx”"),
        (
            lambda: packed({"index.xlsx": index(row()), "index.csv": b"File;Title\n"}),
            "has more than one index",
        ),
        (lambda: io.BytesIO(index(row())), "has no index"),
        (lambda: io.BytesIO(b"%PDF-1.7"), "This is not a ZIP file."),
        (lambda: io.BytesIO(b""), "This file is empty."),
        (lambda: packed({"index.xlsx": b"PK\x03\x04 none"}), "damaged and cannot be read"),
    ],
)
def test_each_ends_with_a_sentence_and_nothing_is_kept(
    make: Callable[[], io.BytesIO], sentence: str, media: Path
) -> None:
    make_framework()
    received = receive(make(), "store.zip", actor=None, purpose=Purpose.EVIDENCE)
    assert received.state == State.REFUSED
    assert sentence in received.refusal
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_zip_file_beyond_its_own_limit_is_refused(settings: Any) -> None:
    settings.EVIDENCE_STORE_MAX_BYTES = 3 * MEGABYTE
    assert settings.SPREADSHEET_MAX_BYTES > settings.EVIDENCE_STORE_MAX_BYTES
    file = packed({"index.xlsx": index(row()), "a.txt": bytes(4 * MEGABYTE)}, zipfile.ZIP_STORED)
    received = receive(file, "store.zip", actor=None, purpose=Purpose.EVIDENCE)
    assert received.refusal.startswith("This ZIP file is larger than 3 MB. Split the folder")


def test_memory_stays_flat_whatever_the_size_of_the_files(tmp_path: Path) -> None:
    make_framework()
    admin = make_user("admin", "administrator")
    place = tmp_path / "store.zip"
    names = [f"{number}.txt" for number in range(6)]
    with zipfile.ZipFile(place, "w", zipfile.ZIP_STORED) as made:
        made.writestr("index.xlsx", index(*[row(File=name) for name in names]))
        for number, name in enumerate(names):
            made.writestr(name, (b"%d " % number) * (4 * MEGABYTE))
    with place.open("rb") as file:
        tracemalloc.start()
        received = receive(file, "store.zip", actor=admin, purpose=Purpose.EVIDENCE)
        apply_import(received, actor=admin)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert Evidence.objects.count() == 6
    assert place.stat().st_size > 48 * MEGABYTE
    assert peak < 16 * MEGABYTE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "fives"
    (place / "sub").mkdir(parents=True)
    (place / "index.xlsx").write_bytes(index(row(File="sub/audit.pdf"), row(File="gone.pdf")))
    (place / "sub" / "audit.pdf").write_bytes(pdf())
    (place / "left.pdf").write_bytes(pdf(2))
    (place / "passwords.txt").symlink_to("/etc/passwd")
    return place


def test_the_command_takes_in_a_folder(folder: Path) -> None:
    make_framework()
    admin = make_user("admin", "administrator")
    said = io.StringIO()
    call_command("import_evidence", str(folder), "--as", "admin", "--dry-run", stdout=said)
    assert "Dry run: nothing was kept." in said.getvalue()
    assert not SpreadsheetImport.objects.exists()
    assert not Evidence.objects.exists()

    said = io.StringIO()
    call_command("import_evidence", str(folder), "--as", "admin", stdout=said)
    lines = said.getvalue()
    assert (
        "Row 3 (gone.pdf), column A (File): is not in the ZIP file. Correct the name, or add the "
        "file." in lines
    )
    assert "Files without a row: left.pdf." in lines
    assert "Applied 1 row." in lines
    assert Evidence.objects.get().owner == admin

    said = io.StringIO()
    call_command("import_evidence", str(folder), "--as", "admin", stdout=said)
    assert "Nothing to apply." in said.getvalue()


def test_the_command_says_what_it_cannot_do(folder: Path, tmp_path: Path) -> None:
    make_user("admin", "administrator")
    make_user("staff")
    for place, user, sentence in (
        (folder, "staff", "“staff” is nobody who may import spreadsheets."),
        (tmp_path / "none", "admin", "Cannot read"),
        (folder / "sub", "admin", "This ZIP file has no index."),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("import_evidence", str(place), "--as", user)


def test_a_file_that_is_gone_from_its_place_is_told(media: Path) -> None:
    make_framework()
    admin = make_user("admin", "administrator")
    received = receive(store(row()), "store.zip", actor=admin, purpose=Purpose.EVIDENCE)
    (media / str(received.file.name)).unlink()
    with pytest.raises(ImportNotPossible, match="is no longer kept as it was"):
        apply_import(received, actor=admin)
    assert not Evidence.objects.exists()
