"""The grades of the force: recorded from a PEEL report, and laid side by side round by round."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connection, transaction

from core.history import attribute
from inspections.choices import PublicationType
from inspections.keeping import keep
from inspections.models import CoreQuestion, Framework, Grade, Publication, QuestionGrade
from people.models import User

# HMICFRS's scale of its PEEL inspections; laid where there is no scale yet.
_SCALE = (
    (
        "Outstanding",
        "The force has substantially exceeded the characteristics of good performance.",
    ),
    (
        "Good",
        "The force has demonstrated substantially all the characteristics of good performance.",
    ),
    (
        "Adequate",
        "The force has demonstrated some of the characteristics of good performance, but there are "
        "areas where it should make improvements.",
    ),
    (
        "Requires improvement",
        "The force has demonstrated few, if any, of the characteristics of good performance, and "
        "there is a substantial number of areas where it needs to make improvements.",
    ),
    (
        "Inadequate",
        "There are causes of concern, with recommendations to the force to address them.",
    ),
)


def lay_scale(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Lay HMICFRS's scale of grades, unless there is a scale (after every migrate).

    Args:
        using: the database that was migrated; the scale is kept in the default one only.
    """
    if using != DEFAULT_DB_ALIAS or not _has_table() or Grade.objects.exists():
        return
    for order, (name, meaning) in enumerate(_SCALE, start=1):
        keep(Grade(name=name, order=order, meaning=meaning), actor=None, reason="Scale laid")


def _has_table() -> bool:
    """Whether there are grades: not where the migrations went back to before them."""
    return Grade._meta.db_table in connection.introspection.table_names()


@dataclass(frozen=True)
class Round:
    """A PEEL report with the grades it gave.

    Args:
        publication: the report.
        grades: question (primary key) -> grade.
    """

    publication: Publication
    grades: dict[int, Grade]

    @property
    def seen(self) -> str:
        """What is recorded, as a form remembers it: "3:2 4:1"."""
        return " ".join(f"{key}:{grade.pk}" for key, grade in sorted(self.grades.items()))


@dataclass(frozen=True)
class Row:
    """A question with its grade in each round, in their order; None where it was not graded."""

    question: CoreQuestion
    by_round: list[tuple[Round, Grade | None]]


def rounds() -> list[Round]:
    """Every PEEL report, the oldest first, with the grades recorded for it. Two queries."""
    reports = Publication.objects.filter(type=PublicationType.PEEL).order_by("published_on", "pk")
    found = {each.pk: Round(each, {}) for each in reports}
    for given in QuestionGrade.objects.select_related("grade"):
        found[given.publication_id].grades[given.question_id] = given.grade
    return list(found.values())


def round_of(publication: Publication) -> Round:
    """A PEEL report with the grades recorded for it."""
    given = publication.question_grades.select_related("grade")
    return Round(publication, {each.question_id: each.grade for each in given})


def side_by_side(graded: list[Round]) -> list[Row]:
    """The questions that were graded in any of some rounds, with their grades.

    A question that stands with the same words in two frameworks is one row.

    Args:
        graded: as they are to stand from left to right.
    """
    keys = {key for each in graded for key in each.grades}
    questions = CoreQuestion.objects.filter(pk__in=keys).select_related("framework")
    rows: dict[str, list[CoreQuestion]] = {}
    newest_first = sorted(questions, key=lambda q: (q.framework.in_force_from, -q.number))[::-1]
    for question in newest_first:
        rows.setdefault(question.text.casefold().strip(), []).append(question)
    return [
        Row(same[0], [(each, _grade_in(each, same)) for each in graded]) for same in rows.values()
    ]


def _grade_in(graded: Round, same: list[CoreQuestion]) -> Grade | None:
    given = (graded.grades.get(question.pk) for question in same)
    return next((grade for grade in given if grade is not None), None)


def framework_of(publication: Publication) -> Framework | None:
    """The framework whose questions a PEEL report answers: that of the grades recorded for it, else
    the one in force when it was published.
    """
    given = publication.question_grades.select_related("question__framework").first()
    return (
        given.question.framework if given else Framework.objects.in_force(publication.published_on)
    )


@transaction.atomic
def record_grades(
    publication: Publication,
    *,
    actor: User,
    seen: str,
    grades: Mapping[CoreQuestion, Grade | None],
) -> int:
    """Record the grades that a PEEL report gives; what is as it was is not written.

    Args:
        publication: the report.
        actor: who records them.
        seen: what the writer saw recorded (`Round.seen`).
        grades: question -> grade; None = not graded.

    Returns:
        How many were recorded, changed or taken away.

    Raises:
        ValidationError: not a PEEL report, or somebody else has recorded other grades since.
    """
    Publication.objects.select_for_update().get(pk=publication.pk)
    if publication.type != PublicationType.PEEL:
        raise ValidationError("Grades are recorded for PEEL inspections.")
    given = {each.question_id: each for each in publication.question_grades.all()}
    wanted = {
        question: grade
        for question, grade in grades.items()
        if (given[question.pk].grade_id if question.pk in given else None)
        != (grade.pk if grade else None)
    }
    if wanted and seen != round_of(publication).seen:
        raise ValidationError(
            "Somebody else has changed the grades since you opened this page. Yours are still "
            "here: compare them with what is recorded now, then save again to go over it."
        )
    for question, grade in wanted.items():
        _give(publication, question, grade, given.get(question.pk), actor)
    return len(wanted)


def _give(
    publication: Publication,
    question: CoreQuestion,
    grade: Grade | None,
    there: QuestionGrade | None,
    actor: User,
) -> None:
    if grade is None:
        assert there is not None  # otherwise nothing was wanted
        attribute(there, actor, "Grade taken away")
        there.delete()
        return
    given = there or QuestionGrade(publication=publication, question=question)
    given.grade = grade
    keep(given, actor=actor, reason=f"Graded {grade.name}")
