"""The actions that a piece of evidence is attached to, beside it on its page."""

from core.dates import today
from evidence.models import Evidence
from evidence.panels import Panel
from people.models import User
from tracker.attaching import attaches_by_role
from tracker.duties import duties_of
from tracker.models import Action, ActionEvidence


def actions_beside(evidence: Evidence, user: User) -> Panel | None:
    """The actions it is attached to that this reader may read; None where there is nothing to say.

    Args:
        evidence: that this person may read.
        user: the reader.
    """
    attached = ActionEvidence.objects.filter(evidence=evidence, removed_at=None)
    actions = Action.objects.visible_to(user).filter(pk__in=attached.values("action"))
    by_role = attaches_by_role(user)
    led = set(duties_of(user, today()).values_list("action", flat=True))
    rows = [
        {"action": action, "may_detach": by_role or action.pk in led}
        for action in actions.order_by("reference")
    ]
    may_attach = evidence.withdrawn_at is None and bool(by_role or led)
    if not rows and not may_attach:
        return None
    return Panel(
        "tracker/includes/actions_of_evidence.html",
        {"rows": rows, "evidence": evidence, "may_attach": may_attach},
    )


def action_readable(reference: str, user: User) -> int | None:
    """The primary key of the action of this reference; None for none that this person may read."""
    found = Action.objects.visible_to(user).filter(reference__iexact=reference)
    return found.values_list("pk", flat=True).first()


def may_attach_somewhere(user: User) -> bool:
    """Whether there is an action that somebody may attach evidence to."""
    return attaches_by_role(user) or duties_of(user, today()).exists()
