"""The steps from notice to closure as a drawing: one SVG, for the screen, for paper and for PDF.

The main way runs from top to bottom. A step that runs in parallel branches off the first and stands
beside those that follow it; ways back run up on the right. Colours, lines and fonts are
attributes, which a style sheet may overrule and the content security policy allows.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from core.charts import FONT
from reports.process import Figure, Step

_INK, _MUTED, _LINE, _DARK = "#0b0c0c", "#4a5158", "#505a5f", "#12304f"
_WIDTH = 720
# The main way, the step beside it, and the lanes on which ways back run up.
_MAIN = 500
_BESIDE_LEFT, _BESIDE = 548, 171
_LANES, _LANE = 532, 84
_GAP = 30
_PADDING = 14
_CIRCLE = 15
_WORDS_LEFT = 54
# Where the numbers of a box on the main way end and their words begin.
_NUMBERS_END, _NUMBERS_WORDS = 352, 360
_ARROW = 6
_TITLE, _OWNER, _FIGURE, _NOTE = 17, 14, 19, 13
_PITCH = {_TITLE: 21, _OWNER: 18, _FIGURE: 23, _NOTE: 16}
# How wide a letter is on average, in parts of its size; the typeface itself is narrower.
_LETTER = 0.5


@dataclass(frozen=True)
class _Box:
    """A step where it stands."""

    step: Step
    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def drawing(steps: Sequence[Step], *, linked: bool = False) -> str:
    """The drawing of these steps.

    Args:
        steps: in their order; at most one runs in parallel, and at least two come before it.
        linked: boxes and numbers lead to their lists, for a pointer; the keyboard passes them by,
            because the page has the same links in its list.

    Returns:
        SVG, in which every text is escaped.
    """
    boxes = _placed(steps)
    main = [box for box in boxes if not box.step.parallel]
    height = max(box.bottom for box in boxes) + 1
    parts = [
        *(_arrow_down(upper, lower) for upper, lower in pairwise(main)),
        *(_branch(boxes[0], box) for box in boxes if box.step.parallel),
        *_ways_back(boxes),
        *(_box(box, linked) for box in boxes),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height:g}" '
        f'viewBox="0 0 {_WIDTH} {height:g}" font-family="{FONT}, sans-serif" '
        f'class="app-process-drawing">{"".join(parts)}</svg>'
    )


# Where things stand ------------------------------------------------------------------------------


def _placed(steps: Sequence[Step]) -> list[_Box]:
    """The boxes: the main way downwards; a parallel step beside those between the first and it."""
    boxes: list[_Box] = []
    top = 1.0
    for step in steps:
        if step.parallel:
            beside = boxes[1:]
            needed = _height_of(step, _BESIDE)
            height = max(needed, beside[-1].bottom - beside[0].top)
            boxes.append(_Box(step, _BESIDE_LEFT, beside[0].top, _BESIDE, height))
            top = max(top, beside[0].top + height + _GAP)
        else:
            height = _height_of(step, _MAIN)
            boxes.append(_Box(step, 1, top, _MAIN, height))
            top += height + _GAP
    return boxes


def _height_of(step: Step, width: float) -> float:
    words = _lines_height(_titles(step, width), _TITLE) + _lines_height(
        _owners(step, width), _OWNER
    )
    figures = len(step.figures) * _PITCH[_FIGURE]
    inside = words + figures + 6 if step.parallel else max(words, figures)
    return inside + 2 * _PADDING


def _lines_height(lines: Sequence[str], size: int) -> float:
    return len(lines) * _PITCH[size]


def _titles(step: Step, width: float) -> list[str]:
    return _wrapped(step.title, _room(width), _TITLE)


def _owners(step: Step, width: float) -> list[str]:
    return _wrapped(step.owner, _room(width), _OWNER)


def _room(width: float) -> float:
    """How wide the words of a box may be."""
    end = _NUMBERS_END - 46 if width == _MAIN else width - 4
    return end - _WORDS_LEFT


def _wrapped(text: str, width: float, size: int) -> list[str]:
    return textwrap.wrap(text, int(width / (size * _LETTER)), break_on_hyphens=False)


# What is drawn -----------------------------------------------------------------------------------


def _box(box: _Box, linked: bool) -> str:
    step = box.step
    width = box.width
    frame = (
        f'<rect class="app-process-drawing__box" x="{box.left:g}" y="{box.top:g}" '
        f'width="{width:g}" height="{box.height:g}" rx="4" fill="#ffffff" stroke="{_LINE}" '
        'stroke-width="1.5"/>'
    )
    x = box.left + _WORDS_LEFT
    y = box.top + _PADDING + 15
    titles, owners = _titles(step, width), _owners(step, width)
    words = [
        _place(box),
        _text(titles, x, y, _TITLE, bold=True),
        _text(owners, x, y + _lines_height(titles, _TITLE) - 2, _OWNER, fill=_MUTED),
    ]
    href = step.figures[0].href if step.figures and linked else ""
    return _link("".join([frame, *words]), href) + "".join(_figures(box, linked))


def _place(box: _Box) -> str:
    """The number of a step, in a circle."""
    x, y = box.left + 29, box.top + _PADDING + 10
    return (
        f'<circle class="app-process-drawing__place" cx="{x:g}" cy="{y:g}" r="{_CIRCLE}" '
        f'fill="{_DARK}"/>'
        f'<text class="app-process-drawing__place-number" x="{x:g}" y="{y + 6:g}" '
        f'font-size="{_TITLE}" font-weight="700" text-anchor="middle" fill="#ffffff">'
        f"{box.step.number}</text>"
    )


def _figures(box: _Box, linked: bool) -> Iterable[str]:
    """Beside the words on the main way, at the foot of a box beside it."""
    step = box.step
    room = len(step.figures) * _PITCH[_FIGURE]
    if step.parallel:
        end, y = box.left + _WORDS_LEFT + 14, box.bottom - _PADDING - room + 17
    else:
        end, y = box.left + _NUMBERS_END, box.middle - room / 2 + 17
    for figure in step.figures:
        yield _link(_figure(figure, end, y), figure.href if linked else "")
        y += _PITCH[_FIGURE]


def _figure(figure: Figure, end: float, y: float) -> str:
    number = (
        f'<text class="app-process-drawing__text" x="{end:g}" y="{y:g}" font-size="{_FIGURE}" '
        f'font-weight="700" text-anchor="end" fill="{_INK}">{figure.number}</text>'
    )
    return number + _text([figure.words], end + _NUMBERS_WORDS - _NUMBERS_END, y, _OWNER)


def _arrow_down(upper: _Box, lower: _Box) -> str:
    x = upper.left + 29
    return _line([(x, upper.bottom), (x, lower.top - 1)])


def _branch(start: _Box, box: _Box) -> str:
    """From the first step to the one that runs in parallel."""
    x = box.left + 29
    y = start.middle
    label = _text(["in parallel"], start.right + 6, y - 6, _NOTE, fill=_MUTED)
    return _line([(start.right, y), (x, y), (x, box.top - 1)], dashed=True) + label


def _ways_back(boxes: Sequence[_Box]) -> Iterable[str]:
    """From steps that may lead back, each on a lane of its own: the longer the way, the further
    out.
    """
    by_number = {box.step.number: box for box in boxes}
    leading = [box for box in boxes if box.step.back_to in by_number]
    for lane, start in enumerate(leading):
        target = by_number[start.step.back_to]
        x = _LANES + lane * _LANE
        # They come in one below the other, so that none crosses another.
        y = target.bottom - (lane + 1) * target.height / (len(leading) + 1)
        yield _line(
            [(start.right, start.middle), (x, start.middle), (x, y), (target.right + 1, y)],
            dashed=True,
        )
        label = _wrapped(start.step.back_when, _LANE - 6, _NOTE)
        middle = (start.middle + target.bottom) / 2
        yield _text(label, x + 7, middle, _NOTE, fill=_MUTED)


def _line(points: Sequence[tuple[float, float]], *, dashed: bool = False) -> str:
    """A line through points, with an arrow at its end."""
    (before_x, before_y), (x, y) = points[-2:]
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    path = " ".join(f"{a:g},{b:g}" for a, b in points)
    if before_x == x:
        way = 1 if y > before_y else -1
        head = [(x, y), (x - _ARROW, y - way * 9), (x + _ARROW, y - way * 9)]
    else:
        way = 1 if x > before_x else -1
        head = [(x, y), (x - way * 9, y - _ARROW), (x - way * 9, y + _ARROW)]
    corners = " ".join(f"{a:g},{b:g}" for a, b in head)
    return (
        f'<polyline class="app-process-drawing__line" points="{path}" fill="none" '
        f'stroke="{_LINE}" stroke-width="1.5"{dash}/>'
        f'<polygon class="app-process-drawing__arrow" points="{corners}" fill="{_LINE}"/>'
    )


def _text(
    lines: Sequence[str],
    x: float,
    y: float,
    size: int,
    *,
    bold: bool = False,
    fill: str = _INK,
) -> str:
    weight = 700 if bold else 400
    # A blank between the lines parts their words for whoever takes the text out.
    spans = " ".join(
        f'<tspan x="{x:g}" y="{y + number * _PITCH[size]:g}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return (
        f'<text class="app-process-drawing__text" font-size="{size}" font-weight="{weight}" '
        f'fill="{fill}">{spans}</text>'
    )


def _link(drawn: str, href: str) -> str:
    if not href:
        return drawn
    return f'<a class="app-process-drawing__link" href={quoteattr(href)} tabindex="-1">{drawn}</a>'
