"""`manage.py check_evidence` finds whatever is planted, and removes orphans when told to."""

import io
import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from core.unfinished import Journal
from evidence.models import Evidence, EvidenceFile, EvidenceWords
from evidence.sanity import Fault, Finding, findings
from tests.documents import PDF
from tests.factories import make_evidence, make_evidence_file, make_kept_import

pytestmark = pytest.mark.django_db
LINK = "https://records.force.example/audits/12"
LONG_AGO = time.time() - 2 * 60 * 60


@pytest.fixture
def kept(media: Path) -> EvidenceFile:
    """Good evidence beside whatever is planted: a file in two versions, a link, another room's."""
    evidence = make_evidence("Wardrobe audit", contents=PDF)
    make_evidence_file(evidence, PDF + b"x")
    make_evidence("Kennels", link=LINK)
    make_kept_import()
    return evidence.files.get(version=1)


def found() -> list[tuple[Fault, str]]:
    return [(each.fault, each.where) for each in findings()]


def where(file: EvidenceFile) -> str:
    return f"evidence {file.evidence_id}, version {file.version}, kept as {file.file.name}"


def plant(name: str = "evidence/left.pdf", *, old: bool = True) -> Path:
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PDF)
    if old:
        os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def run(*arguments: str) -> tuple[str, str]:
    """What the command says, and with which error it ends, "" for none."""
    said = io.StringIO()
    try:
        call_command("check_evidence", *arguments, stdout=said)
    except CommandError as error:
        assert error.returncode == 1
        return said.getvalue(), str(error)
    return said.getvalue(), ""


def test_where_all_is_well_nothing_is_found(kept: EvidenceFile) -> None:
    assert found() == []
    assert run() == ("Nothing is wrong.\n", "")


def test_with_no_evidence_at_all_nothing_is_found(media: Path) -> None:
    assert found() == []


def test_a_missing_file_is_found(kept: EvidenceFile) -> None:
    Path(kept.file.path).unlink()
    assert found() == [(Fault.MISSING, where(kept))]


def test_a_file_that_cannot_be_read_is_found(kept: EvidenceFile) -> None:
    Path(kept.file.path).unlink()
    Path(kept.file.path).mkdir()
    assert (Fault.UNREADABLE, where(kept)) in found()


def test_a_file_of_another_size_is_found(kept: EvidenceFile) -> None:
    Path(kept.file.path).write_bytes(PDF[:-1])
    assert found() == [(Fault.WRONG_SIZE, where(kept))]


def test_a_file_that_was_changed_is_found(kept: EvidenceFile) -> None:
    Path(kept.file.path).write_bytes(PDF[:-1] + b"?")
    assert found() == [(Fault.WRONG_HASH, where(kept))]


def test_an_item_with_neither_file_nor_link_is_found(kept: EvidenceFile) -> None:
    empty = make_evidence("Nothing")
    assert found() == [(Fault.NOTHING_KEPT, f"evidence {empty.pk}, “Nothing”")]


def test_an_item_with_both_is_found(kept: EvidenceFile) -> None:
    both = make_evidence("Both", link=LINK, contents=PDF + b"both")
    assert found() == [(Fault.BOTH_KEPT, f"evidence {both.pk}, “Both”")]


@pytest.mark.parametrize("number", [2, 4])
def test_versions_with_a_gap_are_found(kept: EvidenceFile, number: int) -> None:
    gap = make_evidence("Gap")
    if number == 4:
        make_evidence_file(gap, PDF)
    make_evidence_file(gap, PDF, version=number)
    assert [fault for fault, _ in found()] == [Fault.GAP]


def test_a_file_of_no_record_is_found_however_deep(kept: EvidenceFile) -> None:
    plant("evidence/deep/er/left.pdf")
    assert found() == [(Fault.ORPHAN, "evidence/deep/er/left.pdf")]


def test_a_file_of_another_room_in_the_same_folder_is_no_orphan(
    kept: EvidenceFile,
) -> None:
    record = make_kept_import()
    type(record).objects.filter(pk=record.pk).update(file="evidence/theirs.xlsx")
    plant("evidence/theirs.xlsx")
    assert found() == []


def test_a_file_that_two_records_share_is_no_orphan(kept: EvidenceFile) -> None:
    make_evidence_file(make_evidence("Twin"), PDF, file=str(kept.file.name))
    assert found() == []


def test_a_file_that_is_being_kept_at_this_moment_is_no_orphan(kept: EvidenceFile) -> None:
    note = Journal()
    note.add("evidence/left.pdf")
    plant()
    assert found() == []
    note.end()
    assert found() == [(Fault.ORPHAN, "evidence/left.pdf")]


def test_all_that_is_planted_is_told_with_a_count_and_an_exit_code(kept: EvidenceFile) -> None:
    Path(kept.file.path).unlink()
    plant()
    said, error = run()
    assert f"File missing: {where(kept)}" in said
    assert "File of no record: evidence/left.pdf" in said
    assert error == "Two faults found."


def test_orphans_are_removed_only_when_really_told_to(kept: EvidenceFile) -> None:
    orphan = plant()
    said, error = run("--remove-orphans")
    assert "Would remove: evidence/left.pdf" in said
    assert (orphan.exists(), error) == (True, "One fault found.")
    said, error = run("--remove-orphans", "--yes")
    assert "Removed: evidence/left.pdf" in said
    assert (orphan.exists(), error) == (False, "")
    assert run() == ("Nothing is wrong.\n", "")
    assert Path(kept.file.path).read_bytes() == PDF


def test_a_young_orphan_is_left_alone_for_it_may_belong_to_another_machine(
    kept: EvidenceFile,
) -> None:
    orphan = plant(old=False)
    said, error = run("--remove-orphans", "--yes")
    assert "Left alone: evidence/left.pdf is younger than 60 minutes" in said
    assert (orphan.exists(), error) == (True, "One fault found.")


def test_what_a_killed_process_left_is_told_and_removed_only_when_really_told_to(
    kept: EvidenceFile,
) -> None:
    path = plant(old=False)
    note = Journal()
    note.add("evidence/left.pdf")
    note.leave()
    said, error = run()
    assert "File of no record: evidence/left.pdf" in said
    assert (path.exists(), error) == (True, "One fault found.")
    said, error = run("--remove-orphans")
    assert "Would remove: evidence/left.pdf" in said
    assert (path.exists(), error) == (True, "One fault found.")
    said, error = run("--remove-orphans", "--yes")
    assert "Removed evidence/left.pdf, which an upload that was broken off had left." in said
    assert (path.exists(), error) == (False, "")


def test_evidence_that_no_search_finds_is_found_and_mended(kept: EvidenceFile) -> None:
    EvidenceWords.objects.filter(evidence=kept.evidence).delete()
    assert found() == [(Fault.NO_WORDS, f"evidence {kept.evidence_id}, “Wardrobe audit”")]
    call_command("extract_texts", stdout=io.StringIO())
    assert found() == []
    assert list(Evidence.objects.found_by("wardrobe")) == [kept.evidence]


def test_a_finding_reads_as_a_line() -> None:
    assert str(Finding(Fault.GAP, "evidence 1, “A”", "it has 1, 3")) == (
        "Versions with a gap: evidence 1, “A” (it has 1, 3)"
    )


def test_withdrawn_evidence_is_looked_at_too(kept: EvidenceFile, cast: SimpleNamespace) -> None:
    from evidence.editing import withdraw

    withdraw(kept.evidence, actor=cast.governance, reason="A name was in it.")
    Path(kept.file.path).unlink()
    assert found() == [(Fault.MISSING, where(kept))]
    assert Evidence.objects.count() == 2
