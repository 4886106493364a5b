"""What thresholds for a look are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.thresholds.rows import MEASURES
from npcstats.analyses.thresholds.spec import ThresholdSpec, threshold_faults
from npcstats.analyses.thresholds.summary import assess_thresholds
from npcstats.disclosure.withhold import WHOLE

THRESHOLDS = Kind(
    spec=ThresholdSpec,
    codes=("thresholds",),
    efficacy=False,
    withhold=WHOLE,
    assess=assess_thresholds,
    choices=Choices(faults=threshold_faults),
    measures=MEASURES,
)
