"""What courses of markers are, as a kind of analysis: a figure draws participants one by one."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.trajectories.displays import Spaghetti
from npcstats.analyses.trajectories.rows import KIND
from npcstats.analyses.trajectories.spec import TrajectoriesSpec, trajectories_faults
from npcstats.analyses.trajectories.summary import build_trajectories

TRAJECTORIES = Kind(
    spec=TrajectoriesSpec,
    codes=(KIND,),
    efficacy=True,
    withhold=None,
    record=build_trajectories,
    record_arms=("masked", "named"),
    choices=Choices(faults=trajectories_faults),
    displays=(Spaghetti,),
)
