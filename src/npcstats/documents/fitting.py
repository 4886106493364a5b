"""Wide tables: how long the words of each column are, and widths of columns in which none runs into the next.

What a word measures, the writers know; here a letter is a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from npcstats.documents.pandoc import Element, plain_text

# A line may break at spaces, after a dash before a letter, and around what needs no spaces (Chinese, Japanese).
BREAK = re.compile(r"\s+|(?<=[-/–—])(?=[^\W\d])|(?<=[\u2e80-\uffff])|(?=[\u2e80-\uffff])")
PAGE = 60
"""Letters that every page has room for in a row; a wider table is fitted."""
SMALLEST = 5.0
"""Points, the smallest letters that are read without effort."""

Column = list[str]


def columns_of(table: Element) -> list[Column]:
    """Texts of the cells of each column, without those that span several.

    Parameters
    ----------
    table : dict
        A `Table`.

    Returns
    -------
    list of list of str
        The texts by column.
    """
    _, _, specs, head, bodies, foot = table["c"]
    out: list[Column] = [[] for _ in specs]
    for rows in (head[1], *(part for body in bodies for part in body[2:4]), foot[1]):
        for place, cell in _placed(rows):
            if cell[3] == 1 and place < len(out):
                out[place].append(plain_text(cell[4]))
    return out


def _placed(rows: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    """The cells of rows, each with the column it begins in."""
    taken: dict[int, int] = {}
    for _, cells in rows:
        place, taken = 0, {column: left - 1 for column, left in taken.items() if left > 1}
        for cell in cells:
            while place in taken:
                place += 1
            yield place, cell
            taken |= {column: cell[2] for column in range(place, place + cell[3]) if cell[2] > 1}
            place += cell[3]


def longest_words(column: Column) -> list[str]:
    """The words of a column that may be its widest.

    Parameters
    ----------
    column : list of str
        Texts of its cells.

    Returns
    -------
    list of str
        At most three, the longest first.
    """
    return sorted({word for text in column for word in BREAK.split(text) if word}, key=lambda word: (-len(word), word))[
        :3
    ]


def fitted_widths(columns: Sequence[Column], *, always: bool = False) -> list[float]:
    """Shares of the width for the columns of a table that is too wide for its columns to find their own.

    Parameters
    ----------
    columns : sequence of list of str
        Texts by column.
    always : bool
        Whether a table that is not wide has shares, too.

    Returns
    -------
    list of float
        Shares, whose sum is 1: room for the longest word, and for long texts what is left. Empty for a table that is
        not wide, unless they are always wanted.
    """
    needs = [max(map(len, longest_words(column)), default=1) + 1.5 for column in columns]
    wishes = [max(need, *map(len, column)) if column else need for need, column in zip(needs, columns, strict=True)]
    if not always and (sum(wishes) <= PAGE or (sum(needs) <= PAGE and max(needs) <= PAGE / len(needs))):
        return []
    spare = max(0.0, min(1.0, (1.25 * PAGE - sum(needs)) / max(1.0, sum(wishes) - sum(needs))))
    parts = [need + spare * (wish - need) for need, wish in zip(needs, wishes, strict=True)]
    return [part / sum(parts) for part in parts]
