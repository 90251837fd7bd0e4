"""Charts: a Vega-Lite specification becomes one SVG picture, for the screen and for PDF alike."""

import base64
import re
from typing import Any

import vl_convert
from django.utils.safestring import SafeString, mark_safe

# The portal's own typeface; the page or document that shows the chart provides it.
FONT = "Source Sans 3, Source Sans 3 Extended"
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
