"""Radiotherapy and chemotherapy as planned, and what keeps them from being given so."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.synthetic.truth.effects import Linear


@dataclass(frozen=True)
class Drug:
    """A drug within a cycle: dose per administration, its days from the cycle's first, and how long it runs."""

    name: str
    dose: float
    unit: str
    days: tuple[int, ...] = (0,)
    last_day: int = 0


@dataclass(frozen=True)
class Regimen:
    """A chemotherapy regimen: its share, the days between cycles, and the shares of planned numbers of cycles."""

    code: str
    share: float
    drugs: tuple[Drug, ...]
    cycle_days: int
    cycles: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Radiotherapy:
    """The course: prescription, fractions on working days, breaks and early stops.

    Parameters
    ----------
    treatment : str
        Name in the exposure frame.
    dose, fractions, fractions_per_block
        Prescription, number of fractions, fractions per recorded block.
    wait_days : (int, int)
        Enrolment to first treatment.
    gap_days : (int, int)
        End of the last induction cycle to the first fraction.
    break_share, break_days
        Share with a long break; its working days.
    short_break_share : float
        Share with one working day lost.
    stop_share, stop_range
        Share that stops early; fewest and most fractions then.
    """

    treatment: str
    dose: float
    fractions: int
    fractions_per_block: int
    wait_days: tuple[int, int]
    gap_days: tuple[int, int]
    break_share: float
    break_days: tuple[int, int]
    short_break_share: float
    stop_share: float
    stop_range: tuple[int, int]


@dataclass(frozen=True)
class Chemotherapy:
    """Regimens before and with radiotherapy, and the log odds of skipping a concurrent cycle.

    ``skip`` may name covariate ``renal``, the first value of marker ``renal_marker``; ``reduced_to`` is the share of
    the dose that ``reduce_share`` of the cycles get.
    """

    induction: tuple[Regimen, ...]
    concurrent: tuple[Regimen, ...]
    skip: Linear
    renal_marker: str
    skip_per_cycle: float
    reduce_share: float
    reduced_to: float
