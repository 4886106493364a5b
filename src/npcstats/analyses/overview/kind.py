"""What an overview of adverse events and deaths is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind, of_difference
from npcstats.analyses.overview.displays import OverviewDifferences, SafetyOverview
from npcstats.analyses.overview.rows import MEASURES
from npcstats.analyses.overview.spec import OverviewSpec, overview_faults
from npcstats.analyses.overview.summary import summarize_overview
from npcstats.disclosure.withhold import WHOLE

OVERVIEW = Kind(
    spec=OverviewSpec,
    codes=("overview",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_overview,
    displays=(SafetyOverview, OverviewDifferences),
    choices=Choices(faults=overview_faults, of_pairs=("difference",), of_two=("difference",), estimand=of_difference),
    measures=MEASURES,
)
