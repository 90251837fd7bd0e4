"""What the database itself refuses, whoever writes to it."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from inspections.choices import LeadRole
from tests.factories import day, make_action, make_lead, make_publication
from tracker import database
from tracker.choices import CloseReason, Kind, Register, Status
from tracker.models import (
    Action,
    ActionLead,
    Closure,
    Confidence,
    DueDate,
    PortalPresence,
    StatusPeriod,
)

pytestmark = pytest.mark.django_db


def refused(rules: str, make: Any, *args: Any, **kwargs: Any) -> None:
    """One of these rules refuses it; two that are open overlap as well, and either may be first."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        make(*args, **kwargs)
    words = str(caught.value)
    # SQLite names the columns of a broken unique rule, not the rule.
    assert any(rule in words for rule in [*rules.split(), "UNIQUE constraint failed"])


def period(action: Action, sequence: int, start: str, end: str | None, **fields: Any) -> Any:
    values = {"status": Status.IN_PROGRESS, "level": 2, **fields}
    return StatusPeriod.objects.create(
        action=action,
        sequence=sequence,
        started_on=day(start),
        ended_on=day(end) if end else None,
        **values,
    )


@pytest.fixture
def action(db: None) -> Action:
    """In progress from 11 January 2023 to 1 March 2023; nothing since."""
    action = make_action()
    first = action.periods.get()
    first.ended_on = day("2023-03-01")
    first.save()
    return action


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2023-02-01", None),
        ("2023-01-01", "2023-01-12"),
        ("2023-02-01", "2023-02-02"),
        ("2022-01-01", "2024-01-01"),
    ],
)
def test_periods_of_an_action_never_overlap(action: Action, start: str, end: str | None) -> None:
    refused("tracker_statusperiod_no_overlap", period, action, 2, start, end)


def test_a_period_cannot_be_stretched_over_another(action: Action) -> None:
    second = period(action, 2, "2023-03-01", None)
    second.started_on = day("2023-02-01")
    refused("tracker_statusperiod_no_overlap", second.save)


def test_periods_may_touch_and_be_empty(action: Action) -> None:
    period(action, 2, "2023-03-01", "2023-03-01")
    period(action, 3, "2023-03-01", None)
    assert action.periods.count() == 3


def test_periods_of_two_actions_have_nothing_to_do_with_each_other(action: Action) -> None:
    make_action(received="2023-02-01")
    assert StatusPeriod.objects.count() == 2


def test_one_period_is_open(action: Action) -> None:
    period(action, 2, "2023-03-01", None)
    rules = "tracker_statusperiod_one_open tracker_statusperiod_no_overlap"
    refused(rules, period, action, 3, "2024-01-01", None)


def test_a_period_does_not_end_before_it_starts(action: Action) -> None:
    refused("tracker_statusperiod_dates_in_order", period, action, 2, "2023-04-02", "2023-04-01")


def test_a_sequence_number_is_used_once_and_begins_at_one(action: Action) -> None:
    refused("tracker_statusperiod_unique_sequence", period, action, 1, "2023-03-01", None)
    refused("tracker_statusperiod_sequence_from_one", period, action, 0, "2023-03-01", None)


@pytest.mark.parametrize("level", [0, 5])
def test_a_level_is_1_to_4(action: Action, level: int) -> None:
    rule = "tracker_statusperiod_level_1_to_4"
    refused(rule, period, action, 2, "2023-03-01", None, level=level)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.CLOSED},
        {"status": Status.IN_PROGRESS, "close_reason": CloseReason.COMPLETED},
    ],
)
def test_closed_and_only_closed_has_a_reason(action: Action, fields: dict[str, Any]) -> None:
    rule = "tracker_statusperiod_closed_has_reason"
    refused(rule, period, action, 2, "2023-03-01", None, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": Kind.CAUSE_OF_CONCERN},
        {"register": Register.SUPER_COMPLAINT, "on_portal": False},
        {"register": Register.OTHER_BODY, "on_portal": False},
    ],
)
def test_a_level_is_only_where_the_kind_has_one(fields: dict[str, Any]) -> None:
    levelless = make_action(**fields)
    only = levelless.periods.get()
    only.level = 2
    refused("tracker_statusperiod_level_where_kind_has_one", only.save)
    only.level = None
    only.ended_on = day("2023-03-01")
    only.save()
    refused(
        "tracker_statusperiod_level_where_kind_has_one",
        period,
        levelless,
        2,
        "2023-03-01",
        None,
    )


def test_references_are_used_once() -> None:
    make_action("ST-1", portal_reference="P-1")
    refused("tracker_action_reference", make_action, "ST-1")
    refused("tracker_action_portal_reference", make_action, "ST-2", portal_reference="P-1")


def test_many_actions_have_no_portal_reference() -> None:
    make_action(portal_reference=None)
    make_action(portal_reference=None)
    assert Action.objects.count() == 2


@pytest.mark.parametrize("kind", [Kind.AFI, Kind.CAUSE_OF_CONCERN])
def test_only_a_recommendation_has_a_parent(kind: Kind) -> None:
    cause = make_action(kind=Kind.CAUSE_OF_CONCERN)
    rule = "tracker_action_only_recommendation_has_parent"
    refused(rule, make_action, kind=kind, parent=cause)


def test_an_action_is_not_its_own_parent() -> None:
    own = make_action()
    own.parent = own
    refused("tracker_action_not_its_own_parent", own.save)


def test_a_super_complaint_has_recommendations_only() -> None:
    rule = "tracker_action_super_complaint_is_recommendation"
    refused(rule, make_action, register=Register.SUPER_COMPLAINT, kind=Kind.AFI)


def test_an_action_has_a_text() -> None:
    refused("tracker_action_has_text", make_action, text="")


@pytest.mark.parametrize("end", [None, "2024-06-01"])
def test_an_action_is_on_the_portal_once_at_a_time(end: str | None) -> None:
    action = make_action(received="2024-01-01")
    refused(
        "tracker_portalpresence_no_overlap tracker_portalpresence_one_open",
        PortalPresence.objects.create,
        action=action,
        started_on=day("2024-05-01"),
        ended_on=day(end) if end else None,
    )


def lead_from(action: Action, name: str, start: str, end: str | None = None) -> ActionLead:
    return ActionLead.objects.create(
        action=action,
        role=LeadRole.EXECUTIVE,
        lead=make_lead(name),
        started_on=day(start),
        ended_on=day(end) if end else None,
    )


def test_leads_of_one_role_never_overlap() -> None:
    action = make_action()
    lead_from(action, "ACC Baker", "2023-01-11", "2024-01-01")
    refused("tracker_actionlead_no_overlap", lead_from, action, "ACC Felton", "2023-12-31", None)
    lead_from(action, "ACC Felton", "2024-01-01")
    rules = "tracker_actionlead_one_at_a_time tracker_actionlead_no_overlap"
    refused(rules, lead_from, action, "DCC Fuller", "2025-01-01", None)


def test_leads_of_two_roles_may_overlap() -> None:
    action = make_action(executive="ACC Baker", delivery="Head of Crime")
    assert action.leads.count() == 2


def test_a_revised_due_date_has_a_reason() -> None:
    action = make_action(due="2024-12-31")
    refused(
        "tracker_duedate_revision_has_reason",
        DueDate.objects.create,
        action=action,
        sequence=1,
        due_on=day("2025-01-31"),
    )


def test_one_closure_is_open() -> None:
    action = make_action()
    Closure.objects.create(action=action, proposed_on=day("2024-01-01"))
    refused(
        "tracker_closure_one_open",
        Closure.objects.create,
        action=action,
        proposed_on=day("2024-02-01"),
    )


def test_a_closure_does_not_end_before_it_is_proposed() -> None:
    refused(
        "tracker_closure_dates_in_order",
        Closure.objects.create,
        action=make_action(),
        proposed_on=day("2024-02-01"),
        ended_on=day("2024-01-01"),
    )


@pytest.mark.parametrize("different", [{}, {"portal_reference": "rec-1"}])
def test_references_differ_by_more_than_capitals(different: dict[str, str]) -> None:
    make_action("Ab-1", portal_reference="REC-1")
    reference = "cd-1" if different else "aB-1"
    refused(
        "tracker_action_unique_reference tracker_action_unique_portal_reference",
        make_action,
        reference,
        **different,
    )


def test_a_publication_with_actions_cannot_be_deleted() -> None:
    publication = make_publication()
    make_action(publication=publication)
    with pytest.raises(DatabaseError), transaction.atomic():
        publication.delete()


def test_the_rules_can_be_laid_again(action: Action) -> None:
    database.lay_rules()
    database.lay_rules()
    refused("tracker_statusperiod_no_overlap", period, action, 2, "2023-02-01", None)


def test_the_scale_is_laid_once_and_a_forces_own_words_stay() -> None:
    words = Confidence.objects.get(order=1)
    words.name = "Confident"
    words.save()
    call_command("migrate", verbosity=0)
    assert list(Confidence.objects.values_list("name", flat=True)) == [
        "Confident",
        "Medium",
        "Low",
    ]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite rebuilds a table that changes")
def test_a_migrate_begins_without_the_triggers_that_would_stop_it_and_ends_with_them(
    db: None,
) -> None:
    def triggers() -> int:
        with connection.cursor() as cursor:
            # Those of other rooms stop nothing.
            cursor.execute(
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' "
                "AND tbl_name LIKE 'tracker_%'"
            )
            return int(cursor.fetchone()[0])

    laid = triggers()
    database.lift_rules()
    assert (laid > 0, triggers()) == (True, 0)
    database.lay_rules()
    assert triggers() == laid
