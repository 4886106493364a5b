"""Cox's proportional hazards model."""

from __future__ import annotations

from npcstats.estimators.timetoevent.cox.fit import TIES, fit_cox
from npcstats.estimators.timetoevent.cox.model import BaselineHazard, Cox

__all__ = ["TIES", "BaselineHazard", "Cox", "fit_cox"]
