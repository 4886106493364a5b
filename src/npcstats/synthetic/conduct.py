"""Supportive care, protocol deviations, and the forms, samples and images that were due."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from npcstats.clinical.values import days_between
from npcstats.synthetic.cohort import Cohort
from npcstats.synthetic.disease import Fate, FollowUp
from npcstats.synthetic.draws import (
    Bools,
    Dates,
    Floats,
    Ints,
    after,
    as_frame,
    days,
    entered,
    expit,
    keep,
    named_stream,
    predict,
    to_date,
)
from npcstats.synthetic.schedule import Schedule
from npcstats.synthetic.toxicity import FATAL
from npcstats.synthetic.treatment import Course
from npcstats.synthetic.truth import Truth


def build_care(
    cohort: Cohort,
    course: Course,
    fate: Fate,
    seen: FollowUp,
    grades: Mapping[str, Ints],
    events: pd.DataFrame,
    truth: Truth,
    seed: int,
) -> pd.DataFrame:
    """Build the frame of supportive care: feeding tubes, opioids, hospital stays and interruptions.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    course : Course
        Their treatment.
    fate : Fate
        Relapse and death, seen or not.
    seen : FollowUp
        How long each is observed.
    grades : mapping of str to int (n,)
        Worst acute grade by term, 0 to 5.
    events : DataFrame
        Adverse events.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    DataFrame
        Of the data contract, with the day of entry.
    """
    parts = [
        _tubes(cohort, course, truth, seed),
        _opioids(cohort, course, grades, truth, seed),
        _hospital_stays(events, truth, seed),
        _interruptions(cohort, course, truth),
    ]
    frame = pd.concat(parts, ignore_index=True)
    last = pd.Series(seen.end.astype("datetime64[s]"), index=cohort.ids).loc[frame["USUBJID"]].to_numpy()
    died = pd.Series(fate.death <= seen.end, index=cohort.ids).loc[frame["USUBJID"]].to_numpy()
    end = frame["CAENDT"].to_numpy()
    frame["CAENDT"] = np.where(end <= last, end, np.where(died, last, np.datetime64("NaT", "s")))
    frame = _joined(frame[frame["CASTDT"].to_numpy() <= last])
    return entered(named_stream(seed, "care/entry"), frame.reset_index(drop=True), "CASTDT", truth.calendar)


def build_deviations(
    cohort: Cohort, course: Course, seen: FollowUp, violated: Bools, truth: Truth, seed: int
) -> pd.DataFrame:
    """Build the frame of protocol deviations; their terms name no treatment.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    course : Course
        Their treatment.
    seen : FollowUp
        How long each is observed.
    violated : bool (n,)
        Enrolled against a criterion.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    DataFrame
        Of the data contract, with the day of entry.
    """
    rng = named_stream(seed, "deviations")
    planted, size = truth.conduct, len(cohort)
    parts = []
    for term, category, rate, span in planted.deviations:
        happens = rng.random(size) < rate
        date = after(cohort.enrolled, days(rng, size, span))
        parts.append(_deviation(cohort, happens & (date <= seen.end), date, category, term))
    parts.append(_deviation(cohort, violated, cohort.enrolled, "MAJOR", planted.violation_term))
    changed = (cohort.given != cohort.planned) & cohort.reaches_rt
    parts.append(_deviation(cohort, changed, course.rtstdt, "MAJOR", planted.changed_term))
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return entered(rng, frame, "DVDT", truth.calendar)


def build_forms(cohort: Cohort, schedule: Schedule, truth: Truth, seed: int) -> pd.DataFrame:
    """Build the frame of what was due at each visit and when it came.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    schedule : Schedule
        Their contacts.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    DataFrame
        Of the data contract.
    """
    database = to_date(truth.calendar.database_date)
    parts = []
    for kind, visits, mean_lag, lost in truth.conduct.forms:
        for column, slot in enumerate(schedule.slots):
            if not slot.visit or (visits and slot.visit not in visits):
                continue
            rng = named_stream(seed, f"forms/{kind}/{slot.visit}")
            lag = np.rint(rng.gamma(2.0, mean_lag / 2.0, size=len(cohort))).astype(np.int64)
            due = schedule.dates[:, column]
            received = after(due, lag)
            came = schedule.attended[:, column] if kind == "CRF" else schedule.sampled[:, column]
            came = came & (rng.random(len(cohort)) >= lost) & (received <= database)
            here = schedule.due[:, column]
            count = int(here.sum())
            parts.append(as_frame({
                "USUBJID": cohort.ids[here],
                "KIND": np.full(count, kind, dtype=object),
                "AVISIT": np.full(count, slot.visit, dtype=object),
                "DUEDT": due[here],
                "RECDT": keep(received, came)[here],
            }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def tube_probability(dose: Floats, truth: Truth) -> Floats:
    """Return the probability of a feeding tube by organ dose in Gy.

    Parameters
    ----------
    dose : float (n,)
        Organ dose in Gy.
    truth : Truth
        Everything planted.

    Returns
    -------
    float (n,)
        Between 0 and 1.
    """
    zero = np.zeros_like(dose)
    return expit(predict(truth.conduct.tube, {"age10": zero, "organ_dose": dose}))


def _tubes(cohort: Cohort, course: Course, truth: Truth, seed: int) -> pd.DataFrame:
    planted, size = truth.conduct, len(cohort)
    rng = named_stream(seed, "care/tube")
    (first_mean, first_sd), (last_mean, last_sd) = planted.organ_dose
    z = rng.standard_normal(size)
    dose = np.where(cohort.first_arm, first_mean + first_sd * z, last_mean + last_sd * z)
    here = (rng.random(size) < tube_probability(dose, truth)) & cohort.reaches_rt
    start = after(course.rtstdt, days(rng, size, planted.tube_start))
    median, log_sd = planted.tube_days
    stays = np.rint(median * np.exp(log_sd * rng.standard_normal(size))).astype(np.int64)
    return _care(cohort, here, "FEEDING-TUBE", start, after(start, stays))


def _opioids(cohort: Cohort, course: Course, grades: Mapping[str, Ints], truth: Truth, seed: int) -> pd.DataFrame:
    rng = named_stream(seed, "care/opioid")
    size = len(cohort)
    grade = np.minimum(grades[truth.conduct.opioid_term], len(truth.conduct.opioid) - 1)
    here = (rng.random(size) < np.asarray(truth.conduct.opioid)[grade]) & cohort.reaches_rt
    start = after(course.rtstdt, days(rng, size, (16, 35)))
    return _care(cohort, here, "OPIOID", start, after(course.rtendt, days(rng, size, (5, 60))))


def _hospital_stays(events: pd.DataFrame, truth: Truth, seed: int) -> pd.DataFrame:
    rng = named_stream(seed, "care/hospital")
    mean, shape = truth.conduct.hospital_days
    serious = events[events["AESER"] == "Y"].reset_index(drop=True)
    start = serious["ASTDT"].to_numpy().astype("datetime64[D]")
    stay = 1 + np.rint(rng.gamma(shape, mean / shape, size=len(serious))).astype(np.int64)
    end = np.where(serious["AEOUT"] == FATAL, serious["AENDT"].to_numpy().astype("datetime64[D]"), after(start, stay))
    return as_frame({
        "USUBJID": serious["USUBJID"].to_numpy(dtype=object),
        "KIND": np.full(len(serious), "HOSPITAL", dtype=object),
        "CASTDT": start,
        "CAENDT": end,
    })  # fmt: skip


def _interruptions(cohort: Cohort, course: Course, truth: Truth) -> pd.DataFrame:
    """Breaks of at least the declared number of days between two delivered fractions."""
    at = np.maximum(course.long_break, 1)[:, None]
    before = np.take_along_axis(course.fractions, at - 1, axis=1)[:, 0]
    following = np.take_along_axis(course.fractions, at, axis=1)[:, 0]
    lasted = days_between(before, following) - 1.0
    here = (course.long_break > 0) & (course.long_break < course.delivered)
    here &= lasted >= truth.conduct.interruption_days
    return _care(cohort, here, "RT-INTERRUPTION", after(before, 1), after(following, -1))


def _joined(care: pd.DataFrame) -> pd.DataFrame:
    """One record where those of a participant and kind overlap or meet; an open one lasts."""
    care = care.sort_values(["USUBJID", "KIND", "CASTDT"], kind="stable", ignore_index=True)
    own = [care["USUBJID"], care["KIND"]]
    open_end = pd.Timestamp.max.floor("s").to_datetime64()
    until = care["CAENDT"].fillna(open_end)
    before = until.groupby(own).cummax().groupby(own).shift()
    stay = (~(care["CASTDT"] <= before)).cumsum()
    joined = (
        care.assign(CAENDT=until)
        .groupby(stay)
        .agg(USUBJID=("USUBJID", "first"), KIND=("KIND", "first"), CASTDT=("CASTDT", "min"), CAENDT=("CAENDT", "max"))
    )
    return joined.assign(CAENDT=joined["CAENDT"].where(joined["CAENDT"] != open_end)).reset_index(drop=True)


def _care(cohort: Cohort, here: Bools, kind: str, start: Dates, end: Dates) -> pd.DataFrame:
    count = int(here.sum())
    kinds = np.full(count, kind, dtype=object)
    return as_frame({"USUBJID": cohort.ids[here], "KIND": kinds, "CASTDT": start[here], "CAENDT": end[here]})


def _deviation(cohort: Cohort, here: Bools, date: Dates, category: str, term: str) -> pd.DataFrame:
    count = int(here.sum())
    return as_frame({
        "USUBJID": cohort.ids[here],
        "DVDT": date[here],
        "DVCAT": np.full(count, category, dtype=object),
        "DVTERM": np.full(count, term, dtype=object),
    })  # fmt: skip
