"""People who sign in, and the leads (posts and named officers) that hold responsibilities."""

import datetime as dt

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.dates import today
from core.history import tracked
from core.periods import dates_in_order
from people import roles
from people.queries import (
    LeadDelegateQuerySet,
    LeadHolderQuerySet,
    LeadQuerySet,
    MailDigestQuerySet,
    NoticeQuerySet,
)


class User(AbstractUser):
    """Somebody who may sign in. Deactivated, never deleted: the audit trail names users."""

    email = models.EmailField("email address", unique=True)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("name", max_length=150, help_text="As shown to colleagues.")

    history = tracked(excluded_fields=["password", "last_login"], m2m_fields=["groups"])

    class Meta(AbstractUser.Meta):
        permissions = [("manage_people", "Can manage people, their roles and leads")]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def role_names(self) -> list[str]:
        """Names of this person's roles, in the order of ROLES (fetch `groups` before a list of
        people).
        """
        held = {group.name for group in self.groups.all()}
        return [name for name in roles.ROLES if name in held]

    def take_roles(self, *names: str) -> None:
        """Hold exactly these roles, and staff, which everyone holds; the history keeps both."""
        self.groups.set(Group.objects.filter(name__in={roles.STAFF, *names}))


class Lead(models.Model):
    """A post ("Head of Crime") or a named officer ("ACC Baker") that holds a responsibility.

    Paper 4.2: each PAF question area has an executive lead at Chief Officer level and a senior
    officer or staff delivery lead. People hold a lead from a day to a day (`LeadHolder`).
    """

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    chief_officer = models.BooleanField(
        default=False, help_text="At Chief Officer level: may be an executive lead."
    )

    objects = LeadQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("name"),
                name="people_lead_unique_name",
                violation_error_message="There is already a lead of this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class LeadHolder(models.Model):
    """That a person holds a lead, from `started_on` until the day before `ended_on`."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="holders")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="held_leads")
    started_on = models.DateField("from", default=today)
    ended_on = models.DateField("until", null=True, blank=True)

    objects = LeadHolderQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("lead", "started_on")
        constraints = [
            dates_in_order("people_leadholder_dates_in_order"),
            models.UniqueConstraint(
                fields=["lead", "user"],
                condition=Q(ended_on=None),
                name="people_leadholder_once_at_a_time",
                violation_error_message="This person already holds this lead.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} holds {self.lead}"


class LeadDelegate(models.Model):
    """A person who may post updates for those who hold a lead, from a day until another."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="delegates")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations")
    started_on = models.DateField("from", default=today)
    ended_on = models.DateField("until", null=True, blank=True)

    objects = LeadDelegateQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = ("lead", "started_on")
        constraints = [
            dates_in_order("people_leaddelegate_dates_in_order"),
            models.UniqueConstraint(
                fields=["lead", "user"],
                condition=Q(ended_on=None),
                name="people_leaddelegate_once_at_a_time",
                violation_error_message="This person may post for this lead already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} posts for {self.lead}"

    @property
    def last_day(self) -> dt.date | None:
        """The last day they may post; None while no end is set."""
        return self.ended_on - dt.timedelta(days=1) if self.ended_on else None


class Notice(models.Model):
    """Something a person should know: an action allocated, a closure returned. One line each."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    text = models.CharField(max_length=400)
    address = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-id")
        indexes = [models.Index(fields=["user", "read_at"], name="people_notice_unread")]

    def __str__(self) -> str:
        return self.text


class MailFrequency(models.TextChoices):
    """How often somebody wants the mail that says what there is to do."""

    DAILY = "daily", "On every working day with news"
    WEEKLY = "weekly", "Once a week, on its first working day"
    NEVER = "never", "Never"


class MailSetting(models.Model):
    """Which mails a person wants; who has none gets everything, on every working day with news."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="mail_setting")
    frequency = models.CharField(
        max_length=6, choices=MailFrequency.choices, default=MailFrequency.DAILY
    )
    # Keys of `people.digests.Topic`. What is left out is kept, so that a new topic is told.
    left_out = models.JSONField(default=list, blank=True)

    history = tracked()

    def __str__(self) -> str:
        return f"{self.user}: {self.get_frequency_display()}"


class MailDigest(models.Model):
    """The one mail of a day to a person, kept as it was sent.

    `lines` are what it says: {part, text, address, new}, addresses within the portal. `told` are
    the keys of all it tells of, so that nothing is told twice.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mails")
    day = models.DateField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    lines = models.JSONField(default=list)
    told = models.JSONField(default=list)
    # Lists everything that stands, not only what is new.
    full = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    # Somebody's run is about to send it; nobody else does meanwhile.
    taken_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Why it could not be sent, the last time that was tried.
    failure = models.CharField(max_length=300, blank=True, default="")

    objects = MailDigestQuerySet.as_manager()

    class Meta:
        ordering = ("-day",)
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="people_maildigest_one_a_day")
        ]

    def __str__(self) -> str:
        return self.subject
