"""Response of the tumour to treatment."""

from __future__ import annotations

from npcstats.analyses.response.spec import ResponseRate, ResponseSpec
from npcstats.study import Visit
from plan.sessions import CONF_LEVEL

RESPONSE = ResponseSpec(
    id="response",
    label="Tumour response",
    population="RTEND",
    sessions=("final",),
    visit=Visit("R12", "12 to 16 weeks after radiotherapy", anchor="RTENDT", day=98, first=84, last=112),
    again=Visit("R24", "24 weeks after radiotherapy", anchor="RTENDT", day=168, first=113, last=210),
    classes={
        "CR": "Complete response (CR)",
        "PR": "Partial response (PR)",
        "SD": "Stable disease",
        "PD": "Progressive disease",
        "ID": "Indeterminate",
        "NE": "Not evaluable",
    },
    order=("CR", "PR", "SD", "ID", "PD", "NE"),
    indeterminate="ID",
    unevaluable=("NE",),
    progressed="PD",
    progression=("LOCAL", "REGIONAL", "DISTANT"),
    stopped_by=("NEW-THERAPY",),
    confirmation=None,
    rates=(
        ResponseRate("CR-RATE", "CR", ("CR",)),
        ResponseRate("OR-RATE", "CR or PR", ("CR", "PR")),
    ),
    denominators=("due", "evaluable"),
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="newcombe",
    estimand="unadjusted",
    status="planned",
)
