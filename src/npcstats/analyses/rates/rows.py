"""Words of the rows of event rates and mean numbers of events."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results.conventions import Conventions

FIRST, ALL = "first", "all"
"""Levels of a rate: of each participant's first event in a period, or of all events."""
AFTER_FOLLOW_UP = "after-follow-up"
UNDATED = "undated"
"""Why an event is not counted."""

MEASURES: Mapping[str, str] = {
    "rate": "events over person-time, of first events or of all",
    "person_time": "years at risk, of all participants together",
    "rate_difference": "difference of two rates",
    "rate_ratio": "ratio of two rates",
    "not_counted": "events that belong to no time at risk",
    "mean_events": "mean number of events per participant by a landmark time",
    "mean_events_curve": "mean number of events per participant, at each step of the curve",
    "mean_events_difference": "difference of two mean numbers of events at a landmark time",
}

CONVENTIONS: Conventions = {
    ("rate", "garwood"): {
        "topic": "Limits of a rate",
        "convention": "Garwood, exact of a Poisson count",
        "r": "poisson.test()",
        "sas": "PROC STDRATE CL=GAMMA (another upper limit)",
    },
    ("rate_difference", "miettinen-nurminen"): {
        "topic": "Difference of rates",
        "convention": "Miettinen–Nurminen score",
        "r": 'ratesci::scoreci(distrib = "poi", skew = FALSE)',
        "sas": "none",
    },
    ("rate_difference", "wald"): {
        "topic": "Difference of rates",
        "convention": "Wald",
        "r": "x1/t1 - x0/t0, by hand",
        "sas": "PROC STDRATE EFFECT=DIFF",
    },
    ("rate_ratio", "exact-conditional"): {
        "topic": "Ratio of rates",
        "convention": "Exact, given the number of events",
        "r": "poisson.test()",
        "sas": "PROC GENMOD DIST=POISSON, EXACT",
    },
    ("recurrent", "robust"): {
        "topic": "Rates of all events",
        "convention": "Sandwich, a participant a cluster",
        "r": "geepack::geeglm(family = poisson)",
        "sas": "PROC GENMOD DIST=POISSON, REPEATED",
    },
    ("recurrent", "poisson"): {
        "topic": "Rates of all events",
        "convention": "As of independent events",
        "r": "poisson.test()",
        "sas": "PROC GENMOD DIST=POISSON",
    },
    ("terminal", "censor"): {
        "topic": "Mean number of events",
        "convention": "Nelson, Lawless–Nadeau variance",
        "r": "survfit(Surv(start, stop, event) ~ 1, id = )",
        "sas": "PROC PHREG, baseline CMF= of a null model",
    },
    ("terminal", "ghosh-lin"): {
        "topic": "Mean number of events",
        "convention": "Ghosh–Lin, jackknife variance",
        "r": "mets::recurrentMarginal() (another variance)",
        "sas": "none",
    },
}
