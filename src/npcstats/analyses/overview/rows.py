"""Words of the rows of the overview: blocks of its lines, and what is counted beside them."""

from __future__ import annotations

from collections.abc import Mapping

EVENTS, DEATHS, SHARED = "events", "deaths", "shared"
"""Blocks: participants with an event of a category, participants who died, and who is in several of these."""
UNDATED, ELSEWHERE, SEVERE = "undated", "elsewhere", "severe"
"""Why events are counted nowhere; and those of them of grade 4 or 5 or serious, whatever the reason."""

MEASURES: Mapping[str, str] = {
    "records_outside": "records of members that are counted in no period, by reason",
    "records_after_death": "records counted that began after the participant's death",
}
OUTSIDE_LABELS: Mapping[str, str] = {
    UNDATED: "without a date of onset",
    ELSEWHERE: "began in none of the periods, or were no worse than before treatment, or of participants outside the "
    "denominators",
    SEVERE: "of all these, of grade 4 or 5 or serious",
}
