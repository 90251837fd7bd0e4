"""The list of actions: its filters as at a date, its tabs, its columns, its sentence."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from inspections.choices import LeadRole, PublicationType
from people.models import User
from tests.factories import (
    day,
    make_action,
    make_framework,
    make_lead,
    make_periods,
    make_publication,
)
from tests.tracker.lists import LIST, cell, found, sentence
from tracker.choices import Kind, Register, Status
from tracker.models import ActionLead, DueDate, ProgressUpdate

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def staff(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.staff)


# What the list is of ----------------------------------------------------------------------------


def test_the_list_is_of_live_actions_today_unless_told(staff: Client) -> None:
    make_action("LIVE")
    make_action("CLOSED", status=Status.CLOSED)
    make_action("LATER", received="2024-11-26")
    make_action("OTHER", register=Register.OTHER_BODY)
    make_action("ERROR", entered_in_error=True)
    assert found(staff, "") == ["LIVE"]
    assert found(staff, "show=closed") == ["CLOSED"]
    assert found(staff, "show=all") == ["CLOSED", "LIVE"]


def test_registers_that_are_not_counted_show_when_asked_for(staff: Client) -> None:
    make_action("OTHER", register=Register.OTHER_BODY)
    make_action("INNER", register=Register.INTERNAL)
    assert found(staff, "register=other_body") == ["OTHER"]
    assert sentence(staff, "register=other_body") == "1 live action as at 25 November 2024"


def test_status_stage_level_and_leads_are_those_of_the_day(staff: Client) -> None:
    action = make_action(
        "MOVED", received="2023-01-11", status=Status.CLOSED, since="2024-06-01", level=2
    )
    for name, start, end in (
        ("ACC Old", "2023-01-11", "2024-01-01"),
        ("ACC New", "2024-01-01", None),
    ):
        ActionLead.objects.create(
            action=action,
            role=LeadRole.EXECUTIVE,
            lead=make_lead(name),
            started_on=day(start),
            ended_on=day(end) if end else None,
        )
    before, after = "as_at=2023-06-01", "as_at=2024-07-01"
    assert found(staff, f"{before}&stage=in_progress&level=2&executive=acc-old") == ["MOVED"]
    assert found(staff, f"{before}&executive=acc-new") == []
    assert found(staff, f"{after}&stage=closed&executive=acc-new") == ["MOVED"]
    assert found(staff, f"{after}&status=in_progress") == []
    assert found(staff, "as_at=2023-01-10&show=all") == []


def test_due_dates_updates_and_confidence_are_those_known_on_the_day(staff: Client) -> None:
    action = make_action(
        "LATE", due="2024-02-01", updated="2023-12-20", confidence="High", received="2023-01-11"
    )
    DueDate.objects.create(
        action=action,
        sequence=1,
        due_on=day("2024-12-31"),
        agreed_on=day("2024-05-01"),
        reason="Waiting for the new system.",
    )
    ProgressUpdate.objects.create(action=action, made_on=day("2024-11-20"), text="Nearly there.")
    assert found(staff, "as_at=2024-03-01&overdue=yes&stale=yes&confidence=1") == ["LATE"]
    assert found(staff, "as_at=2023-12-21&stale=yes") == []
    assert found(staff, "as_at=2023-12-19&confidence=none") == ["LATE"]
    assert found(staff, "overdue=yes") == []
    assert found(staff, "stale=yes") == []
    assert found(staff, "due_from=1.12.24&due_to=31/12/2024") == ["LATE"]
    assert found(staff, "due_to=2024-12-30") == []


def test_what_is_not_kept_by_date_is_said_to_be_of_now(staff: Client) -> None:
    make_action()
    page = staff.get(f"{LIST}?as_at=20.11.24").content.decode()
    assert "text, PAF area and publication are as they are now" in page
    assert 'href="/actions/">Show today' in page
    assert "as they are now" not in staff.get(LIST).content.decode()


@pytest.mark.parametrize(
    "text", ["2024-11-20", "20.11.24", "20/11/2024", "20 November 2024", "20 nov 2024"]
)
def test_the_day_may_be_written_as_people_write_it(staff: Client, text: str) -> None:
    make_action()
    assert sentence(staff, f"as_at={text}") == "1 live action as at 20 November 2024"


def test_a_day_that_has_not_come_shows_today_and_says_so(staff: Client) -> None:
    response = staff.get(f"{LIST}?as_at=2024-11-26")
    assert response.context["as_at"] == day("2024-11-25")
    assert "26 November 2024 has not come yet, so today is shown." in response.content.decode()


def test_links_of_an_earlier_day_lead_to_the_action_on_that_day(staff: Client) -> None:
    make_action("ST-0001")
    assert "/actions/ST-0001/?as_at=2024-11-01" in cell(staff, "reference", "as_at=1.11.24")
    assert "as_at" not in cell(staff, "reference")


# Filters ----------------------------------------------------------------------------------------


def test_kind_scope_level_and_portal_filter(staff: Client) -> None:
    make_action("COC", kind=Kind.CAUSE_OF_CONCERN, scope="local")
    make_action("REC", level=2)
    make_action("AFI", kind=Kind.AFI, level=3, on_portal=False)
    make_action("NEW", level=None)
    assert found(staff, "kind=afi&kind=cause_of_concern") == ["AFI", "COC"]
    assert found(staff, "scope=local") == ["COC"]
    assert found(staff, "level=2&level=3") == ["AFI", "REC"]
    assert found(staff, "level=none") == ["COC", "NEW"]
    assert found(staff, "level=2&level=none") == ["COC", "NEW", "REC"]
    assert found(staff, "portal=no") == ["AFI"]
    assert found(staff, "portal=yes") == ["COC", "NEW", "REC"]
    assert len(found(staff, "portal=yes&portal=no")) == 4


def test_an_action_that_has_left_the_portal_is_not_on_it_since(staff: Client) -> None:
    make_action("GONE", received="2023-01-11", gone_since="2024-06-01")
    assert found(staff, "as_at=2024-05-31&portal=yes") == ["GONE"]
    assert found(staff, "as_at=2024-06-01&portal=no") == ["GONE"]


def test_question_publication_and_type_filter(staff: Client) -> None:
    first, second = make_framework().questions.all()
    report = make_publication(slug="rape-2024", type=PublicationType.JOINT)
    make_action("ONE", question=first, publication=report)
    make_action("TWO", question=second)
    make_action("NONE")
    assert found(staff, "question=1") == ["ONE"]
    assert found(staff, "question=2&question=none") == ["NONE", "TWO"]
    assert found(staff, "publication=rape-2024") == ["ONE"]
    assert found(staff, "type=national_thematic") == ["NONE", "TWO"]


def test_a_question_number_means_that_question_of_every_framework(staff: Client) -> None:
    old = make_framework("2021-22").questions.get(number=1)
    new = make_framework("2023-25").questions.get(number=1)
    make_action("OLD", question=old)
    make_action("NEW", question=new)
    assert found(staff, "question=1") == ["NEW", "OLD"]


def test_leads_filter_by_post_and_by_there_being_none(staff: Client) -> None:
    make_action("ONE", executive="ACC Baker", delivery="Head of Crime")
    make_action("TWO", executive="ACC Felton")
    assert found(staff, "executive=acc-baker") == ["ONE"]
    assert found(staff, "executive=acc-baker&executive=acc-felton") == ["ONE", "TWO"]
    assert found(staff, "delivery=none") == ["TWO"]
    assert found(staff, "delivery=head-of-crime&delivery=none") == ["ONE", "TWO"]


def test_led_by_me_means_the_leads_i_hold_on_the_day(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_lead("Head of Crime", holder=cast.delivery)
    make_action("MINE", delivery="Head of Crime")
    make_action("OTHER", delivery="Head of Finance")
    assert found(sign_in(cast.delivery), "lead=me") == ["MINE"]
    assert found(sign_in(cast.staff), "lead=me") == []


def test_actions_without_a_due_date_are_found(staff: Client) -> None:
    make_action("DATED", due="2025-01-01")
    make_action("UNDATED")
    assert found(staff, "due=none") == ["UNDATED"]


def test_a_closing_day_alone_means_closed_actions(staff: Client) -> None:
    make_action("LIVE", received="2024-01-01")
    make_action("EARLY", received="2024-01-01", status=Status.CLOSED, since="2024-02-01")
    make_action("LATE", received="2024-01-01", status=Status.CLOSED, since="2024-06-01")
    query = "closed_from=2024-05-01"
    assert found(staff, query) == ["LATE"]
    assert sentence(staff, query) == "1 of 2 closed actions as at 25 November 2024"


def test_a_framework_chosen_by_a_link_is_kept_and_can_be_taken_off(staff: Client) -> None:
    old, new = make_framework("2023-25"), make_framework("2025-27")
    make_action("OLD", question=old.questions.get(number=1))
    make_action("NEW", question=new.questions.get(number=1))
    assert found(staff, "question=1") == ["NEW", "OLD"]
    assert found(staff, "question=1&framework=2025-27") == ["NEW"]
    context = staff.get("/actions/?question=1&framework=2025-27").context
    assert [chip.text for chip in context["chips"]] == ["PAF 1", "PAF 2025-27"]
    assert ("framework", "2025-27") in context["panel"].hidden


def test_last_update_and_publication_filter_by_their_days(staff: Client) -> None:
    old = make_publication(published_on=day("2022-01-10"))
    make_action("OLD", publication=old, update="Work.", updated="2024-02-01")
    make_action("NEW", received="2024-05-01")
    assert found(staff, "updated_to=2024-04-30") == ["OLD"]
    assert found(staff, "updated_from=2024-04-30") == ["NEW"]
    assert found(staff, "updated_from=2024-02-01&updated_to=2024-05-01") == ["NEW", "OLD"]
    assert found(staff, "published_to=2022-01-10") == ["OLD"]
    assert found(staff, "published_from=2022-01-11") == ["NEW"]


def test_closed_actions_that_would_match_are_pointed_to(staff: Client) -> None:
    make_action("GONE", status=Status.CLOSED, since="2024-02-01", search_text="gone kennels")
    make_action("HERE", search_text="here")
    page = staff.get(f"{LIST}?q=kennels").content.decode()
    assert "One action that is not live does." in page
    assert 'href="/actions/?q=kennels&amp;show=all"' in page
    assert "Nothing matches these filters" in staff.get(f"{LIST}?q=wardrobe").content.decode()


def test_received_and_closed_filter_by_their_days(staff: Client) -> None:
    make_action("OLD", received="2023-01-11", status=Status.CLOSED, since="2024-03-15")
    make_action("NEW", received="2024-03-10")
    assert found(staff, "received_from=2024-03-10&received_to=2024-03-10") == ["NEW"]
    assert found(staff, "received_to=2024-01-01&show=all") == ["OLD"]
    assert found(staff, "closed_from=2024-03-15&closed_to=2024-03-15&show=all") == ["OLD"]
    assert found(staff, "closed_from=2024-03-16&show=all") == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("opening", ["CLOSED", "STAYED"]),
        ("new", ["NEW"]),
        ("closed", ["CLOSED"]),
        ("closing", ["AGAIN", "NEW", "STAYED"]),
        ("reopened", ["AGAIN"]),
    ],
)
def test_a_movement_shows_exactly_its_actions(
    staff: Client, change: str, expected: list[str]
) -> None:
    make_action("STAYED", received="2023-01-11")
    make_action("CLOSED", received="2023-01-11", status=Status.CLOSED, since="2024-03-01")
    make_action("NEW", received="2024-03-01")
    again = make_action("AGAIN", received="2023-01-11")
    again.periods.all().delete()
    make_periods(again, day("2023-01-11"), Status.CLOSED, day("2023-06-01"), 2)
    closed = again.periods.get(ended_on=None)
    closed.ended_on = day("2024-04-01")
    closed.save()
    again.periods.create(
        sequence=3, status=Status.IN_PROGRESS, level=2, started_on=day("2024-04-01")
    )
    query = f"since=31.10.23&change={change}&as_at=20.11.24"
    assert found(staff, query) == expected
    assert sentence(staff, query).startswith(f"{len(expected)} action")


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("change=new", "say since when"),
        ("since=2024-01-01", "choose what has changed as well"),
        ("since=2024-11-21&change=new&as_at=2024-11-20", "must not be after 20 November 2024"),
        ("due_from=2024-12-01&due_to=2024-11-01", "“Due from” is after “Due to”"),
        ("question=99", "“99” is not one of the choices"),
    ],
)
def test_filters_that_make_no_sense_together_are_explained(
    staff: Client, query: str, note: str
) -> None:
    assert any(note in each for each in staff.get(f"{LIST}?{query}").context["notes"])


# Tabs and sentence ------------------------------------------------------------------------------


def test_tabs_count_live_mine_overdue_stale_closed_and_all(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_lead("Head of Crime", holder=cast.delivery)
    make_action(delivery="Head of Crime", due="2024-01-01", updated="2024-11-20")
    make_action(updated="2024-11-20")
    make_action(updated="2024-01-20")
    make_action(status=Status.CLOSED, since="2024-01-01", due="2023-06-01")
    response = sign_in(cast.delivery).get(LIST)
    assert {tab.text: tab.count for tab in response.context["tabs"]} == {
        "Live": 3,
        "Mine": 1,
        "Overdue": 1,
        "Not updated": 1,
        "Closed": 1,
        "All": 4,
    }
    for tab in response.context["tabs"]:
        shown = sign_in(cast.delivery).get(tab.href)
        assert shown.context["count"] == tab.count
        assert [each.text for each in shown.context["tabs"] if each.current] == [tab.text]


def test_tabs_keep_the_day_and_the_order(staff: Client) -> None:
    tabs = staff.get(f"{LIST}?as_at=20.11.24&sort=-due&level=2").context["tabs"]
    assert tabs[2].href == f"{LIST}?as_at=20.11.24&sort=-due&overdue=yes"
    assert not any(tab.current for tab in tabs)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "2 live actions as at 25 November 2024"),
        ("level=3", "1 of 2 live actions as at 25 November 2024"),
        ("stage=in_progress&level=4", "0 of 2 live actions as at 25 November 2024"),
        ("show=closed", "1 closed action as at 25 November 2024"),
        ("stage=closed", "1 closed action as at 25 November 2024"),
        ("stage=closed&status=in_progress", "0 of 3 actions as at 25 November 2024"),
        ("show=all", "3 actions as at 25 November 2024"),
        ("show=all&level=3", "1 of 3 actions as at 25 November 2024"),
    ],
)
def test_the_sentence_says_how_many_of_what_as_at_when(
    staff: Client, query: str, expected: str
) -> None:
    make_action(level=2)
    make_action(level=3)
    make_action(status=Status.CLOSED)
    assert sentence(staff, query) == expected


def test_sensitive_actions_are_in_no_list_or_count_of_those_who_may_not_read_them(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_lead("Head of Crime", holder=cast.delivery)
    make_action("SECRET", marking="OFFICIAL-SENSITIVE", delivery="Head of Crime")
    shown = {name: found(sign_in(getattr(cast, name)), "") == ["SECRET"] for name in vars(cast)}
    assert {name for name, seen in shown.items() if seen} == {
        "delivery",
        "assurance",
        "governance",
        "chair",
        "deputy",
    }
    assert all(tab.count == 0 for tab in sign_in(cast.staff).get(LIST).context["tabs"])


# Counts per choice ------------------------------------------------------------------------------


def test_each_choice_counts_what_it_would_leave(staff: Client) -> None:
    question = make_framework().questions.get(number=2)
    make_action(executive="ACC Baker", confidence="Low", question=question, due="2024-01-01")
    make_action(on_portal=False, kind=Kind.AFI)
    make_action(status=Status.CLOSED)
    panel = staff.get(f"{LIST}?counts=yes").context["panel"]
    counts = {
        (control.name, option.value): option.count
        for section in panel.sections
        for control in section.controls
        for option in control.options
    }
    assert counts["question", "2"] == 1
    assert counts["question", "none"] == 1
    assert counts["executive", "acc-baker"] == 1
    assert counts["executive", "none"] == 1
    assert (counts["confidence", "3"], counts["confidence", "none"]) == (1, 1)
    assert (counts["portal", "yes"], counts["portal", "no"]) == (1, 1)
    assert (counts["kind", "afi"], counts["kind", "recommendation"]) == (1, 1)
    # To choose the stage "closed" is to leave the live ones, so it counts what it would show.
    assert (counts["stage", "in_progress"], counts["stage", "closed"]) == (2, 1)
    assert counts["overdue", "yes"] == 1
    assert counts["due", "none"] == 1
    assert counts["lead", "me"] == 0


def test_registers_that_are_not_counted_say_how_many_they_would_show(staff: Client) -> None:
    make_action("OURS")
    make_action("THEIRS", register=Register.OTHER_BODY)
    panel = staff.get(f"{LIST}?counts=yes").context["panel"]
    [control] = [
        each for section in panel.sections for each in section.controls if each.name == "register"
    ]
    counts = {option.value: option.count for option in control.options}
    assert (counts["hmicfrs"], counts["other_body"]) == (1, 1)


def test_counts_stand_beside_every_kind_of_filter_at_once(staff: Client) -> None:
    make_action(due="2024-01-01", executive="ACC Baker")
    query = "counts=yes&overdue=yes&executive=acc-baker&since=2023-10-31&change=closing&sort=due"
    assert staff.get(f"{LIST}?{query}").context["count"] == 1
