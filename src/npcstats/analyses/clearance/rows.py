"""Words of the rows of states of a marker, and of the time until it is no longer detected."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results.conventions import Conventions

ABSENT, BELOW, QUANTIFIED = "not-detected", "below-limit", "quantified"
STATES = (ABSENT, BELOW, QUANTIFIED)
"""Levels of a share at a visit."""
AT_VISITS, UNTIL, COURSE = "visits", "until", "course"
"""Blocks: states at visits; the time until clearance; the same estimates as often as a figure needs them."""

MEASURES: Mapping[str, str] = {
    "detected_before": "participants in whom the marker is detected at baseline",
    "followed": "those of them with a later sample",
    "cleared": "participants with a later sample in which the marker is not detected",
    "detected_again": "participants in whom the marker is detected after a sample in which it was not",
    "died_uncleared": "participants who died without such a sample",
    "median_after": "time after which half have cleared, as far as the estimate tells",
    "median_by": "time by which half have cleared, as far as the estimate tells",
    "clearance_least": "least share cleared by a time that the non-parametric estimate allows",
    "clearance_most": "largest share cleared by a time that the non-parametric estimate allows",
    "weibull_median": "median time to clearance by the Weibull model",
    "weibull_clearance": "share cleared by a time by the Weibull model",
}

CONVENTIONS: Conventions = {
    ("clearance", "turnbull"): {
        "topic": "Time known to lie between two samples",
        "convention": "Turnbull's estimate; both ends of what it does not determine",
        "r": 'survfit(Surv(l, u, type = "interval2") ~ 1)',
        "sas": "PROC ICLIFETEST",
    },
    ("clearance_model", "weibull"): {
        "topic": "Weibull model of such times",
        "convention": "Maximum likelihood; limits of the share on log(-log), of the median on the logarithm",
        "r": 'survreg(Surv(l, u, type = "interval2") ~ 1, dist = "weibull")',
        "sas": "PROC LIFEREG, DIST=WEIBULL",
    },
}
