"""The two charts of a report, as Vega-Lite specifications of its snapshot.

Every segment has its number or a name beside it and an outline, so that the charts read without
colour; places of labels are worked out here, because thin segments would otherwise share one.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from core.charts import DARK, INK, LIGHT, MIDDLE, days_axis, frame, to_svg
from core.dates import long_date
from reports.figures import Snapshot
from tracker.position import TrendPoint

_WIDTH = 640
_ROW = 30
_TREND_HEIGHT = 250
# More bars than this have no room for a number in each segment.
_NUMBERED_BARS = 18
_LABEL_GAP = 17
# Room beside the trend's bars: for the first year, which may be wider than its bar, and for names.
_TREND_LEFT, _TREND_RIGHT = 16, 130
# Between the bars and beside them, in parts of the way from one bar to the next.
_BETWEEN_BARS, _BESIDE_BARS = 0.25, 0.1
_SPACES = {"between": _BETWEEN_BARS, "beside": _BESIDE_BARS}


@dataclass(frozen=True)
class _Bar:
    """A row of the bridge: from where to where, what stands beside it and how it is filled.

    `bold` marks the totals, `split` the parts of the live actions below them.
    """

    name: str
    start: int
    end: int
    label: str
    fill: str
    bold: bool = False
    split: bool = False

    def values(self, order: int) -> dict[str, Any]:
        return {
            "order": order,
            "name": self.name,
            "start": min(self.start, self.end),
            "end": max(self.start, self.end),
            "label": self.label,
            "fill": self.fill,
            "bold": self.bold,
        }


def movement_svg(snapshot: Snapshot) -> str:
    """The bridge from the last update to now, a row a step, and the live actions by stage."""
    bars = _bridge(snapshot)
    rows = [bar.values(order) for order, bar in enumerate(bars)]
    widest = max([row["end"] for row in rows] + [1])
    return to_svg(
        {
            "data": {"values": rows},
            **frame(_WIDTH, _ROW * len(rows), left=200, right=220),
            "encoding": {"y": _names(bars)},
            "layer": [_bars(widest), _connectors(bars), _labels(bold=False), _labels(bold=True)],
        }
    )


def _bridge(snapshot: Snapshot) -> list[_Bar]:
    move, stages = snapshot.movement, snapshot.stages
    since, as_at = long_date(snapshot.since), long_date(snapshot.as_at)
    after_new = move.opening + move.new
    peak = after_new + move.reopened
    bars = [
        _Bar(f"Live at {since}", 0, move.opening, f"{move.opening}", DARK, True),
        _Bar("New", move.opening, after_new, f"+{move.new}", MIDDLE),
    ]
    if move.reopened:
        bars.append(_Bar("Re-opened", after_new, peak, f"+{move.reopened}", MIDDLE))
    bars += [
        _Bar(
            "Closed",
            peak,
            move.closing,
            f"−{move.closed}" + _outside(move.closed_not_on_portal),
            "white",
        ),
        _Bar(f"Live at {as_at}", 0, move.closing, f"{move.closing}", DARK, True),
    ]
    if not stages.known:
        return bars
    done = 0
    for name, number, outside in (
        ("In progress", stages.in_progress, stages.in_progress_not_on_portal),
        ("Going through local closure", stages.local_closure, stages.local_closure_not_on_portal),
        ("With HMICFRS for closure", stages.with_hmicfrs, stages.with_hmicfrs_not_on_portal),
    ):
        label = f"{number}" + _outside(outside)
        bars.append(_Bar(name, done, done + number, label, LIGHT, split=True))
        done += number
    return bars


def _outside(number: int) -> str:
    return f" (of which {number} not on the portal)" if number else ""


def _names(bars: list[_Bar]) -> dict[str, Any]:
    totals = [bar.name for bar in bars if bar.bold]
    return {
        "field": "name",
        "type": "nominal",
        "sort": [bar.name for bar in bars],
        "axis": {
            "title": None,
            "ticks": False,
            "domain": False,
            "labelLimit": 260,
            "labelFontSize": 13,
            "labelPadding": 8,
            "labelFontWeight": {
                "condition": {"test": {"field": "value", "oneOf": totals}, "value": 700},
                "value": 400,
            },
        },
    }


def _bars(widest: int) -> dict[str, Any]:
    return {
        "mark": {"type": "bar", "height": 18, "stroke": INK, "strokeWidth": 1},
        "encoding": {
            "x": {
                "field": "start",
                "type": "quantitative",
                "scale": {"domain": [0, widest], "nice": False},
                "axis": None,
            },
            "x2": {"field": "end"},
            "fill": {"field": "fill", "type": "nominal", "scale": None},
        },
    }


def _connectors(bars: list[_Bar]) -> dict[str, Any]:
    """Thin lines that carry each level of the bridge down to the next row."""
    lines = [
        {"name": bar.name, "next": following.name, "level": bar.end}
        for bar, following in pairwise(bars)
        if bar.split == following.split
    ]
    return {
        "data": {"values": lines},
        "mark": {"type": "rule", "stroke": INK, "strokeWidth": 1, "strokeDash": [2, 2]},
        "encoding": {
            "x": {"field": "level", "type": "quantitative"},
            "y": {"field": "name", "type": "nominal"},
            "y2": {"field": "next"},
        },
    }


def _labels(*, bold: bool) -> dict[str, Any]:
    return {
        "transform": [{"filter": {"field": "bold", "equal": bold}}],
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "dx": 7,
            "fontWeight": 700 if bold else 400,
        },
        "encoding": {
            "x": {"field": "end", "type": "quantitative"},
            "text": {"field": "label", "type": "nominal"},
        },
    }


@dataclass(frozen=True)
class _Part:
    """A part of the trend's bars, from the bottom up: its field, name, fill and ink on it."""

    field: str
    name: str
    fill: str
    ink: str


_PARTS = (
    _Part("local", "Local", DARK, "white"),
    _Part("national", "National", MIDDLE, INK),
    _Part("super_complaint", "Super-complaint", LIGHT, INK),
)


def trend_svg(snapshot: Snapshot) -> str:
    """Live actions at each date as stacked bars, named at the last bar."""
    points = snapshot.trend
    highest = max([point.total for point in points] + [1])
    segments = [segment for point in points for segment in _segments(point, highest)]
    totals = [{"day": point.day.isoformat(), "total": point.total} for point in points]
    if len(points) > _NUMBERED_BARS:
        totals = [totals[0], totals[-1]]
    return to_svg(
        {
            **frame(_WIDTH, _TREND_HEIGHT, left=_TREND_LEFT, right=_TREND_RIGHT, bottom=40),
            "encoding": {
                "x": days_axis([point.day for point in points], most=_NUMBERED_BARS, **_SPACES)
            },
            "layer": [
                _stack(segments, highest),
                *([_inside(segments)] if len(points) <= _NUMBERED_BARS else []),
                _tops(totals),
                _part_names(points, highest),
            ],
        }
    )


def _segments(point: TrendPoint, highest: int) -> list[dict[str, Any]]:
    """The parts of one bar; a number only where the segment is tall enough to hold it."""
    found, floor = [], 0
    for part in _PARTS:
        count = getattr(point, part.field)
        fits = count / highest * _TREND_HEIGHT >= 14
        found.append(
            {
                "day": point.day.isoformat(),
                "start": floor,
                "end": floor + count,
                "middle": floor + count / 2,
                "fill": part.fill,
                "ink": part.ink,
                "label": str(count) if fits else "",
            }
        )
        floor += count
    return found


def _stack(segments: list[dict[str, Any]], highest: int) -> dict[str, Any]:
    return {
        "data": {"values": segments},
        "mark": {"type": "bar", "stroke": INK, "strokeWidth": 0.75},
        "encoding": {
            "y": {
                "field": "start",
                "type": "quantitative",
                "scale": {"domain": [0, highest * 1.08], "nice": False},
                "axis": None,
            },
            "y2": {"field": "end"},
            "fill": {"field": "fill", "type": "nominal", "scale": None},
        },
    }


def _inside(segments: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "data": {"values": segments},
        "mark": {"type": "text", "baseline": "middle", "fontSize": 12},
        "encoding": {
            "y": {"field": "middle", "type": "quantitative"},
            "text": {"field": "label", "type": "nominal"},
            "color": {"field": "ink", "type": "nominal", "scale": None},
        },
    }


def _tops(totals: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "data": {"values": totals},
        "mark": {"type": "text", "baseline": "bottom", "dy": -3, "fontWeight": 700},
        "encoding": {
            "y": {"field": "total", "type": "quantitative"},
            "text": {"field": "total", "type": "nominal"},
        },
    }


def _bar_width(number: int) -> float:
    """How wide each of so many bars is."""
    room = _WIDTH - _TREND_LEFT - _TREND_RIGHT
    return room / max(1, number - _BETWEEN_BARS + 2 * _BESIDE_BARS) * (1 - _BETWEEN_BARS)


def _part_names(points: tuple[TrendPoint, ...], highest: int) -> dict[str, Any]:
    """The names of the parts, level with the last bar's segments and kept apart from each other."""
    last, step = points[-1], _LABEL_GAP * highest * 1.08 / _TREND_HEIGHT
    beside = _bar_width(len(points)) / 2 + 8
    rows, floor, lowest = [], 0, step / 2
    for part in _PARTS:
        count = getattr(last, part.field)
        place = max(floor + count / 2, lowest)
        rows.append({"day": last.day.isoformat(), "place": place, "name": f"{part.name} {count}"})
        floor += count
        lowest = place + step
    return {
        "data": {"values": rows},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": beside},
        "encoding": {
            "y": {"field": "place", "type": "quantitative"},
            "text": {"field": "name", "type": "nominal"},
        },
    }
