"""What a declared family of adverse events is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.harms.displays import HarmsPlot, HarmsTable
from npcstats.analyses.harms.rows import CONVENTIONS, MEASURES
from npcstats.analyses.harms.spec import HarmsSpec, harms_estimand, harms_faults, harms_idle
from npcstats.analyses.harms.summary import summarize_harms
from npcstats.analyses.kind import Choices, Kind
from npcstats.disclosure.withhold import WHOLE

HARMS = Kind(
    spec=HarmsSpec,
    codes=("harms",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_harms,
    displays=(HarmsTable, HarmsPlot),
    choices=Choices(
        faults=harms_faults,
        idle=harms_idle,
        of_pairs=("difference", "risk_ratio", "odds_ratio", "test", "adjustment"),
        of_two=("difference",),
        estimand=harms_estimand,
    ),
    measures=MEASURES,
    conventions=CONVENTIONS,
)
