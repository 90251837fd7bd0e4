"""The first load in bulk, and what a list may change of actions that are here."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from inspections.choices import LeadRole, Scope
from inspections.models import Publication
from tests.factories import day, make_action, make_framework, make_lead, make_publication
from tracker.choices import CloseReason, Kind, Register, Status
from tracker.models import (
    Action,
    ActionLead,
    Closure,
    Confidence,
    DueDate,
    PortalPresence,
    ProgressUpdate,
    StatusPeriod,
)
from tracker.recording import (
    FirstLoadRow,
    ParentMissing,
    SheetChanges,
    SheetUpdate,
    change_from_sheet,
    record_first_load,
)

pytestmark = pytest.mark.django_db
MODELS: tuple[Any, ...] = (
    Action,
    StatusPeriod,
    ActionLead,
    PortalPresence,
    DueDate,
    ProgressUpdate,
    Closure,
)


def first_load_row(reference: str = "ST-0001", **different: Any) -> FirstLoadRow:
    values: dict[str, Any] = {
        "reference": reference,
        "portal_reference": f"P-{reference}",
        "on_portal": True,
        "publication": Publication.objects.first() or make_publication("A Report on Dogs"),
        "kind": Kind.RECOMMENDATION,
        "register": Register.HMICFRS,
        "scope": Scope.NATIONAL,
        "parent_reference": "",
        "level": 2,
        "question": None,
        "executive": make_lead("ACC Baker"),
        "delivery": make_lead("Head of Crime"),
        "text": "Give every dog a bed.",
        "received": day("2023-01-11"),
        "due_on": day("2024-12-31"),
        "stage": Status.CLOSURE_PROPOSED,
        "stage_date": day("2024-10-16"),
        "update": SheetUpdate(
            day("2024-11-13"), "Beds are there.", Confidence.objects.get(name="High"), "Seen."
        ),
    }
    return FirstLoadRow(**{**values, **different})


def presences(action: Action) -> list[tuple[Any, ...]]:
    """First seen, gone since, assumed: of each time on HMICFRS's portal."""
    return list(action.portal_presences.values_list("started_on", "ended_on", "assumed"))


def load(*rows: FirstLoadRow, actor: Any = None, reason: str = "First load") -> int:
    return record_first_load(rows, actor=actor, reason=reason)


def test_everything_a_row_tells_is_recorded_with_its_dates() -> None:
    assert load(first_load_row()) == 1
    action = Action.objects.get()
    assert presences(action) == [(day("2023-01-11"), None, True)]
    assert [(p.sequence, p.status, p.started_on) for p in action.periods.all()] == [
        (1, Status.IN_PROGRESS, day("2023-01-11")),
        (2, Status.CLOSURE_PROPOSED, day("2024-10-16")),
    ]
    assert {(each.role, each.lead.name, each.started_on) for each in action.leads.all()} == {
        (LeadRole.EXECUTIVE, "ACC Baker", day("2023-01-11")),
        (LeadRole.DELIVERY, "Head of Crime", day("2023-01-11")),
    }
    due = action.due_dates.get()
    assert (due.sequence, due.due_on, due.agreed_on) == (0, day("2024-12-31"), day("2023-01-11"))
    update = action.updates.get()
    assert (update.made_on, update.text) == (day("2024-11-13"), "Beds are there.")


def test_a_row_that_tells_little_leaves_little() -> None:
    load(
        first_load_row(
            on_portal=False,
            portal_reference=None,
            executive=None,
            delivery=None,
            due_on=None,
            update=None,
            stage=Status.IN_PROGRESS,
        )
    )
    assert [model.objects.count() for model in MODELS] == [1, 2, 0, 0, 0, 0, 0]
    action = Action.objects.get()
    assert presences(action) == []


@pytest.mark.parametrize("stage", [Status.CLOSURE_PROPOSED, Status.WITH_HMICFRS])
def test_a_closure_under_way_is_carried_over(stage: Status) -> None:
    load(first_load_row(stage=stage))
    closure = Closure.objects.get()
    assert closure.carried_over
    assert (closure.proposed_on, closure.ended_on) == (day("2024-10-16"), None)


def test_a_closed_action_keeps_the_reason_and_the_words_of_the_list() -> None:
    words = "Superseded by the final report."
    closed = first_load_row(stage=Status.CLOSED, closed_on=day("2024-03-01"), closure_wording=words)
    load(closed)
    last = StatusPeriod.objects.get(ended_on=None)
    assert (last.close_reason, last.original_wording) == (CloseReason.SUPERSEDED, words)
    assert last.started_on == day("2024-03-01")
    assert not Closure.objects.exists()


def test_references_and_text_are_kept_for_the_search_in_lower_case() -> None:
    load(first_load_row())
    assert Action.objects.get().search_text == "st-0001 p-st-0001 give every dog a bed."


def test_a_recommendation_finds_its_cause_of_concern_in_the_same_load() -> None:
    cause = first_load_row("ST-0002", kind=Kind.CAUSE_OF_CONCERN, level=None)
    load(first_load_row("ST-0001", parent_reference="st-0002"), cause)
    assert Action.objects.get(reference="ST-0001").parent == Action.objects.get(reference="ST-0002")


def test_a_recommendation_without_its_cause_of_concern_stops_the_load() -> None:
    with pytest.raises(ParentMissing, match="ST-0001 belongs to ST-0009, which is not recorded"):
        load(first_load_row("ST-0003"), first_load_row("ST-0001", parent_reference="ST-0009"))
    assert not Action.objects.exists()


def test_progress_is_told_after_each_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.recording.BATCH", 2)
    told: list[int] = []
    rows = [replace(first_load_row(), reference=f"S{n}", portal_reference=None) for n in range(5)]
    record_first_load(rows, actor=None, reason="First load", progress=told.append)
    assert told == [2, 4, 5]


def test_queries_do_not_grow_with_the_rows() -> None:
    rows = [replace(first_load_row(), reference=f"S{n}", portal_reference=None) for n in range(34)]

    def queries(some: list[FirstLoadRow]) -> int:
        with CaptureQueriesContext(connection) as caught:
            load(*some)
        return len(caught)

    assert queries(rows[:4]) == queries(rows[4:])


def history_values(record: Any) -> dict[str, Any]:
    """What the one row of history of a record says, apart from its own number and time."""
    row = record.history.get()
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.fields
        if field.name not in ("history_id", "history_date")
    }


def test_history_of_a_bulk_write_is_that_of_a_plain_save(cast: SimpleNamespace) -> None:
    load(first_load_row(), actor=cast.admin, reason="First load from the list “x”")
    for model in MODELS:
        record: models.Model = model.objects.latest("pk")
        in_bulk = history_values(record)
        model.history.all().delete()
        record._history_user = cast.admin  # type: ignore[attr-defined]
        record._change_reason = "First load from the list “x”"  # type: ignore[attr-defined]
        record.save()
        assert in_bulk == {**history_values(record), "history_type": "+"}


def test_every_record_of_a_bulk_write_has_its_row_of_history() -> None:
    load(*[first_load_row(f"ST-{n}") for n in range(3)])
    for model in MODELS:
        assert model.history.filter(history_type="+").count() == model.objects.count()


def test_without_an_actor_the_trail_names_nobody() -> None:
    load(first_load_row())
    trail = Action.history.get()
    assert (trail.history_user, trail.user_name) == (None, "")


# Changes ------------------------------------------------------------------------------------------
def change(action: Action, actor: Any = None, **changes: Any) -> Action:
    change_from_sheet(action, SheetChanges(**changes), actor=actor, reason="Revised in x")
    action.refresh_from_db()
    return action


def test_a_blank_changes_nothing() -> None:
    load(first_load_row())
    before = Action.objects.values().get()
    change(Action.objects.get())
    assert Action.objects.values().get() == before


def test_text_portal_reference_and_area_are_taken_over() -> None:
    question = make_framework().questions.get(number=1)
    load(first_load_row())
    action = change(Action.objects.get(), text="New.", portal_reference="P-2", question=question)
    assert (action.text, action.portal_reference, action.question) == ("New.", "P-2", question)
    assert action.search_text == "st-0001 p-2 new."


def test_a_lead_is_handed_over_today() -> None:
    load(first_load_row())
    change(Action.objects.get(), delivery=make_lead("Head of Dogs"))
    leads = ActionLead.objects.filter(role=LeadRole.DELIVERY).order_by("started_on")
    assert [(each.lead.name, each.ended_on) for each in leads] == [
        ("Head of Crime", day("2024-11-25")),
        ("Head of Dogs", None),
    ]


def test_a_lead_may_be_handed_over_twice_in_a_day() -> None:
    load(first_load_row())
    action = Action.objects.get()
    change(action, executive=make_lead("ACC Felton"))
    change(action, executive=make_lead("DCC Fuller"))
    now = ActionLead.objects.get(role=LeadRole.EXECUTIVE, ended_on=None)
    assert (now.lead.name, now.started_on) == ("DCC Fuller", day("2024-11-25"))


def test_an_action_without_a_lead_gets_one() -> None:
    load(first_load_row(executive=None))
    change(Action.objects.get(), executive=make_lead("ACC Felton"))
    assert ActionLead.objects.get(role=LeadRole.EXECUTIVE).started_on == day("2024-11-25")


def test_another_due_date_is_a_revision_with_a_reason(cast: SimpleNamespace) -> None:
    load(first_load_row())
    change(Action.objects.get(), actor=cast.admin, due_on=day("2025-03-31"))
    issued, revised = DueDate.objects.order_by("sequence")
    assert (issued.due_on, issued.reason) == (day("2024-12-31"), "")
    assert (revised.sequence, revised.due_on) == (1, day("2025-03-31"))
    assert (revised.reason, revised.agreed_by) == ("Revised in x", "Admin")
    assert revised.agreed_on == day("2024-11-25")


def test_the_first_due_date_of_a_list_is_the_one_as_issued_and_agreed_by_nobody(
    cast: SimpleNamespace,
) -> None:
    load(first_load_row(due_on=None))
    change(Action.objects.get(), actor=cast.admin, due_on=day("2025-03-31"))
    due = DueDate.objects.get()
    assert (due.sequence, due.agreed_by, due.reason) == (0, "", "")


def test_an_update_is_added_and_none_is_changed() -> None:
    load(first_load_row())
    low = Confidence.objects.get(name="Low")
    change(Action.objects.get(), update=SheetUpdate(day("2024-11-20"), "Beds broke.", low, "!"))
    latest, first = ProgressUpdate.objects.all()
    assert (latest.text, latest.confidence, latest.confidence_reason) == ("Beds broke.", low, "!")
    assert first.text == "Beds are there."


def test_an_action_that_the_list_now_finds_on_the_portal_was_seen_today() -> None:
    action = change(make_action(on_portal=False), on_portal=True)
    assert presences(action) == [(day("2024-11-25"), None, True)]


def test_an_action_that_comes_back_to_the_portal_was_away_all_the_same(settings: Any) -> None:
    action = change(make_action(), on_portal=False)
    assert presences(action) == [(day("2023-01-11"), day("2024-11-25"), False)]
    settings.TODAY = day("2024-12-01")
    action = change(action, on_portal=True)
    change(action, on_portal=True)
    assert presences(action) == [
        (day("2023-01-11"), day("2024-11-25"), False),
        (day("2024-12-01"), None, True),
    ]
    on_it = {
        text: Action.objects.on_portal(day(text), present=True).exists()
        for text in ("2024-11-24", "2024-11-25", "2024-11-30", "2024-12-01")
    }
    assert list(on_it.values()) == [True, False, False, True]


def test_status_and_level_are_out_of_reach() -> None:
    names = set(SheetChanges.__dataclass_fields__)
    assert names.isdisjoint({"stage", "level", "closed_on", "received", "kind", "scope"})


def test_a_closed_cause_of_concern_is_live_again_when_a_list_adds_a_live_recommendation() -> None:
    cause = make_action(
        "T-CAUSE", kind=Kind.CAUSE_OF_CONCERN, status=Status.CLOSED, since="2024-10-01"
    )
    rows = [
        first_load_row(
            f"ST-000{number}",
            publication=cause.publication,
            parent_reference="T-CAUSE",
            received=day(received),
            stage_date=day(received),
        )
        for number, received in ((1, "2024-11-20"), (2, "2024-11-10"))
    ]
    load(*rows)
    period = cause.periods.get(ended_on=None)
    assert (period.status, period.started_on) == (Status.IN_PROGRESS, day("2024-11-10"))
    assert period.reason == "Re-opened: ST-0002 was received"
