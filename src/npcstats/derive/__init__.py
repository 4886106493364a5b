"""From a checked export to what an analysis needs: a study at its cut-off, its groups, periods, endpoints and visits.

Everything here is derived again at every cut-off; nothing is carried over from the export's own flags.
"""

from __future__ import annotations

from npcstats.derive.arms import (
    ComparedWords,
    arms_sentences,
    assign_arms,
    compared_words,
    mask_arms,
    pool_arms,
)
from npcstats.derive.exposure import derive_exposure
from npcstats.derive.groups import (
    Group,
    Span,
    arm_groups,
    arm_pair,
    distinct_level_texts,
    level_texts,
    period_span,
    population_members,
    require_columns,
)
from npcstats.derive.snapshot import (
    Snapshot,
    at_cutoff,
    cutoff_day,
    last_day,
    results_of,
)
from npcstats.derive.terms import (
    NOT_LISTED,
    TERM_NUMBER,
    UNLISTED_SENTENCE,
    check_named,
    explain_unlisted,
    is_listed,
    printable,
    told_texts,
    withhold_unlisted,
)
from npcstats.derive.times import (
    DIED,
    LOST,
    MISSED,
    ONGOING,
    TIME_ZERO,
    WITHDREW,
    EventTimes,
    derive_endpoint,
    first_event,
    last_assessment,
    with_time_zero,
)
from npcstats.derive.visits import (
    BELOW_LLOQ,
    NOT_DETECTED,
    detectable,
    response_readings,
    visit_due,
    visit_records,
)

__all__ = [
    "BELOW_LLOQ",
    "DIED",
    "LOST",
    "MISSED",
    "NOT_DETECTED",
    "NOT_LISTED",
    "ONGOING",
    "TERM_NUMBER",
    "TIME_ZERO",
    "UNLISTED_SENTENCE",
    "WITHDREW",
    "ComparedWords",
    "EventTimes",
    "Group",
    "Snapshot",
    "Span",
    "arm_groups",
    "arm_pair",
    "arms_sentences",
    "assign_arms",
    "at_cutoff",
    "check_named",
    "compared_words",
    "cutoff_day",
    "derive_endpoint",
    "derive_exposure",
    "detectable",
    "distinct_level_texts",
    "explain_unlisted",
    "first_event",
    "is_listed",
    "last_assessment",
    "last_day",
    "level_texts",
    "mask_arms",
    "period_span",
    "pool_arms",
    "population_members",
    "printable",
    "require_columns",
    "response_readings",
    "results_of",
    "told_texts",
    "visit_due",
    "visit_records",
    "with_time_zero",
    "withhold_unlisted",
]
