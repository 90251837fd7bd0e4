"""What the register of good practice shows on the page of a piece of evidence."""

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode

from evidence.models import Evidence, GoodPractice
from evidence.panels import Panel

if TYPE_CHECKING:
    from people.models import User


def practice_beside(evidence: Evidence, user: "User") -> Panel | None:
    """The good practices that come from a piece of evidence, and where to record one."""
    practices = list(GoodPractice.objects.visible_to(user).filter(evidence=evidence))
    may_record = evidence.withdrawn_at is None and user.has_perm("evidence.add_evidence")
    if not practices and not may_record:
        return None
    query = urlencode({"evidence": evidence.pk})
    record = f"{reverse('evidence:practice_add')}?{query}" if may_record else ""
    return Panel("evidence/practice/panel.html", {"practices": practices, "record": record})
