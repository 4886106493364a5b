"""How a planted effect is stated: weights, a linear predictor on the scale of a log, a share that shifts."""

from __future__ import annotations

from dataclasses import dataclass

Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Linear:
    """A linear predictor: an intercept and one slope per named covariate."""

    intercept: float
    slopes: Weights = ()


NO_EFFECT = Linear(0.0)


@dataclass(frozen=True)
class Share:
    """A share between 0 and 1: its log odds, their shifts at named contacts, and their spreads.

    ``person_sd`` is the spread between participants and ``residual_sd`` that between the samples of one.
    """

    log_odds: float
    shifts: Weights = ()
    person_sd: float = 0.0
    residual_sd: float = 0.0
