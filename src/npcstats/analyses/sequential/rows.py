"""Words of the rows of group-sequential monitoring.

The block tells whose looks they are, the level which look; the window tells under which effect a probability holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from npcstats.results.conventions import Conventions

PLANNED: Final = "planned"
"""Block of the looks of the plan; window of the planned effect."""
OBSERVED: Final = "observed"
"""Block of looks at the information that there was: held, the present one, and those to come."""
ONWARD: Final = "onward"
"""Block of what the trial may still show."""
NOW: Final = "now"
"""Level of the present look; one that was held has its day, one to come its place in the plan."""
TO_COME: Final = "to-come-"
"""Begins the level of a look to come."""
NONE, TREND = "none", "trend"
"""Windows: without an effect, and with the effect as it was so far."""
UPPER, FUTILITY = "upper", "futility"
"""Windows: which boundary is crossed."""
STATISTIC: Final = "monitored_statistic"

MEASURES: Mapping[str, str] = {
    "information": "events, or participants whose outcome is known, at a look",
    "information_fraction": "information at a look over that planned for the last",
    "boundary_upper": "Z at or above which the boundary is crossed; of a test with two sides also at or below its "
    "negative",
    "boundary_futility": "Z at or below which the trial may stop because it will hardly succeed",
    "boundary_p": "one-sided p-value at the boundary",
    "alpha_spent": "error of the first kind of a side that is spent by a look",
    "beta_spent": "error of the second kind that is spent by a look",
    "crossing_probability": "probability of having crossed a boundary by a look",
    "monitoring_power": "probability of ever crossing the boundary on the side of the effect",
    "expected_information": "mean information at the end",
    "inflation": "information planned over that of a test without looks",
    STATISTIC: "the monitored estimate, of a ratio its logarithm, over its standard error",
    "boundary_crossed": "1 where the statistic is at a boundary or beyond it, else 0",
    "conditional_power": "probability that the last statistic reaches its boundary, given the present one",
    "predictive_power": "conditional power averaged over what the effect may be, given the present statistic",
}

CONVENTIONS: Conventions = {
    ("spending", "obrien-fleming"): {
        "topic": "Error spending",
        "convention": "Lan–DeMets, O'Brien–Fleming type: 2 − 2Φ(z/√t), z the quantile of half the error of a side",
        "r": 'rpact::getDesignGroupSequential(typeOfDesign = "asOF")',
        "sas": "PROC SEQDESIGN, METHOD=ERRFUNCOBF",
    },
    ("spending", "pocock"): {
        "topic": "Error spending",
        "convention": "Lan–DeMets, Pocock type: α ln(1 + (e − 1)t)",
        "r": 'rpact::getDesignGroupSequential(typeOfDesign = "asP")',
        "sas": "PROC SEQDESIGN, METHOD=ERRFUNCPOC",
    },
    ("spending", "hwang-shih-decani"): {
        "topic": "Error spending",
        "convention": "Hwang–Shih–DeCani: α(1 − exp(−γt))/(1 − exp(−γ))",
        "r": 'rpact::getDesignGroupSequential(typeOfDesign = "asHSD")',
        "sas": "PROC SEQDESIGN, METHOD=ERRFUNCGAMMA",
    },
    ("spending", "power"): {
        "topic": "Error spending",
        "convention": "Power family (Kim–DeMets): αt^ρ",
        "r": 'rpact::getDesignGroupSequential(typeOfDesign = "asKD")',
        "sas": "PROC SEQDESIGN, METHOD=ERRFUNCPOW",
    },
}
