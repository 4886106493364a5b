"""Words of the rows of characteristics."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results.conventions import Conventions

MEASURES: Mapping[str, str] = {
    "std_deviation": "standard deviation",
    "minimum": "smallest value",
    "first_quartile": "25th percentile",
    "third_quartile": "75th percentile",
    "maximum": "largest value",
    "smd": "standardized mean difference",
}

CONVENTIONS: Conventions = {
    ("smd_denominator", "average"): {
        "topic": "Standardized difference",
        "convention": "Over the root of the average of the arms' variances",
        "r": "tableone::ExtractSmd()",
        "sas": "PROC PSMATCH STDDEV=POOLED",
    },
    ("smd_denominator", "treated"): {
        "topic": "Standardized difference",
        "convention": "Over the first arm's standard deviation",
        "r": "MatchIt::summary()",
        "sas": "PROC PSMATCH STDDEV=TREATED",
    },
}
