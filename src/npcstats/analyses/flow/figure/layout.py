"""Where the boxes of a flow stand: sized by their words, in columns, the lines between them straight."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from npcstats.analyses.flow.words import Box, Chart
from npcstats.display.fonts import LINE_HEIGHT

PAD = 1.6
STEP = 3.6
"""Millimetres between two boxes of a column, which a line with its head takes."""
INDENT = 7.0
"""How far a box that leads nowhere stands to the right of the others; the line passes it on its left."""
SPINE = 3.2
GUTTER = 4.0
POOLED_WIDTH = 96.0
FALL = 8.0
COUNT_GAP = 2.0
PART_INDENT, HANGING = 2.0, 2.0
"""How far parts stand to the right of the title, and their further lines to the right of the first."""
TALLEST = 232.0
TITLE, NOTE = -1, -2
"""Places of words that are of no part."""
LEAST_WORDS = 10.0
"""Millimetres that words need beside their number, however short they are."""

Measure = Callable[[str, str], float]
"""Width of words in millimetres, of a weight."""
Wrap = Callable[[str, float, str], str]
"""Words broken to a width in millimetres, of a weight."""


@dataclass(frozen=True)
class Ruler:
    """How words are measured and broken."""

    measure: Measure
    wrap: Wrap


@dataclass(frozen=True)
class Words:
    """One line of words, how far below the top of its box its middle is, and what it is of."""

    text: str
    down: float
    x: float
    right: bool
    strong: bool
    part: int


@dataclass(frozen=True)
class Placed:
    """A box with its place in millimetres, from the upper left corner of the page."""

    box: Box
    left: float
    right: float
    top: float
    bottom: float
    words: tuple[Words, ...]


@dataclass(frozen=True)
class Arrow:
    """A line of horizontal and vertical stretches, its head at the end."""

    gid: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Layout:
    """All that is drawn, and how high the page is."""

    boxes: tuple[Placed, ...]
    arrows: tuple[Arrow, ...]
    height: float
    broken: tuple[str, ...]


def lay_out(chart: Chart, width: float, ruler: Ruler) -> Layout:
    """Place the boxes of a flow.

    Parameters
    ----------
    chart : Chart
        What stands in them.
    width : float
        Millimetres of the page.
    ruler : Ruler
        Of the page's type.

    Returns
    -------
    Layout
        Boxes of one code have the same top in every column. ``broken`` names words that no line had room for.
    """
    room = min(width, POOLED_WIDTH)
    left = (width - room) / 2
    broken: list[str] = []
    top, pooled = 0.0, []
    for box in chart.pooled:
        placed = _place(box, left, left + room, top, ruler, broken)
        pooled.append(placed)
        top = placed.bottom + STEP
    start = pooled[-1].bottom + (FALL if len(chart.columns) > 1 else STEP)
    spans = _spans(chart, width, left, room)
    columns = _columns(chart, spans, start, ruler, broken)
    arrows = [*_column_arrows(pooled), *_fall(pooled[-1], columns), *(a for c in columns for a in _column_arrows(c))]
    boxes = (*pooled, *(placed for column in columns for placed in column))
    return Layout(boxes, tuple(arrows), max(placed.bottom for placed in boxes), tuple(broken))


def _spans(chart: Chart, width: float, left: float, room: float) -> list[tuple[float, float]]:
    count = len(chart.columns)
    if count == 1:
        return [(left, left + room)]
    each = (width - GUTTER * (count - 1)) / count
    return [(i * (each + GUTTER), i * (each + GUTTER) + each) for i in range(count)]


def _columns(
    chart: Chart, spans: list[tuple[float, float]], start: float, ruler: Ruler, broken: list[str]
) -> list[list[Placed]]:
    """Boxes of one code stand side by side, the highest deciding where the next ones begin."""
    columns: list[list[Placed]] = [[] for _ in spans]
    top = start
    for level in zip(*chart.columns, strict=True):
        row = [_place(box, *span, top, ruler, broken) for box, span in zip(level, spans, strict=True)]
        bottom = max(placed.bottom for placed in row)
        for column, placed in zip(columns, row, strict=True):
            column.append(Placed(placed.box, placed.left, placed.right, placed.top, bottom, placed.words))
        top = bottom + STEP
    return columns


def _place(box: Box, left: float, right: float, top: float, ruler: Ruler, broken: list[str]) -> Placed:
    left = left + INDENT if box.exit else left
    inner = right - left - 2 * PAD
    words, down = _counted(box.title, box.count, (left, right), PAD, ruler, broken, part=TITLE)
    for text in _lines(box.note, inner, "regular", ruler, broken) if box.note else ():
        words.append(Words(text, down + LINE_HEIGHT / 2, left + PAD, False, False, NOTE))
        down += LINE_HEIGHT
    for i, line in enumerate(box.lines):
        made, down = _counted(line.words, line.count, (left, right), down, ruler, broken, part=i)
        words += made
    return Placed(box, left, right, top, top + down + PAD, tuple(words))


def _counted(
    words: str, count: str, span: tuple[float, float], down: float, ruler: Ruler, broken: list[str], *, part: int
) -> tuple[list[Words], float]:
    """Words, and beside the last line of them how many; of a part further lines hang."""
    strong = part < 0
    weight = "semibold" if strong else "regular"
    left, right = span[0] + PAD, span[1] - PAD
    indents = (0.0, 0.0) if strong else (PART_INDENT, PART_INDENT + HANGING)
    room = right - left - indents[0] - (ruler.measure(count, weight) + COUNT_GAP if count else 0.0)
    first, *others = _lines(words, max(room, LEAST_WORDS), weight, ruler, broken)
    rest = _lines(" ".join(others), max(room - HANGING, LEAST_WORDS), weight, ruler, broken) if others else []
    made = []
    for i, text in enumerate((first, *rest)):
        made.append(Words(text, down + LINE_HEIGHT / 2, left + indents[i > 0], False, strong, part))
        down += LINE_HEIGHT
    if count:
        made.append(Words(count, down - LINE_HEIGHT / 2, right, True, strong, part))
    return made, down


def _lines(words: str, room: float, weight: str, ruler: Ruler, broken: list[str]) -> list[str]:
    broken += [word for word in words.split(" ") if ruler.measure(word, weight) > room]
    return ruler.wrap(words, room, weight).split("\n")


def _column_arrows(column: list[Placed]) -> Iterable[Arrow]:
    """From each box to the next that goes on, and across to one that does not."""
    for i, placed in enumerate(column):
        if placed.box.exit:
            continue
        x = placed.left + SPINE
        for following in column[i + 1 :]:
            gid = f"arrow-{placed.box.arm}-{placed.box.code}-{following.box.code}"
            if following.box.exit:
                middle = following.top + PAD + LINE_HEIGHT / 2
                yield Arrow(gid, ((x, middle), (following.left, middle)))
                continue
            yield Arrow(gid, ((x, placed.bottom), (x, following.top)))
            break


def _fall(last: Placed, columns: list[list[Placed]]) -> Iterable[Arrow]:
    """From the last box of all participants to the head of each column."""
    if len(columns) == 1:
        yield from _past(last, columns[0])
        return
    x, middle = (last.left + last.right) / 2, last.bottom + FALL / 2
    for column in columns:
        first = column[0]
        across = (first.left + first.right) / 2
        points = ((x, last.bottom), (x, middle), (across, middle), (across, first.top))
        yield Arrow(f"arrow-{last.box.arm}-{last.box.code}-{first.box.arm}-{first.box.code}", points)


def _past(last: Placed, column: list[Placed]) -> Iterable[Arrow]:
    """The column of everyone has no head of its own: the last box above goes on into it."""
    for arrow in _column_arrows([last, *column]):
        if arrow.gid.startswith(f"arrow-{last.box.arm}-{last.box.code}-"):
            yield arrow
