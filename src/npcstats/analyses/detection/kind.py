"""What values below the limit are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.detection.displays import LimitContrasts, ValuesBelowLimit
from npcstats.analyses.detection.rows import CONVENTIONS, MEASURES
from npcstats.analyses.detection.spec import DetectionSpec, detection_estimand, detection_faults, detection_idle
from npcstats.analyses.detection.summary import summarize_detection
from npcstats.analyses.kind import Choices, Kind
from npcstats.disclosure.withhold import WHOLE

DETECTION = Kind(
    spec=DetectionSpec,
    codes=("detection",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_detection,
    displays=(ValuesBelowLimit, LimitContrasts),
    choices=Choices(
        faults=detection_faults,
        idle=detection_idle,
        of_pairs=("covariates", "df_method", "variance", "multiplicity"),
        of_two=("df_method", "variance", "multiplicity"),
        estimand=detection_estimand,
    ),
    measures=MEASURES,
    conventions=CONVENTIONS,
)
