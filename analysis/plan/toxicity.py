"""Adverse events, acute and late."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.toxicity.spec import ToxicitySpec
from npcstats.derive import GradeWindow
from plan.sessions import CONF_LEVEL, EVERY_SESSION, PUBLISHED

ACUTE = ToxicitySpec(
    id="ae-acute",
    label="Acute adverse events",
    population="SAF",
    sessions=PUBLISHED,
    windows=(GradeWindow("acute", "Acute", period="acute", counting="onset", evaluable="window-complete"),),
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="newcombe",
    baseline_adjusted=True,
    scale="CTCAE version 5.0",
    estimand="unadjusted",
    status="planned",
    shown_from=0.05,
)

ACUTE_ONE = replace(
    ACUTE,
    id="ae-acute-one",
    label="Acute adverse events, one modality",
    population="SAFONE",
    sessions=("final",),
)

LATE = replace(
    ACUTE,
    id="ae-late",
    label="Late adverse events",
    sessions=EVERY_SESSION,
    windows=(
        GradeWindow("late-incident", "Late, new", period="late", counting="onset", evaluable="assessed-in-window"),
        GradeWindow(
            "late-prevalent",
            "Late, new or persisting",
            period="late",
            counting="onset-or-persistence",
            evaluable="assessed-in-window",
        ),
    ),
    shown_from=0.02,
)
