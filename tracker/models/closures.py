"""Closures: what was done, who proposed, assured and decided, the letter, and every step on record.

`tracker.workflow` moves them. What SQL can say about who and when is said here as constraints.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from core.collisions import Versioned
from core.dates import today
from core.history import tracked
from core.stored import StoredFile
from evidence.models import Evidence
from tracker.choices import ClosureEventKind, ClosureOutcome, ClosureStep
from tracker.closure_queries import ClosureQuerySet, LetterQuerySet, SignedLetterQuerySet
from tracker.models.action import Action
from tracker.routes import LOCAL_CLOSURE

_AFTER_APPROVAL = (ClosureStep.LETTER_AWAITED, ClosureStep.TO_UPLOAD)


class Letter(Versioned):
    """A letter of self-certification, drafted here for the Chief Constable's signature.

    It covers the closures that refer to it. Once signed it stays: a signed scan can only be
    followed by a new version.
    """

    introduction = models.TextField()
    drafted_on = models.DateField(default=today)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # A draft that nobody needs any longer; its closures wait for another.
    discarded_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = LetterQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"Letter {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("tracker:letter", args=[self.pk])

    @property
    def signed(self) -> "SignedLetter | None":
        """The signed scan that counts: the newest. Reads `scans`, prefetched or not."""
        return max(self.scans.all(), key=lambda each: each.version, default=None)


class SignedLetter(StoredFile):
    """The scan of a signed letter; a later version says why it replaces the one before."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="scans")
    version = models.PositiveSmallIntegerField(default=1)
    signed_on = models.DateField("signed")
    reason = models.TextField(blank=True, default="")

    objects = SignedLetterQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("letter", "version")
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "version"], name="tracker_signedletter_unique_version"
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""),
                name="tracker_signedletter_replacement_has_reason",
                violation_error_message="Say why the signed letter is replaced.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("tracker:signed_letter", args=[self.pk])


class Closure(models.Model):
    """The closure of an action by a route that the force takes: who, when, on what grounds.

    One that came with the first load is *carried over*: its earlier steps are not known here, and
    its proposal and assurance have to be supplied before its next decision.
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="closures")
    route = models.CharField(max_length=20)
    step = models.CharField(max_length=20, choices=ClosureStep.choices)
    # Since when it has waited for what it waits for now.
    step_since = models.DateField(default=today)
    carried_over = models.BooleanField(default=False)
    asked = models.TextField("what was asked", blank=True, default="")
    did = models.TextField("what was done", blank=True, default="")
    impact = models.TextField("its impact", blank=True, default="")
    proposed_on = models.DateField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    assured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    letter = models.ForeignKey(
        Letter, on_delete=models.PROTECT, related_name="closures", null=True, blank=True
    )
    uploaded_on = models.DateField("uploaded to the HMICFRS portal", null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(
        max_length=20, choices=ClosureOutcome.choices, blank=True, default=""
    )
    public_summary = models.TextField(blank=True, default="")
    summary_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = ClosureQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("action", "-proposed_on")
        permissions = [
            ("propose_closure", "Can propose the closure of actions they lead"),
            ("assure_closure", "Can assure or return closures"),
            ("decide_closure", "Can decide closures as the Board's chair"),
            ("deputise_closure", "Can decide closures where the chair may not"),
        ]
        indexes = [
            models.Index(fields=["step", "step_since"], name="tracker_closure_queue"),
            # For what owes its upload. The condition compares with no value: SQLite would not see
            # that a query with parameters fits it.
            models.Index(
                fields=["outcome", "route"],
                condition=Q(uploaded_on=None),
                name="tracker_closure_not_uploaded",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(ended_on=None),
                name="tracker_closure_one_open",
                violation_error_message="This action already has an open closure.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("proposed_on")),
                name="tracker_closure_dates_in_order",
                violation_error_message="The end cannot be before the proposal.",
            ),
            models.CheckConstraint(
                condition=Q(step=ClosureStep.ENDED, ended_on__isnull=False) & ~Q(outcome="")
                | ~Q(step=ClosureStep.ENDED) & Q(ended_on=None, outcome=""),
                name="tracker_closure_ended_has_outcome",
                violation_error_message="An ended closure, and only one, has a day and an outcome.",
            ),
            models.CheckConstraint(
                condition=Q(assured_by=None) | ~Q(assured_by=F("proposed_by")),
                name="tracker_closure_assurer_is_not_proposer",
                violation_error_message="Nobody assures a closure they proposed.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | ~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("assured_by")),
                name="tracker_closure_decider_took_no_earlier_step",
                violation_error_message="Nobody decides a closure they proposed or assured.",
            ),
            models.CheckConstraint(
                condition=~Q(step__in=_AFTER_APPROVAL)
                | Q(assured_by__isnull=False, decided_by__isnull=False),
                name="tracker_closure_approved_by_somebody",
                violation_error_message="A closure is assured and approved before its letter.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=ClosureOutcome.CLOSED)
                | Q(route="self_certification")
                | Q(decided_by__isnull=False),
                name="tracker_closure_closed_by_decision",
                violation_error_message="Nothing closes locally without the Board's approval.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=ClosureOutcome.CLOSED, route="local_closure")
                | Q(letter__isnull=False),
                name="tracker_closure_closed_with_letter",
                violation_error_message="A level 2 action closes with the signed letter.",
            ),
        ]

    def __str__(self) -> str:
        return f"Closure of {self.action}"

    def get_absolute_url(self) -> str:
        return reverse("tracker:closure", args=[self.pk])

    @property
    def closed_with_letter(self) -> bool:
        """Whether it closed its action with a signed letter, which HMICFRS is told of later."""
        return self.outcome == ClosureOutcome.CLOSED and self.route == LOCAL_CLOSURE.key

    @property
    def owes_upload(self) -> bool:
        """Whether it closed and its letter is not on HMICFRS's portal yet."""
        return self.closed_with_letter and self.uploaded_on is None


class ClosureEvidence(models.Model):
    """That a closure rests on a piece of evidence."""

    closure = models.ForeignKey(Closure, on_delete=models.PROTECT, related_name="evidence_links")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="closure_links")
    added_at = models.DateTimeField(default=timezone.now)

    history = tracked()

    class Meta:
        ordering = ("closure", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["closure", "evidence"], name="tracker_closureevidence_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.closure}: {self.evidence}"


class ClosureEvent(models.Model):
    """A step of a closure, with who, when and the evidence as it was.

    Never changed afterwards, but for a day that is corrected; the history then keeps both.
    """

    closure = models.ForeignKey(Closure, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=ClosureEventKind.choices)
    happened_on = models.DateField()
    text = models.TextField(blank=True, default="")
    # Why it is recorded later than it happened; empty when it is not.
    late_reason = models.TextField(blank=True, default="")
    # What was shown: [{"id", "title", "version", "sha256", "link", "withdrawn"}], see
    # `workflow.evidence_of`.
    evidence = models.JSONField(default=list, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    history = tracked()

    class Meta:
        ordering = ("closure", "pk")

    def __str__(self) -> str:
        return f"{self.closure}: {self.get_kind_display()}"
