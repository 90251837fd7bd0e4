"""Applying an import: all of the good rows or none, once, and only what the preview showed."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from core.markings import Marking
from inspections.choices import PublicationType, ResponseRule
from inspections.models import Publication
from people.models import Lead
from portal.imports.applying import apply_import
from portal.imports.previewing import preview_again
from portal.imports.receiving import receive
from portal.imports.refused import AlreadyApplied, ChangedSincePreview, ImportNotPossible
from portal.lists import writing
from portal.models import ImportRow, Outcome, SpreadsheetImport, State
from tests.factories import day, make_action, make_lead, make_publication
from tests.portal.conftest import TakeIn
from tests.workbooks import CLOSED, REPORT, SUPER_COMPLAINT, row, start_list
from tracker.choices import Kind, Register, Status
from tracker.models import Action, Closure, DueDate, ProgressUpdate, StatusPeriod

pytestmark = pytest.mark.django_db


def everything() -> list[int]:
    """How much there is of whatever an import may write."""
    models = (Action, StatusPeriod, DueDate, ProgressUpdate, Closure, Lead, Publication)
    return [model.objects.count() for model in models]


def test_new_rows_become_actions_with_everything_they_tell(
    take_in: TakeIn, cast: SimpleNamespace
) -> None:
    applied = apply_import(take_in([row(PAF_question=6)]), actor=cast.admin)
    action = Action.objects.with_position(day("2024-11-20")).get()
    assert applied.state == State.APPLIED
    assert applied.applied_by == cast.admin
    assert (action.reference, action.portal_reference, action.kind) == (
        "ST-0001",
        "REC-1",
        Kind.RECOMMENDATION,
    )
    assert action.question is not None
    assert action.question.number == 6
    assert (action.status_at, action.level_at) == (Status.IN_PROGRESS, 2)  # type: ignore[attr-defined]
    assert action.received_on == day("2023-01-11")  # type: ignore[attr-defined]
    assert action.due_on == day("2024-12-31")  # type: ignore[attr-defined]
    assert action.executive_lead_at == "ACC Baker"  # type: ignore[attr-defined]
    assert action.delivery_lead_at == "Head of Crime"  # type: ignore[attr-defined]
    assert action.updates.get().confidence_reason == "Half of the beds are there."


def test_what_is_written_names_who_did_it_and_the_file(
    take_in: TakeIn, cast: SimpleNamespace
) -> None:
    apply_import(take_in([row()], name="November.xlsx"), actor=cast.admin)
    trail = Action.history.get()  # type: ignore[attr-defined]
    assert trail.history_user == cast.admin
    assert trail.user_name == "Admin"
    assert trail.history_change_reason == "Recorded from the list “November.xlsx”"
    assert StatusPeriod.objects.latest("sequence").recorded_by == cast.admin


def test_only_the_good_rows_are_written(take_in: TakeIn) -> None:
    apply_import(take_in([row(1), row(2, Level=9), row(3)]), actor=None)
    assert list(Action.objects.values_list("reference", flat=True)) == ["ST-0001", "ST-0003"]


def test_the_same_list_again_changes_nothing(take_in: TakeIn) -> None:
    rows = [
        row(1, Parent_ref="ST-0002"),
        row(2, Kind="Cause of concern", Level=None),
        {**row(3), **CLOSED},
        {**row(4), **SUPER_COMPLAINT},
        row(5, Latest_update=None, Latest_update_date=None),
        row(6, On_portal="No", Portal_ref=None, Due=None),
    ]
    apply_import(take_in(rows), actor=None)
    again = receive(start_list(rows), "list.xlsx", actor=None)
    assert {name: count for name, count in again.counts.items() if count} == {"unchanged": 6}


def test_a_recommendation_before_its_cause_of_concern_finds_it(take_in: TakeIn) -> None:
    rows = [row(1, Parent_ref="ST-0002"), row(2, Kind="Cause of concern", Level=None)]
    apply_import(take_in(rows), actor=None)
    assert Action.objects.get(reference="ST-0001").parent == Action.objects.get(reference="ST-0002")


def test_a_parent_written_in_small_letters_is_found(take_in: TakeIn) -> None:
    rows = [row(1, Parent_ref="st-0002"), row(2, Kind="Cause of concern", Level=None)]
    apply_import(take_in(rows), actor=None)
    assert Action.objects.get(reference="ST-0001").parent is not None


def test_a_report_that_was_not_recorded_is_recorded_once(take_in: TakeIn) -> None:
    apply_import(take_in([row(1), row(2)]), actor=None)
    publication = Publication.objects.get()
    assert publication.title == REPORT
    assert publication.slug == "an-inspection-of-how-forces-keep-dogs"
    assert publication.response_rule == ResponseRule.SECTION_55
    assert publication.response_due_on == day("2023-03-06")
    assert "Check its details" in publication.note
    assert publication.actions.count() == 2


def test_a_super_complaint_gets_its_register_and_no_section_55_clock(take_in: TakeIn) -> None:
    apply_import(take_in([{**row(), **SUPER_COMPLAINT}]), actor=None)
    assert Action.objects.get().register == Register.SUPER_COMPLAINT
    assert Publication.objects.get().response_rule == ResponseRule.NONE


def test_a_second_report_of_the_same_title_gets_an_address_of_its_own(take_in: TakeIn) -> None:
    make_publication("A review", slug="a-review", type=PublicationType.PEEL)
    rows = [row(1, Source_report="A review!")]
    apply_import(take_in(rows), actor=None)
    assert Publication.objects.get(title="A review!").slug == "a-review-2"


def test_an_executive_lead_is_at_chief_officer_level(take_in: TakeIn) -> None:
    make_lead("ACC Baker")
    apply_import(take_in([row()]), actor=None)
    assert Lead.objects.get(name="ACC Baker").chief_officer
    assert not Lead.objects.get(name="Head of Crime").chief_officer


def test_changes_are_written_to_the_actions_that_are_here(
    take_in: TakeIn, cast: SimpleNamespace
) -> None:
    apply_import(take_in([row()]), actor=None)
    different = row(
        Action_required="Every dog should have a bed.",
        Portal_ref="REC-2",
        On_portal="No",
        PAF_question=3,
        Executive_lead="ACC Felton",
        Delivery_lead="Head of Dogs",
        Due="31 March 2025",
        Latest_update="Beds are there.",
        Latest_update_date="21 November 2024",
        Delivery_confidence="High",
    )
    second = receive(start_list([different]), "December.xlsx", actor=cast.admin)
    assert second.good_rows == 1
    apply_import(second, actor=cast.admin)
    action: Any = Action.objects.with_position(day("2024-11-25")).get()
    assert action.text == "Every dog should have a bed."
    assert action.portal_reference == "REC-2"
    assert action.portal_presences.get().ended_on == day("2024-11-25")
    assert action.question.number == 3
    assert (action.executive_lead_at, action.delivery_lead_at) == ("ACC Felton", "Head of Dogs")
    assert action.due_on == day("2025-03-31")
    assert action.due_dates.get(sequence=1).reason == "Revised in the list “December.xlsx”"
    assert action.due_dates.get(sequence=1).agreed_by == "Admin"
    assert action.updates.latest("made_on").confidence.name == "High"
    again = receive(start_list([different]), "December.xlsx", actor=None)
    assert again.counts["unchanged"] == 1


def test_stage_level_and_closing_date_stay_as_they_are(take_in: TakeIn) -> None:
    apply_import(take_in([row()]), actor=None)
    second = receive(
        start_list([{**row(), **CLOSED, "Level": 3, "Due": "1.6.25"}]), "x.xlsx", actor=None
    )
    apply_import(second, actor=None)
    period = Action.objects.get().periods.get(ended_on=None)
    assert (period.status, period.level) == (Status.IN_PROGRESS, 2)


def test_progress_is_told_from_nothing_to_all(take_in: TakeIn) -> None:
    told: list[tuple[int, int]] = []
    apply_import(
        take_in([row(1), row(2)]),
        actor=None,
        progress=lambda done, total: told.append((done, total)),
    )
    assert (told[0], told[-1]) == ((0, 2), (2, 2))


def test_progress_of_changed_rows_is_told_too(take_in: TakeIn) -> None:
    apply_import(take_in([row(1), row(2)]), actor=None)
    told: list[tuple[int, int]] = []
    changed = [row(1, Due="1.6.25"), row(2, Due="1.6.25"), row(3)]
    apply_import(
        receive(start_list(changed), "x.xlsx", actor=None),
        actor=None,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(0, 3), (1, 3), (3, 3)]


def test_an_import_is_applied_once(take_in: TakeIn, cast: SimpleNamespace) -> None:
    received = take_in([row()])
    apply_import(received, actor=cast.admin)
    today = timezone.localdate()
    with pytest.raises(AlreadyApplied, match=f"already applied by Admin on {today.day} "):
        apply_import(received, actor=cast.admin)
    assert Action.objects.count() == 1


def test_an_import_that_a_command_applied_says_so_without_a_name(take_in: TakeIn) -> None:
    received = take_in([row()])
    apply_import(received, actor=None)
    with pytest.raises(AlreadyApplied, match="already applied on"):
        apply_import(received, actor=None)


def test_a_refused_workbook_cannot_be_applied(take_in: TakeIn) -> None:
    refused = receive(io.BytesIO(b"%PDF-1.7 x"), "x.xlsx", actor=None)
    with pytest.raises(ImportNotPossible, match="was refused"):
        apply_import(refused, actor=None)


def test_an_import_without_a_good_row_cannot_be_applied(take_in: TakeIn) -> None:
    with pytest.raises(ImportNotPossible, match="nothing to apply"):
        apply_import(take_in([row(Level=9)]), actor=None)


def test_a_finished_import_is_not_previewed_again(take_in: TakeIn) -> None:
    received = apply_import(take_in([row()]), actor=None)
    with pytest.raises(ImportNotPossible, match="upload the list again"):
        preview_again(received, actor=None)


def test_an_action_recorded_meanwhile_stops_the_import_and_renews_the_preview(
    take_in: TakeIn,
) -> None:
    received = take_in([row(1), row(2)])
    publication = make_publication(REPORT, published_on=day("2023-01-10"))
    make_action("ST-0002", publication=publication, received="2023-01-11")
    with pytest.raises(ChangedSincePreview, match="nothing was applied"):
        apply_import(received, actor=None)
    assert not Action.objects.filter(reference="ST-0001").exists()
    received.refresh_from_db()
    assert received.state == State.PREVIEWED
    assert received.counts["new"] == 1
    assert received.counts["changed"] == 1
    apply_import(received, actor=None)
    assert Action.objects.count() == 2


def test_a_change_made_meanwhile_stops_the_import(take_in: TakeIn) -> None:
    apply_import(take_in([row()]), actor=None)
    second = receive(start_list([row(Action_required="New text.")]), "x.xlsx", actor=None)
    action = Action.objects.get()
    action.text = "Somebody else’s text."
    action.save()
    with pytest.raises(ChangedSincePreview):
        apply_import(second, actor=None)
    assert Action.objects.get().text == "Somebody else’s text."
    assert second.rows.get().changes[0]["ours"] == "Somebody else’s text."


def test_a_change_elsewhere_does_not_stop_the_import(take_in: TakeIn) -> None:
    received = take_in([row()])
    make_action("ST-0900")
    apply_import(received, actor=None)
    assert Action.objects.filter(reference="ST-0001").exists()


def test_a_cause_of_concern_that_went_meanwhile_stops_the_import(take_in: TakeIn) -> None:
    cause = make_action("ST-0050", kind=Kind.CAUSE_OF_CONCERN)
    received = take_in([row(1, Parent_ref="ST-0050")])
    cause.reference = "ST-0051"
    cause.save()
    with pytest.raises(ChangedSincePreview):
        apply_import(received, actor=None)
    assert "There is no action “ST-0050”." in received.rows.get().problems[0]["message"]


def test_a_report_recorded_meanwhile_with_another_date_stops_the_import(take_in: TakeIn) -> None:
    received = take_in([row()])
    make_publication(REPORT, published_on=day("2023-01-09"))
    with pytest.raises(ChangedSincePreview):
        apply_import(received, actor=None)


def test_an_import_that_breaks_off_leaves_nothing(
    take_in: TakeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_import(take_in([row(1)]), actor=None)
    received = receive(start_list([row(1, Due="1.6.25"), row(2), row(3)]), "x.xlsx", actor=None)
    before = everything()

    def break_off(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    # New rows are written by then; the changed one is not.
    monkeypatch.setattr(writing, "change_from_sheet", break_off)
    with pytest.raises(KeyboardInterrupt):
        apply_import(received, actor=None)
    assert everything() == before
    received.refresh_from_db()
    assert received.state == State.PREVIEWED


def test_a_preview_that_breaks_off_leaves_no_file_and_no_import(
    take_in: TakeIn, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ImportRow.objects, "bulk_create", break_off)
    with pytest.raises(KeyboardInterrupt):
        take_in([row()])
    assert list(media.rglob("*.xlsx")) == []
    assert not SpreadsheetImport.objects.exists()


def test_a_workbook_is_kept_under_a_name_of_our_own(take_in: TakeIn, media: Path) -> None:
    received = take_in([row()], name="../../Chief's list\x00.xlsx")
    (kept,) = media.rglob("*.xlsx")
    assert kept.parent == media / "imports"
    assert "Chief" not in kept.name
    assert received.original_name == "Chief's list.xlsx"
    assert received.size == kept.stat().st_size
    assert len(received.sha256) == 64


def test_a_row_that_cannot_be_written_after_all_is_named(
    take_in: TakeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_import(take_in([row()]), actor=None)
    second = receive(start_list([row(Due="1.6.25")]), "x.xlsx", actor=None)

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ValidationError("Say why the due date changes.")

    monkeypatch.setattr(writing, "change_from_sheet", refuse)
    with pytest.raises(ImportNotPossible, match=r"Row 2 \(ST-0001\) .* Say why the due date"):
        apply_import(second, actor=None)
    second.refresh_from_db()
    assert second.state == State.PREVIEWED


def test_an_action_that_went_meanwhile_stops_a_change_of_it(take_in: TakeIn) -> None:
    apply_import(take_in([row()]), actor=None)
    second = receive(start_list([row(Due="1.6.25")]), "x.xlsx", actor=None)
    action = Action.objects.get()
    action.reference, action.portal_reference = "ST-0002", None
    action.save()
    with pytest.raises(ChangedSincePreview):
        apply_import(second, actor=None)
    assert second.rows.get().outcome == Outcome.NEW


def test_a_confidence_without_an_update_counts_from_the_stage_date(take_in: TakeIn) -> None:
    rated = row(Latest_update=None, Latest_update_date=None)
    apply_import(take_in([rated]), actor=None)
    update = ProgressUpdate.objects.get()
    assert (update.made_on, update.text) == (
        day("2023-01-18"),
        "Delivery confidence as the list “list.xlsx” gives it.",
    )
    assert receive(start_list([rated]), "x.xlsx", actor=None).counts["unchanged"] == 1


def test_a_row_without_update_and_confidence_leaves_no_update(take_in: TakeIn) -> None:
    apply_import(
        take_in([row(Latest_update=None, Latest_update_date=None, Delivery_confidence=None)]),
        actor=None,
    )
    assert not ProgressUpdate.objects.exists()


def test_an_import_tells_nothing_of_a_sensitive_action_but_what_the_list_says(
    take_in: TakeIn,
) -> None:
    action = make_action(
        "ST-0001", text="The secret way.", update="A secret.", marking=Marking.SENSITIVE
    )
    kept = take_in([row(Action_required="The new way.")]).rows.get()
    assert [each["ours"] for each in kept.changes if each["field"] == "text"] == [
        "(marked OFFICIAL-SENSITIVE)"
    ]
    told = f"{kept.changes} {kept.notes}"
    assert "secret" not in told.replace(action.marking, "")
    assert "The new way." in told


def test_an_import_tells_nothing_of_a_sensitive_update(take_in: TakeIn) -> None:
    make_action("ST-0001", update="A secret.", updated="2024-11-20")
    ProgressUpdate.objects.update(marking=Marking.SENSITIVE)
    kept = take_in([row(Latest_update="Another.", Latest_update_date="20 November 2024")])
    told = f"{kept.rows.get().changes} {kept.rows.get().notes}"
    assert "Another." in told
    assert "secret" not in told


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="writers of SQLite take turns anyway")
def test_two_imports_that_change_the_same_actions_take_turns(take_in: TakeIn) -> None:
    for number in (1, 2):
        make_action(f"ST-000{number}", text="As it is.")
    first = take_in([row(1, Action_required="One."), row(2, Action_required="One.")], name="a")
    second = take_in([row(2, Action_required="Two."), row(1, Action_required="Two.")], name="b")

    def attempt(received: SpreadsheetImport) -> str:
        try:
            apply_import(received, actor=None)
        except ImportNotPossible as error:
            return type(error).__name__
        finally:
            connection.close()
        return "applied"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(attempt, [first, second]))
    assert results == ["ChangedSincePreview", "applied"]
    assert len(set(Action.objects.values_list("text", flat=True))) == 1


def test_a_list_that_names_an_action_in_other_capitals_means_that_action(take_in: TakeIn) -> None:
    apply_import(take_in([row(Local_ref="Ab-9999")]), actor=None)
    again = take_in([row(Local_ref="AB-9999")])
    assert again.counts["unchanged"] == 1


def test_imports_and_their_rows_have_names(take_in: TakeIn) -> None:
    received = take_in([row()], name="November.xlsx")
    assert str(received) == "November.xlsx"
    assert str(received.rows.get()) == "row 2"
