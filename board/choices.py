"""The words of the GAIN Board: the state of a meeting, and what its agenda is made of."""

from django.db import models


class MeetingState(models.TextChoices):
    PLANNED = "planned", "Planned"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


class Section(models.TextChoices):
    """The parts of an agenda, in their order (paper 4.1, 4.2; Appendix A, core activities)."""

    MINUTES = "minutes", "Minutes and actions arising"
    CLOSURES = "closures", "Closures for decision"
    EXCEPTIONS = "exceptions", "Exceptions"
    PUBLICATIONS = "publications", "New publications to assign"
    DEEP_DIVE = "deep_dive", "Deep dive"
    RISKS = "risks", "Risks and internal reviews"
    BEST_PRACTICE = "best_practice", "Best practice"
    OTHER = "other", "Any other business"


class AttendanceState(models.TextChoices):
    PRESENT = "present", "Present"
    APOLOGIES = "apologies", "Apologies"


class PackReaders(models.TextChoices):
    """For whom a stored pack was made."""

    ALL = "all", "With what is OFFICIAL-SENSITIVE"
    OPEN = "open", "Without what is OFFICIAL-SENSITIVE"
