"""The pages on which the differences with HMICFRS's portal are worked through."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl.reader.excel import load_workbook

from core.markings import Marking
from people.models import User
from portal.models import Answer, DifferenceKind, PortalDifference, PortalStatus
from portal.reconciliation import answers
from tests.factories import (
    day,
    make_action,
    make_difference,
    make_export,
    make_publication,
    make_record,
    make_user,
)
from tests.portal.reconciliation.conftest import Export, row, the_difference
from tracker import workflow
from tracker.choices import Status
from tracker.models import Action

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LIST = "/portal/"


@pytest.fixture
def desk(governor: User, sign_in: SignIn) -> Client:
    return sign_in(governor)


def words(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def address(name: str, difference: PortalDifference) -> str:
    return reverse(f"portal:{name}", args=[difference.pk])


def send(client: Client, name: str, difference: PortalDifference, **sent: Any) -> str:
    sent.setdefault("seen", answers.seen_mark(difference))
    return words(client.post(address(name, difference), sent, follow=True))


def a_closed_action(**fields: Any) -> Action:
    return make_action(portal_reference="REC-1", status=Status.CLOSED, since="2024-06-01", **fields)


def test_before_any_export_the_page_says_so(desk: Client) -> None:
    page = words(desk.get(LIST))
    assert "No export of HMICFRS’s portal was taken yet" in page
    assert "Take in an export" in page


def test_the_page_tells_of_the_last_export_and_counts_by_kind(desk: Client, export: Export) -> None:
    a_closed_action(text="The force should see to it.")
    make_action(on_portal=False)
    export(row(), row("REC-2"))
    page = words(desk.get(LIST))
    assert "The last export is of 20 November 2024, with 2 records" in page
    assert "3 open differences" in page
    for kind in ("status", "only_here", "only_there"):
        assert f'href="/portal/?kind={kind}"' in page
    assert "3 differences were open" in page.replace("Three", "3")


def test_when_nothing_differs_the_page_says_so(desk: Client, export: Export) -> None:
    make_action(portal_reference="REC-1", text="The force should see to it.")
    export(row())
    assert "The portal and this force agree" in words(desk.get(LIST))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"mine", "waits", "accepted", "expired"}),
        ("show=closed", {"closed"}),
        ("mine=me", {"mine"}),
        ("owner=nobody", {"waits", "accepted", "expired"}),
        ("answer=look", {"mine", "expired"}),
        ("answer=waiting", {"waits"}),
        ("answer=accepted", {"accepted"}),
        ("kind=level", {"waits"}),
        ("age=30", {"expired"}),
        ("q=letter", {"waits"}),
    ],
)
def test_the_list_is_filtered(desk: Client, governor: User, query: str, found: set[str]) -> None:
    accepted: dict[str, Any] = {"answer": Answer.ACCEPTED, "note": "x"}
    made = {
        "mine": make_difference(owner=governor),
        "waits": make_difference(
            kind=DifferenceKind.LEVEL, answer=Answer.WAITING, note="See the letter."
        ),
        "accepted": make_difference(accepted_until=day("2024-11-25"), **accepted),
        "expired": make_difference(
            accepted_until=day("2024-11-24"), opened_on=day("2024-10-01"), **accepted
        ),
        "closed": make_difference(closed_on=day("2024-11-22"), closed_by=make_export()),
    }
    page = words(desk.get(f"{LIST}?{query}"))
    shown = {name for name, each in made.items() if f'href="{each.get_absolute_url()}"' in page}
    assert shown == found


def test_closed_ones_tell_what_closed_them(desk: Client) -> None:
    make_difference(closed_on=day("2024-11-22"), closed_by=make_export("2024-11-22"))
    make_difference(closed_on=day("2024-11-23"))
    page = words(desk.get(f"{LIST}?show=closed"))
    assert "with portal-2024-11-22.xlsx" in page
    assert "changed here" in page


def test_the_list_asks_as_often_for_many_as_for_few(desk: Client) -> None:
    make_export()

    def asked(number: int) -> int:
        for _ in range(number):
            make_difference()
        with CaptureQueriesContext(connection) as queries:
            desk.get(LIST)
        return len(queries)

    asked(1)
    assert asked(2) == asked(18)


def test_what_is_of_a_sensitive_action_is_for_those_who_may_read_it(
    desk: Client, sign_in: SignIn
) -> None:
    hidden = make_difference(a_closed_action(marking=Marking.SENSITIVE))
    staff = sign_in(make_user("staff"))
    assert hidden.get_absolute_url() in words(desk.get(LIST))
    page = words(staff.get(LIST))
    assert hidden.get_absolute_url() not in page
    assert "1 open" not in page
    assert staff.get(hidden.get_absolute_url()).status_code == 404
    assert desk.get(hidden.get_absolute_url()).status_code == 200


def test_staff_read_and_decide_nothing(sign_in: SignIn) -> None:
    found = make_difference()
    staff = sign_in(make_user("staff"))
    page = words(staff.get(found.get_absolute_url()))
    assert "Closed" in page
    assert "Adopt what the portal says" not in page
    assert "Wait for the portal" not in words(staff.get(LIST))
    for name in ("owner", "answer", "adopt"):
        assert staff.post(address(name, found), {}).status_code == 403
    assert staff.post(reverse("portal:compare")).status_code == 403


def test_a_difference_shows_both_sides_and_its_history(desk: Client, export: Export) -> None:
    a_closed_action(text="The force should see to it.")
    export(row(status_on=day("2024-09-02")))
    page = words(desk.get(the_difference().get_absolute_url()))
    assert "Closed since 1 June 2024" in page
    assert "Open since 2 September 2024" in page
    assert "First 20 November 2024, last 20 November 2024" in page
    assert "Ours: Closed. The portal’s: Open." in page


def test_owner_and_note_are_recorded(desk: Client, governor: User) -> None:
    found = make_difference()
    page = send(desk, "owner", found, owner=governor.pk, note="Asked on Monday.")
    assert "Owner and note are recorded." in page
    assert "Asked on Monday." in page
    found.refresh_from_db()
    assert (found.owner, found.note) == (governor, "Asked on Monday.")


def test_sent_twice_nothing_is_recorded_twice(desk: Client, governor: User) -> None:
    found = make_difference()
    sent = {"owner": governor.pk, "note": "Asked.", "seen": answers.seen_mark(found)}
    for _ in range(2):
        assert "Owner and note are recorded." in send(desk, "owner", found, **sent)
    assert found.history.count() == 2


def test_who_comes_second_is_told_and_keeps_what_they_typed(desk: Client, governor: User) -> None:
    found = make_difference()
    seen = answers.seen_mark(found)
    answers.give(found, actor=make_user("other", name="Sam Hill"), owner=None, note="First.")
    page = send(desk, "owner", found, owner="", note="Second.", seen=seen)
    assert "Sam Hill has changed this difference since you opened the page" in page
    assert "Second." in page
    found.refresh_from_db()
    assert found.note == "First."


def test_it_waits_for_the_portal(desk: Client, governor: User) -> None:
    found = make_difference()
    assert "Waiting for the portal" in send(desk, "answer", found, said="waiting", note="")
    found.refresh_from_db()
    assert (found.answer, found.answered_by) == (Answer.WAITING, governor)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"said": "accepted", "note": "Known."}, "Enter the day until which it is accepted."),
        (
            {"said": "accepted", "note": "Known.", "until": "25 November 2024"},
            "25 November 2024 is not ahead.",
        ),
        ({"said": "accepted", "until": "31 December 2024"}, "Say in the note why it is accepted."),
        ({"note": "Known."}, "Answer “What becomes of it?”"),
    ],
)
def test_what_is_accepted_has_a_date_and_a_reason(
    desk: Client, sent: dict[str, str], told: str
) -> None:
    found = make_difference()
    assert told in send(desk, "answer", found, **sent)
    found.refresh_from_db()
    assert found.answer == Answer.NONE


def test_accepted_until_a_date_and_taken_back(desk: Client) -> None:
    found = make_difference()
    send(desk, "answer", found, said="accepted", note="Known.", until="31.12.24")
    found.refresh_from_db()
    assert found.accepted_until == day("2024-12-31")
    send(desk, "answer", found, said="look", note="")
    found.refresh_from_db()
    assert (found.answer, found.accepted_until, found.answered_by) == (Answer.NONE, None, None)


def test_adopting_closes_the_difference_at_once(desk: Client, export: Export) -> None:
    action = a_closed_action(text="The force should see to it.")
    export(row())
    found = the_difference()
    page = words(desk.get(address("adopt", found)))
    assert f"{action} is re-opened and in progress again" in page
    assert "HMICFRS’s portal says “Open” in its export of 20 November 2024." in page
    page = send(desk, "adopt", found, text="The portal says so.", on="25 November 2024")
    assert "this difference is gone" in page
    assert workflow.open_period(action).status == Status.IN_PROGRESS
    assert the_difference().closed_on == day("2024-11-25")
    # Sent again, it finds nothing to decide.
    again = send(desk, "adopt", found, text="The portal says so.", on="25 November 2024")
    assert "there is nothing to decide" in again
    assert action.periods.count() == 3


def test_what_the_route_refuses_is_said_and_nothing_changes(desk: Client, export: Export) -> None:
    action = make_action(portal_reference="REC-1", text="The force should see to it.")
    export(row(status=PortalStatus.CLOSED))
    found = the_difference()
    assert "not with HMICFRS for closure" in words(desk.get(address("adopt", found)))
    page = send(desk, "adopt", found, text="The portal says so.", on="25 November 2024")
    assert "not with HMICFRS for closure" in page
    assert "The portal says so." in page
    assert workflow.open_period(action).status == Status.IN_PROGRESS
    assert the_difference().answer == Answer.NONE


def test_our_action_is_named_the_most_similar_first(desk: Client, export: Export) -> None:
    make_action("T-8001", on_portal=False, text="Something about custody suites and cells.")
    like = make_action("T-8002", on_portal=False, text="The force should see to it soon.")
    export(row())
    there = PortalDifference.objects.get(kind="only_there")
    page = words(desk.get(address("name", there)))
    assert page.index("T-8002") < page.index("T-8001")
    page = send(desk, "name", there, likely=like.pk, reason="The same text.")
    assert "this difference is gone" in page
    like.refresh_from_db()
    assert like.portal_reference == "REC-1"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"reason": "x"}, "Choose one, or enter the reference of another one."),
        ({"reference": "T-9999", "reason": "x"}, "There is no action T-9999 of HMICFRS"),
        ({"reference": "T-8001"}, "how it is known"),
    ],
)
def test_an_action_that_is_not_named_well_is_asked_for(
    desk: Client, sent: dict[str, str], told: str
) -> None:
    action = make_action("T-8001", on_portal=False)
    there = make_difference(record=make_record(), kind=DifferenceKind.ONLY_THERE, ours="")
    assert told.lower() in send(desk, "name", there, **sent).lower()
    action.refresh_from_db()
    assert action.portal_reference is None


def test_a_portal_reference_that_another_action_has_is_refused(desk: Client) -> None:
    make_action(portal_reference="REC-1")
    make_record("REC-1")
    action = make_action(on_portal=False)
    here = make_difference(action, kind=DifferenceKind.ONLY_HERE, ours=str(action), theirs="")
    page = send(desk, "name", here, reference="rec-1", reason="By letter.")
    assert "Another action has this portal reference." in page
    action.refresh_from_db()
    assert action.portal_reference is None


def test_a_record_only_there_leads_to_where_it_is_recorded(desk: Client) -> None:
    there = make_difference(record=make_record(), kind=DifferenceKind.ONLY_THERE, ours="")
    assert "Record its publication first" in words(desk.get(there.get_absolute_url()))


def test_several_get_an_owner_or_wait_all_or_none(desk: Client, governor: User) -> None:
    several = [make_difference(), make_difference()]
    chosen = {"chosen": [each.pk for each in several]}
    page = words(desk.get(reverse("portal:own_several"), chosen))
    assert "Owner of 2 differences" in page
    desk.post(reverse("portal:own_several"), {**chosen, "owner": governor.pk})
    desk.post(reverse("portal:wait_several"), chosen)
    found = PortalDifference.objects.values_list("owner", "answer").distinct().order_by()
    assert list(found) == [(governor.pk, Answer.WAITING)]
    several[0].refresh_from_db()
    several[0].closed_on = day("2024-11-25")
    several[0].save()
    page = words(desk.post(reverse("portal:own_several"), {**chosen, "owner": ""}))
    assert "1 of these differences is gone by now" in page
    assert PortalDifference.objects.filter(owner=governor).count() == 2


def test_nothing_ticked_leads_back_to_the_list(desk: Client) -> None:
    response = desk.get(reverse("portal:wait_several"), follow=True)
    assert "Tick at least one difference first." in words(response)


def test_comparing_again_says_what_came_and_went(desk: Client, export: Export) -> None:
    action = a_closed_action(text="The force should see to it.")
    export(row())
    workflow.reopen(action, actor=User.objects.get(username="governor"), reason="By letter.")
    page = words(desk.post(reverse("portal:compare"), follow=True))
    assert "Compared again: 0 came, 1 went, 0 are open." in page


def test_the_list_for_hmicfrs_holds_nothing_internal(desk: Client, governor: User) -> None:
    make_export()
    sent = make_difference(owner=governor, note="Internal.", answer=Answer.WAITING)
    make_difference(answer=Answer.OUR_ERROR)
    make_difference(answer=Answer.ACCEPTED, accepted_until=day("2024-12-31"), note="Known to both.")
    here = make_action(on_portal=False, text="=HYPERLINK(1)")
    make_difference(here, kind=DifferenceKind.ONLY_HERE, ours=str(here), theirs="")
    response = desk.get(reverse("portal:for_hmicfrs"))
    workbook = load_workbook(io.BytesIO(b"".join(response)))
    rows = list(workbook.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert {each[1] for each in rows} == {str(sent.action), str(here)}
    assert {each[4] for each in rows} == {"Open", "Not on the portal"}
    everything = str([list(sheet.iter_rows(values_only=True)) for sheet in workbook.worksheets])
    assert "Internal." not in everything
    assert all(
        cell.data_type != "f" for line in workbook.worksheets[0].iter_rows() for cell in line
    )


def test_the_list_for_hmicfrs_is_marked_as_its_rows_are(desk: Client) -> None:
    make_difference(a_closed_action(marking=Marking.SENSITIVE))
    response = desk.get(reverse("portal:for_hmicfrs"))
    assert "official-sensitive" in response["Content-Disposition"]
    b"".join(response)


def test_a_new_action_begins_with_what_the_portal_says(desk: Client, export: Export) -> None:
    publication = make_publication("An inspection")
    export(row(level=3, due_on=day("2025-03-31")))
    page = words(desk.get(the_difference().get_absolute_url()))
    link = f"/publications/{publication.slug}/actions/add/?portal_reference=REC-1"
    assert f'href="{link}"' in page
    form = words(desk.get(link))
    for said in ("The force should see to it.", 'value="REC-1"', 'value="31 March 2025"'):
        assert said in form
    desk.post(
        link,
        {
            "action-TOTAL_FORMS": "1",
            "action-INITIAL_FORMS": "1",
            "received": "25 November 2024",
            "scope": "national",
            "marking": "OFFICIAL",
            "action-0-kind": "recommendation",
            "action-0-text": "The force should see to it.",
            "action-0-level": "3",
            "action-0-portal_reference": "REC-1",
            "action-0-due_on": "31 March 2025",
        },
    )
    assert Action.objects.get().portal_reference == "REC-1"
    desk.post(reverse("portal:compare"))
    assert not PortalDifference.objects.filter(closed_on=None).exists()
