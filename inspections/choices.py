"""The field's words for publications, inspections and frameworks."""

from django.db import models


class PublicationType(models.TextChoices):
    PEEL = "peel", "PEEL inspection"
    NATIONAL_THEMATIC = "national_thematic", "National thematic inspection"
    JOINT = "joint", "Joint inspection"
    CHILD_PROTECTION = "child_protection", "Child protection inspection"
    SPOTLIGHT = "spotlight", "Spotlight report"
    SPECIALIST = "specialist", "Specialist inspection"
    RAPID_REVIEW = "rapid_review", "Rapid review"
    SUPER_COMPLAINT = "super_complaint", "Super-complaint"
    OTHER_BODY = "other_body", "Report of another body"
    INTERNAL_REVIEW = "internal_review", "Internal review"


# What comes to the force from outside; internal reviews are counted apart.
OUTSIDE_TYPES = tuple(each for each in PublicationType if each != PublicationType.INTERNAL_REVIEW)


class InspectionStatus(models.TextChoices):
    """How far an inspection is, in the order in which it goes; or that it does not take place."""

    PROPOSED = "proposed", "Proposed"
    SCHEDULED = "scheduled", "Scheduled"
    FIELDWORK = "fieldwork", "Fieldwork"
    AWAITING_REPORT = "awaiting_report", "Awaiting report"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Scope(models.TextChoices):
    LOCAL = "local", "Local"
    NATIONAL = "national", "National"


class DatePrecision(models.TextChoices):
    DAY = "day", "Day"
    MONTH = "month", "Month"


class Precision(models.TextChoices):
    """How well a date is known (see `inspections.known_dates`)."""

    DAY = "day", "The day"
    WEEK = "week", "The week"
    MONTH = "month", "The month"
    SEASON = "season", "The season: spring, summer, autumn or winter"
    YEAR = "year", "Only the year"
    YEARS = "years", "Only a range of years"


class Involvement(models.TextChoices):
    """Whether the force takes part in an inspection."""

    INVOLVED = "involved", "The force is involved"
    NOT_KNOWN = "not_known", "Not known whether the force is involved"
    NOT_INVOLVED = "not_involved", "The force is not involved"


class Source(models.TextChoices):
    """Who inspects: each is counted apart."""

    HMICFRS = "hmicfrs", "HMICFRS"
    OTHER_BODIES = "other", "Other bodies"
    INTERNAL = "internal", "Internal reviews"


class PhaseKind(models.TextChoices):
    """A part of an inspection that has a time of its own, in the order in which they come."""

    EXPECTED = "expected", "Inspection expected"
    NOTICE = "notice", "Notice"
    EVIDENCE = "evidence", "Evidence collection"
    FIELDWORK = "fieldwork", "Fieldwork"
    DEBRIEF = "debrief", "Debrief"
    DRAFT = "draft", "Draft report to check"
    REPORT = "report", "Report expected"
    OTHER = "other", "Something else"


class ResponseRule(models.TextChoices):
    """Who must answer a publication by when (see `inspections.clocks`)."""

    SECTION_55 = "section_55", "Section 55, Police Act 1996"
    SUPER_COMPLAINT = "super_complaint", "Super-complaint: 56 days after publication"
    OTHER = "other", "Another duty, with a day of its own"
    NONE = "none", "No response duty"


class LeadRole(models.TextChoices):
    EXECUTIVE = "executive", "Executive lead"
    DELIVERY = "delivery", "Delivery lead"


class Judgement(models.TextChoices):
    """What the force says of itself at a characteristic of good; the best first."""

    MEETS = "meets", "Meets"
    PARTLY = "partly", "Partly meets"
    DOES_NOT = "does_not", "Does not meet"
    NOT_ASSESSED = "not_assessed", "Not assessed"


class ImprovementState(models.TextChoices):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"
