"""Words of the rows of a declared family of adverse events."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results.conventions import Conventions

UNADJUSTED = "unadjusted"
"""Block of what is compared as observed."""

CONTRASTS: Mapping[str, str] = {
    "risk_difference": "difference",
    "risk_ratio": "risk_ratio",
    "odds_ratio": "odds_ratio",
}
"""Contrasts of two arms, and the field of an entry that says how each is made; empty where it is not."""

MEASURES: Mapping[str, str] = {
    "exact_test": "test of two risks",
    "exact_test_adjusted": "the same, its p-value adjusted for the number of tests in the family",
}

CONVENTIONS: Conventions = {
    ("exact_test", "fisher"): {
        "topic": "Test of two risks",
        "convention": "Fisher's exact test, two-sided: tables no more probable than the one observed",
        "r": "fisher.test()",
        "sas": "PROC FREQ, FISHER",
    },
    ("exact_test", "barnard"): {
        "topic": "Test of two risks",
        "convention": "Barnard's unconditional test, pooled score statistic",
        "r": 'Exact::exact.test(method = "z-pooled")',
        "sas": "PROC FREQ, EXACT BARNARD",
    },
    ("exact_test", "boschloo"): {
        "topic": "Test of two risks",
        "convention": "Boschloo's unconditional test, twice the smaller side",
        "r": 'Exact::exact.test(method = "boschloo")',
        "sas": "none",
    },
    ("risk_ratio", "katz-log"): {
        "topic": "Limits of a risk ratio",
        "convention": "Katz, on the logarithm",
        "r": "epitools::riskratio.wald()",
        "sas": "PROC FREQ, RELRISK(CL=WALD)",
    },
    ("risk_ratio", "koopman"): {
        "topic": "Limits of a risk ratio",
        "convention": "Koopman's score interval",
        "r": "PropCIs::riskscoreci()",
        "sas": "PROC FREQ, RELRISK(CL=SCORE), not corrected",
    },
    ("risk_ratio", "miettinen-nurminen"): {
        "topic": "Limits of a risk ratio",
        "convention": "Miettinen–Nurminen score",
        "r": 'ratesci::scoreci(contrast = "RR", skew = FALSE)',
        "sas": "PROC FREQ, RELRISK(CL=SCORE)",
    },
    ("odds_ratio", "woolf-log"): {
        "topic": "Limits of an odds ratio",
        "convention": "Woolf, on the logarithm",
        "r": "epitools::oddsratio.wald()",
        "sas": "PROC FREQ, OR(CL=WALD)",
    },
    ("odds_ratio", "exact-conditional"): {
        "topic": "Limits of an odds ratio",
        "convention": "Exact, given the margins; conditional maximum likelihood",
        "r": "fisher.test()",
        "sas": "PROC FREQ, EXACT OR (another estimate)",
    },
}
