"""What group-sequential monitoring is, as two kinds of analysis: without the statistic, and with it."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.sequential.displays import BoundaryFigure, BoundaryTable, OutlookTable
from npcstats.analyses.sequential.rows import CONVENTIONS, MEASURES
from npcstats.analyses.sequential.spec import (
    InformationSpec,
    SequentialSpec,
    information_faults,
    information_idle,
    sequential_faults,
)
from npcstats.analyses.sequential.summary import compare_sequential, summarize_information
from npcstats.disclosure.withhold import WHOLE

SHOWN = (BoundaryTable, OutlookTable, BoundaryFigure)

INFORMATION = Kind(
    spec=InformationSpec,
    codes=("information",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_information,
    choices=Choices(faults=information_faults, idle=information_idle),
    measures=MEASURES,
    conventions=CONVENTIONS,
    displays=SHOWN,
)
SEQUENTIAL = Kind(
    spec=SequentialSpec,
    codes=("sequential",),
    efficacy=True,
    withhold=WHOLE,
    compare=compare_sequential,
    choices=Choices(
        faults=sequential_faults,
        idle=information_idle,
        of_pairs=("monitored",),
        of_arms=("monitored",),
        of_two=("monitored",),
    ),
    measures=MEASURES,
    conventions=CONVENTIONS,
    displays=SHOWN,
)
