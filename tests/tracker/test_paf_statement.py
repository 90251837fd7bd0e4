"""The PAF position statement: what it says, that it is tagged, and that it tells no secret."""

import io
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from core.markings import Marking
from inspections.choices import Judgement
from people.models import User
from tests.factories import (
    day,
    make_action,
    make_assessment,
    make_evidence,
    make_improvement,
    make_link,
)
from tests.tracker.paf import an_area, places
from tracker.paf.statement import statement_context

pytestmark = pytest.mark.django_db
ADDRESS = "/paf/2023-25/statement.pdf"


@pytest.fixture
def area(cast: SimpleNamespace) -> SimpleNamespace:
    found = an_area(cast.delivery)
    place = found.places["1.1.1"]
    make_assessment(place, Judgement.DOES_NOT, narrative="Not yet.")
    make_assessment(place, Judgement.PARTLY, narrative="Half.", made_on=day("2024-11-01"))
    make_action("SECRET-1", question=found.question, marking=Marking.SENSITIVE, text="Hush.")
    make_link(make_evidence(title="A secret paper", marking=Marking.SENSITIVE), place)
    make_improvement(found.question, found.lead, due_on=day("2024-11-20"))
    return found


def read(client: Client, address: str = ADDRESS) -> PdfReader:
    response = client.get(address)
    assert response.status_code == 200 and response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.content))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_statement_says_how_every_question_area_stands(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    reader = read(sign_in(cast.staff))
    text = words(reader)
    assert "PEEL Assessment Framework 2023-25, as at 25 November 2024" in text
    assert "1 live action is aligned to a question area" in text
    assert "1 of 4 characteristics of good are assessed" in text
    assert "Partly meets" in text and "Half." in text and "Not yet." not in text
    assert "20.11.24, overdue" in text and "Head of Crime" in text
    assert "/MarkInfo" in reader.root_object and reader.root_object["/Lang"] == "en-GB"
    assert reader.metadata and reader.metadata.title == "PAF position statement, 25 November 2024"
    for page in reader.pages:
        assert page.extract_text().count("OFFICIAL") >= 2


def test_nothing_of_a_characteristic_is_cut_and_freshness_is_told(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    place = area.places["1.1.2"]
    place.text = "The force plans " + "and plans again " * 20 + "to the very end."
    place.save()
    make_assessment(place, Judgement.PARTLY, narrative="Half. " * 60 + "So much of it.")
    make_link(make_evidence(review_by=day("2024-11-01")), area.places["1.2.1"])
    text = words(read(sign_in(cast.staff)))
    assert "to the very end." in text and "So much of it." in text and "…" not in text
    assert "Due for review: those of them" in text and "1 only by stale evidence" in text


def test_it_is_the_same_for_everybody_and_names_nothing_sensitive(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    for_chair = words(read(sign_in(cast.chair)))
    assert for_chair == words(read(sign_in(cast.staff)))
    for secret in ("SECRET-1", "Hush.", "A secret paper", "OFFICIAL-SENSITIVE"):
        assert secret not in for_chair


def test_it_can_be_had_as_at_an_earlier_day(
    area: SimpleNamespace, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    text = words(read(sign_in(cast.staff), f"{ADDRESS}?as_at=2024-10-15"))
    assert "as at 15 October 2024" in text and "Not yet." in text and "Half." not in text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("26/11/2024", "26 November 2024 is not a day from 1 April 2023 to 25 November 2024."),
        ("2001-01-01", "1 January 2001 is not a day from 1 April 2023 to 25 November 2024."),
        ("31/02/2024", "“31/02/2024” is not a real date."),
        ("soon", "Enter a date like 20 November 2024"),
    ],
)
def test_a_day_that_cannot_be_is_told_on_the_page(
    wrong: str,
    told: str,
    area: SimpleNamespace,
    cast: SimpleNamespace,
    sign_in: Callable[[User], Client],
) -> None:
    response = sign_in(cast.staff).get(f"{ADDRESS}?as_at={wrong}", follow=True)
    assert response.redirect_chain == [("/paf/2023-25/", 302)]
    assert told in response.content.decode()


def test_queries_of_the_statement_do_not_grow(area: SimpleNamespace) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            statement_context(area.framework, day("2024-11-25"))
        return len(asked)

    before = queries()
    for place in places(area.framework).values():
        make_assessment(place)
        make_link(make_evidence(), place)
        make_improvement(place.topic.question, area.lead)
        make_action(question=place.topic.question)
    assert queries() == before
