"""Internal reviews that a Board commissions."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from board.agenda import compile_agenda, remove_item
from board.choices import MeetingState, Section
from board.meetings import change_meeting
from board.models import AgendaItem, Meeting
from board.review_status import (
    propose_again,
    propose_all_again,
    settle_reviews,
    withdraw_review,
    withdraw_reviews,
)
from board.reviews import commission
from inspections.activity import change_status
from inspections.models import Inspection
from people.models import User
from tests.factories import (
    day,
    make_framework,
    make_item,
    make_lead,
    make_meeting,
    make_publication,
)
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
FORM: dict[str, Any] = {
    "title": "Quality of case files",
    "why": "Too many come back.",
    "expected": "May 2025",
}


@pytest.fixture
def coming(cast: SimpleNamespace) -> Meeting:
    return compiled("2024-11-27", cast)


def compiled(held_on: str, cast: SimpleNamespace) -> Meeting:
    meeting = make_meeting(held_on)
    compile_agenda(meeting, actor=cast.support)
    meeting.refresh_from_db()
    return meeting


def address(meeting: Meeting, query: str = "") -> str:
    return reverse("board:commission", args=[meeting.held_on.isoformat()]) + query


def test_a_board_to_come_is_asked_to_commission_a_review(
    cast: SimpleNamespace, coming: Meeting
) -> None:
    question, lead = make_framework().questions.get(number=1), make_lead("Head of Crime")
    item = commission(coming, actor=cast.support, question=question, lead=lead, **FORM)
    assert (item.section, item.title) == (Section.RISKS, "Quality of case files")
    assert item.introduction == "Too many come back."
    review = item.inspection
    assert review is not None
    assert (review.kind, review.status) == ("internal_review", "proposed")
    assert (review.commissioned_on, review.expected) == (coming.held_on, "May 2025")
    assert (review.question, review.lead) == (question, lead)
    assert review.history.get().user_name == "Support"


def test_at_the_board_a_review_is_commissioned(cast: SimpleNamespace) -> None:
    item = commission(compiled("2024-11-25", cast), actor=cast.support, **FORM)
    assert item.inspection is not None
    assert item.inspection.status == "scheduled"


def test_a_review_can_arise_from_an_item(cast: SimpleNamespace, coming: Meeting) -> None:
    risk = make_item(coming, Section.RISKS, title="Case files")
    item = commission(coming, actor=cast.support, item=risk, **FORM)
    assert (item.pk, item.title) == (risk.pk, "Case files")
    assert item.inspection == Inspection.objects.get()
    with pytest.raises(Refused, match="commissioned here already"):
        commission(coming, actor=cast.support, item=item, **{**FORM, "title": "Another"})


def test_only_risks_lead_to_reviews(cast: SimpleNamespace, coming: Meeting) -> None:
    head = coming.items.get(section=Section.RISKS, order=0)
    for item in (head, make_item(coming, Section.OTHER)):
        with pytest.raises(Refused, match="“Risks and internal reviews”"):
            commission(coming, actor=cast.support, item=item, **FORM)
    assert not Inspection.objects.exists()


def test_a_form_sent_twice_commissions_one_review(cast: SimpleNamespace, coming: Meeting) -> None:
    commission(coming, actor=cast.support, **FORM)
    with pytest.raises(Refused, match="on the agenda of this Board already"):
        commission(coming, actor=cast.support, **{**FORM, "title": "quality of CASE files"})
    assert Inspection.objects.count() == 1


def test_the_report_of_a_review_is_no_publication_to_assign(cast: SimpleNamespace) -> None:
    make_publication("Review of files", type="internal_review", published_on="2024-11-20")
    outside = make_publication("Spotlight", type="spotlight", published_on="2024-11-20")
    meeting = compiled("2024-11-27", cast)
    items = meeting.items.exclude(publication=None)
    assert [item.publication for item in items] == [outside]


@pytest.mark.parametrize("state", [MeetingState.CANCELLED, None])
def test_a_board_that_is_cancelled_or_not_compiled_commissions_nothing(
    cast: SimpleNamespace, state: MeetingState | None
) -> None:
    meeting = make_meeting("2024-12-18", **({"state": state} if state else {}))
    with pytest.raises(Refused):
        commission(meeting, actor=cast.support, **FORM)
    assert not Inspection.objects.exists()


def test_support_commissions_a_review_on_the_page(
    cast: SimpleNamespace, coming: Meeting, sign_in: SignIn
) -> None:
    risk = make_item(coming, Section.RISKS, title="Case files", introduction="They come back.")
    client = sign_in(cast.support)
    where = address(coming, f"?item={risk.pk}")
    page = client.get(where).content.decode()
    assert 'value="Case files"' in page
    assert "They come back." in page
    response = client.post(where, FORM, follow=True)
    assert response.redirect_chain[-1][0] == coming.get_absolute_url()
    review = Inspection.objects.get()
    link = f'<a class="govuk-link" href="/inspections/{review.pk}/">“Quality of case files”</a>'
    assert f"{link} is proposed to the Board." in response.content.decode()
    assert AgendaItem.objects.get(pk=risk.pk).inspection == review


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"why": ""}, "Say why it takes place, and what it is to look at"),
        ({"title": ""}, "Enter a title"),
        ({"lead": "999"}, "from the list"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    cast: SimpleNamespace,
    coming: Meeting,
    sign_in: SignIn,
    fields: dict[str, str],
    said: str,
) -> None:
    response = sign_in(cast.support).post(address(coming), {**FORM, **fields})
    page = response.content.decode()
    assert said in page
    assert 'value="May 2025"' in page
    assert not Inspection.objects.exists()


@pytest.mark.parametrize("query", ["?item=abc", "?item=999999", "?item="])
def test_an_item_that_is_none_is_ignored(
    cast: SimpleNamespace, coming: Meeting, sign_in: SignIn, query: str
) -> None:
    assert sign_in(cast.support).get(address(coming, query)).status_code == 200


def test_the_agenda_leads_to_a_review_and_from_a_risk_to_commissioning_one(
    cast: SimpleNamespace, coming: Meeting, sign_in: SignIn
) -> None:
    risk = make_item(coming, Section.RISKS, title="Case files")
    where = coming.get_absolute_url()
    assert address(coming, f"?item={risk.pk}") in sign_in(cast.support).get(where).content.decode()
    item = commission(coming, actor=cast.support, item=risk, **FORM)
    assert item.inspection is not None
    link = f'href="{reverse("tracker:inspection", args=[item.inspection.pk])}"'
    page = sign_in(cast.member).get(where).content.decode()
    assert f"{link}>Quality of case files</a> (proposed)" in page
    assert f"?item={risk.pk}" not in sign_in(cast.support).get(where).content.decode()


def test_a_review_moves_with_its_board(cast: SimpleNamespace, coming: Meeting) -> None:
    item = commission(coming, actor=cast.support, **FORM)
    moved = change_meeting(
        coming, actor=cast.governance, version=coming.version, held_on=day("2024-11-29")
    )
    assert moved.held_on == day("2024-11-29")
    assert item.inspection is not None
    item.inspection.refresh_from_db()
    assert item.inspection.commissioned_on == day("2024-11-29")


# What becomes of a review with its agenda --------------------------------------------------------


def review_of(item: AgendaItem) -> Inspection:
    """The review of an item, as it is on record now."""
    assert item.inspection is not None
    return Inspection.objects.get(pk=item.inspection.pk)


def test_what_was_proposed_is_commissioned_when_the_board_is_closed(
    cast: SimpleNamespace, coming: Meeting
) -> None:
    item = commission(coming, actor=cast.support, **FORM)
    begun = commission(coming, actor=cast.support, **{**FORM, "title": "Begun"})
    change_status(review_of(begun), actor=cast.governance, status="fieldwork")
    assert settle_reviews(coming, actor=cast.governance) == [review_of(item)]
    assert review_of(item).status == "scheduled"
    assert review_of(item).history.first().user_name == "Governance"
    assert review_of(begun).status == "fieldwork"
    assert settle_reviews(coming, actor=cast.governance) == []


@pytest.mark.parametrize("held_on", ["2024-11-25", "2024-11-27"])
def test_a_review_that_is_taken_off_is_withdrawn_and_put_back_with_its_item(
    cast: SimpleNamespace, held_on: str
) -> None:
    meeting = compiled(held_on, cast)
    item = commission(meeting, actor=cast.support, **FORM)
    was = review_of(item).status
    withdraw_review(item, actor=cast.support)
    assert review_of(item).status == "withdrawn"
    propose_again(item, actor=cast.support)
    assert review_of(item).status == was


def test_what_is_taken_off_is_not_commissioned_with_the_rest(
    cast: SimpleNamespace, coming: Meeting
) -> None:
    item = commission(coming, actor=cast.support, **FORM)
    withdraw_review(remove_item(item, actor=cast.support, reason="Later."), actor=cast.support)
    assert settle_reviews(coming, actor=cast.governance) == []
    assert review_of(item).status == "withdrawn"


def test_a_review_whose_work_has_begun_is_not_withdrawn(
    cast: SimpleNamespace, coming: Meeting
) -> None:
    item = commission(coming, actor=cast.support, **FORM)
    change_status(review_of(item), actor=cast.governance, status="fieldwork")
    withdraw_review(item, actor=cast.support)
    withdraw_reviews(coming, actor=cast.support)
    assert review_of(item).status == "fieldwork"
    withdraw_review(make_item(coming, Section.RISKS), actor=cast.support)


def test_reviews_of_a_board_that_does_not_take_place_wait_until_it_does(
    cast: SimpleNamespace, coming: Meeting
) -> None:
    item = commission(coming, actor=cast.support, **FORM)
    withdraw_reviews(coming, actor=cast.governance)
    assert review_of(item).status == "withdrawn"
    propose_all_again(coming, actor=cast.governance)
    assert review_of(item).status == "proposed"


def test_a_review_that_was_withdrawn_is_taken_up_when_it_is_commissioned_again(
    cast: SimpleNamespace, coming: Meeting
) -> None:
    item = commission(coming, actor=cast.support, **FORM)
    withdraw_review(remove_item(item, actor=cast.support, reason="Later."), actor=cast.support)
    later = compiled("2024-12-18", cast)
    again = commission(later, actor=cast.support, **{**FORM, "why": "Still too many."})
    review = Inspection.objects.get()
    assert again.inspection == review
    assert (review.status, review.why) == ("proposed", "Still too many.")
    assert review.commissioned_on == later.held_on


def test_a_review_that_was_withdrawn_is_shown_as_that_to_who_reads_proposals(
    cast: SimpleNamespace, coming: Meeting, sign_in: SignIn
) -> None:
    item = commission(coming, actor=cast.support, **FORM)
    withdraw_review(item, actor=cast.support)
    where = reverse("tracker:inspection", args=[review_of(item).pk])
    page = sign_in(cast.member).get(where).content.decode()
    assert "Withdrawn" in page and "Proposed to" in page and "Fieldwork" not in page
    assert sign_in(cast.staff).get(where).status_code == 404
