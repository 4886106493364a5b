"""Terms that data standards give for what a form asks in words: of adverse events, action, outcome, seriousness."""

from __future__ import annotations

ACTIONS = (
    "DOSE INCREASED",
    "DOSE NOT CHANGED",
    "DOSE RATE REDUCED",
    "DOSE REDUCED",
    "DRUG INTERRUPTED",
    "DRUG WITHDRAWN",
    "NONE",
    "NOT APPLICABLE",
    "NOT EVALUABLE",
    "UNKNOWN",
)
"""CDISC's action taken with study treatment (ACN), and that there was none."""

OUTCOMES = (
    "FATAL",
    "NOT RECOVERED/NOT RESOLVED",
    "NOT RECOVERED",
    "NOT RESOLVED",
    "ONGOING",
    "RECOVERED/RESOLVED",
    "RECOVERED",
    "RESOLVED",
    "RECOVERED/RESOLVED WITH SEQUELAE",
    "RECOVERED WITH SEQUELAE",
    "RESOLVED WITH SEQUELAE",
    "RECOVERING/RESOLVING",
    "RECOVERING",
    "RESOLVING",
    "UNKNOWN",
)
"""CDISC's outcome of an event (OUT), each of its double terms also by its halves, and what is not over yet."""

SERIOUSNESS = (
    "DEATH",
    "LIFE-THREATENING",
    "HOSPITALIZATION",
    "DISABILITY",
    "CONGENITAL ANOMALY",
    "IMPORTANT MEDICAL EVENT",
)
"""What makes an event serious by ICH E2A; of several, the gravest stands first."""
