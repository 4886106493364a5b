"""What pages say of how arms are made alike."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.analyses.adjustment.spec import Adjustment

TARGETS: Mapping[str, str] = {
    "unadjusted": "those compared, as observed",
    "ate": "all participants of the set (ATE)",
    "att": "participants like those of the first arm (ATT)",
    "ato": "participants who could have had either treatment (ATO)",
}
"""In whom an effect is averaged, by estimand."""
VARIANCES: Mapping[str, str] = {
    "m-estimation": "variance by M-estimation, that of the score included",
    "bootstrap": "limits by a bootstrap that estimates the score anew each time",
}


def adjustment_sentence(item: Adjustment) -> str:
    """Say how the arms are made alike.

    Parameters
    ----------
    item : Adjustment
        As in the plan.

    Returns
    -------
    str
        A full sentence: whom the effect is of, what is done about missing covariates, the variance.
    """
    missing = (
        f"missing covariates imputed {item.imputations} times"
        if item.missing == "imputed"
        else "participants with every covariate"
    )
    return f"{item.label}: effect in {TARGETS[item.estimand]}; {missing}; {VARIANCES[item.variance]}."


def score_sentence(item: Adjustment) -> str:
    """Say what a score is made of.

    Parameters
    ----------
    item : Adjustment
        As in the plan.

    Returns
    -------
    str
        A full sentence.
    """
    names = [f"{part.label}{' (natural spline)' if part.spline_df else ''}" for part in item.confounders]
    return f"Propensity score, by logistic regression, of {'; '.join(names)}."
