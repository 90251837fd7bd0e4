"""A store of evidence that is taken in: each row ends applied, or with what to do."""

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.markings import Marking
from core.stored import fingerprint
from core.turns import Turn
from evidence.choices import Source
from evidence.models import CharacteristicEvidence, Evidence, EvidenceFile
from evidence.recording import add_version
from portal.imports import undoing
from portal.imports.applying import apply_import
from portal.imports.choosing import choose_rows
from portal.imports.receiving import receive
from portal.imports.refused import ChangedSincePreview
from portal.imports.setting_up import choose_columns, choose_words
from portal.imports.undoing import CannotBeUndone, take_in_again, undo_import, words_for
from portal.models import Outcome, Purpose, SpreadsheetImport, State
from portal.store_in import writing
from tests.factories import make_action, make_evidence, make_framework, make_user
from tests.portal.stores import index, packed, pdf, row, store
from tracker.models import ActionEvidence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def admin(cast: Any) -> Any:
    make_framework(questions=3)
    return cast.admin


def take_in(file: io.BytesIO, actor: Any) -> SpreadsheetImport:
    return receive(file, "store.zip", actor=actor, purpose=Purpose.EVIDENCE)


def applied(file: io.BytesIO, actor: Any) -> SpreadsheetImport:
    received = take_in(file, actor)
    assert received.state == State.PREVIEWED, received.refusal
    return apply_import(received, actor=actor)


def told(received: SpreadsheetImport) -> list[tuple[int, str, list[str]]]:
    """Row, outcome, and what is said of it."""
    return [
        (each.sheet_row, each.outcome, [said["message"] for said in [*each.problems, *each.notes]])
        for each in received.rows.order_by("sheet_row")
    ]


def test_files_become_evidence_as_the_index_says(admin: Any, cast: Any) -> None:
    action = make_action("ST-0001")
    good = row(
        PAF_question=2,
        Characteristic="1.1; 2.1.1",
        Action="st-0001",
        Owner="STAFF",
        Marking="Official Sensitive",
        Review_by="1 March 2025",
    )

    done = applied(store(good), admin)

    evidence = Evidence.objects.get()
    assert evidence.title == "Dip sample of 40 crime records"
    assert evidence.shows == "38 of 40 were recorded within a day."
    assert evidence.dated_on == dt.date(2024, 10, 1)
    assert evidence.owner == cast.staff
    assert (evidence.marking, evidence.source) == (Marking.SENSITIVE, Source.DIP_SAMPLE)
    assert evidence.review_by == dt.date(2025, 3, 1)
    file = evidence.files.get()
    assert file.original_name == "audit.pdf"
    assert file.sha256 == fingerprint(io.BytesIO(pdf()))
    with file.file.open("rb") as kept:
        assert kept.read() == pdf()
    links = CharacteristicEvidence.objects.filter(evidence=evidence, confirmed=True)
    assert [each.characteristic.topic.question.number for each in links] == [2]
    assert ActionEvidence.objects.get(evidence=evidence).action == action
    history: Any = links[0].history
    assert history.get().history_change_reason == "Taken in with “store.zip”"
    assert done.good_rows == 1


def test_an_owner_a_marking_and_links_may_be_missing(admin: Any) -> None:
    applied(store(row(Characteristic=None, Marking=None, Source=None)), admin)
    evidence = Evidence.objects.get()
    assert (evidence.owner, evidence.marking) == (admin, Marking.OFFICIAL)
    assert not CharacteristicEvidence.objects.exists()


@pytest.mark.parametrize(
    ("different", "column", "sentence"),
    [
        ({"File": None}, "A", "is empty. Enter the name of the file in the ZIP file."),
        ({"File": "other.pdf"}, "A", "is not in the ZIP file. Correct the name, or add the file."),
        ({"File": "../audit.pdf"}, "A", "is not in the ZIP file."),
        ({"File": "index.xlsx"}, "A", "is the index itself."),
        ({"Title": None}, "B", "is empty. Enter a title."),
        ({"Title": "x" * 201}, "B", "has 201 characters; at most 200 can be kept."),
        ({"PAF_question": 9}, "D", "There is no question 9 in the framework in force."),
        ({"PAF_question": "six"}, "D", "Enter the number of one PAF question, such as 6."),
        ({"PAF_question": 2}, "E", "1.1.1 is not of question 2. Correct one."),
        ({"Characteristic": "1.9.9"}, "E", "There is no characteristic 1.9.9 in the framework"),
        ({"Characteristic": "1.1"}, "E", "“1.1” is within a question: write the question’s"),
        ({"Characteristic": "all"}, "E", "is “all”. Write characteristics like 1.2.3"),
        ({"Action": "ST-0404"}, "F", "There is no action “ST-0404”. Correct the reference."),
        ({"Date": None}, "G", "is empty. Enter the day it is of."),
        ({"Date": "31/02/2024"}, "G", "is “31/02/2024”, which is not a real date."),
        ({"Date": "1 January 2090"}, "G", "is 1 January 2090, which is still to come."),
        ({"Owner": "Nobody"}, "H", "is “Nobody”, who is nobody here."),
        ({"Owner": "Head of Crime"}, "H", "Use the full name or the user name of somebody"),
        ({"Owner": "Pat"}, "H", "is “Pat”, as several people are called. Use a user name."),
        ({"Marking": "SECRET"}, "I", "Use OFFICIAL or OFFICIAL-SENSITIVE."),
        ({"Source": "Hearsay"}, "J", "is “Hearsay”, which is not known."),
        ({"Review_by": "1 May 2020"}, "K", "is before the date of the evidence."),
    ],
)
def test_a_bad_cell_is_told_with_its_column_and_the_others_are_taken(
    different: dict[str, Any], column: str, sentence: str, admin: Any
) -> None:
    make_user("pat-1", name="Pat")
    make_user("pat-2", name="Pat")
    files = {"audit.pdf": pdf(1), "good.pdf": pdf(2)}
    received = take_in(store(row(**different), row(File="good.pdf"), files=files), admin)

    bad = received.rows.get(sheet_row=2)
    assert bad.outcome == Outcome.UNREADABLE
    assert [(each["column"], sentence in each["message"]) for each in bad.problems] == [
        (column, True)
    ]
    apply_import(received, actor=admin)
    assert [each.original_name for each in EvidenceFile.objects.all()] == ["good.pdf"]


@pytest.mark.parametrize(
    ("name", "contents", "sentence"),
    [
        ("macro.docm", b"PK", "Files of this kind are not kept here."),
        ("run.exe", b"MZ", "Files of this kind are not kept here."),
        ("nested.zip", packed({"a.txt": b"a"}).getvalue(), "Files of this kind are not kept here."),
        ("fake.pdf", b"not a pdf", "its contents are of another kind."),
        ("empty.pdf", b"", "This file is empty."),
        ("large.txt", b"x" * 2_000, "This file is larger than"),
        ("bad.docx", b"PK\x03\x04" + b"x" * 99, "This file is damaged"),
    ],
)
def test_each_file_is_vetted_as_any_upload_is(
    name: str, contents: bytes, sentence: str, admin: Any, settings: Any
) -> None:
    settings.UPLOAD_MAX_BYTES = 1_500
    received = take_in(store(row(File=name), files={name: contents}), admin)
    kept = received.rows.get()
    assert kept.outcome == Outcome.UNREADABLE
    assert "cannot be kept." in kept.problems[0]["message"]
    assert sentence in kept.problems[0]["message"]
    assert received.good_rows == 0


def test_the_same_store_again_changes_nothing(admin: Any) -> None:
    applied(store(row()), admin)
    again = take_in(store(row()), admin)
    assert again.good_rows == 0
    assert told(again) == [
        (
            2,
            Outcome.UNCHANGED,
            ["is kept here already: it is linked, not stored twice."],
        )
    ]
    assert EvidenceFile.objects.count() == 1


def test_a_file_that_is_here_is_linked_and_not_stored_twice(admin: Any) -> None:
    make_action("ST-0001")
    here = make_evidence("Kept before", contents=pdf())
    received = take_in(store(row(Action="ST-0001")), admin)
    changes = received.rows.get().changes
    assert [(each["header"], each["theirs"]) for each in changes] == [
        ("Characteristic", "1.1.1"),
        ("Action", "ST-0001"),
    ]

    apply_import(received, actor=admin)

    assert Evidence.objects.get() == here
    assert here.characteristic_links.count() == here.action_links.count() == 1
    assert take_in(store(row(Action="ST-0001")), admin).good_rows == 0


def test_evidence_that_somebody_may_not_read_is_not_told_of(admin: Any) -> None:
    make_evidence("Of an informant", contents=pdf(), marking=Marking.SENSITIVE)
    received = take_in(store(row()), admin)
    assert told(received) == [(2, Outcome.NEW, [])]
    apply_import(received, actor=admin)
    assert Evidence.objects.count() == 2
    names = EvidenceFile.objects.values_list("file", flat=True)
    assert len(set(names)) == 1


def test_one_file_in_two_rows_is_stored_once(admin: Any) -> None:
    files = {"a.pdf": pdf(1), "copy/a.pdf": pdf(1)}
    rows = (row(File="a.pdf"), row(File="copy\\a.pdf", Characteristic="2.1.1"))
    received = take_in(store(*rows, files=files), admin)
    assert told(received)[1][2] == [
        "is the very file of row 2: it is stored once, and linked to what this row says too."
    ]
    apply_import(received, actor=admin)
    links = Evidence.objects.get().characteristic_links.all()
    assert {each.characteristic.topic.question.number for each in links} == {1, 2}
    assert EvidenceFile.objects.count() == 1


def test_a_name_that_is_there_twice_needs_its_folder(admin: Any) -> None:
    files = {"x/a.pdf": pdf(1), "y/a.pdf": pdf(2)}
    received = take_in(store(row(File="a.pdf"), row(File="y/A.PDF"), files=files), admin)
    assert told(received) == [
        (2, Outcome.UNREADABLE, ["is in the ZIP file more than once. Write its folder too."]),
        (3, Outcome.NEW, []),
    ]


def test_files_without_a_row_are_told_and_not_taken(
    admin: Any, sign_in: Callable[..., Client]
) -> None:
    files = {
        "store/index.xlsx": index(row(File="sub/b.pdf")),
        "store/sub/b.pdf": pdf(2),
        "store/audit.pdf": pdf(1),
        "__MACOSX/store/._audit.pdf": b"x",
        "store/.DS_Store": b"x",
    }
    received = take_in(packed(files), admin)
    assert received.gone == ["audit.pdf"]
    page = sign_in(admin).get(received.get_absolute_url()).content.decode()
    assert "Files without a row" in page
    apply_import(received, actor=admin)
    assert EvidenceFile.objects.get().original_name == "b.pdf"


def test_a_file_outside_the_folder_of_the_index_is_told_and_takes_no_place(admin: Any) -> None:
    rows = (row(), row(File="other.pdf"), row(File="sub/x.pdf"))
    files = {
        "store/index.xlsx": index(*rows),
        "store/audit.pdf": pdf(1),
        "store/sub/x.pdf": pdf(2),
        "audit.pdf": pdf(3),
        "elsewhere/other.pdf": pdf(4),
        "x.pdf": pdf(5),
    }
    received = take_in(packed(files), admin)
    assert received.gone == [
        "audit.pdf (outside the folder of the index)",
        "elsewhere/other.pdf (outside the folder of the index)",
        "x.pdf (outside the folder of the index)",
    ]
    assert [(number, outcome) for number, outcome, _ in told(received)] == [
        (2, Outcome.NEW),
        (3, Outcome.UNREADABLE),
        (4, Outcome.NEW),
    ]
    assert "It lies outside the folder of the index." in told(received)[1][2][0]
    apply_import(received, actor=admin)
    assert {each.sha256 for each in EvidenceFile.objects.all()} == {
        fingerprint(io.BytesIO(pdf(number))) for number in (1, 2)
    }


def test_an_index_may_be_a_text_file(admin: Any) -> None:
    text = b"File;Title;Date\naudit.pdf;Audit;1.10.2024\n"
    applied(packed({"index.csv": text, "audit.pdf": pdf()}), admin)
    assert Evidence.objects.get().title == "Audit"


def test_a_row_that_is_left_out_keeps_no_file(admin: Any) -> None:
    files = {"a.pdf": pdf(1), "b.pdf": pdf(2)}
    received = take_in(store(row(File="a.pdf"), row(File="b.pdf"), files=files), admin)
    choose_rows(
        received, seen=received.previews, shown=[2, 3], taken=[3], conflicts={}, actor=admin
    )
    received.refresh_from_db()
    apply_import(received, actor=admin)
    assert EvidenceFile.objects.get().original_name == "b.pdf"


def test_what_changed_since_the_preview_is_previewed_again(admin: Any) -> None:
    received = take_in(store(row()), admin)
    make_evidence("Added meanwhile", contents=pdf())
    with pytest.raises(ChangedSincePreview):
        apply_import(received, actor=admin)
    assert Evidence.objects.count() == 1
    received.refresh_from_db()
    assert received.rows.get().outcome == Outcome.CHANGED


def test_undone_nothing_is_left_and_the_store_can_be_taken_in_again(
    admin: Any, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    action = make_action("ST-0001")
    done = applied(store(row(Action="ST-0001")), admin)
    name = str(EvidenceFile.objects.get().file.name)
    assert (media / name).exists()

    with django_capture_on_commit_callbacks(execute=True):
        undone = undo_import(done, actor=admin)

    assert words_for(undone) == "The import was undone: 1 piece of evidence removed."
    assert not Evidence.objects.exists()
    assert not ActionEvidence.objects.filter(action=action).exists()
    assert not (media / name).exists()
    again = take_in_again(SpreadsheetImport.objects.get(pk=done.pk), actor=admin)
    apply_import(again, actor=admin)
    assert Evidence.objects.count() == 1


def test_undoing_waits_for_those_who_keep_the_same_files(
    admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"a.pdf": pdf(1), "b.pdf": pdf(2)}
    done = applied(store(row(File="a.pdf"), row(File="b.pdf"), files=files), admin)
    waited: list[str] = []

    def wait(turn: Turn, about: str = "") -> None:
        if turn == Turn.KEEPING_A_FILE:
            assert Evidence.objects.count() == 2
            waited.append(about)

    monkeypatch.setattr(undoing, "wait_for_turn", wait)
    undo_import(done, actor=admin)
    assert waited == sorted(fingerprint(io.BytesIO(pdf(number))) for number in (1, 2))


def test_undoing_links_leaves_the_evidence_that_was_here(
    admin: Any, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    here = make_evidence("Kept before", contents=pdf())
    done = applied(store(row()), admin)
    with django_capture_on_commit_callbacks(execute=True):
        undone = undo_import(done, actor=admin)
    assert words_for(undone) == "The import was undone: 1 link of evidence taken off."
    assert not here.characteristic_links.exists()
    assert (media / str(here.files.get().file.name)).exists()


def test_evidence_that_somebody_has_worked_on_stands_against_undoing(admin: Any, cast: Any) -> None:
    done = applied(store(row()), admin)
    evidence = Evidence.objects.get()
    newer = SimpleUploadedFile("audit.pdf", pdf(7))
    add_version(evidence, actor=cast.governance, upload=newer)
    with pytest.raises(CannotBeUndone, match="others have worked on what this import wrote"):
        undo_import(done, actor=admin)
    assert Evidence.objects.get() == evidence


def test_evidence_that_somebody_has_read_is_to_be_withdrawn_instead(
    admin: Any, cast: Any, sign_in: Callable[..., Client]
) -> None:
    done = applied(store(row(Marking="OFFICIAL-SENSITIVE")), admin)
    evidence = Evidence.objects.get()
    sign_in(cast.governance).get(evidence.get_absolute_url())
    with pytest.raises(CannotBeUndone, match=r"was read by Governance.* withdraw that evidence"):
        undo_import(done, actor=admin)
    assert Evidence.objects.get() == evidence


def test_a_failure_in_the_middle_leaves_no_row_and_no_file(
    admin: Any, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"a.pdf": pdf(1), "b.pdf": pdf(2)}
    received = take_in(store(row(File="a.pdf"), row(File="b.pdf"), files=files), admin)
    before = {path for path in media.rglob("*") if path.is_file()}
    calls: list[int] = []

    def failing(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise OSError
        return add(*args, **kwargs)

    add = writing.add_evidence
    monkeypatch.setattr(writing, "add_evidence", failing)
    with pytest.raises(OSError):
        apply_import(received, actor=admin)
    assert not Evidence.objects.exists()
    assert {path for path in media.rglob("*") if path.is_file()} == before


def test_through_its_pages(
    admin: Any, cast: Any, sign_in: Callable[..., Client], media: Path
) -> None:
    client = sign_in(admin)
    headers = ["File", "Called", "Date", "Marking"]
    rows = [{"File": "audit.pdf", "Called": "Audit", "Date": "1.10.24", "Marking": "Restricted"}]
    file = SimpleUploadedFile("fives.zip", store(*rows, headers=headers).getvalue())
    page = client.post(
        "/portal/imports/", {"purpose": Purpose.EVIDENCE, "workbook": file}, follow=True
    )
    assert "Called" in page.content.decode()
    received = SpreadsheetImport.objects.get()
    assert received.state == State.SETTING_UP
    received = choose_columns(
        received,
        fields=dict(enumerate(["file", "title", "dated_on", "marking"])),
        keep_as="",
        actor=admin,
    )
    assert received.unknown_words == {"marking": [["Restricted", 1, 2]]}
    received = choose_words(
        received, meant={("marking", "Restricted"): "official-sensitive"}, actor=admin
    )
    shown = client.get(f"/portal/imports/{received.pk}/").content.decode()
    assert "Audit" in shown and "1 October 2024" in shown
    # Columns that an index may lack are no warning.
    assert "Columns that this list does not have" not in shown
    asked = client.get(f"/portal/imports/{received.pk}/apply/").content.decode()
    assert "The files of 1 row will be kept as evidence" in asked
    assert "Each change stays in the history of the evidence." in asked
    client.post(f"/portal/imports/{received.pk}/apply/", {"preview": received.previews})
    evidence = Evidence.objects.get()
    assert (evidence.title, evidence.marking) == ("Audit", Marking.SENSITIVE)
    sent: Any = client.get(f"/portal/imports/{received.pk}/file/")
    assert sent["Content-Type"] == "application/zip"
    assert b"".join(sent.streaming_content).startswith(b"PK")
    undo = client.get(f"/portal/imports/{received.pk}/undo/").content.decode()
    assert "1 piece of evidence that it brought is removed" in undo
    assert sign_in(cast.governance).get(f"/portal/imports/{received.pk}/").status_code == 404


def test_a_longer_index_asks_the_database_no_more_often_a_batch(admin: Any) -> None:
    def asked(number: int) -> int:
        names = [f"{number}-{n}.pdf" for n in range(number)]
        files = {name: pdf(1_000 * number + n) for n, name in enumerate(names)}
        with CaptureQueriesContext(connection) as queries:
            take_in(store(*[row(File=name) for name in names], files=files), admin)
        return len(queries)

    asked(1)
    assert asked(2) == asked(40)
