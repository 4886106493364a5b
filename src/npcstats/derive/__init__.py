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
from npcstats.derive.exposure import (
    CumulativeDose,
    Derived,
    OverallTime,
    Ratio,
    derive_exposure,
)
from npcstats.derive.groups import (
    Group,
    Span,
    arm_groups,
    arm_pair,
    level_texts,
    period_span,
    population_members,
    require_columns,
)
from npcstats.derive.snapshot import (
    SNAPSHOTS,
    Snapshot,
    at_cutoff,
    cutoff_day,
    results_of,
)
from npcstats.derive.times import (
    CENSORINGS,
    COMPETED,
    DIED,
    LOST,
    MISSED,
    ONGOING,
    STOPPED,
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
    "CENSORINGS",
    "COMPETED",
    "DIED",
    "LOST",
    "MISSED",
    "NOT_DETECTED",
    "ONGOING",
    "SNAPSHOTS",
    "STOPPED",
    "TIME_ZERO",
    "WITHDREW",
    "ComparedWords",
    "CumulativeDose",
    "Derived",
    "EventTimes",
    "Group",
    "OverallTime",
    "Ratio",
    "Snapshot",
    "Span",
    "arm_groups",
    "arm_pair",
    "arms_sentences",
    "assign_arms",
    "at_cutoff",
    "compared_words",
    "cutoff_day",
    "derive_endpoint",
    "derive_exposure",
    "detectable",
    "first_event",
    "last_assessment",
    "level_texts",
    "mask_arms",
    "period_span",
    "pool_arms",
    "population_members",
    "require_columns",
    "response_readings",
    "results_of",
    "visit_due",
    "visit_records",
    "with_time_zero",
]
