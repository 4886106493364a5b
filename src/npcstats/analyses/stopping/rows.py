"""Words of the rows of stopping rules, and the choices by which the catalogue tells what a rule is."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results.conventions import Conventions

NOW, LOOKS, EXACT, SIMULATED, CURVE = "now", "looks", "exact", "simulated", "curve"
"""Blocks: where a rule stands at the cut-off, at each of its looks, and what it does under true rates: in a table by
enumeration, the same by simulation, and along a curve."""

MET = "met"
"""Lookup of the words for a rule that is met, or is not."""
VERDICTS: Mapping[str, str] = {"1": "Yes", "0": "No"}
BETA_BINOMIAL, REPEATED_TESTS = "beta-binomial", "repeated-tests"

MEASURES: Mapping[str, str] = {
    "acceptable_rate": "rate of an event that is still acceptable",
    "stopping_level": "posterior probability at which a rule is met, or largest probability of ever meeting it",
    "posterior_exceeds": "posterior probability that the rate of an event exceeds the acceptable one",
    "stopping_limit": "smallest number of participants with the event at which a rule is met",
    "stopping_met": "1 where a rule is met, else 0; of all together, how many are met now or were at a look",
    "pending": "participants with the event whose period is not complete, and who are not counted yet",
    "alert_limit": "share of participants with the event from which an alert is raised",
    "alert_raised": "1 where the alert is raised, else 0",
    "ordered_events": "participants with the event among the first so many in order of exposure",
    "true_rate": "rate of the event under which a rule is characterized",
    "stop_probability": "probability that a rule is met, at any look or by one",
    "expected_size": "mean number of participants when a rule is met, or at its last look",
    "expected_events": "mean number of participants with the event then",
}

CONVENTIONS: Conventions = {
    ("criterion", BETA_BINOMIAL): {
        "topic": "Stopping rule for a toxicity",
        "convention": "Posterior probability of a beta-binomial model (Thall and Simon; Geller)",
        "r": "1 - pbeta(p0, a + x, b + n - x)",
        "sas": "1 - CDF('BETA', p0, a + x, b + n - x)",
    },
    ("criterion", REPEATED_TESTS): {
        "topic": "Stopping rule for a toxicity",
        "convention": "Repeated exact binomial tests, nominal levels of a power family (Ivanova, Qaqish and Schell)",
        "r": "clinfun::toxbdry()",
        "sas": "none",
    },
}


def criterion_choice(rule: str) -> str:
    """Name the choice that tells by what a rule is met.

    Parameters
    ----------
    rule : str
        Code of the rule.

    Returns
    -------
    str
        Its name in the catalogue entry.
    """
    return f"criterion.{rule}"
