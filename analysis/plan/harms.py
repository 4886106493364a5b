"""The adverse events by which the arms are compared, declared beforehand: a family."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.adjustment.outcomes import GradeOutcome
from npcstats.analyses.harms.displays import HarmsPlot, HarmsTable
from npcstats.analyses.harms.spec import HarmsSpec
from plan.adjustment import OVERLAP
from plan.comparison import SEVERE_MUCOSITIS
from plan.sessions import CONF_LEVEL
from plan.toxicity import LATE

ANY = replace(SEVERE_MUCOSITIS, code="ANY3", label="Any acute event, grade ≥\u00a03", terms=())
MUCOSITIS = replace(SEVERE_MUCOSITIS, label="Mucositis oral, grade ≥\u00a03")
DERMATITIS = replace(
    ANY, code="DERMATITIS3", label="Dermatitis radiation, grade ≥\u00a03", terms=("Dermatitis radiation",)
)
DYSPHAGIA = replace(ANY, code="DYSPHAGIA3", label="Dysphagia, grade ≥\u00a03", terms=("Dysphagia",))
DRYNESS = replace(ANY, code="DRYNESS2", label="Dry mouth, grade ≥\u00a02", terms=("Dry mouth",), grade=2)
TASTE = replace(ANY, code="TASTE2", label="Dysgeusia, grade ≥\u00a02", terms=("Dysgeusia",), grade=2)
ANOREXIA = replace(ANY, code="ANOREXIA3", label="Anorexia, grade ≥\u00a03", terms=("Anorexia",))
WEIGHT = replace(ANY, code="WEIGHT2", label="Weight loss, grade ≥\u00a02", terms=("Weight loss",), grade=2)
EMESIS = replace(ANY, code="EMESIS3", label="Nausea or vomiting, grade ≥\u00a03", terms=("Nausea", "Vomiting"))
LYMPHOCYTES = replace(
    ANY, code="LYMPHOCYTES3", label="Lymphocyte count decreased, grade ≥\u00a03", terms=("Lymphocyte count decreased",)
)
NEUTROPHILS = replace(
    ANY, code="NEUTROPHILS3", label="Neutrophil count decreased, grade ≥\u00a03", terms=("Neutrophil count decreased",)
)
LATE_DRYNESS = GradeOutcome(
    "LATE-DRYNESS2",
    "Late dry mouth, grade ≥\u00a02",
    ("Dry mouth",),
    2,
    LATE.windows[0],
    baseline_adjusted=LATE.baseline_adjusted,
    scale=LATE.scale,
)
LATE_EAR = replace(
    LATE_DRYNESS,
    code="LATE-EAR2",
    label="Late hearing impaired or tinnitus, grade ≥\u00a02",
    terms=("Hearing impaired", "Tinnitus"),
)
LATE_THYROID = replace(
    LATE_DRYNESS, code="LATE-THYROID2", label="Late hypothyroidism, grade ≥\u00a02", terms=("Hypothyroidism",)
)

HARMS = HarmsSpec(
    id="harms",
    label="Adverse events by which the arms are compared",
    population="SAF",
    sessions=("final",),
    outcomes=(
        ANY,
        MUCOSITIS,
        DERMATITIS,
        DYSPHAGIA,
        DRYNESS,
        TASTE,
        ANOREXIA,
        WEIGHT,
        EMESIS,
        LYMPHOCYTES,
        NEUTROPHILS,
        LATE_DRYNESS,
        LATE_EAR,
        LATE_THYROID,
    ),
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="miettinen-nurminen",
    risk_ratio="miettinen-nurminen",
    odds_ratio="woolf-log",
    test="",
    multiplicity="",
    adjustment=OVERLAP,
    minimum_events=10,
    estimand="ato",
    status="planned",
)

# by arm at an interim: as observed, without a test
HARMS_INTERIM = replace(
    HARMS,
    id="harms-interim",
    sessions=("closed",),
    risk_ratio="",
    odds_ratio="",
    adjustment=None,
    minimum_events=0,
    estimand="unadjusted",
)
HARMS_ENTRIES = (HARMS, HARMS_INTERIM)

HARMS_TABLES = (
    HarmsTable(
        name="harms",
        title="Adverse events by which the arms are compared: differences as observed and after overlap weighting",
        number="14.3.5.1",
        sessions=("final",),
        analysis="harms",
        order="frequency",
        contrasts=("risk_difference.unadjusted", "risk_difference.overlap", "risk_ratio.unadjusted"),
    ),
    HarmsTable(
        name="harms-ratios",
        title="Adverse events by which the arms are compared: risk ratios as observed and after overlap weighting, "
        "odds ratios after it",
        number="14.3.5.3",
        sessions=("final",),
        analysis="harms",
        order="frequency",
        contrasts=("risk_ratio.unadjusted", "risk_ratio.overlap", "odds_ratio.overlap"),
    ),
    HarmsTable(
        name="harms-interim",
        title="Adverse events by which the arms are compared",
        sessions=("closed",),
        analysis="harms-interim",
        order="frequency",
        contrasts=("risk_difference.unadjusted",),
    ),
)

HARMS_FIGURES = (
    HarmsPlot(
        name="harms-differences",
        title="Adverse events by which the arms are compared: shares of the arms, and the difference as observed and "
        "after overlap weighting.",
        number="14.3.5.2",
        sessions=("final",),
        analysis="harms",
        width="full",
        order="size",
        adjusted=True,
    ),
)
