"""The charts of a report: every number printed, no label on top of another, however thin a part."""

import itertools
import re

import pytest

from reports.charts import movement_svg, trend_svg
from tests.factories import day
from tests.reports.conftest import AS_AT, SINCE, make_movement, make_snapshot
from tracker.position import Stages, TrendPoint

_TEXT = re.compile(r"<text [^>]*?translate\(([-\d.]+),([-\d.]+)\)[^>]*>(?:<tspan[^>]*>)?([^<]+)")


def texts(svg: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<text [^>]*>(.*?)</text>", svg)]


def places(svg: str) -> dict[str, tuple[float, float]]:
    """Where each text stands: x to the right, y downwards."""
    return {text: (float(x), float(y)) for x, y, text in _TEXT.findall(svg)}


def test_the_bridge_prints_every_number_of_the_movement() -> None:
    svg = movement_svg(
        make_snapshot(
            movement=make_movement(
                opening=133, new=47, closed=57, closing=123, closed_not_on_portal=18
            ),
            stages=Stages(AS_AT, 109, 9, 5, 33, 0, 0),
        )
    )
    for words in (
        "Live at 31 October 2023",
        "133",
        "+47",
        "−57 (of which 18 not on the portal)",
        "Live at 20 November 2024",
        "123",
        "109 (of which 33 not on the portal)",
        "Going through local closure",
        "9",
        "With HMICFRS for closure",
        "5",
    ):
        assert words in texts(svg)


def test_the_bridge_has_a_step_for_reopened_actions_only_when_there_are_any() -> None:
    assert "Re-opened" not in texts(movement_svg(make_snapshot()))
    reopened = make_movement(reopened=1, closed=6)
    assert {"Re-opened", "+1"} <= set(texts(movement_svg(make_snapshot(movement=reopened))))


def test_the_bridge_ends_with_the_live_actions_where_their_stages_are_not_known() -> None:
    svg = movement_svg(make_snapshot(stages=Stages(AS_AT, 7, 0, 0, 0, 0, 0, assumed=4)))
    assert "Live at 20 November 2024" in texts(svg)
    assert not {"In progress", "With HMICFRS for closure"} & set(texts(svg))


def test_rows_of_the_bridge_never_share_a_line() -> None:
    tiny = make_snapshot(stages=Stages(AS_AT, 121, 1, 1, 0, 0, 0))
    heights = sorted({y for _, y in places(movement_svg(tiny)).values()})
    gaps = [below - above for above, below in itertools.pairwise(heights)]
    # A name and its number may differ by half a pixel; rows are thirty apart.
    assert all(gap < 2 or gap > 20 for gap in gaps)


@pytest.mark.parametrize("draw", [movement_svg, trend_svg])
def test_an_empty_installation_has_charts_too(draw) -> None:  # type: ignore[no-untyped-def]
    nothing = make_movement(opening=0, new=0, closed=0, closing=0)
    empty = make_snapshot(
        movement=nothing,
        stages=Stages(AS_AT, 0, 0, 0, 0, 0, 0),
        trend=(TrendPoint(SINCE, 0, 0, 0), TrendPoint(AS_AT, 0, 0, 0)),
    )
    assert "0" in texts(draw(empty))


def test_the_trend_prints_totals_and_parts() -> None:
    point = TrendPoint(AS_AT, 15, 80, 28)
    found = texts(trend_svg(make_snapshot(trend=(TrendPoint(SINCE, 26, 82, 25), point))))
    for words in ("133", "123", "26", "82", "25", "Local 15", "National 80", "Super-complaint 28"):
        assert words in found


def test_the_trend_names_months_and_days_that_are_no_month_end() -> None:
    points = tuple(
        TrendPoint(day(each), 5, 5, 0)
        for each in ("2023-11-30", "2023-12-31", "2024-01-31", "2024-02-15")
    )
    found = texts(trend_svg(make_snapshot(trend=points)))
    assert [each for each in found if each[:3] in ("Nov", "Dec", "Jan") or each == "15 Feb"] == [
        "Nov2023",
        "Dec",
        "Jan2024",
        "15 Feb",
    ]


def test_a_part_too_thin_for_its_number_has_none_inside() -> None:
    thin = (TrendPoint(SINCE, 100, 100, 1), TrendPoint(AS_AT, 100, 100, 1))
    assert "1" not in texts(trend_svg(make_snapshot(trend=thin)))


@pytest.mark.parametrize("parts", [(1, 200, 1), (0, 0, 3), (1, 1, 200), (0, 0, 0), (200, 1, 1)])
def test_names_of_thin_parts_are_kept_apart(parts: tuple[int, int, int]) -> None:
    points = (TrendPoint(SINCE, 70, 70, 70), TrendPoint(AS_AT, *parts))
    found = places(trend_svg(make_snapshot(trend=points)))
    names = [
        y for text, (_, y) in found.items() if text.startswith(("Local ", "National ", "Super"))
    ]
    names.sort()
    assert len(names) == 3
    assert all(below - above >= 14 for above, below in itertools.pairwise(names))


@pytest.mark.parametrize("number", [2, 7, 14])
def test_names_of_parts_stand_beside_the_last_bar_however_wide_it_is(number: int) -> None:
    points = tuple(TrendPoint(day(f"2024-11-{n + 1:02}"), 9, 9, 9) for n in range(number))
    svg = trend_svg(make_snapshot(trend=points))
    # A frame begins at 0,0; bars do not.
    bars = re.findall(r'd="M(?!0,0)(-?[\d.]+),[-\d.]+h(-?[\d.]+)v', svg)
    right = max(float(x) + float(width) for x, width in bars)
    names = [x for text, (x, _) in places(svg).items() if text.startswith(("Local ", "National "))]
    assert len(names) == 2
    assert len(bars) >= number
    assert all(x > right for x in names)


def test_a_long_window_is_drawn_without_numbers_inside_and_with_fewer_names() -> None:
    points = tuple(
        TrendPoint(day(f"{2020 + n // 12}-{n % 12 + 1:02}-15"), 10 + n, 50, 0) for n in range(40)
    )
    found = texts(trend_svg(make_snapshot(trend=points)))
    assert "50" not in found
    assert {"60", "99"} <= set(found)
    assert "15 Jan2020" in found
    assert "15 Feb" not in found
