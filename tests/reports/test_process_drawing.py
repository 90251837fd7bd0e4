"""The drawing of the steps: what it says, and that it is sound SVG."""

import re
from xml.etree import ElementTree

import pytest

from reports.process import Figure, Step
from reports.process_drawing import drawing

_SVG = "{http://www.w3.org/2000/svg}"
STEPS = (
    Step(1, "Report <received>", "", "Governance & others", (Figure(90, "live", "/a/?b=1&c=2"),)),
    Step(2, "Action allocated", "", "GAIN Board", (Figure(0, "awaiting", "/b/"),)),
    Step(3, "Response clock", "", "PCC’s office", (Figure(1, "due", "/c/"),), parallel=True),
    Step(4, "Delivery", "", "Delivery lead"),
    Step(5, "HMICFRS verifies", "", "HMICFRS", back_to=4, back_when="not verified"),
)


def words_of(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return ["".join(text.itertext()) for text in root.iter(f"{_SVG}text")]


@pytest.mark.parametrize("linked", [True, False])
def test_a_drawing_is_sound_xml_and_says_every_step(linked: bool) -> None:
    words = words_of(drawing(STEPS, linked=linked))
    for step in STEPS:
        assert str(step.number) in words
        assert step.title in words
        for figure in step.figures:
            assert words[words.index(figure.words) - 1] == str(figure.number)
    joined = " ".join(words)
    for owner in ("Governance & others", "GAIN Board", "Delivery lead", "HMICFRS"):
        assert owner in joined


def test_texts_and_addresses_are_escaped() -> None:
    svg = drawing(STEPS, linked=True)
    assert "Report &lt;received&gt;" in svg
    assert 'href="/a/?b=1&amp;c=2"' in svg


def test_a_box_and_each_of_its_numbers_lead_to_a_list_past_the_keyboard() -> None:
    links = list(ElementTree.fromstring(drawing(STEPS, linked=True)).iter(f"{_SVG}a"))
    assert [link.get("href") for link in links] == [
        *["/a/?b=1&c=2"] * 2,
        *["/b/"] * 2,
        *["/c/"] * 2,
    ]
    assert {link.get("tabindex") for link in links} == {"-1"}


def test_without_links_there_are_none() -> None:
    assert "<a" not in drawing(STEPS)


def test_a_parallel_step_stands_beside_those_that_follow_the_first() -> None:
    first, second, parallel, delivery, _ = boxes_of(drawing(STEPS))
    assert parallel["x"] > second["x"] + second["width"]
    assert parallel["y"] >= first["y"]
    assert parallel["y"] + parallel["height"] < delivery["y"]


def test_a_way_back_is_drawn_and_labelled() -> None:
    assert "not verified" in words_of(drawing(STEPS))
    *_, delivery, verifies = boxes_of(drawing(STEPS))
    lines = ElementTree.fromstring(drawing(STEPS)).iter(f"{_SVG}polyline")
    ends = [(points[0], points[-1]) for points in (points_of(line) for line in lines)]
    assert any(
        inside(start[1], verifies)
        and inside(end[1], delivery)
        and end[0] == delivery["x"] + delivery["width"] + 1
        for start, end in ends
    )


def test_the_words_of_a_box_stay_in_it() -> None:
    svg = drawing([Step(1, "A title that goes on and on " * 2, "", "Somebody " * 12)])
    (box,) = boxes_of(svg)
    lines = [float(y) for y in re.findall(r'<tspan x="[\d.]+" y="([\d.]+)"', svg)]
    assert len(lines) > 4
    assert max(lines) < box["y"] + box["height"]


def test_no_style_the_content_policy_would_block() -> None:
    assert "style" not in drawing(STEPS, linked=True)


def boxes_of(svg: str) -> list[dict[str, float]]:
    rects = ElementTree.fromstring(svg).iter(f"{_SVG}rect")
    return [
        {name: float(rect.attrib[name]) for name in ("x", "y", "width", "height")} for rect in rects
    ]


def points_of(line: ElementTree.Element) -> list[tuple[float, float]]:
    pairs = [pair.split(",") for pair in line.attrib["points"].split()]
    return [(float(x), float(y)) for x, y in pairs]


def inside(y: float, box: dict[str, float]) -> bool:
    return box["y"] < y < box["y"] + box["height"]
