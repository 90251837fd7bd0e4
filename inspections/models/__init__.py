"""What HMICFRS publishes and inspects against: publications, inspections, and the PEEL Assessment
Framework with the force's own assessment.
"""

from inspections.models.assessment import Assessment, ImprovementItem
from inspections.models.feed import InspectionFeed
from inspections.models.framework import (
    Characteristic,
    CoreQuestion,
    Framework,
    QuestionLead,
    TopicArea,
)
from inspections.models.grades import Grade, QuestionGrade
from inspections.models.inspection import Expectation, Inspection, InspectionPhase
from inspections.models.mapping import CharacteristicMapping, QuestionMapping, TopicMapping
from inspections.models.monitoring import MonitoringPeriod, MonitoringScheme, MonitoringStage
from inspections.models.programme import PlannedInspection, Programme
from inspections.models.publications import Plenary, Publication

__all__ = [
    "Assessment",
    "Characteristic",
    "CharacteristicMapping",
    "CoreQuestion",
    "Expectation",
    "Framework",
    "Grade",
    "ImprovementItem",
    "Inspection",
    "InspectionFeed",
    "InspectionPhase",
    "MonitoringPeriod",
    "MonitoringScheme",
    "MonitoringStage",
    "PlannedInspection",
    "Plenary",
    "Programme",
    "Publication",
    "QuestionGrade",
    "QuestionLead",
    "QuestionMapping",
    "TopicArea",
    "TopicMapping",
]
