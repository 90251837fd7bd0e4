"""The GAIN Board: meetings, agendas, decisions, actions arising, terms of reference."""

from board.models.agenda import ActionArising, AgendaItem, Decision
from board.models.meetings import Attendance, CalendarFeed, Meeting, Nomination, Pack
from board.models.terms import TermsOfReference

__all__ = [
    "ActionArising",
    "AgendaItem",
    "Attendance",
    "CalendarFeed",
    "Decision",
    "Meeting",
    "Nomination",
    "Pack",
    "TermsOfReference",
]
