"""The pages of a plenary session, and where a publication shows it."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inspections.models import ImprovementItem, Plenary, Publication
from inspections.plenaries import Wanted, add_items
from people.models import User
from tests.board.pages import sent, shown
from tests.factories import day, make_framework, make_lead, make_plenary, make_publication

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def publication(db: None) -> Publication:
    question = make_framework().questions.get(number=2)
    return make_publication(
        "Custody", slug="custody", published_on=day("2024-11-05"), question=question
    )


def item(number: int, **fields: object) -> dict[str, object]:
    """What the page sends of one improvement."""
    return {f"items-{number}-{name}": value for name, value in fields.items()}


def everything(*parts: dict[str, object]) -> dict[str, object]:
    management = {"items-TOTAL_FORMS": 5, "items-INITIAL_FORMS": 0}
    question = Publication.objects.get().question_id
    untouched = {f"items-{number}-question": question for number in range(5)}
    return {**management, **untouched, **{k: v for part in parts for k, v in part.items()}}


def test_governance_records_a_session_that_everybody_reads(
    cast: SimpleNamespace, sign_in: SignIn, publication: Publication
) -> None:
    officer = sign_in(cast.governance)
    assert "Record the plenary session" in shown(officer, "/publications/custody/")
    page = sent(
        officer,
        "/publications/custody/plenary/",
        version="0",
        held_on="14.11.24",
        attended="ACC Baker\r\nHead of Crime",
        notes="Cells are cold.",
    )
    assert "The plenary session of 14 November 2024 is recorded." in page
    assert "Write improvements into the plans" in page
    page = shown(sign_in(cast.staff), "/publications/custody/")
    for words in ("14 November 2024", "ACC Baker<br>Head of Crime", "Cells are cold."):
        assert words in page
    assert "Write improvements into the plans" not in page


def test_a_wrong_day_is_said_and_nothing_typed_is_lost(
    cast: SimpleNamespace, sign_in: SignIn, publication: Publication
) -> None:
    page = sent(
        sign_in(cast.governance),
        "/publications/custody/plenary/",
        version="0",
        held_on="4 November 2024",
        notes="Cells are cold.",
    )
    assert "4 November 2024 is before the report was published." in page
    assert "Cells are cold." in page
    assert not Plenary.objects.exists()


def test_several_improvements_are_written_from_one_page(
    cast: SimpleNamespace, sign_in: SignIn, publication: Publication
) -> None:
    make_plenary(publication)
    owner, officer = make_lead("Head of Crime"), sign_in(cast.governance)
    other = publication.question.framework.questions.get(number=1)  # type: ignore[union-attr]
    form = everything(
        item(0, text="Warm the cells.", owner=owner.pk, due_on="31.3.25"),
        item(3, text="Ask why.", question=other.pk, owner=owner.pk, due_on="1 May 2025"),
    )
    for _ in range(2):
        page = sent(officer, "/publications/custody/plenary/items/", **form)
        assert "Two improvements in the plan: PAF 1, PAF 2." in page
    found = ImprovementItem.objects.order_by("question__number")
    assert [(each.text, each.plenary) for each in found] == [
        ("Ask why.", publication.plenary),
        ("Warm the cells.", publication.plenary),
    ]
    page = shown(sign_in(cast.staff), "/publications/custody/")
    assert "Warm the cells." in page and "31 March 2025" in page and "Head of Crime" in page


def test_a_question_area_no_longer_in_force_is_not_offered_and_refused_with_why(
    cast: SimpleNamespace, sign_in: SignIn, publication: Publication
) -> None:
    session = make_plenary(publication)
    newer = make_framework("2024-26")
    newer.in_force_from = day("2024-11-01")
    newer.save()
    question = publication.question
    assert question is not None

    page = shown(sign_in(cast.governance), "/publications/custody/plenary/items/")

    assert f'<option value="{question.pk}"' not in page
    assert f'<option value="{newer.questions.get(number=2).pk}">' in page
    entered = Wanted(question, "Warm the cells.", make_lead("Head of Crime"), day("2025-03-31"))
    with pytest.raises(
        PermissionDenied,
        match=r"PAF 2 is of version 2023-25, which is no longer in force: its plan stays as it was"
        r"\. Choose a question area of 2024-26\.",
    ):
        add_items(session, actor=cast.governance, wanted=[entered])


def test_what_is_missing_in_one_of_them_is_said_there_and_none_is_written(
    cast: SimpleNamespace, sign_in: SignIn, publication: Publication
) -> None:
    make_plenary(publication)
    owner, officer = make_lead("Head of Crime"), sign_in(cast.governance)
    form = everything(
        item(0, text="Warm the cells.", owner=owner.pk, due_on="31.3.25"),
        item(1, text="Ask why."),
    )
    page = sent(officer, "/publications/custody/plenary/items/", **form)
    assert "Improvement 2: Select an owner" in page
    assert "Improvement 2: Enter a date for “Due”" in page
    assert "Warm the cells." in page and "Ask why." in page
    assert not ImprovementItem.objects.exists()
    page = sent(officer, "/publications/custody/plenary/items/", **everything())
    assert "Write down at least one improvement" in page


def test_improvements_wait_for_the_session(
    cast: SimpleNamespace, sign_in: SignIn, publication: Publication
) -> None:
    page = sent(sign_in(cast.governance), "/publications/custody/plenary/items/", **everything())
    assert "Record the plenary session first" in page


def test_the_page_asks_as_often_for_many_improvements_as_for_one(
    cast: SimpleNamespace, sign_in: SignIn, publication: Publication
) -> None:
    plenary, client = make_plenary(publication), sign_in(cast.staff)
    question = publication.question
    assert question is not None

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            shown(client, "/publications/custody/")
        return len(caught)

    def add(text: str) -> None:
        ImprovementItem.objects.create(
            question=question, text=text, owner=make_lead(text), plenary=plenary
        )

    add("One")
    queries()
    for_one = queries()
    for text in ("Two", "Three", "Four"):
        add(text)
    assert queries() == for_one
