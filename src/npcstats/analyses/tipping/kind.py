"""What missing marker values are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.tipping.displays import StrategiesTable, TippingMap, TippingTable
from npcstats.analyses.tipping.rows import CONVENTIONS, MEASURES
from npcstats.analyses.tipping.spec import TippingSpec, tipping_estimand, tipping_faults, tipping_idle
from npcstats.analyses.tipping.summary import summarize_tipping
from npcstats.disclosure.withhold import WHOLE

TIPPING = Kind(
    spec=TippingSpec,
    codes=("tipping",),
    efficacy=True,
    withhold=WHOLE,
    summarize=summarize_tipping,
    choices=Choices(
        faults=tipping_faults,
        idle=tipping_idle,
        of_pairs=("strategies",),
        of_two=("strategies",),
        estimand=tipping_estimand,
    ),
    measures=MEASURES,
    conventions=CONVENTIONS,
    displays=(StrategiesTable, TippingTable, TippingMap),
)
