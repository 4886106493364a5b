"""Endpoints, as the export has them, and what came of them."""

from __future__ import annotations

from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.study import Endpoint

OS = Endpoint(
    "OS",
    "Overall survival",
    definition="Time from randomisation, which is day 1, to death from any cause; without an event, to the last "
    "contact.",
    origin="ENRLDT",
    param="OS",
    clock="days",
    censor_at=(),
)
PFS = Endpoint(
    "PFS",
    "Progression-free survival",
    definition="Time from randomisation, which is day 1, to progression or death; without an event, to the last "
    "assessment that could be evaluated.",
    origin="ENRLDT",
    param="PFS",
    clock="days",
    censor_at=(),
)
TTP = Endpoint(
    "TTP",
    "Progression",
    definition="Time from randomisation, which is day 1, to progression, with death as a competing event; without "
    "either, to the last assessment that could be evaluated.",
    origin="ENRLDT",
    param="TTP",
    clock="days",
    censor_at=(),
)

EVENTS = EndpointsSpec("endpoints", "Events and censoring", "ITT", ("final",), ("OS", "PFS"), status="planned")
