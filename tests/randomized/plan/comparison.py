"""Hazard ratios against placebo."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.regression.spec import RegressionSpec, Subgroup
from plan.baseline import ECOG, REGIONS, SEXES
from plan.sessions import CONF_LEVEL, STRATA

COVARIATES = (
    Covariate("AGE", "Age, per 10 years", "continuous", per=10.0),
    Covariate("SEX", "Sex", "categorical", levels=SEXES),
    Covariate("ECOGBL", "ECOG performance status", "categorical", levels=ECOG),
)
SUBGROUPS = (
    Subgroup("REGION", "Region", REGIONS),
    Subgroup("PRIORTRT", "Prior treatment", {"NONE": "No prior treatment", "ANY": "Prior treatment"}),
)

OS_RATIO = RegressionSpec(
    "os-hr",
    "Overall survival",
    "ITT",
    ("final",),
    endpoint="OS",
    model="cox",
    ties="efron",
    reference="first",
    conf_level=CONF_LEVEL,
    covariates=(),
    strata=STRATA,
    subgroups=(),
    minimum_events=5,
    ph_transform="km",
    course_knots=4,
    estimand="conditional",
    status="planned",
)
PFS_RATIO = replace(OS_RATIO, id="pfs-hr", label="Progression-free survival", endpoint="PFS", subgroups=SUBGROUPS)

PFS_RATIO_TREATED = replace(
    PFS_RATIO,
    id="pfs-hr-treated",
    label="Progression-free survival, as treated",
    population="SAF",
    subgroups=(),
)

PFS_RATIO_ADJUSTED = replace(
    PFS_RATIO,
    id="pfs-hr-adjusted",
    label="Progression-free survival, adjusted",
    covariates=COVARIATES,
    subgroups=(),
)
