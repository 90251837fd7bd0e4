"""Correcting the record of an action: what may be, who is told, and what is refused."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from core.collisions import Overtaken
from core.dates import today
from core.markings import Marking
from inspections.choices import PublicationType, Scope
from inspections.models import Publication
from people.models import User
from tests.factories import day, make_action, make_framework, make_publication
from tests.tracker.closures import status_of
from tracker.choices import Kind, Register, Status
from tracker.due_dates import due_now, set_due_dates
from tracker.editing import DueAsIssued, change_action, due_as_issued
from tracker.models import Action, DueDate
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def correct(action: Action, cast: SimpleNamespace, **fields: Any) -> Action:
    options = {"version": 1, "reason": "Typed wrongly.", **fields}
    return change_action(action, actor=cast.governance, **options)


def a_family(
    publication: Publication, number: int, children: int = 2, **cause: Any
) -> list[Action]:
    """A cause of concern and its recommendations."""
    parent = make_action(
        f"C-{number}", kind=Kind.CAUSE_OF_CONCERN, publication=publication, **cause
    )
    return [
        parent,
        *[
            make_action(f"R-{number}{place}", publication=publication, parent=parent)
            for place in range(children)
        ],
    ]


def test_a_correction_is_kept_with_who_made_it_and_why(cast: SimpleNamespace) -> None:
    question = make_framework().questions.get(number=1)
    action = make_action("T-1", text="Old words.")
    changed = correct(
        action,
        cast,
        text="New words.",
        scope=Scope.LOCAL,
        question=question,
        marking=Marking.SENSITIVE,
        kind=Kind.AFI,
    )
    changed.refresh_from_db()
    assert (changed.text, changed.scope, changed.question) == ("New words.", "local", question)
    assert (changed.kind, changed.version) == (Kind.AFI, 2)
    assert changed.search_text == "t-1 new words."
    row = changed.history.latest()
    assert (row.user_name, row.history_change_reason) == ("Governance", "Typed wrongly.")


def test_what_is_there_already_leaves_no_trace(cast: SimpleNamespace) -> None:
    action = make_action("T-1", due="2025-03-31")
    rows = action.history.count()
    due = DueAsIssued(day("2025-03-31"), day("2025-03-31"))
    correct(action, cast, text=action.text, due=due)
    action.refresh_from_db()
    assert (action.version, action.history.count()) == (1, rows)


def test_a_correction_has_a_reason(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="Say why"):
        correct(make_action(), cast, text="New.", reason=" ")


def test_what_was_entered_in_error_is_left_alone(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="entered in error"):
        correct(make_action(entered_in_error=True), cast, text="New.")


@pytest.mark.parametrize(
    ("before", "after"),
    [(Kind.RECOMMENDATION, Kind.CAUSE_OF_CONCERN), (Kind.CAUSE_OF_CONCERN, Kind.AFI)],
)
def test_a_cause_of_concern_is_never_taken_for_another_kind(
    cast: SimpleNamespace, before: Kind, after: Kind
) -> None:
    with pytest.raises(Refused, match="entered in error and record the right one"):
        correct(make_action(kind=before), cast, kind=after)


def test_an_afi_belongs_to_no_cause_of_concern(cast: SimpleNamespace) -> None:
    _, child, _ = a_family(make_publication(), 1)
    with pytest.raises(ValidationError, match="Only a recommendation can belong"):
        correct(child, cast, kind=Kind.AFI)


def test_a_portal_reference_that_is_new_puts_the_action_on_the_portal(
    cast: SimpleNamespace,
) -> None:
    action = make_action(on_portal=False)
    correct(action, cast, portal_reference="REC-1")
    presence = action.portal_presences.get()
    assert (presence.started_on, presence.assumed) == (today(), True)
    correct(action, cast, version=2, portal_reference="REC-2")
    assert action.portal_presences.count() == 1


def test_a_portal_reference_of_another_action_is_refused(cast: SimpleNamespace) -> None:
    make_action(portal_reference="REC-1")
    with pytest.raises(ValidationError, match="Another action has this portal reference"):
        correct(make_action(), cast, portal_reference="rec-1")


def test_the_due_date_as_issued_is_corrected_and_revisions_stay(cast: SimpleNamespace) -> None:
    action = make_action(due="2025-03-31")
    DueDate.objects.create(action=action, sequence=1, due_on=day("2025-06-30"), reason="More work.")
    correct(action, cast, due=DueAsIssued(day("2025-03-31"), day("2025-04-30")))
    assert due_as_issued(action) == day("2025-04-30")
    assert [due.due_on for due in action.due_dates.all()] == [day("2025-04-30"), day("2025-06-30")]
    issued = action.due_dates.get(sequence=0)
    assert issued.history.latest().user_name == "Governance"


def test_a_due_date_that_was_forgotten_is_as_issued_on_the_day_received(
    cast: SimpleNamespace,
) -> None:
    action = make_action(received="2024-01-10")
    correct(action, cast, due=DueAsIssued(None, day("2025-04-30")))
    issued = action.due_dates.get()
    assert (issued.sequence, issued.agreed_on) == (0, day("2024-01-10"))


def test_what_was_agreed_is_not_taken_for_the_date_as_issued(
    cast: SimpleNamespace, officer: Client
) -> None:
    action = make_action("T-1", received="2024-01-10")
    set_due_dates(
        [action],
        actor=cast.governance,
        due_on=day("2025-06-30"),
        agreed_by="ACC Baker",
        reason="More work.",
    )
    assert due_as_issued(action) is None
    page = officer.get(reverse("tracker:edit_action", args=["T-1"])).content.decode()
    assert "30 June 2025" not in page

    correct(action, cast, due=DueAsIssued(None, day("2025-04-30")))
    assert [(due.sequence, due.due_on, due.agreed_by) for due in action.due_dates.all()] == [
        (0, day("2025-04-30"), ""),
        (1, day("2025-06-30"), "ACC Baker"),
    ]
    assert due_now(action) == day("2025-06-30")


@pytest.mark.parametrize(
    ("right", "said"), [(None, "not removed"), ("2023-01-10", "before the action was received")]
)
def test_a_due_date_that_cannot_be_is_refused(
    cast: SimpleNamespace, right: str | None, said: str
) -> None:
    action = make_action(due="2025-03-31")
    with pytest.raises(ValidationError, match=said):
        correct(action, cast, due=DueAsIssued(day("2025-03-31"), day(right) if right else None))


def test_a_due_date_corrected_meanwhile_is_told(cast: SimpleNamespace) -> None:
    action = make_action(due="2025-03-31")
    seen = day("2025-03-31")
    correct(action, cast, due=DueAsIssued(seen, day("2025-04-30")))
    with pytest.raises(Overtaken) as told:
        correct(action, cast, due=DueAsIssued(seen, day("2025-05-31")))
    (change,) = told.value.changes
    assert change.by == "Governance"
    assert [(each.was, each.now) for each in change.fields] == [("31 March 2025", "30 April 2025")]


def test_a_recommendation_moves_to_the_cause_of_concern_it_belongs_to(
    cast: SimpleNamespace,
) -> None:
    publication = make_publication()
    _, child, _ = a_family(publication, 1)
    right, _ = a_family(publication, 2, 1, status=Status.CLOSED, since="2024-10-01")
    correct(child, cast, parent=right)
    assert set(right.children.values_list("reference", flat=True)) == {"R-10", "R-20"}
    # It is live, so the cause it turned out to belong to cannot be closed.
    assert status_of(right) == Status.IN_PROGRESS


def test_a_closed_recommendation_re_opens_nothing(cast: SimpleNamespace) -> None:
    publication = make_publication()
    cause, _ = a_family(publication, 1, 1, status=Status.CLOSED, since="2024-10-01")
    child = make_action("R-9", publication=publication, status=Status.CLOSED, since="2024-09-01")
    correct(child, cast, parent=cause)
    assert status_of(cause) == Status.CLOSED


def test_a_cause_of_concern_keeps_a_recommendation(cast: SimpleNamespace) -> None:
    _, child = a_family(make_publication(), 1, 1)
    with pytest.raises(ValidationError, match="C-1 would be left without a recommendation"):
        correct(child, cast, parent=None)


def test_a_cause_of_concern_of_another_publication_is_refused(cast: SimpleNamespace) -> None:
    other, _ = a_family(make_publication(), 1, 1)
    with pytest.raises(ValidationError, match="not a cause of concern of this publication"):
        correct(make_action(), cast, parent=other)


# The page ------------------------------------------------------------------------------------


@pytest.fixture
def officer(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.governance)


def form_of(action: Action, **fields: str) -> dict[str, str]:
    return {
        "version": str(action.version),
        "kind": action.kind,
        "text": action.text,
        "scope": action.scope,
        "marking": action.marking,
        "portal_reference": action.portal_reference or "",
        "reason": "Typed wrongly.",
        **fields,
    }


def send(client: Client, action: Action, form: dict[str, str]) -> str:
    address = reverse("tracker:edit_action", args=[action.reference])
    response = client.post(address, form, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_governance_is_led_to_the_page_and_corrects_the_record(
    officer: Client, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    action = make_action("T-1", text="First line.\nSecond line.", due="2025-03-31")
    link = f'href="{reverse("tracker:edit_action", args=["T-1"])}"'
    assert link in officer.get(action.get_absolute_url()).content.decode()
    assert link not in sign_in(cast.staff).get(action.get_absolute_url()).content.decode()

    page = send(
        officer,
        action,
        form_of(
            action,
            text="First line.\r\nSecond line.",
            scope="local",
            due_on="30.4.25",
            due_seen="2025-03-31",
        ),
    )
    assert "The record of T-1 is corrected." in page
    action.refresh_from_db()
    assert (action.scope, action.text) == ("local", "First line.\nSecond line.")
    assert due_as_issued(action) == day("2025-04-30")


def test_the_second_of_two_is_told_what_the_first_changed_and_loses_nothing(
    officer: Client,
) -> None:
    action = make_action("T-1", text="Old.", due="2025-03-31")
    first = form_of(action, text="Theirs.", due_on="30.4.25", due_seen="2025-03-31")
    second = {**first, "text": "Mine.", "due_on": "31.5.25"}
    send(officer, action, first)

    page = send(officer, action, second)

    assert "Governance changed this at" in page
    assert "<strong>What it requires:</strong> was “Old.”, is now “Theirs.”" in page
    assert (
        "<strong>Due date as issued:</strong> was “31 March 2025”, is now “30 April 2025”" in page
    )
    assert "Mine.</textarea>" in page
    assert 'value="31.5.25"' in page
    action.refresh_from_db()
    assert action.text == "Theirs."

    # What the page now holds is sent again.
    again = {**second, "version": "2", "due_seen": "2025-04-30"}
    for name in ("version", "due_seen"):
        assert f'name="{name}" value="{again[name]}"' in page
    assert "is corrected." in send(officer, action, again)
    action.refresh_from_db()
    assert action.text == "Mine."
    assert due_as_issued(action) == day("2025-05-31")


def test_changes_of_different_fields_go_together(officer: Client) -> None:
    action = make_action("T-1", text="Old.", scope="national")
    first, second = form_of(action, scope="local"), form_of(action, text="New.")
    send(officer, action, first)
    assert "is corrected." in send(officer, action, second)
    action.refresh_from_db()
    assert (action.scope, action.text) == ("local", "New.")


def test_saving_again_undoes_nothing_that_the_second_never_touched(officer: Client) -> None:
    action = make_action("T-1", text="Old.", scope="national", due="2025-03-31")
    seen = {"due_on": "31 March 2025", "due_seen": "2025-03-31"}
    first = form_of(
        action, text="Theirs.", marking=Marking.SENSITIVE, due_on="30.4.25", due_seen="2025-03-31"
    )
    second = form_of(action, scope="local", portal_reference="REC-2", **seen)
    send(officer, action, {**first, "portal_reference": "REC-1"})

    page = send(officer, action, second)
    assert "was “Old.”" not in page
    assert "is now “REC-1”" in page
    assert 'value="REC-2"' in page
    # What the second left as it was is shown, and sent again, as it is now.
    assert "Theirs.</textarea>" in page
    assert 'name="due_on" value="30 April 2025"' in page
    again = {
        **second,
        "version": "2",
        "text": "Theirs.",
        "marking": Marking.SENSITIVE,
        "due_on": "30 April 2025",
        "due_seen": "2025-04-30",
    }
    assert "is corrected." in send(officer, action, again)
    action.refresh_from_db()
    assert (action.text, action.scope, action.portal_reference, action.marking) == (
        "Theirs.",
        "local",
        "REC-2",
        Marking.SENSITIVE,
    )
    assert due_as_issued(action) == day("2025-04-30")


def test_the_same_form_sent_twice_is_harmless(officer: Client) -> None:
    action = make_action("T-1")
    form = form_of(action, text="New.")
    send(officer, action, form)
    assert "is corrected." in send(officer, action, form)
    action.refresh_from_db()
    assert action.version == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": ""}, "Say what it requires"),
        ({"reason": ""}, "why it is corrected"),
        ({"portal_reference": "REC-9"}, "Another action has this portal reference."),
        ({"due_on": "x"}, "Enter a date like"),
        ({"due_on": "1.1.23"}, "before the action was received"),
        ({"kind": "cause_of_concern"}, "from the list"),
        ({"due_seen": "nonsense"}, "There is a problem"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    officer: Client, fields: dict[str, str], said: str
) -> None:
    make_action(portal_reference="REC-9")
    action = make_action("T-1", text="Old.")
    page = send(officer, action, form_of(action, **{"reason": "Because.", **fields}))
    assert said in page
    assert "There is a problem" in page
    assert ('value="Because."' in page) == ("reason" not in fields)
    action.refresh_from_db()
    assert action.version == 1


def test_the_page_asks_only_what_the_action_can_have(officer: Client) -> None:
    publication = make_publication(type=PublicationType.SUPER_COMPLAINT)
    action = make_action("T-1", publication=publication, register=Register.SUPER_COMPLAINT)
    cause, child = a_family(make_publication(), 1, 1)

    def asked(which: Action) -> str:
        address = reverse("tracker:edit_action", args=[which.reference])
        return officer.get(address).content.decode()

    for name in ("kind", "parent", "portal_reference"):
        assert f'name="{name}"' not in asked(action)
    assert 'name="kind"' not in asked(cause)
    assert f'<option value="{cause.pk}" selected>C-1: ' in asked(child)


def test_an_entry_in_error_has_no_such_page(officer: Client) -> None:
    make_action("T-1", entered_in_error=True)
    assert officer.get(reverse("tracker:edit_action", args=["T-1"])).status_code == 403


def test_an_action_entered_in_error_while_somebody_writes_is_not_corrected(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = make_action("T-1", text="Old.")
    monkeypatch.setattr("tracker.views.editing.action_or_404", lambda request, reference: action)
    Action.objects.filter(pk=action.pk).update(entered_in_error=True)
    page = send(officer, action, form_of(action, text="New."))
    assert "This action was entered in error" in page
    assert "New.</textarea>" in page
    action.refresh_from_db()
    assert action.text == "Old."
