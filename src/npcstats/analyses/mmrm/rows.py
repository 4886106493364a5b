"""Words of the rows of the model: its blocks, scales, terms, and why somebody is not in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from npcstats.results.conventions import Conventions

LOG: Final = "log"
IDENTITY: Final = "identity"
"""Scales of a marker."""

UNADJUSTED, ADJUSTED = "unadjusted", "adjusted"
"""Blocks: the model without covariates but for the baseline, and with those of the plan; others are adjustments."""
AVERAGE: Final = "average"
"""Window of what is averaged over visits, each counting the same."""
DIED: Final = "died"
"""Level of those who died before a visit's window opened."""
NO_BASELINE, NO_CHANGE, NO_COVARIATE = "no-baseline", "no-change", "no-covariate"
"""Levels of those who are not in the model."""
ARM_TERM, INTERACTION, VISIT_TERM, BASELINE_TERM, BASELINE_VISIT = (
    "arm", "arm-visit", "visit", "baseline", "baseline-visit",
)  # fmt: skip
TERMS: Mapping[str, str] = {
    ARM_TERM: "Arm, at any visit",
    INTERACTION: "Arm by visit",
    VISIT_TERM: "Visit",
    BASELINE_TERM: "Baseline value, at any visit",
    BASELINE_VISIT: "Baseline value by visit",
}
"""Levels of a test of a term, in page order."""

MEASURES: Mapping[str, str] = {
    "modelled_change": "least-squares mean of the change from baseline",
    "modelled_ratio": "least-squares geometric mean of the ratio to baseline",
    "marginal_change": "mean of the predicted changes from baseline of all modelled participants",
    "marginal_ratio": "geometric mean of the predicted ratios to baseline of all modelled participants",
    "change_contrast": "difference of two least-squares means of the change from baseline",
    "ratio_contrast": "ratio of two least-squares geometric means; its standard error is that of the logarithm",
    "contrast_adjusted": "p-value of a contrast, adjusted for the number of tests in the family",
    "term_test": "F test of a term; the count is that of its coefficients, df that of the denominator",
    "criterion": "minus twice the logarithm of the restricted likelihood",
    "covariance_parameters": "parameters of the covariance",
    "residual_quantile": "quantile of the decorrelated residuals, its level says which",
    "left_out": "participants without whom the contrast averaged over visits shifts by so many standard errors",
    "largest_shift": "largest such shift, in standard errors",
}

MEANS: Mapping[str, str] = {LOG: "modelled_ratio", IDENTITY: "modelled_change"}
MARGINALS: Mapping[str, str] = {LOG: "marginal_ratio", IDENTITY: "marginal_change"}
CONTRASTS: Mapping[str, str] = {LOG: "ratio_contrast", IDENTITY: "change_contrast"}
"""Measures by scale."""

QUANTILES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995)
"""Levels of a quantile of the residuals; as text in results."""
SHIFT_WIDTH = 0.025
"""Standard errors that a bin of shifts is wide; a level is where its bin begins."""

STRUCTURE_LABELS: Mapping[str, str] = {
    "unstructured": "unstructured",
    "compound-symmetry": "compound symmetry",
    "compound-symmetry-heterogeneous": "heterogeneous compound symmetry",
    "ar1": "autoregressive of order one",
    "ar1-heterogeneous": "heterogeneous autoregressive of order one",
    "toeplitz": "Toeplitz",
    "toeplitz-heterogeneous": "heterogeneous Toeplitz",
    "ante-dependence": "ante-dependence of order one",
}
"""What a covariance structure is called."""

CONVENTIONS: Conventions = {
    ("df_method", "kenward-roger"): {
        "topic": "Mixed model, degrees of freedom",
        "convention": "Kenward–Roger, variance adjusted too",
        "r": 'mmrm::mmrm(method = "Kenward-Roger")',
        "sas": "PROC MIXED, DDFM=KENWARDROGER",
    },
    ("df_method", "kenward-roger-linear"): {
        "topic": "Mixed model, degrees of freedom",
        "convention": "Kenward–Roger without second derivatives of the covariance",
        "r": 'mmrm::mmrm(method = "Kenward-Roger", vcov = "Kenward-Roger-Linear")',
        "sas": "PROC MIXED, DDFM=KENWARDROGER(FIRSTORDER)",
    },
    ("df_method", "satterthwaite"): {
        "topic": "Mixed model, degrees of freedom",
        "convention": "Satterthwaite, observed information",
        "r": "mmrm::mmrm() (default)",
        "sas": "PROC MIXED, DDFM=SATTERTHWAITE",
    },
    ("df_method", "residual"): {
        "topic": "Mixed model, degrees of freedom",
        "convention": "Observations less the rank of the design",
        "r": 'mmrm::mmrm(method = "Residual")',
        "sas": "PROC MIXED, DDFM=RES",
    },
    ("margins", "equal"): {
        "topic": "Least-squares means",
        "convention": "Levels of categorical covariates count the same, quantities stand at their mean",
        "r": 'emmeans::emmeans(weights = "equal")',
        "sas": "LSMEANS (default)",
    },
    ("margins", "proportional"): {
        "topic": "Least-squares means",
        "convention": "Levels of each covariate count as often as they occur, quantities stand at their mean",
        "r": 'emmeans::emmeans(weights = "proportional")',
        "sas": "LSMEANS, OM",
    },
    ("robust", "cr0"): {
        "topic": "Mixed model, weighted",
        "convention": "Cluster-robust variance by participant (CR0); weights taken as known",
        "r": 'clubSandwich::vcovCR(type = "CR0")',
        "sas": "PROC MIXED, EMPIRICAL",
    },
    ("robust", "cr2"): {
        "topic": "Mixed model, weighted",
        "convention": "Cluster-robust variance by participant (CR2); weights taken as known",
        "r": 'clubSandwich::vcovCR(type = "CR2")',
        "sas": "PROC GLIMMIX, EMPIRICAL=ROOT",
    },
}
