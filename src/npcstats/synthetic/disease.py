"""Relapse, death and loss to follow-up from cause-specific hazards, seen or not.

Times are months from the start of radiotherapy. A relapse begins by its hazard, which may be during radiotherapy;
`npcstats.synthetic.detection` says when it is found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from npcstats.synthetic.cohort import Cohort
from npcstats.synthetic.draws import (
    Bools,
    Dates,
    Floats,
    Texts,
    after,
    days,
    keep,
    months_after,
    named_stream,
    predict,
    to_date,
)
from npcstats.synthetic.treatment import Course
from npcstats.synthetic.truth import Truth


@dataclass(frozen=True)
class Fate:
    """Relapse and death, whether seen or not: dates, missing where never.

    Of a relapse it holds the day on which it begins, or that on which it is found, as the function says that returns
    it.
    """

    local: Dates
    regional: Dates
    distant: Dates
    death: Dates
    from_disease: Bools

    @property
    def locoregional(self) -> Dates:
        """First local or regional relapse.

        Returns
        -------
        datetime64 (n,)
            Missing where never.
        """
        return np.fmin(self.local, self.regional)

    @property
    def relapse(self) -> Dates:
        """First relapse of any kind.

        Returns
        -------
        datetime64 (n,)
            Missing where never.
        """
        return np.fmin(self.locoregional, self.distant)


@dataclass(frozen=True)
class Times:
    """When things would happen, in months from the start of radiotherapy; a relapse after death does not happen."""

    locoregional: Floats
    distant: Floats
    death: Floats
    from_disease: Bools


@dataclass(frozen=True)
class FollowUp:
    """What is seen: the last day of observation, and the end of study of the lost."""

    end: Dates
    eosdt: Dates
    status: Texts


def draw_times(cohort: Cohort, truth: Truth, seed: int) -> Times:
    """Draw when relapse and death would happen if everyone started radiotherapy.

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
    Times
        Months from the start of radiotherapy.
    """
    planted, size = truth.disease, len(cohort)
    arm = cohort.first_arm.astype(np.float64)
    streams = {name: named_stream(seed, f"disease/{name}") for name in ("locoregional", "distant", "other", "after")}
    locoregional = invert_hazard(
        streams["locoregional"].exponential(size=size),
        np.exp(predict(planted.locoregional, cohort.covariates) + planted.locoregional_arm * arm),
        planted.slowing,
    )
    distant = invert_hazard(
        streams["distant"].exponential(size=size),
        np.exp(predict(planted.distant, cohort.covariates) + planted.distant_arm * arm),
        planted.slowing,
    )
    other = streams["other"].exponential(size=size) / np.exp(
        predict(planted.other_death, cohort.covariates) + planted.other_death_arm * arm
    )
    rng = streams["after"]
    by_locoregional = locoregional + rng.exponential(planted.death_after_locoregional / np.log(2.0), size)
    by_distant = distant + rng.exponential(planted.death_after_distant / np.log(2.0), size)
    of_disease = np.minimum(by_locoregional, by_distant)
    return Times(locoregional, distant, np.minimum(other, of_disease), of_disease < other)


def draw_fate(cohort: Cohort, course: Course, truth: Truth, seed: int) -> Fate:
    """Draw relapse and death for everyone who starts radiotherapy.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    course : Course
        Their treatment.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    Fate
        Dates, missing where never; a relapse on the day on which it begins.
    """
    planted, times = truth.disease, draw_times(cohort, truth, seed)
    site = named_stream(seed, "disease/site").random(len(cohort))
    local = site < planted.local_share + planted.both_share
    regional = site >= planted.local_share

    def _day(months: Floats, happens: Bools) -> Dates:
        """Date what happens before death, a day after the start at the earliest."""
        date = np.maximum(months_after(course.rtstdt, months), after(course.rtstdt, 1))
        return keep(date, happens & (months <= times.death))

    everyone = np.ones(len(cohort), dtype=bool)
    return Fate(
        local=_day(times.locoregional, local),
        regional=_day(times.locoregional, regional),
        distant=_day(times.distant, everyone),
        death=_day(times.death, everyone),
        from_disease=times.from_disease,
    )


def draw_follow_up(cohort: Cohort, course: Course, fate: Fate, truth: Truth, seed: int) -> FollowUp:
    """Draw loss to follow-up; those who never reach radiotherapy withdraw.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    course : Course
        Their treatment.
    fate : Fate
        Relapse and death, seen or not.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    FollowUp
        Last day, and end of study of the lost.
    """
    rng = named_stream(seed, "follow-up")
    planted, size = truth.disease, len(cohort)
    months = rng.exponential(size=size) / np.exp(predict(planted.lost, cohort.covariates))
    lost = np.maximum(months_after(course.rtendt, months), after(course.rtendt, 1))
    last_cycle = np.fmax.reduce(course.cycle_starts, axis=1)
    early = after(np.fmax(after(cohort.enrolled, 14), last_cycle), days(rng, size, (20, 90)))
    lost = np.where(cohort.reaches_rt, lost, early)
    database = to_date(truth.calendar.database_date)
    lost = keep(lost, (lost <= database) & ~(fate.death <= lost))
    withdrew = (rng.random(size) < planted.withdrawn_share) | ~cohort.reaches_rt
    status = np.where(np.isnat(lost), "", np.where(withdrew, "WITHDRAWN", "LOST")).astype(object)
    return FollowUp(end=np.fmin(np.fmin(fate.death, lost), database), eosdt=lost, status=status)


def invert_hazard(cumulative: Floats, hazard: Floats, slowing: tuple[tuple[float, float], ...]) -> Floats:
    """Return the time at which a piecewise hazard has accumulated a unit-exponential draw.

    Parameters
    ----------
    cumulative : float (n,)
        Unit-exponential draws.
    hazard : float (n,)
        Hazard per month until the first change.
    slowing : tuple of (month, factor)
        From each month on, the hazard is multiplied by the factor.

    Returns
    -------
    float (n,)
        Months.
    """
    left = cumulative / hazard
    time = np.zeros_like(left)
    starts = [0.0, *(month for month, _ in slowing)]
    factors = [1.0, *(factor for _, factor in slowing)]
    for start, stop, factor in zip(starts, [*starts[1:], np.inf], factors, strict=True):
        spent = np.minimum(left, (stop - start) * factor)
        time += spent / factor
        left = left - spent
    return time
