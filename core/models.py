"""What people keep about lists: saved views, and the columns they like."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import QueryDict
from django.urls import reverse

from core.history import tracked

MAX_QUERY_LENGTH = 4000


class Sharing(models.TextChoices):
    """Whom a saved view is offered to, beside its owner."""

    PRIVATE = "private", "Only me"
    ROLE = "role", "Everyone with a role"
    EVERYONE = "everyone", "Everyone"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """My own views, those shared with everyone, and those shared with a role of mine."""
        return self.filter(
            Q(owner=user)
            | Q(sharing=Sharing.EVERYONE)
            | Q(sharing=Sharing.ROLE, role__in=user.groups.values("pk"))
        )

    def offered(self, user: Any, list_key: str) -> "SavedViewQuerySet":
        """The views of one list that stand above it, with their owners."""
        return self.visible_to(user).filter(list_key=list_key).select_related("owner", "role")


class SavedView(models.Model):
    """A list as somebody wants to find it again: filters, order and columns, under a name.

    A view holds no rows and gives no rights: whoever opens it sees what they may see.
    """

    list_key = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views"
    )
    query = models.CharField(max_length=MAX_QUERY_LENGTH, blank=True, default="")
    sharing = models.CharField(
        max_length=10, choices=Sharing.choices, default=Sharing.PRIVATE, verbose_name="who sees it"
    )
    role = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = SavedViewQuerySet.as_manager()
    history = tracked()

    class Meta:
        ordering = (Lower("name"), "pk")
        permissions = [("share_view", "Can share saved views with others")]
        constraints = [
            models.UniqueConstraint(
                "owner",
                "list_key",
                Lower("name"),
                name="core_savedview_unique_name",
                violation_error_message="You already have a view of this name: choose another.",
            ),
            models.CheckConstraint(
                condition=Q(sharing=Sharing.ROLE, role__isnull=False)
                | (~Q(sharing=Sharing.ROLE) & Q(role=None)),
                name="core_savedview_role_when_shared_with_one",
                violation_error_message="Select the role to share the view with.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("lists:view", args=[self.pk])

    @property
    def list_address(self) -> str:
        """The list with this view's filters, order and columns."""
        query = QueryDict(self.query, mutable=True)
        query["view"] = str(self.pk)
        return f"{reverse(self.list_key)}?{query.urlencode(safe=',:')}"

    @property
    def shared_with(self) -> str:
        """Nobody (empty), a role, or everyone, in words."""
        if self.sharing == Sharing.ROLE:
            return str(self.role)
        return "everyone" if self.sharing == Sharing.EVERYONE else ""


class ListPreference(models.Model):
    """The columns and rows a page that somebody has chosen for a list."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="list_preferences"
    )
    list_key = models.CharField(max_length=60)
    columns = models.JSONField(default=list)
    rows = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "list_key"], name="core_listpreference_one_a_person_and_list"
            )
        ]

    def __str__(self) -> str:
        return f"{self.list_key}: {', '.join(self.columns)}"
