"""What HMICFRS publishes and inspects against: publications, inspections, and the PEEL Assessment
Framework with the force's own assessment.
"""

from inspections.models.assessment import Assessment, ImprovementItem
from inspections.models.framework import (
    Characteristic,
    CoreQuestion,
    Framework,
    QuestionLead,
    TopicArea,
)
from inspections.models.inspection import Inspection
from inspections.models.mapping import CharacteristicMapping, QuestionMapping, TopicMapping
from inspections.models.publications import Plenary, Publication

__all__ = [
    "Assessment",
    "Characteristic",
    "CharacteristicMapping",
    "CoreQuestion",
    "Framework",
    "ImprovementItem",
    "Inspection",
    "Plenary",
    "Publication",
    "QuestionLead",
    "QuestionMapping",
    "TopicArea",
    "TopicMapping",
]
