"""When a participant is seen: visits, blood counts between them, further follow-up, and what is missed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.study import Design, Visit
from npcstats.synthetic.cohort import Cohort
from npcstats.synthetic.disease import Fate, FollowUp
from npcstats.synthetic.draws import (
    Bools,
    Dates,
    Ints,
    after,
    as_frame,
    days,
    entered,
    expit,
    keep,
    named_stream,
    predict,
    working_day,
)
from npcstats.synthetic.treatment import Course
from npcstats.synthetic.truth import Sampling, Truth


@dataclass(frozen=True)
class Slot:
    """One planned contact: its name, its visit (empty between visits), what is assessed, whether before treatment."""

    name: str
    visit: str
    kinds: tuple[str, ...] = ()
    before: bool = False
    cycle: bool = False


@dataclass(frozen=True)
class Schedule:
    """Contacts of all participants; arrays are (n, slots).

    ``due`` says who was under observation on the day, ``attended`` who came, ``sampled`` who gave blood. ``first``
    (n,) is the slot of the first record before treatment.
    """

    slots: tuple[Slot, ...]
    dates: Dates
    due: Bools
    attended: Bools
    sampled: Bools
    first: Ints

    def column(self, name: str) -> int:
        """Return the position of a slot.

        Parameters
        ----------
        name : str
            Slot.

        Returns
        -------
        int
            Counted from 0.
        """
        return [slot.name for slot in self.slots].index(name)


def draw_schedule(
    design: Design, cohort: Cohort, course: Course, seen: FollowUp, severe: Bools, truth: Truth, seed: int
) -> Schedule:
    """Draw the dates of all contacts and who missed them.

    Parameters
    ----------
    design : Design
        The trial's design.
    cohort : Cohort
        The enrolled.
    course : Course
        Their treatment.
    seen : FollowUp
        How long each is observed.
    severe : bool (n,)
        Had an acute clinical event of grade 3 or more.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    Schedule
        Dates, and who came.
    """
    planted = truth.sampling
    columns = _slot_dates(design, cohort, course, planted, seed)
    slots = tuple(slot for slot, _ in columns)
    dates = np.stack([date for _, date in columns], axis=1)
    due = dates <= seen.end[:, None]
    attended = due & ~_missed(slots, cohort, severe, planted, seed)
    return Schedule(
        slots=slots,
        dates=dates,
        due=due,
        attended=attended,
        sampled=attended,
        first=np.where(np.isnat(dates[:, 0]), 1, 0),
    )


def end_sampling(cohort: Cohort, found: Fate, schedule: Schedule, truth: Truth, seed: int) -> Schedule:
    """Return the schedule without the samples of those who give no more blood once a relapse is found.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    found : Fate
        Relapse, on the days on which it is found.
    schedule : Schedule
        Their contacts.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    Schedule
        The same contacts.
    """
    stays = named_stream(seed, "schedule/after-relapse").random(len(cohort)) < truth.sampling.sampled_after_relapse
    free = ~(found.relapse[:, None] < schedule.dates)
    return replace(schedule, sampled=schedule.sampled & (free | stays[:, None]))


def build_assessments(
    cohort: Cohort, found: Fate, seen: FollowUp, schedule: Schedule, truth: Truth, seed: int
) -> pd.DataFrame:
    """Build the frame of assessments: every contact is a proof of life, some look for disease.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    found : Fate
        Relapse, on the days on which it is found.
    seen : FollowUp
        How long each is observed.
    schedule : Schedule
        Their contacts.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    DataFrame
        Of the data contract, with the day of entry.
    """
    events = dict(zip(truth.disease.detection.kinds, (found.locoregional, found.distant), strict=True))
    parts = [("VITAL", cohort.ids, cohort.enrolled)]
    for column, slot in enumerate(schedule.slots):
        date = schedule.dates[:, column]
        came = schedule.attended[:, column]
        called = named_stream(seed, f"telephone/{slot.name}").random(len(cohort)) < truth.sampling.telephone
        alive = came | (schedule.due[:, column] & called & bool(slot.kinds))
        parts.append(("VITAL", cohort.ids[alive], date[alive]))
        for kind in slot.kinds:
            here = came & ~(events[kind] <= date)
            parts.append((kind, cohort.ids[here], date[here]))
    for kind, date in events.items():
        here = date <= seen.end
        parts += [(kind, cohort.ids[here], date[here]), ("VITAL", cohort.ids[here], date[here])]
    frames = [
        as_frame({"USUBJID": ids, "KIND": np.full(len(ids), kind, dtype=object), "ADT": date})
        for kind, ids, date in parts
        if len(ids)
    ]
    frame = pd.concat(frames, ignore_index=True).drop_duplicates(ignore_index=True)
    return entered(named_stream(seed, "assessments/entry"), frame, "ADT", truth.calendar)


def _slot_dates(
    design: Design, cohort: Cohort, course: Course, planted: Sampling, seed: int
) -> list[tuple[Slot, Dates]]:
    anchors = {"TRTSDT": course.trtsdt, "RTSTDT": course.rtstdt, "RTENDT": course.rtendt}
    spread = {visit: (before, following) for visit, before, following in planted.spread}
    assessed = dict(planted.assessed)
    ahead = [visit for visit in design.visits if visit.last <= 0]
    slots = _dates_before(ahead, anchors, cohort, spread, assessed, seed)
    for number in range(course.cycle_starts.shape[1]):
        date = working_day(after(course.cycle_starts[:, number], planted.nadir_day), roll="nearest")
        date = keep(date, ~(date > after(course.rtstdt, -10)))
        slots.append((Slot(f"cycle {number + 1}", "", cycle=True), date))
    for visit in design.visits:
        if visit in ahead:
            continue
        rng = named_stream(seed, f"schedule/{visit.code}")
        before, following = spread[visit.code]
        shift = np.clip(visit.day + days(rng, len(cohort), (-before, following)), visit.first, visit.last)
        date = working_day(after(anchors[visit.anchor], shift), roll="nearest")
        slots.append((Slot(visit.code, visit.code, assessed.get(visit.code, ())), date))
    for day in planted.weekly:
        date = after(course.rtstdt, day)
        slots.append((Slot(f"day {day}", ""), keep(date, date < after(course.rtendt, -8))))
    for day, kinds in planted.contacts:
        rng = named_stream(seed, f"schedule/contact {day}")
        span = (-planted.contact_spread, planted.contact_spread)
        date = working_day(after(course.rtendt, day + days(rng, len(cohort), span)), roll="nearest")
        slots.append((Slot(f"contact {day}", "", kinds), date))
    return slots


def _dates_before(
    ahead: list[Visit],
    anchors: Mapping[str, Dates],
    cohort: Cohort,
    spread: Mapping[str, tuple[int, int]],
    assessed: Mapping[str, tuple[str, ...]],
    seed: int,
) -> list[tuple[Slot, Dates]]:
    first, last = ahead[0], ahead[-1]
    rng = named_stream(seed, "schedule/before treatment")
    earlier = working_day(after(cohort.enrolled, -days(rng, len(cohort), (0, spread[first.code][0]))), roll="nearest")
    screened = np.maximum(np.minimum(earlier, cohort.enrolled), cohort.consented)
    again = after(anchors[last.anchor], -days(rng, len(cohort), (1, spread[last.code][0])))
    again = working_day(again, roll="nearest")
    twice = anchors[first.anchor] != anchors[last.anchor]
    kinds = assessed.get(first.code, ())
    return [
        (Slot(first.code, first.code, kinds, before=True), keep(screened, twice)),
        (Slot(last.code, last.code, kinds, before=True), np.where(twice, again, screened)),
    ]


def _missed(slots: tuple[Slot, ...], cohort: Cohort, severe: Bools, planted: Sampling, seed: int) -> Bools:
    missed = np.zeros((len(cohort), len(slots)), dtype=bool)
    share, chance_seldom = planted.seldom
    seldom = named_stream(seed, "missed/seldom").random(len(cohort)) < share
    for column, slot in enumerate(slots):
        if slot.before:
            continue
        if slot.kinds:
            missed[:, column] = seldom & (named_stream(seed, f"seldom/{slot.name}").random(len(cohort)) < chance_seldom)
        rng = named_stream(seed, f"missed/{slot.name}")
        missed[:, column] |= rng.random(len(cohort)) < planted.missed
        recent = severe if slot.visit in planted.recent else np.zeros(len(cohort), dtype=bool)
        covariates = {**cohort.covariates, "severe": recent.astype(np.float64)}
        if slot.visit or slot.kinds:
            chance = expit(predict(planted.missed_at_random, covariates))
            missed[:, column] |= rng.random(len(cohort)) < chance
    return missed
