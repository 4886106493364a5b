"""When relapses are found, residual disease that a biopsy proves, and the frame of disease events.

A relapse begins unseen. The first assessment that can find it comes after treatment; between assessments its symptoms,
or the examinations that follow another relapse, may lead to it. What nobody looks for before death is never found.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.synthetic.cohort import Cohort
from npcstats.synthetic.disease import Fate, FollowUp
from npcstats.synthetic.draws import (
    Bools,
    Dates,
    after,
    as_frame,
    days,
    entered,
    keep,
    months_after,
    named_stream,
    working_day,
)
from npcstats.synthetic.schedule import Schedule
from npcstats.synthetic.treatment import Course
from npcstats.synthetic.truth import Detection, Truth


def find_relapses(course: Course, fate: Fate, schedule: Schedule, truth: Truth, seed: int) -> Fate:
    """Find relapses: at the first assessment that can, or at a visit that symptoms or another relapse lead to.

    Parameters
    ----------
    course : Course
        Treatment.
    fate : Fate
        Relapse on the day on which it begins, and death.
    schedule : Schedule
        Contacts, and what they look for.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own streams.

    Returns
    -------
    Fate
        Relapse on the day on which it is found, missing where it never is; a death of a disease that was never found
        is not known to be one.
    """
    planted = truth.disease.detection
    earliest = working_day(after(course.rtendt, planted.first_day))
    begins = (fate.locoregional, fate.distant)
    locoregional, distant = (
        _found(kind, share, date, earliest, fate, schedule, planted, seed)
        for kind, share, date in zip(planted.kinds, planted.symptomatic, begins, strict=True)
    )
    restaged = tuple(
        _at_restaging(kind, other, own, begin, fate, planted, seed)
        for kind, other, own, begin in zip(
            planted.kinds, (distant, locoregional), (locoregional, distant), begins, strict=True
        )
    )
    known = fate.from_disease & ((restaged[0] <= fate.death) | (restaged[1] <= fate.death))
    later, in_neck = _after_distant(restaged[0], restaged[1], fate, planted, seed)
    return replace(
        fate,
        local=np.fmin(keep(restaged[0], ~np.isnat(fate.local)), keep(later, ~in_neck)),
        regional=np.fmin(keep(restaged[0], ~np.isnat(fate.regional)), keep(later, in_neck)),
        distant=restaged[1],
        from_disease=known,
    )


def _found(
    kind: str, share: float, begins: Dates, earliest: Dates, fate: Fate, schedule: Schedule, planted: Detection,
    seed: int,
) -> Dates:  # fmt: skip
    """First day on which a relapse that has begun is seen, from the first day on which any can be."""
    rng, size = named_stream(seed, f"detection/{kind}"), len(begins)
    columns = [i for i, slot in enumerate(schedule.slots) if kind in slot.kinds and not slot.before]
    looks = schedule.dates[:, columns]
    able = schedule.attended[:, columns] & (looks >= np.fmax(begins, earliest)[:, None])
    scheduled = np.fmin.reduce(keep(looks, able & ~np.isnat(begins)[:, None]), axis=1)
    symptoms = rng.random(size) < share
    visit = keep(working_day(np.maximum(after(begins, days(rng, size, planted.symptom_days)), earliest)), symptoms)
    last = working_day(after(fate.death, -days(rng, size, planted.symptom_days)), roll="backward")
    last = keep(last, fate.from_disease & (last >= np.maximum(begins, earliest)))
    found = np.fmin(np.fmin(scheduled, visit), last)
    return keep(found, found <= fate.death)


def _at_restaging(
    kind: str, other: Dates, own: Dates, begins: Dates, fate: Fate, planted: Detection, seed: int
) -> Dates:
    """Day on which a relapse is found where another that was found before it led to a search of the whole body."""
    rng = named_stream(seed, f"restaging/{kind}")
    search = working_day(after(other, days(rng, len(own), planted.restaging_days)))
    visible = begins <= months_after(search, np.full(len(own), planted.restaging_lead))
    sooner = visible & (search <= fate.death) & ~(own < search)
    return np.where(sooner, search, own)


def _after_distant(
    locoregional: Dates, distant: Dates, fate: Fate, planted: Detection, seed: int
) -> tuple[Dates, Bools]:
    """Locoregional relapses that follow a metastasis in those without another, and whether in the neck."""
    rng, size = named_stream(seed, "detection/after distant"), len(distant)
    happens, at_once, in_neck = (rng.random(size) < share for share in (*planted.after_distant, 0.5))
    wait = np.where(at_once, days(rng, size, planted.at_once_days), days(rng, size, planted.later_days))
    date = working_day(after(distant, wait))
    return keep(date, happens & np.isnat(locoregional) & (date <= fate.death)), in_neck


def draw_residual(
    cohort: Cohort, course: Course, found: Fate, seen: FollowUp, response: pd.DataFrame, truth: Truth, seed: int
) -> Dates:
    """Draw residual disease that a biopsy proves, in some of those whose tumor has not gone at the last reading.

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
    response : DataFrame
        Readings of response.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    datetime64 (n,)
        Day of the biopsy; missing where there is none. It acts on nothing but the therapy that follows.
    """
    planted, size = truth.disease, len(cohort)
    rng = named_stream(seed, "events/residual")
    first, last = (
        response.loc[response["AVISIT"] == visit].set_index("USUBJID").reindex(cohort.ids)
        for visit in truth.response.visits
    )
    date = working_day(after(course.rtendt, days(rng, size, planted.residual_days)))
    read = first["ADT"].to_numpy().astype("datetime64[D]")
    date = np.maximum(date, working_day(after(read, 7)))
    left = last["AVALC"].isin(planted.residual_readings).to_numpy()
    left &= first["AVALC"].isin(planted.residual_readings).to_numpy()
    happens = left & (rng.random(size) < planted.residual_share) & ~(found.relapse <= after(date, 30))
    return keep(date, happens & (date <= seen.end))


def build_events(
    cohort: Cohort, course: Course, fate: Fate, found: Fate, seen: FollowUp, residual: Dates, truth: Truth, seed: int
) -> pd.DataFrame:
    """Build the frame of disease events.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    course : Course
        Their treatment.
    fate : Fate
        Relapse on the day on which it begins, and death.
    found : Fate
        Relapse, on the days on which it is found.
    seen : FollowUp
        How long each is observed.
    residual : datetime64 (n,)
        Day on which a biopsy proved residual disease.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    DataFrame
        Of the data contract, with the day of entry.
    """
    planted, size = truth.disease, len(cohort)
    rng = named_stream(seed, "events")
    confirm = np.where(rng.random(size) < planted.biopsy_share, "BIOPSY", "IMAGING").astype(object)
    blank, biopsy = (np.full(size, text, dtype=object) for text in ("", "BIOPSY"))
    second = working_day(months_after(course.rtendt, rng.exponential(1.0 / planted.second_primary, size)))
    treated = rng.random(size) < planted.therapy_after_relapse
    salvage = working_day(after(found.relapse, days(rng, size, (14, 75))))
    spontaneous = months_after(course.rtendt, rng.exponential(1.0 / planted.therapy_without_relapse, size))
    spontaneous = working_day(np.maximum(spontaneous, after(course.rtendt, 14)))
    cleared = rng.random(size) < planted.therapy_after_residual
    after_residual = keep(working_day(after(residual, days(rng, size, (14, 40)))), cleared)
    ahead = working_day(after(found.relapse, -days(rng, size, planted.ahead_days)), roll="backward")
    unproven = rng.random(size) < planted.therapy_before_proof
    ahead = keep(ahead, unproven & (ahead >= fate.relapse) & (ahead > course.rtendt))
    kinds = (
        ("LOCAL", found.local, confirm),
        ("REGIONAL", found.regional, confirm),
        ("DISTANT", found.distant, confirm),
        ("RESIDUAL", residual, biopsy),
        ("SECOND-PRIMARY", second, biopsy),
        ("NEW-THERAPY", keep(after_residual, ~(after_residual >= found.relapse)), blank),
        ("NEW-THERAPY", keep(spontaneous, ~(spontaneous >= found.relapse)), blank),
        ("NEW-THERAPY", ahead, blank),
        ("NEW-THERAPY", keep(salvage, treated & np.isnat(ahead)), blank),
    )
    parts = []
    for kind, date, how in kinds:
        here = date <= seen.end
        columns = {
            "USUBJID": cohort.ids[here],
            "KIND": np.full(int(here.sum()), kind, dtype=object),
            "ADT": date[here],
            "CONFIRM": how[here],
        }
        parts.append(as_frame(columns))
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return entered(named_stream(seed, "events/entry"), frame, "ADT", truth.calendar)
