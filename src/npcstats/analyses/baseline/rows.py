"""Words of the rows of characteristics."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results.conventions import Conventions

MEASURES: Mapping[str, str] = {
    "geometric_variation": "geometric coefficient of variation, as a share",
    "smd_largest": "standardized mean difference of the two arms, of three or more, that differ most",
    "test": "test of whether arms differ in a characteristic, named by its method",
    "test_adjusted": "the same, its p-value adjusted for the number of tests, named by its method",
    "unstarted": "participants who had not reached the date from which their actual treatment is known",
    "unplaced": "participants without a value of what subgroups are by, who are in none",
}

DATED = "date"
"""Unit of a value that is a calendar day, counted as Python's ordinals."""

SHOWN: Mapping[str, tuple[str, ...]] = {
    "mean": ("mean", "std_deviation"),
    "median": ("median", "first_quartile", "third_quartile"),
    "range": ("minimum", "maximum"),
    "geometric-sd": ("geometric_mean", "geometric_deviation"),
    "geometric-cv": ("geometric_mean", "geometric_variation"),
}
"""Measures of each statistic that a table shows of a continuous characteristic."""

DATES = ("minimum", "median", "maximum")
"""Measures that a table shows of a date."""

COMPARED = ("smd", "smd_largest", "test", "test_adjusted")
"""Measures that compare arms."""

TESTS: Mapping[str, str] = {
    "t": "Student's t test, one common variance.",
    "welch": "Welch's t test.",
    "anova": "Analysis of variance.",
    "wilcoxon": "Wilcoxon rank sum test, normal approximation corrected for ties, without continuity correction.",
    "wilcoxon-corrected": "Wilcoxon rank sum test, normal approximation corrected for ties, with continuity "
    "correction.",
    "kruskal-wallis": "Kruskal–Wallis test, corrected for ties.",
    "chi-square": "Pearson's chi-squared test without continuity correction.",
    "chi-square-corrected": "Pearson's chi-squared test with Yates' continuity correction.",
    "fisher": "Fisher's exact test, two-sided.",
    "cochran-armitage": "Cochran–Armitage test of a trend over equally spaced scores, without continuity correction.",
}
"""Tests by code, as a footnote names them."""

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
    ("smd_limits", "delta"): {
        "topic": "Limits of a standardized difference",
        "convention": "Delta method; of more than two categories the noncentral chi-squared distribution with its "
        "standard error",
        "r": "none; stddiff::stddiff.numeric() takes the variances for equal",
        "sas": "none",
    },
    ("multiplicity", "none"): {
        "topic": "Tests of baseline differences",
        "convention": "Not adjusted for their number",
        "r": 'p.adjust(method = "none")',
        "sas": "none",
    },
    ("multiplicity", "holm"): {
        "topic": "Tests of baseline differences",
        "convention": "Adjusted for their number, Holm",
        "r": 'p.adjust(method = "holm")',
        "sas": "PROC MULTTEST HOLM",
    },
    ("multiplicity", "benjamini-hochberg"): {
        "topic": "Tests of baseline differences",
        "convention": "Adjusted for their number, Benjamini–Hochberg",
        "r": 'p.adjust(method = "BH")',
        "sas": "PROC MULTTEST FDR",
    },
}
