"""Words of the rows of missing marker values.

The level of an effect is how missing values are treated; of an effect of shifted values the block is the shift of the
first group's and the level that of the reference's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from npcstats.results.conventions import Conventions

LOG: Final = "log"
IDENTITY: Final = "identity"
SEEN: Final = "seen"
"""Level of an effect: the model of the values seen, in which nothing is imputed."""
METHODS: Mapping[str, str] = {
    SEEN: "Model of the values seen",
    "missing-at-random": "Missing at random",
    "jump-to-reference": "Jump to reference",
    "copy-reference": "Copy reference",
    "copy-increments-in-reference": "Copy increments",
}
"""How missing values are treated, in page order."""
FIRST, REFERENCE = "first", "reference"
"""Levels of a tipping point: whose imputed values alone are shifted."""
AFTER: Final = "after-last"
"""Level of those without a value who were not seen later either."""
AT_RANDOM: Final = "missing-at-random"
"""Level of an effect whose imputed values are shifted."""
DIED, NOT_DUE, NO_BASELINE, NO_COVARIATE = "died", "not-due", "no-baseline", "no-covariate"
"""Reasons for which somebody is not in a denominator: of a visit the first two, of all visits the others."""
REASON_WORDS: Mapping[str, str] = {
    DIED: "died before the visit",
    NOT_DUE: "not yet due",
    NO_BASELINE: "no baseline value",
    NO_COVARIATE: "a covariate is missing",
}
EFFECTS: Mapping[str, str] = {LOG: "mean_ratio", IDENTITY: "mean_difference"}
"""Measure of the contrast of the arms, by scale."""

MEASURES: Mapping[str, str] = {
    "missing_information": "share of the information on a contrast that is missing",
    "tipping_shift": "least factor or shift of one group's imputed values by which the limits begin or cease to hold "
    "no difference",
}

CONVENTIONS: Conventions = {
    ("imputation", "approximate-bayes"): {
        "topic": "Imputation of marker values",
        "convention": "Model fitted to a bootstrap sample for each imputation; Rubin's rules, Barnard–Rubin df",
        "r": "rbmi::method_approxbayes()",
        "sas": "none; the five macros draw from the posterior",
    },
}
