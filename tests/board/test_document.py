"""What the document of a Board says, to whom, and with how many questions to the database."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from board.choices import AttendanceState, MeetingState, Section
from board.document import document_of, for_reader, marking_of, shown_to
from board.models import AgendaItem, Meeting, Nomination
from core.markings import Marking
from people import roles
from tests.board.boards import (
    DAY,
    a_full_board,
    a_meeting,
    decide,
    for_decision,
    more_evidence,
    put_on,
    the_closure,
)
from tests.factories import (
    day,
    make_action,
    make_arising,
    make_item,
    make_plenary,
    make_publication,
    make_user,
)
from tests.tracker.closures import a_cast, assured, led_action, on, take_over
from tracker import workflow
from tracker.choices import Kind, Register

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(media: Any) -> SimpleNamespace:
    return a_cast()


def closures_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The items of closures, in the order of the agenda."""
    found: list[dict[str, Any]] = document["sections"][1]["items"]
    return found


def closure_of(item: AgendaItem) -> dict[str, Any]:
    """What the document in full says of the closure of an item."""
    document = document_of(item.meeting, reader=None)
    found: dict[str, Any] = next(
        each["closure"] for each in closures_of(document) if each["title"] == item.title
    )
    return found


# The front ----------------------------------------------------------------------------------------


def test_the_front_says_when_where_and_who(media: Any) -> None:
    full = a_full_board()
    front = document_of(full.meeting, reader=None)["front"]
    assert front["board"] == "Governance of Audit and Inspection (GAIN) Board"
    assert front["title"] == "GAIN Board, 27 November 2024"
    assert (front["held_on"], front["time"]) == ("27 November 2024", "10:00 to 12:00")
    assert (front["place"], front["chair"]) == ("Conference room 1", "Dcc")
    assert front["deputies"] == ["Acc (20 November 2024 to 30 November 2024)"]
    assert front["present"] == ["DCC Fuller, Chair"]
    assert front["apologies"] == ["Head of Crime, represented by DCI Ames"]
    assert front["terms"] == "Terms of reference 0.3, 21 June 2023"


def test_everything_can_be_kept_as_json(media: Any) -> None:
    document = document_of(a_full_board().meeting, reader=None)
    assert json.loads(json.dumps(document)) == document


def test_the_sections_stand_in_the_order_of_an_agenda_also_where_they_are_empty(db: None) -> None:
    meeting = Meeting.objects.create(held_on=day(DAY))
    sections = document_of(meeting, reader=None)["sections"]
    assert [section["title"] for section in sections] == [str(each.label) for each in Section]
    assert [section["number"] for section in sections] == list("12345678")


def test_items_are_numbered_and_say_what_was_written(db: None, people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    make_item(meeting, Section.RISKS, title="Fleet", introduction="Read this.", notes="Agreed.")
    make_item(meeting, Section.RISKS, order=2, title="Estate", late=True)
    risks = document_of(meeting, reader=None)["sections"][5]
    assert [item["number"] for item in risks["items"]] == ["6.1", "6.2"]
    assert [item["late"] for item in risks["items"]] == [False, True]
    assert risks["items"][0]["introduction"] == "Read this."
    assert risks["items"][0]["notes"] == "Agreed."


def test_the_next_board_is_told(db: None, people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    expected = "18 December 2024, 10:00, Conference room 2"
    assert document_of(meeting, reader=None)["next"] == expected


def test_what_was_taken_off_is_told_with_the_reason(db: None, people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    item = make_item(meeting, title="Fleet", removed_reason="Settled.")
    AgendaItem.objects.filter(pk=item.pk).update(removed_at=meeting.history.first().history_date)
    document = document_of(meeting, reader=None)
    assert document["taken_off"] == [{"title": "Fleet", "reason": "Settled.", "sensitive": False}]
    assert document["sections"][7]["items"] == []


# Closures -----------------------------------------------------------------------------------------


def test_a_closure_says_everything_the_board_decides_on(people: SimpleNamespace) -> None:
    item = for_decision(a_meeting(people), people, "ST-0101", portal_reference="HMI-7")
    said = closure_of(item)
    assert said["reference"] == "ST-0101"
    assert said["portal_reference"] == "HMI-7"
    assert said["publication"] == the_closure(item).action.publication.title
    assert (said["kind"], said["level"]) == ("Recommendation", "activity level 2")
    assert said["route"] == "Local closure"
    assert said["leads"] == ["ACC Baker (executive)", "Head of Crime (delivery)"]
    assert said["asked"] == the_closure(item).action.text
    assert said["done"] == "A new procedure is in use."
    assert said["impact"] == "58 of 60 cases met the standard."
    assert said["proposed"] == {"by": "Lead", "on": "1 November 2024"}
    assert said["assured"] == {
        "by": "Assurer",
        "on": "1 November 2024",
        "text": "Sample re-tested.",
    }
    assert (said["decides"], said["conflict"], said["decision"]) == ("Dcc, chair", "", None)
    assert said["evidence_changed"] is False


def test_the_level_and_the_route_are_those_of_the_closure(people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    level_3 = for_decision(meeting, people, "ST-0103", level=3)
    local = for_decision(meeting, people, "ST-0104", register=Register.SUPER_COMPLAINT)
    assert (closure_of(level_3)["level"], closure_of(level_3)["route"]) == (
        "activity level 3",
        "Self-certification",
    )
    assert (closure_of(local)["level"], closure_of(local)["route"]) == (
        "no activity level",
        "Local tracking",
    )


def test_evidence_is_listed_with_date_kind_version_and_fingerprint(people: SimpleNamespace) -> None:
    item = for_decision(a_meeting(people), people)
    link = the_closure(item).evidence_links.get()
    (piece,) = closure_of(item)["evidence"]
    assert piece["title"] == link.evidence.title
    assert (piece["dated"], piece["kind"], piece["version"]) == ("1 October 2024", "PDF", "1")
    assert piece["sha256"] == link.evidence.files.get().sha256[:12]
    assert piece["href"] == link.evidence.get_absolute_url()


def test_evidence_is_that_of_the_decision_once_there_is_one(people: SimpleNamespace) -> None:
    item = for_decision(a_meeting(people), people)
    decide(item, people.chair)
    more_evidence(the_closure(item), people.delivery, 2)
    assert len(closure_of(item)["evidence"]) == 1


def test_evidence_that_changed_since_it_was_assured_is_told(people: SimpleNamespace) -> None:
    item = for_decision(a_meeting(people), people)
    more_evidence(the_closure(item), people.delivery, 1)
    assert closure_of(item)["evidence_changed"] is True


# Who decides --------------------------------------------------------------------------------------


def nominate(meeting: Meeting, deputy: Any, **fields: Any) -> Nomination:
    return Nomination.objects.create(
        meeting=meeting,
        deputy=deputy,
        **{"started_on": day("2024-11-20"), "ended_on": day("2024-12-01"), **fields},
    )


def test_where_the_chair_leads_the_action_the_nominated_deputy_decides(
    people: SimpleNamespace,
) -> None:
    meeting = a_meeting(people)
    item, other = (for_decision(meeting, people) for _ in range(2))
    take_over(the_closure(item).action, people.chair)
    nominate(meeting, people.deputy)
    assert closure_of(item)["conflict"] == "Dcc leads this action"
    assert closure_of(item)["decides"] == "Acc, nominated deputy"
    assert closure_of(other)["decides"] == "Dcc, chair"


def test_a_conflict_by_an_earlier_step_is_told_as_such(people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    proposer, assurer = for_decision(meeting, people), for_decision(meeting, people)
    people.delivery.take_roles(roles.CHAIR, roles.DELIVERY_LEAD)
    people.assurance.take_roles(roles.CHAIR, roles.ASSURANCE)
    meeting.chair = people.delivery
    meeting.save()
    assert closure_of(proposer)["conflict"] == "Lead leads this action"
    meeting.chair = people.assurance
    meeting.save()
    assert closure_of(assurer)["conflict"] == "Assurer assured it"


def test_without_a_deputy_who_may_decide_it_the_document_says_so(people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    item = for_decision(meeting, people)
    take_over(the_closure(item).action, people.chair)
    assert closure_of(item)["decides"] == "A deputy who has to be nominated for this meeting"
    nominate(meeting, people.assurance)
    nominate(meeting, people.deputy, ended_on=day("2024-11-25"))
    assert closure_of(item)["decides"] == "A deputy who has to be nominated for this meeting"


def test_a_deputy_decides_everything_while_the_chair_is_away(people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    item = for_decision(meeting, people)
    nominate(meeting, people.deputy, whole_meeting=True)
    assert closure_of(item)["decides"] == "Acc, nominated deputy (the chair is away)"


# Decisions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "said"), [("approve", "Approved"), ("return", "Returned"), ("defer", "Deferred")]
)
def test_a_decision_is_told_with_who_when_and_why(
    people: SimpleNamespace, how: str, said: str
) -> None:
    item = for_decision(a_meeting(people), people)
    decide(item, people.chair, how, "As discussed.")
    decision = closure_of(item)["decision"]
    assert (decision["said"], decision["by"]) == (said, "Dcc")
    assert (decision["on"], decision["text"]) == ("25 November 2024", "As discussed.")


def test_a_decision_on_the_closures_own_page_counts_as_well(people: SimpleNamespace) -> None:
    item = for_decision(a_meeting(people), people)
    workflow.approve(the_closure(item), actor=people.chair)
    assert closure_of(item)["decision"]["said"] == "Approved"


def test_what_an_earlier_board_put_off_is_to_be_decided_again(people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    closure = assured(led_action(), people, on("2024-10-01"))
    workflow.defer(closure, actor=people.chair, reason="No figures yet.", when=on("2024-10-16"))
    item = put_on(meeting, closure)
    assert closure_of(item)["decision"] is None
    assert closure_of(item)["deferred"] == "Deferred on 16 October 2024: No figures yet."


def test_what_review_and_assurance_returns_is_no_decision_of_the_board(
    people: SimpleNamespace,
) -> None:
    item = for_decision(a_meeting(people), people)
    more_evidence(the_closure(item), people.delivery, 1)
    workflow.send_back(the_closure(item), actor=people.assurance, reason="Not what I saw.")
    assert closure_of(item)["decision"] is None


def test_decisions_between_meetings_are_those_since_the_last_board_not_on_this_agenda(
    people: SimpleNamespace,
) -> None:
    meeting = a_meeting(people)

    def approved_on(reference: str, when: str) -> Any:
        closure = assured(led_action(reference=reference), people, on("2024-10-02"))
        return workflow.approve(closure, actor=people.chair, when=on(when))

    approved_on("ST-0101", "2024-10-16")
    approved_on("ST-0102", "2024-10-17")
    approved_on("ST-0103", "2024-11-25")
    put_on(meeting, approved_on("ST-0104", "2024-11-20"))
    returned = assured(led_action(reference="ST-0105"), people, on("2024-10-02"))
    workflow.send_back(returned, actor=people.chair, reason="Show more.", when=on("2024-11-01"))
    earlier = make_item(Meeting.objects.get(held_on="2024-10-16"), Section.CLOSURES)
    at_the_board = assured(led_action(reference="ST-0106"), people, on("2024-10-02"))
    earlier.closure = at_the_board
    earlier.save()
    decide(earlier, people.chair)

    between = document_of(meeting, reader=None)["between"]
    assert [each["title"] for each in between] == ["ST-0102", "ST-0105", "ST-0103"]
    told = {**between[1]["decision"]}
    assert told.pop("event")
    assert told == {
        "said": "Returned",
        "kind": "returned",
        "by": "Dcc",
        "on": "1 November 2024",
        "text": "Show more.",
    }


# Around the closures ------------------------------------------------------------------------------


def test_ten_exceptions_are_shown_and_all_are_kept(media: Any) -> None:
    exceptions = document_of(a_full_board().meeting, reader=None)["exceptions"]
    assert len(exceptions["shown"]) == 10
    assert exceptions["shown"] == exceptions["all"][:10]
    assert exceptions["counts"]["all"] == len(exceptions["all"]) >= 12
    late = next(each for each in exceptions["all"] if each["title"] == "ST-0200")
    assert late["lead"] == "ACC Baker"
    assert any("1 November 2024" in reason for reason in late["reasons"])


def test_a_publication_says_what_it_asks_for_and_what_is_to_be_settled(
    people: SimpleNamespace,
) -> None:
    meeting = a_meeting(people)
    publication = make_publication("A report on custody", published_on=day("2024-11-05"))
    for level in (2, 2, 3):
        make_action(publication=publication, level=level)
    make_action(publication=publication, kind=Kind.AFI, level=2)
    make_item(meeting, Section.PUBLICATIONS, title="Custody", publication=publication)
    said = document_of(meeting, reader=None)["sections"][3]["items"][0]["publication"]
    assert said["brought"] == (
        "two level 2 recommendations, one level 3 recommendation and one level 2 AFI"
    )
    assert said["published"] == "5 November 2024"
    assert said["response"] == "No duty to respond"
    assert said["to_settle"] == (
        "an executive lead, the PAF area it is aligned to and its plenary session"
    )
    make_plenary(publication, "2024-11-14")
    said = document_of(meeting, reader=None)["sections"][3]["items"][0]["publication"]
    assert said["plenary"] == "14 November 2024"
    assert said["to_settle"] == "an executive lead and the PAF area it is aligned to"


def test_the_deep_dive_keeps_its_position_and_its_chart(media: Any) -> None:
    full = a_full_board()
    make_action(question=full.dive.question, due="2024-11-01", confidence="Low")
    item = document_of(full.meeting, reader=None)["sections"][4]["items"][0]
    assert item["swap_reason"] == "The lead is away in December."
    dive = item["deep_dive"]
    assert dive["lines"][0].startswith("One live action as at 25 November 2024: 1 overdue")
    assert dive["lines"][1] == "Delivery confidence: 1 low."
    assert dive["position"]["rows"][-1]["cells"] == [1, 0, 0, 1]
    assert dive["actions"][0]["due"] == "1 November 2024"
    assert dive["actions"][0]["confidence"] == "Low"
    assert dive["chart"]["svg"].startswith("<svg")
    assert "PAF 1" in dive["chart"]["alt"]


def test_what_was_asked_is_carried_and_what_is_asked_now_is_listed(media: Any) -> None:
    full = a_full_board()
    arising = document_of(full.meeting, reader=None)["arising"]
    assert [each["title"] for each in arising["carried"]] == ["Bring the custody plan."]
    assert arising["carried"][0]["asked"] == "16 October 2024"
    assert arising["carried"][0]["overdue"] is False
    assert [each["title"] for each in arising["new"]] == ["Publish the rota."]
    assert arising["new"][0]["about"] == "8.1 Christmas cover"
    assert (arising["new"][0]["owner"], arising["new"][0]["due"]) == ("Chief", "10 December 2024")


def in_short(meeting: Meeting) -> list[str]:
    return [line["text"] for line in document_of(meeting, reader=None)["short"]]


def test_each_line_in_short_leads_to_its_part(media: Any) -> None:
    document = document_of(a_full_board().meeting, reader=None)
    lines = {line["text"].split()[0]: line["anchor"] for line in document["short"]}
    assert lines["Two"] == "closures"
    assert lines["Deep"] == "deep-dive"
    assert {line["anchor"] for line in document["short"]} <= {
        "arising",
        *(section["anchor"] for section in document["sections"]),
    }


def test_in_short_the_chair_reads_what_there_is_to_do(people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    mine, other, third = (for_decision(meeting, people) for _ in range(3))
    take_over(the_closure(mine).action, people.chair)
    assert in_short(meeting)[:2] == [
        "Three closures to decide.",
        "The chair may not decide one of them: see who decides instead.",
    ]
    decide(other, people.chair)
    decide(third, people.chair, "defer", "Later.")
    assert in_short(meeting)[:3] == [
        "One closure to decide.",
        "The chair may not decide one of them: see who decides instead.",
        "Closures: one approved and one deferred.",
    ]


# Sensitive ----------------------------------------------------------------------------------------


def test_a_reader_who_may_not_is_told_none_of_the_words_of_what_is_sensitive(media: Any) -> None:
    full = a_full_board()
    make_arising(full.secret, full.cast.delivery, text="Ask the secret source.")
    support = make_user("support", roles.EXECUTIVE_SUPPORT)
    live = document_of(full.meeting, reader=support)
    whole = document_of(full.meeting, reader=None)
    for document in (live, for_reader(whole, sees_sensitive=False)):
        text = json.dumps(document)
        for words in ("ST-0102", "secret", "in confidence"):
            assert words not in text
        item = closures_of(document)[1]
        assert (item["number"], item["title"]) == ("2.2", "Sensitive: not shown here")
        assert document["front"]["marking"] == Marking.OFFICIAL
    assert "A secret thing." in json.dumps(whole)
    assert whole["front"]["marking"] == Marking.SENSITIVE


def test_who_may_read_everything_is_told_everything(media: Any) -> None:
    full = a_full_board()
    assert document_of(full.meeting, reader=full.cast.assurance) == document_of(
        full.meeting, reader=None
    )


def test_a_member_reads_what_is_sensitive_while_it_is_on_the_agenda(media: Any) -> None:
    full = a_full_board()
    member = make_user("member", roles.BOARD_MEMBER)
    said = document_of(full.meeting, reader=member)
    assert closures_of(said)[1]["closure"]["asked"] == "A secret thing."
    assert said["front"]["marking"] == Marking.SENSITIVE


def test_sensitive_evidence_alone_makes_the_document_sensitive(people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    item = for_decision(meeting, people)
    more_evidence(the_closure(item), people.delivery, 1, marking=Marking.SENSITIVE)
    whole = document_of(meeting, reader=None)
    assert marking_of(whole) == Marking.SENSITIVE
    opened = for_reader(whole, sees_sensitive=False)
    first, second = closures_of(opened)[0]["closure"]["evidence"]
    assert first["title"].startswith("Dip sample for")
    assert second == {"title": "Sensitive: not shown here", "sensitive": True, "withheld": True}
    assert closures_of(opened)[0]["closure"]["done"] == "A new procedure is in use."


def test_of_a_sensitive_closure_the_open_version_says_what_was_decided_and_not_why(
    people: SimpleNamespace,
) -> None:
    meeting = a_meeting(people)
    item = for_decision(meeting, people, marking=Marking.SENSITIVE)
    decide(item, people.chair, "return", "The source must not be named.")
    opened = for_reader(document_of(meeting, reader=None), sees_sensitive=False)
    assert closures_of(opened)[0]["outcome"] == "Returned on 25 November 2024"
    assert "source" not in json.dumps(opened)


def test_a_document_without_anything_sensitive_is_the_same_for_both(
    people: SimpleNamespace,
) -> None:
    meeting = a_meeting(people)
    for_decision(meeting, people)
    whole = document_of(meeting, reader=None)
    assert for_reader(whole, sees_sensitive=False) == whole


def test_a_closed_meeting_is_shown_as_it_was_kept(people: SimpleNamespace) -> None:
    meeting = a_meeting(people)
    for_decision(meeting, people, marking=Marking.SENSITIVE)
    document = document_of(meeting, reader=None)
    meeting.document, meeting.state = document, MeetingState.CLOSED
    support = make_user("support", roles.EXECUTIVE_SUPPORT)
    assert shown_to(meeting, people.chair) == document
    assert shown_to(meeting, support) == for_reader(document, sees_sensitive=False)


# Speed --------------------------------------------------------------------------------------------


def test_the_number_of_questions_does_not_depend_on_how_much_there_is(
    people: SimpleNamespace,
) -> None:
    meeting = a_meeting(people)
    nominate(meeting, people.deputy)

    def add(count: int) -> None:
        for _ in range(count):
            item = for_decision(meeting, people)
            decide(item, people.chair, "defer", "Later.")
            for_decision(meeting, people)
            make_arising(item, people.delivery)
            workflow.approve(assured(led_action(), people), actor=people.chair)
            publication = make_publication()
            order = meeting.items.filter(section=Section.PUBLICATIONS).count()
            make_item(meeting, Section.PUBLICATIONS, order=order, publication=publication)
            meeting.attendance.create(name=f"Member {order}", state=AttendanceState.PRESENT)

    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            document_of(Meeting.objects.get(pk=meeting.pk), reader=people.assurance)
        return len(captured)

    add(1)
    few = questions()
    add(4)
    assert questions() == few
