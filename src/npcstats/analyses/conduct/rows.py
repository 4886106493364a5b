"""Words of the rows that count what was due and what came."""

from __future__ import annotations

from collections.abc import Mapping

OVERDUE, RECENT = "overdue", "recently_due"

COMPLETENESS_MEASURES: Mapping[str, str] = {
    OVERDUE: "share of what was due that is overdue: not received, and due for longer than the plan allows",
    RECENT: "share of what was due that is not yet entered: not received, and due within the days the plan allows",
}
