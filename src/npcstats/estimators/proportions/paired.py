"""Two proportions of the same participants compared: before and after."""

from __future__ import annotations

import math
from collections.abc import Callable

from npcstats.choices import check_choice
from npcstats.estimators.bounds import cut_note
from npcstats.estimators.checks import check_count, check_probability
from npcstats.estimators.proportions.single import NO_PARTICIPANTS, estimate_proportion, half_quantile
from npcstats.estimators.types import Interval

Cells = tuple[int, int, int, int]
"""Participants with the event both times, the second time only, the first time only, and never."""

NO_DISCORDANCE = "Nobody differed between the two times, so the method gives no limits."


def compare_paired_proportions(
    both: int, gained: int, lost: int, neither: int, *, method: str, conf_level: float
) -> Interval:
    """Compare a proportion with the same participants' proportion at an earlier time.

    Parameters
    ----------
    both, gained, lost, neither : int >= 0
        Participants with the event both times, the second time only, the first time only, and never.
    method : {"newcombe", "wald"}
        How the limits are made.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Interval
        Second minus first proportion in [-1, 1], limits too; `note` says where one was cut. Without participants all
        is NaN, and Wald has no limits where nobody differed between the two times; `note` says so.

    Raises
    ------
    DataError
        If a count is not a whole number of 0 or more.
    SpecError
        If `method` or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* With p2 and p1 the two proportions, l and u their Wilson limits, and phi the correlation of the two
    times, Newcombe's limits are ``p2 - p1 - sqrt((p2 - l2)^2 - 2 phi (p2 - l2)(u1 - p1) + (u1 - p1)^2)`` and the
    mirror image (his method 10: the numerator of phi, where above 0, is less by half the participants, and not below
    0; phi is 0 where a margin is empty). Wald's standard error is ``sqrt(g + l - (g - l)^2 / n) / n`` with g who gained
    and l who lost; its limits are cut at -1 and 1.

    *Verified* against the definitions written in R.

    References
    ----------
    Newcombe RG. Stat Med 1998;17:2635. doi:10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C
    """
    cells = (
        check_count(both, "both"), check_count(gained, "gained"), check_count(lost, "lost"),
        check_count(neither, "neither"),
    )  # fmt: skip
    total = sum(cells)
    check_choice(method, "method", _PAIRED)
    conf_level = check_probability(conf_level, "conf_level")
    if not total:
        return Interval(math.nan, math.nan, math.nan, conf_level, method, NO_PARTICIPANTS)
    estimate = (cells[1] - cells[2]) / total
    lower, upper = _PAIRED[method](cells, conf_level)
    if math.isnan(lower):
        return Interval(estimate, math.nan, math.nan, conf_level, method, NO_DISCORDANCE)
    note = cut_note(lower < -1.0, upper > 1.0) if lower < -1.0 or upper > 1.0 else ""
    return Interval(estimate, max(lower, -1.0), min(upper, 1.0), conf_level, method, note)


def _newcombe(cells: Cells, conf_level: float) -> tuple[float, float]:
    both, gained, lost, _ = cells
    total = sum(cells)
    after = estimate_proportion(both + gained, total, method="wilson", conf_level=conf_level)
    before = estimate_proportion(both + lost, total, method="wilson", conf_level=conf_level)
    phi = _correlation(cells)
    down, up = after.estimate - after.lower, after.upper - after.estimate
    under, over = before.estimate - before.lower, before.upper - before.estimate
    difference = after.estimate - before.estimate
    lower = difference - math.sqrt(down**2 - 2 * phi * down * over + over**2)
    return lower, difference + math.sqrt(up**2 - 2 * phi * up * under + under**2)


def _correlation(cells: Cells) -> float:
    both, gained, lost, neither = cells
    margins = (both + gained) * (lost + neither) * (both + lost) * (gained + neither)
    if not margins:
        return 0.0
    product = float(both * neither - gained * lost)
    return (max(product - sum(cells) / 2, 0.0) if product > 0 else product) / math.sqrt(margins)


def _wald(cells: Cells, conf_level: float) -> tuple[float, float]:
    _, gained, lost, _ = cells
    total = sum(cells)
    if not gained + lost:
        return math.nan, math.nan
    half_width = half_quantile(conf_level) * math.sqrt(gained + lost - (gained - lost) ** 2 / total) / total
    return (gained - lost) / total - half_width, (gained - lost) / total + half_width


_PAIRED: dict[str, Callable[[Cells, float], tuple[float, float]]] = {"newcombe": _newcombe, "wald": _wald}
PAIRED_DIFFERENCES = tuple(_PAIRED)
"""Methods by name."""
