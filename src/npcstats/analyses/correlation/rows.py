"""Words of the rows of correlations within participants."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results.conventions import Conventions

WITHIN, BEYOND_VISITS = "within", "beyond-visits"
"""Blocks: of changes within participants, and of what is left of them when the means of visits are removed too."""
BLOCKS = (WITHIN, BEYOND_VISITS)
TREE = "tree"
"""Block of the tree: first markers of the parts that are joined, as variable and level."""

MEASURES: Mapping[str, str] = {
    "repeated_correlation": "correlation of two markers within participants",
    "merge_distance": "distance at which two groups of markers are joined",
}

CONVENTIONS: Conventions = {
    ("repeated_correlation", "fisher"): {
        "topic": "Correlation within participants",
        "convention": "Participants' means removed; Fisher's limits, occasions independent",
        "r": "rmcorr::rmcorr(); partial correlation given participants",
        "sas": "PROC GLM, ABSORB participant",
    },
    ("repeated_correlation", "clustered"): {
        "topic": "Correlation within participants",
        "convention": "Participants' means removed; variance of participants as wholes, t limits",
        "r": "none",
        "sas": "none",
    },
}
