"""Reads of closures and letters: who may see them, and the queues."""

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from tracker.choices import ClosureOutcome, ClosureStep
from tracker.routes import LOCAL_CLOSURE

if TYPE_CHECKING:
    from people.models import User
    from tracker.models import Closure, Letter, SignedLetter  # noqa: F401 (named as text below)


QUEUES: list[ClosureStep] = [step for step in ClosureStep if step != ClosureStep.ENDED]

# Closed with the letter, which is not on HMICFRS's portal yet (`Closure.owes_upload`).
_OWES_UPLOAD = Q(outcome=ClosureOutcome.CLOSED, route=LOCAL_CLOSURE.key, uploaded_on=None)


def _waits_for(step: str) -> Q:
    """That a closure waits for a step.

    To upload are also the local closures that closed with their letter and whose letter is not on
    HMICFRS's portal yet.
    """
    waiting = Q(step=step)
    if step == ClosureStep.TO_UPLOAD:
        waiting |= _OWES_UPLOAD
    return waiting


class ClosureQuerySet(QuerySet["Closure"]):
    def visible_to(self, user: "User") -> "ClosureQuerySet":
        """Closures of the actions this person may read; none of an action entered in error."""
        from tracker.models import Action

        seen = Action.objects.visible_to(user).filter(entered_in_error=False)
        return self.filter(action__in=seen)

    def at_step(self, step: str) -> "ClosureQuerySet":
        """A queue, the longest waiting first."""
        return self.filter(_waits_for(step)).order_by("step_since", "action__reference")

    def without_letter(self) -> "ClosureQuerySet":
        """Approved, and in no letter yet: what a new one may cover, the longest waiting first."""
        return self.at_step(ClosureStep.LETTER_AWAITED).filter(letter=None)

    def queue_lengths(self) -> dict[ClosureStep, int]:
        """How many wait in each queue, in the order of the steps."""
        counts = self.aggregate(**{step: Count("pk", filter=_waits_for(step)) for step in QUEUES})
        return {step: counts[step] for step in QUEUES}


class LetterQuerySet(QuerySet["Letter"]):
    def visible_to(self, user: "User") -> "LetterQuerySet":
        """Letters all of whose actions this person may read.

        A letter whose closures have all left it still says in its introduction what it was about,
        so governance alone reads it.
        """
        from tracker.models import Action, Closure

        within = Closure.objects.filter(letter=OuterRef("pk"))
        hidden = within.exclude(action__in=Action.objects.visible_to(user))
        seen = self.filter(~Exists(hidden), discarded_at=None)
        if user.has_perm("tracker.govern_actions"):
            return seen
        return seen.filter(Exists(within))

    def put_away(self) -> "LetterQuerySet":
        """Drafts that nobody needs any longer."""
        return self.exclude(discarded_at=None)

    def drafts(self) -> "LetterQuerySet":
        """Those that await the signature."""
        return self.filter(scans=None)

    def signed(self) -> "LetterQuerySet":
        """Those of which a signed scan is filed."""
        return self.filter(scans__version=1)

    def with_contents(self) -> "LetterQuerySet":
        """With who drafted it, its closures by reference, and its scans with who filed them."""
        from tracker.models import Closure

        closures = Closure.objects.select_related("action__publication").order_by(
            "action__reference"
        )
        return self.select_related("drafted_by").prefetch_related(
            Prefetch("closures", closures), "scans__stored_by"
        )


class SignedLetterQuerySet(QuerySet["SignedLetter"]):
    def visible_to(self, user: "User") -> "SignedLetterQuerySet":
        """The scans of letters that this person may read."""
        from tracker.models import Letter

        return self.filter(letter__in=Letter.objects.visible_to(user))
