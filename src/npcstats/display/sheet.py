"""Paper, type and colour of every figure: millimetres, Inter with tabular digits, groups told apart twice.

Nothing here reads a global setting or writes one: each text names its font file, each figure its size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.transforms import ScaledTranslation

from npcstats.errors import SpecError
from npcstats.results import EVERYONE, Results

INK = "#1d2733"
SOFT = "#5b6775"
RULE = "#b9c2cc"
TINT = "#f3f6f8"
HAIR = "#e3e8ed"
FIRST = "#1b5e7a"
SECOND = "#c8702a"
THIRD = "#7a3b8f"
FOURTH = "#4d7c0f"

TEXT_SIZE = 6.8
SMALL_SIZE = 6.5
LINE_SPACING = 1.0
LINE_HEIGHT = 2.9
THIN = 0.5
LINE = 1.2
BAND_ALPHA = 0.13
WIDTHS = {"full": 180.0, "column": 85.0}
MILLIMETRES_PER_INCH = 25.4
EMPTY_HEIGHT = 24.0
FINE_SIZE = 60.0
BREAKS = "-–/\u00a0_.,;:)"
TABULAR = str.maketrans(dict.fromkeys("0123456789", "\u2007"))
"""Digits as the blank that is as wide as a tabular digit: matplotlib draws these, but measures proportional ones."""
FONT_FILES = {"regular": "Inter-Regular", "semibold": "Inter-SemiBold"}
FONT_SUFFIXES = (".otf", ".ttf")

Dash = tuple[float, tuple[float, ...]] | Literal["-"]


@dataclass(frozen=True)
class Look:
    """How a group is told apart: by colour, by marker and by dash."""

    color: str
    marker: str
    filled: bool
    dash: Dash

    @property
    def face(self) -> str:
        """Fill of its markers.

        Returns
        -------
        str
            Colour.
        """
        return self.color if self.filled else "white"


POOLED = Look(INK, "o", True, "-")
LOOKS = (
    Look(FIRST, "o", True, "-"),
    Look(SECOND, "^", False, (0.0, (3.2, 1.4))),
    Look(INK, "s", True, (0.0, (1.0, 1.1))),
    Look(SOFT, "D", False, (0.0, (6.0, 1.3, 1.0, 1.3))),
    Look(THIRD, "v", True, (0.0, (6.0, 1.3, 1.0, 1.3, 1.0, 1.3))),
    Look(FOURTH, "P", False, (0.0, (2.0, 2.4))),
)


def nth_look(place: int, count: int) -> Look:
    """The look of one group of several.

    Parameters
    ----------
    place : int
        From 0, in page order.
    count : int
        How many groups there are.

    Returns
    -------
    Look
        Colour, marker and dash.

    Raises
    ------
    SpecError
        If there are more groups than looks.
    """
    if count > len(LOOKS):
        raise SpecError(f"figures: {count} groups; at most {len(LOOKS)} can be told apart.")
    return LOOKS[place]


def look_of(results: Results, arm: str) -> Look:
    """The look of a group; colours follow the order of the arms, and everyone is drawn in ink.

    Parameters
    ----------
    results : Results
        Its arms.
    arm : str
        Arm code or ``all``.

    Returns
    -------
    Look
        Colour, marker and dash.

    Raises
    ------
    SpecError
        If there are more arms than looks.
    """
    if arm == EVERYONE:
        return POOLED
    return nth_look(list(results.catalogue.arms).index(arm), len(results.catalogue.arms))


@dataclass(frozen=True)
class Fonts:
    """The font files of a folder.

    Parameters
    ----------
    folder : Path
        Holds ``Inter-Regular`` and ``Inter-SemiBold``, as OpenType or TrueType.
    """

    folder: Path

    @cached_property
    def files(self) -> dict[str, Path]:
        """Weight and file, each of which exists.

        Returns
        -------
        dict of str to Path
            By weight.
        """
        found = {weight: self._file(stem) for weight, stem in FONT_FILES.items()}
        missing = [FONT_FILES[weight] for weight, path in found.items() if path is None]
        if missing:
            raise SpecError(
                f"{self.folder}: no {' nor '.join(missing)} ({' or '.join(FONT_SUFFIXES)}); Inter is required."
            )
        return {weight: path for weight, path in found.items() if path is not None}

    def _file(self, stem: str) -> Path | None:
        paths = (self.folder / f"{stem}{suffix}" for suffix in FONT_SUFFIXES)
        return next((path for path in paths if path.is_file()), None)

    def of(self, weight: str = "regular", size: float = TEXT_SIZE) -> FontProperties:
        """Name a font at a size.

        Parameters
        ----------
        weight : {"regular", "semibold"}
            Weight.
        size : float
            Points.

        Returns
        -------
        FontProperties
            By its file.
        """
        return FontProperties(fname=str(self.files[weight]), size=size)


class Sheet:
    """A page on which axes and words are placed in millimetres from its lower left corner.

    Parameters
    ----------
    width, height : float
        Millimetres.
    fonts : Fonts
        Inter.
    """

    def __init__(self, width: float, height: float, fonts: Fonts) -> None:
        """Cut the paper."""
        self.width, self.height, self.fonts = width, height, fonts
        self.figure = Figure(figsize=(width / MILLIMETRES_PER_INCH, height / MILLIMETRES_PER_INCH))
        self.canvas = FigureCanvasAgg(self.figure)

    def axes(self, left: float, bottom: float, right: float, top: float) -> Axes:
        """Place axes without a box.

        Parameters
        ----------
        left, bottom, right, top : float
            Millimetres.

        Returns
        -------
        Axes
            With two thin spines.
        """
        rect = (left / self.width, bottom / self.height, (right - left) / self.width, (top - bottom) / self.height)
        axes = self.figure.add_axes(rect)
        axes.patch.set_visible(False)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        for side in ("left", "bottom"):
            axes.spines[side].set_linewidth(THIN)
            axes.spines[side].set_color(INK)
        axes.tick_params(length=2.5, width=THIN, color=INK, pad=2)
        return axes

    def write(self, x: float, y: float, words: str, *, weight: str = "regular", color: str = INK,
              size: float = TEXT_SIZE, **place: Any) -> Text:  # fmt: skip
        """Write words at a position of the page.

        Parameters
        ----------
        x, y : float
            Millimetres.
        words : str
            What is printed.
        weight : {"regular", "semibold"}
            Weight.
        color : str
            Colour.
        size : float
            Points.
        **place : object
            Alignment and the like, as `matplotlib.text.Text` takes them.

        Returns
        -------
        Text
            As set.
        """
        text = self.figure.text(x / self.width, y / self.height, words, color=color, **place)
        return self._settled(self.dress(text, weight, size))

    def write_on(self, axes: Axes, x: float, y: float, words: str, *, weight: str = "regular", color: str = INK,
                 size: float = TEXT_SIZE, **place: Any) -> Text:  # fmt: skip
        """Write words at a position of the data.

        Parameters
        ----------
        axes : Axes
            Where.
        x, y : float
            Data coordinates, unless a transform is given.
        words : str
            What is printed.
        weight : {"regular", "semibold"}
            Weight.
        color : str
            Colour.
        size : float
            Points.
        **place : object
            Alignment and the like, as `matplotlib.text.Text` takes them.

        Returns
        -------
        Text
            As set.
        """
        return self._settled(self.dress(axes.text(x, y, words, color=color, **place), weight, size))

    def _settled(self, text: Text) -> Text:
        """The text, moved by what its digits are wider than matplotlib takes them for when it aligns a line."""
        share = {"center": 0.5, "right": 1.0}.get(str(text.get_horizontalalignment()), 0.0)
        words = text.get_text()
        if share and "\n" not in words and not text.get_rotation():
            large = Text(fontproperties=text.get_fontproperties(), fontsize=FINE_SIZE)  # widths are whole pixels
            extra = self._width(large, words.translate(TABULAR)) - self._width(large, words)
            extra *= float(text.get_fontsize()) / FINE_SIZE
            move = ScaledTranslation(-share * extra / MILLIMETRES_PER_INCH, 0.0, self.figure.dpi_scale_trans)
            text.set_transform(text.get_transform() + move)
        return text

    def _width(self, like: Text, words: str) -> float:
        """Width of words in the font of a text, in millimetres."""
        text = Text(0, 0, words, fontproperties=like.get_fontproperties(), parse_math=False)
        text.set_figure(self.figure)
        box = text.get_window_extent(self.canvas.get_renderer())  # type: ignore[no-untyped-call]
        return float(box.width) / self.figure.dpi * MILLIMETRES_PER_INCH

    def dress(self, text: Text, weight: str = "regular", size: float = TEXT_SIZE) -> Text:
        """Set a text in Inter with tabular digits, and print it as it stands: a dollar sign is no mathematics.

        Parameters
        ----------
        text : Text
            Changed in place.
        weight : {"regular", "semibold"}
            Weight.
        size : float
            Points.

        Returns
        -------
        Text
            The same.
        """
        text.set_parse_math(False)
        text.set_fontproperties(self.fonts.of(weight, size))
        text.set_fontfeatures(["tnum"])
        return text

    def ticks(self, axes: Axes, which: str, places: Sequence[float], words: Sequence[str]) -> None:
        """Set the ticks of an axis.

        Parameters
        ----------
        axes : Axes
            Where.
        which : {"x", "y"}
            Axis.
        places : sequence of float
            Data coordinates.
        words : sequence of str
            One for each.
        """
        axis = axes.xaxis if which == "x" else axes.yaxis
        axis.set_ticks(list(places), labels=list(words))
        axis.set_ticks([], minor=True)
        for tick in axis.get_ticklabels():
            self.dress(tick, size=SMALL_SIZE)
            tick.set_color(INK)

    def name(self, axes: Axes, which: str, words: str) -> None:
        """Name an axis.

        Parameters
        ----------
        axes : Axes
            Where.
        which : {"x", "y"}
            Axis.
        words : str
            Name and unit.
        """
        text = axes.set_xlabel(words, labelpad=3) if which == "x" else axes.set_ylabel(words, labelpad=3)
        self.dress(text).set_color(INK)

    def extent(self, words: str, *, weight: str = "regular", size: float = TEXT_SIZE) -> float:
        """Measure words.

        Parameters
        ----------
        words : str
            One line.
        weight : {"regular", "semibold"}
            Weight.
        size : float
            Points.

        Returns
        -------
        float
            Width in millimetres.
        """
        return self._width(self.dress(Text(0, 0, words), weight, size), words.translate(TABULAR))

    def key_lines(self, names: Sequence[str], gap: float, room: float) -> list[int]:
        """Arrange the names of a key in lines; a name of several lines has those to itself.

        Parameters
        ----------
        names : sequence of str
            Of the groups, in semibold, broken where a line has no room for them.
        gap : float
            Millimetres that a name takes beside itself: its sign and the distance to the next.
        room : float
            Millimetres that a line has.

        Returns
        -------
        list of int
            First line of each name, from 0.
        """
        lines, line, taken, more = [], 0, 0.0, 0
        for name in names:
            width = self.widest([name], weight="semibold") + gap
            if taken and (taken + width > room + gap or more or "\n" in name):
                line, taken = line + 1 + more, 0.0
            taken, more = taken + width, name.count("\n")
            lines.append(line)
        return lines

    def widest(self, words: Iterable[str], *, weight: str = "regular", size: float = TEXT_SIZE) -> float:
        """Measure the widest line of several words.

        Parameters
        ----------
        words : iterable of str
            Each of one line or more.
        weight : {"regular", "semibold"}
            Weight.
        size : float
            Points.

        Returns
        -------
        float
            Millimetres; 0 where there are none.
        """
        lines = {line for text in words for line in text.split("\n")}
        return max((self.extent(line, weight=weight, size=size) for line in lines), default=0.0)

    def wrap(self, words: str, room: float, *, weight: str = "regular", size: float = TEXT_SIZE) -> str:
        """Break words at blanks into as many lines as a width needs, and within a word that no line has room for.

        Parameters
        ----------
        words : str
            One line.
        room : float
            Millimetres.
        weight : {"regular", "semibold"}
            Weight.
        size : float
            Points.

        Returns
        -------
        str
            Lines.
        """
        lines = [""]
        for word in words.split(" "):  # a no-break space holds words together
            longer = f"{lines[-1]} {word}".strip()
            if self.extent(longer, weight=weight, size=size) <= room:
                lines[-1] = longer
                continue
            *whole, last = self._parts(word, room, weight, size)
            lines = [*(lines if lines[-1] else lines[:-1]), *whole, last]
        return "\n".join(lines)

    def _parts(self, word: str, room: float, weight: str, size: float) -> list[str]:
        """A word in pieces that each have room: broken after a sign of punctuation if it has one, else anywhere."""
        parts = []
        while word and self.extent(word, weight=weight, size=size) > room:
            low, high = 1, len(word) - 1
            while low < high:
                middle = (low + high + 1) // 2
                fits = self.extent(word[:middle], weight=weight, size=size) <= room
                low, high = (middle, high) if fits else (low, middle - 1)
            if low >= len(word):
                break
            breaks = [i + 1 for i in range(low // 2, low) if word[i] in BREAKS]
            end = breaks[-1] if breaks else low
            parts.append(word[:end])
            word = word[end:]
        return [*parts, word]


def empty_figure(width: float, fonts: Fonts, words: str) -> Figure:
    """Draw a frame that says why there is nothing in it.

    Parameters
    ----------
    width : float
        Millimetres.
    fonts : Fonts
        Inter.
    words : str
        A sentence without numbers.

    Returns
    -------
    Figure
        The sentence has gid ``empty``.
    """
    sheet = Sheet(width, EMPTY_HEIGHT, fonts)
    axes = sheet.axes(2.0, 2.0, width - 2.0, EMPTY_HEIGHT - 2.0)
    sheet.ticks(axes, "x", [], [])
    sheet.ticks(axes, "y", [], [])
    for spine in axes.spines.values():
        spine.set(visible=True, linewidth=THIN, color=RULE)
    words = sheet.wrap(words, width - 10.0)
    sheet.write(width / 2, EMPTY_HEIGHT / 2, words, color=SOFT, linespacing=1.3, ha="center", va="center", gid="empty")
    return sheet.figure


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


def decimals_of(value: float) -> int:
    """Decimals that a tick needs to be printed as it is.

    Parameters
    ----------
    value : float
        A round number.

    Returns
    -------
    int
        0 to 3.
    """
    return next((count for count in range(3) if abs(round(value, count) - value) < 1e-9), 3)


def nice_steps(low: float, high: float, most: int) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`, in steps of 1, 2, 2.5 or 5 times a power of ten.

    Parameters
    ----------
    low, high : float
        Range to cover, `low` below `high`.
    most : int
        Largest number of steps.

    Returns
    -------
    list of float
        Ascending.
    """
    power = 10.0**-12
    while True:
        for factor in (1.0, 2.0, 2.5, 5.0):
            step = factor * power
            first, last = _floor(low / step), -_floor(-high / step)
            if last - first <= most:
                return [round(i * step, 12) for i in range(first, last + 1)]
        power *= 10.0


def ticks_inside(low: float, high: float, most: int) -> list[float]:
    """Round numbers between `low` and `high`, as many as there may be.

    Parameters
    ----------
    low, high : float
        Range, `low` below `high`.
    most : int
        Largest number of ticks, two or more.

    Returns
    -------
    list of float
        Ascending; multiples of 1, 2, 2.5 or 5 times a power of ten.
    """
    for steps in range(3 * most + 4, 0, -1):
        inside = [step for step in nice_steps(low, high, steps) if low - 1e-9 <= step <= high + 1e-9]
        if len(inside) <= most:
            return inside
    return [0.0]


def _floor(value: float) -> int:
    rounded = round(value)
    return rounded if abs(value - rounded) < 1e-9 else int(value // 1)
