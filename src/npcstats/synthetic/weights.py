"""Body weight at every contact: as much is lost as the grade of the reported event of that day says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npcstats.synthetic.cohort import Cohort
from npcstats.synthetic.draws import Floats, Ints, as_frame, entered, named_stream, rounded
from npcstats.synthetic.schedule import Schedule
from npcstats.synthetic.truth import Truth, Weighing
from npcstats.synthetic.write import number_text

DECIMALS = 1


def build_weights(cohort: Cohort, schedule: Schedule, events: pd.DataFrame, truth: Truth, seed: int) -> pd.DataFrame:
    """Build the records of body weight, which are part of the laboratory frame.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    schedule : Schedule
        Their contacts.
    events : DataFrame
        Adverse events as reported.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    DataFrame
        Of the data contract, with the day of entry.
    """
    planted = truth.weighing
    rng = named_stream(seed, "weight")
    first = _first_weights(cohort, planted, rng)
    grade = _grades(cohort, schedule, events, planted.term)
    least, most = (np.array(ends)[grade] for ends in zip(*planted.losses, strict=True))
    own = rng.random(len(cohort))[:, None] + planted.spread * rng.standard_normal(grade.shape)
    lost = least + (most - least) * np.clip(own, 0.0, 1.0)
    lost[np.arange(len(cohort)), schedule.first] = 0.0
    weight = rounded(first[:, None] * (1.0 - lost), DECIMALS)
    weighed = schedule.attended & (rng.random(grade.shape) >= planted.missed)
    weighed[np.arange(len(cohort)), schedule.first] = schedule.attended[np.arange(len(cohort)), schedule.first]
    return entered(rng, _records(cohort, schedule, weighed, weight, planted), "ADT", truth.calendar)


def _first_weights(cohort: Cohort, planted: Weighing, rng: np.random.Generator) -> Floats:
    male, z = cohort.flag("male"), rng.standard_normal(len(cohort))
    mean, spread = (np.where(male, *both) for both in zip(planted.men, planted.women, strict=True))
    return rounded(np.clip(mean + spread * z, *planted.bounds), DECIMALS)


def _grades(cohort: Cohort, schedule: Schedule, events: pd.DataFrame, term: str) -> Ints:
    """Grade of the term's event on the day of each contact, (n, slots); 0 without one."""
    grade = np.zeros(schedule.dates.shape, dtype=np.int64)
    place = pd.Series(np.arange(len(cohort)), index=cohort.ids)
    own = events.loc[events["AEDECOD"] == term]
    starts, ends = (own[name].to_numpy().astype("datetime64[D]") for name in ("ASTDT", "AENDT"))
    for who, start, end, worst in zip(place.loc[own["USUBJID"]], starts, ends, own["AETOXGR"], strict=True):
        dates = schedule.dates[who]
        here = (dates >= start) & (np.isnat(end) | (dates <= end))
        grade[who] = np.where(here, np.maximum(grade[who], worst), grade[who])
    return grade


def _records(
    cohort: Cohort, schedule: Schedule, weighed: np.ndarray, weight: Floats, planted: Weighing
) -> pd.DataFrame:
    who, column = np.nonzero(weighed)
    visits = np.array([slot.visit for slot in schedule.slots], dtype=object)
    found, count = weight[weighed], len(who)
    return as_frame({
        "USUBJID": cohort.ids[who],
        "PARAMCD": np.full(count, planted.code, dtype=object),
        "ADT": schedule.dates[weighed],
        "AVISIT": visits[column],
        "AVAL": found,
        "AVALC": np.array([number_text(item) for item in found], dtype=object),
        "AVALU": np.full(count, planted.unit, dtype=object),
        "LLOQ": np.full(count, np.nan),
        "ASSAYVER": np.full(count, "", dtype=object),
    })  # fmt: skip
