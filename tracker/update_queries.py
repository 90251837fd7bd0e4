"""Reads of progress updates: who may see what they say."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from core.markings import Marking
from tracker.readers import readable_though_sensitive

if TYPE_CHECKING:
    from people.models import User
    from tracker.models import ProgressUpdate  # noqa: F401 (named as text below)


class ProgressUpdateQuerySet(QuerySet["ProgressUpdate"]):
    def visible_to(self, user: "User") -> "ProgressUpdateQuerySet":
        """Updates whose words this person may read: of the actions they may read, and sensitive
        ones only where they may read what is sensitive about the action.
        """
        from tracker.models import Action

        if user.has_perm("tracker.view_sensitive_action"):
            return self
        near = Action.objects.filter(readable_though_sensitive(user))
        return self.filter(
            Q(action__in=near)
            | Q(action__in=Action.objects.visible_to(user)) & ~Q(marking=Marking.SENSITIVE)
        )
