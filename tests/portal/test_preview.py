"""What would become of each row of a list, and what is said of those that cannot be read."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.choices import PublicationType
from inspections.models import Framework
from portal.imports.receiving import receive
from portal.models import ImportRow, Outcome, SpreadsheetImport
from tests.factories import day, make_action, make_publication
from tests.portal.conftest import TakeIn
from tests.workbooks import (
    CLOSED,
    HEADERS,
    REPORT,
    SUPER_COMPLAINT,
    row,
    start_list,
    with_long_text,
)
from tracker.choices import Kind, Register

pytestmark = pytest.mark.django_db
UPDATED = {"Latest update": None, "Latest update date": None}


def problems(received: SpreadsheetImport) -> list[str]:
    """“D: sentence” of every problem, in the order of the sheet."""
    return [
        f"{each['column']}: {each['message']}"
        for kept in received.rows.order_by("sheet_row")
        for each in kept.problems
    ]


def only_row(received: SpreadsheetImport) -> ImportRow:
    return received.rows.get()


def outcomes(received: SpreadsheetImport) -> list[str]:
    return list(received.rows.order_by("sheet_row").values_list("outcome", flat=True))


def test_a_good_row_of_an_action_that_is_not_here_is_new(take_in: TakeIn) -> None:
    received = take_in([row()])
    assert problems(received) == []
    counts = {name: count for name, count in received.counts.items() if count}
    assert counts == {"new": 1, "to_apply": 1}


# What is different in an otherwise good row -> column and words of the sentence.
BAD_CELLS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a reference with a slash": ({"Local ref": "ST/1"}, "A", "Use only letters, figures"),
    "a reference too long": ({"Local ref": "S" * 21}, "A", "has 21 characters; at most 20"),
    "on portal perhaps": ({"On portal": "Perhaps"}, "C", "is “Perhaps”, which is not known."),
    "no report": ({"Source report": None}, "D", "Enter the title of the report"),
    "unknown type": ({"Source type": "Blog"}, "F", "Use PEEL inspection, National thematic"),
    "internal review": ({"Source type": "Internal review"}, "F", "Use PEEL inspection, National"),
    "unknown kind": (
        {"Kind": "Suggestion"},
        "G",
        "is “Suggestion”, which is not known. Use Cause of concern, Recommendation or AFI.",
    ),
    "no kind": ({"Kind": None}, "G", "Enter Cause of concern, Recommendation or AFI."),
    "level 5": ({"Level": 5}, "I", "The activity level is 1, 2, 3 or 4."),
    "level of a cause": ({"Kind": "Cause of concern"}, "I", "has no activity level"),
    "unknown scope": ({"Scope": "Regional"}, "J", "Use Local or National."),
    "unknown question": ({"PAF question": 12}, "K", "2023-25 has no such question."),
    "31 February": ({"Received": "31/02/2024"}, "O", "“31/02/2024”, which is not a real date"),
    "received tomorrow": ({"Received": "26 November 2024"}, "O", "which is in the future"),
    "received before published": ({"Received": "1.1.23"}, "O", "before the report was published"),
    "published tomorrow": ({"Published": "26.11.24"}, "E", "which is in the future"),
    "unknown stage": ({"Stage": "Parked"}, "Q", "Use In progress, Local closure, With HMICFRS"),
    "no stage date": ({"Stage date": None}, "R", "the day since when it is at this stage"),
    "stage before received": ({"Stage date": "10.1.23"}, "R", "before the action was received"),
    "unknown confidence": ({"Delivery confidence": "Blue"}, "S", "Use High or Medium or Low."),
    "update without its date": ({"Latest update date": None}, "V", "the day of the latest update"),
    "date without its update": ({"Latest update": None}, "U", "Enter the update, or empty"),
    "update of tomorrow": ({"Latest update date": "26.11.24"}, "V", "which is in the future"),
    "closed without a date": ({**CLOSED, "Closed": None}, "W", "Enter the closing date."),
    "closed before received": ({**CLOSED, "Closed": "10.1.23"}, "W", "before the action was"),
    "closed tomorrow": ({**CLOSED, "Closed": "26.11.24"}, "W", "which is in the future"),
    "closed for no reason": ({**CLOSED, "Closure reason": None}, "X", "Say why it closed."),
    "closing date, not closed": ({"Closed": "1.3.24"}, "W", "but the stage is not Closed"),
    "closing words, not closed": ({"Closure reason": "Done."}, "X", "but the stage is not Closed"),
    "level 1 in progress": ({"Level": 1}, "Q", "A level 1 action is closed on the day"),
    "level 1 closed later": ({**CLOSED, "Level": 1}, "W", "closes on the day it is received"),
    "local closure at level 3": (
        {"Level": 3, "Stage": "Local closure"},
        "Q",
        "Local closure is for level 2 and super-complaint actions.",
    ),
    "with HMICFRS at level 2": ({"Stage": "With HMICFRS"}, "Q", "Only level 3 actions are with"),
    "an AFI with a parent": ({"Kind": "AFI", "Parent ref": "ST-2"}, "H", "An AFI cannot belong"),
    "a cause with a parent": (
        {"Kind": "Cause of concern", "Level": None, "Parent ref": "ST-2"},
        "H",
        "A cause of concern cannot belong",
    ),
    "its own parent": ({"Parent ref": "ST-0001"}, "H", "is the action itself"),
    "a parent that does not exist": ({"Parent ref": "ST-9"}, "H", "There is no action “ST-9”."),
    "a super-complaint's level": ({**SUPER_COMPLAINT, "Level": 2}, "I", "has no activity level"),
    "a super-complaint on the portal": (
        {**SUPER_COMPLAINT, "On portal": "Yes"},
        "C",
        "is not on the portal. Enter No.",
    ),
    "a super-complaint's portal reference": (
        {**SUPER_COMPLAINT, "Portal ref": "REC-1"},
        "B",
        "is not on the portal. Empty the cell.",
    ),
    "a super-complaint's AFI": ({**SUPER_COMPLAINT, "Kind": "AFI"}, "G", "recommendations only"),
    "another body's level": (
        {"Source type": "Report of another body", "On portal": "No", "Portal ref": None},
        "I",
        "An action from another body has no activity level.",
    ),
    "a new report without its date": ({"Published": None}, "E", "enter the day it was published"),
    "a new report without its type": ({"Source type": None}, "F", "so enter its type"),
}


@pytest.mark.parametrize("name", BAD_CELLS)
def test_a_row_that_cannot_be_read_says_where_and_what_to_do(name: str, take_in: TakeIn) -> None:
    different, column, words = BAD_CELLS[name]
    received = take_in([{**row(), **different}])
    assert outcomes(received) == [Outcome.UNREADABLE]
    found = problems(received)
    assert len(found) == 1
    assert found[0].startswith(f"{column}: ")
    assert words in found[0]


def test_a_cell_of_40_000_characters_is_refused(take_in: TakeIn) -> None:
    received = receive(with_long_text(40_000), "list.xlsx", actor=None)
    expected = "N: has 40,000 characters; at most 10,000 can be kept. Shorten it."
    assert problems(received) == [expected]


def test_everything_that_is_wrong_with_a_row_is_said_at_once(take_in: TakeIn) -> None:
    received = take_in([row(Level=7, Scope="Regional", Received="soon")])
    assert [each[0] for each in problems(received)] == ["I", "J", "O"]


GOOD_ROWS: dict[str, dict[str, Any]] = {
    "no level yet": {"Level": None},
    "closed": CLOSED,
    "closed on arrival at level 1": {**CLOSED, "Level": 1, "Closed": "11 January 2023"},
    "local closure": {"Stage": "Local closure"},
    "with HMICFRS": {"Level": 3, "Stage": "With HMICFRS"},
    "a cause of concern": {"Kind": "Cause of concern", "Level": None},
    "a super-complaint": SUPER_COMPLAINT,
    "a super-complaint in local closure": {**SUPER_COMPLAINT, "Stage": "Local closure"},
    "no update": UPDATED,
    "no leads": {"Executive lead": None, "Delivery lead": None},
    "a closed row without stage date": {**CLOSED, "Stage date": None},
    "text like a formula": {"Action required": "=cmd|' /C calc'!A0"},
    "text like a number": {"Action required": "-1 is not a number here"},
}


@pytest.mark.parametrize("name", GOOD_ROWS)
def test_a_row_like_this_is_good(name: str, take_in: TakeIn) -> None:
    received = take_in([{**row(), **GOOD_ROWS[name]}])
    assert problems(received) == []
    assert outcomes(received) == [Outcome.NEW]


def test_neither_of_two_rows_with_one_reference_is_taken(take_in: TakeIn) -> None:
    received = take_in([row(1), row(2), row(3, Local_ref="st-0001")])
    assert outcomes(received) == ["unreadable", "new", "unreadable"]
    assert [each[:21] for each in problems(received)] == [
        "A: is also in row 4. ",
        "A: is also in row 2. ",
    ]
    assert received.counts["unreadable"] == 2


def test_neither_of_two_rows_with_one_portal_reference_is_taken(take_in: TakeIn) -> None:
    received = take_in([row(1), row(2, Portal_ref="REC-1")])
    assert outcomes(received) == ["unreadable", "unreadable"]
    assert {each[0] for each in problems(received)} == {"B"}


def test_a_portal_reference_that_another_action_has_is_refused(take_in: TakeIn) -> None:
    make_action("ST-0077", portal_reference="REC-1")
    assert "“REC-1” belongs to ST-0077." in problems(take_in([row()]))[0]


def test_a_recommendation_may_come_before_its_cause_of_concern(take_in: TakeIn) -> None:
    cause = row(2, Kind="Cause of concern", Level=None)
    assert outcomes(take_in([row(1, Parent_ref="ST-0002"), cause])) == ["new", "new"]


def test_the_cause_of_concern_may_be_here_already(take_in: TakeIn) -> None:
    make_action("ST-0050", kind=Kind.CAUSE_OF_CONCERN)
    assert outcomes(take_in([row(1, Parent_ref="ST-0050")])) == ["new"]


def test_a_parent_must_be_a_cause_of_concern(take_in: TakeIn) -> None:
    make_action("ST-0050")
    received = take_in([row(1, Parent_ref="ST-0050"), row(2, Parent_ref="ST-0003"), row(3)])
    assert problems(received) == [
        "H: “ST-0050” is not a cause of concern. Correct the reference.",
        "H: “ST-0003” is not a cause of concern. Correct the reference.",
    ]


def test_a_recommendation_waits_for_a_cause_of_concern_that_cannot_be_read(
    take_in: TakeIn,
) -> None:
    cause = row(2, Kind="Cause of concern", Level=None, Scope="Regional")
    received = take_in([row(1, Parent_ref="ST-0002"), cause])
    assert "The row of “ST-0002” cannot be read." in problems(received)[0]


def test_a_recommendation_waits_for_a_cause_of_concern_that_is_there_twice(
    take_in: TakeIn,
) -> None:
    cause = row(2, Kind="Cause of concern", Level=None)
    received = take_in([row(1, Parent_ref="ST-0002"), cause, {**cause, "Portal ref": "REC-9"}])
    assert outcomes(received) == ["unreadable"] * 3
    assert received.new_publications == []
    assert received.new_leads == []


def test_a_report_that_is_not_recorded_is_listed_with_its_actions(take_in: TakeIn) -> None:
    received = take_in([row(1), row(2)])
    assert received.new_publications == [{"title": REPORT, "published": "2023-01-10", "actions": 2}]


def test_rows_of_one_new_report_have_to_agree_about_it(take_in: TakeIn) -> None:
    received = take_in(
        [row(1), row(2, Published="9 January 2023"), row(3, Source_type="Joint inspection")]
    )
    assert outcomes(received) == ["new", "unreadable", "unreadable"]
    assert "An earlier row gives 10 January 2023" in problems(received)[0]
    assert "another type" in problems(received)[1]


def test_a_report_is_known_by_its_title_however_it_is_typed(take_in: TakeIn) -> None:
    make_publication("Police’s  dogs – a review", published_on=day("2023-01-10"))
    received = take_in([row(Source_report="POLICE'S DOGS - a review", Published=None)])
    assert outcomes(received) == ["new"]
    assert received.new_publications == []


def test_of_two_reports_with_one_title_the_date_tells_which(take_in: TakeIn) -> None:
    make_publication(REPORT, published_on=day("2023-01-10"))
    make_publication(REPORT, published_on=day("2019-01-10"))
    received = take_in([row()])
    assert outcomes(received) == ["new"]
    assert received.new_publications == []


def test_a_date_that_is_not_the_recorded_one_is_refused(take_in: TakeIn) -> None:
    make_publication(REPORT, published_on=day("2023-01-09"))
    assert "recorded as published on 9 January 2023" in problems(take_in([row()]))[0]


def test_a_report_of_which_only_the_month_is_known_takes_any_day_of_it(take_in: TakeIn) -> None:
    make_publication(REPORT, published_on=day("2023-01-01"), date_precision="month")
    assert outcomes(take_in([row()])) == ["new"]


def test_the_recorded_type_decides_the_register(take_in: TakeIn) -> None:
    make_publication(REPORT, published_on=day("2023-01-10"), type=PublicationType.SUPER_COMPLAINT)
    received = take_in([row(Source_type=None)])
    assert {each[0] for each in problems(received)} == {"B", "C", "I"}


def test_leads_that_are_not_recorded_are_listed(take_in: TakeIn) -> None:
    assert take_in([row(1), row(2)]).new_leads == ["ACC Baker", "Head of Crime"]


def test_closing_words_that_nobody_knows_are_told(take_in: TakeIn) -> None:
    received = take_in([{**row(), **CLOSED, "Closure reason": "Tidied away."}])
    assert only_row(received).outcome == Outcome.NEW
    assert "recorded as “Completed (local closure)”" in only_row(received).notes[0]["message"]
    assert received.counts["notes"] == 1


def test_without_a_framework_a_question_cannot_be_matched(db: None, media: object) -> None:
    received = receive(start_list([row(PAF_question=6)]), "list.xlsx", actor=None)
    assert "no PAF framework has been loaded" in problems(received)[0]


# Actions that are here ----------------------------------------------------------------------------
def here(**different: Any) -> Any:
    """The action of a good row, as it would be after a first load."""
    values: dict[str, Any] = {
        "publication": make_publication(REPORT, published_on=day("2023-01-10")),
        "portal_reference": "REC-1",
        "text": "Chief constables should give every dog a bed.",
        "received": "2023-01-11",
        "since": "2023-01-18",
        "executive": "ACC Baker",
        "delivery": "Head of Crime",
        "due": "2024-12-31",
        "update": "Beds have been ordered.",
        "updated": "2024-11-20",
        "confidence": "Medium",
    }
    return make_action("ST-0001", **{**values, **different})


def changes(received: SpreadsheetImport) -> dict[str, tuple[str, str]]:
    return {each["field"]: (each["ours"], each["theirs"]) for each in only_row(received).changes}


def notes(received: SpreadsheetImport) -> dict[str, str]:
    return {each["column"]: each["message"] for each in only_row(received).notes}


def test_a_row_that_says_what_is_here_changes_nothing(take_in: TakeIn) -> None:
    here()
    received = take_in([row()])
    assert outcomes(received) == [Outcome.UNCHANGED]
    assert only_row(received).notes == []


def test_a_reference_is_the_same_in_small_letters(take_in: TakeIn) -> None:
    here()
    assert outcomes(take_in([row(Local_ref="st-0001")])) == [Outcome.UNCHANGED]


CHANGES: dict[str, tuple[dict[str, Any], str, tuple[str, str]]] = {
    "text": (
        {"Action required": "Every dog should have a bed."},
        "text",
        ("Chief constables should give every dog a bed.", "Every dog should have a bed."),
    ),
    "portal reference": ({"Portal ref": "REC-2"}, "portal_reference", ("REC-1", "REC-2")),
    "gone from the portal": ({"On portal": "No"}, "on_portal", ("Yes", "No")),
    "question area": ({"PAF question": 6}, "question", ("", "6")),
    "executive lead": ({"Executive lead": "ACC Felton"}, "executive", ("ACC Baker", "ACC Felton")),
    "delivery lead": (
        {"Delivery lead": "Head of Dogs"},
        "delivery",
        ("Head of Crime", "Head of Dogs"),
    ),
    "due date": ({"Due": "31.3.25"}, "due", ("31 December 2024", "31 March 2025")),
    "a newer update": (
        {"Latest update": "Beds are there.", "Latest update date": "21.11.24"},
        "update",
        (
            "Beds have been ordered. (20 November 2024)",
            "Beds are there. (21 November 2024)",
        ),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_list_says_differently_is_shown_beside_ours(name: str, take_in: TakeIn) -> None:
    here()
    different, field, expected = CHANGES[name]
    received = take_in([{**row(), **different}])
    assert outcomes(received) == [Outcome.CHANGED]
    assert changes(received) == {field: expected}


def test_a_newer_update_may_bring_another_confidence(take_in: TakeIn) -> None:
    here()
    received = take_in(
        [row(Latest_update="Done.", Latest_update_date="21.11.24", Delivery_confidence="High")]
    )
    assert changes(received)["confidence"] == ("Medium", "High")


def test_the_first_update_of_an_action_is_a_change(take_in: TakeIn) -> None:
    here(update="", updated=None, confidence="")
    assert changes(take_in([row()]))["update"][0] == ""


def test_an_empty_cell_erases_nothing(take_in: TakeIn) -> None:
    here()
    blank = {
        name: None
        for name in (
            "Portal ref",
            "PAF question",
            "Executive lead",
            "Delivery lead",
            "Due",
            "Delivery confidence",
            "Confidence reason",
            *UPDATED,
        )
    }
    assert outcomes(take_in([{**row(), **blank}])) == [Outcome.UNCHANGED]


def test_an_older_update_is_passed_over(take_in: TakeIn) -> None:
    here()
    received = take_in([row(Latest_update="Old news.", Latest_update_date="1.11.24")])
    assert outcomes(received) == [Outcome.UNCHANGED]
    assert notes(received) == {}


FIXED: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "report": ({"Source report": "Another report"}, {"D": "In the sheet: Another report."}),
    "kind": ({"Kind": "AFI"}, {"G": "Here: Recommendation. In the sheet: AFI."}),
    "parent": ({"Parent ref": "ST-7"}, {"H": "Here: nothing. In the sheet: ST-7."}),
    "level": ({"Level": 3}, {"I": "Here: 2. In the sheet: 3."}),
    "scope": ({"Scope": "Local"}, {"J": "Here: National. In the sheet: Local."}),
    "received": ({"Received": "12.1.23"}, {"O": "Here: 11 January 2023. In the sheet: 12"}),
    "stage": (
        {"Stage": "Local closure"},
        {"Q": "Here: In progress. In the sheet: Local closure."},
    ),
    "closed": (
        CLOSED,
        {
            "Q": "Here: In progress. In the sheet: Closed.",
            "W": "Here: nothing. In the sheet: 1 March 2024.",
        },
    ),
}


@pytest.mark.parametrize("name", FIXED)
def test_what_a_spreadsheet_cannot_change_is_noted_cell_by_cell(name: str, take_in: TakeIn) -> None:
    here()
    different, expected = FIXED[name]
    received = take_in([{**row(), **different}])
    assert outcomes(received) == [Outcome.UNCHANGED]
    found = notes(received)
    assert found.keys() == expected.keys()
    for column, words in expected.items():
        assert found[column].startswith("Cannot be changed by spreadsheet.")
        assert words in found[column]
    assert received.counts["fixed"] == 1


def test_an_update_of_the_same_day_is_not_rewritten(take_in: TakeIn) -> None:
    here()
    received = take_in([row(Latest_update="Beds were bought.", Delivery_confidence="High")])
    assert [each["field"] for each in only_row(received).changes] == ["confidence"]
    assert notes(received).keys() == {"U"}
    assert "An update is never rewritten" in notes(received)["U"]


def test_rows_of_other_registers_are_compared_as_well(take_in: TakeIn) -> None:
    publication = make_publication(
        "Report on the kennels super-complaint",
        published_on=day("2023-01-10"),
        type=PublicationType.SUPER_COMPLAINT,
    )
    here(
        publication=publication,
        register=Register.SUPER_COMPLAINT,
        portal_reference=None,
        on_portal=False,
    )
    without_type = {**SUPER_COMPLAINT, "Source type": None, "Stage": "Local closure"}
    assert outcomes(take_in([{**row(), **without_type}])) == [Outcome.UNCHANGED]


def test_queries_do_not_grow_with_the_rows(take_in: TakeIn) -> None:
    def reads(rows: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            take_in([row(n) for n in range(1, rows + 1)], headers=HEADERS)
        return sum(query["sql"].startswith("SELECT") for query in caught.captured_queries)

    few = reads(2)
    Framework.objects.filter(version="2023-25").update(version="old")
    assert reads(200) == few
