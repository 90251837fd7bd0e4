"""What waits for whom: evidence that changed after assurance, uploads of actions that were opened
again, pages of long queues, and keys that are none.
"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import User
from tests.factories import day, make_action, make_closure, make_evidence_file
from tests.tracker.closures import (
    PDF,
    a_cast,
    approved,
    assured,
    led_action,
    proposed,
    signed,
)
from tests.tracker.letters import sent, shown, words
from tracker import workflow
from tracker.awaiting import closures_awaiting, place_of
from tracker.choices import ClosureOutcome, ClosureStep, Status
from tracker.models import Closure

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ENDLESS = "9" * 30


@pytest.fixture
def closers(media: Path) -> SimpleNamespace:
    return a_cast()


@pytest.fixture
def officer(closers: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(closers.governance)


def waiting_for(user: User) -> dict[str, list[int]]:
    return {
        queue.heading: [closure.pk for closure in queue.closures]
        for queue in closures_awaiting(user)
    }


# Evidence that changed after assurance ------------------------------------------------------------


def changed(closers: SimpleNamespace) -> Closure:
    """A closure before the Board, of whose evidence there is a newer file than was assured."""
    closure = assured(led_action(), closers)
    evidence = closure.evidence_links.get().evidence
    make_evidence_file(evidence, PDF + b"% changed", version=2)
    return closure


def test_changed_evidence_waits_for_assurance_and_no_longer_for_the_board(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    ready, again = assured(led_action(), closers), changed(closers)

    assert waiting_for(closers.assurance) == {"Evidence changed: assure again": [again.pk]}
    assert waiting_for(closers.chair) == {"For the Board’s decision": [ready.pk]}
    assert place_of(again, closers.chair) is None
    place = place_of(again, closers.assurance)
    assert place is not None and (place.number, place.count) == (1, 1)

    assurer, chair = sign_in(closers.assurance), sign_in(closers.chair)
    work = words(assurer.get("/work/"))
    assert "Closures: evidence changed: assure again" in work
    assert f'href="{again.get_absolute_url()}">Assure again or return' in work
    assert "Evidence changed: assure again: 1" in words(assurer.get("/"))
    assert "For the Board’s decision: 1" in words(chair.get("/"))
    assert "The only one that waits for you" in words(assurer.get(again.get_absolute_url()))
    queue = shown(chair, "closures", step="for_board")
    assert queue.count("Evidence changed: to be assured again") == 1

    workflow.assure(again, actor=closers.assurance, text="Looked at the newer sample.")
    assert waiting_for(closers.assurance) == {}
    assert waiting_for(closers.chair) == {"For the Board’s decision": [ready.pk, again.pk]}


def test_changed_evidence_asks_the_database_as_often_for_many_as_for_one(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    places = [
        (sign_in(user), address)
        for user in (closers.assurance, closers.chair, closers.deputy)
        for address in ("/work/", "/", "/closures/?step=for_board")
    ]

    def queries() -> list[int]:
        counts = []
        for client, address in places:
            with CaptureQueriesContext(connection) as caught:
                words(client.get(address))
            counts.append(len(caught))
        return counts

    changed(closers), assured(led_action(), closers)
    queries()
    for_few = queries()
    for _ in range(3):
        changed(closers), assured(led_action(), closers)

    assert queries() == for_few


def test_the_home_page_reads_no_texts_of_closures(
    closers: SimpleNamespace, sign_in: SignIn
) -> None:
    assured(led_action(), closers)
    chair = sign_in(closers.chair)
    with CaptureQueriesContext(connection) as caught:
        words(chair.get("/"))

    assert not [each["sql"] for each in caught if '"tracker_closure"."did"' in each["sql"]]


# Uploads of actions that were opened again --------------------------------------------------------


@pytest.mark.parametrize("then", ["re-opened", "proposed again", "at another level"])
def test_an_upload_is_recorded_whatever_became_of_the_action(
    closers: SimpleNamespace, officer: Client, then: str
) -> None:
    action = led_action(level=2)
    closure = signed(approved(action, closers), closers)
    workflow.reopen(action, actor=closers.governance, reason="It happened again.")
    if then == "proposed again":
        proposed(action, closers)
    if then == "at another level":
        workflow.change_level(action, 4, actor=closers.governance, text="A letter of HMICFRS.")
    before = workflow.open_period(action).pk
    assert action.reference in shown(officer, "letters", show="to_upload")
    page = words(officer.get(action.get_absolute_url()))
    assert f'href="{closure.get_absolute_url()}"' in page
    assert "its letter is still to be uploaded" in page

    sent(officer, "record_upload", closure.pk, on="25 November 2024", by=str(closers.governance.pk))

    closure.refresh_from_db()
    assert closure.uploaded_by == closers.governance
    assert workflow.open_period(action).pk == before
    assert "Every signed letter you may read" in shown(officer, "letters", show="to_upload")
    again = sent(
        officer, "record_upload", closure.pk, on="25 November 2024", by=str(closers.governance.pk)
    )
    assert "The letter has been uploaded already." in again


def test_a_closed_action_leads_to_its_closure(closers: SimpleNamespace, officer: Client) -> None:
    action = led_action(level=2)
    closure = signed(approved(action, closers), closers)
    link = f'href="{closure.get_absolute_url()}">See the closure'
    owing = words(officer.get(action.get_absolute_url()))
    assert f"{link}: its letter is still to be uploaded</a>" in owing
    workflow.record_upload([closure], actor=closers.governance)
    assert f"{link}</a>" in words(officer.get(action.get_absolute_url()))


def test_what_owes_its_upload_is_found_by_an_index() -> None:
    action, on = make_action(), day("2024-10-16")
    ended: dict[str, Any] = {
        "step": ClosureStep.ENDED,
        "outcome": ClosureOutcome.RETURNED,
        "ended_on": on,
    }
    # Of a handful of rows a database reads all, and rightly so.
    Closure.objects.bulk_create(
        Closure(action=action, route="local_closure", proposed_on=on, **ended) for _ in range(3_000)
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE tracker_closure")
    plan = Closure.objects.at_step(ClosureStep.TO_UPLOAD).explain()

    assert "tracker_closure_queue" in plan
    assert "tracker_closure_not_uploaded" in plan


# Long queues --------------------------------------------------------------------------------------


def test_a_long_queue_comes_in_pages_and_its_tab_counts_all(officer: Client) -> None:
    for _ in range(27):
        make_closure(make_action(status=Status.CLOSURE_PROPOSED, since="2024-10-16"))
    references = list(
        Closure.objects.at_step("to_complete").values_list("action__reference", flat=True)
    )

    first = shown(officer, "closures", step="to_complete")
    second = shown(officer, "closures", step="to_complete", page="2")

    assert [each for each in references if f">{each}</a>" in first] == references[:25]
    assert [each for each in references if f">{each}</a>" in second] == references[25:]
    assert "?step=to_complete&amp;page=2" in first
    tab = next(tab for tab in officer.get("/closures/?step=to_complete").context["tabs"])
    assert tab.count == 27


@pytest.mark.parametrize("show", ["awaited", "to_upload"])
def test_closures_among_the_letters_come_in_pages(
    closers: SimpleNamespace, officer: Client, monkeypatch: pytest.MonkeyPatch, show: str
) -> None:
    monkeypatch.setattr("tracker.views.waiting.ROWS_A_PAGE", 1)
    found = [approved(led_action(), closers) for _ in range(2)]
    if show == "to_upload":
        found = [signed(closure, closers) for closure in found]

    for number, closure in enumerate(found, start=1):
        page = shown(officer, "letters", show=show, page=str(number))
        there = [each for each in found if each.get_absolute_url() in page]
        assert there == [closure]
    assert f"?show={show}&amp;page=1" in page


def test_letters_belong_to_the_room_of_closures(officer: Client) -> None:
    for address in ("/letters/", "/closures/"):
        navigation = words(officer.get(address)).partition("<nav")[2].partition("</nav>")[0]
        current = navigation.partition("aria-current")[2].partition("</a>")[0]
        assert "Closures" in current
        assert navigation.count("aria-current") == 1


# Keys that are none -------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [ENDLESS, "²", "٣", "0", "-1", "nonsense"])
def test_what_can_be_no_key_is_left_out(
    closers: SimpleNamespace, sign_in: SignIn, officer: Client, key: str
) -> None:
    closure = proposed(led_action(), closers)
    assurer = sign_in(closers.assurance)
    page = words(
        assurer.get(reverse("tracker:return_closures"), {"closure": [key, str(closure.pk)]})
    )
    assert "Return 1 closure" in page
    nothing = assurer.get(reverse("tracker:return_closures"), {"closure": key}, follow=True)
    assert "Tick at least one closure first." in words(nothing)

    approved(led_action(), closers)
    assert "Introduction" in shown(officer, "draft_letter", closure=key)
    page = sent(officer, "draft_letter", closures=[key], introduction="Dear Inspector,")
    assert "Choose at least one approved closure for the letter." in page

    action = led_action()
    values = {"did": "All done.", "impact": "Better.", "evidence": [key]}
    address = reverse("tracker:propose_closure", args=[action.reference])
    page = words(sign_in(closers.delivery).post(address, values))
    assert "nothing closes without any" in page


def test_a_key_without_end_is_left_out_of_an_upload(
    closers: SimpleNamespace, officer: Client
) -> None:
    one, two = (approved(led_action(), closers) for _ in range(2))
    letter = workflow.draft_letter([one, two], actor=closers.governance, introduction="Dear all,")
    Closure.objects.filter(letter=letter).update(
        step=ClosureStep.TO_UPLOAD, route="self_certification"
    )
    values = {"on": "25 November 2024", "by": closers.governance.pk, "closures": [ENDLESS]}

    page = sent(officer, "record_upload", one.pk, **values)
    assert "Choose at least one action whose letter was uploaded." in page
    page = sent(officer, "record_upload", one.pk, **{**values, "by": ENDLESS})
    assert "from the list" in page
