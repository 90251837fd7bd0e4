"""The PAF as a force stands in it on a day: all question areas side by side, and one of them in
full.
"""

from tracker.paf.area import Area, CharacteristicStands, TopicStands, area
from tracker.paf.overview import Overview, QuestionStands, Tally, overview

__all__ = [
    "Area",
    "CharacteristicStands",
    "Overview",
    "QuestionStands",
    "Tally",
    "TopicStands",
    "area",
    "overview",
]
