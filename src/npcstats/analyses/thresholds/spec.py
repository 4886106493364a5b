"""What a plan watches, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from npcstats.choices import choice_faults, faults_within
from npcstats.study import Status

Direction = Literal["above", "below"]


DIRECTIONS: tuple[Direction, ...] = ("above", "below")


@dataclass(frozen=True)
class Watch:
    """A number under watch.

    Parameters
    ----------
    id, label : str
        Its id in results and what is watched, in words.
    rows : mapping of str to str
        Columns and values that select the candidate rows; the most extreme one is watched.
    direction : {"above", "below"}
        On which side of the threshold a look is due.
    threshold : float
        In the unit of the rows.
    magnitude : bool
        Whether the size is watched, whatever the sign.
    without : mapping of str to str
        Columns and values of rows that are not candidates.
    minimum_total : int
        A row is a candidate only where every group in it has at least this denominator.
    """

    id: str
    label: str
    rows: Mapping[str, str]
    direction: Direction
    threshold: float
    magnitude: bool = False
    without: Mapping[str, str] = field(default_factory=dict)
    minimum_total: int = 0


@dataclass(frozen=True)
class ThresholdSpec:
    """The plan's thresholds for a look."""

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    watches: tuple[Watch, ...]
    status: Status


def threshold_faults(spec: ThresholdSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, or without effect.

    Parameters
    ----------
    spec : ThresholdSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = faults_within((watch.id, watch, _watch_idle(watch)) for watch in spec.watches)
    return faults + [f"{watch.id}: {fault}" for watch in spec.watches for fault in
                     choice_faults(watch, "direction", DIRECTIONS)]  # fmt: skip


def _watch_idle(watch: Watch) -> dict[str, str]:
    """Without what is selected by another value of the same column, or by the same."""
    settled = [name for name in watch.without if name in watch.rows]
    return {"without": f"rows settle {', '.join(settled)}"} if settled else {}
