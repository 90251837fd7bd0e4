"""Response clocks wherever they are told: page, home, the Board's exceptions, mails."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from board.exceptions import ranked
from inspections.choices import PublicationType, ResponseRule
from inspections.clocks import response_due
from inspections.models import Publication
from inspections.recording import record_response
from people.models import User
from tests.board.pages import sent, shown
from tests.factories import day, make_lead, make_publication
from tracker.response_digest import due

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
BECAUSE = "instead of 2 December 2024 by the rule: Agreed with the PCC’s office."


@pytest.mark.parametrize(
    ("rule", "published", "by"),
    [
        (ResponseRule.SUPER_COMPLAINT, "2024-09-27", "2024-11-22"),
        (ResponseRule.SECTION_55, "2025-04-11", "2025-06-05"),
        (ResponseRule.OTHER, "2025-04-11", None),
        (ResponseRule.NONE, "2025-04-11", None),
    ],
)
def test_the_day_by_which_a_response_is_due(rule: str, published: str, by: str | None) -> None:
    assert response_due(rule, day(published)) == (day(by) if by else None)


def moved(cast: SimpleNamespace, to: str = "2024-11-28", **fields: Any) -> Publication:
    """Published on 8 October, so due on 2 December; moved to another day, with a reason."""
    publication = make_publication(
        "Custody",
        slug="custody",
        published_on=day("2024-10-08"),
        type=PublicationType.PEEL,
        **fields,
    )
    return record_response(
        publication,
        actor=cast.governance,
        version=1,
        rule=ResponseRule.SECTION_55,
        due_on=day(to),
        due_reason="Agreed with the PCC’s office.",
    )


def test_a_day_that_is_not_the_rules_is_shown_with_its_reason_wherever_it_is(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    moved(cast)
    client = sign_in(cast.governance)
    said = BECAUSE[0].upper() + BECAUSE[1:]
    for where in ("/", "/publications/custody/"):
        page = shown(client, where).replace("<strong>", "").replace("</strong>", "")
        assert "28 November 2024" in page and said in page, where
    (exception,) = ranked(cast.governance, day("2024-11-27"), None)
    assert exception.reasons == (f"response due 28 November 2024 (in 1 day); {BECAUSE}",)
    (part,) = due(cast.governance, day("2024-11-25"))
    assert [line.text for line in part.lines] == [
        f"The response to “Custody” is due 28 November 2024 (in 3 days); {BECAUSE}"
    ]
    assert said in shown(client, "/publications/")


def test_the_day_of_the_rule_carries_no_reason(cast: SimpleNamespace) -> None:
    assert moved(cast, "2024-12-02").response_because == ""


def test_another_duty_states_its_day_and_what_it_comes_from(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_publication("Custody", slug="custody", published_on=day("2024-10-08"))
    officer = sign_in(cast.governance)
    form = {"version": "1", "response_rule": "other", "response_due_on": "", "response_url": ""}
    page = sent(officer, "/publications/custody/response/", **form)
    assert "Enter the day by which this duty is due." in page
    form["response_due_on"] = "20 December 2024"
    page = sent(officer, "/publications/custody/response/", **form)
    assert "Say what the duty comes from" in page and "20 December 2024" in page
    form["response_due_reason"] = "The coroner’s report of 1 October asks for it."
    page = sent(officer, "/publications/custody/response/", **form)
    assert "The response is saved." in page
    assert "Another duty, with a day of its own" in page
    assert "The coroner’s report of 1 October asks for it." in page
    found = Publication.objects.get()
    assert (found.response_due_on, found.response_days_left) == (day("2024-12-20"), 25)


def test_another_duty_without_its_day_is_refused_by_the_record_itself(
    cast: SimpleNamespace,
) -> None:
    publication = make_publication()
    publication.response_rule = ResponseRule.OTHER
    with pytest.raises(ValidationError, match="what the duty comes from"):
        publication.full_clean()


# Mails --------------------------------------------------------------------------------------------


def key_on(user: User, on: str) -> str:
    parts = due(user, day(on))
    return parts[0].lines[0].key.rpartition(":")[2] if parts else ""


def test_it_is_told_four_times_before_it_is_due_and_once_when_it_is_late(
    cast: SimpleNamespace,
) -> None:
    moved(cast, "2024-12-02")
    told = {
        on: key_on(cast.governance, on)
        for on in (
            "2024-11-03",
            "2024-11-04",
            "2024-11-17",
            "2024-11-18",
            "2024-11-24",
            "2024-11-25",
            "2024-11-30",
            "2024-12-01",
            "2024-12-02",
            "2024-12-03",
            "2025-01-20",
        )
    }
    assert list(told.values()) == [
        "",
        "28",
        "28",
        "14",
        "14",
        "7",
        "7",
        "1",
        "1",
        "overdue",
        "overdue",
    ]


def test_governance_and_the_executive_lead_are_told_and_nobody_else(cast: SimpleNamespace) -> None:
    moved(cast, "2024-12-02", executive_lead=make_lead("ACC Baker", cast.executive))
    for name, told in (
        ("governance", True),
        ("executive", True),
        ("delivery", False),
        ("chair", False),
    ):
        assert bool(due(getattr(cast, name), day("2024-11-25"))) is told, name


def test_a_response_that_is_published_is_told_no_more(cast: SimpleNamespace) -> None:
    publication = moved(cast, "2024-12-02")
    publication.response_published_on = day("2024-11-20")
    publication.save()
    assert due(cast.governance, day("2024-11-25")) == []
