"""How closely HMICFRS watches the force: stages of a scheme, which is data."""

from django.db import models

from core.collisions import Versioned
from core.dates import today
from core.history import tracked
from core.periods import dates_in_order
from inspections.choices import Precision
from inspections.known_dates import in_words


class MonitoringScheme(models.Model):
    """A way of watching forces in stages, such as Scan / Engage."""

    name = models.CharField(max_length=100, unique=True)
    note = models.TextField("how it works", blank=True, default="")

    history = tracked()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class MonitoringStage(models.Model):
    """A stage of a scheme; the first is the lightest."""

    scheme = models.ForeignKey(MonitoringScheme, on_delete=models.PROTECT, related_name="stages")
    name = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField()
    meaning = models.TextField(blank=True, default="")

    history = tracked()

    class Meta:
        ordering = ("scheme", "order")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "name"],
                name="inspections_stage_once_a_scheme",
                violation_error_message="A scheme has each stage once.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.name}"


class MonitoringPeriod(Versioned):
    """The force at a stage `[started_on, ended_on)`; periods touch, and one is open."""

    stage = models.ForeignKey(MonitoringStage, on_delete=models.PROTECT, related_name="periods")
    started_on = models.DateField("since", default=today)
    ended_on = models.DateField("until", null=True, blank=True)
    precision = models.CharField(
        max_length=6,
        choices=Precision.choices,
        default=Precision.DAY,
        verbose_name="what is known of the date",
    )
    note = models.CharField("why", max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1, editable=False)

    history = tracked(excluded_fields=["version"])

    class Meta:
        ordering = ("-started_on", "-pk")
        constraints = [dates_in_order("inspections_monitoring_dates_in_order")]

    def __str__(self) -> str:
        return f"{self.stage}, {self.since}"

    @property
    def since(self) -> str:
        """When it began, as far as that is known: "September 2019"."""
        return in_words(self.precision, self.started_on, self.started_on)
