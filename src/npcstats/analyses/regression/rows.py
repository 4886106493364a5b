"""Words of the rows of regression: the models of an analysis are its blocks."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results.conventions import Conventions

UNADJUSTED, STRATIFIED, ADJUSTED = "unadjusted", "stratified", "adjusted"
MODELS = (UNADJUSTED, STRATIFIED, ADJUSTED)
"""Blocks of an analysis in page order."""
GLOBAL = "GLOBAL"
"""Variable of a test of all terms together."""

MEASURES: Mapping[str, str] = {
    "log_hazard_ratio": "natural logarithm of a hazard ratio",
    "proportional_hazards": "test that a hazard ratio does not change with time",
    "scaled_residual": "scaled Schoenfeld residual plus the log hazard ratio, at an event",
    "coefficient_course": "smooth log hazard ratio over time",
    "interaction": "test that a hazard ratio is the same in all levels of a subgroup",
}

CONVENTIONS: Conventions = {
    ("ties", "efron"): {
        "topic": "Cox regression",
        "convention": "Ties by Efron; Wald limits; Firth's penalty where there is no maximum",
        "r": "coxph() (default); coxphf::coxphf()",
        "sas": "PROC PHREG, TIES=EFRON; FIRTH",
    },
    ("ties", "breslow"): {
        "topic": "Cox regression",
        "convention": "Ties by Breslow; Wald limits; Firth's penalty where there is no maximum",
        "r": 'coxph(ties = "breslow"); coxphf::coxphf()',
        "sas": "PROC PHREG (default); FIRTH",
    },
    ("stratified", True): {
        "topic": "Cox regression, stratified",
        "convention": "A baseline hazard for each combination of the strata, one ratio for all",
        "r": "coxph(~ arm + strata())",
        "sas": "PROC PHREG, STRATA",
    },
    ("model", "fine-gray"): {
        "topic": "Subdistribution hazards",
        "convention": "Fine–Gray, one censoring distribution, sandwich variance",
        "r": "cmprsk::crr()",
        "sas": "PROC PHREG, EVENTCODE=",
    },
    ("ph_transform", "km"): {
        "topic": "Proportional hazards",
        "convention": "Score test on the Kaplan–Meier scale of time",
        "r": "cox.zph(terms = FALSE), survival 3 or later",
        "sas": "PROC PHREG, ZPH(TRANSFORM=KM), another test",
    },
}
