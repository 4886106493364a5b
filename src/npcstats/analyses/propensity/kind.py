"""What scores, weights and balance are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.propensity.displays import (
    BalanceTable,
    LovePlot,
    OverlapPlot,
    ScoreModel,
    WeightedCharacteristics,
    WeightsTable,
)
from npcstats.analyses.propensity.rows import MEASURES
from npcstats.analyses.propensity.spec import PropensitySpec, propensity_faults
from npcstats.analyses.propensity.summary import summarize_propensity
from npcstats.disclosure.withhold import WHOLE

PROPENSITY = Kind(
    spec=PropensitySpec,
    codes=("propensity",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_propensity,
    choices=Choices(faults=propensity_faults),
    measures=MEASURES,
    displays=(BalanceTable, LovePlot, OverlapPlot, ScoreModel, WeightedCharacteristics, WeightsTable),
)
