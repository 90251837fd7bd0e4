"""What a Board has before it, what it decides, and what it asks of whom."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from board.choices import Section
from board.managers import ActionArisingManager, AgendaItemManager
from board.models.meetings import Meeting
from core.collisions import Versioned
from core.dates import today
from core.history import tracked
from inspections.models import CoreQuestion, Inspection, Publication
from tracker.models import Closure, ClosureEvent


class AgendaItem(Versioned):
    """A row of an agenda: a section (order 0), or something in it.

    It is about a closure, a publication, a question area or an internal review, or about nothing
    but its title.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    section = models.CharField(max_length=15, choices=Section.choices)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    # What members read before the meeting.
    introduction = models.TextField(blank=True, default="")
    # What was said, as executive support took it down.
    notes = models.TextField(blank=True, default="")
    closure = models.ForeignKey(
        Closure, on_delete=models.PROTECT, related_name="agenda_items", null=True, blank=True
    )
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="agenda_items", null=True, blank=True
    )
    question = models.ForeignKey(
        CoreQuestion, on_delete=models.PROTECT, related_name="deep_dives", null=True, blank=True
    )
    # The internal review that the Board commissions here.
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="agenda_items", null=True, blank=True
    )
    # Why this question area and not the one whose turn it was.
    swap_reason = models.TextField(blank=True, default="")
    # Came after the agenda had been compiled.
    late = models.BooleanField(default=False)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # Taken off the agenda again; it stays on record.
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_reason = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AgendaItemManager()
    history = tracked(excluded_fields=["version"])

    class Meta:
        ordering = ("meeting", "section", "order", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "section"],
                condition=Q(order=0),
                name="board_agendaitem_one_head",
            ),
            *(
                models.UniqueConstraint(
                    fields=["meeting", about],
                    condition=Q(removed_at=None),
                    name=f"board_agendaitem_{about}_once",
                    violation_error_message="This is on the agenda already.",
                )
                for about in ("closure", "publication", "question", "inspection")
            ),
            models.CheckConstraint(
                condition=Q(question=None) | Q(section=Section.DEEP_DIVE),
                name="board_agendaitem_question_is_deep_dive",
                violation_error_message="A question area belongs to the deep dive.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        place = self.section.replace("_", "-") if self.is_head else f"item-{self.pk}"
        return f"{self.meeting.get_absolute_url()}#{place}"

    @property
    def is_head(self) -> bool:
        """Whether it stands for its whole section."""
        return self.order == 0


class Decision(models.Model):
    """That a step of a closure was decided on the agenda page of a meeting."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="decisions")
    event = models.OneToOneField(
        ClosureEvent, on_delete=models.PROTECT, related_name="board_decision"
    )

    history = tracked()

    class Meta:
        ordering = ("item", "pk")

    def __str__(self) -> str:
        return f"{self.item}: {self.event.get_kind_display()}"


class ActionArising(Versioned):
    """Something a Board asks of somebody by a day; carried from Board to Board until it is done."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="arising")
    text = models.TextField("what is to be done")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="board_actions"
    )
    due_on = models.DateField("due")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    done_on = models.DateField("done", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # When that was recorded: a Board that had closed by then did not tell it.
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What came of it.
    outcome = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ActionArisingManager()
    history = tracked(excluded_fields=["version"])

    class Meta:
        ordering = ("due_on", "pk")
        verbose_name_plural = "actions arising"
        indexes = [models.Index(fields=["owner", "done_on"], name="board_arising_owner")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="board_actionarising_has_text",
                violation_error_message="Enter what is to be done.",
            ),
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(done_by__isnull=False),
                name="board_actionarising_done_by_somebody",
                violation_error_message="Say who recorded that it is done.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("board:arising", args=[self.pk])

    @property
    def meeting(self) -> Meeting:
        """The Board that asked for it."""
        found: Meeting = self.item.meeting
        return found

    @property
    def overdue(self) -> bool:
        due: dt.date = self.due_on
        return self.done_on is None and due < today()
