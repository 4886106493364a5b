"""Markers over time on the log scale: a course in the reference arm, planted arm differences, persons and residuals.

Values are rounded to their recorded decimals here, so that everything derived from them, adverse events included,
agrees with what the export shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from npcstats.clinical.values import days_between
from npcstats.synthetic.cohort import Cohort
from npcstats.synthetic.disease import Fate
from npcstats.synthetic.draws import (
    Bools,
    Dates,
    Floats,
    after,
    as_frame,
    entered,
    expit,
    named_stream,
    predict,
    rounded,
)
from npcstats.synthetic.schedule import Schedule
from npcstats.synthetic.treatment import Course
from npcstats.synthetic.truth import Composite, Marker, Share, Truth, Weights
from npcstats.synthetic.write import number_text

NOT_DETECTED = "ND"
BELOW_LIMIT = "<LLOQ"


def draw_values(
    cohort: Cohort, course: Course, fate: Fate, schedule: Schedule, truth: Truth, seed: int
) -> dict[str, Floats]:
    """Draw every marker's recorded values, (n, slots) by code; NaN where it is not measured.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    course : Course
        Their treatment.
    fate : Fate
        Relapse and death, seen or not.
    schedule : Schedule
        Their contacts.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    dict of str to float (n, slots)
        By marker.
    """
    planted = truth.biomarkers
    values: dict[str, Floats] = {}
    deviations: dict[str, Floats] = {"": np.zeros(schedule.dates.shape)}
    before = np.array([slot.before for slot in schedule.slots])
    for marker in planted.markers:
        mean = _mean_log_values(marker, cohort, course, fate, schedule, truth)
        other, loading = marker.follows
        own = _deviations(marker, cohort, schedule, np.asarray(np.isfinite(mean).any(axis=0)), truth, seed)
        deviations[marker.code] = own + loading * deviations[other]
        value = np.exp(mean + deviations[marker.code])
        if marker.share_of:
            value = value * values[marker.share_of] * marker.share_scale
        value = np.where(before, np.clip(value, *marker.bounds), value)
        values[marker.code] = rounded(value, marker.decimals)
    _plant_violations(values, cohort, schedule, truth, seed)
    for whole, part, ratio in planted.contains:
        if whole in values and part in values:
            values[whole] = np.maximum(values[whole], rounded(ratio * values[part], _decimals(whole, truth)))
    _fit_subsets(values, planted.subsets)
    for composite in planted.composites:
        values[composite.code] = _compose(composite, values, schedule, seed)
    return values


def take_samples(schedule: Schedule, values: Mapping[str, Floats], truth: Truth, seed: int) -> Schedule:
    """Return the schedule without samples that were not taken because of what they would have shown.

    Parameters
    ----------
    schedule : Schedule
        Contacts, and who gave blood.
    values : mapping of str to float (n, slots)
        Recorded values by marker; NaN where not measured.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    Schedule
        The same where nothing of the kind is planted.
    """
    code, intercept, slope = truth.sampling.missed_unseen
    if not code:
        return schedule
    before = np.array([slot.before for slot in schedule.slots])
    seen = np.isfinite(values[code]).any(axis=0) & ~before
    log_value = np.log(values[code][:, seen])
    chance = np.zeros(schedule.dates.shape)
    chance[:, seen] = expit(intercept + slope * (np.nanmedian(log_value, axis=0) - log_value))
    lost = named_stream(seed, "missed/unseen").random(chance.shape) < np.nan_to_num(chance)
    return replace(schedule, sampled=schedule.sampled & ~lost)


def violators(cohort: Cohort, truth: Truth, seed: int) -> Bools:
    """Return who is enrolled against a criterion.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    bool (n,)
        True where a criterion is not met.
    """
    share = truth.biomarkers.violations[3]
    return np.asarray(named_stream(seed, "violations").random(len(cohort)) < share)


def build_laboratory(
    cohort: Cohort, schedule: Schedule, values: Mapping[str, Floats], truth: Truth, seed: int
) -> pd.DataFrame:
    """Build the laboratory frame from the values of samples that were taken and assayed.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    schedule : Schedule
        Their contacts.
    values : mapping of str to float (n, slots)
        Recorded values by marker; NaN where not measured.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    DataFrame
        Of the data contract, with the day of entry.
    """
    planted = truth.biomarkers
    limits = {marker.code: marker for marker in planted.markers}
    units = {marker.code: marker.unit for marker in planted.markers}
    units |= {composite.code: composite.unit for composite in planted.composites}
    parts = []
    for code, value in values.items():
        taken = schedule.sampled & np.isfinite(value) & ~_failed(code, schedule, truth, seed)
        marker = limits.get(code)
        parts.append(_records(code, units[code], marker, value, taken, cohort, schedule))
    frame = pd.concat(parts, ignore_index=True)
    return entered(named_stream(seed, "laboratory/entry"), frame, "ADT", truth.calendar)


def first_values(values: Mapping[str, Floats], code: str, schedule: Schedule) -> Floats:
    """Return the recorded values of the first sample before treatment, (n,).

    Parameters
    ----------
    values : mapping of str to float (n, slots)
        Recorded values by marker; NaN where not measured.
    code : str
        Marker.
    schedule : Schedule
        Their contacts.

    Returns
    -------
    float (n,)
        Values.
    """
    return np.take_along_axis(values[code], schedule.first[:, None], axis=1)[:, 0]


def assayed_first(values: Mapping[str, Floats], code: str, schedule: Schedule, truth: Truth, seed: int) -> Floats:
    """Return the first values before treatment, NaN where the assay failed, (n,).

    Parameters
    ----------
    values : mapping of str to float (n, slots)
        Recorded values by marker; NaN where not measured.
    code : str
        Marker.
    schedule : Schedule
        Their contacts.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    float (n,)
        Values.
    """
    failed = np.take_along_axis(_failed(code, schedule, truth, seed), schedule.first[:, None], axis=1)[:, 0]
    return np.where(failed, np.nan, first_values(values, code, schedule))


def _mean_log_values(
    marker: Marker, cohort: Cohort, course: Course, fate: Fate, schedule: Schedule, truth: Truth
) -> Floats:
    source, covariate = truth.biomarkers.from_covariate
    start = np.full(len(cohort), np.log(marker.median))
    if marker.code == source:
        start = cohort.covariates[covariate] * np.log(10.0)
    before = np.array([slot.before for slot in schedule.slots])
    covariates = np.where(before, 0.0, predict(marker.slopes, cohort.covariates)[:, None])
    return np.asarray(start[:, None] + covariates + _changes(marker, cohort, course, fate, schedule, truth))


def _deviations(marker: Marker, cohort: Cohort, schedule: Schedule, measured: Bools, truth: Truth, seed: int) -> Floats:
    """Persons' and residual deviations from the mean, (n, slots)."""
    rng = named_stream(seed, f"biomarkers/{marker.code}")
    size = len(cohort)
    start = marker.log_sd * rng.standard_normal(size)
    person = marker.person_sd * rng.standard_normal(size)
    noise = rng.standard_normal((size, len(schedule.slots)))
    residual = marker.residual_sd * _autocorrelated(noise, measured, marker.autocorrelation)
    if marker.code == truth.biomarkers.from_covariate[0]:
        residual[np.arange(size), schedule.first] = 0.0
    before = np.array([slot.before for slot in schedule.slots])
    return np.asarray(start[:, None] + np.where(before, 0.0, person[:, None]) + residual)


def _autocorrelated(noise: Floats, measured: Bools, correlation: float) -> Floats:
    """Correlate the noise of neighbouring measurements; the variance stays 1."""
    columns = np.flatnonzero(measured)
    for previous, column in pairwise(columns):
        fresh = np.sqrt(1.0 - correlation**2) * noise[:, column]
        noise[:, column] = correlation * noise[:, previous] + fresh
    return noise


def _changes(marker: Marker, cohort: Cohort, course: Course, fate: Fate, schedule: Schedule, truth: Truth) -> Floats:
    """Mean change from before treatment, (n, slots); NaN where the marker is not measured."""
    arm = cohort.first_arm.astype(np.float64)
    induced = cohort.flag("ic")
    visits = {visit: change + difference * arm for visit, change, difference in marker.course}
    middle, final = truth.sampling.on_treatment
    pre_rt = np.where(induced, marker.pre_rt, 0.0)
    columns = []
    for column, slot in enumerate(schedule.slots):
        if slot.before:
            columns.append(pre_rt if column > 0 else np.zeros(len(cohort)))
        elif slot.visit:
            mean = visits.get(slot.visit, np.full(len(cohort), np.nan))
            columns.append(mean + _before_relapse(marker, fate, schedule.dates[:, column]))
        elif slot.cycle and marker.weekly:
            columns.append(np.full(len(cohort), marker.nadir))
        elif marker.weekly and slot.name.startswith("day "):
            dates = (schedule.dates[:, column], schedule.dates[:, schedule.column(middle)])
            columns.append(_between(dates, course, pre_rt, visits[middle], visits[final]))
        else:
            columns.append(np.full(len(cohort), np.nan))
    return np.stack(columns, axis=1)


def _before_relapse(marker: Marker, fate: Fate, dates: Dates) -> Floats:
    shift, ahead = marker.before_relapse
    return np.where(fate.distant <= after(dates, ahead), shift, 0.0)


def _between(dates: tuple[Dates, Dates], course: Course, start: Floats, middle: Floats, final: Floats) -> Floats:
    """Straight lines from the start of radiotherapy over its middle visit to its end."""
    day, at_middle = (days_between(course.rtstdt, date) for date in dates)
    length = days_between(course.rtstdt, course.rtendt)
    early = start + (middle - start) * day / at_middle
    late = middle + (final - middle) * (day - at_middle) / np.maximum(length - at_middle, 1.0)
    return np.where(day <= at_middle, early, late)


def _plant_violations(values: dict[str, Floats], cohort: Cohort, schedule: Schedule, truth: Truth, seed: int) -> None:
    code, lowest, highest, _ = truth.biomarkers.violations
    decimals = _decimals(code, truth)
    drawn = named_stream(seed, "violations/values").uniform(lowest, highest, size=len(cohort))
    who = np.flatnonzero(violators(cohort, truth, seed))
    values[code][who, schedule.first[who]] = rounded(drawn[who], decimals)


def _fit_subsets(values: dict[str, Floats], subsets: tuple[str, float, Weights]) -> None:
    """Shrink parts, all alike, where together they would be more than the whole."""
    whole, scale, parts = subsets
    if whole not in values or any(code not in values for code, _ in parts):
        return
    total = sum(weight * values[code] for code, weight in parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = scale * values[whole] / total
    for code, _ in parts:
        values[code] = np.where(share < 1.0, np.floor(values[code] * share), values[code])


def _decimals(code: str, truth: Truth) -> int:
    return next(marker.decimals for marker in truth.biomarkers.markers if marker.code == code)


def _compose(composite: Composite, values: Mapping[str, Floats], schedule: Schedule, seed: int) -> Floats:
    parts = [(values[code], weight) for code, weight in composite.parts]
    if composite.ratio:
        visits = np.array([bool(slot.visit) for slot in schedule.slots])
        return np.where(visits, rounded(parts[0][0] / parts[1][0], composite.decimals), np.nan)
    total = np.zeros_like(parts[0][0])
    for value, weight in parts:
        total = total + weight * value
    if composite.share is not None:
        share = _shares(composite.share, schedule, named_stream(seed, f"biomarkers/{composite.code}"))
        total = np.minimum(rounded(total * share, composite.decimals), total)
    return rounded(total, composite.decimals)


def _shares(share: Share, schedule: Schedule, rng: np.random.Generator) -> Floats:
    """Draw a share for every sample, (n, slots)."""
    size = len(schedule.dates)
    shifts = dict(share.shifts)
    log_odds = share.log_odds + np.array([shifts.get(slot.name, 0.0) for slot in schedule.slots])
    person = share.person_sd * rng.standard_normal((size, 1))
    return expit(log_odds + person + share.residual_sd * rng.standard_normal(schedule.dates.shape))


def _failed(code: str, schedule: Schedule, truth: Truth, seed: int) -> Bools:
    parts = next((item.parts for item in truth.biomarkers.composites if item.code == code and item.ratio), None)
    if parts is not None:
        return _failed(parts[0][0], schedule, truth, seed) | _failed(parts[1][0], schedule, truth, seed)
    rng = named_stream(seed, f"assays/{code}")
    before = np.array([slot.before for slot in schedule.slots])
    chance = np.where(before, truth.sampling.failed_baseline, truth.sampling.failed_assay)
    return np.asarray(rng.random(schedule.dates.shape) < chance)


def _records(
    code: str, unit: str, marker: Marker | None, value: Floats, taken: Bools, cohort: Cohort, schedule: Schedule
) -> pd.DataFrame:
    who, column = np.nonzero(taken)
    visits = np.array([slot.visit for slot in schedule.slots], dtype=object)
    found = value[taken]
    text = np.array([number_text(item) for item in found], dtype=object)
    limit, assay = (marker.limit, marker.assay) if marker else (0.0, "")
    if marker and limit > 0.0:
        text[found < limit] = BELOW_LIMIT
        text[found < marker.detection] = NOT_DETECTED
        found = np.where(found < limit, np.nan, found)
    count = len(who)
    return as_frame({
        "USUBJID": cohort.ids[who],
        "PARAMCD": np.full(count, code, dtype=object),
        "ADT": schedule.dates[taken],
        "AVISIT": visits[column],
        "AVAL": found,
        "AVALC": text,
        "AVALU": np.full(count, unit, dtype=object),
        "LLOQ": np.full(count, limit if limit > 0.0 else np.nan),
        "ASSAYVER": np.full(count, assay, dtype=object),
    })  # fmt: skip
