"""Several new actions of a publication: what they become, and what is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from core.dates import today
from core.markings import Marking
from core.turns import Turn
from inspections.choices import PublicationType, Scope
from inspections.models import Publication
from people import roles
from people.models import User
from tests.factories import day, make_action, make_framework, make_publication, make_user
from tests.tracker.closures import status_of
from tracker import position
from tracker.choices import CloseReason, Kind, Register, Status
from tracker.models import Action, PortalPresence, StatusPeriod
from tracker.new_actions import NewAction, NotRecorded, next_references, record_actions
from tracker.workflow import NOW, Refused, When

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def officer(db: None) -> User:
    return make_user("officer", roles.GOVERNANCE)


def new(text: str, **fields: Any) -> NewAction:
    return NewAction(**{"kind": Kind.RECOMMENDATION, "scope": Scope.NATIONAL, **fields}, text=text)


def record(
    officer: User, *actions: NewAction, publication: Publication | None = None, when: When = NOW
) -> list[Action]:
    publication = publication or make_publication()
    return record_actions(publication, actions, actor=officer, received=when)


def faults(officer: User, *actions: NewAction, **fields: Any) -> list[tuple[int, str, str]]:
    with pytest.raises(NotRecorded) as refused:
        record(officer, *actions, **fields)
    return [(fault.place, fault.field, fault.text) for fault in refused.value.faults]


def test_new_actions_wait_for_allocation_from_the_day_they_were_received(officer: User) -> None:
    question = make_framework().questions.get(number=1)
    (action,) = record(
        officer,
        new(
            " Give every dog a bed. ",
            level=3,
            question=question,
            marking=Marking.SENSITIVE,
            portal_reference="REC-1",
            due_on=day("2025-03-31"),
        ),
    )
    then: Any = Action.objects.with_position(today()).get()
    assert (then.status_at, then.level_at) == (Status.AWAITING_ALLOCATION, 3)
    assert (then.received_on, then.due_on) == (today(), day("2025-03-31"))
    assert then.on_portal_at
    assert (action.text, action.marking) == ("Give every dog a bed.", Marking.SENSITIVE)
    assert (action.question, action.register) == (question, Register.HMICFRS)
    assert "rec-1 give every dog" in action.search_text
    for kept in (Action, StatusPeriod, PortalPresence):
        assert kept.history.get().user_name == "Officer"  # type: ignore[attr-defined]


def test_what_has_no_portal_reference_is_not_on_the_portal(officer: User) -> None:
    record(officer, new("Beds."))
    assert not PortalPresence.objects.exists()


def test_level_1_closes_on_the_day_it_is_received_and_counts_as_closed(officer: User) -> None:
    publication = make_publication()
    record(officer, new("A.", level=1), new("B.", level=2), publication=publication)
    (period,) = StatusPeriod.objects.filter(level=1)
    assert (period.status, period.close_reason) == (Status.CLOSED, CloseReason.NO_FOLLOW_UP)
    assert (period.started_on, period.ended_on) == (today(), None)
    counted = position.by_publication(today())[publication.pk]
    assert (counted.received, counted.live, counted.closed) == (2, 1, 1)


def test_the_position_counts_new_actions_at_once(officer: User) -> None:
    cause = new("C.", kind=Kind.CAUSE_OF_CONCERN)
    record(officer, new("A.", level=2), new("B.", kind=Kind.AFI), cause, new("D.", cause=2))
    record(officer, new("E.", level=1))
    rows = {row.label: row.national for row in position.table(today()).rows if row.national}
    assert sum(rows.values()) == 4
    assert rows["Recommendation level 2"] == 1
    counts = position.list_tabs(Action.objects.all(), officer, today())
    assert (counts["live"], counts["closed"], counts["all"]) == (4, 1, 5)


def test_references_go_on_from_those_that_most_actions_have(officer: User) -> None:
    for reference in ("ST-0239", "ST-0240", "OTHER-9"):
        make_action(reference)
    recorded = record(officer, new("A."), new("B."))
    assert [action.reference for action in recorded] == ["ST-0241", "ST-0242"]


def test_the_reference_of_an_entry_in_error_is_not_given_again(officer: User) -> None:
    make_action("ST-0007", entered_in_error=True)
    assert next_references(1) == ["ST-0008"]


def test_the_first_action_of_an_installation_has_the_first_reference() -> None:
    assert next_references(2) == ["ST-0001", "ST-0002"]


def test_numbers_grow_beyond_their_figures() -> None:
    make_action("ST-9999")
    make_action("ST-10000")
    assert next_references(1) == ["ST-10001"]


def test_references_are_given_by_one_at_a_time(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[object] = []

    def numbered(count: int) -> list[str]:
        order.append(count)
        return next_references(count)

    monkeypatch.setattr("tracker.new_actions.wait_for_turn", order.append)
    monkeypatch.setattr("tracker.new_actions.next_references", numbered)
    record(officer, new("A."))
    assert order == [Turn.NUMBERING_ACTIONS, 1]


@pytest.mark.django_db(transaction=True)
def test_officers_who_record_at_once_get_references_of_their_own() -> None:
    officers = [make_user(f"officer-{number}", roles.GOVERNANCE) for number in range(6)]
    publications = {each: make_publication() for each in officers}

    def go(officer: User) -> list[str]:
        try:
            done = record(officer, new("A."), new("B."), publication=publications[officer])
            return [action.reference for action in done]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(officers)) as pool:
        given = [reference for done in pool.map(go, officers) for reference in done]
    assert sorted(given) == [f"ST-{number:04}" for number in range(1, 13)]


def test_a_cause_of_concern_is_recorded_with_its_recommendations(officer: User) -> None:
    cause, first, second = record(
        officer,
        new("The force fails.", kind=Kind.CAUSE_OF_CONCERN),
        new("Do this.", level=4, cause=0),
        new("Do that.", cause=0),
    )
    assert list(cause.children.order_by("pk")) == [first, second]
    assert status_of(cause) == Status.AWAITING_ALLOCATION


def test_the_cause_may_come_after_its_recommendation(officer: User) -> None:
    child, cause = record(
        officer, new("Do this.", cause=1), new("It fails.", kind=Kind.CAUSE_OF_CONCERN)
    )
    assert child.parent == cause


def closed_cause(publication: Publication) -> Action:
    return make_action(
        "T-CAUSE",
        kind=Kind.CAUSE_OF_CONCERN,
        publication=publication,
        status=Status.CLOSED,
        since="2024-10-01",
    )


def test_a_closed_cause_of_concern_is_live_again_with_another_recommendation(
    officer: User,
) -> None:
    publication = make_publication()
    cause = closed_cause(publication)
    record(
        officer,
        new("More.", cause=cause),
        publication=publication,
        when=When(day("2024-11-20"), "Came by post."),
    )
    period = cause.periods.get(ended_on=None)
    assert (period.status, period.started_on) == (Status.IN_PROGRESS, day("2024-11-20"))
    assert period.reason == "Re-opened: ST-0001 was received"
    assert period.late_reason == "Came by post."


def test_a_recommendation_closed_on_receipt_re_opens_nothing(officer: User) -> None:
    publication = make_publication()
    cause = closed_cause(publication)
    record(officer, new("More.", cause=cause, level=1), publication=publication)
    assert status_of(cause) == Status.CLOSED


@pytest.mark.parametrize(
    ("kind", "register"),
    [
        (PublicationType.SUPER_COMPLAINT, Register.SUPER_COMPLAINT),
        (PublicationType.OTHER_BODY, Register.OTHER_BODY),
    ],
)
def test_the_register_comes_from_the_publication(
    officer: User, kind: PublicationType, register: Register
) -> None:
    (action,) = record(officer, new("A."), publication=make_publication(type=kind))
    assert action.register == register


def test_an_earlier_day_needs_its_reason_which_is_kept(officer: User) -> None:
    earlier = day("2024-11-20")
    with pytest.raises(Refused, match="Say why this is recorded later"):
        record(officer, new("A."), when=When(earlier))
    record(officer, new("A."), when=When(earlier, "Came by post."))
    period = StatusPeriod.objects.get()
    assert (period.started_on, period.late_reason) == (earlier, "Came by post.")


@pytest.mark.parametrize(
    ("received", "said"),
    [("2024-11-26", "has not come yet"), ("2023-01-09", "the report was published on 10 January")],
)
def test_a_day_that_cannot_be_is_refused(officer: User, received: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        record(officer, new("A."), when=When(day(received), "Late."))
    assert not Action.objects.exists()


def test_nothing_is_not_recorded(officer: User) -> None:
    with pytest.raises(Refused, match="Fill in at least one action"):
        record(officer)


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"text": "  "}, "text", "Enter what the action requires."),
        ({"kind": "wish"}, "kind", "not a valid choice"),
        ({"scope": "global"}, "scope", "not a valid choice"),
        ({"marking": "SECRET"}, "marking", "not a valid choice"),
        ({"due_on": day("2024-11-24")}, "due_on", "before the action was received"),
        ({"portal_reference": "rec-7"}, "portal_reference", "T-7 has this portal reference."),
        ({"kind": Kind.AFI, "cause": 0}, "cause", "Only a recommendation can belong"),
        ({"cause": 1}, "cause", "is not a cause of concern"),
        ({"cause": 5}, "cause", "is not a cause of concern"),
        ({"kind": Kind.CAUSE_OF_CONCERN, "level": 2}, "level", "has no activity level"),
        ({"kind": Kind.CAUSE_OF_CONCERN}, "kind", "has at least one recommendation"),
        ({"text": "give  every\nDOG a bed."}, "text", "T-7 says the same."),
        ({"text": "B."}, "text", "Another action on this page says the same."),
    ],
)
def test_what_cannot_be_is_refused_by_action_and_field(
    officer: User, fields: dict[str, Any], field: str, said: str
) -> None:
    publication = make_publication()
    make_action(
        "T-7", portal_reference="REC-7", text="Give every dog a bed.", publication=publication
    )
    wrong = new(fields.pop("text", "A."), **fields)
    found = faults(officer, new("B."), wrong, publication=publication)
    assert [(place, name) for place, name, text in found if said in text] == [(1, field)]
    assert Action.objects.count() == 1


@pytest.mark.parametrize("kind", [PublicationType.SUPER_COMPLAINT, PublicationType.OTHER_BODY])
def test_only_hmicfrs_gives_levels_and_portal_references(
    officer: User, kind: PublicationType
) -> None:
    found = faults(
        officer,
        new("A.", level=2, portal_reference="X-1"),
        publication=make_publication(type=kind),
    )
    assert [(field, text.split()[0]) for _, field, text in found] == [
        ("level", "Only"),
        ("portal_reference", "Only"),
    ]


def test_a_super_complaint_gives_recommendations_only(officer: User) -> None:
    found = faults(
        officer,
        new("A.", kind=Kind.AFI),
        publication=make_publication(type=PublicationType.SUPER_COMPLAINT),
    )
    assert found == [(0, "kind", "A super-complaint action is always a recommendation.")]


def test_a_cause_of_concern_of_another_publication_is_refused(officer: User) -> None:
    other = make_action("T-OTHER", kind=Kind.CAUSE_OF_CONCERN)
    assert faults(officer, new("A.", cause=other))[0][1:] == (
        "cause",
        "T-OTHER is not a cause of concern of this publication.",
    )


def test_one_portal_reference_is_given_once_on_a_page(officer: User) -> None:
    found = faults(
        officer, new("A.", portal_reference="REC-1"), new("B.", portal_reference="rec-1")
    )
    assert [(place, field) for place, field, _ in found] == [(1, "portal_reference")]
