"""The field's words for evidence."""

from django.db import models


class Source(models.TextChoices):
    """Where a piece of evidence comes from."""

    MEETING = "meeting", "Meeting"
    DOCUMENT = "document", "Document or policy"
    DIP_SAMPLE = "dip_sample", "Dip sample or audit"
    DATA = "data", "Performance data"
    INTERVIEW = "interview", "Interview or focus group"
    GOOD_PRACTICE = "good_practice", "Good practice"
    OTHER = "other", "Something else"


class Strength(models.TextChoices):
    """How far a piece of evidence proves a characteristic of good."""

    SUPPORTS = "supports", "Supports"
    DEMONSTRATES = "demonstrates", "Demonstrates"


class Freshness(models.TextChoices):
    """How a piece of evidence stands against its review-by date."""

    FRESH = "fresh", "Fresh"
    DUE = "due", "Due for review"
    STALE = "stale", "Stale"


class Every(models.TextChoices):
    """How often a corporate meeting takes place."""

    WEEK = "week", "Every week"
    FORTNIGHT = "fortnight", "Every two weeks"
    MONTH = "month", "Every month"
    QUARTER = "quarter", "Every three months"


class NothingKept(models.TextChoices):
    """Why there is no evidence from a day of a corporate meeting."""

    NOTHING_TO_KEEP = "nothing", "It took place, and there was nothing to keep"
    NOT_HELD = "not_held", "It did not take place"


class ReadAs(models.TextChoices):
    """In which way somebody has read a piece of evidence."""

    PAGE = "page", "Its page"
    PREVIEW = "preview", "Preview"
    DOWNLOAD = "download", "Download"
    SEARCH = "search", "Text found by a search"
    PACK = "pack", "Inspection pack"
    EXPORT = "export", "Export"


class TextState(models.TextChoices):
    """What became of the text of a file."""

    WAITING = "waiting", "Its text is yet to be read"
    READ = "read", "Its text can be searched"
    NOTHING = "nothing", "It holds no text"
    FAILED = "failed", "Its text could not be read"
