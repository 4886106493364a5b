"""What happens to each participant of a randomised trial: allocation, disease, follow-up, treatment, adverse events.

Days are whole days after randomisation. Every participant draws from streams of their own, so that no record of one
depends on how many another has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from npcstats.errors import SpecError
from npcstats.study import DAYS_PER_MONTH
from npcstats.synthetic.draws import Dates, Ints, Texts, after, choose, choose_text, days, named_stream, to_date
from npcstats.synthetic.parallel_truth import Cycles, ParallelTruth

NOTHING = -1
SEVERE, WORST = 3, 5
WITHDRAWN, REDUCED, INTERRUPTED = "DRUG WITHDRAWN", "DOSE REDUCED", "DRUG INTERRUPTED"
UNCHANGED, NOT_APPLICABLE = "DOSE NOT CHANGED", "NOT APPLICABLE"
DIED, LOST, LEFT = "DEATH", "LOST TO FOLLOW-UP", "WITHDRAWAL BY SUBJECT"
PROGRESSED, HARMED = "PROGRESSIVE DISEASE", "ADVERSE EVENT"
ONGOING, COMPLETED, DISCONTINUED = "ONGOING", "COMPLETED", "DISCONTINUED"
PD, SD, NE = "PD", "SD", "NE"
_NO_DAY = 10**6


@dataclass(frozen=True, eq=False)
class Sample:
    """Everyone randomised, in the order of randomisation; arrays of shape (n,).

    Parameters
    ----------
    ids : object (n,)
        Identifiers.
    randomized, consented : datetime64 (n,)
        Days.
    levels : mapping of str to int (n,)
        By factor, the place of the participant's level.
    planned, given : int (n,)
        Places of the arms; `given` is -1 for who was given nothing.
    """

    ids: Texts
    randomized: Dates
    consented: Dates
    levels: Mapping[str, Ints]
    planned: Ints
    given: Ints


@dataclass(frozen=True)
class Event:
    """An adverse event: kind, grade 1 to 5, first and last day, what was done; `end` is None while it lasts."""

    system: str
    term: str
    grade: int
    start: int
    end: int | None
    action: str


@dataclass(frozen=True)
class Cycle:
    """A cycle of treatment: first and last day, None while it lasts, and the place of its dose level."""

    start: int
    end: int | None
    step: int


@dataclass(frozen=True)
class Course:
    """What happened to a participant, as far as the export knows.

    Parameters
    ----------
    end : int
        Last day of follow-up: death, loss, withdrawal, or the last contact before the cut-off.
    left : str
        Why follow-up ended, in CDISC terms; empty while it goes on.
    from_disease : bool
        Whether the disease had progressed before a death, seen or not.
    readings : tuple of (day, class)
        Assessments of response, the last of them progression where it was seen.
    dosed : int or None
        Day of the first dose.
    cycles : tuple of Cycle
        Treatment given.
    stopped : str
        Why treatment ended, ``COMPLETED`` at its planned end; empty while it goes on or where there was none.
    events : tuple of Event
        Adverse events.
    """

    end: int
    left: str
    from_disease: bool
    readings: tuple[tuple[int, str], ...]
    dosed: int | None
    cycles: tuple[Cycle, ...]
    stopped: str
    events: tuple[Event, ...]

    @property
    def progressed(self) -> int | None:
        """Day on which progression was seen.

        Returns
        -------
        int or None
            None where it was not seen.
        """
        return next((day for day, found in self.readings if found == PD), None)

    @property
    def last_dose(self) -> int | None:
        """Day of the last dose.

        Returns
        -------
        int or None
            None while treatment goes on, or where there was none.
        """
        return self.cycles[-1].end if self.stopped else None


def draw_sample(truth: ParallelTruth, seed: int) -> Sample:
    """Draw who is randomised when and to what, and what they are given.

    Parameters
    ----------
    truth : ParallelTruth
        Everything planted.
    seed : int
        Seed of the trial.

    Returns
    -------
    Sample
        In the order of randomisation.

    Raises
    ------
    SpecError
        If the numbers of the allocation do not fit together.
    """
    size = truth.allocation.size
    _check(truth)
    first, last = to_date(truth.dates.first), to_date(truth.dates.last)
    span = int((last - first).astype(int))
    offset = np.sort(named_stream(seed, "parallel/enrolment").integers(0, span, size=size, endpoint=True))
    randomized = after(np.full(size, first), offset)
    waited = days(named_stream(seed, "parallel/consent"), size, truth.dates.screening_days)
    levels = {
        factor.column: choose(
            named_stream(seed, f"parallel/factor/{factor.column}"), size, [level.share for level in factor.levels]
        )
        for factor in truth.factors
    }
    planned = _allocate(levels, truth, seed)
    given = _departures(planned, truth, seed)
    least = 10 ** len(str(size // 5))
    numbers = named_stream(seed, "parallel/numbers").choice(np.arange(least + 1, 10 * least), size=size, replace=False)
    ids = np.array([f"{truth.study}-{number}" for number in numbers], dtype=object)
    return Sample(ids, randomized, after(randomized, -waited), levels, planned, given)


def _check(truth: ParallelTruth) -> None:
    names = [arm.name for arm in truth.arms]
    used = {name for planned, given, _ in truth.allocation.switched for name in (planned, given)}
    used |= {name for name, _ in truth.allocation.untreated}
    faults = [f"{name} is no arm" for name in sorted(used - set(names))]
    if truth.allocation.block % len(names):
        faults.append(f"blocks of {truth.allocation.block} cannot hold {len(names)} arms equally")
    by_arm = {
        **{term.term: len(term.ratios) for term in truth.safety.terms},
        **{assay.code: len(assay.change) for assay in truth.laboratory.assays},
        "related": len(truth.safety.related),
    }
    faults += [f"{what} has values for {count} arms" for what, count in by_arm.items() if count != len(names)]
    if faults:
        raise SpecError(f"truth: {'; '.join(faults)}; parts that fit together are required.")


def _allocate(levels: Mapping[str, Ints], truth: ParallelTruth, seed: int) -> Ints:
    """Permuted blocks within each combination of the factors, in the order of randomisation."""
    arms, block, size = len(truth.arms), truth.allocation.block, truth.allocation.size
    strata = np.stack(list(levels.values()), axis=1)
    planned = np.zeros(size, dtype=np.int64)
    for stratum in sorted({tuple(row) for row in strata.tolist()}):
        inside = np.flatnonzero((strata == stratum).all(axis=1))
        rng = named_stream(seed, f"parallel/blocks/{stratum}")
        one = np.repeat(np.arange(arms), block // arms)
        blocks = [rng.permutation(one) for _ in range(-(-len(inside) // block))]
        planned[inside] = np.concatenate(blocks)[: len(inside)]
    return planned


def _departures(planned: Ints, truth: ParallelTruth, seed: int) -> Ints:
    """Arm given: the planned one but for as many as the truth says, chosen at random, each at most once."""
    places = {arm.name: place for place, arm in enumerate(truth.arms)}
    wanted = [(places[name], places[other], count) for name, other, count in truth.allocation.switched]
    wanted += [(places[name], NOTHING, count) for name, count in truth.allocation.untreated]
    given, rng = planned.copy(), named_stream(seed, "parallel/departures")
    for arm, other, count in wanted:
        free = np.flatnonzero((planned == arm) & (given == arm))
        if count > len(free):
            raise SpecError(f"truth: {count} departures from an arm with {len(free)} left; fewer are required.")
        given[rng.choice(free, size=count, replace=False)] = other
    return given


def draw_courses(sample: Sample, truth: ParallelTruth, seed: int) -> list[Course]:
    """Draw what happens to each participant up to the cut-off.

    Parameters
    ----------
    sample : Sample
        Everyone randomised.
    truth : ParallelTruth
        Everything planted.
    seed : int
        Seed of the trial.

    Returns
    -------
    list of Course
        Aligned with the sample.
    """
    risk = np.zeros(len(sample.ids))
    for factor in truth.factors:
        risk += np.array([level.hazard for level in factor.levels])[sample.levels[factor.column]]
    known = (to_date(truth.dates.cutoff) - sample.randomized).astype(np.int64)
    return [
        _course(int(known[i]), float(risk[i]), int(sample.given[i]), truth, named_stream(seed, f"parallel/course/{i}"))
        for i in range(len(sample.ids))
    ]


def _course(known: int, risk: float, given: int, truth: ParallelTruth, rng: np.random.Generator) -> Course:
    end, left, progression = _follow_up(known, risk, given, truth, rng)
    readings = _readings(end, progression, given, truth, rng)
    seen = next((day for day, found in readings if found == PD), _NO_DAY)
    dosed = int(days(rng, 1, truth.dates.dosing_days)[0])
    candidates = _candidates(end, given, truth, rng)
    if given == NOTHING or dosed > end:
        events = tuple(event for event, luck in candidates if event.start < dosed and luck < truth.safety.before)
        return Course(end, left, progression <= end, readings, None, (), "", _cut(events, end))
    reason = PROGRESSED if seen <= end else left
    cycles, stopped, done = _treatment(dosed, min(seen, end), reason, candidates, truth, rng)
    last = cycles[-1].end if stopped and cycles[-1].end is not None else _NO_DAY
    emergent = last + truth.cycles.emergent_days
    kept = _cut(_kept(candidates, done, dosed, emergent, truth), end)
    fatal = _fatal(end, dosed, truth, rng) if left == DIED and end <= emergent else ()
    return Course(end, left, progression <= end, readings, dosed, cycles, stopped, (*kept, *fatal))


def _follow_up(
    known: int, risk: float, given: int, truth: ParallelTruth, rng: np.random.Generator
) -> tuple[int, str, int]:
    """Last day of follow-up, why it ended, and the day on which the disease progresses, seen or not."""
    hazards = truth.hazards
    arm = truth.arms[given] if given != NOTHING else None
    progression = _wait(hazards.progression * np.exp(risk + (arm.progression if arm else 0.0)), rng)
    effect = np.exp(risk + (arm.death if arm else 0.0))
    early, late = _wait(hazards.death * effect, rng), _wait(hazards.death_after * effect, rng)
    death = early if early <= progression else progression + late
    ways = [(death, DIED), (_wait(hazards.lost, rng), LOST), (_wait(hazards.withdrawn, rng), LEFT)]
    day, left = min(ways)
    contact = int(days(rng, 1, truth.dates.contact_days)[0])
    if day > known:
        day, left = max(known - contact, 0), ""
    return day, left, progression if early > progression else _NO_DAY


def _wait(rate: float, rng: np.random.Generator) -> int:
    """Whole days of an exponential wait, one or more."""
    return max(1, int(np.rint(rng.exponential(1.0 / rate) * DAYS_PER_MONTH)))


def _readings(
    end: int, progression: int, given: int, truth: ParallelTruth, rng: np.random.Generator
) -> tuple[tuple[int, str], ...]:
    """Assessments until progression is seen: stable until the response begins, which then lasts."""
    hazards = truth.hazards
    readings: list[tuple[int, str]] = []
    arm = truth.arms[max(given, 0)]
    best = str(choose_text(rng, 1, arm.response)[0]) if given != NOTHING else SD
    onset = 1 + int(rng.integers(0, 3))
    for number in range(1, end // hazards.every + 2):
        day = number * hazards.every + int(rng.integers(-hazards.jitter, hazards.jitter, endpoint=True))
        missed, unread = rng.random() < hazards.missed, rng.random() < hazards.unread
        if day > end or missed:
            continue
        if day >= progression:
            return (*readings, (day, PD))
        readings.append((day, NE if unread else best if number >= onset else SD))
    return tuple(readings)


def _candidates(end: int, given: int, truth: ParallelTruth, rng: np.random.Generator) -> list[tuple[Event, float]]:
    """Events as often as on treatment, each with a number by which those off treatment are thinned."""
    safety, found = truth.safety, []
    earliest = -int(truth.dates.screening_days[0])
    for term in safety.terms:
        ratio = term.ratios[given] if given != NOTHING else min(term.ratios)
        mean = term.rate * ratio * (end - earliest + 1) / DAYS_PER_MONTH
        free = earliest
        for start in np.sort(rng.integers(earliest, end, size=rng.poisson(mean), endpoint=True)).tolist():
            grade = 1 + int(choose(rng, 1, term.grades)[0])
            last = start + int(days(rng, 1, term.duration)[0])
            action = str(choose_text(rng, 1, safety.actions)[0]) if grade >= SEVERE else UNCHANGED
            luck = float(rng.random())
            if start > free:
                found.append((Event(term.system, term.term, grade, start, last, action), luck))
                free = last
    return sorted(found, key=lambda item: (item[0].start, item[0].term))


def _treatment(
    dosed: int,
    limit: int,
    reason: str,
    candidates: Sequence[tuple[Event, float]],
    truth: ParallelTruth,
    rng: np.random.Generator,
) -> tuple[tuple[Cycle, ...], str, Mapping[int, str]]:
    """Cycles up to the limit, why treatment stopped, and what was done about which event."""
    cycles: list[Cycle] = []
    done: dict[int, str] = {}
    start, step, stopped = dosed, 0, ""
    for number in range(truth.cycles.most):
        if start > limit:
            stopped = reason
            break
        last = start + truth.cycles.days - 1
        step_after, delay, harmed = _respond(start, last, step, candidates, truth.cycles, done, limit, rng)
        if harmed is not None:
            cycles.append(Cycle(start, harmed, step))
            stopped = HARMED
            break
        if last > limit:
            cycles.append(Cycle(start, limit if reason else None, step))
            stopped = reason
            break
        cycles.append(Cycle(start, last, step))
        start, step = last + 1 + delay, step_after
        stopped = COMPLETED if number == truth.cycles.most - 1 else ""
    return tuple(cycles), stopped, done


def _respond(
    start: int, last: int, step: int, candidates: Sequence[tuple[Event, float]], cycles: Cycles, done: dict[int, str],
    limit: int, rng: np.random.Generator,
) -> tuple[int, int, int | None]:  # fmt: skip
    """Dose level after a cycle, days of delay, and the day on which a harm ended treatment."""
    after_step, delay = step, 0
    for place, (event, _) in enumerate(candidates):
        if not start <= event.start <= min(last, limit):
            continue
        action = event.action
        if action == REDUCED and after_step + 1 >= len(cycles.steps):
            action = WITHDRAWN
        done[place] = action
        if action == WITHDRAWN:
            return after_step, 0, event.start
        after_step += action == REDUCED
        if action == INTERRUPTED:
            delay = max(delay, int(days(rng, 1, cycles.delay_days)[0]))
    return after_step, delay, None


def _kept(
    candidates: Sequence[tuple[Event, float]], done: Mapping[int, str], dosed: int, emergent: int, truth: ParallelTruth
) -> list[Event]:
    """Events from the first dose to the last emergent day, and of the others as many as the truth says."""
    kept = []
    for place, (event, luck) in enumerate(candidates):
        on_treatment = dosed <= event.start <= emergent
        share = 1.0 if on_treatment else truth.safety.before if event.start < dosed else truth.safety.after
        if luck < share:
            kept.append(replace(event, action=done.get(place, NOT_APPLICABLE)))
    return kept


def _fatal(end: int, dosed: int, truth: ParallelTruth, rng: np.random.Generator) -> tuple[Event, ...]:
    """The event to which a death on treatment is put down, if it is."""
    system, term, share = truth.safety.fatal
    begun = max(dosed, end - int(rng.integers(0, 10, endpoint=True)))
    event = Event(system, term, WORST, begun, end, NOT_APPLICABLE)
    return (event,) if rng.random() < share else ()


def _cut(events: Sequence[Event], end: int) -> tuple[Event, ...]:
    """Events with an end only where it was seen."""
    return tuple(event if event.end is not None and event.end <= end else replace(event, end=None) for event in events)
