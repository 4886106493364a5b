"""Panels of a mixed model: a column for each marker, two panels one above the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from npcstats.display.fonts import LINE_HEIGHT, SMALL_SIZE
from npcstats.display.lookup import analysis_of, printed
from npcstats.display.scales import decimals_of, log_steps, ticks_inside
from npcstats.display.sheet import Sheet
from npcstats.results import Results

COLUMNS = {"full": 3, "column": 1}
LEFT, RIGHT, GAP, TITLE_ROOM = 12.0, 2.0, 13.0, 6.0
HEIGHTS = (34.0, 24.0)
BETWEEN, LINE_GAP = 7.0, 5.0


@dataclass(frozen=True)
class Grid:
    """Where panels stand, in millimetres of the page."""

    columns: int
    lines: int
    width: float
    head: float
    below: float
    paired: bool

    @property
    def tall(self) -> float:
        """Height of a line of panels, its title included.

        Returns
        -------
        float
            Millimetres.
        """
        return TITLE_ROOM + HEIGHTS[0] + ((BETWEEN + HEIGHTS[1]) if self.paired else 0.0)

    @property
    def height(self) -> float:
        """Height of the page.

        Returns
        -------
        float
            Millimetres.
        """
        return self.head + self.lines * (self.tall + self.below) + (self.lines - 1) * LINE_GAP

    def place(self, nth: int) -> tuple[float, float]:
        """Where a marker's panels begin.

        Parameters
        ----------
        nth : int
            Place of the marker, from 0.

        Returns
        -------
        tuple of (float, float)
            Left edge, and the upper edge of the first panel.
        """
        line, column = divmod(nth, self.columns)
        left = LEFT + column * (self.width + GAP)
        return left, self.height - self.head - line * (self.tall + self.below + LINE_GAP) - TITLE_ROOM


def grid_of(panels: int, width: float, most: int, *, head: float, below: float, paired: bool) -> Grid:
    """Arrange panels in columns.

    Parameters
    ----------
    panels : int
        Markers, one or more.
    width : float
        Of the page, in millimetres.
    most : int
        Columns that there may be.
    head, below : float
        Room above all panels, and below each line of them.
    paired : bool
        Whether each marker has two panels.

    Returns
    -------
    Grid
        As many columns as fill the lines best.
    """
    columns = max(range(1, min(most, panels) + 1), key=lambda n: (-panels // n, panels % n == 0, n))
    room = (width - LEFT - RIGHT - GAP * (columns - 1)) / columns
    return Grid(columns, -(-panels // columns), room, head, below, paired)


def panels_at(sheet: Sheet, grid: Grid, nth: int) -> tuple[Axes, Axes | None]:
    """Place the panels of a marker.

    Parameters
    ----------
    sheet : Sheet
        Page.
    grid : Grid
        Where they stand.
    nth : int
        Place of the marker, from 0.

    Returns
    -------
    tuple of (Axes, Axes or None)
        The upper, and the lower where there are two.
    """
    left, top = grid.place(nth)
    right, middle = left + grid.width, top - HEIGHTS[0]
    upper = sheet.axes(left, middle, right, top)
    lower = sheet.axes(left, middle - BETWEEN - HEIGHTS[1], right, middle - BETWEEN) if grid.paired else None
    return upper, lower


def scale_values(sheet: Sheet, axes: Axes, results: Results, values: Sequence[float], *, log: bool) -> None:
    """Set the vertical axis so that all values are inside.

    Parameters
    ----------
    sheet : Sheet
        Page.
    axes : Axes
        Panel.
    results : Results
        Whose rounding is in force.
    values : sequence of float
        Finite, one or more.
    log : bool
        Whether the axis is logarithmic.
    """
    low, high = min(values), max(values)
    if log:
        room = max((high / low) ** 0.06, 1.02)
        low, high = low / room, high * room
        axes.set_yscale("log")
        steps = log_steps(low, high)
        steps = steps if len(steps) < 7 else steps[::2]
    else:
        room = 0.06 * (high - low) or 0.5
        low, high = low - room, high + room
        steps = ticks_inside(low, high, 5)
    axes.set_ylim(low, high)
    decimals = max((decimals_of(step) for step in steps), default=0)
    sheet.ticks(axes, "y", steps, [printed(results, step, f"decimal{decimals}") for step in steps])


def visit_names(sheet: Sheet, results: Results, analysis: str, windows: Sequence[str], room: float) -> list[str]:
    """Names of visits, broken so that they fit below a panel, turned by 90 degrees.

    Parameters
    ----------
    sheet : Sheet
        Page, for measuring.
    results : Results
        Labels.
    analysis : str
        Id.
    windows : sequence of str
        Codes.
    room : float
        Millimetres that a line has.

    Returns
    -------
    list of str
        One for each.
    """
    labels = analysis_of(results, analysis).labels["window"]
    return [sheet.wrap(labels.get(code, code), room, size=SMALL_SIZE) for code in windows]


def key_room(lines: int) -> float:
    """Room that lines of a key take above all panels.

    Parameters
    ----------
    lines : int
        None where there is no key.

    Returns
    -------
    float
        Millimetres.
    """
    return 2.0 + LINE_HEIGHT * lines
