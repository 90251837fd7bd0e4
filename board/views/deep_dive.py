"""One question area, as a Board goes deep into it."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from board.agenda import next_turns
from board.deep_dive import DeepDive, deep_dive
from board.rotation import rotation
from board.views.found import meeting_or_404
from board.views.rules import readers
from core.access import access
from core.charts import inline
from core.dates import long_date, today
from core.markings import Marking
from people.requests import SignedInRequest
from tracker.models import Confidence, ProgressUpdate


@access(readers)
@require_safe
def question(request: SignedInRequest, day: dt.date, number: int) -> HttpResponse:
    """`/board/<day>/deep-dive/<number>/`: a question area of the framework in force on that day.

    A closed Board leads to what it had before it then.
    """
    meeting = meeting_or_404(request, day)
    if meeting.closed:
        return redirect(f"{meeting.get_absolute_url()}#deep-dive")
    every = rotation(day)
    turn = next((turn for turn in every if turn.question.number == number), None)
    if turn is None:
        raise Http404("The framework of that day has no such question area.")
    dive = deep_dive(turn.question, request.user, day)
    context = {
        "meeting": meeting,
        "dive": dive,
        "turn": turn,
        "next_turns": next_turns(meeting),
        "figures": _figures(dive),
        "stage_totals": [
            sum(getattr(row, part) for row in dive.rows)
            for part in ("in_progress", "local_closure", "with_hmicfrs", "total")
        ],
        "chart": inline(dive.chart),
        "entries": [_entry(update) for update in dive.updates],
        "still_to_come": day > today(),
    }
    return render(request, "board/deep_dive.html", context)


def _figures(dive: DeepDive) -> list[dict[str, Any]]:
    """The figures on top; they lead to their lists, which know no day after today."""
    area = dive.question
    actions = (
        f"{reverse('tracker:actions')}?framework={area.framework.version}&question={area.number}"
        f"&as_at={dive.as_at.isoformat()}"
    )
    lowest = Confidence.objects.last()
    figures: list[tuple[int, str, str]] = [
        (dive.live, f"live action{'' if dive.live == 1 else 's'}", actions),
        (dive.overdue, "overdue", f"{actions}&overdue=yes"),
        (dive.stale, "not updated", f"{actions}&stale=yes"),
    ]
    if lowest is not None:
        words = f"of {lowest.name.lower()} confidence"
        figures.append((dive.low, words, f"{actions}&confidence={lowest.order}"))
    listed = dive.as_at <= today()
    return [
        {"number": number, "label": label, "href": href if listed else ""}
        for number, label, href in figures
    ]


def _entry(update: ProgressUpdate) -> dict[str, Any]:
    """An update for the timeline."""
    confidence: Confidence | None = update.confidence
    tag = f"{confidence.symbol} {confidence.name} confidence" if confidence else ""
    sensitive = update.marking == Marking.SENSITIVE
    return {
        "heading": f"{update.action}{f', {update.marking}' if sensitive else ''}",
        "href": update.action.get_absolute_url(),
        "when": long_date(update.made_on),
        "at": update.made_on,
        "by": str(update.recorded_by) if update.recorded_by else "",
        "text": update.text,
        "tag": {"text": tag, "colour": "grey"} if tag else None,
    }
