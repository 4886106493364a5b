"""Radiomic features: their change during and after radiotherapy by arm, and their association with progression."""

from __future__ import annotations

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.features.displays import FeaturesTable, RankedFeatures, Volcanoes
from npcstats.analyses.features.spec import FeatureSet, FeaturesSpec
from plan.baseline import N_CATEGORIES, SEXES, T_CATEGORIES
from plan.sessions import CONF_LEVEL

RADIOMICS = FeaturesSpec(
    id="radiomics",
    label="Radiomic features of the primary tumour",
    population="RT",
    sessions=("final",),
    sets=(
        FeatureSet("T1C", "MRI, T1 with contrast", "T1C", "GTVp"),
        FeatureSet("T2", "MRI, T2", "T2", "GTVp"),
    ),
    prefix="original_",
    visits=("BL", "MID", "M3"),
    transform="log-where-positive",
    covariates=(
        Covariate("AGE", "age", "continuous", per=10.0),
        Covariate("SEX", "sex", "categorical", levels=SEXES),
        Covariate("T9", "T category", "categorical", levels=T_CATEGORIES),
        Covariate("N9", "N category", "categorical", levels=N_CATEGORIES),
    ),
    endpoint="PFS",
    ties="efron",
    multiplicity="benjamini-hochberg",
    discovery=0.05,
    minimum_events=10,
    conf_level=CONF_LEVEL,
    estimand="conditional",
    status="planned",
)

FEATURES_TABLES = (
    FeaturesTable(
        name="radiomics",
        title="Radiomic features with the smallest p-values: change by arm, and progression-free survival",
        number="14.2.16.3",
        sessions=("final",),
        analysis="radiomics",
        most=3,
    ),
)

FEATURES_FIGURES = (
    Volcanoes(
        name="radiomics-volcano",
        title="Radiomic features: difference of the arms in change, and association with progression-free survival, "
        "against the p-value.",
        number="14.2.16.1",
        sessions=("final",),
        analysis="radiomics",
        width="full",
    ),
    RankedFeatures(
        name="radiomics-ranked",
        title="Radiomic features most associated with progression-free survival.",
        number="14.2.16.2",
        sessions=("final",),
        analysis="radiomics",
        width="full",
        window="BL",
        most=6,
    ),
)
