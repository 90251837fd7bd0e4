"""Undoing an import after others have gone on: what stands against it, and the last first."""

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.history import attribute
from inspections.choices import LeadRole
from people.models import User
from portal.imports.applying import apply_import
from portal.imports.receiving import receive
from portal.imports.trail import Trail, models_written
from portal.imports.undoing import (
    CannotBeUndone,
    prospect_of,
    undo_import,
    words_for,
)
from portal.models import (
    Answer,
    PortalDifference,
    PortalRecord,
    Purpose,
    SpreadsheetImport,
    State,
)
from portal.reconciliation.answers import answer, give
from portal.reconciliation.comparing import compare
from tests.factories import day, make_action, make_closure, make_lead, make_publication
from tests.portal.conftest import TakeIn, why_not
from tests.portal.test_undo import rows_of_every_table
from tests.workbooks import REPORT, row
from tracker.choices import Kind, Status
from tracker.leading import hand_over
from tracker.models import Action, DueDate, PortalPresence, ProgressUpdate, StatusPeriod

pytestmark = pytest.mark.django_db

TEXT = "Chief constables should give every dog a bed."
Export = Callable[..., SpreadsheetImport]
List = Callable[..., SpreadsheetImport]


@pytest.fixture
def listed(take_in: TakeIn, cast: SimpleNamespace) -> List:
    """`listed(row(), ...)`: a list of these rows, applied."""

    def applied(*rows: dict[str, Any], name: str = "list.xlsx") -> SpreadsheetImport:
        return apply_import(take_in(rows, name=name), actor=cast.admin)

    return applied


@pytest.fixture
def exported(media: object, cast: SimpleNamespace) -> Export:
    """`exported("REC-1", ..., on="2024-11-20")`: an export of the portal, applied; a row is a
    reference, or one with its text.
    """

    def applied(*rows: str | tuple[str, str], on: str = "2024-11-20") -> SpreadsheetImport:
        lines = ["Reference,Record type,Recommendation/AFI text,Activity level,Due date,Status"]
        for each in rows:
            reference, text = each if isinstance(each, tuple) else (each, TEXT)
            lines.append(f"{reference},Recommendation,{text},2,31/12/2024,Open")
        file = io.BytesIO("\r\n".join([*lines, ""]).encode())
        taken = receive(
            file, f"{on}.csv", actor=cast.governance, purpose=Purpose.EXPORT, as_at=day(on)
        )
        return apply_import(taken, actor=cast.governance)

    return applied


def open_differences() -> list[tuple[str, str]]:
    found = PortalDifference.objects.filter(closed_on=None).order_by("pk")
    return [(each.kind, str(each.action or each.record)) for each in found]


def propose(action: Action, cast: SimpleNamespace) -> None:
    make_closure(action, asked=action.text)


def revise_due(action: Action, cast: SimpleNamespace) -> None:
    last = action.due_dates.order_by("-sequence")[0].sequence
    DueDate.objects.create(
        action=action, sequence=last + 1, due_on=day("2025-06-01"), agreed_by="Board", reason="Late"
    )


def update(action: Action, cast: SimpleNamespace) -> None:
    made = ProgressUpdate(action=action, made_on=day("2024-11-25"), text="Ours.")
    attribute(made, cast.delivery)
    made.save()


def correct(action: Action, cast: SimpleNamespace) -> None:
    action.text = "Otherwise."
    attribute(action, cast.governance)
    action.save()


def hand_on(action: Action, cast: SimpleNamespace) -> None:
    hand_over(
        action,
        LeadRole.DELIVERY,
        make_lead("Head of Dogs"),
        actor=cast.governance,
        on=day("2024-11-25"),
        reason="x",
    )


@pytest.mark.parametrize(
    ("what", "named"),
    [
        (propose, "the closure of ST-0001 was recorded on "),
        (revise_due, "the due date of ST-0001 was recorded on "),
        (update, "the progress update of ST-0001 was recorded on .* by Delivery"),
        (correct, "ST-0001 was changed on .* by Governance"),
        (hand_on, "the action lead of ST-0001 was recorded on .* by Governance"),
    ],
)
@pytest.mark.parametrize("changed", [{"Action_required": "New words."}, {"Due": "1 March 2025"}])
def test_work_on_a_changed_action_stands_against_it(
    changed: dict[str, Any],
    what: Callable[[Action, SimpleNamespace], None],
    named: str,
    listed: List,
    cast: SimpleNamespace,
) -> None:
    listed(row(1), row(2))
    second = listed(row(1, **changed))
    # Of an action that the list says nothing of it is nobody's business.
    what(Action.objects.get(reference="ST-0002"), cast)
    assert why_not(second) == ""
    what(Action.objects.get(reference="ST-0001"), cast)
    held = rows_of_every_table()
    with pytest.raises(CannotBeUndone, match=named):
        undo_import(second, actor=cast.admin)
    assert rows_of_every_table() == held


def test_an_export_that_saw_what_the_list_put_on_the_portal_stands_against_it(
    listed: List, exported: Export, cast: SimpleNamespace
) -> None:
    listed(row(1, On_portal="No"), row(2, On_portal="No"))
    on_it = listed(row(1))
    exported("REC-2")
    assert why_not(on_it) == ""
    seen = exported("REC-1", "REC-2", on="2024-11-25")
    with pytest.raises(CannotBeUndone, match=r"REC-1 was seen on the portal on .* by Governance"):
        undo_import(on_it, actor=cast.admin)
    assert PortalPresence.objects.filter(action__reference="ST-0001", ended_on=None).exists()
    undo_import(seen, actor=cast.admin)
    undo_import(on_it, actor=cast.admin)
    assert not PortalPresence.objects.filter(action__reference="ST-0001").exists()


@pytest.fixture
def cause(cast: SimpleNamespace) -> Action:
    """A cause of concern that is closed."""
    return make_action(
        "ST-0101",
        publication=make_publication(REPORT, published_on=day("2023-01-10")),
        kind=Kind.CAUSE_OF_CONCERN,
        status=Status.CLOSED,
        since="2024-03-01",
    )


def status_of(action: Action) -> str:
    return StatusPeriod.objects.get(action=action, ended_on=None).status


def test_a_cause_of_concern_is_not_closed_above_a_live_recommendation(
    cause: Action, listed: List, cast: SimpleNamespace
) -> None:
    first = listed(row(6, Parent_ref="ST-0101"))
    assert status_of(cause) == Status.IN_PROGRESS
    second = listed(row(7, Parent_ref="ST-0101", Action_required="Horses need quite another."))
    with pytest.raises(CannotBeUndone, match="ST-0007 is live, and ST-0101, which it belongs to"):
        undo_import(first, actor=cast.admin)
    assert status_of(cause) == Status.IN_PROGRESS
    undo_import(second, actor=cast.admin)
    assert status_of(cause) == Status.IN_PROGRESS
    undo_import(first, actor=cast.admin)
    assert status_of(cause) == Status.CLOSED


def test_a_closed_recommendation_does_not_keep_its_cause_open(
    cause: Action, listed: List, cast: SimpleNamespace
) -> None:
    first = listed(row(6, Parent_ref="ST-0101"))
    make_action("ST-0102", parent=cause, status=Status.CLOSED, since="2024-03-01")
    undo_import(first, actor=cast.admin)
    assert status_of(cause) == Status.CLOSED


def test_lists_are_undone_one_after_another(listed: List, cast: SimpleNamespace) -> None:
    before = rows_of_every_table()
    first = listed(row(1), row(2))
    between = rows_of_every_table()
    second = listed(
        row(1, Due="1 March 2025", Action_required="Other.", Delivery_lead="Head of Dogs"), row(3)
    )
    assert "ST-0001 was changed on" in why_not(first)
    undo_import(second, actor=cast.admin)
    assert rows_of_every_table() == between
    undo_import(first, actor=cast.admin)
    assert rows_of_every_table() == before


def test_what_somebody_did_before_both_still_stands_against_the_first(
    listed: List, cast: SimpleNamespace
) -> None:
    first = listed(row(1))
    correct(Action.objects.get(), cast)
    second = listed(row(1, Due="1 March 2025"))
    undo_import(second, actor=cast.admin)
    with pytest.raises(CannotBeUndone, match=r"ST-0001 was changed on .* by Governance"):
        undo_import(first, actor=cast.admin)


def test_exports_are_undone_one_after_another(
    exported: Export, listed: List, cast: SimpleNamespace
) -> None:
    listed(row(1), row(2, Portal_ref="REC-2", Action_required="Horses need stables."))
    states = [rows_of_every_table()]
    taken = []
    for on, rows in (
        ("2024-11-10", ["REC-1", ("REC-2", "Other words")]),
        ("2024-11-15", [("REC-2", "Horses need stables."), "REC-7"]),
        ("2024-11-20", [("REC-1", "Changed there"), "REC-7"]),
        # Of the same day, without a word that the one before it brought.
        ("2024-11-20", [("REC-1", "Changed there"), "REC-7", "REC-8"]),
    ):
        taken.append(exported(*rows, on=on))
        states.append(rows_of_every_table())
    assert states[1] != states[2] != states[3]
    for export in taken[:-1]:
        assert "was taken after it, so undo that first" in why_not(export)
    for export in reversed(taken):
        states.pop()
        undo_import(export, actor=cast.admin)
        assert rows_of_every_table() == states[-1]


def test_an_update_of_an_action_that_is_gone_from_the_portal_is_nothing_to_the_export(
    exported: Export, listed: List, cast: SimpleNamespace
) -> None:
    listed(row(1))
    exported("REC-1", "REC-7", on="2024-11-10")
    gone = exported("REC-7")
    update(Action.objects.get(), cast)
    undo_import(gone, actor=cast.admin)
    assert PortalPresence.objects.get().ended_on is None


def test_a_difference_that_a_list_closed_is_open_again_with_what_was_said_of_it(
    listed: List, exported: Export, cast: SimpleNamespace
) -> None:
    listed(row(1, Action_required="Ours."))
    exported("REC-1")
    asked = PortalDifference.objects.get()
    give(asked, actor=cast.governance, owner=cast.governance, note="Ask HMICFRS.")
    before = rows_of_every_table()
    second = listed(row(1))
    assert open_differences() == []
    compare(actor=None)
    undone = undo_import(second, actor=cast.admin)
    assert rows_of_every_table() == before
    assert words_for(undone) == (
        "The import was undone: 1 action restored and 1 difference open again."
    )


def test_a_difference_that_is_open_again_meanwhile_stands_against_nothing(
    listed: List, exported: Export, cast: SimpleNamespace
) -> None:
    listed(row(1, Action_required="Ours."))
    exported("REC-1", on="2024-11-10")
    second = listed(row(1))
    exported(("REC-1", "Changed there"), on="2024-11-24")
    assert open_differences() == [("text", "ST-0001")]
    undo_import(second, actor=cast.admin)
    found = PortalDifference.objects.get(closed_on=None)
    assert (found.ours, found.theirs) == ("Ours.", "Changed there")


def test_a_difference_that_a_list_opened_and_an_export_closed_stands_against_nothing(
    listed: List, exported: Export, cast: SimpleNamespace
) -> None:
    listed(row(1))
    exported("REC-1", on="2024-11-10")
    second = listed(row(1, Action_required="New words."))
    exported(("REC-1", "New words."), on="2024-11-24")
    assert open_differences() == []
    undo_import(second, actor=cast.admin)
    found = PortalDifference.objects.get(closed_on=None)
    assert (found.kind, found.ours, found.theirs) == ("text", TEXT, "New words.")


def test_a_difference_that_a_list_opened_vanishes_unless_somebody_answered_it(
    listed: List, exported: Export, cast: SimpleNamespace
) -> None:
    listed(row(1), row(2, Action_required="Horses need stables."))
    exported("REC-1", ("REC-2", "Horses need stables."))
    both = listed(row(1, Action_required="New words."), row(2, Action_required="Newer words."))
    answered = PortalDifference.objects.get(action__reference="ST-0002")
    answer(answered, actor=cast.governance, said=Answer.WAITING, note="Told them.")
    undo_import(both, actor=cast.admin)
    left = PortalDifference.objects.get()
    assert (left.pk, left.note, left.answer) == (answered.pk, "Told them.", Answer.WAITING)
    assert left.closed_on is not None


def test_a_difference_of_a_new_action_goes_with_it(
    listed: List, exported: Export, cast: SimpleNamespace
) -> None:
    new = listed(row(1))
    exported("REC-9")
    assert open_differences() == [("gone", "ST-0001"), ("only_there", "REC-9")]
    undo_import(new, actor=cast.admin)
    assert open_differences() == [("only_there", "REC-9")]


def test_an_answered_difference_of_a_new_action_stands_against_it(
    listed: List, exported: Export, cast: SimpleNamespace
) -> None:
    new = listed(row(1))
    exported("REC-9")
    asked = PortalDifference.objects.get(kind="gone")
    answer(asked, actor=cast.governance, said=Answer.WAITING, note="")
    with pytest.raises(
        CannotBeUndone,
        match="the difference “No longer on the portal” of ST-0001 has an answer",
    ):
        undo_import(new, actor=cast.admin)
    assert Action.objects.exists()


@pytest.mark.parametrize("kind", ["text", "only_there"])
def test_an_answered_difference_stands_against_undoing_the_export_that_opened_it(
    kind: str, listed: List, exported: Export, cast: SimpleNamespace
) -> None:
    listed(row(1))
    exported("REC-1", on="2024-11-10")
    second = exported(("REC-1", "Changed there"), "REC-9")
    assert why_not(second) == ""
    asked = PortalDifference.objects.get(kind=kind)
    give(asked, actor=cast.governance, owner=None, note="Ask HMICFRS.")
    with pytest.raises(CannotBeUndone, match=r"the difference “.*” of .* has a note"):
        undo_import(second, actor=cast.admin)
    assert PortalRecord.objects.count() == 2


@pytest.fixture
def admin(cast: SimpleNamespace, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.admin)


def test_undoing_an_export_is_asked_and_told_of_records(
    admin: Client, exported: Export, listed: List
) -> None:
    listed(row(1, Action_required="Ours."))
    exported("REC-1", on="2024-11-10")
    second = exported(("REC-1", "Ours."), "REC-8", "REC-9")
    address = reverse("portal:undo", args=[second.pk])
    text = " ".join(admin.get(address).content.decode().split())
    assert "2 records of the portal that it brought are removed" in text
    assert "1 record of the portal that it changed returns to what it said before" in text
    assert "1 difference with the portal that it closed is open again" in text
    assert "2 differences with the portal that it opened vanish" in text
    assert "action that it changed" not in text
    told = " ".join(admin.post(address, follow=True).content.decode().split())
    assert (
        "The import was undone: 2 records of the portal removed, 1 record of the portal restored "
        "and 1 difference open again."
    ) in told


def test_the_page_asks_only_the_models_that_were_written(
    admin: Client, take_in: TakeIn, cast: SimpleNamespace
) -> None:
    def asked(*numbers: int) -> int:
        applied = apply_import(take_in([row(each) for each in numbers]), actor=cast.admin)
        applied.wrote = models_written(applied.stamp)
        attribute(applied, cast.admin)
        applied.save()
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(reverse("portal:undo", args=[applied.pk])).status_code == 200
        return len(queries)

    asked(1)
    few = asked(2)
    assert few == asked(*range(10, 30))
    assert few < 50


def test_what_was_written_is_looked_for_where_nobody_remembered_it(listed: List) -> None:
    applied = listed(row(1))
    applied.wrote = []
    assert prospect_of(applied).written.actions == 1
    assert "tracker.action" in applied.wrote
    assert "tracker.closure" not in applied.wrote


def test_only_the_last_row_before_is_read(listed: List, cast: SimpleNamespace) -> None:
    listed(row(1))
    action = Action.objects.get()
    for number in range(5):
        action.text = f"Words {number}"
        action.save()
    second = listed(row(1, Action_required="New words."))
    trail = Trail(Action, second.stamp)
    with CaptureQueriesContext(connection) as queries:
        found = trail.before([action.pk])
    assert found[action.pk].text == "Words 4"
    with connection.cursor() as cursor:
        cursor.execute(queries.captured_queries[-1]["sql"])
        assert len(cursor.fetchall()) == 1
    assert second.state == State.APPLIED
