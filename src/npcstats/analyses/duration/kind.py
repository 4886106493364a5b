"""What onset, duration and resolution are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.duration.displays import DurationTable
from npcstats.analyses.duration.rows import CONVENTIONS, MEASURES
from npcstats.analyses.duration.spec import DurationSpec, duration_faults
from npcstats.analyses.duration.summary import summarize_duration
from npcstats.analyses.kind import Choices, Kind
from npcstats.disclosure.withhold import WHOLE

DURATION = Kind(
    spec=DurationSpec,
    codes=("duration",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_duration,
    displays=(DurationTable,),
    choices=Choices(faults=duration_faults),
    measures=MEASURES,
    conventions=CONVENTIONS,
)
