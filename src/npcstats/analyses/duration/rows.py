"""Words of the rows of onset, duration and resolution."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results.conventions import Conventions

ONSET, WORST = "onset", "worst"
"""Levels of a day: on which the first event began, and on which the first of the worst grade did."""

MEASURES: Mapping[str, str] = {
    "resolved": "participants whose first event is known to have resolved",
    "unresolved_death": "participants who died with their first event",
    "median_duration": "day by which half have resolved, death competing",
    "resolution": "share that has resolved by a day, death competing",
}

CONVENTIONS: Conventions = {
    ("resolution", "aalen-johansen"): {
        "topic": "Resolution of an adverse event",
        "convention": "Aalen–Johansen, death competing; both days of an event counted",
        "r": "survfit(Surv(time, factor(state)) ~ 1)",
        "sas": "PROC LIFETEST, EVENTCODE=1",
    },
}
