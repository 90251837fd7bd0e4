"""FIVES: what the force can show, as files in versions or as links to a source system."""

from evidence.models.items import Evidence, EvidenceFile
from evidence.models.links import CharacteristicEvidence
from evidence.models.meetings import CorporateMeeting, DayWithout
from evidence.models.packs import PackRequest, PackState
from evidence.models.practice import GoodPractice, TakeUp
from evidence.models.readings import EvidenceReading
from evidence.models.text import EvidenceText, EvidenceWords

__all__ = [
    "CharacteristicEvidence",
    "CorporateMeeting",
    "DayWithout",
    "Evidence",
    "EvidenceFile",
    "EvidenceReading",
    "EvidenceText",
    "EvidenceWords",
    "GoodPractice",
    "PackRequest",
    "PackState",
    "TakeUp",
]
