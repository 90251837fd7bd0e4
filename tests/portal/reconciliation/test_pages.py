"""The pages on which the differences with HMICFRS's portal are worked through."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl.reader.excel import load_workbook

from core.markings import Marking
from people.models import Notice, User
from portal.models import Answer, DifferenceKind, PortalDifference, PortalStatus
from portal.reconciliation import answers
from tests.factories import (
    day,
    make_action,
    make_difference,
    make_export,
    make_lead,
    make_publication,
    make_record,
    make_user,
)
from tests.portal.reconciliation.conftest import Export, row, the_difference
from tracker import workflow
from tracker.choices import Status
from tracker.models import Action, ActionLead
from tracker.workflow import Refused

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
    assert "A difference is one thing that HMICFRS’s portal and this force say differently" in page
    figures = re.findall(r'app-figure__number">(\d+)</span> <a [^>]*>([^<]*)<', page)
    assert figures[0] == ("3", "Not looked at yet")
    assert "Not on the portal" in page
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
    assert "Write a note" not in page
    assert "Wait for the portal" not in words(staff.get(LIST))
    for name in ("owner", "answer", "adopt", "note"):
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


def notices_of(user: User) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(user=user).values_list("text", "address"))


def test_a_new_owner_is_told_finds_it_among_their_work_and_writes_its_note(
    desk: Client, governor: User, sign_in: SignIn
) -> None:
    found = make_difference(a_closed_action())
    owner = make_user("owner", name="Sam Hill")
    send(desk, "owner", found, owner=owner.pk, note="")
    send(desk, "owner", found, owner=owner.pk, note="Again.")
    said = f"{governor} makes you owner of a difference with HMICFRS’s portal: "
    assert notices_of(owner) == [(f"{said}{found.action}, status", found.get_absolute_url())]
    theirs = sign_in(owner)
    work = words(theirs.get("/work/"))
    assert "Differences with HMICFRS’s portal that you own" in work
    assert f'href="{found.get_absolute_url()}"' in work
    page = words(theirs.get(found.get_absolute_url()))
    assert f'href="{address("note", found)}"' in page
    assert "Record a decision" not in page
    assert "The note is recorded." in send(theirs, "note", found, note="Asked the liaison lead.")
    found.refresh_from_db()
    assert (found.note, found.owner) == ("Asked the liaison lead.", owner)
    # Once it is settled, nothing waits for anybody.
    found.closed_on = day("2024-11-25")
    found.save()
    assert "HMICFRS’s portal that you own" not in words(theirs.get("/work/"))


def test_who_becomes_owner_of_several_is_told_once_and_nobody_of_what_they_took(
    desk: Client, governor: User
) -> None:
    keys = [make_difference().pk, make_difference().pk]
    owner = make_user("owner")
    for who in (owner, owner, governor):
        desk.post(reverse("portal:own_several"), {"chosen": keys, "owner": who.pk})
    assert notices_of(owner) == [
        (f"{governor} makes you owner of two differences with HMICFRS’s portal", "/portal/?mine=me")
    ]
    assert notices_of(governor) == []


def test_owners_of_what_is_sensitive_are_those_who_may_read_it(
    desk: Client, governor: User
) -> None:
    action = a_closed_action(marking=Marking.SENSITIVE)
    leader, staff = make_user("leader", name="Ann Lead"), make_user("staff", name="Sam Staff")
    make_user("gone", name="Old Hand", is_active=False)
    ActionLead.objects.create(
        action=action, role="delivery", lead=make_lead("Head of Crime", leader)
    )
    hidden, plain = make_difference(action), make_difference()
    offered = words(desk.get(address("owner", hidden)))
    assert "Ann Lead" in offered
    assert str(governor) in offered
    assert "Sam Staff" not in offered
    anybody = words(desk.get(address("owner", plain)))
    assert "Sam Staff" in anybody
    assert "Old Hand" not in anybody
    several = {"chosen": [hidden.pk, plain.pk], "owner": staff.pk}
    assert "from the list" in words(desk.post(reverse("portal:own_several"), several))
    with pytest.raises(Refused, match="Sam Staff may not read this"):
        answers.give(hidden, actor=governor, owner=staff, note="")
    assert notices_of(staff) == []


def test_no_decision_is_the_usual_one_and_the_lag_is_told(desk: Client, export: Export) -> None:
    action = a_closed_action(text="The force should see to it.")
    export(row())
    found = the_difference()
    page = words(desk.get(found.get_absolute_url()))
    buttons = re.findall(r'<a class="govuk-button([^"]*)" href="([^"]*)"', page)
    assert {href for _, href in buttons} == {
        address("answer", found),
        address("adopt", found),
        address("owner", found),
    }
    assert {style.strip() for style, _ in buttons} == {"govuk-button--secondary"}
    lag = "Open there and closed here is usually the portal’s lag"
    assert lag in page
    adopting = words(desk.get(address("adopt", found)))
    assert lag in adopting
    assert f"{action} is re-opened and in progress again." in adopting
    assert "cause of concern" not in adopting


def test_where_the_route_refuses_the_reason_stands_for_the_button(
    desk: Client, export: Export
) -> None:
    make_action(portal_reference="REC-1", text="The force should see to it.")
    export(row(status=PortalStatus.CLOSED))
    found = the_difference()
    page = words(desk.get(found.get_absolute_url()))
    assert "The portal’s value cannot be adopted here." in page
    assert "not with HMICFRS for closure" in page
    assert address("adopt", found) not in page
    assert "and it closes." not in words(desk.get(address("adopt", found)))


def test_what_is_settled_is_shown_as_it_was_found_and_how_it_went(
    desk: Client, governor: User, export: Export
) -> None:
    make_action(portal_reference="REC-1", level=2, text="The force should see to it.")
    export(row(level=3))
    found = the_difference()
    assert "Differs" in words(desk.get(found.get_absolute_url()))
    send(desk, "adopt", found, text="The portal says so.", on="25 November 2024")
    page = words(desk.get(found.get_absolute_url()))
    assert (
        f"Settled on 25 November 2024, because the portal’s value was adopted by {governor}."
    ) in page
    assert "Differs" not in page
    shown = re.findall(r'<td data-label="(?:Ours|The portal’s)">([^<]*)</td>', page)
    assert shown[2:] == ["2", "3"]


def test_what_is_shown_but_not_compared_says_so(desk: Client, export: Export) -> None:
    a_closed_action(text="The force should see to it.")
    export(row(scope="local"))
    page = words(desk.get(the_difference().get_absolute_url()))
    assert 'Applies to<span class="app-table__under">not compared</span>' in page
    assert 'Kind<span class="app-table__under">' not in page


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
        ({"note": "Known."}, "Select a decision"),
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
    assert "this difference is settled" in page
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


def test_only_what_is_nearly_the_same_is_offered_with_both_texts(
    desk: Client, export: Export
) -> None:
    make_action("T-8001", on_portal=False, text="Something about custody suites and cells.")
    like = make_action("T-8002", on_portal=False, text="The force should see to it soon.")
    export(row(level=3, due_on=day("2025-03-31")), on="2024-11-18")
    export(row(level=3, due_on=day("2025-03-31")), row("REC-2", text="Quite another."))
    there = PortalDifference.objects.get(kind="only_there", record__reference="REC-1")
    page = words(desk.get(address("name", there)))
    assert "T-8001" not in page
    table = page[page.index("Texts that are nearly the same") : page.index("</table>")]
    assert "The force should see to it." in table
    assert "The force should see to it soon." in table
    page = send(desk, "name", there, likely=like.pk, reason="The same text.")
    assert "REC-1: this difference is settled. Three new differences were found and one other" in (
        page
    )
    like.refresh_from_db()
    assert like.portal_reference == "REC-1"
    # It is there since an export showed it first, not since somebody said so.
    assert like.portal_presences.get().started_on == day("2024-11-18")


def test_where_no_text_is_nearly_the_same_a_reference_is_asked_for(
    desk: Client, export: Export
) -> None:
    other = make_action("T-8001", on_portal=False, text="Something about custody suites.")
    export(row())
    there = PortalDifference.objects.get(kind="only_there")
    here = PortalDifference.objects.get(kind="only_here")
    assert "No action without a portal reference has nearly this text" in words(
        desk.get(address("name", there))
    )
    page = words(desk.get(address("name", here)))
    assert "No record that is only on the portal has nearly this text" in page
    assert 'type="radio"' not in page
    assert "Enter the portal reference." in send(desk, "name", here, reason="By letter.")
    assert "this difference is settled" in send(
        desk, "name", there, reference="T-8001", reason="By letter."
    )
    other.refresh_from_db()
    assert other.portal_reference == "REC-1"


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
    assert "1 of these differences is settled by now" in page
    assert PortalDifference.objects.filter(owner=governor).count() == 2


@pytest.mark.parametrize("name", ["own_several", "wait_several"])
def test_the_boxes_of_the_list_send_what_the_next_page_takes(desk: Client, name: str) -> None:
    action = a_closed_action()
    make_difference(action)
    make_difference(action, kind=DifferenceKind.LEVEL, ours="2", theirs="3", record=None)
    page = words(desk.get(LIST))
    boxes = re.findall(r'<input[^>]*name="chosen" value="([^"]*)"', page)
    assert len(boxes) == 2
    assert f'formaction="{reverse(f"portal:{name}")}"' in page
    for chosen, number in ((boxes[:1], "1 difference<"), (boxes, "2 differences<")):
        assert number in words(desk.get(reverse(f"portal:{name}"), {"chosen": chosen}))


def test_nothing_ticked_leads_back_to_the_list(desk: Client) -> None:
    response = desk.get(reverse("portal:wait_several"), follow=True)
    assert "Tick at least one difference first." in words(response)


def test_comparing_again_says_what_came_and_went(desk: Client, export: Export) -> None:
    action = a_closed_action(text="The force should see to it.")
    export(row())
    workflow.reopen(action, actor=User.objects.get(username="governor"), reason="By letter.")
    page = words(desk.post(reverse("portal:compare"), follow=True))
    assert "Compared again: no new differences were found, one was settled, 0 are open." in page


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
    # By portal reference, what has none last.
    assert [each[0] is None for each in rows] == [False, True]
    everything = str([list(sheet.iter_rows(values_only=True)) for sheet in workbook.worksheets])
    assert "Internal." not in everything
    left_out = "The list for HMICFRS leaves out two open differences: what is accepted until"
    assert left_out in everything
    assert left_out in words(desk.get(LIST))
    assert "export of" not in str(rows)
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
    # It is compared at once.
    assert not PortalDifference.objects.filter(closed_on=None).exists()


def test_a_publication_begins_with_what_the_portal_says_and_leads_on_to_the_action(
    desk: Client, export: Export
) -> None:
    export(row(publication="Policing of protests"))
    page = words(desk.get(the_difference().get_absolute_url()))
    link = "/publications/add/?portal_reference=REC-1"
    assert f'href="{link}"' in page
    form = words(desk.get(link))
    assert "Policing of protests" in form
    assert 'value="10 January 2023"' in form
    sent = {
        "title": "Policing of protests",
        "type": "national_thematic",
        "scope": "national",
        "published_on": "10 January 2023",
        "date_precision": "day",
    }
    added = desk.post(link, sent)
    assert added.headers["Location"] == (
        "/publications/policing-of-protests/actions/add/?portal_reference=REC-1"
    )
