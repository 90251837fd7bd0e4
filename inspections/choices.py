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
