"""The agenda page: who sees what on it, and what they may do there."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client

from board.agenda import compile_agenda
from board.choices import MeetingState
from board.document import document_of
from board.meetings import cancel_meeting, change_meeting, plan_meeting
from board.models import ActionArising, AgendaItem, Decision, Meeting
from core.dates import now
from core.markings import Marking
from inspections.models import CoreQuestion
from people import roles
from people.models import User
from tests.factories import day, make_arising, make_framework, make_meeting, make_user
from tests.tracker.closures import a_cast, approved, assured, led_action, proposed
from tracker.choices import ClosureStep
from tracker.models import Closure

pytestmark = pytest.mark.django_db

ADDRESS = "/board/2024-11-25/"


@pytest.fixture
def cast(media: Path) -> SimpleNamespace:
    people = a_cast()
    people.support = make_user("support", roles.EXECUTIVE_SUPPORT)
    people.member = make_user("member", roles.BOARD_MEMBER)
    people.staff = make_user("staff")
    return people


@pytest.fixture
def meeting(cast: SimpleNamespace) -> Meeting:
    """A Board on the day the tests run, with one closure and a deep dive on its agenda."""
    make_framework(questions=2)
    assured(led_action(reference="ST-0301"), cast)
    found = make_meeting("2024-11-25", chair=cast.chair)
    compile_agenda(found, actor=cast.support)
    return found


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    return meeting.items.get(title="ST-0301")


def body(client: Client, address: str = ADDRESS) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_an_agenda_that_is_not_compiled_says_so_and_is_compiled_by_a_button(
    cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    make_meeting("2024-11-25")
    assert "not compiled yet" in body(sign_in(cast.chair))
    assert "Compile the agenda" not in body(sign_in(cast.chair))
    client = sign_in(cast.support)
    assert "Compile the agenda" in body(client)
    assert "Nothing new has come" in body_after(client, f"{ADDRESS}compile/")
    assert "Closures for decision" in body(client)


def body_after(client: Client, address: str, **sent: str) -> str:
    """The page that follows what was sent."""
    return client.post(address, sent, follow=True).content.decode()


def test_the_chair_decides_where_they_read(
    cast: SimpleNamespace, item: AgendaItem, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(cast.chair)
    page = client.get(ADDRESS)
    assert "Dip sample for ST-0301" in page.content.decode()
    (closures,) = (s for s in page.context["document"]["sections"] if s["key"] == "closures")
    controls = closures["items"][0]["controls"]
    assert (controls.decides, controls.approves, controls.edits) == (True, True, False)
    after = body_after(client, f"{ADDRESS}items/{item.pk}/approve/", seen=controls.seen)
    assert "ST-0301 is approved." in after
    assert "Approved</strong> by Dcc" in after
    assert Decision.objects.get().item == item
    assert "Approve<" not in after


def test_nobody_else_is_offered_a_decision(
    cast: SimpleNamespace, item: AgendaItem, sign_in: Callable[[User], Client]
) -> None:
    for name in ("support", "member", "governance", "deputy", "assurance"):
        assert "Approve<" not in body(sign_in(getattr(cast, name))), name
    after = body_after(sign_in(cast.member), f"{ADDRESS}items/{item.pk}/approve/")
    assert "Only the Board’s chair decides closures" in after
    assert Closure.objects.get().step == ClosureStep.FOR_BOARD


@pytest.mark.parametrize(
    ("decision", "said"),
    [("return", "ST-0301 is returned."), ("defer", "ST-0301 is deferred to the next Board.")],
)
def test_returning_and_deferring_ask_for_the_reason(
    cast: SimpleNamespace,
    item: AgendaItem,
    sign_in: Callable[[User], Client],
    decision: str,
    said: str,
) -> None:
    client, address = sign_in(cast.chair), f"{ADDRESS}items/{item.pk}/{decision}/"
    assert "Give the reason" in body_after(client, address, text=" ")
    after = body_after(client, address, text="Sample the whole force.")
    assert said in after
    assert "Sample the whole force." in after


def test_notes_are_taken_item_by_item(
    cast: SimpleNamespace, meeting: Meeting, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(cast.support)
    first = meeting.items.get(section="minutes", order=0)
    address = f"{ADDRESS}items/{first.pk}/notes/"
    assert "Save, then “Closures for decision”" in body(client, address)
    response = client.post(
        address, {"notes": "Agreed.", "version": str(first.version), "go": "next"}
    )
    following = meeting.items.get(section="closures", order=0)
    assert response["Location"] == f"{ADDRESS}items/{following.pk}/notes/"
    assert "Agreed." in body(sign_in(cast.member))


def test_what_arises_is_asked_of_somebody(
    cast: SimpleNamespace, item: AgendaItem, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(cast.support)
    after = body_after(
        client,
        f"{ADDRESS}items/{item.pk}/arising/",
        text="Sample the south.",
        owner=str(cast.delivery.pk),
        due_on="20 December 2024",
    )
    assert "Action for Lead by 20 December 2024: Sample the south." in after
    arising = ActionArising.objects.get()
    assert (arising.owner, arising.due_on) == (cast.delivery, day("2024-12-20"))


def test_a_sensitive_closure_is_kept_from_who_may_not_read_it(
    cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    assured(
        led_action(reference="ST-0302", text="Cover officers.", marking=Marking.SENSITIVE), cast
    )
    meeting = make_meeting("2024-11-25")
    compile_agenda(meeting, actor=cast.governance)
    item = meeting.items.get(title="ST-0302")
    assert "Cover officers." in body(sign_in(cast.chair))
    assert "Cover officers." in body(sign_in(cast.member))
    page = body(sign_in(cast.support))
    assert "Cover officers." not in page
    assert "Sensitive: not shown here" in page
    client = sign_in(cast.support)
    assert client.get(f"{ADDRESS}items/{item.pk}/notes/").status_code == 404
    arising = make_arising(item, cast.delivery)
    assert client.get(f"/board/arising/{arising.pk}/").status_code == 404


def test_what_was_taken_off_can_be_put_back(
    cast: SimpleNamespace, item: AgendaItem, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(cast.support)
    after = body_after(client, f"{ADDRESS}items/{item.pk}/remove/", reason="Not ready.")
    assert "Put ST-0301 back" in after
    assert "Put ST-0301 back" not in body_after(client, f"{ADDRESS}items/{item.pk}/restore/")
    assert Closure.objects.get().step == ClosureStep.FOR_BOARD


def test_another_deep_dive_is_chosen_with_a_reason(
    cast: SimpleNamespace, meeting: Meeting, sign_in: Callable[[User], Client]
) -> None:
    client, address = sign_in(cast.support), f"{ADDRESS}deep-dive/"
    assert "not done yet" in body(client, address)
    second = str(CoreQuestion.objects.get(number=2).pk)
    assert "Say why another question area" in body_after(client, address, question=second)
    after = body_after(client, address, question=second, reason="Fieldwork in January.")
    assert "PAF 2: How good is the force at thing 2?" in after
    assert "Fieldwork in January." in after


def test_the_number_of_questions_does_not_depend_on_the_closures(
    cast: SimpleNamespace,
    meeting: Meeting,
    sign_in: Callable[[User], Client],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = sign_in(cast.chair)

    def asked() -> int:
        with django_assert_max_num_queries(500) as context:  # type: ignore[attr-defined]
            client.get(ADDRESS)
        return len(context)

    asked()
    few = asked()
    for number in range(302, 307):
        assured(led_action(reference=f"ST-0{number}"), cast)
    compile_agenda(meeting, actor=cast.support)
    assert asked() == few


def test_a_cancelled_board_says_why_and_offers_nothing(
    cast: SimpleNamespace, meeting: Meeting, sign_in: Callable[[User], Client]
) -> None:
    cancel_meeting(meeting, actor=cast.governance, reason="The room is flooded.")
    page = body(sign_in(cast.governance))
    assert "This Board is cancelled: The room is flooded." in page
    assert "Take notes" not in page
    assert "Reinstate" in page


def test_closures_that_are_not_for_decision_stand_beside_those_that_are(
    cast: SimpleNamespace, meeting: Meeting, sign_in: Callable[[User], Client]
) -> None:
    proposed(led_action(reference="ST-0401"), cast)
    approved(led_action(reference="ST-0402"), cast)
    document = sign_in(cast.chair).get(ADDRESS).context["document"]
    assert [(row["title"], row["waits"]) for row in document["on_the_way"]] == [
        ("ST-0401", "To assure"),
        ("ST-0402", "Letter awaited"),
    ]


def test_notes_are_kept_when_something_is_asked_and_the_form_leads_back_to_them(
    cast: SimpleNamespace, meeting: Meeting, item: AgendaItem, sign_in: Callable[[User], Client]
) -> None:
    client, address = sign_in(cast.support), f"{ADDRESS}items/{item.pk}/notes/"
    assert "Save and add an action arising" in body(client, address)
    sent = {"notes": "Not enough yet.", "version": str(item.version), "go": "arising"}
    response = client.post(address, sent)
    asking = response["Location"]
    assert asking == f"{ADDRESS}items/{item.pk}/arising/?from=notes"
    item.refresh_from_db()
    assert item.notes == "Not enough yet."
    form = body(client, asking)
    assert "The notes on “ST-0301” are saved." in form
    assert f'href="{address}"' in form
    what = {"text": "Sample the south.", "owner": str(cast.delivery.pk), "due_on": "20 12 2024"}
    response = client.post(asking, what, follow=True)
    assert response.redirect_chain == [(address, 302)]
    page = response.content.decode()
    assert "Lead is asked, and told." in page
    assert "Sample the south." in page
    assert "Not enough yet." in page


def test_what_was_done_is_told_beside_the_item(
    cast: SimpleNamespace, item: AgendaItem, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(cast.support)
    for step, words in (("notes", {"notes": "Agreed."}), ("edit", {"introduction": "Read this."})):
        item.refresh_from_db()
        address = f"{ADDRESS}items/{item.pk}/{step}/"
        page = body_after(client, address, version=str(item.version), **words)
        before, after = page.split(f'id="item-{item.pk}"')
        assert "aved." in after, step
        assert "app-message" not in before, step


def test_a_refused_decision_is_told_beside_the_item(
    cast: SimpleNamespace, item: AgendaItem, sign_in: Callable[[User], Client]
) -> None:
    page = body_after(sign_in(cast.member), f"{ADDRESS}items/{item.pk}/approve/")
    before, after = page.split(f'id="item-{item.pk}"')
    assert "Only the Board’s chair decides closures" in after
    assert "Only the Board’s chair decides closures" not in before


def test_each_decision_leads_to_the_next(
    cast: SimpleNamespace, meeting: Meeting, item: AgendaItem, sign_in: Callable[[User], Client]
) -> None:
    assured(led_action(reference="ST-0302"), cast)
    compile_agenda(meeting, actor=cast.support)
    second = meeting.items.get(title="ST-0302")
    to_second = f'Next to decide: <a class="govuk-link" href="#item-{second.pk}">2.2 ST-0302</a>'
    to_first = f'Next to decide: <a class="govuk-link" href="#item-{item.pk}">2.1 ST-0301</a>'
    client = sign_in(cast.chair)
    page = body(client)
    assert "To decide: " in page
    assert page.count(to_second) == page.count(to_first) == 1
    after = body_after(client, f"{ADDRESS}items/{item.pk}/approve/")
    assert after.count(to_second) == 1
    assert to_first not in after
    after = body_after(client, f"{ADDRESS}items/{second.pk}/approve/")
    assert "Next to decide" not in after
    assert "To decide: " not in after
    assert "Next to decide" not in body(sign_in(cast.support))


def test_an_item_that_is_not_the_first_can_be_moved_up(
    cast: SimpleNamespace, meeting: Meeting, item: AgendaItem, sign_in: Callable[[User], Client]
) -> None:
    assured(led_action(reference="ST-0302"), cast)
    compile_agenda(meeting, actor=cast.support)
    second = meeting.items.get(title="ST-0302")
    page = body(sign_in(cast.support))
    assert f"items/{second.pk}/up/" in page
    assert f"items/{item.pk}/up/" not in page


def test_headings_and_contents_say_what_closes(
    cast: SimpleNamespace, item: AgendaItem, sign_in: Callable[[User], Client]
) -> None:
    closure = item.closure
    assert closure is not None
    closure.asked = "Check every custody record within a day. " * 6
    closure.save()
    page = body(sign_in(cast.chair))
    assert "2.1 ST-0301: Check every custody record within a day. Check every custody" in page


def test_a_board_closed_earlier_said_its_short_lines_in_plain_words(
    cast: SimpleNamespace, meeting: Meeting, sign_in: Callable[[User], Client]
) -> None:
    document = document_of(meeting, reader=None)
    frozen = {**document, "short": ["One closure to decide."]}
    Meeting.objects.filter(pk=meeting.pk).update(
        document=frozen, state=MeetingState.CLOSED, closed_at=now()
    )
    assert "<li>One closure to decide.</li>" in body(sign_in(cast.chair))


def test_the_day_a_board_was_moved_from_leads_to_it(
    cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    meeting = plan_meeting(actor=cast.governance, held_on=day("2024-12-18"))
    change_meeting(meeting, actor=cast.governance, version=1, held_on=day("2024-12-17"))
    response = sign_in(cast.member).get("/board/2024-12-18/", follow=True)
    assert response.redirect_chain == [("/board/2024-12-17/", 302)]
    assert "The Board of 18 December 2024 was moved." in response.content.decode()
    assert sign_in(cast.member).get("/board/2024-12-19/").status_code == 404
    assert sign_in(cast.staff).get("/board/2024-12-18/").status_code == 403
