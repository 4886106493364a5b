"""The weighted log hazard ratio of two arms, with its exact derivative by each participant's weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from npcstats.estimators.effects.functionals import Functional
from npcstats.estimators.effects.outcomes import Timed
from npcstats.estimators.types import BoolArray, FloatArray, IntArray

_STEPS = 120
_FARTHEST = 5.0  # of one step, which keeps the exponential finite
_SCORE = 1e-10  # of the score, per weight of an event


@dataclass(frozen=True, eq=False)
class _Terms:
    """One term of the partial likelihood for each event, or for each event of a tie one less of those that die.

    Weights at risk of either arm, those that die already counted out by `shrunk`; and the mean weight of a death.
    """

    time: IntArray  # (q,) place of its time among the distinct event times
    share: FloatArray  # (q,) of those that die, how much is counted out
    at_risk: tuple[FloatArray, FloatArray]  # (q,) of the reference, of the first arm
    death: FloatArray  # (q,)


def log_hazard_ratio(outcome: Timed, weight: FloatArray, arm: BoolArray, ties: str) -> Functional | None:
    """Maximize the weighted partial likelihood of one coefficient, that of the arm.

    Parameters
    ----------
    outcome : Timed
        Of all participants, n; events of other causes end follow-up.
    weight : ndarray of float >= 0, shape (n,)
        Their weights.
    arm : ndarray of bool, shape (n,)
        The first arm.
    ties : {"efron", "breslow"}
        How tied events share a denominator; of weighted ones each counts with the mean weight of its tie.

    Returns
    -------
    Functional or None
        The log hazard ratio; None where the likelihood has no maximum, NaN where it was not found.
    """
    event = (outcome.cause == 1) & (weight > 0)
    if not _has_maximum(outcome.time, event, weight > 0, arm):
        return None
    times, tie = np.unique(outcome.time[event], return_inverse=True)
    terms = _terms(outcome.time, event, weight, arm, times, tie, ties)
    observed = float(weight[event & arm].sum())
    beta = _maximize(terms, observed, float(weight[event].sum()))
    if beta is None:
        return Functional(np.array([np.nan]), np.full((len(arm), 1), np.nan))
    total = terms.at_risk[0] + np.exp(beta) * terms.at_risk[1]
    share = np.exp(beta) * terms.at_risk[1] / total
    information = float(terms.death @ (share * (1.0 - share)))
    slope = _score_slope(terms, total, share, outcome.time, event, arm, beta, times, tie)
    return Functional(np.array([beta]), (slope / information)[:, np.newaxis])


def _has_maximum(time: FloatArray, event: BoolArray, counts: BoolArray, arm: BoolArray) -> bool:
    """Whether each arm has an event while the other is at risk: else the coefficient grows without end."""
    last = [time[group & counts].max(initial=-np.inf) for group in (arm, ~arm)]
    return all(bool((time[event & group] <= end).any()) for group, end in ((arm, last[1]), (~arm, last[0])))


def _terms(
    time: FloatArray, event: BoolArray, weight: FloatArray, arm: BoolArray, times: FloatArray, tie: IntArray, ties: str
) -> _Terms:
    deaths = np.bincount(tie, minlength=len(times))
    place = np.repeat(np.arange(len(times)), deaths)
    within = np.arange(len(place)) - np.repeat(np.cumsum(deaths) - deaths, deaths)
    share = within / deaths[place] if ties == "efron" else np.zeros(len(place))
    mean = np.bincount(tie, weight[event], minlength=len(times)) / deaths
    at_risk = []
    order = np.argsort(time, kind="stable")
    first = np.searchsorted(time[order], times, side="left")
    for group in (~arm, arm):
        ordered = np.where(group, weight, 0.0)[order]
        from_here = np.concatenate([np.cumsum(ordered[::-1])[::-1], [0.0]])[first]
        dying = np.bincount(tie, (weight * group)[event], minlength=len(times))
        at_risk.append(np.maximum(from_here[place] - share * dying[place], 0.0))
    return _Terms(place, share, (at_risk[0], at_risk[1]), mean[place])


def _maximize(terms: _Terms, observed: float, events: float) -> float | None:
    """Newton's method on a concave function, halving where a step leaves what holds the maximum; None if not found."""
    low, high = -np.inf, np.inf
    beta = 0.0
    for _ in range(_STEPS):
        share = _share(terms, beta)
        score = observed - float(terms.death @ share)
        information = float(terms.death @ (share * (1.0 - share)))
        if abs(score) <= _SCORE * events:
            return beta + (score / information if information > 0 else 0.0)
        low, high = (beta, high) if score > 0 else (low, beta)
        step = beta + np.clip(score / information if information > 0 else np.inf * score, -_FARTHEST, _FARTHEST)
        if not low < step < high:
            step = (low + high) / 2
        beta = step
    return None


def _share(terms: _Terms, beta: float) -> FloatArray:
    """Share of the first arm in the hazard of those at risk, (q,)."""
    first = np.exp(beta) * terms.at_risk[1]
    return np.asarray(first / (terms.at_risk[0] + first))


def _score_slope(
    terms: _Terms, total: FloatArray, share: FloatArray, time: FloatArray, event: BoolArray, arm: BoolArray,
    beta: float, times: FloatArray, tie: IntArray,
) -> FloatArray:  # fmt: skip
    """Derivative of the score by each weight, (n,): as one at risk, and, for who dies, in one's own tie."""
    slope = np.zeros(len(time))
    reached = np.searchsorted(times, time, side="right")
    mean_share = np.bincount(terms.time, share, minlength=len(times)) / np.bincount(terms.time, minlength=len(times))
    for group, x, hazard in ((~arm, 0.0, 1.0), (arm, 1.0, np.exp(beta))):
        pull = terms.death * (x - share) / total
        at_time = np.bincount(terms.time, pull, minlength=len(times))
        kept = np.bincount(terms.time, pull * terms.share, minlength=len(times))
        until = np.concatenate([[0.0], np.cumsum(at_time)])
        slope -= group * hazard * until[reached]
        dying = np.zeros(len(time))
        dying[event] = (x - mean_share + hazard * kept)[tie]
        slope += group * dying
    return slope
