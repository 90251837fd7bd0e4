"""What question areas, topic areas and characteristics of one framework became in the next."""

from django.db import models
from django.db.models import Q

from core.history import tracked
from inspections.models.framework import Characteristic, CoreQuestion, Framework, TopicArea


def _constraints(name: str) -> list[models.BaseConstraint]:
    """Each counterpart once, each place once, and "none" beside nothing else of its kind."""
    return [
        models.UniqueConstraint(fields=["old", "into", "place"], name=f"inspections_{name}_place"),
        models.UniqueConstraint(fields=["old", "new"], name=f"inspections_{name}_once"),
        models.CheckConstraint(
            condition=Q(new__isnull=False) | Q(place=0), name=f"inspections_{name}_none_first"
        ),
    ]


class QuestionMapping(models.Model):
    """That a question area became another; several rows say that it was split.

    Args:
        into: the framework of the counterparts.
        new: a counterpart; None where somebody has said that there is none.
        place: its place among them, from 0: what can be of one question area only goes to the
            first.
    """

    old = models.ForeignKey(CoreQuestion, on_delete=models.PROTECT, related_name="became")
    into = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    new = models.ForeignKey(
        CoreQuestion, on_delete=models.PROTECT, related_name="came_from", null=True, blank=True
    )
    place = models.PositiveSmallIntegerField(default=0)

    history = tracked()

    class Meta:
        ordering = ("old", "place")
        constraints = _constraints("questionmapping")

    def __str__(self) -> str:
        return f"{self.old} became {self.new or 'nothing'}"


class TopicMapping(models.Model):
    """That a topic area became another; arguments as for `QuestionMapping`."""

    old = models.ForeignKey(TopicArea, on_delete=models.PROTECT, related_name="became")
    into = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    new = models.ForeignKey(
        TopicArea, on_delete=models.PROTECT, related_name="came_from", null=True, blank=True
    )
    place = models.PositiveSmallIntegerField(default=0)

    history = tracked()

    class Meta:
        ordering = ("old", "place")
        constraints = _constraints("topicmapping")

    def __str__(self) -> str:
        return f"{self.old} became {self.new or 'nothing'}"


class CharacteristicMapping(models.Model):
    """That a characteristic of good became another; arguments as for `QuestionMapping`."""

    old = models.ForeignKey(Characteristic, on_delete=models.PROTECT, related_name="became")
    into = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    new = models.ForeignKey(
        Characteristic, on_delete=models.PROTECT, related_name="came_from", null=True, blank=True
    )
    place = models.PositiveSmallIntegerField(default=0)

    history = tracked()

    class Meta:
        ordering = ("old", "place")
        constraints = _constraints("characteristicmapping")

    def __str__(self) -> str:
        return f"{self.old} became {self.new or 'nothing'}"
