"""Reads of closures and letters: who may see them, and the queues."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from tracker.choices import ClosureOutcome, ClosureStep

if TYPE_CHECKING:
    from people.models import User
    from tracker.models import Closure, Letter  # noqa: F401 (named as text below)


class ClosureQuerySet(QuerySet["Closure"]):
    def visible_to(self, user: "User") -> "ClosureQuerySet":
        """Closures of the actions this person may read; none of an action entered in error."""
        from tracker.models import Action

        seen = Action.objects.visible_to(user).filter(entered_in_error=False)
        return self.filter(action__in=seen)

    def open(self) -> "ClosureQuerySet":
        return self.exclude(step=ClosureStep.ENDED)

    def at_step(self, step: str) -> "ClosureQuerySet":
        """A queue, the oldest first.

        To upload are also the local closures that closed with their letter and whose letter is not
        on HMICFRS's portal yet.
        """
        waiting = Q(step=step)
        if step == ClosureStep.TO_UPLOAD:
            waiting |= Q(outcome=ClosureOutcome.CLOSED, route="local_closure", uploaded_on=None)
        return self.filter(waiting).order_by("step_since", "action__reference")


class LetterQuerySet(QuerySet["Letter"]):
    def visible_to(self, user: "User") -> "LetterQuerySet":
        """Letters all of whose actions this person may read."""
        from tracker.models import Action, Closure

        hidden = Closure.objects.exclude(action__in=Action.objects.visible_to(user))
        return self.filter(discarded_at=None).exclude(pk__in=hidden.values("letter"))
