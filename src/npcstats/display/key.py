"""The key above a figure: which sign is which arm, in as many lines as the names take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from npcstats.display.looks import Look, look_of
from npcstats.display.lookup import arm_name
from npcstats.display.sheet import Sheet
from npcstats.results import Results


@dataclass(frozen=True)
class Key:
    """Names of arms, arranged in lines.

    Parameters
    ----------
    names : tuple of str
        In semibold, broken where a line has no room for them.
    looks : tuple of Look
        One for each.
    lines : tuple of int
        First line of each name, from 0.
    left : float
        Millimetres from the left edge of the page to the first sign.
    gap : float
        Millimetres that a name takes beside itself: its sign and the distance to the next.
    """

    names: tuple[str, ...]
    looks: tuple[Look, ...]
    lines: tuple[int, ...]
    left: float
    gap: float

    @property
    def last(self) -> int:
        """The last line that is written.

        Returns
        -------
        int
            From 0.
        """
        return max(line + name.count("\n") for name, line in zip(self.names, self.lines, strict=True))


def arrange_key(
    draft: Sheet, results: Results, arms: Sequence[str], *, left: float, room: float, free: float, gap: float
) -> Key:
    """Arrange the names of arms in lines.

    Parameters
    ----------
    draft : Sheet
        A page of the figure's width, for measuring.
    results : Results
        Names and order of arms.
    arms : sequence of str
        Codes, in page order.
    left : float
        Millimetres from the left edge of the page to the first sign.
    room : float
        Millimetres that a line has.
    free : float
        Millimetres of a line that no name takes, because signs stand there.
    gap : float
        Millimetres that a name takes beside itself.

    Returns
    -------
    Key
        The names and their lines.
    """
    names = tuple(draft.wrap(arm_name(results, arm), room - free, weight="semibold") for arm in arms)
    looks = tuple(look_of(results, arm) for arm in arms)
    return Key(names, looks, tuple(_lines(draft, names, gap, room)), left, gap)


def _lines(draft: Sheet, names: Sequence[str], gap: float, room: float) -> list[int]:
    """First line of each name; a name of several lines has those to itself."""
    lines, line, taken, more = [], 0, 0.0, 0
    for name in names:
        width = draft.widest([name], weight="semibold") + gap
        if taken and (taken + width > room + gap or more or "\n" in name):
            line, taken = line + 1 + more, 0.0
        taken, more = taken + width, name.count("\n")
        lines.append(line)
    return lines


def write_key(sheet: Sheet, key: Key, *, top: float, indent: float, step: float) -> list[tuple[float, float, Look]]:
    """Write the names of a key; the signs are left to the figure.

    Parameters
    ----------
    sheet : Sheet
        Page.
    key : Key
        Names and their lines.
    top : float
        Millimetres from the upper edge of the page to the middle of the first line.
    indent : float
        Millimetres from a sign to its name.
    step : float
        Millimetres from a line to the next.

    Returns
    -------
    list of (float, float, Look)
        Where each sign begins, the height of its middle, in millimetres of the page, and its look.
    """
    x, line, signs = key.left, 0, []
    for name, at, look in zip(key.names, key.lines, key.looks, strict=True):
        x, line = (x, line) if at == line else (key.left, at)
        y = sheet.height - top - step * line
        signs.append((x, y, look))
        for i, words in enumerate(name.split("\n")):
            sheet.write(x + indent, y - step * i, words, weight="semibold", color=look.color, ha="left",
                        va="center_baseline")  # fmt: skip
        x += sheet.widest([name], weight="semibold") + key.gap
    return signs
