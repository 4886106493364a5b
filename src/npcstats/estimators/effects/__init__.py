"""Effects of one arm against another, unadjusted or by weights whose estimation is part of the variance."""

from __future__ import annotations

from npcstats.estimators.effects.estimate import EFFECT_MEASURES, EFFECT_TIES, Effect, estimate_effect
from npcstats.estimators.effects.outcomes import Observed, Outcome, Timed

__all__ = ["EFFECT_MEASURES", "EFFECT_TIES", "Effect", "Observed", "Outcome", "Timed", "estimate_effect"]
