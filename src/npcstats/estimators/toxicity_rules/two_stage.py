"""Two-stage designs of a single arm: stop after the first stage for too few responses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import check_count, check_probability
from npcstats.estimators.toxicity_rules.binomial import at_least, binomial_probabilities
from npcstats.estimators.types import FloatArray


@dataclass(frozen=True)
class TwoStage:
    """A design with two stages.

    Attributes
    ----------
    first_limit, first_size : int
        The trial ends after the first stage, of `first_size`, with at most `first_limit` responses.
    limit, size : int
        With more than `limit` responses of `size` in all the treatment is worth more study.
    alpha, power : float
        Exact probability of that at the rates that are uninteresting and worthwhile.
    early_stop, expected_size : float
        Probability of ending after the first stage, and mean size, at the uninteresting rate.
    """

    first_limit: int
    first_size: int
    limit: int
    size: int
    alpha: float
    power: float
    early_stop: float
    expected_size: float


@dataclass(frozen=True)
class TwoStages:
    """Designs that hold both errors.

    Attributes
    ----------
    optimal : TwoStage
        Smallest expected size at the uninteresting rate.
    minimax : TwoStage
        Smallest largest size, and of these the smallest expected size.
    admissible : tuple of TwoStage
        From minimax to optimal, each the best for some weight of largest against expected size.
    """

    optimal: TwoStage
    minimax: TwoStage
    admissible: tuple[TwoStage, ...]


def find_two_stage(uninteresting: float, worthwhile: float, *, alpha: float, beta: float, most: int) -> TwoStages:
    """Search all two-stage designs.

    Parameters
    ----------
    uninteresting, worthwhile : float in (0, 1)
        Response rates, the first below the second.
    alpha, beta : float in (0, 1)
        Largest errors of the first and of the second kind.
    most : int
        Largest size that is searched, 2 or more: the optimal design is that of sizes up to it.

    Returns
    -------
    TwoStages
        Optimal, minimax, and the admissible designs from one to the other.

    Raises
    ------
    DataError
        If no design of at most `most` participants holds both errors.
    SpecError
        If an option is out of range.

    Notes
    -----
    Simon 1989 (doi:10.1016/0197-2456(89)90015-9); admissible designs of Jung et al. 2004 (doi:10.1002/sim.1600). All
    probabilities are exact sums of binomial ones.
    """
    for name, value in (
        ("uninteresting", uninteresting), ("worthwhile", worthwhile), ("alpha", alpha), ("beta", beta),
    ):  # fmt: skip
        check_probability(value, name)
    if uninteresting >= worthwhile:
        raise SpecError(f"worthwhile: is {worthwhile}; more than the uninteresting rate, {uninteresting}, is required.")
    if check_count(most, "most") < 2:
        raise SpecError(f"most: is {most}; 2 or more is required.")
    best = [one for size in range(2, most + 1) if (one := _best_of(size, uninteresting, worthwhile, alpha, beta))]
    if not best:
        raise DataError(f"most: no design of at most {most} participants holds both errors; a larger one is required.")
    minimax = best[0]
    optimal = min(best, key=lambda one: (one.expected_size, one.size))
    return TwoStages(optimal, minimax, _admissible(best, minimax, optimal))


def characterize_two_stage(
    first_limit: int, first_size: int, limit: int, size: int, rate: float
) -> tuple[float, float, float]:
    """Tell what a two-stage design does at a rate.

    Parameters
    ----------
    first_limit, first_size, limit, size : int
        As in `TwoStage`.
    rate : float in [0, 1]
        True response rate.

    Returns
    -------
    (float, float, float)
        Probability of more than `limit` responses, of ending after the first stage, and mean size.

    Raises
    ------
    DataError
        If the numbers do not make a design, or the rate is not between 0 and 1.
    """
    if not (0 <= first_limit < first_size < size and first_limit <= limit < size and 0 <= rate <= 1):
        raise DataError(
            f"design {first_limit}/{first_size} {limit}/{size} at {rate}: limits below their sizes, and a rate from 0 "
            "to 1, are required."
        )
    first = binomial_probabilities(first_size, rate)
    second = at_least(size - first_size, rate)
    going = np.arange(first_limit + 1, first_size + 1)
    needed = np.clip(limit + 1 - going, 0, second.size - 1)
    early = float(first[: first_limit + 1].sum())
    return float(first[going] @ second[needed]), early, first_size + (1.0 - early) * (size - first_size)


def _best_of(size: int, low: float, high: float, alpha: float, beta: float) -> TwoStage | None:
    """Of the designs of one size that hold both errors, that with the smallest expected size."""
    best: TwoStage | None = None
    for first_size in range(1, size):
        null, power = (_success(first_size, size, rate) for rate in (low, high))
        limits = (null <= alpha).argmax(axis=1)  # the smallest limit that holds alpha, for each of the first stage
        rows = np.arange(first_size)
        holds = (null[rows, limits] <= alpha) & (power[rows, limits] >= 1.0 - beta)
        early = np.cumsum(binomial_probabilities(first_size, low))[:-1]
        expected = np.where(holds, first_size + (1.0 - early) * (size - first_size), np.inf)
        row = int(expected.argmin())
        if holds.any() and (best is None or expected[row] < best.expected_size):
            limit = int(limits[row])
            best = TwoStage(row, first_size, limit, size, float(null[row, limit]), float(power[row, limit]),
                            float(early[row]), float(expected[row]))  # fmt: skip
    return best


def _success(first_size: int, size: int, rate: float) -> FloatArray:
    """Probability of success by the limit of the first stage, 0 to `first_size` - 1, and the limit in all."""
    first, second = binomial_probabilities(first_size, rate), at_least(size - first_size, rate)
    responses, limits = np.arange(first_size + 1)[:, None], np.arange(size)
    needed = np.clip(limits + 1 - responses, 0, second.size - 1)
    joint = first[:, None] * second[needed]
    return np.asarray(np.cumsum(joint[::-1], axis=0)[::-1][1:])


def _admissible(best: list[TwoStage], minimax: TwoStage, optimal: TwoStage) -> tuple[TwoStage, ...]:
    """The lower convex hull of expected by largest size, from minimax to optimal."""
    hull: list[TwoStage] = []
    for one in [one for one in best if minimax.size <= one.size <= optimal.size]:
        while len(hull) > 1 and _above(hull[-2], hull[-1], one):
            hull.pop()
        hull.append(one)
    return tuple(hull)


def _above(first: TwoStage, middle: TwoStage, last: TwoStage) -> bool:
    """Whether the middle design lies on or above the line from the first to the last."""
    run, rise = last.size - first.size, last.expected_size - first.expected_size
    return middle.expected_size >= first.expected_size + rise * (middle.size - first.size) / run
