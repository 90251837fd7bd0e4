"""Reads of committee reports."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

if TYPE_CHECKING:
    from people.models import User
    from reports.models import CommitteeReport


class ReportQuerySet(QuerySet["CommitteeReport"]):
    def visible_to(self, user: "User") -> "ReportQuerySet":
        """Drafts are for those who write, release or check them; nobody else knows of them."""
        return self if user.has_perm("reports.view_committeereport") else self.none()

    def latest_meeting(self) -> "CommitteeReport | None":
        """The report of the latest meeting, whose standing text the next one takes over."""
        return self.order_by("-meeting_on", "-pk").first()
