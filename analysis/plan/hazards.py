"""Hazard ratios: of which endpoints, by which model, with which covariates and subgroups."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.regression.spec import RegressionSpec, Subgroup
from plan.baseline import ECOG, N_CATEGORIES, SEXES, T_CATEGORIES
from plan.sessions import CONF_LEVEL

CONFOUNDERS = (
    Covariate("AGE", "Age, per 10 years", "continuous", per=10.0),
    Covariate("ECOGBL", "ECOG performance status", "categorical", levels=ECOG),
    Covariate("SES", "Socio-economic score, per point", "continuous"),
    Covariate("EBVBL", "Plasma EBV DNA, per doubling", "log2", floor=30.0),
)
ALL_CONFOUNDERS = (
    *CONFOUNDERS,
    Covariate("SEX", "Sex", "categorical", levels=SEXES),
    Covariate("CCI", "Charlson comorbidity index, per point", "continuous"),
    Covariate("T9", "T category", "categorical", levels=T_CATEGORIES),
    Covariate("N9", "N category", "categorical", levels=N_CATEGORIES),
)

FEW = (
    "Deaths and locoregional recurrences are few: five coefficients are fitted, and sex, comorbidity, T and N "
    "category, eight more, are left out."
)

SUBGROUPS = (
    Subgroup("SEX", "Sex", SEXES),
    Subgroup("ECOGBL", "ECOG performance status", {"0": "ECOG 0", "1": "ECOG 1"}),
    Subgroup("STAGE9", "Stage", {"IA": "Stage IA", "IB": "Stage IB", "II": "Stage II", "III": "Stage III"}),
    Subgroup("SMOKE", "Ever smoked", {"N": "Never smoked", "Y": "Ever smoked"}),
)

OS_RATIO = RegressionSpec(
    id="os-hr",
    label="Overall survival",
    population="RT",
    sessions=("final",),
    endpoint="OS",
    model="cox",
    ties="efron",
    reference="last",
    conf_level=CONF_LEVEL,
    covariates=CONFOUNDERS,
    strata={},
    subgroups=(),
    minimum_events=5,
    ph_transform="km",
    course_knots=4,
    estimand="conditional",
    status="planned",
    reason=FEW,
)
PFS_RATIO = replace(
    OS_RATIO,
    id="pfs-hr",
    label="Progression-free survival",
    endpoint="PFS",
    covariates=ALL_CONFOUNDERS,
    subgroups=SUBGROUPS,
    reason="",
)
LRC_RATIO = replace(OS_RATIO, id="lrc-hr", label="Locoregional recurrence, cause-specific", endpoint="LRC")
LRC_SUBDISTRIBUTION = replace(
    LRC_RATIO,
    id="lrc-sub",
    label="Locoregional recurrence, subdistribution",
    model="fine-gray",
    ties="breslow",
    ph_transform="",
    course_knots=0,
)

PFS_THERAPY_EVENT_RATIO = replace(
    PFS_RATIO, id="pfs-therapy-event-hr", label="New therapy an event", endpoint="PFS-THERAPY-EVENT", subgroups=()
)
PFS_THERAPY_IGNORED_RATIO = replace(
    PFS_RATIO, id="pfs-therapy-ignored-hr", label="New therapy ignored", endpoint="PFS-THERAPY-IGNORED", subgroups=()
)
PFS_MISSED_RATIO = replace(
    PFS_RATIO, id="pfs-missed-hr", label="Censored before missed assessments", endpoint="PFS-MISSED", subgroups=()
)
LRC_DISTANT_RATIO = replace(
    LRC_RATIO, id="lrc-distant-hr", label="Distant metastasis competing", endpoint="LRC-DISTANT"
)
