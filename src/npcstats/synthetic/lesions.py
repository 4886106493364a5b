"""Sums of the diameters of target lesions: before radiotherapy, with every reading of response, later, at relapse.

They are made after the readings and agree with them: a reading of progression without growth is one of new lesions.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npcstats.synthetic.cohort import Cohort
from npcstats.synthetic.disease import Fate, FollowUp
from npcstats.synthetic.draws import (
    Bools,
    Dates,
    Floats,
    Texts,
    after,
    as_frame,
    days,
    entered,
    named_stream,
    working_day,
)
from npcstats.synthetic.schedule import Schedule
from npcstats.synthetic.treatment import Course
from npcstats.synthetic.truth import Lesions, Truth


def build_lesions(
    cohort: Cohort,
    course: Course,
    found: Fate,
    seen: FollowUp,
    schedule: Schedule,
    response: pd.DataFrame,
    truth: Truth,
    seed: int,
) -> pd.DataFrame:
    """Build the frame of sums of diameters.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    course : Course
        Their treatment.
    found : Fate
        Relapse, on the days on which it is found.
    seen : FollowUp
        How long each is observed.
    schedule : Schedule
        Their contacts.
    response : DataFrame
        Readings of response.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own streams.

    Returns
    -------
    DataFrame
        Of the data contract, with the day of entry; millimeters, one decimal.
    """
    planted, size = truth.lesions, len(cohort)
    visit, first, last = planted.baseline
    rng = named_stream(seed, "lesions/before")
    day = working_day(after(course.rtstdt, -days(rng, size, (first, last))), roll="nearest")
    day = np.maximum(day, cohort.enrolled)
    before = _before(cohort, planted, rng)
    parts = [_rows(cohort, visit, day, before, cohort.reaches_rt & (day <= seen.end), planted)]
    lowest, latest, at_relapse = before.copy(), before.copy(), before.copy()
    for visit, date, reading in _looks(cohort, schedule, response, truth):
        rng = named_stream(seed, f"lesions/{visit}")
        value = _later(before, lowest, latest, reading, found.locoregional <= date, planted, rng)
        here = ~np.isnat(date) & cohort.reaches_rt & (date <= seen.end) & (reading != _NOT_READ)
        parts.append(_rows(cohort, visit, date, value, here, planted))
        latest = np.where(here, value, latest)
        lowest = np.minimum(lowest, latest)
        at_relapse = np.where(here & (date < found.locoregional), lowest, at_relapse)
    rng, date = named_stream(seed, "lesions/relapse"), found.locoregional
    grown = _grown(at_relapse, planted, rng)
    parts.append(_rows(cohort, "", date, grown, (date <= seen.end) & (date > course.rtendt), planted))
    frame = pd.concat(parts, ignore_index=True).drop_duplicates(["USUBJID", "ADT"], ignore_index=True)
    return entered(named_stream(seed, "lesions/entry"), frame, "ADT", truth.calendar)


_NOT_READ = "NE"


def _before(cohort: Cohort, planted: Lesions, rng: np.random.Generator) -> Floats:
    """Sum before radiotherapy: a sphere of the primary's volume, and the nodes."""
    primary = 10.0 * np.cbrt(6.0 * cohort.baseline.volume / np.pi)
    total = primary + np.array(planted.nodes)[cohort.baseline.nodes]
    spread = np.exp(planted.spread * rng.standard_normal(len(cohort)))
    return np.asarray(np.round(np.maximum(total * spread, planted.smallest), 1))


def _looks(cohort: Cohort, schedule: Schedule, response: pd.DataFrame, truth: Truth) -> list[tuple[str, Dates, Texts]]:
    """Visits in their order, each with the date and the reading of every participant; none is NaT and empty."""
    looks = []
    for visit in truth.response.visits:
        of_visit = response.loc[response["AVISIT"] == visit].set_index("USUBJID").reindex(cohort.ids)
        date = of_visit["ADT"].to_numpy().astype("datetime64[D]")
        looks.append((visit, date, of_visit["AVALC"].fillna("").to_numpy(dtype=object)))
    for visit in truth.lesions.later:
        column = schedule.column(visit)
        date = np.where(schedule.attended[:, column], schedule.dates[:, column], np.datetime64("NaT", "D"))
        looks.append((visit, date, np.full(len(cohort), "", dtype=object)))
    return looks


def _later(
    before: Floats, lowest: Floats, latest: Floats, reading: Texts, relapsed: Bools, planted: Lesions,
    rng: np.random.Generator,
) -> Floats:  # fmt: skip
    """Sum at a later look; every draw is made for everyone, so that no participant shifts another's."""
    size = len(before)
    shares = {name: rng.uniform(least, most, size) for name, least, most in planted.changes}
    falling, remnant = rng.uniform(*planted.falling, size), rng.uniform(0.0, planted.remnant, size)
    value = latest * falling
    for name, share in shares.items():
        value = np.where(reading == name, before * (1.0 + share), value)
    # Where nothing progresses, a sum is not above the one before but for what is not measured as a target.
    value = np.minimum(value, np.where(lowest == 0.0, remnant, latest * falling / planted.falling[1]))
    for name, least, _ in planted.changes:  # nor is it below what its reading allows
        value = np.where(reading == name, np.maximum(value, np.minimum(before * (1.0 + least), latest)), value)
    value = np.where(reading == planted.gone, 0.0, value)
    return np.asarray(np.round(np.where(relapsed, _grown(lowest, planted, rng), value), 1))


def _grown(lowest: Floats, planted: Lesions, rng: np.random.Generator) -> Floats:
    """Sum at a locoregional relapse, from the smallest before."""
    growing, regrowth = rng.uniform(*planted.growing, len(lowest)), rng.uniform(*planted.regrowth, len(lowest))
    return np.asarray(np.round(np.maximum(lowest * growing, lowest + regrowth), 1))


def _rows(cohort: Cohort, visit: str, date: Dates, value: Floats, here: Bools, planted: Lesions) -> pd.DataFrame:
    count = int(here.sum())
    return as_frame({
        "USUBJID": cohort.ids[here],
        "PARAMCD": np.full(count, planted.param, dtype=object),
        "AVISIT": np.full(count, visit, dtype=object),
        "ADT": date[here],
        "AVAL": value[here],
    })  # fmt: skip
