"""What the document of a Board says of the question area whose deep dive it is."""

from typing import Any

from board.deep_dive import DeepDive, deep_dive
from board.document.withheld import Document
from board.models import Meeting
from core.dates import long_date
from core.markings import Marking
from core.numbers import capitalised, counted, mid_sentence
from inspections.models import CoreQuestion
from people.models import User
from tracker.choices import Stage
from tracker.models import ProgressUpdate
from tracker.position import StagesOfRow


def deep_dive_part(question: CoreQuestion, meeting: Meeting, reader: User) -> Document:
    """A question area on the day of a Board: its position, its live actions, what was said of them
    since the Board before, and the chart of its last twelve months.
    """
    dive = deep_dive(question, reader, meeting.as_at)
    led = (("executive", dive.executive_lead), ("delivery", dive.delivery_lead))
    scale = {each.order: each.name for each, _ in dive.confidence if each is not None}
    return {
        "number": question.number,
        "leads": [f"{name} ({role})" for role, name in led if name],
        "lines": _lines(dive),
        "position": _position(dive.rows) if dive.live else None,
        "chart": {
            "caption": f"Live actions of {question} over twelve months",
            "alt": dive.chart_words,
            "svg": dive.chart,
        },
        "actions": [_action(each, scale) for each in dive.actions],
        "updates_caption": f"Updates since {long_date(dive.updates_since)}",
        "updates": [_update(each) for each in dive.updates],
    }


def _lines(dive: DeepDive) -> list[str]:
    done = (
        f"last deep dive on {long_date(dive.last_done)}"
        if dive.last_done
        else "no deep dive before"
    )
    rated = [
        f"{number} {mid_sentence(each.name) if each else 'not rated'}"
        for each, number in dive.confidence
        if number
    ]
    pieces = counted(dive.evidence, "piece of evidence is", "pieces of evidence are")
    pieces = pieces if dive.evidence else "no evidence is"
    closed = f"{counted(len(dive.closed), 'action')} closed since {long_date(dive.closed_since)}"
    day = long_date(dive.as_at)
    lines = [
        f"{counted(dive.live, 'live action')} as at {day}: {dive.overdue} overdue, "
        f"{dive.due_soon} due within 30 days, {dive.stale} stale, {dive.low} of low confidence.",
        f"delivery confidence: {', '.join(rated)}." if rated else "",
        f"{closed}; {done}.",
        f"{pieces} attached to the live actions.",
    ]
    return [capitalised(line) for line in lines if line]


def _position(rows: tuple[StagesOfRow, ...]) -> Document:
    """The live actions by row of the position's table and by stage, with their sums."""
    counts = [[row.in_progress, row.local_closure, row.with_hmicfrs, row.total] for row in rows]
    shown = [
        {"heading": row.label, "cells": cells, "total": False}
        for row, cells in zip(rows, counts, strict=True)
    ]
    sums = [sum(column) for column in zip(*counts, strict=True)]
    return {
        "caption": "Position",
        "headings": ["Live actions", *(_STAGES), "Total"],
        "rows": [*shown, {"heading": "Total", "cells": sums, "total": True}],
    }


_STAGES = [
    Stage.IN_PROGRESS.label,
    Stage.LOCAL_CLOSURE.label,
    Stage.WITH_HMICFRS.label,
]


def _action(action: Any, scale: dict[int, str]) -> Document:
    """A live action that came `with_position`."""
    return {
        "title": action.reference,
        "text": action.text,
        "href": action.get_absolute_url(),
        "lead": action.delivery_lead_at or action.executive_lead_at or "",
        "due": long_date(action.due_on) if action.due_on else "",
        "stage": Stage(action.stage_at).label,
        "confidence": scale.get(action.confidence_at, ""),
        "sensitive": action.marking == Marking.SENSITIVE,
    }


def _update(update: ProgressUpdate) -> Document:
    sensitive = Marking.SENSITIVE in (update.marking, update.action.marking)
    return {
        "title": update.action.reference,
        "href": update.action.get_absolute_url(),
        "on": long_date(update.made_on),
        "confidence": update.confidence.name if update.confidence else "",
        "text": update.text,
        "by": str(update.recorded_by or ""),
        "sensitive": sensitive,
    }
