"""What survival curves and follow-up are, as kinds of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.survival.displays import KaplanMeier, SurvivalTimes
from npcstats.analyses.survival.public import follow_up_rows, survival_rows
from npcstats.analyses.survival.rows import CONVENTIONS, MEASURES
from npcstats.analyses.survival.spec import (
    FollowUpSpec,
    SurvivalSpec,
    follow_up_faults,
    survival_estimand,
    survival_faults,
    survival_idle,
    tests_arms,
)
from npcstats.analyses.survival.summary import summarize_follow_up, summarize_survival
from npcstats.analyses.timetoevent.displays import Sensitivity
from npcstats.analyses.timetoevent.rows import MEASURES as OF_TIMES
from npcstats.disclosure import Withholding

SURVIVAL = Kind(
    spec=SurvivalSpec,
    codes=("survival",),
    efficacy=True,
    withhold=Withholding(rows=survival_rows),
    summarize=summarize_survival,
    choices=Choices(faults=survival_faults, idle=survival_idle, unarmed=tests_arms, estimand=survival_estimand),
    measures={**OF_TIMES, **MEASURES},
    conventions=CONVENTIONS,
    displays=(KaplanMeier, SurvivalTimes, Sensitivity),
)
FOLLOW_UP = Kind(
    spec=FollowUpSpec,
    codes=("follow-up",),
    efficacy=False,
    withhold=Withholding(rows=follow_up_rows),
    summarize=summarize_follow_up,
    choices=Choices(faults=follow_up_faults),
    measures={**OF_TIMES, **MEASURES},
    conventions=CONVENTIONS,
)
