"""What a plan says of accrual."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.study import Status


@dataclass(frozen=True)
class AccrualSpec:
    """Enrolment against plan; ``recent_months`` is the stretch whose rate projects completion."""

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    recent_months: float
    status: Status
