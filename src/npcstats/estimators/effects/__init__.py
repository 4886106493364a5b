"""Effects of one arm against another, unadjusted or by weights whose estimation is part of the variance."""

from __future__ import annotations

from npcstats.estimators.effects.curves import CURVE_KINDS, WeightedCurve, weighted_curves
from npcstats.estimators.effects.effect import EFFECT_MEASURES, RATIO_MEASURES, Effect, limit_effect
from npcstats.estimators.effects.estimate import EFFECT_TIES, estimate_effect
from npcstats.estimators.effects.models import MODEL_ARMS, MODEL_METHODS, estimate_effect_by_model
from npcstats.estimators.effects.outcomes import Observed, Outcome, Timed
from npcstats.estimators.effects.resampling import Bootstrap, Weighting, bootstrap_effect

__all__ = [
    "CURVE_KINDS",
    "EFFECT_MEASURES",
    "EFFECT_TIES",
    "MODEL_ARMS",
    "MODEL_METHODS",
    "RATIO_MEASURES",
    "Bootstrap",
    "Effect",
    "Observed",
    "Outcome",
    "Timed",
    "WeightedCurve",
    "Weighting",
    "bootstrap_effect",
    "estimate_effect",
    "estimate_effect_by_model",
    "limit_effect",
    "weighted_curves",
]
