"""Sizes of arms where no arm is shown, and letters in another order than their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations

from npcstats.release.disguises import SEAM
from npcstats.release.forbidden import Sizes

SIZES = "the sizes of the arms of an analysis set"
ORDER = "arms in another order than that of their letters"
LETTER = "an arm by its letter where no arm is shown"
CONTRAST = "a contrast that is not of a letter minus a later one"
COUNT = r"(?:\(?\s*n\s*=\s*)?"
# Between two numbers that are told together: a word or a sign, and brackets around a share or a count.
SHARE = r"(?:\s*(?:participants|patients|subjects)?\s*(?:\([^()\n]{1,20}\)|\[[^\[\]\n]{1,20}\])?\)?)"
TOGETHER = (
    rf"{SHARE}\s*(?:,?\s*(?:and|vs\.?|versus|against|or|to|v\.)\s+(?:\w+\s+)?|[:;|+&]\s*|[^\d]{{0,40}}?\bn\s*=\s*)"
)
# A small number over a large one is a count of a total: only beside such a word are they two groups.
GROUPED = r"\b(?:arms?|groups?|allocat\w+|sizes?|split|ratio|randomi[sz]ed|per arm|by arm|n\s*=)\b\D{0,40}"
SLASHED = r"\s*[/\-\u2010-\u2015,]\s*"
# A number alone in its cell, whatever share stands behind it.
LONE = r"[ \t]*(?:{})[ \t]*(?:\([^()\n]{{1,20}}\))?[ \t]*"
GAP = r"[\n\t]+"
LETTERED = re.compile(r"\b(?:[Aa]rms?|ARM|[Tt]reatment)[\s_-]+[A-Z](?![\w-])")
LABELS = r"\b(?:arm|group|treatment)\s+([{letters}])\b"
CELL = re.compile("[\n\x1f\t|]")
BESIDE = re.compile(r"[\s|,;/]*(?:\(?\s*n\s*=\s*[\s\d,]+\)?[\s|,;/]*)?\Z", re.I)
AGAINST = r"(?:minus|[\u2212\u2013]|vs\.?|versus|over|against|compared with)"
MINUS = rf"\b([{{letters}}])\s*{AGAINST}\s*(?:[Aa]rm\s+)?([{{letters}}])\b"


def find_sizes(text: str, sizes: tuple[Sizes, ...]) -> Iterator[str]:
    """Find the sizes of the arms of an analysis set, told together.

    A number that is by chance as large as an arm tells nothing; all arms' numbers side by side do.

    Parameters
    ----------
    text : str
        In small letters.
    sizes : tuple of Sizes
        Of the analysis sets.

    Yields
    ------
    str
        What was found.
    """
    for one in dict.fromkeys(item.counts for item in sizes):
        if len(one) < 2 or min(one) < 2 or not all(_stands(count, text) for count in one):
            continue
        orders = {*permutations(one)} if len(one) < 5 else {one, one[::-1]}
        if any(re.search(_together(order), text) or re.search(_in_cells(order), text) for order in orders):
            yield SIZES
            return


def _stands(count: int, text: str) -> bool:
    return str(count) in text or f"{count:,}" in text


def _number(count: int) -> str:
    return rf"(?<![\d.,]){COUNT}(?:{count}|{count:,})(?![\d%]|[.,]\d)"


def _together(order: tuple[int, ...]) -> str:
    """A pattern of numbers told together, of which no further one follows."""
    numbers = [_number(count) for count in order]
    said = TOGETHER.join(numbers)
    grouped = GROUPED + rf"(?:{SLASHED}|{TOGETHER})".join(numbers)
    return rf"(?:{said}|{grouped})(?!\s*(?:[:;|+&/]|and|vs)\s*\d)"


def _in_cells(order: tuple[int, ...]) -> str:
    """A pattern of numbers in cells of their own, one after the other, and their sum behind or before them.

    Two numbers alone could be two of anything, as what was due and what was done; with their sum they are a whole in
    parts.
    """
    cells = [LONE.format(f"{count}|{count:,}") for count in (*order, sum(order))]
    row, turned = (GAP.join(one) for one in (cells, [cells[-1], *cells[:-1]]))
    return rf"(?:\A|[\n\t])(?:{row}|{turned})(?:\Z|[\n\t])"


def find_letters(text: str) -> Iterator[str]:
    """Find arms by letters, in a package that shows none.

    Parameters
    ----------
    text : str
        As read.

    Yields
    ------
    str
        What was found.
    """
    if LETTERED.search(text.replace(SEAM, " ")):
        yield LETTER


def find_turned(heads: Sequence[str], letters: tuple[str, ...]) -> Iterator[str]:
    """Find heads of columns that do not begin with the first letter.

    Parameters
    ----------
    heads : sequence of str
        Of a table, from left to right.
    letters : tuple of str
        In their order.

    Yields
    ------
    str
        What was found.
    """
    known = re.compile(LABELS.format(letters="".join(letters)), re.I) if letters else None
    found = [known.search(head) if known else None for head in heads]
    run = [one[1].upper() if one else head.strip() for one, head in zip(found, heads, strict=True)]
    if _is_turned([letter for letter in run if letter in letters], letters):
        yield ORDER


def find_orders(text: str, letters: tuple[str, ...]) -> Iterator[str]:
    """Find letters side by side that do not begin with the first of them, and contrasts that run the other way.

    Parameters
    ----------
    text : str
        Of a page.
    letters : tuple of str
        In their order.

    Yields
    ------
    str
        What was found.
    """
    if len(letters) < 2:
        return
    known = "".join(letters)
    page = text.replace(SEAM, " ")
    found = [*re.finditer(LABELS.format(letters=known), page, re.I)]
    runs: list[list[str]] = [[]]
    for before, after in pairwise([None, *found]):
        if after is None:
            continue
        if before is None or not BESIDE.match(page[before.end() : after.start()]):
            runs.append([])
        runs[-1].append(after[1].upper())
    runs += _alone(text, letters)
    if any(_is_turned(run, letters) for run in runs):
        yield ORDER
    if any(one > other for one, other in re.findall(MINUS.format(letters=known), page)):
        yield CONTRAST


def _alone(text: str, letters: tuple[str, ...]) -> list[list[str]]:
    """Letters that stand side by side, each alone in its cell."""
    runs: list[list[str]] = [[]]
    for cell in CELL.split(text):
        if cell.strip() in letters:
            runs[-1].append(cell.strip())
        elif cell.strip():
            runs.append([])
    return runs


def _is_turned(run: list[str], letters: tuple[str, ...]) -> bool:
    """Whether a row of labels begins with a later letter and goes on to an earlier one, or leaps within a round."""
    return len(run) > 1 and run[0] != letters[0] and any(one > other for one, other in pairwise(run))
