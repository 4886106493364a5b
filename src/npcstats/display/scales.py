"""Where the ticks of an axis stand: round numbers, months, and round numbers of a logarithmic scale."""

from __future__ import annotations

import math

YEAR = 12.0
LOG_FACTORS = ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0))


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


def nice_months(last: float) -> list[float]:
    """Ticks from 0 in steps of 3, 6, 12 or 24 months, the last at or after a time.

    Parameters
    ----------
    last : float
        Time in months.

    Returns
    -------
    list of float
        Ascending, at most eight steps unless the time is beyond sixteen years.
    """
    step = next((s for s in (3.0, 6.0, YEAR, 2 * YEAR) if last <= 8 * s), 2 * YEAR)
    return [step * i for i in range(math.ceil(last / step) + 1)]


def log_steps(low: float, high: float) -> list[float]:
    """Ticks of a logarithmic axis inside a range, from powers of ten to finer round numbers, until there are three.

    Parameters
    ----------
    low, high : float
        Range, above zero, `low` below `high`.

    Returns
    -------
    list of float
        Ascending.
    """
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    for factors in LOG_FACTORS:
        steps = [round(factor * 10.0**power, 10) for power in powers for factor in factors]
        inside = [step for step in steps if low <= step <= high]
        if len(inside) >= 3:
            return inside
    return ticks_inside(low, high, 4)
