"""Two proportions compared: difference, ratio, ratio of odds."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.errors import SpecError
from npcstats.estimators.checks import check_all_counts, check_counts, check_probability
from npcstats.estimators.proportions.differences import DIFFERENCE_LIMITS
from npcstats.estimators.proportions.distinct import distinct_tables, proportion_notes, within
from npcstats.estimators.proportions.ratios import RATIO_LIMITS, Ratios
from npcstats.estimators.types import FloatArray, Interval, Intervals

NO_GROUP = "A group has no participants."
DIFFERENCES = tuple(DIFFERENCE_LIMITS)
COMPARISONS: dict[str, tuple[str, ...]] = {
    "risk-difference": DIFFERENCES,
    **{
        measure: tuple(method for of, method in RATIO_LIMITS if of == measure)
        for measure in ("risk-ratio", "odds-ratio")
    },
}
"""Methods by measure."""


def compare_proportions(
    count1: int, total1: int, count0: int, total0: int, *, measure: str, method: str, conf_level: float
) -> Interval:
    """Compare two independent proportions, group 1 with group 0.

    Parameters
    ----------
    count1, total1 : int
        Participants with the event and in the denominator, in group 1.
    count0, total0 : int
        The same in group 0, the reference.
    measure : {"risk-difference", "risk-ratio", "odds-ratio"}
        What is estimated: ``p1 - p0``, ``p1 / p0`` or the ratio of odds.
    method : str
        For a risk difference "newcombe", "miettinen-nurminen", "agresti-caffo", "wald" or the exact "chan-zhang"; for
        a risk ratio "katz-log", or by a score test "koopman" or "miettinen-nurminen"; for an odds ratio "woolf-log" or
        "exact-conditional".
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Interval
        Risk difference in [-1, 1], limits too, or a ratio above 0. What is undefined (a group without participants, a
        risk ratio with a group without events, an odds ratio with an empty cell) is NaN; `note` says why, or which
        limit is cut.

    Raises
    ------
    DataError
        If the counts are not whole numbers with ``0 <= count <= total``.
    SpecError
        If `measure`, `method`, their pair or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* Newcombe's interval is the hybrid score one without continuity correction (his method
    10). Miettinen-Nurminen has the variance factor N/(N-1), which Koopman has not. Chan-Zhang inverts two one-sided
    exact tests by the score statistic, at their largest over the proportion of group 0; the limits are the least and
    the largest difference that is not rejected, good to 1e-9 with a maximum good to a relative 1e-6, and take a second
    where groups are of 250. The estimate is the plain difference or ratio of the observed proportions, but with
    "exact-conditional" the conditional maximum likelihood; no cell is increased by a half. Agresti-Caffo and Wald
    limits are cut at -1 and 1, with a note; Wald has none where both proportions are 0 or 1, nor Katz where both are 1.
    Other limits need no cutting. A ratio of which one side is empty is not given, whichever side it is.

    *Verified* against the definitions written in R on 200 tables, against R's ``fisher.test``, and for some against
    what SAS prints.

    References
    ----------
    Newcombe RG. Stat Med 1998;17:873. doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I
    Miettinen O, Nurminen M. Stat Med 1985;4:213. doi:10.1002/sim.4780040211
    Agresti A, Caffo B. Am Stat 2000;54:280. doi:10.1080/00031305.2000.10474560
    Chan ISF, Zhang Z. Biometrics 1999;55:1202. doi:10.1111/j.0006-341X.1999.01202.x
    Koopman PAR. Biometrics 1984;40:513. doi:10.2307/2531405
    Cornfield J. Proc Third Berkeley Symp 1956;4:135.
    Katz D, Baptista J, Azen SP, Pike MC. Biometrics 1978;34:469. doi:10.2307/2530610
    Woolf B. Ann Hum Genet 1955;19:251. doi:10.1111/j.1469-1809.1955.tb01348.x
    """
    tables = (*check_counts(count1, total1, "1"), *check_counts(count0, total0, "0"))
    cells = [[cell] for cell in tables]
    return compare_all_proportions(*cells, measure=measure, method=method, conf_level=conf_level).at(0)


def compare_all_proportions(
    count1: npt.ArrayLike,
    total1: npt.ArrayLike,
    count0: npt.ArrayLike,
    total0: npt.ArrayLike,
    *,
    measure: str,
    method: str,
    conf_level: float,
) -> Intervals:
    """Compare many pairs of independent proportions, each distinct table once.

    Parameters
    ----------
    count1, total1 : array_like of int, shape (n,)
        Participants with the event and in the denominator, in group 1.
    count0, total0 : array_like of int, shape (n,)
        The same in group 0, the reference.
    measure, method : str
        As `compare_proportions` takes them.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Intervals
        As `compare_proportions` gives each.

    Raises
    ------
    DataError
        If the counts are not whole numbers with ``0 <= count <= total``, or not of one length.
    SpecError
        If `measure`, `method`, their pair or `conf_level` is not allowed.

    Notes
    -----
    *Convention* and *verification* are those of `compare_proportions`.
    """
    cells = (*check_all_counts(count1, total1, "1"), *check_all_counts(count0, total0, "0"))
    _check_pair(measure, method)
    conf_level = check_probability(conf_level, "conf_level")
    tables, place = distinct_tables(*cells)
    some = (tables[1] > 0) & (tables[3] > 0)
    found = _compared([cell[some] for cell in tables], measure, method, conf_level)
    numbers = np.full((3, len(some)), math.nan)
    numbers[:, some] = found[:3]
    notes = np.full(len(some), NO_GROUP, dtype=object)
    notes[some] = found.notes
    estimate, lower, upper = numbers[:, place]
    return Intervals(estimate, lower, upper, conf_level, method, tuple(notes[place]))


def _check_pair(measure: str, method: str) -> None:
    check_choice(measure, "measure", COMPARISONS)
    if method not in COMPARISONS[measure]:
        pairs = "; ".join(f"{known} with {', '.join(methods)}" for known, methods in COMPARISONS.items())
        raise SpecError(f"method: is {method!r} for measure {measure!r}; what is allowed is {pairs}.")


def _compared(tables: list[FloatArray], measure: str, method: str, conf_level: float) -> Ratios:
    count1, total1, count0, total0 = tables
    if (measure, method) in RATIO_LIMITS:
        return RATIO_LIMITS[measure, method](count1, total1, count0, total0, conf_level)
    lower, upper = DIFFERENCE_LIMITS[method](count1, total1, count0, total0, conf_level)
    estimate = (count1 * total0 - count0 * total1) / (total1 * total0)
    notes = proportion_notes(estimate, lower, upper, -1.0)
    lower, upper = within(lower, upper, -1.0)
    return Ratios(estimate, lower, upper, notes)
