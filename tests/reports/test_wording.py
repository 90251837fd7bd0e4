"""The sentences of a report: up, down, unchanged; one and several; done, begun and ongoing."""

import pytest

from reports import wording
from tests.factories import day
from tests.reports.conftest import (
    AS_AT,
    SINCE,
    make_facts,
    make_group,
    make_movement,
    make_row,
    make_snapshot,
)
from tracker.choices import Kind, Register
from tracker.position import Stages, Table, TrendPoint


@pytest.mark.parametrize(
    ("opening", "closing", "words"),
    [
        (133, 123, "has fallen by 10, from 133 at 31 October 2023 to 123 at 20 November 2024."),
        (7, 8, "has risen by one, from 7 at 31 October 2023 to 8 at 20 November 2024."),
        (9, 9, "is the same as at the last update: 9, as at 31 October 2023."),
    ],
)
def test_the_comparison_says_up_down_or_unchanged(opening: int, closing: int, words: str) -> None:
    move = make_movement(opening=opening, closing=closing)
    assert words in wording.comparison(make_snapshot(movement=move))


@pytest.mark.parametrize(
    ("new", "closed", "words"),
    [
        (47, 57, "In that time 47 new actions were received and 57 were closed."),
        (1, 1, "In that time one new action was received and one was closed."),
        (0, 0, "In that time no new actions were received and none was closed."),
    ],
)
def test_what_came_and_went_is_counted(new: int, closed: int, words: str) -> None:
    assert wording.flow(make_snapshot(movement=make_movement(new=new, closed=closed))) == words


def test_reopened_actions_are_said_when_there_are_any() -> None:
    sentence = wording.flow(make_snapshot(movement=make_movement(reopened=2)))
    assert "two new actions were received, two were re-opened and five were closed" in sentence


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "One action was closed and re-opened within the period and is counted in neither."),
        (3, "Three actions were closed and re-opened within the period and are counted in neither"),
    ],
)
def test_actions_closed_and_reopened_within_the_period_are_said_apart(
    number: int, words: str
) -> None:
    assert words in wording.flow(make_snapshot(movement=make_movement(closed_and_reopened=number)))


@pytest.mark.parametrize(
    ("local", "national", "words"),
    [
        (15, 108, "Of the 123 live actions, 15 are specific to Cleveland Police."),
        (1, 1, "Of the two live actions, one is specific to Cleveland Police."),
        (0, 2, "Of the two live actions, none are specific to Cleveland Police."),
        (3, 0, "All of them are specific to Cleveland Police."),
        (1, 0, "It is specific to Cleveland Police."),
        (0, 0, ""),
    ],
)
def test_the_local_share_is_said(local: int, national: int, words: str) -> None:
    table = Table(AS_AT, (make_row("AFI level 2", Kind.AFI, 2, local, national),))
    assert wording.local_share(make_snapshot(table=table)) == words


def test_the_stages_are_said_with_what_is_not_on_the_portal() -> None:
    sentence = wording.stage_split(
        make_snapshot(
            stages=Stages(AS_AT, 109, 9, 5, 33, 0, 0),
            movement=make_movement(closed=57, closed_not_on_portal=18),
        )
    )
    assert sentence == (
        "At 20 November 2024, 109 of the live actions are in progress, nine are going through "
        "local closure and five are with HMICFRS for closure. Of these, 33 are not on the "
        "portal. Of the 57 closed, 18 were not on the portal."
    )


def test_nothing_is_said_of_the_portal_when_everything_is_on_it() -> None:
    sentence = wording.stage_split(make_snapshot(stages=Stages(AS_AT, 1, 0, 1, 0, 0, 0)))
    assert sentence == (
        "At 20 November 2024, one of the live actions is in progress, none are going through local "
        "closure and one is with HMICFRS for closure."
    )


def test_a_split_that_is_not_known_is_neither_said_nor_described() -> None:
    unsure = make_snapshot(stages=Stages(AS_AT, 7, 0, 0, 0, 0, 0, assumed=4))
    assert wording.stage_split(unsure) == (
        "How far the live actions had come at 20 November 2024 is not known: the list with which "
        "the force’s record began tells only the latest stage of each."
    )
    assert wording.movement_alt(unsure).endswith("leaves 7 live at 20 November 2024.")


def test_no_live_actions_are_said_plainly() -> None:
    empty = make_snapshot(stages=Stages(AS_AT, 0, 0, 0, 0, 0, 0))
    assert wording.stage_split(empty) == "There are no live actions."


def test_the_trend_says_its_highest_and_lowest() -> None:
    assert wording.trend(make_snapshot()) == (
        "In the chart below the number of live actions is highest on 31 October 2023 (10) and "
        "lowest on 20 November 2024 (7)."
    )


def test_a_flat_trend_says_so() -> None:
    flat = (TrendPoint(SINCE, 3, 0, 0), TrendPoint(AS_AT, 0, 3, 0))
    assert wording.trend(make_snapshot(trend=flat)).endswith(
        "is 3 on every day of the chart below."
    )


def test_the_movement_chart_is_described_by_its_numbers() -> None:
    text = wording.movement_alt(make_snapshot(movement=make_movement(closed_not_on_portal=2)))
    for words in ("10 live actions at 31 October 2023", "plus 2 new", "minus 5 closed", "7 live"):
        assert words in text
    assert "re-opened" not in text


def test_reopened_actions_are_in_the_description_of_the_chart() -> None:
    text = wording.movement_alt(make_snapshot(movement=make_movement(reopened=3)))
    assert "plus 2 new plus 3 re-opened, minus" in text


def test_the_trend_chart_is_described_by_its_numbers() -> None:
    text = wording.trend_alt(make_snapshot())
    assert text.startswith("Stacked bars of live actions at 3 dates, from 10 at 31 October 2023")
    assert "3 local, 4 national, 0 super-complaint" in text


def test_a_publication_says_type_counts_alignment_and_state() -> None:
    afi = make_group(1, kind=Kind.AFI)
    assert wording.publication(make_facts(afi, make_group(4))) == (
        "National thematic inspection with four level 2 recommendations and one level 2 AFI issued "
        "to all forces. Locally aligned to PAF 6 with ACC Baker as executive lead. Work to address "
        "these actions is ongoing."
    )


def test_levels_stand_in_order_and_a_cause_of_concern_first() -> None:
    cause = make_group(1, kind=Kind.CAUSE_OF_CONCERN, level=None)
    sentence = wording.publication(make_facts(make_group(2, level=3), make_group(1), cause))
    assert (
        "with one cause of concern, one level 2 recommendation and two level 3 recommendations"
        in sentence
    )


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([make_group(1)], "Work to address the recommendation is ongoing."),
        ([make_group(5)], "Work to address the recommendations is ongoing."),
        ([make_group(1, kind=Kind.AFI)], "Work to address the AFI is ongoing."),
        (
            [make_group(1, level=2), make_group(1, level=3)],
            "Work to address the recommendations is",
        ),
    ],
)
def test_ongoing_work_is_singular_for_one(groups: list, words: str) -> None:
    assert words in wording.publication(make_facts(*groups))


def test_a_local_note_follows_the_work() -> None:
    facts = make_facts(make_group(5), local_note="as part of Operation Soteria")
    assert wording.publication(facts).endswith("is ongoing as part of Operation Soteria.")


def test_all_done_says_by_when() -> None:
    done = make_group(7, live=0, completed=7, last_closed_on=day("2024-06-19"))
    assert wording.publication(make_facts(done)).endswith(
        "All actions were completed by June 2024."
    )


def test_one_done_says_when() -> None:
    done = make_group(1, live=0, completed=1, last_closed_on=day("2024-06-19"))
    assert wording.publication(make_facts(done)).endswith(
        "The recommendation was completed in June 2024."
    )


def test_an_end_that_is_not_completion_is_not_called_so() -> None:
    ended = make_group(2, live=0, completed=1, last_closed_on=day("2024-06-19"))
    assert wording.publication(make_facts(ended)).endswith("All actions were closed by June 2024.")


def test_part_done_says_how_many_and_what_is_left() -> None:
    part = make_group(5, live=3, completed=2, last_closed_on=day("2024-06-19"))
    assert wording.publication(make_facts(part)).endswith(
        "Two of the five actions have been completed and work to address the other three is "
        "ongoing."
    )


def test_one_of_two_withdrawn_is_closed_not_completed() -> None:
    part = make_group(2, live=1, completed=0, last_closed_on=day("2024-06-19"))
    assert wording.publication(make_facts(part)).endswith(
        "One of the two actions has been closed and work to address the other one is ongoing."
    )


def test_a_super_complaint_names_the_bodies_that_answered_it() -> None:
    group = make_group(14, level=None, register=Register.SUPER_COMPLAINT)
    sentence = wording.publication(
        make_facts(group, super_complaint_response=True, response_published_on=day("2024-11-22"))
    )
    assert sentence.startswith(
        "A super-complaint response from HMICFRS, the College of Policing and the Independent "
        "Office for Police Conduct, with 14 recommendations for all forces."
    )
    assert "The force’s response was published on 22 November 2024. Work to address" in sentence


def test_a_response_and_completed_actions_share_a_sentence() -> None:
    done = make_group(7, live=0, completed=7, last_closed_on=day("2024-06-19"))
    sentence = wording.publication(make_facts(done, response_published_on=day("2024-03-07")))
    assert sentence.endswith(
        "The force’s response was published on 7 March 2024 and all actions were completed by June "
        "2024."
    )


def test_a_local_publication_is_issued_to_the_force() -> None:
    facts = make_facts(make_group(2), is_local=True, described_as="PEEL inspection")
    assert wording.publication(facts).startswith(
        "PEEL inspection with two level 2 recommendations issued to Cleveland Police."
    )


def test_a_publication_older_than_the_period_says_so() -> None:
    sentence = wording.publication(make_facts(before_window=True))
    assert "received since the last update although the report was published before it" in sentence


@pytest.mark.parametrize(
    ("question", "lead", "words"),
    [
        (6, "ACC Baker", "Locally aligned to PAF 6 with ACC Baker as executive lead."),
        (6, "", "Locally aligned to PAF 6."),
        (None, "ACC Baker", "The executive lead is ACC Baker."),
    ],
)
def test_alignment_says_what_is_known(question: int | None, lead: str, words: str) -> None:
    assert words in wording.publication(make_facts(question=question, executive_lead=lead))


def test_nothing_is_said_of_alignment_when_nothing_is_known() -> None:
    sentence = wording.publication(make_facts(question=None, executive_lead=""))
    assert "aligned" not in sentence
    assert "lead" not in sentence


def test_the_table_is_introduced_with_the_lag_of_the_portal() -> None:
    sentence = wording.table_intro(make_snapshot())
    assert "20 November 2024" in sentence
    assert "Super-complaints are not on the portal" in sentence
