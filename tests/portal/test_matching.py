"""Which action a row is about, and what a row may leave out."""

from types import SimpleNamespace
from typing import Any

import pytest

from portal.imports.applying import apply_import
from portal.imports.choosing import ChosenOnAnotherPreview, say_what_rows_are
from portal.imports.receiving import receive
from portal.models import ImportRow, Outcome, SpreadsheetImport, State
from tests.portal.conftest import TakeIn
from tests.workbooks import REPORT, row, start_list
from tracker.models import Action

pytestmark = pytest.mark.django_db
TEXT = "Chief constables should give every dog a bed."


@pytest.fixture
def known(take_in: TakeIn) -> TakeIn:
    """ST-0001 (REC-1) to ST-0003 (REC-3) are here, each with a text of its own."""
    other = ["Forces should count their dogs.", "Forces should name a lead for kennels."]
    texts = [TEXT, *other]
    rows = [row(n, Action_required=text) for n, text in enumerate(texts, start=1)]
    apply_import(take_in(rows), actor=None)
    return take_in


def some(**cells: Any) -> SpreadsheetImport:
    """One row, with no columns but these."""
    values = {key.replace("_", " "): value for key, value in cells.items()}
    return receive(start_list([values], headers=list(values)), "some.xlsx", actor=None)


def test_a_reference_that_is_not_here_is_one_message_where_the_sheet_brings_no_new_actions(
    known: TakeIn,
) -> None:
    for reference in ("ST-9999", "st 47"):
        found = only(some(Local_ref=reference, Due="1 May 2025", Delivery_lead="Head of Crime"))
        [problem] = found.problems
        assert (problem["column"], problem["header"]) == ("A", "Local ref")
        assert problem["message"] == (
            f"No action here has the reference “{reference}”. Check it; a new action needs more "
            "columns."
        )
    [problem] = only(some(Portal_ref="REC-9", Due="1 May 2025")).problems
    assert "No action here has the portal’s reference “REC-9”." in problem["message"]


def test_the_columns_that_a_new_action_lacks_are_named_where_they_are_few(known: TakeIn) -> None:
    values = {key: value for key, value in row(9).items() if key not in ("Scope", "On portal")}
    received = receive(start_list([values], headers=list(values)), "some.xlsx", actor=None)
    [problem] = received.rows.get().problems
    assert problem["message"].endswith("a new action needs more columns: On portal and Scope.")


def test_with_every_column_a_new_action_is_told_what_it_lacks(known: TakeIn) -> None:
    found = only(known([row(9, Scope=None, Received=None)]))
    assert [each["message"].partition(".")[0] for each in found.problems] == [
        "is empty",
        "is empty",
    ]


def only(received: SpreadsheetImport) -> ImportRow:
    assert received.state == State.PREVIEWED
    return received.rows.get()


def test_a_row_with_a_reference_needs_nothing_else_to_revise_an_action(known: TakeIn) -> None:
    received = some(Local_ref="ST-0002", Due="1 March 2025")
    assert [each["field"] for each in only(received).changes] == ["due"]
    apply_import(received, actor=None)
    action = Action.objects.get(reference="ST-0002")
    assert str(action.due_dates.order_by("-sequence")[0].due_on) == "2025-03-01"


def test_a_row_without_our_reference_is_found_by_the_portals(known: TakeIn) -> None:
    found = only(some(Portal_ref="rec-2", Delivery_lead="Head of Kennels"))
    assert (found.outcome, found.reference) == (Outcome.CHANGED, "ST-0002")


def test_a_portal_reference_of_another_action_is_said(known: TakeIn) -> None:
    found = only(some(Local_ref="ST-0001", Portal_ref="REC-2"))
    assert found.outcome == Outcome.UNREADABLE
    assert "“REC-2” belongs to ST-0002" in found.problems[0]["message"]


def test_a_row_without_a_reference_is_found_by_report_and_text(known: TakeIn) -> None:
    found = only(some(Source_report=f" {REPORT.upper()}", Action_required=TEXT, Due="1 March 2025"))
    assert (found.outcome, found.reference) == (Outcome.CHANGED, "ST-0001")


def test_a_text_that_two_actions_have_names_neither(known: TakeIn) -> None:
    apply_import(known([row(9)]), actor=None)
    found = only(some(Source_report=REPORT, Action_required=TEXT, Due="1 March 2025"))
    assert found.outcome == Outcome.UNREADABLE
    assert "ST-0001, ST-0009" in found.problems[0]["message"]


def resembling(known: TakeIn) -> SpreadsheetImport:
    values = row(1, Action_required="Chief constables must give every dog a bed.")
    values["Local ref"] = values["Portal ref"] = None
    return known([values])


def test_a_row_that_reads_much_like_an_action_waits_for_a_person(known: TakeIn) -> None:
    received = resembling(known)
    found = only(received)
    assert found.outcome == Outcome.TO_CONFIRM
    assert found.resembles["reference"] == "ST-0001"
    assert 85 <= found.resembles["score"] < 100
    assert received.good_rows == 0


def test_a_person_says_that_it_is_the_action(known: TakeIn, cast: SimpleNamespace) -> None:
    received = resembling(known)
    seen = received.previews
    say_what_rows_are(received, seen=seen, said={2: True}, actor=cast.admin)
    found = received.rows.get()
    assert (found.outcome, found.reference) == (Outcome.CHANGED, "ST-0001")
    assert [each["field"] for each in found.changes] == ["text"]
    received.refresh_from_db()
    apply_import(received, actor=cast.admin)
    assert "must give" in Action.objects.get(reference="ST-0001").text


def test_a_person_says_that_it_is_a_new_action_and_it_gets_the_next_reference(
    known: TakeIn, cast: SimpleNamespace
) -> None:
    received = resembling(known)
    say_what_rows_are(received, seen=received.previews, said={2: False}, actor=cast.admin)
    received.refresh_from_db()
    assert received.rows.get().outcome == Outcome.NEW
    apply_import(received, actor=cast.admin)
    assert Action.objects.get(text__contains="must give").reference == "ST-0004"
    assert received.rows.get().reference == "ST-0004"


def test_saying_so_on_an_older_preview_is_told(known: TakeIn, cast: SimpleNamespace) -> None:
    received = resembling(known)
    with pytest.raises(ChosenOnAnotherPreview):
        say_what_rows_are(received, seen=99, said={2: False}, actor=cast.admin)


def test_new_rows_without_references_get_free_ones_beside_those_of_the_list(
    take_in: TakeIn,
) -> None:
    rows = [{**row(n, Action_required=f"Text {n * 7919}"), "Portal ref": None} for n in range(1, 5)]
    rows[0]["Local ref"] = rows[3]["Local ref"] = None
    received = take_in(rows)
    assert received.counts[Outcome.NEW] == 4
    apply_import(received, actor=None)
    references = list(Action.objects.order_by("reference").values_list("reference", flat=True))
    assert references == ["ST-0002", "ST-0003", "ST-0004", "ST-0005"]


def test_the_same_text_twice_without_references_is_refused_twice(take_in: TakeIn) -> None:
    values = {**row(1), "Local ref": None, "Portal ref": None}
    received = take_in([values, values])
    assert received.counts[Outcome.UNREADABLE] == 2


def test_a_row_that_names_no_action_says_what_to_enter(known: TakeIn) -> None:
    file = start_list(
        [{"Local ref": None, "Due": "1 March 2025"}, {"Local ref": "ST-0001", "Due": None}],
        headers=["Local ref", "Due"],
    )
    received = receive(file, "some.xlsx", actor=None)
    assert (
        "Enter the reference of the action" in received.rows.get(sheet_row=2).problems[0]["message"]
    )


def test_a_confidence_alone_is_stated_today(known: TakeIn) -> None:
    received = some(Local_ref="ST-0001", Delivery_confidence="Low", Confidence_reason="No beds.")
    assert [each["field"] for each in only(received).changes] == ["confidence"]
    apply_import(received, actor=None)
    last = Action.objects.get(reference="ST-0001").updates.order_by("-made_on", "-id")[0]
    assert (last.confidence and last.confidence.name, last.confidence_reason) == ("Low", "No beds.")
