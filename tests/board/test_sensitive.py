"""Board members read what is sensitive while it is on their agenda: before, during, after."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from board.choices import MeetingState, Section
from board.models import AgendaItem, Meeting
from core.markings import Marking
from evidence.models import Evidence
from people.models import User
from tests.access_table import ALL
from tests.factories import make_action, make_closure, make_evidence, make_item, make_meeting
from tracker.dossier import may_read_sensitive
from tracker.models import Action, ActionEvidence, Closure, ClosureEvidence, ProgressUpdate

pytestmark = pytest.mark.django_db
BY_ROLE = {"assurance", "governance", "chair", "deputy"}


@pytest.fixture
def case(cast: SimpleNamespace) -> SimpleNamespace:
    """A sensitive action with its closure, an update, and evidence of each; and another like it."""
    action = make_action("ON", marking=Marking.SENSITIVE)
    closure = make_closure(action)
    found = SimpleNamespace(
        action=action,
        closure=closure,
        update=ProgressUpdate.objects.create(
            action=action, text="A name is in it.", marking=Marking.SENSITIVE
        ),
        of_action=make_evidence("Of the action", owner=cast.admin, marking=Marking.SENSITIVE),
        of_closure=make_evidence("Of the closure", owner=cast.admin, marking=Marking.SENSITIVE),
        taken_off=make_evidence("Taken off", owner=cast.admin, marking=Marking.SENSITIVE),
        elsewhere=make_evidence("Elsewhere", owner=cast.admin, marking=Marking.SENSITIVE),
    )
    other = make_action("OTHER", marking=Marking.SENSITIVE)
    make_closure(other)
    ActionEvidence.objects.create(action=action, evidence=found.of_action)
    ActionEvidence.objects.create(
        action=action, evidence=found.taken_off, removed_at=timezone.now()
    )
    ActionEvidence.objects.create(action=other, evidence=found.elsewhere)
    ClosureEvidence.objects.create(closure=closure, evidence=found.of_closure)
    return found


def put_on(meeting: Meeting, closure: Closure) -> AgendaItem:
    return make_item(meeting, Section.CLOSURES, closure=closure)


def fresh(cast: SimpleNamespace, name: str) -> User:
    return User.objects.get(pk=getattr(cast, name).pk)


def readers(cast: SimpleNamespace, action: Action) -> set[str]:
    return {name for name in ALL if action in Action.objects.visible_to(fresh(cast, name))}


def read_by(user: User) -> tuple[set[str], set[str], set[str]]:
    """The sensitive actions, evidence and updates that somebody may read."""
    actions = Action.objects.visible_to(user).filter(marking=Marking.SENSITIVE)
    evidence = Evidence.objects.visible_to(user).filter(marking=Marking.SENSITIVE)
    updates = ProgressUpdate.objects.visible_to(user).filter(marking=Marking.SENSITIVE)
    return (
        set(actions.values_list("reference", flat=True)),
        set(evidence.values_list("title", flat=True)),
        set(updates.values_list("action__reference", flat=True)),
    )


NOTHING: tuple[set[str], set[str], set[str]] = (set(), set(), set())
ON_AGENDA = ({"ON"}, {"Of the action", "Of the closure"}, {"ON"})


def test_before_during_and_after_its_board(case: SimpleNamespace, cast: SimpleNamespace) -> None:
    assert read_by(cast.member) == NOTHING

    meeting = make_meeting()
    assert read_by(cast.member) == NOTHING

    put_on(meeting, case.closure)
    assert read_by(cast.member) == ON_AGENDA
    assert readers(cast, case.action) == BY_ROLE | {"member"}

    meeting.state = MeetingState.CLOSED
    meeting.closed_at, meeting.document = timezone.now(), {}
    meeting.save()
    assert read_by(cast.member) == NOTHING
    assert readers(cast, case.action) == BY_ROLE


def test_a_cancelled_board_shows_nothing(case: SimpleNamespace, cast: SimpleNamespace) -> None:
    meeting = make_meeting(state=MeetingState.CANCELLED)
    put_on(meeting, case.closure)
    assert read_by(cast.member) == NOTHING


def test_what_was_taken_off_the_agenda_is_read_no_longer(
    case: SimpleNamespace, cast: SimpleNamespace
) -> None:
    item = put_on(make_meeting(), case.closure)
    item.removed_at, item.removed_reason = timezone.now(), "Not ready."
    item.save()
    assert read_by(cast.member) == NOTHING


@pytest.mark.parametrize("name", sorted(ALL - BY_ROLE - {"member", "admin"}))
def test_nobody_else_reads_it_there(
    name: str, case: SimpleNamespace, cast: SimpleNamespace
) -> None:
    put_on(make_meeting(), case.closure)
    assert read_by(fresh(cast, name)) == NOTHING


def test_a_carried_item_is_read_while_the_next_board_has_it(
    case: SimpleNamespace, cast: SimpleNamespace
) -> None:
    held = make_meeting(
        "2024-10-16", state=MeetingState.CLOSED, closed_at=timezone.now(), document={}
    )
    put_on(held, case.closure)
    assert read_by(cast.member) == NOTHING
    put_on(make_meeting(), case.closure)
    assert read_by(cast.member) == ON_AGENDA


def test_the_member_opens_action_closure_evidence_and_what_the_update_says(
    case: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    addresses = [
        case.action.get_absolute_url(),
        case.closure.get_absolute_url(),
        case.of_closure.get_absolute_url(),
    ]
    member, support = sign_in(cast.member), sign_in(cast.support)
    assert [member.get(address).status_code for address in addresses] == [404, 404, 404]
    put_on(make_meeting(), case.closure)
    assert [member.get(address).status_code for address in addresses] == [200, 200, 200]
    assert "A name is in it." in member.get(addresses[0]).content.decode()
    assert [support.get(address).status_code for address in addresses] == [404, 404, 404]
    assert may_read_sensitive(case.action, fresh(cast, "member"))
    assert not may_read_sensitive(case.action, fresh(cast, "support"))


def test_a_sensitive_update_of_an_official_action_is_read_by_those_near_it_only(
    cast: SimpleNamespace,
) -> None:
    action = make_action("OPEN", update="Said to all.")
    ProgressUpdate.objects.create(action=action, text="A name.", marking=Marking.SENSITIVE)
    texts = {
        name: set(
            ProgressUpdate.objects.visible_to(fresh(cast, name)).values_list("text", flat=True)
        )
        for name in ("staff", "member", "chair")
    }
    assert texts == {
        "staff": {"Said to all."},
        "member": {"Said to all."},
        "chair": {"Said to all.", "A name."},
    }
    put_on(make_meeting(), make_closure(action))
    seen = ProgressUpdate.objects.visible_to(fresh(cast, "member"))
    assert set(seen.values_list("text", flat=True)) == {"Said to all.", "A name."}


def test_for_others_the_rule_adds_nothing_to_the_query(
    case: SimpleNamespace, cast: SimpleNamespace
) -> None:
    for name, asked in (("chair", False), ("staff", False), ("member", True)):
        with CaptureQueriesContext(connection) as queries:
            list(Action.objects.visible_to(fresh(cast, name)))
        assert any("board_agendaitem" in each["sql"] for each in queries) == asked, name
