"""How HMICFRS graded the force, question by question, round by round."""

from django.db import models

from core.history import tracked
from inspections.models.framework import CoreQuestion
from inspections.models.publications import Publication


class Grade(models.Model):
    """A grade of the scale, the best first. The scale is data."""

    name = models.CharField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(unique=True)
    meaning = models.TextField(blank=True, default="")

    history = tracked()

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return self.name


class QuestionGrade(models.Model):
    """The grade of a question in a round; a round is the PEEL report that gives the grades."""

    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="question_grades"
    )
    question = models.ForeignKey(CoreQuestion, on_delete=models.PROTECT, related_name="grades")
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="given")

    history = tracked()

    class Meta:
        ordering = ("publication", "question")
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "question"], name="inspections_grade_once_a_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.grade}"
