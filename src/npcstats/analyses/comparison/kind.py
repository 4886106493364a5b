"""What comparisons of two arms are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.comparison.displays import EffectsTable, EstimandSheet, WeightedCurves
from npcstats.analyses.comparison.public import comparison_rows
from npcstats.analyses.comparison.rows import MEASURES
from npcstats.analyses.comparison.spec import (
    ComparisonSpec,
    comparison_estimand,
    comparison_faults,
    comparison_idle,
)
from npcstats.analyses.comparison.summary import summarize_comparison
from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.timetoevent.rows import MEASURES as OF_TIMES
from npcstats.disclosure import Withholding

COMPARISON = Kind(
    spec=ComparisonSpec,
    codes=("comparison",),
    efficacy=True,
    withhold=Withholding(rows=comparison_rows, effects=True),
    summarize=summarize_comparison,
    choices=Choices(
        faults=comparison_faults,
        idle=comparison_idle,
        of_pairs=("adjustments",),
        estimand=comparison_estimand,
    ),
    measures={**OF_TIMES, **MEASURES},
    displays=(EffectsTable, EstimandSheet, WeightedCurves),
)
