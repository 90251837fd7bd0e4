"""Who keeps evidence: changes, withdraws, links and attaches it. To read it is another right."""

from evidence.models import Evidence
from people.models import User


def keeps(user: User) -> bool:
    """Whether somebody keeps all evidence by role: Review and Assurance, and governance."""
    return user.has_perm("evidence.keep_evidence")


def may_keep(evidence: Evidence, user: User) -> bool:
    """Whether somebody changes a piece of evidence: its owner, and who keeps all of it."""
    return evidence.owner_id == user.pk or keeps(user)
