"""The exports of the portal that were taken, and how many differences were open at each."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

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


def _taken() -> "QuerySet[SpreadsheetImport]":
    return SpreadsheetImport.objects.filter(
        purpose=Purpose.EXPORT, state=State.APPLIED, as_at__isnull=False
    )


def last_export(by: dt.date | None = None) -> SpreadsheetImport | None:
    """The newest export that was taken and not undone.

    Args:
        by: of this day or an earlier one; None for whichever is newest.
    """
    taken = _taken()
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


def brought_by(spreadsheet_import: SpreadsheetImport) -> tuple[int, int]:
    """How many differences an export has opened, and how many it has closed."""
    opened = PortalDifference.objects.filter(opened_by=spreadsheet_import).count()
    closed = PortalDifference.objects.filter(closed_by=spreadsheet_import).count()
    return opened, closed


def at_each_export(user: "User") -> list[AtExport]:
    """How many differences that this person may read were open once each of the last exports had
    been compared.

    What was settled here before an export was taken is not counted at it, though it was open on the
    day that the export is of. Of several exports of one day, the last one counts.
    """
    taken = _taken().exclude(applied_at=None).order_by("applied_at", "pk")
    last_of_day = {day: at for day, at in taken.values_list("as_at", "applied_at") if day and at}
    days = sorted(last_of_day)[-MOST_DRAWN:]
    spans = list(_spans(PortalDifference.objects.visible_to(user)))
    return [AtExport(day, _open_at(last_of_day[day], spans)) for day in days]


def _spans(differences: Any) -> Any:
    """From when until when each of these differences was known: the moments of the exports that
    brought it and took it away, or of what changed here.
    """
    rows: Any = PortalDifference.history
    ended = rows.filter(id=OuterRef("pk"), closed_on__isnull=False).order_by().values("id")
    first = ended.annotate(at=Min("history_date")).values("at")
    return (
        differences.order_by()
        .annotate(
            known_from=Coalesce(F("opened_by__applied_at"), F("recorded_at")),
            known_until=Coalesce(F("closed_by__applied_at"), Subquery(first)),
        )
        .values_list("known_from", "known_until", "closed_on")
    )


def _open_at(moment: dt.datetime, spans: Iterable[Any]) -> int:
    return sum(
        start <= moment and (closed_on is None or (end is not None and end > moment))
        for start, end, closed_on in spans
    )


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
        return f"{_open(last.total)} once the export of {long_date(last.day)} was compared."
    return (
        f"{_open(first.total)} once the export of {long_date(first.day)} was compared, "
        f"{last.total} once that of {long_date(last.day)} was. What was settled before an export "
        "was taken in is not counted at it; what came or went since the last one is in the list."
    )


def _open(number: int) -> str:
    words = counted(number, "difference was", "differences were")
    return f"{words[:1].upper()}{words[1:]} open"
