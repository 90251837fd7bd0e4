"""Undoing an import: as a whole, by the audit trail, and only while nobody has built on it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import IntegrityError
from django.utils import timezone
from simple_history.models import HistoricalChanges

from core.history import attribute, stamped
from inspections.choices import LeadRole
from inspections.models import Publication
from people.models import Lead
from portal.imports import undoing
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.imports.refused import ImportNotPossible
from portal.imports.undoing import CannotBeUndone, take_in_again, undo_import, words_for
from portal.models import ImportRow, SpreadsheetImport, State
from tests.factories import day, make_action, make_framework, make_publication
from tests.portal.conftest import TakeIn, why_not
from tests.workbooks import CLOSED, REPORT, SUPER_COMPLAINT, row, start_list
from tracker import position
from tracker.choices import Kind, Status
from tracker.leading import hand_over
from tracker.models import (
    Action,
    ActionLead,
    Closure,
    DueDate,
    PortalPresence,
    ProgressUpdate,
    StatusPeriod,
)
from tracker.recording import search_text_of

pytestmark = pytest.mark.django_db

DAYS = ("2023-02-01", "2024-03-02", "2024-11-25", "2025-01-15")


def rows_of_every_table() -> dict[str, list[Any]]:
    """Every row of every table, but for imports, the audit trail and how often an action was
    saved.
    """
    found = {}
    for model in apps.get_models():
        if issubclass(model, HistoricalChanges) or model in (SpreadsheetImport, ImportRow):
            continue
        rows = serializers.serialize("python", model._base_manager.order_by("pk"))
        for each in rows:
            each["fields"].pop("version", None)
            for many in model._meta.many_to_many:
                each["fields"][many.name].sort()
        found[model._meta.label] = rows
    return found


def positions() -> list[Any]:
    """What the register says of several days, before and after the import."""
    return [
        (position.table(each), position.stages(each), position.by_lead(each, LeadRole.EXECUTIVE))
        for each in map(day, DAYS)
    ]


def a_list_that_does_everything() -> list[dict[str, Any]]:
    """New rows of every kind; and changes of whatever a list may change."""
    return [
        row(1, Parent_ref="ST-0002"),
        row(2, Kind="Cause of concern", Level=None),
        {**row(3), **CLOSED},
        {**row(4), **SUPER_COMPLAINT},
        row(5, Stage="Local closure", Stage_date="1 June 2024"),
        # A live recommendation of a closed cause of concern: it is live again.
        row(6, Parent_ref="ST-0101"),
        row(
            100,
            Portal_ref="REC-NEW",
            On_portal="No",
            Action_required="Every dog should have a bed.",
            Executive_lead="ACC Charlie",
            Delivery_lead="Head of Kennels",
            Due="1 March 2025",
            Latest_update="Beds are there.",
            Latest_update_date="21 November 2024",
            PAF_question=3,
        ),
    ]


@pytest.fixture
def before(db: None, cast: SimpleNamespace) -> dict[str, list[Any]]:
    """Two actions that are here, each with its history."""
    publication = make_publication(REPORT)
    action = make_action(
        "ST-0100",
        publication=publication,
        text="As it is.",
        portal_reference="REC-100",
        due="2024-12-31",
        executive="ACC Baker",
        delivery="Head of Crime",
    )
    make_action(
        "ST-0101",
        publication=publication,
        kind=Kind.CAUSE_OF_CONCERN,
        status=Status.CLOSED,
        since="2024-03-01",
    )
    Action.objects.filter(pk=action.pk).update(search_text=search_text_of(action))
    make_framework(questions=11)
    return rows_of_every_table()


@pytest.fixture
def applied(before: object, media: object, cast: SimpleNamespace) -> SpreadsheetImport:
    """The list that does everything, applied."""
    received = receive(start_list(a_list_that_does_everything()), "list.xlsx", actor=cast.admin)
    return apply_import(received, actor=cast.admin)


def test_everything_is_as_it_was_before(
    before: dict[str, list[Any]], media: object, cast: SimpleNamespace
) -> None:
    positions_before = positions()
    received = receive(start_list(a_list_that_does_everything()), "list.xlsx", actor=cast.admin)
    assert (received.counts["new"], received.counts["changed"]) == (6, 1)
    applied = apply_import(received, actor=cast.admin)
    written = rows_of_every_table()
    for model in (Action, ActionLead, Closure, DueDate, PortalPresence, ProgressUpdate):
        assert written[model._meta.label] != before[model._meta.label], model
    assert written["tracker.StatusPeriod"][:3] != before["tracker.StatusPeriod"][:3]
    assert Lead.objects.filter(name="ACC Baker", chief_officer=True).exists()
    assert positions() != positions_before

    undo_import(applied, actor=cast.admin)
    after = rows_of_every_table()
    assert {name for name in before if after[name] != before[name]} == set()
    assert positions() == positions_before


def test_the_import_says_who_undid_it_and_when(
    applied: SpreadsheetImport, cast: SimpleNamespace
) -> None:
    undo_import(applied, actor=cast.deputy)
    applied.refresh_from_db()
    assert (applied.state, applied.undone_by) == (State.UNDONE, cast.deputy)
    assert applied.undone_at is not None
    assert applied.applied_by == cast.admin
    with pytest.raises(ImportNotPossible, match="has been undone already"):
        undo_import(applied, actor=cast.admin)


def test_undoing_leaves_rows_of_history(applied: SpreadsheetImport, cast: SimpleNamespace) -> None:
    undo_import(applied, actor=cast.admin)
    gone = Action.history.filter(reference="ST-0001").latest("history_id")
    assert (gone.history_type, gone.history_user) == ("-", cast.admin)
    assert gone.history_change_reason == "Undone: import of list.xlsx"
    assert gone.text == "Chief constables should give every dog a bed."
    back = Action.history.filter(reference="ST-0100").latest("history_id")
    assert (back.history_type, back.text) == ("~", "As it is.")
    assert back.history_change_reason == "Undone: import of list.xlsx"
    for model in (StatusPeriod, ActionLead, DueDate, PortalPresence, ProgressUpdate, Closure):
        assert model.history.filter(history_type="-").exists(), model
    assert not Action.history.filter(history_type="-", request_id=applied.stamp).exists()


def test_an_import_that_is_not_applied_cannot_be_undone(take_in: TakeIn) -> None:
    received = take_in([row()])
    with pytest.raises(ImportNotPossible, match="has not been applied"):
        undo_import(received, actor=None)
    apply_import(received, actor=None)
    SpreadsheetImport.objects.update(stamp="")
    with pytest.raises(ImportNotPossible, match="before imports could be undone"):
        undo_import(received, actor=None)


def revise(action: Any, who: Any, **fields: Any) -> None:
    """Somebody changes a record on its own page."""
    for name, value in fields.items():
        setattr(action, name, value)
    attribute(action, who, "Corrected")
    action.save()


@pytest.mark.parametrize("reference", ["ST-0001", "ST-0100"])
def test_a_record_that_somebody_changed_since_stands_against_it(
    reference: str, applied: SpreadsheetImport, cast: SimpleNamespace
) -> None:
    revise(Action.objects.get(reference=reference), cast.governance, text="Otherwise.")
    held = rows_of_every_table()
    with pytest.raises(CannotBeUndone, match=f"{reference} was changed on .* by Governance"):
        undo_import(applied, actor=cast.admin)
    assert rows_of_every_table() == held
    applied.refresh_from_db()
    assert applied.state == State.APPLIED


def test_what_somebody_built_on_a_new_action_stands_against_it(
    applied: SpreadsheetImport, cast: SimpleNamespace
) -> None:
    update = ProgressUpdate(
        action=Action.objects.get(reference="ST-0003"), made_on=day("2024-11-25"), text="More."
    )
    attribute(update, cast.delivery)
    update.save()
    found = r"the progress update of ST-0003 was recorded on .* by Delivery"
    with pytest.raises(CannotBeUndone, match=found):
        undo_import(applied, actor=cast.admin)
    assert Action.objects.filter(reference="ST-0003").exists()


def test_a_duty_that_was_handed_on_stands_against_it(
    applied: SpreadsheetImport, cast: SimpleNamespace
) -> None:
    action = Action.objects.get(reference="ST-0100")
    lead = Lead.objects.get(name="ACC Baker")
    hand_over(
        action, LeadRole.EXECUTIVE, lead, actor=cast.governance, on=day("2024-11-25"), reason="x"
    )
    with pytest.raises(CannotBeUndone, match=r"of ST-0100 was changed on .* by Governance"):
        undo_import(applied, actor=cast.admin)


def test_five_are_named_and_the_rest_is_said_to_be_there(
    take_in: TakeIn, cast: SimpleNamespace
) -> None:
    applied = apply_import(take_in([row(number) for number in range(1, 8)]), actor=cast.admin)
    for action in Action.objects.all():
        revise(action, cast.governance, text="Otherwise.")
    with pytest.raises(CannotBeUndone) as caught:
        undo_import(applied, actor=cast.admin)
    assert str(caught.value).count("was changed on") == 5
    assert str(caught.value).endswith(", and more besides.")
    assert why_not(applied) == str(caught.value)


def test_publications_and_leads_that_are_used_by_now_are_kept_and_named(
    take_in: TakeIn, cast: SimpleNamespace
) -> None:
    applied = apply_import(take_in([row(1), row(2, Source_report="Another")]), actor=cast.admin)
    make_action("ST-0200", publication=Publication.objects.get(title=REPORT))
    ActionLead.objects.create(
        action=Action.objects.get(reference="ST-0200"),
        role=LeadRole.DELIVERY,
        lead=Lead.objects.get(name="Head of Crime"),
        started_on=day("2024-11-25"),
    )
    undone = undo_import(applied, actor=cast.admin)
    assert undone.kept == [REPORT, "Head of Crime"]
    assert list(Publication.objects.values_list("title", flat=True)) == [REPORT]
    assert list(Lead.objects.values_list("name", flat=True)) == ["Head of Crime"]
    assert words_for(undone) == (
        "The import was undone: 2 actions removed. Kept, because they are used by now: "
        f"{REPORT} and Head of Crime."
    )


def test_a_publication_whose_details_somebody_completed_is_kept(
    take_in: TakeIn, cast: SimpleNamespace
) -> None:
    applied = apply_import(take_in([row()]), actor=cast.admin)
    revise(Publication.objects.get(), cast.governance, note="Complete.")
    assert undo_import(applied, actor=cast.admin).kept == [REPORT]
    assert Publication.objects.get().note == "Complete."


def test_references_that_moved_from_action_to_action_move_back(take_in: TakeIn) -> None:
    apply_import(take_in([row(1), row(2)]), actor=None)
    for reference, portal_reference in (("ST-0002", "REC-3"), ("ST-0001", "REC-2")):
        second = take_in([row(int(reference[-1]), Portal_ref=portal_reference)])
        apply_import(second, actor=None)
    before = rows_of_every_table()
    moved = SpreadsheetImport.objects.create(
        original_name="both.xlsx",
        size=1,
        sha256="x",
        state=State.APPLIED,
        stamp="moved",
        applied_at=timezone.now(),
    )
    with stamped("moved"):
        revise(Action.objects.get(reference="ST-0002"), None, portal_reference="REC-4")
        revise(Action.objects.get(reference="ST-0001"), None, portal_reference="REC-3")
    undo_import(moved, actor=None)
    assert rows_of_every_table() == before


def test_a_break_leaves_everything_applied(
    applied: SpreadsheetImport,
    cast: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    written = rows_of_every_table()

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError("somebody refers to it")

    monkeypatch.setattr(undoing, "_restore", refuse)
    with (
        caplog.at_level("ERROR", "portal.imports"),
        pytest.raises(CannotBeUndone, match="stands in the way of this import’s old values"),
    ):
        undo_import(applied, actor=cast.admin)
    assert rows_of_every_table() == written
    # What stands against it is found in the log.
    assert f"Import {applied.pk} could not be undone" in caplog.text
    assert "somebody refers to it" in caplog.text


def test_an_import_that_was_undone_is_taken_in_and_applied_again(
    applied: SpreadsheetImport, cast: SimpleNamespace
) -> None:
    written = rows_of_every_table()
    undo_import(applied, actor=cast.admin)
    applied.refresh_from_db()
    again = take_in_again(applied, actor=cast.admin)
    assert again.counts == applied.counts
    apply_import(again, actor=cast.admin)
    assert {name: len(rows) for name, rows in rows_of_every_table().items()} == {
        name: len(rows) for name, rows in written.items()
    }
    with pytest.raises(ImportNotPossible, match="Only an import that was undone"):
        take_in_again(again, actor=cast.admin)


def test_other_imports_stay_as_they_are(take_in: TakeIn) -> None:
    first = apply_import(take_in([row(1)]), actor=None)
    second = apply_import(take_in([row(2)]), actor=None)
    undo_import(second, actor=None)
    assert list(Action.objects.values_list("reference", flat=True)) == ["ST-0001"]
    undo_import(first, actor=None)
    assert not Action.objects.exists()


def test_whatever_an_import_may_write_is_tracked() -> None:
    for model in (Action, StatusPeriod, ActionLead, PortalPresence, DueDate, ProgressUpdate):
        assert hasattr(model, "history"), model
    for other in (Closure, Publication, Lead):
        assert hasattr(other, "history"), other
