"""What a rounded share of a curve leaves possible of the count behind it, and which times leave every count open.

Numbers only, no rows. A share rounded to whole percentages stands for several counts; a stretch between two times is
told only as far as the counts at its two ends differ whatever they are. A stretch may be told where one of the counts
that it can hold is none, or not small.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from npcstats.disclosure.rule import SmallCounts
from npcstats.formatting import round_number

TOLERANCE = 1e-9  # of a share that is nobody's
DECIMALS = 2
"""Decimals of a share that is published: whole percentages."""
Span = tuple[int, int]
"""The least and the largest count that agree with what is published."""


@dataclass(frozen=True)
class Share:
    """A share of an arm at a time, as computed: of those with the event, or of those without it.

    Parameters
    ----------
    count : int
        Events by then.
    step : float
        How far one event more by then moves the share: those still without an event, over those still at risk.
    value, low, high : float
        The share and its limits; limits NaN where they are not published.
    without : bool
        Whether it is the share of those without the event, as survival is.
    conf_level : float
        Of the limits.
    conf_type : str
        Scale of the limits: ``plain``, ``log`` or ``log-log``.
    """

    count: int
    step: float
    value: float
    low: float
    high: float
    without: bool
    conf_level: float
    conf_type: str


def possible_counts(share: Share, size: float) -> Span:
    """Find the counts that would be printed as this share and these limits are.

    Parameters
    ----------
    share : Share
        As computed.
    size : float
        Participants of the arm.

    Returns
    -------
    tuple of (int, int)
        Least and largest; only neighbours without a gap are counted in.

    Notes
    -----
    Convention: each event more or fewer moves the share by `step`, as one that happens, or does not, just before that
    time does; an earlier one moves it less. Limits move as those of a binomial with that share and count do on their
    scale. On another scale no count but its own is possible.
    """
    risk = 1 - share.value if share.without else share.value
    if not math.isfinite(risk) or share.conf_type not in ("plain", "log", "log-log"):
        return share.count, share.count
    low = high = share.count
    while low > 0 and _agrees(share, low - 1):
        low -= 1
    while high < size and _agrees(share, high + 1):
        high += 1
    return low, high


def _agrees(share: Share, count: int) -> bool:
    """Whether another count would be printed as the share is."""
    risk = 1 - share.value if share.without else share.value
    moved = risk + (count - share.count) * share.step if count else 0.0
    if not -TOLERANCE <= moved <= 1:
        return False
    value = 1 - moved if share.without else moved
    if math.isnan(share.low + share.high):
        return _printed((value,)) == _printed((share.value,))
    before, after = _limits(share, share.count, risk), _limits(share, count, moved)
    limits = [own + new - old for own, old, new in zip((share.low, share.high), before, after, strict=True)]
    return _printed((value, *limits)) == _printed((share.value, share.low, share.high))


def _printed(values: Sequence[float]) -> tuple[str, ...]:
    return tuple(str(round_number(value, DECIMALS, "half-away")) if math.isfinite(value) else "" for value in values)


def _limits(share: Share, count: int, risk: float) -> tuple[float, float]:
    """Limits of a binomial share on the scale of the limits; NaN where the scale has none."""
    value = 1 - risk if share.without else risk
    if not 0 < value < 1 or not count:
        return math.nan, math.nan
    quantile = NormalDist().inv_cdf((1 + share.conf_level) / 2)
    error = quantile * math.sqrt(value * (1 - value) * risk / count)
    if share.conf_type == "plain":
        return max(0.0, value - error), min(1.0, value + error)
    if share.conf_type == "log":
        return value * math.exp(-error / value), min(1.0, value * math.exp(error / value))
    factor = math.exp(error / (value * abs(math.log(value))))
    return value**factor, value ** (1 / factor)


def is_open(least: int, most: int, rule: SmallCounts) -> bool:
    """Whether a count that lies between two numbers may be none, or not small.

    Parameters
    ----------
    least, most : int
        What is known of it.
    rule : SmallCounts
        What is small.

    Returns
    -------
    bool
        False where every possible count is small.
    """
    return least <= 0 or most >= rule.below


def keep_times(spans: Mapping[float, Span], order: Iterable[float], rule: SmallCounts, end: int | None) -> list[float]:
    """Choose times at which a count that grows may be told, so that the count of every stretch between two stays open.

    Parameters
    ----------
    spans : mapping of float to tuple of (int, int)
        By time, least and largest count by then.
    order : iterable of float
        Times, the most wanted first.
    rule : SmallCounts
        What is small.
    end : int, optional
        The count in the end, where it is told.

    Returns
    -------
    list of float
        Those kept, in the order of time: each wanted one that fits those kept before it.
    """
    kept: list[float] = []
    for time in order:
        tried = sorted({*kept, time})
        if all_open([spans[at] for at in tried], rule, end):
            kept = tried
    return kept


def all_open(spans: Sequence[Span], rule: SmallCounts, end: int | None) -> bool:
    """Whether the count of every stretch between two of several times stays open.

    Parameters
    ----------
    spans : sequence of tuple of (int, int)
        In the order of time.
    rule : SmallCounts
        What is small.
    end : int, optional
        The count in the end, where it is told.

    Returns
    -------
    bool
        Also of the stretches from the beginning and to the end.
    """
    known = [(0, 0), *spans, *([(end, end)] if end is not None else [])]
    lows, highs = [low for low, _ in known], [high for _, high in known]
    for i in range(1, len(known)):  # a count never falls
        lows[i] = max(lows[i], lows[i - 1])
        highs[-1 - i] = min(highs[-1 - i], highs[-i])
    return all(is_open(lows[j] - highs[i], highs[j] - lows[i], rule) for j in range(len(known)) for i in range(j))
