"""The directory of an archive is measured by its end before anything reads it."""

import io
import struct
import zipfile

import pytest

from core import archives
from core.archives import has_long_directory
from core.kinds import UploadRefused
from core.uploads import vet
from portal.reading import refusals, vetting
from portal.store_in.archive import ArchiveRefused, files_of
from tests.documents import sent

LOCAL = b"PK\x03\x04" + struct.pack("<5H3I2H", 20, 0, 0, 0, 33, 0, 0, 0, 19, 0)
FIRST = LOCAL + b"[Content_Types].xml"
ENTRY = b"PK\x01\x02" + struct.pack("<6H3I5H2I", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)


def crowded(entries: int, *, counted: int = 1, large: bool = False) -> bytes:
    """An archive of so many entries, whose end counts few of them."""
    directory = (ENTRY + b"a") * entries
    size, place = len(directory), len(FIRST)
    extra = b""
    if large:
        end = struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, counted, counted, size, place)
        where = place + size
        extra = b"PK\x06\x06" + end + b"PK\x06\x07" + struct.pack("<LQL", 0, where, 1)
        size = place = 0xFFFFFFFF
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, counted, counted, size, place, 0)
    return FIRST + directory + extra + end


@pytest.mark.parametrize("large", [False, True])
def test_a_directory_is_long_whatever_its_end_counts(
    large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_ENTRIES", 10)
    assert has_long_directory(io.BytesIO(crowded(100, large=large)))
    assert not has_long_directory(io.BytesIO(crowded(80, large=large)))
    assert has_long_directory(io.BytesIO(crowded(80, large=large)), entries=5)


def test_an_archive_with_a_comment_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ENTRIES", 10)
    data = crowded(100)
    commented = data[:-2] + struct.pack("<H", 300) + b"x" * 300
    assert has_long_directory(io.BytesIO(commented))


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_has_none(data: bytes) -> None:
    assert not has_long_directory(io.BytesIO(data))


def test_no_reader_opens_such_an_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*args: object, **kwargs: object) -> None:
        raise AssertionError("It was opened")

    data = crowded(60_000)
    monkeypatch.setattr(zipfile, "ZipFile", opened)
    with pytest.raises(UploadRefused, match="unpacks to far more"):
        vet(sent("a.docx", data))
    with pytest.raises(refusals.Inflated):
        vetting.vet(io.BytesIO(data))
    with (
        pytest.raises(ArchiveRefused, match="holds more than 5,000 files"),
        files_of(io.BytesIO(data)),
    ):
        pass
