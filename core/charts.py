"""Charts: a Vega-Lite specification becomes one SVG picture, for the screen and for PDF alike."""

import base64
import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import vl_convert
from django.utils.safestring import SafeString, mark_safe

# The portal's own typeface; the page or document that shows the chart provides it.
FONT = "Source Sans 3, Source Sans 3 Extended"
INK = "#0b0c0c"
# Dark, middle and light: apart from each other in greyscale too (about 5, 35 and 78 % luminance).
DARK, MIDDLE, LIGHT = "#12304f", "#7ba3c9", "#dbe6f0"
_VERSION = "6.4"
_CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelFont": FONT,
        "labelFontSize": 12,
        "labelColor": "#0b0c0c",
        "titleFont": FONT,
        "titleFontSize": 12,
        "titleColor": "#0b0c0c",
        "gridColor": "#d8dcde",
        "domainColor": "#505a5f",
        "tickColor": "#505a5f",
    },
    "text": {"font": FONT, "fontSize": 13, "color": "#0b0c0c"},
}


def frame(width: int, height: int, *, left: int, right: int, bottom: int = 2) -> dict[str, Any]:
    """A picture of fixed width: room for names at its sides does not depend on measured text.

    Args:
        width: of the whole picture.
        height: of what is drawn in it.
        left, right, bottom: room beside and below that.
    """
    return {
        "width": width - left - right,
        "height": height,
        "padding": {"left": left, "right": right, "top": 2, "bottom": bottom},
        "autosize": {"type": "none"},
    }


def days_axis(
    days: Sequence[dt.date], *, most: int, between: float, beside: float
) -> dict[str, Any]:
    """The encoding of `x` by the field `day` (ISO dates): a bar a day, named by its month.

    Args:
        days: in their order.
        most: how many of them have room for a name.
        between, beside: the bars, in parts of the way from one to the next.
    """
    every = -(-len(days) // most)
    names = {
        day.isoformat(): _day_name(day, first=n == 0) if n % every == 0 else [""]
        for n, day in enumerate(days)
    }
    return {
        "field": "day",
        "type": "ordinal",
        "sort": None,
        "scale": {"paddingInner": between, "paddingOuter": beside},
        "axis": {
            "title": None,
            "labelAngle": 0,
            "ticks": False,
            "labelPadding": 6,
            "labelExpr": f"{names}[datum.value]",
        },
    }


def _day_name(day: dt.date, *, first: bool) -> list[str]:
    """Nov, with the day where it is not a month end and the year where a year begins."""
    month_end = (day + dt.timedelta(days=1)).day == 1
    name = f"{day:%b}" if month_end else f"{day.day} {day:%b}"
    return [name, f"{day.year}"] if first or day.month == 1 else [name]


def to_svg(spec: dict[str, Any]) -> str:
    """Draw a Vega-Lite specification; its texts stay texts.

    Args:
        spec: the specification, with its data in it; addresses are not fetched.

    Raises:
        ValueError: Vega-Lite cannot draw it.
    """
    svg: str = vl_convert.vegalite_to_svg(
        spec, vl_version=_VERSION, config=_CONFIG, allowed_base_urls=[]
    )
    return svg


def to_png(spec: dict[str, Any]) -> bytes:
    """Draw a Vega-Lite specification as a picture of pixels, for a file.

    Args:
        spec: the specification, with its data in it; addresses are not fetched.

    Raises:
        ValueError: Vega-Lite cannot draw it.
    """
    png: bytes = vl_convert.vegalite_to_png(spec, vl_version=_VERSION, allowed_base_urls=[])
    return png


def as_image(svg: str) -> str:
    """The picture as a `data:` address, for `<img src>` with an `alt`."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def inline(svg: str) -> SafeString:
    """The picture as markup in a page, hidden from assistive technology.

    It takes the page's typeface, which a picture in `<img>` cannot; the page states its description
    beside it.
    """
    opening = re.sub(r'\s(width|height)="[^"]*"', "", svg[: svg.index(">")])
    markup = opening + ' aria-hidden="true" focusable="false"' + svg[svg.index(">") :]
    # Safe: drawn by us; Vega, or the maker of the drawing, escapes every text.
    return mark_safe(markup)
