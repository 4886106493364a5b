"""Mixed models of the primary markers: covariates, covariance, weights, the family, tables and figures."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.mmrm.displays import MarginalMeans, ModelChecks, ModelledCourse, ModelledCourses, ModelTerms
from npcstats.analyses.mmrm.spec import MmrmSpec, ModelledMarker
from plan.adjustment import OVERLAP
from plan.baseline import INDUCTION, N_CATEGORIES, SEXES, T_CATEGORIES
from plan.sessions import CONF_LEVEL

MODELLED = MmrmSpec(
    id="modelled",
    label="Markers after radiotherapy began, modelled",
    population="RT",
    sessions=("final",),
    markers=(
        ModelledMarker("ALC", "Lymphocytes", "10^9/L", "log", "decimal2"),
        ModelledMarker("WBC", "White blood cells", "10^9/L", "log", "decimal2"),
        ModelledMarker("HGB", "Haemoglobin", "g/dL", "identity", "decimal2"),
    ),
    baseline="BL",
    visits=("MID", "EORT", "M3", "M6", "M12", "M24"),
    below_limit="half-limit",
    covariates=(
        Covariate("AGE", "age", "continuous", per=10.0),
        Covariate("SEX", "sex", "categorical", levels=SEXES),
        Covariate("T9", "T category", "categorical", levels=T_CATEGORIES),
        Covariate("N9", "N category", "categorical", levels=N_CATEGORIES),
        Covariate("INDREG", "planned induction", "categorical", levels=INDUCTION, blank="NONE"),
    ),
    structures=("unstructured", "toeplitz-heterogeneous", "ar1-heterogeneous", "compound-symmetry"),
    df_method="kenward-roger",
    margins="proportional",
    multiplicity="benjamini-hochberg",
    adjustment=OVERLAP,
    robust="cr2",
    robust_df="satterthwaite",
    conf_level=CONF_LEVEL,
    estimand="conditional",
    status="planned",
)
# induction alters counts: the same since before any treatment
SINCE_TREATMENT = replace(
    MODELLED,
    id="modelled-treatment",
    label="Markers after radiotherapy began, modelled since before any treatment",
    baseline="PRE",
    multiplicity="",
)
MIXED_ENTRIES = (MODELLED, SINCE_TREATMENT)

MIXED_TABLES = (
    ModelledCourse(
        name="modelled",
        title="Markers by visit in a mixed model: contrasts unadjusted, adjusted and weighted",
        number="14.2.5.5",
        sessions=("final",),
        analysis="modelled",
        blocks=("unadjusted", "adjusted", "overlap"),
        means=False,
    ),
    ModelledCourse(
        name="modelled-treatment",
        title="Markers by visit in a mixed model since before any treatment: contrasts of the arms",
        number="14.2.5.10",
        sessions=("final",),
        analysis="modelled-treatment",
        blocks=("unadjusted", "adjusted", "overlap"),
        means=False,
    ),
    ModelTerms(
        name="modelled-terms",
        title="Markers by visit in a mixed model: how the models were fitted, and tests of their terms",
        number="14.2.5.7",
        sessions=("final",),
        analysis="modelled",
    ),
    MarginalMeans(
        name="modelled-means",
        title="Markers by visit in a mixed model: least-squares means and marginal means",
        number="14.2.5.8",
        sessions=("final",),
        analysis="modelled",
    ),
)

MIXED_FIGURES = (
    ModelledCourses(
        name="modelled-courses",
        title="Markers by visit in a mixed model: means of the arms, and their contrast.",
        number="14.2.5.6",
        sessions=("final",),
        analysis="modelled",
        width="full",
        blocks=("adjusted", "overlap"),
    ),
    ModelChecks(
        name="modelled-checks",
        title="Markers by visit in a mixed model: residuals and influence.",
        number="14.2.5.9",
        sessions=("final",),
        analysis="modelled",
        width="full",
    ),
)
