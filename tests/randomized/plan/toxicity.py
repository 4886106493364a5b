"""Adverse events."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.toxicity.spec import ToxicitySpec
from npcstats.derive import GradeWindow
from plan.sessions import CONF_LEVEL, EVERY_SESSION

EMERGENT = {"TRTEMFL": ("Y",)}

ADVERSE = ToxicitySpec(
    "ae",
    "Adverse events",
    "SAF",
    EVERY_SESSION,
    (
        GradeWindow("emergent", "Treatment-emergent", "", "every", "everyone", EMERGENT, "treatment-emergent events"),
        GradeWindow(
            "related",
            "Related",
            "",
            "every",
            "everyone",
            {**EMERGENT, "AEREL": ("RELATED",)},
            "treatment-emergent events related to treatment",
        ),
        GradeWindow(
            "serious",
            "Serious",
            "",
            "every",
            "everyone",
            {**EMERGENT, "AESER": ("Y",)},
            "serious treatment-emergent events",
        ),
    ),
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="",
    estimand="",
    baseline_adjusted=False,
    scale="CTCAE version 5.0",
    status="planned",
    shown_from=0.05,
    records=True,
)

ADVERSE_RANDOMISED = replace(
    ADVERSE,
    id="ae-randomised",
    label="Adverse events, arms as randomised",
    population="ITT",
    sessions=("final",),
)
