"""The exports of the portal that were taken, and how many differences were open at each."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.charts import DARK, INK, days_axis, frame, to_svg
from core.dates import long_date
from core.numbers import counted
from portal.models import PortalDifference, Purpose, SpreadsheetImport, State

if TYPE_CHECKING:
    from people.models import User

# So many exports are drawn, the newest ones.
MOST_DRAWN = 24
_WIDTH, _HEIGHT = 640, 160
_MOST_NAMES = 12


@dataclass(frozen=True)
class AtExport:
    """How many differences were open once an export had been compared."""

    day: dt.date
    total: int


@dataclass(frozen=True)
class Lag:
    """How far the portal and the force's record were apart on a day.

    Args:
        export_on: the day of the last export by then.
        differences: how many were open.
    """

    export_on: dt.date
    differences: int


def last_export(by: dt.date | None = None) -> SpreadsheetImport | None:
    """The newest export that was taken and not undone.

    Args:
        by: of this day or an earlier one; None for whichever is newest.
    """
    taken = SpreadsheetImport.objects.filter(
        purpose=Purpose.EXPORT, state=State.APPLIED, as_at__isnull=False
    )
    if by is not None:
        taken = taken.filter(as_at__lte=by)
    return taken.select_related("applied_by").order_by("-as_at", "-applied_at", "-pk").first()


def lag_at(day: dt.date) -> Lag | None:
    """How many differences with the portal were open on a day, whoever may read them.

    Returns:
        None where no export had been taken of that day or an earlier one.
    """
    export = last_export(day)
    if export is None or export.as_at is None:
        return None
    return Lag(export.as_at, PortalDifference.objects.open_at(day).count())


def at_each_export(user: "User") -> list[AtExport]:
    """How many differences that this person may read were open at each of the last exports."""
    taken = SpreadsheetImport.objects.filter(
        purpose=Purpose.EXPORT, state=State.APPLIED, as_at__isnull=False
    )
    newest = taken.order_by("-as_at").values_list("as_at", flat=True).distinct()[:MOST_DRAWN]
    days = sorted(day for day in newest if day is not None)
    spans = list(
        PortalDifference.objects.visible_to(user).order_by().values_list("opened_on", "closed_on")
    )
    return [
        AtExport(
            day,
            sum(start <= day and (end is None or end > day) for start, end in spans),
        )
        for day in days
    ]


def trend_svg(points: Sequence[AtExport]) -> str:
    """A bar for each export with its number above it: nothing depends on colour."""
    highest = max([point.total for point in points] + [1])
    bars = [{"day": point.day.isoformat(), "open": point.total} for point in points]
    scale = {"domain": [0, highest * 1.2], "nice": False}
    axis = days_axis([point.day for point in points], most=_MOST_NAMES, between=0.4, beside=0.2)
    return to_svg(
        {
            "data": {"values": bars},
            **frame(_WIDTH, _HEIGHT, left=16, right=16, bottom=40),
            "encoding": {
                "x": axis,
                "y": {"field": "open", "type": "quantitative", "scale": scale, "axis": None},
            },
            "layer": [
                {"mark": {"type": "bar", "fill": DARK, "stroke": INK, "strokeWidth": 0.75}},
                {
                    "mark": {"type": "text", "baseline": "bottom", "dy": -3, "fontWeight": 700},
                    "encoding": {"text": {"field": "open", "type": "nominal"}},
                },
            ],
        }
    )


def trend_words(points: Sequence[AtExport]) -> str:
    """What the chart shows, in a sentence.

    Args:
        points: at least one.
    """
    first, last = points[0], points[-1]
    if len(points) == 1:
        return f"{_open(last.total)} at the export of {long_date(last.day)}."
    return (
        f"{_open(first.total)} at the export of {long_date(first.day)}, {last.total} at that of "
        f"{long_date(last.day)}."
    )


def _open(number: int) -> str:
    words = counted(number, "difference was", "differences were")
    return f"{words[:1].upper()}{words[1:]} open"
