"""What hazard ratios are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.regression.displays import Forest, HazardRatios, ScaledResiduals
from npcstats.analyses.regression.public import regression_rows
from npcstats.analyses.regression.rows import CONVENTIONS, MEASURES
from npcstats.analyses.regression.spec import (
    RegressionSpec,
    regression_entry_faults,
    regression_estimand,
    regression_idle,
)
from npcstats.analyses.regression.summary import summarize_regression
from npcstats.analyses.timetoevent.displays import Sensitivity
from npcstats.analyses.timetoevent.rows import MEASURES as OF_TIMES
from npcstats.disclosure import Withholding

REGRESSION = Kind(
    spec=RegressionSpec,
    codes=("regression",),
    efficacy=True,
    withhold=Withholding(rows=regression_rows, effects=True),
    summarize=summarize_regression,
    choices=Choices(
        faults=regression_entry_faults,
        idle=regression_idle,
        of_pairs=("reference", "subgroups", "course_knots"),
        of_arms=("subgroups",),
        required=("reference",),
        estimand=regression_estimand,
    ),
    measures={**OF_TIMES, **MEASURES},
    conventions=CONVENTIONS,
    displays=(Forest, ScaledResiduals, HazardRatios, Sensitivity),
)
