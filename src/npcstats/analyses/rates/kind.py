"""What rates of adverse events are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind, of_difference
from npcstats.analyses.rates.displays import MeanCumulative, MeanNumbers, RateContrasts, RatesTable
from npcstats.analyses.rates.rows import CONVENTIONS, MEASURES
from npcstats.analyses.rates.spec import RatesSpec, rates_faults, rates_idle
from npcstats.analyses.rates.summary import summarize_rates
from npcstats.analyses.timetoevent.rows import MEASURES as OF_TIMES
from npcstats.disclosure.withhold import WHOLE

RATES = Kind(
    spec=RatesSpec,
    codes=("rates",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_rates,
    displays=(RatesTable, RateContrasts, MeanNumbers, MeanCumulative),
    choices=Choices(
        faults=rates_faults,
        idle=rates_idle,
        of_pairs=("difference", "ratio"),
        of_two=("difference", "ratio"),
        estimand=of_difference,
    ),
    measures={**OF_TIMES, **MEASURES},
    conventions=CONVENTIONS,
)
