"""Sensitivity to what was not measured: how strong an unmeasured confounder would have to be."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from npcstats.choices import check_choice
from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import check_number
from npcstats.estimators.types import FloatArray

E_VALUE_MEASURES = ("risk_ratio", "odds_ratio", "hazard_ratio", "mean_difference")
RARE = 0.15
"""Share with the event below which an odds or a hazard ratio is taken for a risk ratio."""

_CONVERSIONS = {
    "itself": "the risk ratio itself",
    "rare": "taken for a risk ratio, since the outcome is rare",
    "odds": "square root of the odds ratio, since the outcome is common",
    "hazard": "risk ratio of a common outcome, (1 − 0.5^√HR)/(1 − 0.5^√(1/HR))",
    "means": "exp(0.91·d) with d the difference in standard deviations",
}
_PER_DEVIATION = 0.91


@dataclass(frozen=True)
class EValue:
    """How strong an unmeasured confounder would have to be to explain an association away.

    Attributes
    ----------
    estimate : float >= 1
        E-value of the estimate, on the scale of risk ratios; infinite where the risk ratio is 0 or infinite.
    limit : float >= 1
        E-value of the confidence limit nearest the null; 1 where the interval covers it.
    risk_ratio, lower, upper : float
        What was taken for the risk ratio, and for its limits.
    conversion : str
        How it was made from the measure, in words.
    note : str
        Why something is NaN; empty otherwise.
    """

    estimate: float
    limit: float
    risk_ratio: float
    lower: float
    upper: float
    conversion: str
    note: str = ""


def estimate_e_value(
    estimate: float,
    lower: float,
    upper: float,
    *,
    measure: str,
    outcome_share: float | None = None,
    std_deviation: float | None = None,
) -> EValue:
    """Compute the E-value of an association and of its confidence limit nearest the null.

    Parameters
    ----------
    estimate, lower, upper : float
        The association, with its confidence limits; NaN where it could not be estimated.
    measure : {"risk_ratio", "odds_ratio", "hazard_ratio", "mean_difference"}
        What it is.
    outcome_share : float in [0, 1] or None
        Of an odds or a hazard ratio, the share with the event by the end of follow-up: below 0.15 the ratio is taken
        for a risk ratio, from there on converted. None with the other measures.
    std_deviation : float > 0 or None
        Of a difference in means, the standard deviation of the outcome, same unit. None with the other measures.

    Returns
    -------
    EValue
        The least risk ratio that an unmeasured confounder would need with both treatment and outcome, beyond what was
        adjusted for, to move the estimate, or the limit, to the null.

    Raises
    ------
    DataError
        If a ratio is negative, or the estimate lies outside its limits.
    SpecError
        If `measure` is not allowed, or what it needs is missing or has no effect.

    Notes
    -----
    *Formula.* ``RR + sqrt(RR (RR - 1))``, with 1/RR in place of an RR below 1. Limits of a difference in means are
    converted as the estimate is, so the error of the standard deviation is not in them.

    *Verified* against the published example (3.9 with lower limit 1.8: 7.26 and 3.00), and the formulae written in R.

    References
    ----------
    VanderWeele TJ, Ding P. Ann Intern Med 2017;167:268. doi:10.7326/M16-2607
    VanderWeele TJ. Biometrics 2020;76:746. doi:10.1111/biom.13197
    Chinn S. Stat Med 2000;19:3127. doi:10.1002/1097-0258(20001130)19:22<3127::AID-SIM784>3.0.CO;2-M
    """
    check_choice(measure, "measure", E_VALUE_MEASURES)
    conversion = _conversion(measure, outcome_share, std_deviation)
    deviation = 1.0 if std_deviation is None else check_number(std_deviation, "std_deviation", positive=True)
    given = np.array([estimate, lower, upper], dtype=np.float64)
    if measure != "mean_difference" and (given < 0).any():
        raise DataError(f"estimate, lower, upper: are {estimate}, {lower}, {upper}; a ratio of at least 0 is required.")
    if estimate < lower or estimate > upper:
        raise DataError(f"estimate: is {estimate}, outside its limits {lower} and {upper}; one inside is required.")
    if math.isnan(estimate):
        return EValue(*(math.nan,) * 5, _CONVERSIONS[conversion], "There is no estimate.")
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        ratio, low, high = _convert(given, conversion, deviation).tolist()
    note = "The estimate has no confidence limits." if math.isnan(low) or math.isnan(high) else ""
    nearest = math.nan if note else max(low, 1.0) if ratio > 1 else min(high, 1.0)
    return EValue(_e_value(ratio), _e_value(nearest), ratio, low, high, _CONVERSIONS[conversion], note)


def _conversion(measure: str, outcome_share: float | None, std_deviation: float | None) -> str:
    ratio = measure in ("odds_ratio", "hazard_ratio")
    if ratio != (outcome_share is not None):
        required = "the share with the event is required" if ratio else "None is required"
        raise SpecError(f"outcome_share: is {outcome_share!r} with measure {measure}; {required}.")
    if (measure == "mean_difference") != (std_deviation is not None):
        required = "None is required" if measure != "mean_difference" else "the outcome's is required"
        raise SpecError(f"std_deviation: is {std_deviation!r} with measure {measure}; {required}.")
    if std_deviation is not None:
        return "means"
    if outcome_share is None:
        return "itself"
    if not 0 <= outcome_share <= 1:
        raise SpecError(f"outcome_share: is {outcome_share!r}; a number from 0 to 1 is required.")
    return "rare" if outcome_share < RARE else "odds" if measure == "odds_ratio" else "hazard"


def _convert(values: FloatArray, conversion: str, std_deviation: float) -> FloatArray:
    """Return what is taken for the risk ratio."""
    if conversion == "means":
        return np.exp(_PER_DEVIATION * values / std_deviation)
    if conversion == "odds":
        return np.sqrt(values)
    if conversion == "hazard":
        root = np.sqrt(values)
        return np.expm1(-math.log(2) * root) / np.expm1(-math.log(2) / root)
    return values


def _e_value(ratio: float) -> float:
    if math.isnan(ratio):
        return math.nan
    if ratio < 1:
        ratio = math.inf if ratio == 0 else 1.0 / ratio
    return math.inf if math.isinf(ratio) else ratio + math.sqrt(ratio * (ratio - 1.0))
