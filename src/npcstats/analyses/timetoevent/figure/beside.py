"""Words beside what they name: at the end of a curve where they lie on no other, else right of them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from npcstats.analyses.timetoevent.figure.curves import Steps
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING
from npcstats.display.looks import SOFT
from npcstats.display.sheet import Sheet

NEAR, FAR = 1.2, 4.2
CLEAR = 0.4
DOTS = (0.0, (0.8, 2.4))


@dataclass(frozen=True)
class Label:
    """Words to be written right of the axes, beside what they name."""

    code: str
    words: str
    color: str
    weight: str
    time: float
    height: float


def write_beside(sheet: Sheet, axes: Axes, labels: Sequence[Label], curves: Sequence[Steps] = ()) -> None:
    """Write words beside what they name: right of its own end where they lie on no curve, else right of the last end.

    Parameters
    ----------
    sheet : Sheet
        Page.
    axes : Axes
        Whose left end is 0.
    labels : sequence of Label
        Words; their gid is ``name-CODE``.
    curves : sequence of Steps
        What no words may lie on.

    Notes
    -----
    Convention: a dotted grey line, which cannot be taken for a curve, joins words to an end that is away from them.
    """
    if not labels:
        return
    grid = _grid_of(sheet, axes)
    last = max(label.time for label in labels)
    boxes: dict[str, _Box] = {}
    for label in labels:
        box = _free_box(sheet, grid, label, last, curves, tuple(boxes.values()))
        if box is not None:
            boxes[label.code] = box
    while crossed := _crossed(labels, boxes, grid, last):
        boxes = {code: box for code, box in boxes.items() if code not in crossed}
    for label in labels:
        if label.code in boxes:
            box = boxes[label.code]
            _write_label(sheet, axes, label, box.left, (box.low + box.high) / 2)
    outside = [label for label in labels if label.code not in boxes]
    _write_outside(sheet, axes, grid, outside, last)


@dataclass(frozen=True)
class _Grid:
    """How much time and how much value a millimetre is, and the range of values."""

    time: float
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class _Box:
    """Room of words on the axes, in time and in values."""

    left: float
    right: float
    low: float
    high: float

    def meets(self, other: _Box) -> bool:
        """Whether it covers part of another."""
        beside = self.right <= other.left or other.right <= self.left
        return not beside and self.high > other.low and other.high > self.low

    def lies_on(self, curve: Steps) -> bool:
        """Whether a curve passes through it."""
        if curve.times[-1] < self.left or curve.times[0] > self.right:
            return False
        inside = curve.values[(curve.times >= self.left) & (curve.times <= self.right)]
        passed = np.append(inside, curve.at(np.array([max(self.left, curve.times[0])])))
        return bool(passed.max() > self.low and passed.min() < self.high)


def _grid_of(sheet: Sheet, axes: Axes) -> _Grid:
    box, (low, high) = axes.get_position(), axes.get_ylim()
    return _Grid(axes.get_xlim()[1] / (box.width * sheet.width), (high - low) / (box.height * sheet.height), low, high)


def _free_box(
    sheet: Sheet, grid: _Grid, label: Label, last: float, curves: Sequence[Steps], taken: Sequence[_Box]
) -> _Box | None:
    """Room beside, above or below the end of a curve that ends before others; None where there is none."""
    left = label.time + NEAR * grid.time
    right = left + sheet.widest([label.words], weight=label.weight) * grid.time
    height = _label_height(label, grid) + CLEAR * grid.value
    if not curves or right > last:
        return None
    for shift in (0.0, 1.0, -1.0):
        low = label.height + (shift - 1) * height / 2
        box = _Box(left, right, low, low + height)
        inside = box.low > grid.low and box.high < grid.high
        if inside and not any(box.lies_on(curve) for curve in curves) and not any(box.meets(room) for room in taken):
            return box
    return None


def _crossed(labels: Sequence[Label], boxes: Mapping[str, _Box], grid: _Grid, last: float) -> set[str]:
    """Words that lie on the line that joins other words to an end away from them."""
    half = CLEAR * grid.value
    lines = [
        _Box(label.time, last, label.height - half, label.height + half) for label in labels if label.code not in boxes
    ]
    return {code for code, box in boxes.items() if any(box.meets(line) for line in lines)}


def _label_height(label: Label, grid: _Grid) -> float:
    return grid.value * (LINE_HEIGHT * (label.words.count("\n") + 1) + 0.3)


def _write_outside(sheet: Sheet, axes: Axes, grid: _Grid, labels: Sequence[Label], last: float) -> None:
    sizes = [_label_height(label, grid) for label in labels]
    heights = spread(
        [label.height for label in labels], sizes, grid.low + CLEAR * grid.value, grid.high + 2 * grid.value
    )
    away = [
        last - label.time > NEAR * grid.time or abs(height - label.height) > 1.2 * grid.value
        for label, height in zip(labels, heights, strict=True)
    ]
    text = last + (FAR if any(away) else NEAR) * grid.time
    for label, height, far in zip(labels, heights, away, strict=True):
        _write_label(sheet, axes, label, text, height)
        if far:
            stops = [label.time + 0.6 * grid.time, last + 0.8 * grid.time, text - 0.6 * grid.time]
            axes.plot(stops, [label.height, label.height, height], color=SOFT, linewidth=0.5, linestyle=DOTS,
                      clip_on=False, zorder=1, gid=f"_leader-{label.code}")  # fmt: skip


def _write_label(sheet: Sheet, axes: Axes, label: Label, x: float, y: float) -> None:
    sheet.write_on(axes, x, y, label.words, weight=label.weight, color=label.color, va="center", ha="left",
                   linespacing=LINE_SPACING, gid=f"name-{label.code}")  # fmt: skip


def spread(places: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Move the middles of things apart until none covers another, each as little as may be.

    Parameters
    ----------
    places : sequence of float
        Where the middles would be.
    sizes : sequence of float
        How much room each takes, in the unit of `places`.
    low, high : float
        Where the room begins and ends; what does not fit reaches beyond `high`.

    Returns
    -------
    list of float
        Middles in the order given; things at one place stand downwards in that order.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i], -i))
    offsets, edge = {}, 0.0
    for i in order:
        offsets[i] = edge + sizes[i] / 2
        edge += sizes[i]
    pools: list[list[float]] = []
    for i in order:
        pools.append([places[i] - offsets[i]])
        while len(pools) > 1 and _middle(pools[-2]) > _middle(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    shifts = [_middle(pool) for pool in pools for _ in pool]
    moved = {i: max(low, min(shift, high - edge)) + offsets[i] for i, shift in zip(order, shifts, strict=True)}
    return [moved[i] for i in range(len(places))]


def _middle(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)
