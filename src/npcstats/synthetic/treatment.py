"""The course of treatment: induction cycles, radiotherapy fractions on working days, concurrent cycles.

Doses are recorded per cycle and per block of fractions, delivered beside planned; a skipped cycle is a record with
dose 0 on the day it was due.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.synthetic.cohort import Cohort
from npcstats.synthetic.draws import (
    Bools,
    Dates,
    Floats,
    Ints,
    Texts,
    after,
    as_frame,
    choose,
    days,
    entered,
    expit,
    keep,
    named_stream,
    predict,
    working_day,
)
from npcstats.synthetic.truth import Radiotherapy, Regimen, Truth


@dataclass(frozen=True)
class Course:
    """Treatment dates and counts, one element (or row) per participant.

    ``fractions`` (n, k) holds the dates on which fractions are scheduled after breaks; the first ``delivered`` of
    them were given. ``induction`` and ``concurrent`` index the regimens of the truth; -1 is none. ``cycle_starts``
    (n, m) are the induction cycles, missing beyond those given.
    """

    induction: Ints
    concurrent: Ints
    cycles: Ints
    cycle_starts: Dates
    fractions: Dates
    delivered: Ints
    long_break: Ints
    trtsdt: Dates
    rtstdt: Dates
    rtendt: Dates


def plan_course(cohort: Cohort, truth: Truth, seed: int) -> Course:
    """Draw the course as it would run without death.

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
    Course
        Dates and counts.
    """
    induced = cohort.flag("ic")
    rng = named_stream(seed, "treatment/induction")
    regimen = choose(rng, len(cohort), [item.share for item in truth.chemotherapy.induction])
    cycles = np.where(induced, _cycles(truth.chemotherapy.induction, regimen, rng), 0)
    stopped = rng.integers(1, 2, size=len(cohort), endpoint=True)
    cycles = np.where(cohort.reaches_rt, cycles, np.minimum(cycles, stopped))
    rng = named_stream(seed, "treatment/dates")
    planted = truth.radiotherapy
    first = working_day(after(cohort.enrolled, days(rng, len(cohort), planted.wait_days)))
    spacing = np.array([item.cycle_days for item in truth.chemotherapy.induction])[regimen]
    starts = _cycle_starts(first, spacing, cycles, rng)
    gap = np.where(induced, days(rng, len(cohort), planted.gap_days), 0)
    rt_start = working_day(after(first, cycles * (spacing + 1) + gap))
    fractions, long_break = _fraction_dates(rt_start, planted, named_stream(seed, "treatment/breaks"))
    delivered = _delivered(len(cohort), planted, named_stream(seed, "treatment/stops"))
    rng = named_stream(seed, "treatment/concurrent")
    concurrent = choose(rng, len(cohort), [item.share for item in truth.chemotherapy.concurrent])
    reaches = cohort.reaches_rt
    return Course(
        induction=np.where(induced, regimen, -1),
        concurrent=concurrent,
        cycles=cycles,
        cycle_starts=starts,
        fractions=np.where(reaches[:, None], fractions, np.datetime64("NaT", "D")),
        delivered=np.where(reaches, delivered, 0),
        long_break=np.where(reaches, long_break, -1),
        trtsdt=keep(first, reaches | induced),
        rtstdt=keep(rt_start, reaches),
        rtendt=keep(_last_fraction(fractions, delivered), reaches),
    )


def end_course_at_death(course: Course, death: Dates) -> Course:
    """Take back the fractions that death prevented.

    Parameters
    ----------
    course : Course
        As planned.
    death : datetime64 (n,)
        Death, missing where never.

    Returns
    -------
    Course
        As delivered.
    """
    given = (course.fractions < death[:, None]) | np.isnat(death)[:, None]
    delivered = np.minimum(course.delivered, given.sum(axis=1))
    rtendt = keep(_last_fraction(course.fractions, delivered), ~np.isnat(course.rtstdt))
    return replace(course, delivered=delivered, rtendt=rtendt)


def build_exposure(cohort: Cohort, course: Course, renal: Floats, end: Dates, truth: Truth, seed: int) -> pd.DataFrame:
    """Build the exposure frame: drug administrations and fraction blocks.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    course : Course
        Their treatment.
    renal : float (n,)
        First value of the renal marker.
    end : datetime64 (n,)
        Last day of observation.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    DataFrame
        Of the data contract, with the day of entry.
    """
    planted = truth.chemotherapy
    rng = named_stream(seed, "exposure/induction")
    parts = [_radiotherapy_blocks(cohort, course, truth.radiotherapy)]
    for index, regimen in enumerate(planted.induction):
        here = course.induction == index
        for number in range(max(count for count, _ in regimen.cycles)):
            given = here & (course.cycles > number)
            start = course.cycle_starts[:, number]
            dose = np.where(rng.random(len(cohort)) < planted.reduce_share, planted.reduced_to, 1.0)
            parts.append(_administrations(cohort, given, "INDUCTION", regimen, number, start, dose))
    rng = named_stream(seed, "exposure/concurrent")
    first = working_day(after(course.rtstdt, days(rng, len(cohort), (0, 2))))
    covariates = {**cohort.covariates, "renal": renal}
    for index, regimen in enumerate(planted.concurrent):
        count = _cycles((regimen,), np.zeros(len(cohort), dtype=np.int64), rng)
        for number in range(max(cycles for cycles, _ in regimen.cycles)):
            skip = expit(predict(planted.skip, covariates) + planted.skip_per_cycle * number)
            skipped = (rng.random(len(cohort)) < skip) & (number > 0)
            skipped |= first + np.timedelta64(regimen.cycle_days * number, "D") > course.rtendt
            reduced = np.where(rng.random(len(cohort)) < planted.reduce_share, planted.reduced_to, 1.0)
            start = after(first, regimen.cycle_days * number)
            due = (course.concurrent == index) & (number < count) & (start <= end)
            dose = np.where(skipped, 0.0, reduced)
            parts.append(_administrations(cohort, due, "CONCURRENT", regimen, number, start, dose))
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    latest = dict(zip(cohort.ids, end.astype("datetime64[s]"), strict=True))
    frame["EXENDT"] = np.fmin(
        frame["EXENDT"].to_numpy(), frame["USUBJID"].map(latest).to_numpy().astype("datetime64[s]")
    )
    frame = frame[frame["EXSTDT"] <= frame["EXENDT"]]
    return entered(named_stream(seed, "exposure/entry"), frame, "EXSTDT", truth.calendar)


def _cycles(regimens: tuple[Regimen, ...], index: Ints, rng: np.random.Generator) -> Ints:
    count = np.zeros(len(index), dtype=np.int64)
    for i, regimen in enumerate(regimens):
        numbers = np.array([number for number, _ in regimen.cycles])
        drawn = numbers[choose(rng, len(index), [share for _, share in regimen.cycles])]
        count = np.where(index == i, drawn, count)
    return count


def _cycle_starts(first: Dates, spacing: Ints, cycles: Ints, rng: np.random.Generator) -> Dates:
    most = int(cycles.max(initial=1))
    delay = np.cumsum(rng.integers(0, 1, size=(len(first), most), endpoint=True), axis=1)
    delay[:, 0] = 0
    number = np.arange(most)
    starts = working_day(after(first[:, None], spacing[:, None] * number + delay))
    return keep(starts, number < cycles[:, None])


def _fraction_dates(start: Dates, planted: Radiotherapy, rng: np.random.Generator) -> tuple[Dates, Ints]:
    size, number = len(start), np.arange(planted.fractions)
    long = rng.random(size) < planted.break_share
    short = rng.random(size) < planted.short_break_share
    at = rng.integers(8, planted.fractions - 4, size=(size, 2))
    lost = np.where(long, days(rng, size, planted.break_days), 0)
    shift = (number >= at[:, :1]) * lost[:, None] + (number >= at[:, 1:]) * short[:, None]
    return np.busday_offset(start[:, None], number + shift, roll="forward"), np.where(long, at[:, 0], -1)


def _delivered(size: int, planted: Radiotherapy, rng: np.random.Generator) -> Ints:
    stops = rng.random(size) < planted.stop_share
    return np.where(stops, days(rng, size, planted.stop_range), planted.fractions)


def _last_fraction(fractions: Dates, delivered: Ints) -> Dates:
    return np.take_along_axis(fractions, np.maximum(delivered - 1, 0)[:, None], axis=1)[:, 0]


def _radiotherapy_blocks(cohort: Cohort, course: Course, planted: Radiotherapy) -> pd.DataFrame:
    per_fraction = planted.dose / planted.fractions
    parts = []
    for number, first in enumerate(range(0, planted.fractions, planted.fractions_per_block)):
        last = min(first + planted.fractions_per_block, planted.fractions)
        given = np.clip(course.delivered - first, 0, last - first)
        here = cohort.reaches_rt
        start = np.where(given > 0, course.fractions[:, first], course.rtendt)
        final = np.where(given > 0, _last_fraction(course.fractions, first + given), course.rtendt)
        parts.append(_records(
            cohort, here, "RT", planted.treatment, number + 1, np.round(given * per_fraction, 2), cohort.dose_unit,
            round((last - first) * per_fraction, 2), start, final,
        ))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _administrations(
    cohort: Cohort, given: Bools, phase: str, regimen: Regimen, number: int, start: Dates, share: Floats
) -> pd.DataFrame:
    parts = []
    for drug in regimen.drugs:
        for repeat, day in enumerate(drug.days):
            begins = after(start, day)
            ends = after(begins, np.where(share > 0, drug.last_day, 0))
            parts.append(_records(
                cohort, given, phase, drug.name, number * len(drug.days) + repeat + 1,
                np.round(drug.dose * share, 1), np.full(len(cohort), drug.unit, dtype=object), drug.dose, begins, ends,
            ))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _records(
    cohort: Cohort, here: Bools, phase: str, treatment: str, number: int, dose: Floats, unit: Texts,
    planned: float, start: Dates, end: Dates,
) -> pd.DataFrame:  # fmt: skip
    count = int(here.sum())
    return as_frame({
        "USUBJID": cohort.ids[here],
        "EXPHASE": np.full(count, phase, dtype=object),
        "EXTRT": np.full(count, treatment, dtype=object),
        "EXSEQ": np.full(count, number),
        "EXDOSE": dose[here],
        "EXDOSU": unit[here],
        "EXPLANNED": np.full(count, planned),
        "EXSTDT": start[here],
        "EXENDT": end[here],
    })  # fmt: skip
