"""Words of the rows of scores and weights: the block is the adjustment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

INTERCEPT: Final = "(Intercept)"
VERDICT: Final = "verdict"
"""Topic of what is wrong with the scores or the weights of an adjustment: ``verdict.NAME``."""
REMAINING: Final = "remaining"
"""Topic of what an adjustment leaves unbalanced: ``remaining.NAME``."""
DATED: Final = "date"
"""Unit of a mean that is a calendar day, counted as Python's ordinals."""
CONTINUOUS, LOGARITHMIC, DATE, CATEGORICAL = "continuous", "log2", "date", "categorical"
"""Scales of a characteristic."""
LOWER, UPPER = "lower", "upper"
"""Levels of a limit of the scores that are kept."""
MIDDLE, LEAST, MOST = "0.5", "0", "1"
QUANTILES = (LEAST, "0.05", "0.25", MIDDLE, "0.75", "0.95", MOST)
"""Levels of a quantile of the score."""

MEASURES: Mapping[str, str] = {
    "score_quantile": "quantile of the propensity score, its level says which",
    "score_share": "share of an arm whose score lies in a bin, its level is where the bin begins",
    "weighted_score_share": "share of the weight of an arm whose score lies in a bin",
    "overlap": "share that the distributions of the score in two arms have in common",
    "weighted_overlap": "the same of the weighted arms",
    "c_statistic": "chance that of two participants, one of each arm, the one of the first has the higher score",
    "outside_range": "participants of an arm whose score lies outside those of the other arm",
    "largest_weight": "largest weight of an arm",
    "relative_weight": "largest weight of an arm over the mean of its weights",
    "trim_limit": "least or largest score that is kept",
    "score_coefficient": "log odds of the first arm for one unit of a column of the score's design",
    "spline_knot": "knot of a natural cubic spline, on the scale of the variable",
    "weighted_mean": "weighted mean",
    "weighted_std_deviation": "weighted standard deviation",
    "weighted_geometric_mean": "weighted geometric mean",
    "weighted_geometric_deviation": "weighted geometric standard deviation, a factor",
    "weighted_proportion": "share of the weight of an arm",
    "weighted_smd": "standardized mean difference of the weighted arms, in unweighted standard deviations",
    "unbalanced": "standardized differences beyond the limit, of all that are looked at",
    "weighted_unbalanced": "the same of the weighted arms",
}

LOCATIONS: Mapping[str, tuple[str, str]] = {
    CONTINUOUS: ("mean", "std_deviation"),
    LOGARITHMIC: ("geometric_mean", "geometric_deviation"),
    DATE: ("mean", "std_deviation"),
}
"""Measures of where values are and how far they are spread, by scale; those of weighted arms begin with `WEIGHTED`."""
WEIGHTED: Final = "weighted_"
