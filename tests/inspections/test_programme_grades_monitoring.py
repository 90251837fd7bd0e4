"""What is planned, how the force was graded, and how closely it is watched: records and pages."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from inspections.choices import Precision, PublicationType
from inspections.grading import lay_scale, record_grades, round_of, rounds, side_by_side
from inspections.models import (
    Grade,
    MonitoringPeriod,
    MonitoringScheme,
    MonitoringStage,
    Programme,
    QuestionGrade,
)
from inspections.monitoring import add_scheme, begin_stage, correct_stage, current
from people.models import User
from tests.board.pages import sent, shown
from tests.factories import (
    day,
    make_framework,
    make_inspection,
    make_monitoring,
    make_planned,
    make_publication,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


# The planned programme ----------------------------------------------------------------------------


def test_governance_keeps_the_programme_that_everybody_reads(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    officer = sign_in(cast.governance)
    assert "No programme recorded" in shown(officer, "/inspections/programme/")
    programme = {"version": "0", "title": "Thematic", "body": "HMICFRS", "note": "Proposed."}
    page = sent(officer, "/inspections/programme/add/", **programme)
    assert "Thematic" in page and "Nothing stands on it yet." in page
    key = Programme.objects.get().pk
    form = {
        "version": "0",
        "title": "Economic crime",
        "from_year": "2025",
        "to_year": "2029",
        "involvement": "not_known",
    }
    where = f"/inspections/programme/{key}/add/"
    for wrong, said in (
        ({"to_year": "2024"}, "The last year cannot be before the first."),
        ({"from_year": "20"}, "20 cannot be meant."),
        ({"from_year": "soon"}, "must be a whole number"),
    ):
        page = sent(officer, where, **{**form, **wrong})
        assert said in page and "Economic crime" in page
    sent(officer, where, **form)
    assert "is in the programme already" in sent(officer, where, **form)
    page = shown(sign_in(cast.staff), "/inspections/programme/")
    for words in ("2025 to 2029", "Economic crime", "Not known whether the force is involved"):
        assert words in page
    assert "Add a subject" not in page


def test_what_came_of_a_subject_is_linked_for_those_who_may_know_of_it(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    planned, inspection = make_planned(), make_inspection()
    form = {
        "version": "1",
        "title": planned.title,
        "from_year": "2025",
        "to_year": "2025",
        "involvement": "involved",
        "inspection": inspection.pk,
    }
    where = f"/inspections/programme/subjects/{planned.pk}/edit/"
    page = sent(sign_in(cast.governance), where, **form)
    assert inspection.get_absolute_url() in page and ">2025</h3>" in page
    inspection.status = "proposed"
    inspection.save()
    page = shown(sign_in(cast.staff), "/inspections/programme/")
    assert inspection.get_absolute_url() not in page and "Not announced yet" in page


# Grades -------------------------------------------------------------------------------------------


def test_the_scale_waits_for_its_table_and_is_laid_once(monkeypatch: pytest.MonkeyPatch) -> None:
    Grade.objects.all().delete()
    lay_scale(using="elsewhere")
    with monkeypatch.context() as before_there_were_grades:
        before_there_were_grades.setattr(Grade._meta, "db_table", "inspections_not_yet")
        lay_scale()
    assert not Grade.objects.exists()
    lay_scale()
    lay_scale()
    assert Grade.objects.count() == 5


def test_rounds_stand_side_by_side_and_a_question_of_the_same_words_is_one_row(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    lay_scale()
    good, adequate = Grade.objects.get(name="Good"), Grade.objects.get(name="Adequate")
    old, new = make_framework("2021-22"), make_framework("2023-25", questions=3)
    first = make_publication("PEEL 2021", published_on=day("2022-09-01"), type=PublicationType.PEEL)
    second = make_publication(
        "PEEL 2023", published_on=day("2024-09-01"), type=PublicationType.PEEL
    )
    make_publication("Not a PEEL report")
    for publication, question, grade in (
        (first, old.questions.get(number=1), adequate),
        (second, new.questions.get(number=1), good),
        (second, new.questions.get(number=3), adequate),
    ):
        record_grades(
            publication,
            actor=cast.governance,
            seen=round_of(publication).seen,
            grades={question: grade},
        )
    told = {
        row.question.text[-7:]: [str(grade) for _, grade in row.by_round]
        for row in side_by_side(rounds())
    }
    assert told == {"thing 1?"[-7:]: ["Adequate", "Good"], "thing 3?"[-7:]: ["None", "Adequate"]}
    page = shown(sign_in(cast.staff), "/inspections/grades/")
    assert "must not be compared directly" in page
    assert page.index("PEEL 2021") < page.index("PEEL 2023") and "Not a PEEL" not in page
    assert "Not graded" in page and "↑" not in page and "▲" not in page


def test_without_grades_the_page_says_where_they_come_from(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    page = shown(sign_in(cast.staff), "/inspections/grades/")
    assert "No grades recorded" in page and "must not be compared" not in page


def test_a_report_older_than_every_version_is_not_offered_and_says_what_is_needed(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_framework()
    for slug, published_on in (("old-peel", "2022-09-01"), ("new-peel", "2024-09-01")):
        report = make_publication(slug, slug=slug, type=PublicationType.PEEL)
        report.published_on = day(published_on)
        report.save()
    page = shown(sign_in(cast.governance), "/inspections/grades/")
    assert 'href="/inspections/grades/new-peel/"' in page
    assert 'href="/inspections/grades/old-peel/"' not in page
    assert "These reports came out before 2023-25, the oldest version that is recorded" in page
    assert 'href="/publications/old-peel/"' in page
    assert 'href="/paf/import/">Import the version of that time</a>' in page
    assert "cannot be recorded yet" not in shown(sign_in(cast.staff), "/inspections/grades/")


def test_governance_records_changes_and_takes_away_grades(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    lay_scale()
    framework = make_framework()
    one, two = framework.questions.all()
    report = make_publication("PEEL", slug="peel", type=PublicationType.PEEL)
    report.published_on = day("2024-09-01")
    report.save()
    good, adequate = Grade.objects.get(name="Good"), Grade.objects.get(name="Adequate")
    officer = sign_in(cast.governance)
    where = "/inspections/grades/peel/"
    page = sent(officer, where, seen="", **{f"question_{one.pk}": good.pk})
    assert "The grades of “PEEL” are recorded." in page
    assert QuestionGrade.objects.get().grade == good
    # Somebody whose page is older is told, and nothing of theirs is lost.
    form = {f"question_{one.pk}": adequate.pk, f"question_{two.pk}": good.pk}
    page = sent(officer, where, seen="", **form)
    assert "Somebody else has changed the grades" in page
    assert f'<option value="{adequate.pk}" selected>Adequate' in page
    assert QuestionGrade.objects.count() == 1
    sent(officer, where, seen=round_of(report).seen, **form)
    assert QuestionGrade.objects.count() == 2
    sent(officer, where, seen=round_of(report).seen, **{f"question_{two.pk}": good.pk})
    assert QuestionGrade.objects.get().question == two
    assert QuestionGrade.history.filter(history_type="-").get().user_name == "Governance"


def test_grades_come_from_peel_reports_only(cast: SimpleNamespace, sign_in: SignIn) -> None:
    report = make_publication(slug="other")
    with pytest.raises(ValidationError, match="PEEL inspections"):
        record_grades(report, actor=cast.governance, seen="", grades={})
    assert sign_in(cast.governance).get("/inspections/grades/other/").status_code == 404


# Monitoring ---------------------------------------------------------------------------------------


def test_a_new_scheme_takes_over_from_the_old_one(cast: SimpleNamespace, sign_in: SignIn) -> None:
    make_monitoring("Scan", "2023-09-01")
    admin = sign_in(cast.admin)
    form = {"name": "Four levels", "stages": "One: routine\nTwo\n\nThree: closer", "note": ""}
    page = sent(admin, "/inspections/monitoring/schemes/add/", **form)
    assert "“Four levels” is recorded." in page and "routine" in page
    page = sent(admin, "/inspections/monitoring/schemes/add/", **form)
    assert "There is a problem" in page and "closer" in page
    stage = MonitoringStage.objects.get(name="Two")
    moved = {"stage": stage.pk, "since": "15.11.24", "precision": "month", "note": "New scheme."}
    for _ in range(2):
        page = sent(admin, "/inspections/monitoring/stage/", **moved)
        assert "The stage is Two, since November 2024." in page
    periods = list(MonitoringPeriod.objects.all())
    assert [(each.stage.name, each.started_on, each.ended_on) for each in periods] == [
        ("Two", day("2024-11-01"), None),
        ("Scan", day("2023-09-01"), day("2024-11-01")),
    ]
    page = shown(sign_in(cast.staff), "/inspections/monitoring/")
    assert "The force is in <strong>Two</strong> (Four levels) since November 2024." in page
    assert "activity level" not in page.lower() and "Record the stage" not in page


@pytest.mark.parametrize(
    ("since", "said"),
    [("2024-11-26", "has not come yet"), ("2023-08-31", "Enter a later day")],
)
def test_a_stage_begins_after_the_one_before_and_not_in_the_future(
    cast: SimpleNamespace, since: str, said: str
) -> None:
    before = make_monitoring("Scan", "2023-09-01")
    engage = MonitoringStage.objects.create(scheme=before.stage.scheme, name="Engage", order=2)
    with pytest.raises(ValidationError, match=said):
        begin_stage(engage, actor=cast.admin, since=day(since), precision=Precision.DAY)
    assert current() == before


def test_correcting_since_when_moves_the_end_of_the_stage_before(cast: SimpleNamespace) -> None:
    scheme = add_scheme(
        actor=cast.admin, name="Scan / Engage", stages=[("Scan", ""), ("Engage", "")]
    )
    scan, engage = scheme.stages.all()
    begin_stage(engage, actor=None, since=day("2019-09-01"), precision="month")
    now = begin_stage(scan, actor=None, since=day("2023-09-01"), precision="month")
    correct_stage(
        now,
        actor=cast.governance,
        version=now.version,
        since=day("2023-10-12"),
        precision="day",
        note="Letter of that day.",
    )
    assert [
        (each.stage.name, each.since, each.ended_on) for each in MonitoringPeriod.objects.all()
    ] == [
        ("Scan", "12 October 2023", None),
        ("Engage", "September 2019", day("2023-10-12")),
    ]
    with pytest.raises(ValidationError, match="Enter a later day"):
        correct_stage(
            now,
            actor=cast.governance,
            version=2,
            since=day("2019-01-01"),
            precision="day",
            note="",
        )


def test_a_scheme_has_stages_and_each_of_them_once(cast: SimpleNamespace) -> None:
    for stages in ([], [("One", ""), ("One", "")]):
        with pytest.raises(ValidationError):
            add_scheme(actor=cast.admin, name="Four levels", stages=stages)
    assert not MonitoringScheme.objects.exists()
