"""What tells masked arms apart, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.masking.displays import TellingApart
from npcstats.analyses.masking.rows import MEASURES
from npcstats.analyses.masking.spec import MaskingSpec, masking_faults, masking_idle
from npcstats.analyses.masking.summary import assess_masking
from npcstats.disclosure.withhold import WHOLE

MASKING = Kind(
    spec=MaskingSpec,
    codes=("masking",),
    efficacy=False,
    withhold=WHOLE,
    assess=assess_masking,
    displays=(TellingApart,),
    choices=Choices(faults=masking_faults, idle=masking_idle),
    measures=MEASURES,
)
