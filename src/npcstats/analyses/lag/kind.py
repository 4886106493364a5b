"""What the lag of the data is, as a kind of analysis: quoted in a report's statement, and shown by no display."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.lag.rows import MEASURES
from npcstats.analyses.lag.spec import LagSpec, lag_faults
from npcstats.analyses.lag.summary import summarize_lag
from npcstats.disclosure.withhold import WHOLE

LAG = Kind(
    spec=LagSpec,
    codes=("lag",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_lag,
    choices=Choices(faults=lag_faults),
    measures=MEASURES,
)
