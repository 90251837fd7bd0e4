"""Managers of what belongs to a Board: the frozen document of a meeting is read where it is asked
for, and not with every meeting.
"""

from django.db import models

from board.queries import ActionArisingQuerySet, AgendaItemQuerySet, MeetingQuerySet


class MeetingManager(models.Manager.from_queryset(MeetingQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> MeetingQuerySet:
        return super().get_queryset().defer("document")


class AgendaItemManager(models.Manager.from_queryset(AgendaItemQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> AgendaItemQuerySet:
        return super().get_queryset().defer("meeting__document")


class ActionArisingManager(models.Manager.from_queryset(ActionArisingQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> ActionArisingQuerySet:
        return super().get_queryset().defer("item__meeting__document")
