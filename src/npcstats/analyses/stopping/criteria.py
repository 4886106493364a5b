"""A plan's criterion as a rule of counts: what it is at its looks, and where a group stands by it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from npcstats.analyses.stopping.spec import BetaBinomial, Criterion, Every
from npcstats.estimators.toxicity_rules import ToxicityRule, beta_binomial_rule, posterior_exceeds, repeated_test_rule

NOBODY = "Nobody is through the period."
NEVER = "No number of events among so many participants meets the rule."
BEFORE_FIRST = "Its first look has not been reached."
ONLY_LOOKS = "The rule can be met at its looks alone."


@dataclass(frozen=True)
class Standing:
    """Where a group stands by a rule.

    Parameters
    ----------
    limit : float
        Smallest count that meets the rule now; NaN with a note where there is none.
    limit_note : str
        Why there is none.
    met : float
        1 where the rule is met, else 0; NaN with a note where it is not known.
    met_note : str
        Why not.
    """

    limit: float
    limit_note: str
    met: float
    met_note: str


def look_sizes(looks: Every | tuple[int, ...]) -> np.ndarray:
    """Participants observed at each look.

    Parameters
    ----------
    looks : Every or tuple of int
        Of the plan.

    Returns
    -------
    int array
        Increasing.
    """
    if isinstance(looks, Every):
        return np.arange(looks.step, looks.last + 1, looks.step)
    return np.array(looks, dtype=int)


def rule_of(criterion: Criterion, looks: np.ndarray) -> ToxicityRule:
    """Find the limits of a criterion at looks.

    Parameters
    ----------
    criterion : BetaBinomial or RepeatedTests
        Of the plan.
    looks : int array, shape (k,)
        Participants observed at each.

    Returns
    -------
    ToxicityRule
        Looks and limits.
    """
    if isinstance(criterion, BetaBinomial):
        return beta_binomial_rule(looks, limit=criterion.limit, prior=criterion.prior, threshold=criterion.threshold)
    return repeated_test_rule(looks, limit=criterion.limit, alpha=criterion.alpha, shape=criterion.shape)


def posterior_of(criterion: Criterion, count: int, total: int) -> float:
    """Posterior probability that the rate exceeds its limit; NaN where nobody was observed.

    Parameters
    ----------
    criterion : BetaBinomial
        Of the plan.
    count, total : int
        Participants with the event, and all of them.

    Returns
    -------
    float
        From 0 to 1; NaN of another criterion too.
    """
    if not isinstance(criterion, BetaBinomial) or not total:
        return math.nan
    return float(posterior_exceeds([count], [total], limit=criterion.limit, prior=criterion.prior)[0])


def stand(criterion: Criterion, rule: ToxicityRule, ordered: np.ndarray) -> Standing:
    """Tell where a group stands by a rule at the cut-off.

    Parameters
    ----------
    criterion : BetaBinomial or RepeatedTests
        Of the plan; the first holds at any number of participants, the second at its looks alone.
    rule : ToxicityRule
        Its limits at its looks.
    ordered : bool array, shape (m,)
        Who had the event, in order of exposure.

    Returns
    -------
    Standing
        As it is.
    """
    total, count = len(ordered), int(ordered.sum())
    if not total:
        return Standing(math.nan, NOBODY, math.nan, NOBODY)
    if isinstance(criterion, BetaBinomial):
        limit = int(rule_of(criterion, np.array([total])).limits[0])
        reachable = limit <= total
        return Standing(limit if reachable else math.nan, "" if reachable else NEVER, float(count >= limit), "")
    reached = np.flatnonzero(rule.looks <= total)
    if not reached.size:
        return Standing(math.nan, ONLY_LOOKS, math.nan, BEFORE_FIRST)
    last = reached[-1]
    met = float(ordered[: rule.looks[last]].sum() >= rule.limits[last])
    return Standing(math.nan, ONLY_LOOKS, met, "")
