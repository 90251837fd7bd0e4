"""The text of files: read apart from the server, within limits, and never at the file's expense."""

import io
import logging
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from core.kinds import KINDS
from evidence import extracting, readers
from evidence.choices import TextState
from evidence.models import Evidence, EvidenceFile, EvidenceText
from evidence.readers import Readers
from tests.documents import JPEG, PNG
from tests.evidence import papers
from tests.factories import make_evidence, make_evidence_file

pytestmark = pytest.mark.django_db


def file_of(contents: bytes, ending: str, evidence: Evidence | None = None) -> EvidenceFile:
    return make_evidence_file(
        evidence or make_evidence(),
        contents,
        content_type=KINDS[ending].content_type,
        file=ContentFile(contents, f"paper.{ending}"),
        original_name=f"paper.{ending}",
    )


def read(contents: bytes, ending: str) -> str:
    found = extracting.extract(file_of(contents, ending))
    assert found.state == TextState.READ
    assert found.extracted_at is not None
    return found.text


@pytest.mark.parametrize(
    ("contents", "ending", "text"),
    [
        (papers.pdf("All wardrobes\nwere checked"), "pdf", "All wardrobes were checked"),
        (papers.docx("All safe – “really”."), "docx", "All safe – “really”. In a table"),
        (papers.xlsx(("Site", 12), (None, "Redcar")), "xlsx", "Findings Site 12 Redcar"),
        (papers.pptx("First point", "Second"), "pptx", "First point Second"),
        ("Prüfung;12\r\nGut;1".encode(), "csv", "Prüfung;12 Gut;1"),
        ("Prüfung".encode("utf-16"), "txt", "Prüfung"),
        ("Prüfung – gut".encode("cp1252"), "txt", "Prüfung – gut"),
        (
            papers.MAIL,
            "eml",
            "Prüfung Head of Crime <head@force.example> The wardrobes are fixed.",
        ),
        (
            papers.message(**{"0037001F": "Wardrobes", "1000001F": "All are fixed. " * 10}),
            "msg",
            ("Wardrobes " + "All are fixed. " * 10).strip(),
        ),
    ],
    ids=["pdf", "docx", "xlsx", "pptx", "csv", "utf-16", "windows", "eml", "msg"],
)
def test_the_text_of_each_kind_is_read(
    media: Path, contents: bytes, ending: str, text: str
) -> None:
    assert read(contents, ending) == text


@pytest.mark.parametrize(("contents", "ending"), [(PNG, "png"), (JPEG, "jpg")])
def test_a_picture_has_no_text_and_is_not_opened(
    media: Path, monkeypatch: pytest.MonkeyPatch, contents: bytes, ending: str
) -> None:
    monkeypatch.setattr(extracting, "read_apart", lambda *args: pytest.fail("opened"))
    assert extracting.extract(file_of(contents, ending)).state == TextState.NOTHING


def test_a_file_that_says_nothing_holds_no_text(media: Path) -> None:
    assert extracting.extract(file_of(papers.pdf(""), "pdf")).state == TextState.NOTHING


@pytest.mark.parametrize(
    ("make", "ending"),
    [
        (lambda: b"%PDF-1.7\nnothing of it is true", "pdf"),
        (papers.bomb_pdf, "pdf"),
        (papers.busy_pdf, "pdf"),
        (papers.deep_docx, "docx"),
        (papers.laughing_docx, "docx"),
        (lambda: papers.archive(word__other_xml="<a/>"), "docx"),
        (lambda: papers.docx("x")[:-40], "docx"),
        (lambda: papers.message(**{"0037001F": "x"})[:600], "msg"),
    ],
    ids=["no pdf", "bomb", "draws itself", "deep", "entities", "no document", "cut", "cut message"],
)
def test_a_hostile_or_broken_file_fails_within_the_limits(
    media: Path, caplog: pytest.LogCaptureFixture, make: Any, ending: str
) -> None:
    contents = make()
    record = file_of(contents, ending)
    began = time.monotonic()
    with caplog.at_level(logging.WARNING, "portal.evidence"):
        found = extracting.extract(record)
    assert (found.state, found.text) == (TextState.FAILED, "")
    assert time.monotonic() - began < extracting.WALL_SECONDS + 5
    assert f"The text of evidence file {record.pk} could not be read" in caplog.text
    assert Path(record.file.path).read_bytes() == contents


def test_a_reader_that_never_ends_is_ended(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "WALL_SECONDS", 1)
    monkeypatch.setattr(extracting, "_START", "import time; time.sleep(60)")
    began = time.monotonic()
    assert extracting.extract(file_of(b"x", "txt")).state == TextState.FAILED
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "work",
    [
        "\nwhile True: pass",
        "\nkept = [bytes(1024 * 1024) for _ in range(10_000)]",
        "\nsys.stdout.buffer.write(bytes(64 * 1024 * 1024))",
    ],
    ids=["processor", "memory", "output"],
)
def test_the_process_of_a_reader_has_limits_of_its_own(
    media: Path, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    monkeypatch.setattr(extracting, "PROCESSOR_SECONDS", 1)
    start = extracting._START.replace(
        "main(sys.argv[2], *map(int, sys.argv[3:]))",
        "from evidence.parsing.child import lay_limits; "
        "lay_limits(seconds=int(sys.argv[3]), memory=int(sys.argv[4]), written=1024 * 1024)",
    )
    monkeypatch.setattr(extracting, "_START", start + work)
    began = time.monotonic()
    assert extracting.extract(file_of(b"x", "txt")).state == TextState.FAILED
    assert time.monotonic() - began < 15


def test_a_reader_knows_nothing_of_the_portal(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a-secret")
    look = "import os; print(sorted(set(os.environ) - {'LC_CTYPE'}), os.getcwd())"
    monkeypatch.setattr(extracting, "_START", look)
    assert read(b"x", "txt") == "['OPENPYXL_LXML'] /"


def test_a_longer_text_is_cut(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "CHARACTERS", 20)
    assert read(papers.long_docx(1), "docx") == "elephant elephant el"


def test_no_more_pages_are_read_than_the_limit(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extracting, "PAGES", 1)
    assert read(papers.pptx("First", "Second"), "pptx") == "First"


def test_a_file_that_is_gone_fails(media: Path) -> None:
    record = file_of(papers.pdf("x"), "pdf")
    Path(record.file.path).unlink()
    assert extracting.extract(record).state == TextState.FAILED


def test_text_is_read_after_the_transaction(
    media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    record = file_of(b"Wardrobes", "txt")
    with django_capture_on_commit_callbacks(execute=True):
        extracting.extract_later(record)
        assert record.text.state == TextState.WAITING
    assert EvidenceText.objects.get().text == "Wardrobes"
    assert list(Evidence.objects.found_by("wardrobes")) == [record.evidence]


def test_a_task_that_runs_twice_reads_once(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = file_of(b"Wardrobes", "txt")
    extracting.extract_in_background.enqueue(record.pk)
    monkeypatch.setattr(extracting, "read_apart", lambda *args: pytest.fail("read again"))
    extracting.extract_in_background.enqueue(record.pk)
    assert EvidenceText.objects.get().tries == 1


def command(**options: Any) -> str:
    said = io.StringIO()
    call_command("extract_texts", stdout=said, **options)
    return said.getvalue().strip()


def test_the_command_reads_what_waits_and_may_run_again(media: Path) -> None:
    file_of(b"Wardrobes", "txt")
    file_of(PNG, "png")
    file_of(b"%PDF-1.7 no", "pdf")
    first = "Texts read: 1; without text: 1; could not be read: 1."
    assert command() == first
    failed_again = "Texts read: 0; without text: 0; could not be read: 1."
    assert command() == failed_again


def test_the_command_says_how_many_wait_and_reads_none_of_them(media: Path) -> None:
    file_of(b"Wardrobes", "txt")
    file_of(PNG, "png")
    assert command(dry_run=True) == "Texts that wait to be read: 2."
    assert not EvidenceText.objects.exclude(state=TextState.WAITING).exists()


def test_the_command_gives_a_file_up_after_three_tries_unless_told(media: Path) -> None:
    file_of(b"%PDF-1.7 no", "pdf")
    for _ in range(extracting.MAX_TRIES):
        assert command().endswith("could not be read: 1.")
    assert command().endswith("could not be read: 0.")
    assert command(again=True).endswith("could not be read: 1.")


def test_what_is_held_back_waits_for_whoever_reads_it_all(
    media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    one, other, late = (file_of(text, "txt") for text in (b"Wardrobes", b"Kennels", b"Cells"))
    with django_capture_on_commit_callbacks(execute=True):
        with extracting.held_back():
            extracting.extract_later(one)
            extracting.extract_later(other)
        extracting.extract_later(late)
    states = EvidenceText.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [TextState.WAITING, TextState.WAITING, TextState.READ]
    assert extracting.extract_waiting() == 2
    texts = EvidenceText.objects.order_by("file").values_list("text", flat=True)
    assert list(texts) == ["Wardrobes", "Kennels", "Cells"]


def starts_of_readers(monkeypatch: pytest.MonkeyPatch) -> list[Readers]:
    """A list that grows with each process that is started for many files."""
    started: list[Readers] = []
    begin = Readers._begin

    def noted(own: Readers) -> Any:
        started.append(own)
        return begin(own)

    monkeypatch.setattr(Readers, "_begin", noted)
    return started


def test_a_file_that_breaks_its_reader_fails_alone(
    media: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    started = starts_of_readers(monkeypatch)
    monkeypatch.setattr(extracting, "PROCESSOR_SECONDS", 2)
    for contents, ending in (
        (papers.pdf("First"), "pdf"),
        (papers.bomb_pdf(), "pdf"),
        (papers.busy_pdf(), "pdf"),
        (papers.docx("x")[:-40], "docx"),
        (papers.docx("Second"), "docx"),
        (papers.xlsx(("Third",)), "xlsx"),
    ):
        file_of(contents, ending)
    became: list[tuple[str, str]] = []
    extracting.extract_waiting(told=lambda text: became.append((text.state, text.text)))
    assert became == [
        (TextState.READ, "First"),
        *[(TextState.FAILED, "")] * 3,
        (TextState.READ, "Second In a table"),
        (TextState.READ, "Findings Third"),
    ]
    assert len(started) == 1


@pytest.mark.parametrize(
    ("work", "states", "starts"),
    [
        ("time.sleep(60) if kind == 'csv' else None", ["failed", "read"], 1),
        ("os.kill(os.getppid(), 9) if kind == 'csv' else None", ["failed", "read"], 2),
    ],
    ids=["never ends", "ends the server"],
)
def test_a_fork_that_never_ends_or_ends_its_server_fails_alone(
    media: Path, monkeypatch: pytest.MonkeyPatch, work: str, states: list[str], starts: int
) -> None:
    started = starts_of_readers(monkeypatch)
    monkeypatch.setattr(extracting, "WALL_SECONDS", 1)
    before = (
        "from evidence.parsing import server; import os, time; real = server.read_within; "
        f"server.read_within = lambda kind, *rest: ({work}, real(kind, *rest)); "
    )
    start = readers._START.replace("serve(*map", before + "serve(*map")
    monkeypatch.setattr(readers, "_START", start)
    file_of(b"Wardrobes", "csv")
    file_of(b"Kennels", "txt")
    became: list[str] = []
    extracting.extract_waiting(told=lambda text: became.append(text.state))
    assert (became, len(started)) == (states, starts)


def test_a_fork_has_no_socket_and_knows_nothing_of_the_portal(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "a-secret")
    look = (
        "from evidence.parsing import server; import os; server.read_within = "
        "lambda kind, source, target, *rest: target.write(str((sorted(set(os.environ) - "
        "{'LC_CTYPE'}), os.getcwd(), os.path.exists('/proc/self/fd/0'))).encode()); "
    )
    start = readers._START.replace("serve(*map", look + "serve(*map")
    monkeypatch.setattr(readers, "_START", start)
    file_of(b"x", "txt")
    extracting.extract_waiting()
    assert EvidenceText.objects.get().text == "(['OPENPYXL_LXML'], '/', False)"
