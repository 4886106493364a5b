"""Monitoring as rows: looks of the plan, looks at the information that there was, and what may still be shown."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from npcstats.analyses.sequential.monitoring import Bounded, Monitoring, is_crossed
from npcstats.analyses.sequential.rows import (
    FUTILITY,
    NONE,
    NOW,
    OBSERVED,
    ONWARD,
    PLANNED,
    STATISTIC,
    TREND,
    UPPER,
)
from npcstats.analyses.sequential.spec import InformationSpec
from npcstats.estimators.sequential import (
    Boundaries,
    conditional_power,
    cross,
    inflation,
    predictive_power,
    trend_drift,
)
from npcstats.results import Row, count_rows

NOT_REACHED = "So little may be spent at this look that no statistic reaches the boundary."
UNSEEN = "No statistic was recorded, or none can be shown in this direction."
ALL_THERE = "All of the planned information is there."


@dataclass(frozen=True)
class Shown:
    """Whether a statistic is shown, and why not.

    Attributes
    ----------
    wanted : bool
        Whether there are rows of it at all.
    note : str
        Why the present one has no value; empty where it has.
    """

    wanted: bool
    note: str = ""


def planned_rows(template: Row, found: Monitoring, spec: InformationSpec) -> list[Row]:
    """Rows of the looks of the plan, and of what they do without and with the planned effect.

    Parameters
    ----------
    template : Row
        Carries analysis, population and the outcome's key columns.
    found : Monitoring
        Boundaries.
    spec : InformationSpec
        As in the plan.

    Returns
    -------
    list of Row
        Look by look, then of all of them.
    """
    named, total = replace(template, block=PLANNED), spec.looks[-1].information
    rows: list[Row] = []
    for place, look in enumerate(spec.looks):
        rows += _look_rows(replace(named, level=str(place + 1)), found.planned, place, look.information, total)
    for window, drift in ((NONE, 0.0), (PLANNED, found.drift)):
        told = cross(found.planned, drift)
        stopped = np.cumsum(told.upper + told.lower)
        crossing = replace(named, window=window, measure="crossing_probability", stat="estimate")
        rows += [replace(crossing, level=str(i + 1), value=float(p)) for i, p in enumerate(stopped)]
        expected = replace(named, window=window, measure="expected_information", stat="estimate")
        rows.append(replace(expected, value=told.expected_information * total))
    power = replace(named, window=PLANNED, stat="estimate", measure="monitoring_power")
    rows.append(replace(power, value=cross(found.planned, found.drift).power))
    return [*rows, replace(named, measure="inflation", stat="estimate", value=inflation(found.planned, spec.power))]


def _look_rows(template: Row, bounds: Boundaries, place: int, information: int, total: int) -> list[Row]:
    """Rows of a look: its information, what is spent by it, its boundaries."""
    estimate = replace(template, stat="estimate")
    values = {
        "information_fraction": float(bounds.information[place]),
        "alpha_spent": float(bounds.alpha_spent[place]),
        "boundary_upper": float(bounds.upper[place]),
        "boundary_p": float(bounds.nominal_p[place]),
    }
    if not math.isnan(bounds.drift):
        values |= {
            "beta_spent": float(bounds.beta_spent[place]),
            "boundary_futility": float(bounds.lower[place]),
        }
    rows = count_rows(replace(template, measure="information"), information, total)
    return rows + [_bounded(replace(estimate, measure=measure), value) for measure, value in values.items()]


def _bounded(row: Row, value: float) -> Row:
    """A row of a number; of a boundary that nothing reaches without a value, and the reason beside it."""
    if math.isinf(value):
        return replace(row, value=math.nan, note=NOT_REACHED)
    return replace(row, value=value)


def observed_rows(template: Row, found: Monitoring, spec: InformationSpec, shown: Shown, now: int) -> list[Row]:
    """Rows of the looks held, of the present one, and of those to come.

    Parameters
    ----------
    template : Row
        As in `planned_rows`.
    found : Monitoring
        Boundaries.
    spec : InformationSpec
        As in the plan.
    shown : Shown
        Whether a statistic is shown.
    now : int
        Present information.

    Returns
    -------
    list of Row
        Look by look; of a present look that is none its information and why.
    """
    named, total = replace(template, block=OBSERVED), spec.looks[-1].information
    rows: list[Row] = []
    for item in found.looks:
        own, look = replace(named, level=item.look.code), item.look
        rows += _look_rows(own, item.bounds, item.place, look.information, total)
        if shown.wanted and (look.cutoff is not None or look.code == NOW):
            rows += _statistic_rows(own, item, shown.note)
    if found.present is None:
        rows += _no_look_rows(replace(named, level=NOW), found, now, total)
    return rows


def _no_look_rows(template: Row, found: Monitoring, now: int, total: int) -> list[Row]:
    rows = count_rows(replace(template, measure="information"), now, total)
    rows.append(replace(template, measure="information_fraction", stat="estimate", value=now / total))
    blank = replace(template, stat="estimate", value=math.nan, note=found.note)
    futility = () if math.isnan(found.planned.drift) else ("beta_spent", "boundary_futility")
    measures = ("alpha_spent", "boundary_upper", "boundary_p", *futility)
    return rows + [replace(blank, measure=measure) for measure in measures]


def _statistic_rows(template: Row, item: Bounded, note: str) -> list[Row]:
    value = item.look.statistic
    told = (note or UNSEEN) if math.isnan(value) else ""
    rows = [replace(template, measure=STATISTIC, stat="statistic", value=value, note=told)]
    crossed = replace(template, measure="boundary_crossed", stat="count", note=told)
    for window in (UPPER,) if math.isnan(item.bounds.drift) else (UPPER, FUTILITY):
        beyond = math.nan if told else float(is_crossed(item, futility=window == FUTILITY))
        rows.append(replace(crossed, window=window, value=beyond))
    return rows


def onward_rows(template: Row, found: Monitoring, shown: Shown) -> list[Row]:
    """Rows of what the trial may still show, given the present statistic.

    Parameters
    ----------
    template : Row
        As in `planned_rows`.
    found : Monitoring
        Boundaries and looks.
    shown : Shown
        Whether a statistic is shown.

    Returns
    -------
    list of Row
        Conditional power under three effects, and predictive power; none where no statistic is shown.

    Notes
    -----
    Convention: of a test with two sides the boundary is that on the side of the present statistic, and the planned
    effect is on that side. The last look alone counts, those between are not stopped at.
    """
    if not shown.wanted:
        return []
    named = replace(template, block=ONWARD, stat="estimate")
    present = found.present
    note = shown.note or found.note
    if not note and present and float(present.bounds.information[present.place]) >= 1:
        note = ALL_THERE
    blank = dict.fromkeys((TREND, PLANNED, NONE, ""), math.nan)
    values = blank if note or present is None else powers_onward(present, found.drift)
    rows = [
        replace(named, window=window, measure="conditional_power", value=values[window], note=note)
        for window in (TREND, PLANNED, NONE)
    ]
    return [*rows, replace(named, measure="predictive_power", value=values[""], note=note)]


def powers_onward(present: Bounded, drift: float) -> dict[str, float]:
    """Find what a trial may still show, given the statistic of its present look.

    Parameters
    ----------
    present : Bounded
        The look, with a statistic and a look to come.
    drift : float
        Mean of Z at the planned information under the planned effect.

    Returns
    -------
    dict of str to float
        Conditional power by the effect that is assumed, ``trend``, ``planned`` and ``none``, and predictive power
        under an empty name.
    """
    bounds, fraction = present.bounds, float(present.bounds.information[present.place])
    z = abs(present.look.statistic) if bounds.sides == 2 else present.look.statistic
    final = float(bounds.upper[-1])
    drifts = {TREND: trend_drift(z, fraction), PLANNED: drift, NONE: 0.0}
    told = {window: conditional_power(z, fraction, final=final, drift=assumed) for window, assumed in drifts.items()}
    return {**told, "": predictive_power(z, fraction, final=final)}
