"""Looks and their boundaries: of the plan, at the information that there was, and those that are still to come."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from npcstats.analyses.sequential.rows import NOW, TO_COME
from npcstats.analyses.sequential.spec import InformationSpec
from npcstats.estimators.sequential import Boundaries, Futility, find_boundaries, find_drift
from npcstats.estimators.sequential.paths import NEAREST

NOTHING_YET = "There is no information yet."
NOTHING_NEW = "There is no more information than at the look before."


@dataclass(frozen=True)
class Look:
    """A look at some information.

    Attributes
    ----------
    code : str
        Level of its rows.
    information : int
        Events or participants.
    statistic : float
        Z in the session's direction; NaN where none is shown.
    cutoff : date or None
        Of one that was held.
    """

    code: str
    information: int
    statistic: float = math.nan
    cutoff: datetime.date | None = None


@dataclass(frozen=True, eq=False)
class Bounded:
    """A look with its boundaries, which depend on the looks before it alone.

    Attributes
    ----------
    look : Look
        Held, the present one, or to come.
    bounds : Boundaries
        In which it stands.
    place : int
        Its place in them.
    """

    look: Look
    bounds: Boundaries
    place: int


@dataclass(frozen=True, eq=False)
class Monitoring:
    """What the plan foresaw, and where the trial is.

    Attributes
    ----------
    planned : Boundaries
        At the planned looks.
    drift : float
        Mean of Z at the planned information under the planned effect.
    looks : tuple of Bounded
        Held, the present one, those to come.
    note : str
        Why there is no present one; empty where there is.
    """

    planned: Boundaries
    drift: float
    looks: tuple[Bounded, ...]
    note: str

    @property
    def present(self) -> Bounded | None:
        """Tell which is the present look.

        Returns
        -------
        Bounded or None
            None where there is no more information than at the look before.
        """
        return next((item for item in self.looks if item.look.code == NOW), None)


def monitor(spec: InformationSpec, held: Sequence[Look], now: Look, *, looks: bool) -> Monitoring:
    """Find the boundaries of the plan, and those at the information that there was.

    Parameters
    ----------
    spec : InformationSpec
        As in the plan.
    held : sequence of Look
        Looks before the present one, in order.
    now : Look
        The present information, whether or not it is enough for a look.
    looks : bool
        Whether a statistic is looked at now. If it is not nothing is spent: the boundary that there would be now is
        found all the same, and those to come as if there were none.

    Returns
    -------
    Monitoring
        Both.

    Notes
    -----
    Convention: a look takes the place of the planned one to whose information its own is nearest; one that is nearer
    to the start than to the first planned look is one more. The last planned look is to come until its information
    is reached.
    """
    planned = _bounds(spec, [look.information for look in spec.looks], None)
    drift = find_drift(planned, spec.power) if spec.futility is None else planned.drift
    before = held[-1].information if held else 0
    counts = _is_more(now.information, before)
    note = "" if counts else NOTHING_NEW if held else NOTHING_YET
    present = [*held, now] if counts else [*held]
    coming = _to_come(spec, now.information if looks and counts else before, max(now.information, before))
    onward = [*(present if looks else held), *coming]
    found = _bounded(spec, onward, drift)
    if counts and not looks:
        alone = _bounded(spec, [*present, *coming], drift)[len(held)]
        found = (*_bounded(spec, [*held, *coming], drift)[: len(held)], alone, *found[len(held) :])
    return Monitoring(planned, drift, found, note)


def _bounded(spec: InformationSpec, looks: Sequence[Look], drift: float) -> tuple[Bounded, ...]:
    if not looks:
        return ()
    bounds = _bounds(spec, [look.information for look in looks], drift)
    return tuple(Bounded(look, bounds, place) for place, look in enumerate(looks))


def _to_come(spec: InformationSpec, looked: int, reached: int) -> list[Look]:
    """Planned looks that no look has taken the place of, and whose information is still to come."""
    last = spec.looks[-1].information
    if reached >= last:
        return []
    starts = [0, *(look.information for look in spec.looks[:-1])]
    nearest = min(range(len(starts)), key=lambda i: abs(starts[i] - looked))
    return [
        Look(f"{TO_COME}{place + 1}", look.information)
        for place, look in enumerate(spec.looks)
        if place >= nearest and _is_more(look.information, reached)
    ]


def _is_more(information: int, before: int) -> bool:
    return information - before > NEAREST * information


def _bounds(spec: InformationSpec, information: Sequence[int], drift: float | None) -> Boundaries:
    rule, fractions = spec.futility, np.array(information, dtype=float) / spec.looks[-1].information
    futility = None
    if rule is not None:
        beta = 1.0 - spec.power
        futility = Futility(beta=beta, function=rule.spending, parameter=rule.parameter, binding=False)
    return find_boundaries(
        fractions,
        alpha=spec.alpha,
        sides=spec.sides,
        function=spec.spending,
        parameter=spec.parameter,
        futility=futility,
        drift=drift if futility else None,
        final=True,
    )


def is_crossed(item: Bounded, *, futility: bool) -> bool:
    """Tell whether a statistic is at a boundary or beyond it.

    Parameters
    ----------
    item : Bounded
        A look with its statistic.
    futility : bool
        Of futility, else of efficacy: of a test with two sides on either.

    Returns
    -------
    bool
        True where it is.
    """
    bounds, statistic = item.bounds, item.look.statistic
    if futility:
        return statistic <= float(bounds.lower[item.place])
    size = abs(statistic) if bounds.sides == 2 else statistic
    return size >= float(bounds.upper[item.place])
