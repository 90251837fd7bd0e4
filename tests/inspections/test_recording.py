"""Recording publications, changing them, and the response to them: what is kept and refused."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core.collisions import Overtaken
from inspections.choices import PublicationType, ResponseRule, Scope
from inspections.models import Publication
from inspections.recording import change_publication, record_publication, record_response
from tests.factories import day, make_plenary, make_publication

pytestmark = pytest.mark.django_db


def record(cast: SimpleNamespace, **fields: Any) -> Publication:
    values = {
        "title": "An Inspection of Custody",
        "type": PublicationType.PEEL,
        "scope": Scope.LOCAL,
        "published_on": day("2024-11-20"),
        **fields,
    }
    return record_publication(actor=cast.governance, **values)


@pytest.mark.parametrize(
    ("kind", "rule", "due"),
    [
        (PublicationType.PEEL, ResponseRule.SECTION_55, "2025-01-14"),
        (PublicationType.SUPER_COMPLAINT, ResponseRule.SUPER_COMPLAINT, "2025-01-15"),
        (PublicationType.OTHER_BODY, ResponseRule.NONE, None),
    ],
)
def test_the_response_clock_runs_by_the_rule_of_the_type(
    cast: SimpleNamespace, kind: PublicationType, rule: ResponseRule, due: str | None
) -> None:
    publication = record(cast, type=kind, body="IOPC")
    assert publication.response_rule == rule
    assert publication.response_due_on == (day(due) if due else None)


def test_a_publication_has_an_address_made_of_its_title_that_stays(cast: SimpleNamespace) -> None:
    first = record(cast)
    second = record(cast, published_on=day("2024-11-21"))
    assert (first.slug, second.slug) == ("an-inspection-of-custody", "an-inspection-of-custody-2")
    changed = change_publication(first, actor=cast.governance, version=1, title="Custody")
    assert changed.slug == "an-inspection-of-custody"
    assert changed.history.latest().user_name == "Governance"


def test_no_address_is_that_of_the_page_where_publications_are_added(
    cast: SimpleNamespace,
) -> None:
    assert record(cast, title="Add").slug == "add-2"


def test_a_report_of_tomorrow_is_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="has not come yet"):
        record(cast, published_on=day("2024-11-26"))


def test_a_report_is_not_moved_behind_its_plenary_session(cast: SimpleNamespace) -> None:
    publication = record(cast)
    make_plenary(publication, "2024-11-22")
    with pytest.raises(ValidationError, match="plenary session was held on 22 November 2024"):
        change_publication(
            publication, actor=cast.governance, version=1, published_on=day("2024-11-23")
        )


def test_a_report_of_another_body_names_the_body(cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="Say which body published it"):
        record(cast, type=PublicationType.OTHER_BODY)
    publication = record(cast, type=PublicationType.OTHER_BODY, body="College of Policing")
    assert publication.source_name == "College of Policing"
    with pytest.raises(ValidationError, match="Say which body"):
        change_publication(publication, actor=cast.governance, version=1, body="")
    assert record(cast, title="Other").source_name == "HMICFRS"
    answered = record(cast, title="Stalking", type=PublicationType.SUPER_COMPLAINT)
    assert answered.source_name == "HMICFRS, the College of Policing and the IOPC"


def test_a_report_is_recorded_once(cast: SimpleNamespace) -> None:
    record(cast)
    with pytest.raises(ValidationError, match="already recorded"):
        record(cast)
    assert Publication.objects.count() == 1


def test_a_due_date_by_the_rule_moves_with_the_day_of_publication(cast: SimpleNamespace) -> None:
    publication = record(cast)
    changed = change_publication(
        publication, actor=cast.governance, version=1, published_on=day("2024-11-19")
    )
    assert changed.response_due_on == day("2025-01-13")


def test_a_due_date_that_was_set_stays(cast: SimpleNamespace) -> None:
    publication = record_response(
        record(cast),
        actor=cast.governance,
        version=1,
        rule=ResponseRule.SECTION_55,
        due_on=day("2025-02-01"),
        due_reason="Agreed with the PCC’s office.",
    )
    changed = change_publication(
        publication, actor=cast.governance, version=2, published_on=day("2024-11-19")
    )
    assert changed.response_due_on == day("2025-02-01")


def test_the_response_is_recorded_with_its_day_and_link(cast: SimpleNamespace) -> None:
    answered = record_response(
        record(cast),
        actor=cast.governance,
        version=1,
        rule=ResponseRule.SECTION_55,
        published_on=day("2024-11-25"),
        url="https://example.test/response",
    )
    assert answered.response_state == "published"
    assert answered.response_due_on == day("2025-01-14")
    assert answered.response_due_reason == ""


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"due_on": "2025-02-01"}, "response_due_reason", "due on 14 January 2025. Say why"),
        ({"due_on": "2024-11-19"}, "response_due_on", "before the report was published"),
        ({"rule": "none", "due_on": "2025-02-01"}, "response_due_on", "Leave it empty"),
        ({"published_on": "2024-11-26"}, "response_published_on", "has not come yet"),
        ({"published_on": "2024-11-19"}, "response_published_on", "before the report"),
        ({"url": "https://example.test/"}, "response_published_on", "Enter the day"),
    ],
)
def test_a_response_that_does_not_fit_together_is_refused(
    cast: SimpleNamespace, fields: dict[str, str], field: str, said: str
) -> None:
    publication = record(cast)
    values: dict[str, Any] = {
        "rule": ResponseRule.SECTION_55,
        **{name: day(text) if name.endswith("on") else text for name, text in fields.items()},
    }
    with pytest.raises(ValidationError) as refused:
        record_response(publication, actor=cast.governance, version=1, **values)
    assert said in refused.value.message_dict[field][0]
    publication.refresh_from_db()
    assert publication.version == 1


def test_the_rules_own_day_needs_no_reason_and_keeps_none(cast: SimpleNamespace) -> None:
    kept = record_response(
        record(cast),
        actor=cast.governance,
        version=1,
        rule=ResponseRule.SECTION_55,
        due_on=day("2025-01-14"),
        due_reason="No reason at all.",
    )
    assert kept.response_due_reason == ""


def test_a_month_is_taken_from_its_first_day(cast: SimpleNamespace) -> None:
    publication = make_publication(published_on=day("2024-11-20"), date_precision="month")
    assert publication.first_possible_day == day("2024-11-01")
    record_response(
        publication, actor=cast.governance, version=1, rule="none", published_on=day("2024-11-05")
    )


def test_who_comes_second_with_the_same_field_is_told(cast: SimpleNamespace) -> None:
    publication = record(cast)
    change_publication(publication, actor=cast.governance, version=1, title="Custody")
    with pytest.raises(Overtaken):
        change_publication(publication, actor=cast.admin, version=1, title="Cells")
    record_response(publication, actor=cast.admin, version=1, rule="none")
    with pytest.raises(Overtaken, match="Admin"):
        record_response(
            publication, actor=cast.governance, version=2, rule=ResponseRule.SUPER_COMPLAINT
        )
    # Who left it as it was saves without a word, and undoes nothing.
    record_response(publication, actor=cast.governance, version=2, rule=ResponseRule.SECTION_55)
    publication.refresh_from_db()
    assert (publication.title, publication.response_rule) == ("Custody", "none")
