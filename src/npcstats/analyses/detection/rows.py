"""Words of the rows of values below the limit: methods, states of a value, and why somebody is in no model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from npcstats.results.conventions import Conventions

HALF_LIMIT: Final = "half-limit"
CUT_OFF: Final = "cut-off"
YES_NO: Final = "yes-no"
"""Blocks of a contrast, by what the model takes a value below its limit for."""
BLOCKS: Mapping[str, str] = {
    HALF_LIMIT: "Half the limit",
    CUT_OFF: "Cut off at the limit",
    YES_NO: "Yes or no",
}
DETECTED: Final = "detected"
QUANTIFIED: Final = "quantified"
"""What a model of yes or no takes for yes: any quantity, or one that is not below the limit."""
MODELLED: Final = "modelled"
NO_BASELINE, NO_VALUE, NO_COVARIATE = "no-baseline", "no-value", "no-covariate"
OUTSIDE: Mapping[str, str] = {
    NO_BASELINE: "no value at baseline",
    NO_VALUE: "no value after baseline",
    NO_COVARIATE: "a covariate missing",
}
"""Levels of those who are in no model, in this order where several are true."""

MEASURES: Mapping[str, str] = {
    "below_limit": "values below the limit of quantification, or not detected, of those there are",
    "frozen_share": "share of values below the limit that the plan fixed, which decides the model",
    "limit_contrast_adjusted": "p-value of a contrast of the main model, adjusted for the number of such tests",
}
CONTRASTS: Mapping[str, str] = {HALF_LIMIT: "mean_ratio", CUT_OFF: "mean_ratio", YES_NO: "odds_ratio"}
"""Measure of a contrast of two arms, by block."""

CONVENTIONS: Conventions = {
    ("half_limit", "kenward-roger"): {
        "topic": "Half the limit, degrees of freedom",
        "convention": "Kenward–Roger, compound symmetry",
        "r": 'mmrm::mmrm(y ~ ... + cs(visit | id), method = "Kenward-Roger")',
        "sas": "PROC MIXED, DDFM=KENWARDROGER; REPEATED / TYPE=CS",
    },
    ("half_limit", "satterthwaite"): {
        "topic": "Half the limit, degrees of freedom",
        "convention": "Satterthwaite, compound symmetry",
        "r": "mmrm::mmrm(y ~ ... + cs(visit | id))",
        "sas": "PROC MIXED, DDFM=SATTERTHWAITE; REPEATED / TYPE=CS",
    },
    ("cut_off", "maximum-likelihood"): {
        "topic": "Values cut off at a limit",
        "convention": "Random intercept, maximum likelihood by adaptive quadrature, normal limits",
        "r": 'none; without the intercept, survival::survreg(dist = "gaussian")',
        "sas": "PROC NLMIXED, METHOD=GAUSS",
    },
    ("yes_no", "robust"): {
        "topic": "Yes or no, repeated",
        "convention": "Exchangeable estimating equations, sandwich variance",
        "r": 'geepack::geeglm(corstr = "exchangeable"); its moments have other denominators',
        "sas": "PROC GENMOD, REPEATED / TYPE=EXCH",
    },
    ("yes_no", "mancl-derouen"): {
        "topic": "Yes or no, repeated",
        "convention": "Exchangeable estimating equations, sandwich variance corrected by Mancl and DeRouen",
        "r": "none in base R",
        "sas": "PROC GLIMMIX, EMPIRICAL=MBN is another",
    },
}
RATIO_WORDS: Final = "ratio of geometric means"
ODDS_WORDS: Mapping[str, str] = {
    DETECTED: "odds ratio of detection",
    QUANTIFIED: "odds ratio of a value not below the limit",
}
"""What a contrast is called, of yes or no by what is yes."""


def contrast_words(block: str, yes: str) -> str:
    """What a contrast is called.

    Parameters
    ----------
    block : str
        The model.
    yes : str
        What a model of yes or no takes for yes.

    Returns
    -------
    str
        As within a sentence.
    """
    return ODDS_WORDS[yes] if block == YES_NO else RATIO_WORDS
