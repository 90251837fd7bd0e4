"""What is applied is what somebody saw, whatever has happened since; what is not, is said."""

from types import SimpleNamespace
from typing import Any

import pytest

from inspections.choices import PublicationType
from portal.imports.applying import apply_import
from portal.imports.choosing import choose_rows, say_what_rows_are
from portal.imports.previewing import preview_again
from portal.imports.receiving import receive
from portal.imports.refused import (
    AnotherPreview,
    CauseLeftOut,
    ChangedSincePreview,
    ImportNotPossible,
)
from portal.layouts.meanings import remember
from portal.models import Outcome, Purpose, SpreadsheetImport, State
from tests.factories import day, make_action, make_publication
from tests.portal.conftest import TakeIn
from tests.workbooks import CLOSED, REPORT, SUPER_COMPLAINT, row, start_list
from tracker.choices import Kind, Register, Status
from tracker.models import Action, StatusPeriod

pytestmark = pytest.mark.django_db
CAUSE = {"Kind": "Cause of concern", "Level": None}


def level_of(reference: str) -> int | None:
    return StatusPeriod.objects.get(action__reference=reference, ended_on=None).level


def test_a_word_that_means_something_else_by_now_means_what_it_did(
    take_in: TakeIn, cast: SimpleNamespace
) -> None:
    remember(Purpose.LIST, {("level", "two"): "2"}, actor=cast.admin)
    received = take_in([row(1, Level="Two")])
    remember(Purpose.LIST, {("level", "two"): "4"}, actor=cast.admin)
    apply_import(received, actor=None)
    assert level_of("ST-0001") == 2


def test_a_lead_that_has_another_name_by_now_is_seen_again(take_in: TakeIn) -> None:
    apply_import(take_in([row(1)]), actor=None)
    received = take_in([row(2)])
    lead = Action.objects.get().leads.get(role="delivery").lead
    lead.name = "Head of Investigations"
    lead.save()
    with pytest.raises(ChangedSincePreview):
        apply_import(received, actor=None)
    received.refresh_from_db()
    assert received.new_leads == ["Head of Crime"]


def test_a_report_that_is_recorded_as_another_kind_by_now_is_seen_again(take_in: TakeIn) -> None:
    received = take_in([row(1, Level=None)])
    make_publication(REPORT, published_on=day("2023-01-10"), type=PublicationType.SUPER_COMPLAINT)
    with pytest.raises(ChangedSincePreview):
        apply_import(received, actor=None)
    assert not Action.objects.exists()


def test_who_confirms_what_was_chosen_otherwise_meanwhile_is_told(
    take_in: TakeIn, cast: SimpleNamespace
) -> None:
    received = take_in([row(1), row(2)])
    seen = received.previews
    choose_rows(received, seen=seen, shown=[2], taken=[], conflicts={}, actor=cast.admin)
    with pytest.raises(AnotherPreview):
        apply_import(received, actor=None, seen=seen)
    assert not Action.objects.exists()


def test_nothing_is_chosen_while_a_worker_is_asked(take_in: TakeIn, cast: SimpleNamespace) -> None:
    received = take_in([row(1), row(2)])
    received.asked_at = received.uploaded_at
    received.save()
    with pytest.raises(ImportNotPossible, match="is being applied"):
        choose_rows(
            received, seen=received.previews, shown=[2], taken=[], conflicts={}, actor=cast.admin
        )


def test_a_text_of_an_action_that_the_portal_calls_otherwise_is_of_another(
    take_in: TakeIn,
) -> None:
    apply_import(take_in([row(1)]), actor=None)
    received = take_in([{**row(1), "Local ref": None, "Portal ref": "REC-3"}])
    assert received.counts[Outcome.NEW] == 1
    apply_import(received, actor=None)
    assert Action.objects.get(reference="ST-0001").portal_reference == "REC-1"
    assert Action.objects.get(reference="ST-0002").portal_reference == "REC-3"


def test_rows_with_and_without_references_and_much_the_same_text_are_applied_together(
    take_in: TakeIn,
) -> None:
    alike = [
        {**row(n, Action_required=f"Forces should name a lead for kennel {n} by the spring.")}
        for n in range(1, 4)
    ]
    alike[1]["Local ref"] = alike[1]["Portal ref"] = None
    alike[2]["Local ref"] = alike[2]["Portal ref"] = None
    received = take_in(alike)
    assert received.counts[Outcome.NEW] == 3
    assert apply_import(received, actor=None).state == State.APPLIED


def test_a_recommendation_without_its_cause_of_concern_is_refused_with_the_cure(
    take_in: TakeIn, cast: SimpleNamespace
) -> None:
    received = take_in([row(1, **{}, Parent_ref="ST-0002"), {**row(2), **CAUSE}])
    choose_rows(
        received, seen=received.previews, shown=[3], taken=[], conflicts={}, actor=cast.admin
    )
    received.refresh_from_db()
    with pytest.raises(CauseLeftOut, match="ST-0001 belongs to ST-0002"):
        apply_import(received, actor=None)


def test_a_cause_of_concern_that_a_row_makes_live_again_is_said(take_in: TakeIn) -> None:
    apply_import(take_in([{**row(1), **CAUSE, **CLOSED}]), actor=None)
    received = take_in([row(2, Parent_ref="ST-0001")])
    (note,) = received.rows.get().notes
    assert note["message"] == "ST-0001 is closed; with this recommendation it is live again."
    apply_import(received, actor=None)
    cause = StatusPeriod.objects.get(action__reference="ST-0001", ended_on=None)
    assert cause.status != Status.CLOSED


def test_a_super_complaint_gets_no_portal_reference_by_a_sheet(take_in: TakeIn) -> None:
    apply_import(take_in([{**row(1), **SUPER_COMPLAINT}]), actor=None)
    assert Action.objects.get().register == Register.SUPER_COMPLAINT
    file = start_list(
        [{"Local ref": "ST-0001", "Portal ref": "REC-1", "On portal": "Yes"}],
        headers=["Local ref", "Portal ref", "On portal"],
    )
    received = receive(file, "some.xlsx", actor=None)
    assert [each["column"] for each in received.rows.get().problems] == ["B", "C"]


def test_an_action_entered_in_error_is_not_changed(take_in: TakeIn) -> None:
    apply_import(take_in([row(1)]), actor=None)
    Action.objects.update(entered_in_error=True)
    received = take_in([row(1, Due="1 March 2025")])
    assert "was entered in error" in received.rows.get().problems[0]["message"]


def test_a_cause_entered_in_error_takes_no_recommendation(take_in: TakeIn) -> None:
    apply_import(take_in([{**row(1), **CAUSE}]), actor=None)
    Action.objects.update(entered_in_error=True)
    received = take_in([row(2, Parent_ref="ST-0001")])
    assert "was entered in error" in received.rows.get().problems[0]["message"]


def likeness(take_in: TakeIn) -> SpreadsheetImport:
    apply_import(take_in([row(1)]), actor=None)
    values: dict[str, Any] = row(1, Action_required="Chief constables must give every dog a bed.")
    return take_in([{**values, "Local ref": None, "Portal ref": None}])


def test_an_answer_about_one_action_says_nothing_of_another(
    take_in: TakeIn, cast: SimpleNamespace
) -> None:
    received = likeness(take_in)
    say_what_rows_are(received, seen=received.previews, said={2: True}, actor=cast.admin)
    assert received.rows.get().outcome == Outcome.CHANGED
    # What it was like is no more; another is.
    Action.objects.filter(reference="ST-0001").update(text="Something else altogether.")
    make_action(
        "ST-0009",
        kind=Kind.RECOMMENDATION,
        publication=Action.objects.get(reference="ST-0001").publication,
        text="Chief constables shall give every dog a bed.",
    )
    received.refresh_from_db()
    preview_again(received, actor=None)
    asked = received.rows.get()
    assert (asked.outcome, asked.resembles["reference"]) == (Outcome.TO_CONFIRM, "ST-0009")


def test_an_action_that_is_marked_sensitive_is_not_suggested(take_in: TakeIn) -> None:
    apply_import(take_in([row(1)]), actor=None)
    Action.objects.update(marking="OFFICIAL-SENSITIVE")
    values: dict[str, Any] = row(1, Action_required="Chief constables must give every dog a bed.")
    received = take_in([{**values, "Local ref": None, "Portal ref": None}])
    assert received.rows.get().resembles == {}


def test_a_lead_that_becomes_a_chief_officer_is_said(take_in: TakeIn) -> None:
    apply_import(take_in([row(1)]), actor=None)
    received = take_in([row(1, Executive_lead="Head of Crime")])
    assert any(
        "not at Chief Officer level" in each["message"] for each in received.rows.get().notes
    )


def test_leads_that_were_not_recorded_are_not_said_to_be(
    take_in: TakeIn, cast: SimpleNamespace
) -> None:
    received = take_in([row(1), row(2, Delivery_lead="Head of Kennels")])
    choose_rows(
        received, seen=received.previews, shown=[3], taken=[], conflicts={}, actor=cast.admin
    )
    received.refresh_from_db()
    applied = apply_import(received, actor=None)
    assert applied.new_leads == ["ACC Baker", "Head of Crime"]
