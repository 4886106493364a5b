"""Best response."""

from __future__ import annotations

from npcstats.analyses.response.spec import BestResponseSpec, ResponseRate
from plan.sessions import CONF_LEVEL

RESPONSE = BestResponseSpec(
    id="response",
    label="Best overall response",
    population="ITT",
    sessions=("final",),
    param="BESTRESP",
    definition="Best reading up to progression, without confirmation, as the export has it.",
    classes={
        "CR": "Complete response",
        "PR": "Partial response",
        "SD": "Stable disease",
        "PD": "Progressive disease",
        "NE": "Not evaluable",
    },
    unevaluable=("NE",),
    rates=(ResponseRate("ORR", "Complete or partial response", ("CR", "PR")),),
    denominators=("everyone", "evaluable"),
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="",
    estimand="",
    status="planned",
)
