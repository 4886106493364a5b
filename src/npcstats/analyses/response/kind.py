"""What tumour response is, as kinds of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind, of_difference
from npcstats.analyses.response.displays import Responses
from npcstats.analyses.response.spec import (
    BestResponseSpec,
    ResponseSpec,
    response_dates,
    response_faults,
    response_idle,
)
from npcstats.analyses.response.summary import summarize_best_response, summarize_response
from npcstats.disclosure.withhold import WHOLE

RESPONSE = Kind(
    spec=ResponseSpec,
    codes=("response",),
    efficacy=True,
    withhold=WHOLE,
    summarize=summarize_response,
    displays=(Responses,),
    choices=Choices(
        faults=response_faults,
        idle=response_idle,
        of_pairs=("difference",),
        of_two=("difference",),
        estimand=of_difference,
        told_dates=response_dates,
    ),
)
BEST_RESPONSE = Kind(
    spec=BestResponseSpec,
    codes=("response",),
    efficacy=True,
    withhold=WHOLE,
    summarize=summarize_best_response,
    displays=(Responses,),
    choices=Choices(of_pairs=("difference",), of_two=("difference",), estimand=of_difference),
)
