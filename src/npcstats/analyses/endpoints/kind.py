"""What the account of events and censoring is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.endpoints.displays import EndpointCounts
from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.endpoints.summary import summarize_endpoints
from npcstats.analyses.kind import Kind
from npcstats.disclosure import Withholding
from npcstats.disclosure.counts import counts_rows

ENDPOINTS = Kind(
    spec=EndpointsSpec,
    codes=("counts",),
    efficacy=True,
    withhold=Withholding(rows=counts_rows, by_name=True),
    summarize=summarize_endpoints,
    displays=(EndpointCounts,),
)
