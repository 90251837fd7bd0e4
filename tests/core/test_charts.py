"""Charts: one SVG for screen and PDF, with its texts as texts."""

import base64
from typing import Any

import pytest

from core.charts import FONT, as_image, inline, to_png, to_svg

SPEC: dict[str, Any] = {
    "data": {"values": [{"name": "A <b> & c", "number": 3}]},
    "mark": "bar",
    "encoding": {
        "y": {"field": "name", "type": "nominal"},
        "x": {"field": "number", "type": "quantitative"},
    },
}


@pytest.fixture(scope="module")
def svg() -> str:
    return to_svg(SPEC)


def test_texts_of_a_chart_stay_texts(svg: str) -> None:
    assert "A &lt;b&gt; &amp; c</text>" in svg


def test_a_chart_uses_the_portals_typeface(svg: str) -> None:
    assert f'font-family="{FONT}"' in svg


def test_a_chart_has_no_inline_style_which_the_content_policy_would_block(svg: str) -> None:
    assert "style=" not in svg
    assert "<style" not in svg


def test_a_chart_cannot_fetch_its_data_from_elsewhere() -> None:
    with pytest.raises(ValueError, match="not allowed"):
        to_svg({**SPEC, "data": {"url": "https://elsewhere.example/data.json"}})


def test_an_image_address_holds_the_whole_chart(svg: str) -> None:
    kind, _, packed = as_image(svg).partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(packed).decode() == svg


def test_an_inline_chart_is_hidden_from_assistive_technology(svg: str) -> None:
    assert 'aria-hidden="true" focusable="false">' in inline(svg)


def test_an_inline_chart_takes_the_width_of_the_page(svg: str) -> None:
    opening = inline(svg).partition(">")[0]
    assert "viewBox=" in opening
    assert " width=" not in opening
    assert " height=" not in opening


def test_a_chart_is_drawn_in_pixels_the_same_way_each_time() -> None:
    png = to_png(SPEC)
    assert png.startswith(b"\x89PNG\r\n")
    assert to_png(SPEC) == png
