"""The one place where a number becomes text.

A style names how a number is printed; the results row it came from names the number. Every number printed in a
table, a figure or a sentence passes through `format_number`, every time through `format_time`.
"""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Literal

from npcstats.errors import SpecError

Rounding = Literal["half-away", "half-even"]

ROUNDINGS: tuple[Rounding, ...] = ("half-away", "half-even")
SIGNIFICANT_DIGITS = 15
MINUS = "−"
NOT_ESTIMABLE = "NE"
NOT_APPLICABLE = "–"
NOT_PUBLISHED = "s"
MARKUP = re.compile(r"([!-+\-/:<-@\[-`{-~]|\.(?=\.)|(?<=\.)\.)")
NUMBERED = re.compile(r"^(\s*\w+)\.(?=\s|$)")
INDENT = re.compile(r"^[ \t]{4,}")
EXPONENT = re.compile(r"\^(-?[0-9]+)")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How a number is printed: scaled, then rounded to decimals, between a floor and a ceiling; or as month or day."""

    scale: int
    decimals: int
    floor: float | None = None
    ceiling: float | None = None
    calendar: str = ""


STYLES: dict[str, Style] = {
    "count": Style(1, 0),
    "decimal0": Style(1, 0),
    "decimal1": Style(1, 1),
    "decimal2": Style(1, 2),
    "decimal3": Style(1, 3),
    "percent0": Style(100, 0),
    "percent1": Style(100, 1),
    "p_value": Style(1, 3, floor=0.001),
    "p_value4": Style(1, 4, floor=0.0001),
    "ratio": Style(1, 2, floor=0.01, ceiling=1000.0),
    "month_year": Style(1, 0, calendar="month"),
    "date": Style(1, 0, calendar="day"),
}
"""Closed set of styles.

``percent*`` prints a proportion, or a difference of proportions, times 100; ``month_year`` an ordinal day as its month,
``date`` as itself.
"""


def round_number(value: float, decimals: int, rounding: Rounding) -> Decimal:
    """Round to a number of decimals, after reducing the value to 15 significant digits.

    Parameters
    ----------
    value : float
        Finite number.
    decimals : int
        Digits after the decimal point, 0 or more.
    rounding : {"half-away", "half-even"}
        What happens to an exact half: away from zero as SAS does, or to the even digit as R does.

    Returns
    -------
    Decimal
        The rounded value; never a negative zero.

    Raises
    ------
    SpecError
        If `rounding` is not in the closed set.

    Notes
    -----
    Convention: 15 significant digits first, so that 0.285 × 100 is 28.5 and not 28.499999999999996.
    """
    if rounding not in ROUNDINGS:
        raise SpecError(f"rounding is {rounding!r}; one of {', '.join(ROUNDINGS)} is required.")
    mode = ROUND_HALF_UP if rounding == "half-away" else ROUND_HALF_EVEN
    significant = Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}")
    rounded = significant.quantize(Decimal(1).scaleb(-decimals), rounding=mode)
    return abs(rounded) if rounded == 0 else rounded


def format_number(value: float, style: str, *, rounding: Rounding) -> str:
    """Print a number in a named style, with a true minus sign.

    Parameters
    ----------
    value : float
        The number as it stands in a row of results; NaN where it could not be estimated.
    style : str
        One of `STYLES`.
    rounding : {"half-away", "half-even"}
        From the plan.

    Returns
    -------
    str
        The text; ``NE`` for NaN, ``∞`` for infinity, ``<0.001`` below a style's floor, ``>1000`` above its ceiling.

    Raises
    ------
    SpecError
        If the style or the rounding does not exist.
    """
    if style not in STYLES:
        raise SpecError(f"style is {style!r}; one of {', '.join(STYLES)} is required.")
    if math.isnan(value):
        return NOT_ESTIMABLE
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    chosen = STYLES[style]
    if chosen.floor is not None and 0 <= value < chosen.floor:
        return f"<{chosen.floor:g}"
    if chosen.ceiling is not None and value > chosen.ceiling:
        return f">{chosen.ceiling:g}"
    if chosen.calendar:
        day = datetime.date.fromordinal(int(value))
        return format_date(day) if chosen.calendar == "day" else f"{MONTHS[day.month - 1]} {day.year}"
    rounded = round_number(value * chosen.scale, chosen.decimals, rounding)
    return f"{rounded:f}".replace("-", MINUS)


def format_time(value: float) -> str:
    """Print a time as the number that it is: 12, 6.96, 0.5; never another time near it.

    Parameters
    ----------
    value : float
        On some clock, such as a landmark in months.

    Returns
    -------
    str
        As many digits as the time needs, 15 significant ones at most, with a true minus sign; ``NE`` for NaN.
    """
    if not math.isfinite(value):
        return format_number(value, "decimal0", rounding="half-away")
    digits = f"{Decimal(f'{value:.{SIGNIFICANT_DIGITS}g}'):f}"
    whole = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if whole == "-0" else whole.replace("-", MINUS)


def noun(count: float, one: str, many: str = "") -> str:
    """Choose the word that goes with a number: 1 month, 6.96 months.

    Parameters
    ----------
    count : float
        The number.
    one, many : str
        Words for 1 and for any other number; without `many`, `one` and an s.

    Returns
    -------
    str
        The word alone.
    """
    return one if count == 1 else many or f"{one}s"


def counted(count: int, one: str, many: str = "") -> str:
    """Print a count with its word: 1 participant, 2 participants, 1,234 participants.

    Parameters
    ----------
    count : int
        How many.
    one, many : str
        Words for 1 and for any other number; without `many`, `one` and an s.

    Returns
    -------
    str
        Number and word.
    """
    return f"{count:,} {noun(count, one, many)}"


def format_date(day: datetime.date) -> str:
    """Print a date in words, such as 30 June 2027.

    Parameters
    ----------
    day : date
        Calendar day.

    Returns
    -------
    str
        Day, month in words, year.
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def format_percent_level(conf_level: float) -> str:
    """Print a confidence level as a percentage without trailing zeros, such as 95%.

    Parameters
    ----------
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    str
        The percentage with its sign.
    """
    return f"{round_number(conf_level * 100, 6, 'half-away').normalize():f}%"


def format_unit(unit: str) -> str:
    """Print a unit with raised exponents, such as 10⁹/L for ``10^9/L``.

    Parameters
    ----------
    unit : str
        As the data write it.

    Returns
    -------
    str
        The unit; every digit or sign that follows a caret is raised.
    """
    return EXPONENT.sub(lambda found: found[1].translate(RAISED), unit)


def escape_markdown(text: str) -> str:
    """Write a text so that a reader of Markdown gives back its very signs, and takes none of them for markup.

    Parameters
    ----------
    text : str
        Any text, from data or plan.

    Returns
    -------
    str
        One line of Markdown: every sign that could mean something stands behind a backslash.
    """
    escaped = MARKUP.sub(r"\\\1", " ".join(text.splitlines()))
    return INDENT.sub("&#32;", NUMBERED.sub(r"\1\\.", escaped))
