"""What stopping rules are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.stopping.displays import (
    BoundaryTable,
    CharacteristicsTable,
    StoppingCurves,
    StoppingPath,
    StoppingTable,
)
from npcstats.analyses.stopping.rows import CONVENTIONS, MEASURES
from npcstats.analyses.stopping.spec import StoppingSpec, stopping_faults, stopping_idle
from npcstats.analyses.stopping.summary import summarize_stopping
from npcstats.disclosure.withhold import WHOLE

STOPPING = Kind(
    spec=StoppingSpec,
    codes=("stopping",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_stopping,
    displays=(StoppingTable, BoundaryTable, CharacteristicsTable, StoppingPath, StoppingCurves),
    choices=Choices(faults=stopping_faults, idle=stopping_idle),
    measures=MEASURES,
    conventions=CONVENTIONS,
)
