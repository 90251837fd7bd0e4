"""Adopting what the portal says: through the workflow, only where the route allows it."""

from typing import Any

import pytest

from people.models import User
from portal.models import Answer, PortalDifference, PortalStatus
from portal.reconciliation.adopting import adopt, name_action, way_of
from portal.reconciliation.answers import seen_mark
from portal.reconciliation.comparing import compare
from tests.factories import day, make_action, make_evidence, make_user
from tests.portal.reconciliation.conftest import Export, row, the_difference
from tracker import workflow
from tracker.choices import CloseReason, Kind, Status
from tracker.editing import due_as_issued
from tracker.models import Action
from tracker.workflow import Refused, When

pytestmark = pytest.mark.django_db
TEXT = "The force should see to it."
SAYS_CLOSED: dict[str, Any] = {
    "status": PortalStatus.CLOSED,
    "closed_on": day("2024-11-18"),
}


def an_action(**fields: Any) -> Action:
    return make_action(portal_reference="REC-1", **{"text": TEXT, **fields})


def adopted(governor: User, **given: Any) -> PortalDifference:
    return adopt(the_difference(), actor=governor, text="The portal says so.", **given).difference


def gone_as_adopted(difference: PortalDifference) -> bool:
    return (
        difference.closed_on == day("2024-11-25")
        and difference.closed_by is None
        and difference.answer == Answer.ADOPTED
    )


def test_what_the_portal_calls_closed_is_verified_where_it_is_with_hmicfrs(
    export: Export, governor: User
) -> None:
    action = an_action(level=3, status=Status.WITH_HMICFRS, since="2024-10-02")
    export(row(level=3, **SAYS_CLOSED))
    when = When(day("2024-11-18"), "Found in the export.")
    assert way_of(the_difference(), governor).day == day("2024-11-18")
    assert gone_as_adopted(adopted(governor, when=when))
    now = workflow.open_period(action)
    assert (now.status, now.started_on, now.close_reason) == (
        Status.CLOSED,
        day("2024-11-18"),
        CloseReason.VERIFIED,
    )


@pytest.mark.parametrize(("level", "status"), [(2, Status.IN_PROGRESS), (3, Status.IN_PROGRESS)])
def test_the_portals_word_closes_nothing_that_its_route_does_not(
    export: Export, governor: User, level: int, status: Status
) -> None:
    action = an_action(level=level, status=status)
    export(row(level=level, **SAYS_CLOSED))
    with pytest.raises(Refused, match="not with HMICFRS for closure"):
        adopted(governor)
    assert workflow.open_period(action).status == status
    assert (the_difference().answer, the_difference().closed_on) == ("", None)


@pytest.mark.parametrize("fields", [{"level": 4}, {"kind": Kind.CAUSE_OF_CONCERN}])
def test_level_4_and_causes_of_concern_take_hmicfrss_document(
    export: Export, governor: User, fields: dict[str, Any]
) -> None:
    action = an_action(**fields)
    rows = [row(level=fields.get("level"), kind=action.kind, **SAYS_CLOSED)]
    if action.kind == Kind.CAUSE_OF_CONCERN:
        child: dict[str, Any] = {"status": Status.CLOSED, "since": "2024-06-01"}
        make_action(parent=action, portal_reference="REC-2", text=TEXT, **child)
        rows.append(row("REC-2", **SAYS_CLOSED))
    export(*rows)
    with pytest.raises(Refused, match="Attach the document"):
        adopted(governor)
    assert workflow.open_period(action).status == Status.IN_PROGRESS
    assert gone_as_adopted(adopted(governor, document=make_evidence()))
    assert workflow.open_period(action).status == Status.CLOSED


def test_a_cause_of_concern_with_a_live_recommendation_stays_open(
    export: Export, governor: User
) -> None:
    cause = an_action(kind=Kind.CAUSE_OF_CONCERN)
    child = make_action(parent=cause, portal_reference="REC-2", text=TEXT)
    export(row(level=None, kind=cause.kind, **SAYS_CLOSED), row("REC-2"))
    with pytest.raises(Refused, match=r"recommendation"):
        adopted(governor, document=make_evidence())
    assert workflow.open_period(cause).status == Status.IN_PROGRESS
    assert workflow.open_period(child).status == Status.IN_PROGRESS


def test_what_the_portal_calls_open_is_re_opened(export: Export, governor: User) -> None:
    action = an_action(status=Status.CLOSED, since="2024-06-01")
    export(row())
    assert gone_as_adopted(adopted(governor))
    now = workflow.open_period(action)
    assert (now.status, now.reason) == (Status.IN_PROGRESS, "Re-opened: The portal says so.")


def test_open_there_and_with_hmicfrs_here_means_not_verified(
    export: Export, governor: User
) -> None:
    action = an_action(level=3, status=Status.WITH_HMICFRS, since="2024-10-02")
    export(row(level=3))
    assert gone_as_adopted(adopted(governor))
    assert workflow.open_period(action).status == Status.IN_PROGRESS


def test_nobody_puts_an_action_with_hmicfrs_by_the_portals_word(
    export: Export, governor: User
) -> None:
    action = an_action(level=3)
    export(row(level=3, status=PortalStatus.AWAITING))
    with pytest.raises(Refused, match="the force’s own letter"):
        adopted(governor)
    assert workflow.open_period(action).status == Status.IN_PROGRESS


def test_a_level_is_changed(export: Export, governor: User) -> None:
    action = an_action(level=2)
    export(row(level=3))
    assert gone_as_adopted(adopted(governor))
    assert workflow.open_period(action).level == 3


@pytest.mark.parametrize(
    ("fields", "level", "said"),
    [
        ({"level": 2}, 3, "{action} is at activity level 3."),
        (
            {"level": 2},
            1,
            "{action} is at activity level 1. At activity level 1 it closes that day.",
        ),
        (
            {"level": 3, "status": Status.WITH_HMICFRS, "since": "2024-10-02"},
            2,
            "{action} is at activity level 2.",
        ),
    ],
)
def test_only_what_a_level_brings_about_is_told(
    export: Export, governor: User, fields: dict[str, Any], level: int, said: str
) -> None:
    action = an_action(**fields)
    export(row(level=level, status="awaiting" if "status" in fields else "open"))
    assert way_of(the_difference(), governor).does == said.format(action=action)


def test_a_closed_cause_of_concern_is_told_of_where_it_re_opens_too(
    export: Export, governor: User
) -> None:
    closed: dict[str, Any] = {"status": Status.CLOSED, "since": "2024-06-01"}
    cause = make_action(kind=Kind.CAUSE_OF_CONCERN, on_portal=False, **closed)
    action = an_action(parent=cause, **closed)
    export(row())
    found = PortalDifference.objects.get(action=action)
    assert way_of(found, governor).does == (
        f"{action} is re-opened and in progress again, and {cause}, its cause of concern, with it."
    )


def test_the_level_of_a_closed_action_is_refused_in_the_workflows_words(
    export: Export, governor: User
) -> None:
    action = an_action(level=2, status=Status.CLOSED, since="2024-06-01")
    export(row(level=3, status=PortalStatus.CLOSED))
    with pytest.raises(Refused, match="re-open it before its level changes"):
        adopted(governor)
    assert workflow.open_period(action).level == 2


@pytest.mark.parametrize("said", [{"level": None}, {"due_on": None}])
def test_what_the_portal_does_not_give_is_not_taken_away_here(
    export: Export, governor: User, said: dict[str, Any]
) -> None:
    action = an_action(level=2, due="2024-12-31")
    export(row(**{"due_on": day("2024-12-31"), **said}))
    with pytest.raises(Refused, match="Ask HMICFRS to correct the portal"):
        adopted(governor)
    assert due_as_issued(action) == day("2024-12-31")


def test_the_due_date_as_issued_is_corrected_and_agreed_ones_stay(
    export: Export, governor: User
) -> None:
    action = an_action(due="2024-12-31")
    action.due_dates.create(sequence=1, due_on=day("2025-06-30"), reason="Agreed.")
    export(row(due_on=day("2025-03-31")))
    assert gone_as_adopted(adopted(governor))
    assert [each.due_on for each in action.due_dates.order_by("sequence")] == [
        day("2025-03-31"),
        day("2025-06-30"),
    ]


def test_the_text_is_taken_over_with_its_reason(export: Export, governor: User) -> None:
    action = an_action()
    export(row(text="The force must see to it."))
    assert gone_as_adopted(adopted(governor))
    action.refresh_from_db()
    assert action.text == "The force must see to it."
    assert "the force must see" in action.search_text
    assert action.history.first().history_change_reason == "The portal says so."


def test_what_is_gone_ends_its_presence_and_nothing_else(export: Export, governor: User) -> None:
    action = an_action(received="2023-01-11")
    export(row("REC-2"))
    gone = PortalDifference.objects.get(kind="gone")
    adopt(gone, actor=governor, text="HMICFRS has taken it off.")
    gone.refresh_from_db()
    assert gone_as_adopted(gone)
    assert action.portal_presences.get().ended_on == day("2024-11-20")
    assert workflow.open_period(action).status == Status.IN_PROGRESS
    # It stays agreed until it comes back and goes again.
    compare(actor=None)
    export(row("REC-2"), on="2024-11-21")
    assert not PortalDifference.objects.filter(kind="gone", closed_on=None).exists()
    export(row("REC-1"), row("REC-2"), on="2024-11-22")
    export(row("REC-2"), on="2024-11-23")
    assert PortalDifference.objects.filter(kind="gone", closed_on=None).count() == 1


def test_naming_our_action_closes_both_sides(export: Export, governor: User) -> None:
    action = make_action(on_portal=False, text=TEXT)
    export(row())
    there = PortalDifference.objects.get(kind="only_there")
    name_action(there, actor=governor, action=action, reference="REC-1", reason="The same text.")
    action.refresh_from_db()
    assert action.portal_reference == "REC-1"
    assert not PortalDifference.objects.filter(closed_on=None).exists()
    assert action.portal_presences.filter(ended_on=None).exists()


def test_a_reference_that_no_export_has_yet_leaves_the_difference_open(
    export: Export, governor: User
) -> None:
    action = make_action(on_portal=False)
    make_action(portal_reference="REC-1", text=TEXT)
    export(row())
    name_action(
        the_difference(), actor=governor, action=action, reference="REC-9", reason="By letter."
    )
    found = the_difference()
    assert (found.kind, found.closed_on, found.ours) == ("only_here", None, "REC-9")


def test_who_may_not_govern_adopts_nothing(export: Export, governor: User) -> None:
    action = an_action(status=Status.CLOSED, since="2024-06-01")
    export(row())
    with pytest.raises(Refused, match="Only a governance officer"):
        adopted(make_user("staff"))
    assert workflow.open_period(action).status == Status.CLOSED


def test_what_was_changed_since_it_was_seen_is_refused(export: Export, governor: User) -> None:
    action = an_action(level=2)
    export(row(level=3))
    seen = seen_mark(the_difference())
    export(row(level=4), on="2024-11-22")
    with pytest.raises(Refused, match="has changed this difference since you opened the page"):
        adopted(governor, seen=seen)
    assert workflow.open_period(action).level == 2


def test_a_second_time_there_is_nothing_to_adopt(export: Export, governor: User) -> None:
    action = an_action(level=2)
    export(row(level=3))
    adopted(governor)
    with pytest.raises(Refused, match="is settled since 25 November 2024"):
        adopted(governor)
    assert action.periods.count() == 2


def test_nothing_is_adopted_without_a_reason(export: Export, governor: User) -> None:
    an_action(level=2)
    export(row(level=3))
    with pytest.raises(Refused, match="Say where and why"):
        adopt(the_difference(), actor=governor, text=" ")
