"""What a TAME summary is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.tame.displays import TameTable
from npcstats.analyses.tame.rows import MEASURES
from npcstats.analyses.tame.spec import TameSpec, tame_estimand, tame_faults
from npcstats.analyses.tame.summary import summarize_tame
from npcstats.disclosure.withhold import WHOLE

TAME = Kind(
    spec=TameSpec,
    codes=("tame",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_tame,
    displays=(TameTable,),
    choices=Choices(faults=tame_faults, of_pairs=("ratio",), of_two=("ratio",), estimand=tame_estimand),
    measures=MEASURES,
)
