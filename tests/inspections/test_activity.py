"""Recording inspections and internal reviews, how far they are, and the report they end in."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core.collisions import Overtaken
from inspections.activity import (
    attach_report,
    change_inspection,
    change_status,
    record_inspection,
    record_report,
)
from inspections.choices import InspectionStatus, PublicationType, ResponseRule, Scope
from inspections.models import Inspection, Publication
from inspections.recording import change_publication, record_response
from tests.factories import day, make_inspection, make_publication

pytestmark = pytest.mark.django_db
INTERNAL = PublicationType.INTERNAL_REVIEW


def report_of(inspection: Inspection, cast: SimpleNamespace, **fields: Any) -> Publication:
    values = {
        "title": "Review of case files",
        "type": INTERNAL,
        "scope": Scope.LOCAL,
        "published_on": day("2024-11-20"),
        **fields,
    }
    return record_report(inspection, actor=cast.governance, **values)


def test_an_inspection_is_recorded_with_its_history(cast: SimpleNamespace) -> None:
    peel = record_inspection(
        actor=cast.governance, title="PEEL 2025-27", kind=PublicationType.PEEL, expected="2027"
    )
    assert (peel.status, peel.body, peel.scope) == ("proposed", "HMICFRS", "local")
    row = peel.history.get()
    assert (row.user_name, row.history_change_reason) == ("Governance", "Inspection recorded")


def test_an_internal_review_says_why_and_when_it_was_commissioned(cast: SimpleNamespace) -> None:
    for fields in ({"why": "Files come back."}, {"commissioned_on": day("2024-10-16")}):
        with pytest.raises(ValidationError, match="which Board commissioned it"):
            record_inspection(actor=cast.governance, title="Files", kind=INTERNAL, **fields)


def test_a_review_goes_on_and_back(cast: SimpleNamespace) -> None:
    review = make_inspection()
    for status in ("fieldwork", "awaiting_report", "fieldwork"):
        review = change_status(review, actor=cast.governance, status=status)
        assert review.status == status
    assert review.history.latest().history_change_reason == "Status: Fieldwork"


def test_a_status_that_is_known_already_writes_nothing(cast: SimpleNamespace) -> None:
    review = make_inspection()
    before = review.history.count()
    assert change_status(review, actor=cast.governance, status="scheduled").version == 1
    assert review.history.count() == before


def test_nothing_is_published_without_its_report(cast: SimpleNamespace) -> None:
    review = make_inspection()
    with pytest.raises(ValidationError, match="Record its report"):
        change_status(review, actor=cast.governance, status="published")


def test_details_change_and_the_second_of_two_writers_is_told(cast: SimpleNamespace) -> None:
    review = make_inspection()
    changed = change_inspection(review, actor=cast.governance, version=1, expected="May 2025")
    assert (changed.expected, changed.title) == ("May 2025", "Quality of case files")
    with pytest.raises(Overtaken):
        change_inspection(review, actor=cast.support, version=1, expected="June 2025")


def test_the_report_ends_a_review_without_a_response_clock(cast: SimpleNamespace) -> None:
    review = make_inspection(status=InspectionStatus.AWAITING_REPORT)
    report = report_of(review, cast)
    review.refresh_from_db()
    assert (review.status, review.report) == ("published", report)
    assert (report.response_rule, report.response_due_on) == (ResponseRule.NONE, None)
    with pytest.raises(ValidationError, match="its report is recorded"):
        change_status(review, actor=cast.governance, status="fieldwork")


def test_a_report_is_recorded_once(cast: SimpleNamespace) -> None:
    review = make_inspection()
    report_of(review, cast)
    with pytest.raises(ValidationError, match="recorded already: “Review of case files”"):
        report_of(review, cast, title="Another")
    assert Publication.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "type_", "said"),
    [
        (INTERNAL, PublicationType.SPOTLIGHT, "This is an internal review"),
        (PublicationType.PEEL, INTERNAL, "This is not an internal review"),
    ],
)
def test_a_report_is_of_the_kind_of_its_inspection(
    cast: SimpleNamespace, kind: str, type_: str, said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        report_of(make_inspection(kind=kind), cast, type=type_)
    assert not Publication.objects.exists()


def test_a_report_does_not_come_before_the_review(cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="before the Board commissioned it"):
        report_of(make_inspection(), cast, published_on=day("2024-10-15"))


def test_one_publication_is_the_report_of_one_inspection(cast: SimpleNamespace) -> None:
    report = report_of(make_inspection(), cast)
    with pytest.raises(ValidationError, match="already exists"):
        attach_report(make_inspection("Another"), report, actor=cast.governance)


def test_an_internal_review_owes_nobody_a_response(cast: SimpleNamespace) -> None:
    report = report_of(make_inspection(), cast)
    with pytest.raises(ValidationError, match="has no response duty"):
        record_response(report, actor=cast.governance, version=1, rule=ResponseRule.SECTION_55)
    other = make_publication(response_rule=ResponseRule.SECTION_55)
    with pytest.raises(ValidationError, match="has no response duty"):
        change_publication(other, actor=cast.governance, version=1, type=INTERNAL)


def test_who_knows_of_a_review_that_is_only_proposed(cast: SimpleNamespace) -> None:
    make_inspection(status=InspectionStatus.PROPOSED)
    make_inspection("PEEL", kind=PublicationType.PEEL, status=InspectionStatus.PROPOSED)
    make_inspection("Custody")
    for member, expected in (
        ("staff", ["Custody", "PEEL"]),
        ("corporate", ["Custody", "PEEL"]),
        ("member", ["Custody", "PEEL", "Quality of case files"]),
        ("support", ["Custody", "PEEL", "Quality of case files"]),
    ):
        visible = Inspection.objects.visible_to(getattr(cast, member))
        assert [each.title for each in visible] == expected, member


def test_reports_from_outside_are_all_but_those_of_internal_reviews(cast: SimpleNamespace) -> None:
    outside = make_publication(type=PublicationType.OTHER_BODY)
    report_of(make_inspection(), cast)
    assert list(Publication.objects.from_outside()) == [outside]
