"""The registers: other bodies and internal reviews are counted apart from the position."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from inspections.choices import PublicationType
from people.models import User
from tests.factories import day, make_action, make_publication
from tracker import position
from tracker.choices import Register, Status

pytestmark = pytest.mark.django_db
TODAY = day("2024-11-25")


@pytest.fixture
def filled() -> None:
    audit = make_publication("Internal audit of stores", type=PublicationType.OTHER_BODY)
    review = make_publication("Quality of case files", type=PublicationType.INTERNAL_REVIEW)
    make_action("ST-0001")
    make_action("ST-0002", status=Status.CLOSED)
    make_action("ST-0003", register=Register.SUPER_COMPLAINT, level=None)
    make_action("ST-0004", register=Register.OTHER_BODY, publication=audit, level=None)
    make_action("ST-0005", register=Register.OTHER_BODY, publication=audit, level=None)
    make_action("ST-0006", register=Register.INTERNAL, publication=review, level=None)
    make_action("ST-0007", register=Register.INTERNAL, entered_in_error=True, level=None)


def test_each_register_is_counted_by_itself(filled: None) -> None:
    counts = position.by_register(TODAY)
    assert [(each.register, each.received, each.live, each.closed) for each in counts] == [
        (Register.HMICFRS, 2, 1, 1),
        (Register.SUPER_COMPLAINT, 1, 1, 0),
        (Register.OTHER_BODY, 2, 2, 0),
        (Register.INTERNAL, 1, 1, 0),
    ]


def test_those_that_count_make_up_the_position(filled: None) -> None:
    counted = [each for each in position.by_register(TODAY) if each.counted]
    assert sum(each.live for each in counted) == position.table(TODAY).total.total == 2


def test_the_counts_are_those_of_a_day(filled: None) -> None:
    assert {each.received for each in position.by_register(day("2022-01-01"))} == {0}


def test_the_page_says_what_is_counted_apart_and_from_which_reports(
    filled: None, cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    response = sign_in(cast.staff).get("/publications/registers/")
    text = " ".join(response.content.decode().split())
    assert '<th scope="row">Live in the position</th> <td class="app-table__number">2</td>' in text
    assert (
        '<th scope="row">Other bodies, apart from the position</th> '
        '<td class="app-table__number"><a class="govuk-link" '
        'href="/actions/?register=other_body">2<' in text
    )
    assert "Internal audit of stores" in text
    assert text.count('data-label="Live actions">2<') == 1
    assert text.count('data-label="Live actions">1<') == 1


def test_without_any_report_the_page_says_so(
    cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    text = sign_in(cast.staff).get("/publications/registers/").content.decode()
    assert text.count("No report is recorded") == 2
    assert "the College of Policing, internal audit and the like." in text
    assert "Reviews that the force itself commissions belong here, once they report." in text
    assert "Record a report</a>" not in text
    for_governance = sign_in(cast.governance).get("/publications/registers/").content.decode()
    assert "Record a report</a>" in for_governance


def test_the_list_of_publications_leads_there(
    cast: SimpleNamespace, sign_in: Callable[[User], Client]
) -> None:
    text = sign_in(cast.staff).get("/publications/").content.decode()
    assert 'href="/publications/registers/"' in text
