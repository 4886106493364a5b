"""What a plan can ask to be shown of survival."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.analyses.timetoevent.displays import OverTime
from npcstats.system.named import Named


@dataclass(frozen=True, kw_only=True)
class KaplanMeier(OverTime):
    """Kaplan-Meier curves with their limits, censorings and numbers at risk."""

    shows = ("survival",)
    make = Named("npcstats.analyses.survival.figure", "kaplan_meier_figure")
    caption = Named("npcstats.analyses.survival.words", "caption")
    alt = Named("npcstats.analyses.survival.words", "alt")
