"""What pages say of how arms are made alike."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.analyses.adjustment.spec import Adjustment, Covariate

TARGETS: Mapping[str, str] = {
    "unadjusted": "those compared, as observed",
    "ate": "all participants of the set (ATE)",
    "att": "participants like those of the first arm (ATT)",
    "ato": "participants who could have had either treatment (ATO)",
}
"""In whom an effect is averaged, by estimand."""
_TRIMMED_TARGETS: Mapping[str, str] = {
    "ate": "all participants kept (ATE)",
    "att": "participants like those kept of the first arm (ATT)",
}
_TRIMS: Mapping[str, str] = {
    "range": "scores from {} to {} are kept",
    "crump": "scores are kept from a to 1 − a, with the a of the least variance (Crump)",
    "common-support": "scores within the range of both arms are kept",
}
_VARIANCES: Mapping[str, str] = {
    "m-estimation": "variance by M-estimation, that of the score included",
    "bootstrap": "limits are percentiles of {} bootstrap samples, in each of which the score is estimated anew",
}


def target_words(item: Adjustment) -> str:
    """Say whom an effect is of.

    Parameters
    ----------
    item : Adjustment
        As in the plan.

    Returns
    -------
    str
        A clause; where scores are trimmed, of those who are kept.
    """
    trimmed = _TRIMMED_TARGETS if item.trim.rule != "none" else {}
    return trimmed.get(item.estimand, TARGETS[item.estimand])


def trim_words(item: Adjustment) -> str:
    """Say whose scores are kept.

    Parameters
    ----------
    item : Adjustment
        As in the plan.

    Returns
    -------
    str
        A clause; empty where nobody is trimmed.
    """
    if item.trim.rule == "none":
        return ""
    return f"{_TRIMS[item.trim.rule].format(item.trim.lower, item.trim.upper)}, and the score is estimated again"


def imputed_words(item: Adjustment) -> str:
    """Say how missing covariates of a comparison are imputed.

    Parameters
    ----------
    item : Adjustment
        That imputes.

    Returns
    -------
    str
        A clause.
    """
    return f"missing covariates imputed {item.imputations} times from the others, the arm and the outcome"


def variance_words(item: Adjustment) -> str:
    """Say what limits allow for.

    Parameters
    ----------
    item : Adjustment
        As in the plan.

    Returns
    -------
    str
        A clause.
    """
    return _VARIANCES[item.variance].format(item.replicates)


def confounder_words(item: Adjustment) -> str:
    """Name the confounders of a score, with what is made of each.

    Parameters
    ----------
    item : Adjustment
        As in the plan.

    Returns
    -------
    str
        A list.
    """
    return "; ".join(map(_named, item.confounders))


def adjustment_sentence(item: Adjustment) -> str:
    """Say how the arms are made alike.

    Parameters
    ----------
    item : Adjustment
        As in the plan.

    Returns
    -------
    str
        A full sentence: whom the effect is of, what is done about missing covariates and extreme scores, the variance.
    """
    missing = imputed_words(item) if item.missing == "imputed" else "participants with every covariate"
    stabilized = "weights are stabilised" if item.stabilized else ""
    told = [f"effect in {target_words(item)}", missing, trim_words(item), stabilized, variance_words(item)]
    return f"{item.label}: {'; '.join(words for words in told if words)}."


def score_sentence(item: Adjustment) -> str:
    """Say what a score is made of.

    Parameters
    ----------
    item : Adjustment
        As in the plan.

    Returns
    -------
    str
        A full sentence; a second one where there are splines.
    """
    knots = (
        " Knots of splines are at quantiles of the distinct values."
        if any(c.spline_df for c in item.confounders)
        else ""
    )
    return f"Propensity score, by logistic regression, of {confounder_words(item)}.{knots}"


def _named(item: Covariate) -> str:
    told = [f"logarithm, values below {item.floor:g} as {item.floor:g}"] if item.scale == "log2" else []
    told += ["natural spline"] if item.spline_df else []
    return f"{item.label} ({', '.join(told)})" if told else item.label
