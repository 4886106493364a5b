"""What correlations within participants are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.correlation.displays import CorrelationMap, CorrelationsWith
from npcstats.analyses.correlation.rows import CONVENTIONS, MEASURES
from npcstats.analyses.correlation.spec import CorrelationSpec, correlation_faults
from npcstats.analyses.correlation.summary import summarize_correlation
from npcstats.analyses.kind import Choices, Kind
from npcstats.disclosure.withhold import WHOLE

CORRELATION = Kind(
    spec=CorrelationSpec,
    codes=("correlation",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_correlation,
    displays=(CorrelationMap, CorrelationsWith),
    choices=Choices(faults=correlation_faults),
    measures=MEASURES,
    conventions=CONVENTIONS,
)
