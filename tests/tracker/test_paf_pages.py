"""The page of a question area: what it shows to whom, and what its leads write there."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.markings import Marking
from inspections.choices import Judgement
from inspections.models import Assessment, ImprovementItem, Plenary
from people.models import User
from tests.factories import (
    day,
    make_action,
    make_assessment,
    make_delegate,
    make_evidence,
    make_improvement,
    make_lead,
    make_link,
    make_publication,
    make_user,
)
from tests.tracker.paf import an_area, lead_for
from tracker.models import ImprovementAction

pytestmark = pytest.mark.django_db
PAGE = "/paf/2023-25/1/"
ASSESS = f"{PAGE}assess/"
ADD = f"{PAGE}plan/add/"


@pytest.fixture
def area(cast: SimpleNamespace) -> SimpleNamespace:
    return an_area(cast.delivery)


def text_of(client: Client, address: str = PAGE) -> str:
    """The page as one line of text with its markup."""
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def entered(area: SimpleNamespace, **said: tuple[Any, ...]) -> dict[str, str]:
    """What the form of a question area sends: what holds, but for what is told by code
    (c1_1_1=("meets", "Audits show it.")).
    """
    sent = {"made_on": "25 November 2024"}
    for code, place in area.places.items():
        if not code.startswith("1."):
            continue
        last = place.assessments.first()
        told = said.get(f"c{code.replace('.', '_')}")
        judgement, narrative = told or (
            (last.judgement, last.narrative) if last else (Judgement.NOT_ASSESSED, "")
        )
        sent[f"judgement_{place.pk}"] = judgement
        sent[f"narrative_{place.pk}"] = narrative
        sent[f"seen_{place.pk}"] = str(last.pk if last else 0)
    return sent


def test_the_page_says_who_leads_and_who_has_led(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    area.question.leads.update(ended_on=day("2024-06-01"))
    lead_for(area.question, "Head of Custody")
    page = text_of(sign_in(cast.staff))
    assert "<strong>Head of Custody</strong>" in page and "Leads it now" in page
    assert "Head of Crime" in page and "1 June 2024" in page


def test_gaps_come_first_and_every_number_leads_to_its_evidence(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    make_link(make_evidence(review_by=day("2025-11-01")), area.places["1.1.1"])
    make_link(make_evidence(review_by=day("2024-11-01")), area.places["1.1.2"])
    page = text_of(sign_in(cast.staff))
    heat = page[page.index("app-heat") :]
    rows = [heat.index(f">{code}</a>") for code in ("1.2.1", "1.1.2", "1.1.1")]
    assert rows == sorted(rows)
    assert "○</span> No evidence" in heat and "◐</span> Only stale evidence" in heat
    assert 'href="/evidence/?framework=2023-25&amp;characteristic=1.1.1&amp;fresh=fresh"' in heat
    assert 'href="/evidence/?framework=2023-25&amp;characteristic=1.1.2&amp;fresh=stale"' in heat
    assert 'href="/evidence/add/?characteristic=1.2.1"' in heat
    assert "Counts include evidence that not everybody may read; the links show" in page


def test_what_is_said_to_be_met_without_evidence_is_flagged(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    make_assessment(area.places["1.1.1"], Judgement.MEETS)
    make_assessment(area.places["1.1.2"], Judgement.DOES_NOT)
    make_assessment(area.places["1.2.1"], Judgement.PARTLY, confirmed=False)
    make_link(make_evidence(review_by=day("2025-11-01")), area.places["1.2.1"])
    page = text_of(sign_in(cast.staff))
    assert page.count(">Without evidence<") == 1
    assert page.count(">To be confirmed<") == 1
    assert "3 of 3" in page


def test_actions_that_the_reader_may_not_read_are_counted_and_not_named(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    open_action = make_action("OPEN-1", question=area.question)
    secret = make_action("SECRET-1", question=area.question, marking=Marking.SENSITIVE)
    item = make_improvement(area.question, area.lead)
    for action in (open_action, secret):
        ImprovementAction.objects.create(item=item, action=action)
    page = text_of(sign_in(cast.staff))
    assert "OPEN-1" in page and "SECRET-1" not in page
    assert "1 more is not listed" in page and "1 you may not read" in page
    assert "SECRET-1" in text_of(sign_in(cast.chair))


def test_the_trend_has_words_and_a_table(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    make_action(question=area.question, received="2024-03-01")
    page = text_of(sign_in(cast.staff))
    assert "Live actions of PAF 1 at the end of each month: 0 on 30 November 2023, 1 on" in page
    assert "The numbers behind the chart" in page and "<svg" in page


def test_without_a_live_action_in_the_year_a_sentence_stands_for_the_trend(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    page = text_of(sign_in(cast.staff))
    assert "No action of this question area was live at the end of any of the last 13" in page
    assert "The numbers behind the chart" not in page


def test_the_ten_most_urgent_actions_are_listed_and_the_rest_is_a_link_away(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    for number in range(10, 22):
        make_action(f"ST-{number}", question=area.question, due=f"2024-12-{number}")
    page = text_of(sign_in(cast.staff))
    assert [f">ST-{number}</a>" in page.replace("\n", "") for number in (10, 19, 20, 21)] == [
        True,
        True,
        False,
        False,
    ]
    assert (
        '"/actions/?framework=2023-25&amp;question=1">All 12 live actions of this question area</a>'
        in page
    )


def test_what_is_left_open_does_not_read_like_a_judgement(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    place = area.places["1.1.1"]
    make_assessment(place, Judgement.NOT_ASSESSED, narrative="", made_on=day("2024-11-01"))
    client = sign_in(cast.staff)
    assert "No judgement. Left open on 1 November 2024" in text_of(client)
    assert "No judgement, left open" in text_of(client, f"{PAGE}characteristics/1.1/")


def test_queries_of_the_page_do_not_grow(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(cast.staff)

    def fill() -> None:
        for place in area.places.values():
            make_assessment(place, made_by=cast.delivery)
            make_link(make_evidence(), place)
            item = make_improvement(area.question, area.lead)
            action = make_action(question=area.question, executive="ACC Baker")
            ImprovementAction.objects.create(item=item, action=action)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        return len(asked)

    fill()
    queries()
    before = queries()
    fill()
    assert queries() == before


@pytest.mark.parametrize("page", [ASSESS, ADD])
def test_only_those_who_lead_it_those_who_post_for_them_and_governance_write(
    page: str, area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    clerk = make_user("clerk")
    make_delegate(area.lead, clerk)
    for each in (cast.delivery, clerk, cast.governance):
        assert sign_in(each).get(page).status_code == 200
        assert ASSESS in text_of(sign_in(each))
    for each in (cast.staff, cast.executive, cast.chair, cast.admin):
        assert sign_in(each).get(page).status_code == 403
        assert sign_in(each).post(page, entered(area)).status_code == 403
        assert ASSESS not in text_of(sign_in(each))
    assert not Assessment.objects.exists() and not ImprovementItem.objects.exists()


def test_a_lead_assesses_a_question_in_one_sitting(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(cast.delivery)
    page = text_of(client, ASSESS)
    assert all(f">{code}</h3>" in page for code in ("1.1.1", "1.1.2", "1.2.1"))
    sent = entered(area, c1_1_1=("meets", "Audits show it."), c1_2_1=("does_not", "Not yet."))
    response = client.post(ASSESS, sent, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert "2 characteristics of PAF 1 are saved." in response.content.decode()
    said = Assessment.objects.order_by("pk").values_list("judgement", "narrative", "made_by__name")
    assert list(said) == [
        ("meets", "Audits show it.", "Delivery"),
        ("does_not", "Not yet.", "Delivery"),
    ]
    again = client.post(ASSESS, entered(area), follow=True)
    assert "Nothing was changed" in again.content.decode()
    assert Assessment.objects.count() == 2


def test_what_was_typed_stays_where_something_is_missing(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    sent = entered(area, c1_1_1=("meets", "Audits show it."), c1_1_2=("partly", ""))
    page = sign_in(cast.delivery).post(ASSESS, sent).content.decode()
    assert "Say why 1.1.2 is “Partly meets”" in page
    assert f'href="#id_narrative_{area.places["1.1.2"].pk}"' in page
    assert "Audits show it." in page
    assert not Assessment.objects.exists()


def test_a_day_to_come_is_refused_once(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    sent = entered(area, c1_1_1=("meets", "Audits."), c1_1_2=("partly", "Some."))
    sent["made_on"] = "26 November 2024"
    page = sign_in(cast.delivery).post(ASSESS, sent).content.decode()
    assert "26 November 2024 has not come yet" in page
    # In the summary and beside the field, however many characteristics were assessed.
    assert page.count("has not come yet") == 2


def test_two_people_at_once_are_told_and_nothing_is_lost(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    mine = entered(area, c1_1_1=("partly", "Half of it."), c1_1_2=("meets", "All of it."))
    theirs = entered(area, c1_1_1=("meets", "Audits show it."), c1_2_1=("meets", "We learn."))
    sign_in(cast.governance).post(ASSESS, theirs)
    client = sign_in(cast.delivery)
    page = client.post(ASSESS, mine).content.decode()
    assert "Governance assessed 1.1.1 at" in page
    assert "Audits show it." in page and "Half of it." in page
    assert "1.2.1 at" not in page
    assert Assessment.objects.count() == 2
    mine[f"seen_{area.places['1.1.1'].pk}"] = str(area.places["1.1.1"].assessments.first().pk)
    client.post(ASSESS, mine)
    now = {code: place.assessments.first() for code, place in area.places.items()}
    assert now["1.1.1"].narrative == "Half of it."
    assert now["1.2.1"].narrative == "We learn."
    assert Assessment.objects.count() == 4


def test_what_was_carried_over_waits_to_be_confirmed(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    carried = make_assessment(area.places["1.1.1"], confirmed=False)
    client = sign_in(cast.delivery)
    client.post(ASSESS, entered(area))
    assert Assessment.objects.count() == 1
    address = f"{PAGE}characteristics/1.1/"
    assert "Confirm that it still holds" in text_of(client, address)
    assert "Confirm that it still holds" not in text_of(sign_in(cast.staff), address)
    assert sign_in(cast.staff).post(address, {"said": carried.pk}).status_code == 403
    client.post(ASSESS, {**entered(area), f"confirm_{area.places['1.1.1'].pk}": "on"})
    now = area.places["1.1.1"].assessments.first()
    assert now.confirmed and now != carried


def test_confirming_on_the_page_of_the_characteristic(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    carried = make_assessment(area.places["1.1.1"], confirmed=False)
    address, client = f"{PAGE}characteristics/1.1/", sign_in(cast.delivery)
    stale = client.post(address, {"said": "0"}, follow=True).content.decode()
    assert "Nothing was confirmed" in stale
    client.post(address, {"said": carried.pk})
    client.post(address, {"said": carried.pk})
    page = text_of(client, address)
    assert "Carried over, not confirmed" in page
    assert list(area.places["1.1.1"].assessments.values_list("confirmed", flat=True)) == [
        True,
        False,
    ]


def test_the_history_of_a_characteristic_is_shown(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    make_assessment(area.places["1.1.1"], Judgement.DOES_NOT, narrative="Not yet.")
    make_assessment(area.places["1.1.1"], made_on=day("2024-11-01"), made_by=cast.delivery)
    page = text_of(sign_in(cast.staff), f"{PAGE}characteristics/1.1/")
    assert page.index("1 November 2024") < page.index("1 October 2024")
    assert "Not yet." in page and "Delivery" in page
    assert sign_in(cast.staff).get(f"{PAGE}characteristics/9.9/").status_code == 404


def test_an_item_is_added_changed_and_ended(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    action, secret = make_action("ST-1"), make_action("ST-2", marking=Marking.SENSITIVE)
    client = sign_in(cast.delivery)
    sent = {"version": 1, "text": "Train them.", "owner": area.lead.pk, "due_on": "31/03/2025"}
    for wrong in ("ST-99", "ST-2"):
        page = client.post(ADD, {**sent, "actions": wrong}).content.decode()
        assert f"There is no action {wrong}." in page and "Train them." in page
    response = client.post(ADD, {**sent, "actions": "st-1"})
    assert response.headers["Location"] == f"{PAGE}#plan"
    item = ImprovementItem.objects.get()
    assert [link.action for link in item.action_links.all()] == [action]
    ImprovementAction.objects.create(item=item, action=secret)

    address = f"{PAGE}plan/{item.pk}/"
    assert "ST-1" in text_of(client, address)
    client.post(address, {**sent, "version": item.version, "text": "Train all.", "actions": ""})
    item.refresh_from_db()
    assert item.text == "Train all."
    standing = item.action_links.filter(removed_at=None)
    assert [link.action for link in standing] == [secret]

    ended = {"state": "done", "outcome": "All trained.", "ended_on": "20 November 2024"}
    client.post(f"{address}end/", ended)
    page = text_of(client)
    assert "All trained." in page and "Done" in page
    assert "This item has ended already" in text_of(client, address)


def test_an_item_says_which_plenary_session_it_came_from_and_that_it_is_overdue(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    publication = make_publication("Custody report")
    plenary = Plenary.objects.create(publication=publication, held_on=day("2024-11-01"))
    make_improvement(area.question, area.lead, plenary=plenary, due_on=day("2024-11-20"))
    page = text_of(sign_in(cast.staff))
    assert "From the plenary session of 1 November 2024" in page
    assert ">Overdue</strong>" in page


def test_two_who_change_an_item_are_told(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    item = make_improvement(area.question, area.lead)
    address = f"{PAGE}plan/{item.pk}/"
    sent = {"version": 1, "owner": area.lead.pk, "due_on": "31/03/2025", "actions": ""}
    sign_in(cast.governance).post(address, {**sent, "text": "Theirs."})
    page = sign_in(cast.delivery).post(address, {**sent, "text": "Mine."}).content.decode()
    assert "Governance changed this" in page and "Theirs." in page and "Mine." in page


def test_owners_are_told_on_their_work_page_and_in_their_mail(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    from tracker.digest import plan

    owner = make_user("owner")
    lead = make_lead("Head of Custody", owner)
    late = make_improvement(area.question, lead, due_on=day("2024-11-20"), text="Late thing.")
    make_improvement(area.question, lead, due_on=day("2024-12-20"), text="Soon thing.")
    make_improvement(area.question, lead, due_on=day("2025-06-20"), text="Far thing.")
    page = text_of(sign_in(owner), "/work/")
    assert "Late thing." in page and "Soon thing." in page and "Far thing." not in page
    assert "Was due on 20 November 2024" in page
    assert f"{PAGE}plan/{late.pk}/end/" in page
    assert sign_in(owner).get(f"{PAGE}plan/{late.pk}/end/").status_code == 200
    [part] = plan(owner, day("2024-11-25"))
    assert [("Late thing." in line.text, line.task) for line in part.lines] == [
        (True, True),
        (False, True),
    ]
    assert plan(cast.staff, day("2024-11-25")) == []
