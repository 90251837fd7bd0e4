"""Files with text in them, good and hostile, written as bytes."""

import io
import zipfile
import zlib

from docx import Document
from openpyxl.workbook.workbook import Workbook

_SLIDE = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, each))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer <</Size %d /Root 1 0 R>>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return out.getvalue()


def stream(contents: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s /Length %d>>\nstream\n%s\nendstream" % (entries, len(contents), contents)


def pdf(text: str, *, written: bytes | None = None, entries: bytes = b"") -> bytes:
    """A PDF of one page that says this, or whose page is written so."""
    lines = [f"({line}) Tj 0 -14 Td".encode("cp1252") for line in text.split("\n")]
    content = b"BT /F1 12 Tf 40 800 Td %s ET" % b" ".join(lines)
    return pdf_of(
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources <</Font <</F1 5 0 R>>>>>>",
        stream(content if written is None else written, entries),
        b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>",
    )


def bomb_pdf(megabytes: int = 1_000) -> bytes:
    """A PDF whose page unpacks to a gigabyte, by packing it twice over."""
    packer = zlib.compressobj(9)
    block = bytes(1024 * 1024)
    packed = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
    return pdf("", written=zlib.compress(packed, 9), entries=b"/Filter [/FlateDecode /FlateDecode]")


def busy_pdf() -> bytes:
    """A PDF whose page draws itself, again and again."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</X 5 0 R>>>>"
    return pdf_of(
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 3>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R"
        b" /Resources <</XObject <</X 5 0 R>>>>>>",
        stream(b"/X Do " * 1000),
        stream(b"/X Do /X Do ", form),
    )


def docx(text: str) -> bytes:
    """A Word document that says this, and has a table."""
    document = Document()
    document.add_paragraph(text)
    document.add_table(rows=1, cols=1).cell(0, 0).text = "In a table"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def archive(**parts: str | bytes) -> bytes:
    """A ZIP archive; two underscores in a name stand for a slash, one for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name.replace("__", "/").replace("_", "."), part)
    return out.getvalue()


def deep_docx(levels: int = 1_500_000) -> bytes:
    """A Word document whose elements stand in one another, millions deep."""
    return archive(word__document_xml=f'<w:document xmlns:w="{_WORD}">' + "<a>" * levels)


def laughing_docx() -> bytes:
    """A Word document of entities that multiply."""
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 20}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return archive(word__document_xml=f'<!DOCTYPE d [{entities}]><w:t xmlns:w="{_WORD}">&i;</w:t>')


def long_docx(megabytes: int = 20) -> bytes:
    """A Word document that says one word for ever."""
    words = "<w:t>elephant </w:t>" * (megabytes * 1024 * 1024 // 18)
    return archive(word__document_xml=f'<w:document xmlns:w="{_WORD}">{words}</w:document>')


def pptx(*slides: str) -> bytes:
    """A presentation whose slides say these."""
    return archive(
        **{
            f"ppt__slides__slide{number}_xml": f'<a:p xmlns:a="{_SLIDE}"><a:t>{text}</a:t></a:p>'
            for number, text in enumerate(slides, start=1)
        }
    )


def xlsx(*rows: tuple[object, ...]) -> bytes:
    """A workbook of one sheet, "Findings"."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Findings"
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


MAIL = (
    b"From: Head of Crime <head@force.example>\r\nSubject: =?utf-8?q?Pr=C3=BCfung?=\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<style>p {color: red}</style><p>The <b>wardrobes</b> are fixed.</p>\r\n"
)


def message(**streams: str) -> bytes:
    """An Outlook message with these streams at its root, each short enough to be a short one."""
    names = [f"__substg1.0_{name}" for name in streams]
    contents = [text.encode("utf-16-le") for text in streams.values()]
    short, starts = b"", []
    chain: list[int] = []
    for each in contents:
        pieces = -(-len(each) // 64)
        starts.append(len(chain))
        chain += [*range(len(chain) + 1, len(chain) + pieces), 0xFFFFFFFE]
        short += each.ljust(pieces * 64, b"\0")
    entries = [_entry("Root Entry", 5, 4, len(short), child=1)]
    for number, (name, start, each) in enumerate(zip(names, starts, contents, strict=True), 1):
        following = number + 1 if number < len(names) else 0xFFFFFFFF
        entries.append(_entry(name, 2, start, len(each), right=following))
    directory = b"".join(entries).ljust(1024, b"\0")
    assert len(entries) <= 8 and len(short) <= 512 and len(chain) <= 128
    # Sectors: 0 the table, 1 and 2 the directory, 3 the table of short ones, 4 what they hold.
    table = [0xFFFFFFFD, 2, 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFE] + [0xFFFFFFFF] * 123
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + _words(0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + _numbers(0, 1, 1, 0, 4096, 3, 1, 0xFFFFFFFE, 0)
    header += _numbers(0, *[0xFFFFFFFF] * 108)
    sectors = _numbers(*table) + directory + _numbers(*chain).ljust(512, b"\xff")
    return header + sectors + short.ljust(512, b"\0")


def _words(*values: int) -> bytes:
    return b"".join(value.to_bytes(2, "little") for value in values)


def _numbers(*values: int) -> bytes:
    return b"".join(value.to_bytes(4, "little") for value in values)


def _entry(
    name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF
) -> bytes:
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + _words(len(text) + 2) + bytes([kind, 1])
    return (head + _numbers(0xFFFFFFFF, right, child)).ljust(116, b"\0") + _numbers(start, size, 0)
