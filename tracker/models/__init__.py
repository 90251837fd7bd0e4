"""StART: actions, and everything about them that has dates.

The past is held as rows with effective dates, so that any day can be counted by one indexed query:
`StatusPeriod` (status and activity level), `ActionLead` (who leads), `PortalPresence` (on
HMICFRS's portal), `DueDate` (as issued, then each agreed revision), `ProgressUpdate` (append-only).
`Closure` and its `ClosureEvent` rows tell who proposed, assured and decided. `history` on each is
the audit trail beside them.
"""

from tracker.models.action import Action
from tracker.models.closures import (
    Closure,
    ClosureEvent,
    ClosureEvidence,
    Letter,
    SignedLetter,
)
from tracker.models.dated import ActionLead, PortalPresence, StatusPeriod
from tracker.models.evidence_links import ActionEvidence
from tracker.models.improvement_links import ImprovementAction
from tracker.models.progress import Confidence, DueDate, ProgressUpdate
from tracker.models.requests import DueDateRequest, ErrorClaim

__all__ = [
    "Action",
    "ActionEvidence",
    "ActionLead",
    "Closure",
    "ClosureEvent",
    "ClosureEvidence",
    "Confidence",
    "DueDate",
    "DueDateRequest",
    "ErrorClaim",
    "ImprovementAction",
    "Letter",
    "PortalPresence",
    "ProgressUpdate",
    "SignedLetter",
    "StatusPeriod",
]
