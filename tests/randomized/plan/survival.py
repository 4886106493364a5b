"""Curves, as randomised and as treated."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.analyses.survival.spec import SurvivalSpec
from plan.sessions import CONF_LEVEL, LANDMARKS, STRATA, TICKS

OS_CURVE = SurvivalSpec(
    "os",
    "Overall survival",
    "ITT",
    ("final",),
    endpoint="OS",
    conf_level=CONF_LEVEL,
    conf_type="log-log",
    landmarks=LANDMARKS,
    ticks=TICKS,
    minimum_at_risk=5,
    tau=12.0,
    test="log-rank",
    strata=STRATA,
    estimand="unadjusted",
    status="planned",
)
PFS_CURVE = replace(OS_CURVE, id="pfs", label="Progression-free survival", endpoint="PFS")
PFS_TREATED = replace(PFS_CURVE, id="pfs-treated", label="Progression-free survival, as treated", population="SAF")

OS_CURVE_PLAIN = replace(OS_CURVE, id="os-plain", label="Overall survival, unstratified", strata={})

PFS_CURVE_PLAIN = replace(PFS_CURVE, id="pfs-plain", label="Progression-free survival, unstratified", strata={})

PFS_TREATED_PLAIN = replace(
    PFS_TREATED, id="pfs-treated-plain", label="Progression-free survival, as treated, unstratified", strata={}
)

PROGRESSION = IncidenceSpec(
    id="progression",
    label="Progression",
    population="ITT",
    sessions=("final",),
    endpoint="TTP",
    competing_label="Death without progression",
    conf_level=CONF_LEVEL,
    conf_type="log-log",
    landmarks=LANDMARKS,
    ticks=TICKS,
    minimum_at_risk=5,
    gray=True,
    estimand="unadjusted",
    strata=STRATA,
    status="planned",
)
