"""The process page: nine steps, each with its owner and the length of the list it leads to."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from core.dates import today
from core.listing import ListPage
from inspections.choices import ResponseRule
from people.models import User
from reports.process import Figure, process_now
from tests.factories import (
    day,
    make_action,
    make_closure,
    make_evidence,
    make_framework,
    make_meeting,
    make_publication,
    make_report,
    make_user,
)
from tests.reports.demo import load_demo
from tracker.choices import ClosureStep, Status

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
SENSITIVE = "OFFICIAL-SENSITIVE"


def numbers_of(user: User) -> dict[str, int]:
    """Words of each figure -> its number; a step that says the same as another has its number."""
    steps = process_now(user, today())
    return {
        f"{step.number} {figure.words}": figure.number for step in steps for figure in step.figures
    }


def listed(figure: Figure, user: User, client: Client) -> int:
    """How many rows the list behind a figure has."""
    view = resolve(figure.href.partition("?")[0]).func
    page_class = getattr(view, "view_class", None)
    if page_class is not None and issubclass(page_class, ListPage):
        page = page_class()
        page.setup(RequestFactory().get(figure.href))
        page.request.user = user
        page.read_address()
        assert page.notes == [], figure.href
        return int(page.filterset.qs.count())
    context: Any = client.get(figure.href).context
    if "page" in context:
        return int(context["page"].paginator.count)
    return len(context["reports"] if "reports" in context else context["coming"])


def one_of_each() -> None:
    """Something at every step, of which staff may not read all."""
    question = make_framework().questions.get(number=1)
    make_action(question=question, due="2024-11-01")
    make_action(question=question, marking=SENSITIVE, on_portal=False)
    make_action(status=Status.AWAITING_ALLOCATION, received="2024-11-20", on_portal=False)
    make_action(status=Status.CLOSED, since="2024-06-01")
    make_action(register="other_body")
    for number, (step, status) in enumerate(
        (
            (ClosureStep.TO_COMPLETE, Status.CLOSURE_PROPOSED),
            (ClosureStep.TO_ASSURE, Status.CLOSURE_PROPOSED),
            (ClosureStep.FOR_BOARD, Status.CLOSURE_PROPOSED),
            (ClosureStep.LETTER_AWAITED, Status.CLOSURE_PROPOSED),
            (ClosureStep.TO_UPLOAD, Status.CLOSURE_PROPOSED),
            (ClosureStep.WITH_HMICFRS, Status.WITH_HMICFRS),
        )
    ):
        marking = SENSITIVE if number % 2 else "OFFICIAL"
        action = make_action(status=status, since="2024-10-16", level=3, marking=marking)
        make_closure(
            action,
            step=step,
            route="self_certification",
            assured_by=User.objects.get(username="assurance"),
            decided_by=User.objects.get(username="chair"),
        )
    for due, published in (
        ("2024-12-01", None),
        ("2024-11-01", None),
        ("2024-11-01", "2024-10-30"),
    ):
        make_publication(
            response_rule=ResponseRule.SECTION_55,
            response_due_on=day(due),
            response_published_on=day(published) if published else None,
        )
    make_evidence(owner=make_user("owner"))
    make_evidence(owner=User.objects.get(username="owner"), marking=SENSITIVE)
    make_meeting("2024-10-16", state="cancelled")
    make_meeting("2024-11-27")
    make_meeting("2024-12-18", state="cancelled")
    make_report()


def test_nine_steps_in_order_each_with_an_owner(cast: SimpleNamespace) -> None:
    steps = process_now(cast.staff, today())
    assert [step.number for step in steps] == list(range(1, 10))
    assert all(step.owner and step.what for step in steps)
    assert [step.number for step in steps if step.parallel] == [4]
    assert {step.number: step.back_to for step in steps if step.back_to} == {6: 5, 8: 5}


def test_the_board_is_called_as_the_force_calls_it(cast: SimpleNamespace, settings: Any) -> None:
    settings.BOARD_NAME = "Scrutiny Board"
    owners = [step.owner for step in process_now(cast.staff, today())]
    assert "Scrutiny Board" in owners and "Delivery lead, Scrutiny Board" in owners


def test_what_governance_reads_at_each_step(cast: SimpleNamespace) -> None:
    one_of_each()
    assert numbers_of(cast.governance) == {
        "1 live, on the portal": 7,
        "1 live, not on it": 2,
        "2 live, in a PAF area": 2,
        "2 live, in none": 7,
        "3 awaiting allocation": 1,
        "4 still due": 1,
        "4 not recorded": 1,
        "5 in progress": 2,
        "5 overdue": 1,
        "5 not updated lately": 8,
        "5 pieces of evidence": 2,
        "5 Boards in the calendar": 2,
        "6 to complete": 1,
        "6 to assure": 1,
        "6 for the Board": 1,
        "7 awaiting a letter": 1,
        "7 to upload": 1,
        "8 with HMICFRS": 1,
        "8 closed": 1,
        "9 report so far": 1,
    }


def test_staff_are_told_of_what_they_may_read_and_of_no_list_they_may_not_open(
    cast: SimpleNamespace,
) -> None:
    one_of_each()
    told = numbers_of(cast.staff)
    assert told["1 live, not on it"] == 1
    assert told["5 piece of evidence"] == 1
    assert told["6 to assure"] == 0
    assert told["8 with HMICFRS"] == 0
    assert not {key for key in told if "in the calendar" in key or "so far" in key}


@pytest.mark.parametrize("member", ["staff", "governance", "chair"])
@pytest.mark.parametrize("fill", [one_of_each, load_demo], ids=["small", "demo"])
def test_every_number_is_the_length_of_the_list_it_leads_to(
    cast: SimpleNamespace, sign_in: SignIn, member: str, fill: Callable[[], object]
) -> None:
    fill()
    reader = getattr(cast, member)
    client = sign_in(reader)
    figures = [figure for step in process_now(reader, today()) for figure in step.figures]
    assert len(figures) >= 18
    for figure in figures:
        assert listed(figure, reader, client) == figure.number, figure


def test_the_questions_to_the_database_do_not_grow_with_the_records(cast: SimpleNamespace) -> None:
    make_framework()
    asked = []
    for _ in range(2):
        reader = User.objects.get(username="governance")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            process_now(reader, today())
        asked.append(len(queries))
        for _ in range(5):
            make_closure(make_action())
            make_evidence(owner=cast.staff)
    assert asked[0] == asked[1]


def test_without_any_record_the_page_shows_the_way(cast: SimpleNamespace, sign_in: SignIn) -> None:
    page = sign_in(cast.staff).get(reverse("process")).content.decode()
    assert "Plenary session held" in page
    assert "in a PAF area" not in page


def test_the_list_says_every_step_and_the_drawing_is_hidden_from_those_who_hear_it(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    one_of_each()
    page = sign_in(cast.governance).get(reverse("process")).content.decode()
    listing, _, drawn = page.partition("<svg")
    assert listing.count('<span class="govuk-visually-hidden">Step ') == 9
    assert 'May lead back to <a class="govuk-link" href="#step-5">step 5</a> (returned).' in listing
    assert "<strong>7</strong> live, on the portal" in listing
    assert 'aria-hidden="true"' in drawn.partition(">")[0]
    assert 'href="/actions/?portal=yes" tabindex="-1"' in drawn


def test_every_page_of_somebody_signed_in_leads_there(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    link = f'href="{reverse("process")}"'
    assert link in sign_in(cast.staff).get(reverse("tracker:actions")).content.decode()
    assert link not in Client().get(reverse("account_login")).content.decode()
