"""The PEEL Assessment Framework in its versions, and who leads each question area."""

from django.db import models
from django.db.models import Q

from core.dates import today
from core.history import tracked
from core.periods import dates_in_order
from inspections.choices import LeadRole
from inspections.queries import CharacteristicQuerySet, FrameworkQuerySet, QuestionLeadQuerySet
from people.models import Lead


class Framework(models.Model):
    """One version of the PEEL Assessment Framework (paper, Appendix B)."""

    name = models.CharField(max_length=120)
    version = models.CharField(max_length=20, unique=True)
    in_force_from = models.DateField(default=today)
    source = models.TextField(blank=True, default="")
    licence = models.TextField(blank=True, default="")

    objects = FrameworkQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("-in_force_from",)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class CoreQuestion(models.Model):
    """A question area of a framework, e.g. 6 "How good is the force at protecting vulnerable
    people?".
    """

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400)

    history = tracked()

    class Meta:
        ordering = ("framework", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number"], name="inspections_corequestion_unique_number"
            )
        ]

    def __str__(self) -> str:
        return f"PAF {self.number}"

    @property
    def executive_lead_on_day(self) -> str:
        """Name of the executive lead of a question that came with `questions_with_leads`, or ""."""
        return self._lead_on_day(LeadRole.EXECUTIVE)

    @property
    def delivery_lead_on_day(self) -> str:
        """Name of the delivery lead of a question that came with `questions_with_leads`, or ""."""
        return self._lead_on_day(LeadRole.DELIVERY)

    def _lead_on_day(self, role: LeadRole) -> str:
        duties: list[QuestionLead] = self.leads_on_day  # type: ignore[attr-defined]
        return next((duty.lead.name for duty in duties if duty.role == role), "")


class TopicArea(models.Model):
    """A topic area of a core question."""

    question = models.ForeignKey(CoreQuestion, on_delete=models.PROTECT, related_name="topics")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400)

    history = tracked()

    class Meta:
        ordering = ("question", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"], name="inspections_topicarea_unique_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class Characteristic(models.Model):
    """A characteristic of good: what HMICFRS expects to find."""

    topic = models.ForeignKey(TopicArea, on_delete=models.PROTECT, related_name="characteristics")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    objects = CharacteristicQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("topic", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "number"], name="inspections_characteristic_unique_number"
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def code(self) -> str:
        """Where it stands in its framework: "1.2.3" is question 1, topic area 2, characteristic 3.
        Reads `topic__question`.
        """
        return f"{self.topic.question.number}.{self.topic.number}.{self.number}"


class QuestionLead(models.Model):
    """Who leads a question area, from a day until the day before another (paper 4.2)."""

    question = models.ForeignKey(CoreQuestion, on_delete=models.PROTECT, related_name="leads")
    role = models.CharField(max_length=10, choices=LeadRole.choices)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="question_duties")
    started_on = models.DateField("from", default=today)
    ended_on = models.DateField("until", null=True, blank=True)

    objects = QuestionLeadQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("question", "role", "started_on")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "role"],
                condition=Q(ended_on=None),
                name="inspections_questionlead_one_at_a_time",
                violation_error_message="This question area already has a lead in this role.",
            ),
            dates_in_order("inspections_questionlead_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.lead}"
