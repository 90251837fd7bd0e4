"""The words for actions: kinds, registers, statuses, stages, close reasons."""

from django.db import models

from inspections.choices import PublicationType


class Kind(models.TextChoices):
    """What HMICFRS can give a force to do (paper 2.2, 2.3)."""

    CAUSE_OF_CONCERN = "cause_of_concern", "Cause of concern"
    RECOMMENDATION = "recommendation", "Recommendation"
    AFI = "afi", "AFI"


class Register(models.TextChoices):
    """Which book an action is kept in; only the first two count in the position (paper 3.2)."""

    HMICFRS = "hmicfrs", "HMICFRS"
    SUPER_COMPLAINT = "super_complaint", "Super-complaint"
    OTHER_BODY = "other_body", "Other body"
    INTERNAL = "internal", "Internal review"


COUNTED_REGISTERS = (Register.HMICFRS, Register.SUPER_COMPLAINT)


def register_for(publication_type: str | None) -> Register:
    """The book that actions of a type of publication are kept in."""
    if publication_type == PublicationType.SUPER_COMPLAINT:
        return Register.SUPER_COMPLAINT
    if publication_type == PublicationType.OTHER_BODY:
        return Register.OTHER_BODY
    if publication_type == PublicationType.INTERNAL_REVIEW:
        return Register.INTERNAL
    return Register.HMICFRS


class Level(models.IntegerChoices):
    """HMICFRS activity level: it decides how an action may close (paper 3.1)."""

    ONE = 1, "1"
    TWO = 2, "2"
    THREE = 3, "3"
    FOUR = 4, "4"


class Status(models.TextChoices):
    AWAITING_ALLOCATION = "awaiting_allocation", "Awaiting allocation"
    IN_PROGRESS = "in_progress", "In progress"
    CLOSURE_PROPOSED = "closure_proposed", "Closure proposed"
    WITH_HMICFRS = "with_hmicfrs", "With HMICFRS"
    CLOSED = "closed", "Closed"


class Stage(models.TextChoices):
    """A status seen through the lines of the position (paper 3.3, movement chart)."""

    IN_PROGRESS = "in_progress", "In progress"
    LOCAL_CLOSURE = "local_closure", "Going through local closure"
    WITH_HMICFRS = "with_hmicfrs", "With HMICFRS for closure"
    CLOSED = "closed", "Closed"


class CloseReason(models.TextChoices):
    COMPLETED = "completed", "Completed (local closure)"
    VERIFIED = "verified", "Verified by HMICFRS"
    NO_FOLLOW_UP = "no_follow_up", "No follow-up required (level 1)"
    SUPERSEDED = "superseded", "Superseded by another action"
    NOT_ACCEPTED = "not_accepted", "Not accepted"
    WITHDRAWN = "withdrawn", "Withdrawn by HMICFRS"


# The reasons that mean the work was done, as against ended in another way.
COMPLETED_REASONS = (CloseReason.COMPLETED, CloseReason.VERIFIED)


class ClosureStep(models.TextChoices):
    """What a closure waits for; the queues of `/closures/` in their order."""

    TO_COMPLETE = "to_complete", "To be completed"
    TO_ASSURE = "to_assure", "To assure"
    FOR_BOARD = "for_board", "For the Board"
    LETTER_AWAITED = "letter_awaited", "Letter awaited"
    TO_UPLOAD = "to_upload", "To upload to the portal"
    WITH_HMICFRS = "with_hmicfrs", "With HMICFRS"
    ENDED = "ended", "Ended"


class ClosureOutcome(models.TextChoices):
    CLOSED = "closed", "Closed"
    RETURNED = "returned", "Returned"
    NOT_VERIFIED = "not_verified", "Not verified by HMICFRS"
    LEVEL_CHANGED = "level_changed", "Ended by a change of level"
    OTHER_END = "other_end", "Ended in another way"


class ClosureEventKind(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    COMPLETED = "completed", "Completed (carried over from the first list)"
    CHANGED = "changed", "Proposal changed"
    ASSURED = "assured", "Assured"
    RETURNED = "returned", "Returned"
    APPROVED = "approved", "Approved"
    DEFERRED = "deferred", "Deferred"
    LETTER_FILED = "letter_filed", "Signed letter filed"
    LETTER_REPLACED = "letter_replaced", "Signed letter replaced"
    UPLOADED = "uploaded", "Uploaded to the HMICFRS portal"
    VERIFIED = "verified", "Verified by HMICFRS"
    NOT_VERIFIED = "not_verified", "Not verified by HMICFRS"
    ENDED = "ended", "Ended"
    SUMMARY_APPROVED = "summary_approved", "Public summary approved"
