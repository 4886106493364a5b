"""Where the information of a comparison stands, its boundaries, and its statistic where efficacy may be seen."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from npcstats.analyses.adjustment.outcomes import GradeOutcome, MarkerOutcome, derive_outcome
from npcstats.analyses.adjustment.rows import RATIOS
from npcstats.analyses.sequential.making import Shown, observed_rows, onward_rows, planned_rows
from npcstats.analyses.sequential.monitoring import Look, monitor
from npcstats.analyses.sequential.rows import NOW, OBSERVED, STATISTIC
from npcstats.analyses.sequential.spec import (
    InformationSpec,
    Monitored,
    SequentialSpec,
    information_faults,
    sequential_faults,
)
from npcstats.analyses.sequential.telling import sequential_analysis
from npcstats.choices import refuse_faults
from npcstats.derive import Past, arm_pair, cutoff_day, population_members, results_of
from npcstats.errors import DataError, SpecError
from npcstats.results import EVERYONE, Results, Row, select
from npcstats.study import Study

ONE_SIDED = "It is not shown while arms are masked: the side of a test with one side would tell which arm is which."


def summarize_information(study: Study, spec: InformationSpec) -> Results:
    """Tell where the information of a comparison stands, and its boundaries, without a statistic.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : InformationSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``information``, of everybody together; never by arm.

    Raises
    ------
    SpecError
        If a choice is not in its closed set.
    DataError
        If an event precedes time zero, or a column is not in the data.

    Notes
    -----
    Information is the number of events of a time, of any other outcome that of the members whose outcome is known.
    Boundaries are found again at the information of each look that was held, as `find_boundaries` does.
    """
    refuse_faults(spec.id, information_faults(spec))
    return _made(study, spec, _held(study, spec, None, masked=False), _information(study, spec), math.nan, Shown(False))


def compare_sequential(study: Study, results: Results, past: Past | None, spec: SequentialSpec) -> Results:
    """Tell where the information of a comparison stands, its boundaries and its statistic.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    results : Results
        Every other analysis of the session, the monitored comparison among them.
    past : Past or None
        Looks of the former meeting count as held.
    spec : SequentialSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``sequential``, of everybody together; without a statistic where the study has not two arms.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, the session has no such comparison, or a look was held with another
        information than the plan says.
    DataError
        If an event precedes time zero, or a column is not in the data.

    Notes
    -----
    The statistic is the estimate of the comparison over its standard error, of a ratio its logarithm; its information
    that of the members compared. Where arms are masked, a statistic of one side is not shown, nor are those that the
    plan records: their sign is by the arms' names.
    """
    refuse_faults(spec.id, sequential_faults(spec))
    pair = arm_pair(study)
    if pair is None or spec.monitored is None:
        held = _held(study, spec, None, masked=True)
        return _made(study, spec, held, _information(study, spec), math.nan, Shown(False))
    masked = study.arms != study.design.arms
    held, now = _held(study, spec, past, masked=masked), _compared_information(results, spec, spec.monitored)
    statistic, note = _statistic(results, spec, spec.monitored, pair)
    if masked and spec.sides == 1:
        held, statistic, note = [replace(look, statistic=math.nan) for look in held], math.nan, ONE_SIDED
    return _made(study, spec, held, now, statistic, Shown(True, note))


def _made(
    study: Study, spec: InformationSpec, held: Sequence[Look], now: int, statistic: float, shown: Shown
) -> Results:
    template = _template(spec)
    looks = shown.wanted and not shown.note
    found = monitor(spec, held, Look(NOW, now, statistic), looks=looks)
    rows = planned_rows(template, found, spec) + observed_rows(template, found, spec, shown, now)
    rows += onward_rows(template, found, shown)
    return results_of(study, spec.id, rows, sequential_analysis(study, spec, held, shown=shown.wanted, looks=looks))


def _template(spec: InformationSpec) -> Row:
    return Row(spec.id, spec.population, "information", "count", 0.0, variable=spec.outcome.code)


def _information(study: Study, spec: InformationSpec) -> int:
    members = population_members(study, spec.population)
    data = derive_outcome(study, members, spec.outcome, spec.id)
    return int(data.events.sum() if data.timed and data.events is not None else data.known.sum())


def _rows_of(results: Results, spec: InformationSpec, monitored: Monitored, **wanted: object) -> tuple[Row, ...]:
    """Rows of the monitored comparison."""
    outcome = spec.outcome
    window = outcome.window.code if isinstance(outcome, GradeOutcome) else ""
    window = outcome.visit if isinstance(outcome, MarkerOutcome) else window
    place = {"population": spec.population, "variable": outcome.code, "window": window, "block": monitored.block}
    return select(results, analysis=monitored.comparison, **place, **wanted)


def _compared_information(results: Results, spec: InformationSpec, monitored: Monitored) -> int:
    """Events, or participants, of those compared."""
    if monitored.comparison not in results.catalogue.analyses:
        raise SpecError(
            f"plan: {spec.id} monitors {monitored.comparison!r}, which this session has not; a comparison that is made "
            "for the session is required."
        )
    timed = not isinstance(spec.outcome, GradeOutcome | MarkerOutcome)
    measure = "events" if timed else "participants"
    found = _rows_of(results, spec, monitored, arm=EVERYONE, measure=measure, stat="count")
    if len(found) != 1:
        raise SpecError(
            f"plan: {spec.id} monitors block {monitored.block!r} of {monitored.comparison} in {spec.outcome.code} of "
            f"population {spec.population}, which that comparison has not; one that it has is required."
        )
    return int(found[0].value)


def _statistic(
    results: Results, spec: InformationSpec, monitored: Monitored, pair: tuple[str, str]
) -> tuple[float, str]:
    """Z in favour of the first arm, and why there is none."""
    measure = monitored.measure
    at = {"arm": pair[0], "reference": pair[1], "time": math.nan if measure.at is None else measure.at}
    found = _rows_of(results, spec, monitored, **at, measure=measure.name, stat=("estimate", "std_error"))
    rows = {row.stat: row for row in found}
    if len(rows) != 2:
        raise SpecError(
            f"plan: {spec.id} monitors {measure.name} of {monitored.comparison}, which that comparison has not; one "
            "of its measures is required."
        )
    estimate, error = rows["estimate"], rows["std_error"]
    if math.isnan(estimate.value) or math.isnan(error.value) or error.value <= 0:
        return math.nan, estimate.note or error.note or "The estimate has no standard error."
    size = math.log(estimate.value) if measure.name in RATIOS else estimate.value
    return (-1.0 if monitored.favours == "below" else 1.0) * size / error.value, ""


def _held(study: Study, spec: InformationSpec, past: Past | None, *, masked: bool) -> list[Look]:
    """Looks before the present cut-off: of the plan, and of the former meeting, whose direction is the session's."""
    today = cutoff_day(study).date()
    known = {
        held.cutoff: Look(
            held.cutoff.isoformat(),
            held.information,
            math.nan if masked or held.statistic is None else held.statistic,
            held.cutoff,
        )
        for held in spec.held
    }
    for look in _stored(past, spec.id) if past else []:
        planned = known.get(look.cutoff) if look.cutoff else None
        if planned and planned.information != look.information:
            raise SpecError(
                f"plan: {spec.id} says that the look of {look.cutoff} had {planned.information} as its information, "
                f"the former meeting {look.information}; what the meeting had is required."
            )
        if look.cutoff:
            known[look.cutoff] = look
    looks = [known[day] for day in sorted(known) if day < today]
    if any(b.information <= a.information for a, b in pairwise(looks)):
        told = ", ".join(str(look.information) for look in looks)
        raise DataError(
            f"{spec.id}: looks were held with {told} as their information; at each more than before is required."
        )
    return looks


def _stored(past: Past, analysis: str) -> list[Look]:
    """Looks at which a statistic was seen by the former meeting."""
    place = {"analysis": analysis, "block": OBSERVED}
    counts = {row.level: row for row in select(past.stored, **place, measure="information", stat="count")}
    looks = []
    for row in select(past.stored, **place, measure=STATISTIC, stat="statistic"):
        day = past.cutoff if row.level == NOW else datetime.date.fromisoformat(row.level)
        if row.level != NOW or not math.isnan(row.value):
            looks.append(Look(day.isoformat(), int(counts[row.level].value), row.value, day))
    return looks
