"""Words of the rows of accrual."""

from __future__ import annotations

from collections.abc import Mapping

MEASURES: Mapping[str, str] = {
    "enrolled": "participants enrolled by a time",
    "expected_enrolled": "participants planned to be enrolled by a time",
    "calendar_day": "day so many months after the first day of planned accrual, as days since 0000-12-31",
    "projected_date": "day on which enrolment is projected to be complete, as days since 0000-12-31",
}
