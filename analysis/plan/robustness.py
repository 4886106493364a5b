"""How far the main effects depend on choices that could have been made otherwise."""

from __future__ import annotations

import datetime
from dataclasses import replace

from npcstats.analyses.adjustment.measures import Measure, OutcomeModel
from npcstats.analyses.adjustment.spec import Trim
from npcstats.analyses.robustness.spec import Between, RobustnessSpec, Variation
from plan import comparison
from plan.adjustment import IMPUTED, INVERSE, OVERLAP
from plan.hazards import CONFOUNDERS as FEW_CONFOUNDERS
from plan.sessions import CONF_LEVEL

ALL, FEW = "All confounders", "Four confounders"

MAIN = Variation("main", "Overlap weights, the main analysis", ALL, OVERLAP)
AS_OBSERVED = Variation("observed", "As observed", "", None)
EVERYONE = Variation("ate", "Inverse probability weights", ALL, INVERSE)
TREATED = Variation(
    "att", "Weights of those treated", ALL, replace(OVERLAP, name="treated", label="Weights of those treated",
                                                    estimand="att")
)  # fmt: skip
TRIMMED = Variation(
    "trimmed",
    "Inverse probability weights, scores from 0.1 to 0.9",
    ALL,
    replace(INVERSE, name="trimmed", label="Inverse probability weights, trimmed", trim=Trim("range", 0.1, 0.9)),
)
CRUMP = Variation(
    "crump",
    "Inverse probability weights, trimmed by Crump's rule",
    ALL,
    replace(INVERSE, name="crump", label="Inverse probability weights, trimmed", trim=Trim("crump")),
)
FEWER = Variation(
    "fewer",
    "Overlap weights, score of four confounders",
    FEW,
    replace(OVERLAP, name="fewer", label="Overlap weights, four confounders", confounders=FEW_CONFOUNDERS),
)
COMPLETED = Variation("imputed", "Overlap weights, missing covariates imputed", ALL, IMPUTED)
RESAMPLED = Variation(
    "bootstrap",
    "Overlap weights, limits by bootstrap",
    ALL,
    replace(OVERLAP, name="resampled", label="Overlap weights, bootstrap", variance="bootstrap", replicates=1000,
            seed=7232680),
)  # fmt: skip
ROBUST = Variation(
    "aipw", "Overlap weights with outcome regression", ALL, OVERLAP, model=OutcomeModel("aipw", "together")
)
STANDARDIZED = Variation(
    "standardized",
    "Outcome regression alone, averaged over everyone",
    ALL,
    INVERSE,
    model=OutcomeModel("g-computation", "together"),
)
LATER = Variation(
    "later",
    "Overlap weights, enrolled from 2027 on",
    ALL,
    OVERLAP,
    between=Between("ENRLDT", "Enrolled from 2027 on", first=datetime.date(2027, 1, 1)),
)
ONE_MODALITY = Variation("one", "Overlap weights, radiotherapy of one modality", ALL, OVERLAP, population="SAFONE")
NAUSEA = Variation(
    "control",
    "Overlap weights, negative control: nausea",
    ALL,
    OVERLAP,
    control=comparison.NAUSEA.outcome,
)

MUCOSITIS = RobustnessSpec(
    id="robust-mucositis",
    label="Acute mucositis, grade 3 or higher",
    population="SAF",
    sessions=("final",),
    outcome=comparison.MUCOSITIS.outcome,
    measure=Measure("risk_difference"),
    variations=(
        MAIN,
        AS_OBSERVED,
        EVERYONE,
        TREATED,
        TRIMMED,
        CRUMP,
        FEWER,
        COMPLETED,
        RESAMPLED,
        ROBUST,
        STANDARDIZED,
        LATER,
        ONE_MODALITY,
        NAUSEA,
    ),
    e_value=Measure("risk_ratio"),
    conf_level=CONF_LEVEL,
    ties="",
    minimum_events=5,
    estimand="ato",
    status="planned",
)
DERMATITIS = replace(
    MUCOSITIS,
    id="robust-dermatitis",
    label="Acute radiation dermatitis, grade 3 or higher",
    outcome=comparison.DERMATITIS.outcome,
)
PFS = replace(
    MUCOSITIS,
    id="robust-pfs",
    label="Progression or death",
    population="RT",
    outcome=comparison.PFS.outcome,
    measure=Measure("hazard_ratio"),
    variations=(
        MAIN,
        AS_OBSERVED,
        EVERYONE,
        TREATED,
        TRIMMED,
        CRUMP,
        FEWER,
        COMPLETED,
        RESAMPLED,
        LATER,
        replace(ONE_MODALITY, population="RTONE"),
    ),
    e_value=Measure("hazard_ratio"),
    ties="efron",
)
