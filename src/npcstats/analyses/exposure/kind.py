"""What delivered treatment is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.exposure.displays import DeliveredTreatment
from npcstats.analyses.exposure.rows import MEASURES
from npcstats.analyses.exposure.spec import ExposureSpec, exposure_faults
from npcstats.analyses.exposure.summary import summarize_exposure
from npcstats.analyses.kind import Choices, Kind
from npcstats.disclosure.withhold import WHOLE

EXPOSURE = Kind(
    spec=ExposureSpec,
    codes=("exposure",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_exposure,
    displays=(DeliveredTreatment,),
    choices=Choices(faults=exposure_faults),
    measures=MEASURES,
)
