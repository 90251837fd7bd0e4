"""The chart of a question area: its live actions, month by month."""

from collections.abc import Sequence

from core.charts import DARK, INK, days_axis, frame, to_svg
from core.dates import long_date
from tracker.position import TrendPoint

_WIDTH, _HEIGHT = 640, 180
_MOST_NAMES = 18


def trend_svg(points: Sequence[TrendPoint]) -> str:
    """A bar for each day with its number above it: nothing depends on colour."""
    highest = max([point.total for point in points] + [1])
    bars = [{"day": point.day.isoformat(), "live": point.total} for point in points]
    days = [point.day for point in points]
    scale = {"domain": [0, highest * 1.15], "nice": False}
    return to_svg(
        {
            "data": {"values": bars},
            **frame(_WIDTH, _HEIGHT, left=16, right=16, bottom=40),
            "encoding": {
                "x": days_axis(days, most=_MOST_NAMES, between=0.3, beside=0.15),
                "y": {"field": "live", "type": "quantitative", "scale": scale, "axis": None},
            },
            "layer": [
                {"mark": {"type": "bar", "fill": DARK, "stroke": INK, "strokeWidth": 0.75}},
                {
                    "mark": {"type": "text", "baseline": "bottom", "dy": -3, "fontWeight": 700},
                    "encoding": {"text": {"field": "live", "type": "nominal"}},
                },
            ],
        }
    )


def trend_words(name: str, points: Sequence[TrendPoint]) -> str:
    """What the chart shows, in two sentences.

    Args:
        name: of what is counted, e.g. "PAF 6".
        points: at least one.
    """
    first, last = points[0], points[-1]
    most = max(points, key=lambda point: point.total)
    fewest = min(points, key=lambda point: point.total)
    ends = (
        f"Live actions of {name} at the end of each month: {first.total} on "
        f"{long_date(first.day)}, {last.total} on {long_date(last.day)}."
    )
    if most.total == fewest.total:
        return f"{ends} The number was the same throughout."
    return (
        f"{ends} The most were {most.total}, on {long_date(most.day)}; the fewest "
        f"{fewest.total}, on {long_date(fewest.day)}."
    )
