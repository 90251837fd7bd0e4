"""Carrying over actions to the question areas of the next framework.

All actions move, the closed ones too: a past day counted by question area is counted in the areas
of now, so the live actions of a day stay together, and a trend goes on without a break.
"""

from inspections.carrying import MovedByQuestion
from inspections.models import Framework
from tracker.models import Action
from tracker.queries import ActionQuerySet


def _actions(framework: Framework) -> ActionQuerySet:
    return Action.objects.filter(question__framework=framework).order_by("pk")


ACTIONS = MovedByQuestion("actions", _actions, lambda action: action.reference)
