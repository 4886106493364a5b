"""What a marker's lowest value and recovery from it are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind, of_difference
from npcstats.analyses.nadir.displays import NadirCourse, RecoveryFigure
from npcstats.analyses.nadir.rows import MEASURES
from npcstats.analyses.nadir.spec import NadirSpec, nadir_faults
from npcstats.analyses.nadir.summary import summarize_nadir
from npcstats.disclosure.withhold import WHOLE

NADIR = Kind(
    spec=NadirSpec,
    codes=("nadir",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_nadir,
    displays=(NadirCourse, RecoveryFigure),
    choices=Choices(
        faults=nadir_faults,
        of_pairs=("difference", "mean_difference"),
        of_two=("difference", "mean_difference"),
        estimand=of_difference,
    ),
    measures=MEASURES,
)
