"""The question areas side by side: every number, from where it is counted everywhere else."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from board.choices import MeetingState, Section
from core.dates import long_date
from inspections.choices import Judgement
from tests.factories import (
    day,
    make_action,
    make_assessment,
    make_evidence,
    make_framework,
    make_improvement,
    make_item,
    make_lead,
    make_link,
    make_meeting,
)
from tests.tracker.paf import an_area, places
from tracker import position
from tracker.paf import overview
from tracker.paf.overview import Tally
from tracker.paf.statement import statement_context

pytestmark = pytest.mark.django_db
TODAY = day("2024-11-25")


@pytest.fixture
def area(cast: SimpleNamespace) -> SimpleNamespace:
    return an_area(cast.delivery)


def board(held_on: str, question: Any, **fields: Any) -> None:
    make_item(make_meeting(held_on, **fields), Section.DEEP_DIVE, question=question)


def closed() -> dict[str, Any]:
    return {"state": MeetingState.CLOSED, "closed_at": timezone.now(), "document": {}}


def test_every_number_of_a_question_area(area: SimpleNamespace, cast: SimpleNamespace) -> None:
    question = area.question
    make_action("A", question=question, due="2024-11-20", confidence="Low")
    make_action("B", question=question, due="2025-01-20", confidence="High")
    make_action("ELSEWHERE", due="2024-11-20")
    make_assessment(area.places["1.1.1"], Judgement.MEETS)
    make_assessment(area.places["1.1.2"], Judgement.PARTLY)
    make_assessment(area.places["1.1.2"], Judgement.MEETS, made_on=day("2024-11-01"))
    make_assessment(area.places["1.2.1"], Judgement.DOES_NOT, confirmed=False)
    make_link(make_evidence(review_by=day("2025-11-01")), area.places["1.1.1"])
    make_link(make_evidence(review_by=day("2024-11-01")), area.places["1.1.2"])
    make_improvement(question, area.lead, due_on=day("2024-11-24"))
    make_improvement(question, area.lead, due_on=TODAY)
    make_improvement(question, area.lead, state="done", ended_on=TODAY, outcome="Done.")

    found = overview(area.framework, TODAY, cast.chair)

    first, second = found.rows
    assert first.tally == Tally(
        live=2,
        overdue=1,
        low_confidence=1,
        meets=2,
        does_not=1,
        without_evidence=1,
        to_confirm=1,
        fresh=1,
        stale=1,
        none=1,
        open_items=2,
        overdue_items=1,
    )
    assert second.tally == Tally(not_assessed=1, none=1)
    assert (first.tally.assessed, first.tally.characteristics, first.tally.covered) == (3, 3, 1)
    assert first.question.delivery_lead_on_day == "Head of Crime"
    assert found.unaligned == 1
    assert (found.total.characteristics, found.total.live, found.total.none) == (4, 2, 2)


def test_actions_are_counted_as_the_position_counts_them(
    area: SimpleNamespace, cast: SimpleNamespace
) -> None:
    for n in range(4):
        question = area.question if n % 2 else None
        due = f"2024-11-{20 + n * 2}"
        make_action(question=question, due=due, confidence="Low", updated="2024-06-01")
    counts = position.exceptions_by_question(TODAY)
    assert counts[area.question.pk] == position.exceptions(TODAY, area.question)
    every = position.exceptions(TODAY)
    assert sum(each.overdue for each in counts.values()) == every.overdue == 3
    assert sum(each.stale for each in counts.values()) == every.stale == 4
    tally = overview(area.framework, TODAY, cast.chair).rows[0].tally
    assert tally.overdue == counts[area.question.pk].overdue


def test_deep_dives_past_and_to_come(area: SimpleNamespace, cast: SimpleNamespace) -> None:
    board("2024-06-19", area.question, **closed())
    board("2024-10-16", area.question, **closed())
    board("2024-09-18", area.question, state=MeetingState.CANCELLED)
    board("2024-11-27", area.question)
    dives = overview(area.framework, TODAY, cast.chair).rows[0].deep_dives
    assert [each.held_on for each in dives.done] == [day("2024-10-16"), day("2024-06-19")]
    assert dives.last and dives.last.address == "/board/2024-10-16/deep-dive/1/"
    assert dives.next and dives.next.held_on == day("2024-11-27")
    for_staff = overview(area.framework, TODAY, cast.staff).rows[0].deep_dives
    assert for_staff.last and for_staff.last.held_on == day("2024-10-16")
    assert for_staff.last.address == ""


def test_the_page_says_all_of_it_on_one_page(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[..., Client]
) -> None:
    make_action("A", question=area.question, due="2024-11-20")
    make_assessment(area.places["1.1.1"])
    page = sign_in(cast.staff).get("/paf/2023-25/").content.decode()
    assert "How good is the force at thing 1?" in page
    assert "Head of Crime" in page
    assert "1 of 3" in page and "1 without evidence" in page
    assert "1 of 4" in page
    assert 'href="/actions/?framework=2023-25&amp;question=1&amp;overdue=yes"' in page
    assert 'href="/paf/2023-25/statement.pdf"' in page
    # Each figure leads to what is behind it.
    assert 'href="/actions/?framework=2023-25">live action</a>' in page
    assert 'href="#question-areas">characteristics assessed</a>' in page
    assert 'In question area <a class="govuk-link" href="/paf/2023-25/1/#assessment">1</a>' in page
    assert f"Latest on {long_date(make_assessment(area.places['1.1.2']).made_on)}" in page


def test_versions_stand_side_by_side(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[..., Client]
) -> None:
    newer = make_framework("2025-27")
    newer.in_force_from = day("2025-04-01")
    newer.save()
    page = sign_in(cast.staff).get("/paf/2025-27/").content.decode()
    assert 'href="/paf/2023-25/">2023-25 (in force)</a>' in page
    assert 'href="/paf/2025-27/" aria-current="page">2025-27</a>' in page
    assert sign_in(cast.staff).get("/paf/").headers["Location"] == "/paf/2023-25/"


def test_live_actions_of_another_version_are_told_with_the_way_to_carry_them(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[..., Client]
) -> None:
    make_action("A", question=area.question)
    make_action("B", question=area.question)
    make_action("C")
    newer = make_framework("2024-26")
    newer.in_force_from = day("2024-11-01")
    newer.save()
    sentence = "2 live actions stand under no question area of this version, but under one of"

    found = overview(newer, TODAY, cast.chair)
    page = sign_in(cast.staff).get("/paf/2024-26/").content.decode()
    for_governance = sign_in(cast.governance).get("/paf/2024-26/").content.decode()

    assert (found.total.live, found.elsewhere, found.unaligned) == (0, 2, 1)
    assert sentence in page and "/paf/2024-26/mapping/" not in page and "/paf/import/" not in page
    assert 'href="/paf/2024-26/mapping/">Map and carry them over</a>' in for_governance
    assert 'href="/paf/import/"' in sign_in(cast.admin).get("/paf/2024-26/").content.decode()
    told = render_to_string("tracker/paf/statement/pdf.html", statement_context(newer, TODAY))
    assert sentence in told
    assert overview(area.framework, TODAY, cast.chair).elsewhere == 0


def test_queries_do_not_grow(area: SimpleNamespace, cast: SimpleNamespace) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            overview(area.framework, TODAY, cast.staff)
        return len(asked)

    cast.staff.get_all_permissions()
    before = queries()
    for n, place in enumerate(places(area.framework).values()):
        make_assessment(place)
        make_link(make_evidence(), place)
        make_action(question=place.topic.question, due="2024-11-20", confidence="Low")
        make_improvement(place.topic.question, make_lead(f"Lead {n}"))
    board("2024-10-16", area.question, **closed())
    assert queries() == before
