"""What variations of an effect are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.robustness.displays import EValues, SpecificationCurve, VariationsTable
from npcstats.analyses.robustness.rows import MEASURES
from npcstats.analyses.robustness.spec import (
    RobustnessSpec,
    robustness_estimand,
    robustness_faults,
    robustness_idle,
)
from npcstats.analyses.robustness.summary import summarize_robustness
from npcstats.disclosure.withhold import WHOLE

ROBUSTNESS = Kind(
    spec=RobustnessSpec,
    codes=("robustness",),
    efficacy=True,
    withhold=WHOLE,
    summarize=summarize_robustness,
    choices=Choices(
        faults=robustness_faults,
        idle=robustness_idle,
        of_pairs=("variations",),
        estimand=robustness_estimand,
    ),
    measures=MEASURES,
    displays=(SpecificationCurve, VariationsTable, EValues),
)
