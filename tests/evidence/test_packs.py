"""Inspection packs: what is in the archive, for whom, and what becomes of it."""

import datetime as dt
import hashlib
import io
import logging
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from pypdf import PdfReader

from core.markings import Marking
from evidence.models import Evidence, EvidenceReading, PackRequest, PackState
from evidence.packs import building, progress, tasks
from evidence.packs import index as packs_index
from evidence.packs.choosing import Wanted, pieces_of
from evidence.packs.expiring import remove_pack
from evidence.packs.giving import why_not_given
from evidence.packs.tasks import ask_again, ask_for_pack, build_in_background
from inspections.models import Characteristic, Framework
from people.models import User
from tests.documents import unprinted
from tests.factories import (
    day,
    make_action,
    make_evidence,
    make_evidence_file,
    make_framework,
    make_link,
    make_user,
)
from tracker.models import ActionEvidence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def printed() -> None:
    """Asked for by those who look at the index on paper."""


@pytest.fixture(autouse=True)
def sparing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the others the index that goes on paper is in words only: printing takes most time."""
    if "printed" not in request.fixturenames:
        monkeypatch.setattr("evidence.packs.index.render_pdf", unprinted)


@pytest.fixture
def paf() -> Framework:
    return make_framework(questions=2)


@pytest.fixture
def maker() -> User:
    return make_user("maker", name="Alex Maker")


def characteristic(framework: Framework, number: int = 1) -> Characteristic:
    return Characteristic.objects.get(
        topic__question__framework=framework, topic__question__number=number
    )


def question_key(framework: Framework, number: int = 1) -> int:
    return characteristic(framework, number).topic.question_id


def ask(maker: User, framework: Framework, **different: Any) -> PackRequest:
    """A pack of question area 1, unless told."""
    wanted = Wanted(**{"questions": (question_key(framework),), **different})
    return ask_for_pack(actor=maker, wanted=wanted, words=["PAF 1"])


def opened(pack: PackRequest) -> zipfile.ZipFile:
    with pack.file.open("rb") as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def rows_of(archive: zipfile.ZipFile) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(archive.read("index.xlsx"))).worksheets[0]
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def paper_of(archive: zipfile.ZipFile) -> str:
    contents = archive.read("index.pdf")
    if not contents.startswith(b"%PDF"):
        return contents.decode()
    pages = PdfReader(io.BytesIO(contents)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


class TestContents:
    def test_files_are_named_by_their_number_and_listed(
        self, paf: Framework, maker: User, printed: None
    ) -> None:
        audit = make_evidence(
            "Wardrobe audit, October 2024", contents=b"%PDF-1.7 one", shows="Doors are safe."
        )
        minutes = make_evidence("../Protokoll & Minutes?", contents=b"%PDF-1.7 two")
        page = make_evidence("Dashboard", link="https://records.force.example/12")
        for each in (audit, minutes, page):
            make_link(each, characteristic(paf))
        pack = ask(maker, paf)
        assert (pack.state, pack.faults, pack.marking) == (PackState.READY, 0, "OFFICIAL")
        archive = opened(pack)
        assert archive.namelist() == [
            "01-wardrobe-audit-october-2024.pdf",
            "02-protokoll-minutes.pdf",
            "index.xlsx",
            "index.pdf",
            "manifest-sha256.txt",
        ]
        assert archive.testzip() is None
        assert archive.read("01-wardrobe-audit-october-2024.pdf") == b"%PDF-1.7 one"
        first, second, third = rows_of(archive)
        assert (first["Number"], first["Title"]) == (1, "Wardrobe audit, October 2024")
        assert first["What it shows"] == "Doors are safe."
        assert first["Stands for"] == "supports 1.1.1"
        assert first["File in this pack"] == "01-wardrobe-audit-october-2024.pdf"
        assert first["Fingerprint (SHA-256)"] == hashlib.sha256(b"%PDF-1.7 one").hexdigest()
        assert second["Number"] == 2
        assert third["File in this pack"] is None
        assert third["Link"] == "https://records.force.example/12"
        paper = paper_of(archive)
        assert "3 pieces of evidence: 2 files and 1 link" in paper
        assert "Put together by Alex Maker on 25 November 2024" in paper
        assert "https://records.force.example/12" in paper

    def test_the_manifest_has_the_fingerprint_of_every_other_file(
        self, paf: Framework, maker: User
    ) -> None:
        make_link(make_evidence(contents=b"%PDF-1.7 one"), characteristic(paf))
        archive = opened(ask(maker, paf))
        lines = archive.read("manifest-sha256.txt").decode().splitlines()
        said = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        others = [name for name in archive.namelist() if name != "manifest-sha256.txt"]
        assert said == {name: hashlib.sha256(archive.read(name)).hexdigest() for name in others}

    def test_what_stands_for_several_things_is_in_it_once(
        self, paf: Framework, maker: User
    ) -> None:
        evidence = make_evidence(contents=b"%PDF-1.7 one")
        make_link(evidence, characteristic(paf, 1), strength="demonstrates")
        make_link(evidence, characteristic(paf, 2))
        action = make_action("ST-0045")
        ActionEvidence.objects.create(action=action, evidence=evidence)
        both = (question_key(paf, 1), question_key(paf, 2))
        archive = opened(ask(maker, paf, questions=both, actions=("st-0045",)))
        (row,) = rows_of(archive)
        assert row["Stands for"] == ("demonstrates 1.1.1; supports 2.1.1; attached to ST-0045")
        assert len(archive.namelist()) == 4

    def test_a_link_that_is_to_be_confirmed_says_so(self, paf: Framework, maker: User) -> None:
        make_link(make_evidence(contents=b"%PDF-1.7 one"), characteristic(paf), confirmed=False)
        archive = opened(ask(maker, paf))
        (row,) = rows_of(archive)
        assert row["Stands for"] == "supports 1.1.1 (to be confirmed)"
        assert "(to be confirmed)" in paper_of(archive).replace("\xa0", " ")

    def test_a_long_index_on_paper_is_in_parts(
        self, paf: Framework, maker: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(packs_index, "_PART", 2)
        for number in range(3):
            make_link(make_evidence(f"Audit {number}", contents=b"%PDF-1.7"), characteristic(paf))
        paper = paper_of(opened(ask(maker, paf)))
        assert "Index: 1 to 2" in paper
        assert "Index: 3 to 3" in paper
        assert "Audit 2" in paper

    def test_the_newest_version_is_in_it(self, paf: Framework, maker: User) -> None:
        evidence = make_evidence(contents=b"%PDF-1.7 old")
        make_evidence_file(evidence, b"%PDF-1.7 new")
        make_link(evidence, characteristic(paf))
        pack = ask(maker, paf)
        assert opened(pack).read(opened(pack).namelist()[0]) == b"%PDF-1.7 new"
        assert pack.contents == [{"id": evidence.pk, "version": 2}]

    def test_numbers_have_as_many_digits_as_are_needed(self, paf: Framework, maker: User) -> None:
        for number in range(100):
            make_link(make_evidence(f"Audit {number}", contents=b"%PDF-1.7"), characteristic(paf))
        names = opened(ask(maker, paf)).namelist()
        assert (names[0], names[99]) == ("001-audit-0.pdf", "100-audit-99.pdf")

    def test_only_what_demonstrates_and_nothing_stale(self, paf: Framework, maker: User) -> None:
        place = characteristic(paf)
        make_link(make_evidence("Supports"), place)
        shown = make_evidence("Demonstrates", review_by=day("2024-11-25"))
        old = make_evidence("Stale", review_by=day("2024-11-24"))
        for each in (shown, old):
            make_link(each, place, strength="demonstrates")

        def titles(**choices: Any) -> list[str]:
            wanted = Wanted(questions=(question_key(paf),), **choices)
            return [piece.evidence.title for piece in pieces_of(wanted, maker)]

        assert titles() == ["Supports", "Demonstrates", "Stale"]
        assert titles(only_demonstrating=True) == ["Demonstrates", "Stale"]
        assert titles(without_stale=True) == ["Supports", "Demonstrates"]
        assert titles(only_demonstrating=True, without_stale=True) == ["Demonstrates"]

    def test_nothing_withdrawn_taken_off_or_of_another_area(
        self, paf: Framework, maker: User
    ) -> None:
        gone = make_evidence(withdrawn_at=timezone.now(), withdrawn_reason="Entered twice.")
        make_link(gone, characteristic(paf))
        make_link(make_evidence(), characteristic(paf), removed_at=timezone.now())
        make_link(make_evidence(), characteristic(paf, 2))
        action = make_action("ST-0045")
        ActionEvidence.objects.create(
            action=action, evidence=make_evidence(), removed_at=timezone.now()
        )
        wanted = Wanted(questions=(question_key(paf),), actions=("ST-0045",))
        assert pieces_of(wanted, maker) == []

    def test_a_title_that_a_spreadsheet_would_run_stays_text(
        self, paf: Framework, maker: User
    ) -> None:
        make_link(make_evidence("=1+1"), characteristic(paf))
        sheet = openpyxl.load_workbook(
            io.BytesIO(opened(ask(maker, paf)).read("index.xlsx"))
        ).worksheets[0]
        assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1", "s")


class TestSensitive:
    def test_it_is_in_the_pack_of_who_may_read_it_and_noted(
        self,
        paf: Framework,
        cast: SimpleNamespace,
        caplog: pytest.LogCaptureFixture,
        printed: None,
    ) -> None:
        secret = make_evidence("Secret audit", marking=Marking.SENSITIVE, contents=b"%PDF-1.7 s")
        make_link(secret, characteristic(paf))
        make_link(make_evidence("Open audit", contents=b"%PDF-1.7 o"), characteristic(paf))
        with caplog.at_level(logging.INFO, "portal.evidence"):
            mine = ask(cast.governance, paf)
        assert mine.marking == Marking.SENSITIVE
        assert mine.original_name.endswith("-OFFICIAL-SENSITIVE.zip")
        archive = opened(mine)
        assert [row["Marking"] for row in rows_of(archive)] == ["OFFICIAL-SENSITIVE", "OFFICIAL"]
        assert paper_of(archive).count("OFFICIAL-SENSITIVE") >= 3
        noted = f"governance took into a pack version 1 of sensitive evidence {secret.pk}"
        assert noted in caplog.messages
        assert EvidenceReading.objects.get().reader == cast.governance

    def test_who_may_not_read_it_is_told_nothing_of_it(
        self, paf: Framework, cast: SimpleNamespace
    ) -> None:
        secret = make_evidence("Secret audit", marking=Marking.SENSITIVE, contents=b"%PDF-1.7 s")
        make_link(secret, characteristic(paf))
        make_link(make_evidence("Open audit", contents=b"%PDF-1.7 o"), characteristic(paf))
        pack = ask(cast.staff, paf)
        assert pack.marking == Marking.OFFICIAL
        archive = opened(pack)
        assert archive.namelist()[0] == "01-open-audit.pdf"
        assert [row["Title"] for row in rows_of(archive)] == ["Open audit"]
        assert "SENSITIVE" not in paper_of(archive)
        assert b"Secret" not in b"".join(archive.read(name) for name in archive.namelist())

    def test_what_was_read_when_it_was_asked_for_is_checked_when_it_is_built(
        self, paf: Framework, maker: User
    ) -> None:
        evidence = make_evidence("Audit", contents=b"%PDF-1.7 s")
        make_link(evidence, characteristic(paf))
        pack = asked_only(maker, paf)
        Evidence.objects.filter(pk=evidence.pk).update(marking=Marking.SENSITIVE)
        build_in_background.func(pack.pk)
        pack.refresh_from_db()
        assert (pack.state, str(pack.file)) == (PackState.FAILED, "")
        assert pack.failure.startswith("There is no evidence that you may read in it any more.")

    def test_it_is_given_to_its_maker_only(self, paf: Framework, cast: SimpleNamespace) -> None:
        make_link(make_evidence(), characteristic(paf))
        pack = ask(cast.staff, paf)
        assert why_not_given(pack, cast.staff) == ""
        assert why_not_given(pack, cast.governance) != ""

    @pytest.mark.parametrize(
        "change",
        [
            {"marking": Marking.SENSITIVE},
            {"withdrawn_at": dt.datetime(2024, 11, 1, tzinfo=dt.UTC), "withdrawn_reason": "No."},
        ],
        ids=["marked", "withdrawn"],
    )
    @pytest.mark.parametrize("role", ["staff", "governance"])
    def test_it_is_not_given_once_something_in_it_has_changed(
        self, paf: Framework, cast: SimpleNamespace, change: dict[str, Any], role: str
    ) -> None:
        evidence, actor = make_evidence(), getattr(cast, role)
        make_link(evidence, characteristic(paf))
        pack = ask(actor, paf)
        Evidence.objects.filter(pk=evidence.pk).update(**change)
        assert "withdrawn or marked otherwise" in why_not_given(pack, actor)


def asked_only(maker: User, framework: Framework) -> PackRequest:
    """A pack that waits to be built."""
    return PackRequest.objects.create(
        made_by=maker, chosen={"questions": [question_key(framework)], "actions": []}
    )


class TestFaults:
    def test_a_missing_file_is_said_in_the_index(
        self, paf: Framework, maker: User, caplog: pytest.LogCaptureFixture
    ) -> None:
        lost, kept = make_evidence("Lost", contents=b"%PDF-1.7 l"), make_evidence(contents=b"%PDF")
        for each in (lost, kept):
            make_link(each, characteristic(paf))
        default_storage.delete(str(lost.files.get().file.name))
        pack = ask(maker, paf)
        assert (pack.state, pack.faults) == (PackState.READY, 1)
        archive = opened(pack)
        assert not [name for name in archive.namelist() if name.startswith("01-")]
        first, second = rows_of(archive)
        assert (first["Note"], first["File in this pack"]) == (building.MISSING, None)
        assert second["Note"] is None
        paper = paper_of(archive)
        assert "1 file of this index could not be put in as it was stored" in paper
        assert building.MISSING in paper
        assert any("is missing" in message for message in caplog.messages)

    def test_a_file_that_is_not_what_was_stored_is_said(self, paf: Framework, maker: User) -> None:
        evidence = make_evidence(contents=b"%PDF-1.7 as stored")
        make_link(evidence, characteristic(paf))
        Path(evidence.files.get().file.path).write_bytes(b"%PDF-1.7 as found")
        pack = ask(maker, paf)
        (row,) = rows_of(opened(pack))
        assert (pack.faults, row["Note"]) == (1, building.CHANGED)
        assert row["Fingerprint (SHA-256)"] == hashlib.sha256(b"%PDF-1.7 as found").hexdigest()

    def test_a_full_disk_leaves_nothing_behind(
        self, paf: Framework, maker: User, media: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_link(make_evidence(contents=b"%PDF-1.7"), characteristic(paf))
        before = files_in(media)

        def full(*args: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(building, "write_index_workbook", full)
        pack = ask(maker, paf)
        assert (pack.state, pack.failure, str(pack.file)) == (PackState.FAILED, tasks.NO_ROOM, "")
        assert files_in(media) == before
        monkeypatch.undo()
        again = ask_again(pack, actor=maker)
        assert (again.state, again.failure) == (PackState.READY, "")

    def test_what_a_killed_process_left_goes_with_the_next_attempt(
        self, paf: Framework, maker: User, media: Path
    ) -> None:
        make_link(make_evidence(contents=b"%PDF-1.7"), characteristic(paf))
        pack = asked_only(maker, paf)
        pack.file.save("pack.zip", ContentFile(b"PK half of it"))
        half = Path(pack.file.path)
        assert half.exists()
        PackRequest.objects.filter(pk=pack.pk).update(
            asked_at=timezone.now() - dt.timedelta(minutes=5)
        )
        built = ask_again(PackRequest.objects.get(pk=pack.pk), actor=maker)
        assert built.state == PackState.READY
        assert not half.exists()
        assert len([path for path in files_in(media) if path.suffix == ".zip"]) == 1

    def test_an_attempt_that_was_overtaken_keeps_nothing(
        self, paf: Framework, maker: User, media: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_link(make_evidence(contents=b"%PDF-1.7"), characteristic(paf))
        pack = asked_only(maker, paf)
        write = building.write_index_workbook

        def overtaken(*args: Any) -> None:
            write(*args)
            monkeypatch.setattr(building, "write_index_workbook", write)
            building.build(PackRequest.objects.get(pk=pack.pk), tell=lambda done, total: None)

        monkeypatch.setattr(building, "write_index_workbook", overtaken)
        building.build(pack, tell=lambda done, total: None)
        kept = PackRequest.objects.get(pk=pack.pk)
        assert kept.state == PackState.READY
        assert [p for p in files_in(media) if p.suffix == ".zip"] == [Path(kept.file.path)]

    def test_any_other_fault_is_kept_for_who_asked(
        self, paf: Framework, maker: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_link(make_evidence(), characteristic(paf))
        monkeypatch.setattr(building, "index_pdf", lambda *args: 1 / 0)
        pack = ask(maker, paf)
        assert (pack.state, pack.failure) == (PackState.FAILED, tasks.WRONG)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


class TestAsking:
    def test_nothing_to_put_in_is_said(self, paf: Framework, maker: User) -> None:
        with pytest.raises(ValidationError, match="no evidence that you may read"):
            ask(maker, paf)
        assert not PackRequest.objects.exists()

    def test_asked_twice_it_is_built_once(self, paf: Framework, maker: User, settings: Any) -> None:
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
        make_link(make_evidence(), characteristic(paf))
        first = ask(maker, paf)
        assert ask(maker, paf) == first
        assert ask(maker, paf, without_stale=True) != first
        assert ask_again(first, actor=maker).asked_at == first.asked_at

    def test_one_that_stalled_is_built_again(
        self, paf: Framework, maker: User, settings: Any
    ) -> None:
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
        make_link(make_evidence(), characteristic(paf))
        first = ask(maker, paf)
        PackRequest.objects.update(asked_at=timezone.now() - dt.timedelta(minutes=5))
        first.refresh_from_db()
        begun = progress.under_way(first)
        assert begun is not None
        assert begun.stalled
        assert ask_again(first, actor=maker).asked_at > first.asked_at

    def test_built_twice_it_is_built_once(self, paf: Framework, maker: User) -> None:
        make_link(make_evidence(), characteristic(paf))
        pack = ask(maker, paf)
        build_in_background.func(pack.pk)
        assert PackRequest.objects.get(pk=pack.pk).file == pack.file

    def test_how_far_it_has_come_is_told(self, paf: Framework, maker: User) -> None:
        make_link(make_evidence(contents=b"%PDF-1.7 123"), characteristic(paf))
        told: list[tuple[int, int]] = []
        building.build(asked_only(maker, paf), tell=lambda *numbers: told.append(numbers))
        assert told == [(0, 12), (12, 12)]

    def test_every_step_is_on_record(self, paf: Framework, maker: User) -> None:
        make_link(make_evidence(), characteristic(paf))
        kept = ask(maker, paf).history.order_by("history_id")
        assert [(row.history_change_reason, row.history_user) for row in kept] == [
            ("Asked for", maker),
            ("Being built", maker),
            ("Built", maker),
        ]


class TestTheEnd:
    def test_a_dry_run_names_what_is_over_and_removes_nothing(
        self, paf: Framework, maker: User, media: Path, settings: Any, capsys: Any
    ) -> None:
        make_link(make_evidence(), characteristic(paf))
        pack = ask(maker, paf)
        settings.TODAY = day("2025-12-10")
        call_command("remove_expired_packs", dry_run=True)
        assert capsys.readouterr().out == f"Would remove: {pack.file.name}\n"
        assert Path(pack.file.path).exists()

    def test_an_archive_that_cannot_be_removed_keeps_none_of_the_others(
        self,
        paf: Framework,
        maker: User,
        media: Path,
        settings: Any,
        capsys: Any,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        make_link(make_evidence(), characteristic(paf))
        good, stuck, other = (ask(maker, paf) for _ in range(3))
        settings.TODAY = day("2025-12-10")
        whole = FileSystemStorage.delete

        def refuse(self: FileSystemStorage, name: str) -> None:
            if name == str(stuck.file.name):
                raise OSError("The disk is away")
            whole(self, name)

        monkeypatch.setattr(FileSystemStorage, "delete", refuse)
        with pytest.raises(CommandError, match="One archive could not be removed") as failed:
            call_command("remove_expired_packs")
        assert str(stuck.file.name) in str(failed.value)
        assert failed.value.returncode == 1
        assert capsys.readouterr().out == "2 inspection packs removed.\n"
        kept = PackRequest.objects.exclude(file="")
        assert [each.pk for each in kept] == [stuck.pk]
        assert {good.pk, other.pk} == set(
            PackRequest.objects.filter(state=PackState.REMOVED).values_list("pk", flat=True)
        )

    def test_after_its_days_it_is_not_given_and_removed(
        self, paf: Framework, maker: User, media: Path, settings: Any, capsys: Any
    ) -> None:
        settings.EVIDENCE_PACK_DAYS = 14
        make_link(make_evidence(), characteristic(paf))
        pack = ask(maker, paf)
        archive = Path(pack.file.path)
        settings.TODAY = day("2024-12-08")
        call_command("remove_expired_packs")
        assert (why_not_given(pack, maker), archive.exists()) == ("", True)
        settings.TODAY = day("2024-12-10")
        assert why_not_given(pack, maker) == "The days of this pack are over. Build it again."
        call_command("remove_expired_packs")
        call_command("remove_expired_packs")
        assert capsys.readouterr().out.splitlines() == [
            "0 inspection packs removed.",
            "1 inspection pack removed.",
            "0 inspection packs removed.",
        ]
        pack.refresh_from_db()
        assert (pack.state, str(pack.file), archive.exists()) == (PackState.REMOVED, "", False)
        assert len(pack.contents) == 1

    def test_removed_twice_it_is_removed_once(self, paf: Framework, maker: User) -> None:
        make_link(make_evidence(), characteristic(paf))
        pack = ask(maker, paf)
        for _ in range(2):
            remove_pack(pack, actor=maker, reason="Not needed")
        pack.refresh_from_db()
        assert pack.state == PackState.REMOVED
        assert pack.history.filter(history_change_reason="Not needed").count() == 1

    def test_one_that_was_removed_is_built_again(self, paf: Framework, maker: User) -> None:
        make_link(make_evidence(), characteristic(paf))
        pack = ask(maker, paf)
        remove_pack(pack, actor=maker, reason="Not needed")
        assert ask_again(pack, actor=maker).state == PackState.READY
