"""Paper of every figure: axes and words in millimetres, set in Inter with tabular digits.

Nothing here reads a global setting or writes one: each text names its font file, each figure its size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import ScaledTranslation

from npcstats.display.fonts import SMALL_SIZE, TEXT_SIZE, Fonts
from npcstats.display.looks import INK, RULE, SOFT

THIN = 0.5
LINE = 1.2
BAND_ALPHA = 0.13
MILLIMETRES_PER_INCH = 25.4
EMPTY_HEIGHT = 24.0
FINE_SIZE = 60.0
BREAKS = "-–/\u00a0_.,;:)"
TABULAR = str.maketrans(dict.fromkeys("0123456789", "\u2007"))
"""Digits as the blank that is as wide as a tabular digit: matplotlib draws these, but measures proportional ones."""


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
