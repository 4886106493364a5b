"""A made randomised trial of parallel arms, as the ADaM export of one: the frames, built from each one's course.

Names of frames and columns, and controlled terms, are CDISC's; everything that is a trial's own comes from the truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from npcstats.synthetic.draws import (
    NEVER,
    Texts,
    after,
    as_frame,
    choose_text,
    keep,
    named_stream,
    rounded,
)
from npcstats.synthetic.parallel_course import (
    COMPLETED,
    DIED,
    DISCONTINUED,
    HARMED,
    LEFT,
    LOST,
    NE,
    NOTHING,
    ONGOING,
    PD,
    WORST,
    Course,
    Event,
    Sample,
    draw_courses,
    draw_sample,
)
from npcstats.synthetic.parallel_truth import Deviation, ParallelTruth
from npcstats.synthetic.write import number_text

NO_EVENT, EVENT, COMPETING = 0, 1, 2
BEST, READING = "BESTRESP", "OVRLRESP"
_ORDER = ("CR", "PR", "SD", PD, NE)
_FOLLOWED, _NO_ASSESSMENT = "ALIVE AT LAST CONTACT", "NO ASSESSMENT AFTER RANDOMISATION"
_NO_PROGRESSION, _PROGRESSION = "NO PROGRESSION AT LAST ASSESSMENT", "DISEASE PROGRESSION"
_CENSORED = {"": _FOLLOWED, LOST: LOST, LEFT: LEFT}
_RESOLVED, _SEQUELAE = "RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE"
_LASTING, _FATAL = "NOT RECOVERED/NOT RESOLVED", "FATAL"


def simulate_parallel_trial(truth: ParallelTruth, seed: int) -> dict[str, pd.DataFrame]:
    """Make a randomised trial of parallel arms with planted effects, as its ADaM export.

    Parameters
    ----------
    truth : ParallelTruth
        Everything planted.
    seed : int
        Every part, and every participant, draws from a stream of its own.

    Returns
    -------
    dict of str to DataFrame
        ``adsl``, ``adae``, ``adlb``, ``adrs``, ``adtte``, ``adex`` and ``addv``; rows sorted by participant and date,
        values rounded to their recorded precision, no date after the cut-off.

    Raises
    ------
    SpecError
        If the parts of the truth do not fit together.
    """
    sample = draw_sample(truth, seed)
    courses = draw_courses(sample, truth, seed)
    frames = {
        "adsl": _participants(sample, courses, truth, seed),
        "adae": _adverse_events(sample, courses, truth, seed),
        "adlb": _laboratory(sample, courses, truth, seed),
        "adrs": _responses(sample, courses),
        "adtte": _times(sample, courses, truth),
        "adex": _exposure(sample, courses, truth),
        "addv": _deviations(sample, courses, truth, seed),
    }
    return {name: _in_order(frame) for name, frame in frames.items()}


def _participants(sample: Sample, courses: Sequence[Course], truth: ParallelTruth, seed: int) -> pd.DataFrame:
    names = np.array([*(arm.name for arm in truth.arms), ""], dtype=object)
    stated = {
        factor.column: np.array([level.code for level in factor.levels], dtype=object)[sample.levels[factor.column]]
        for factor in truth.factors
    }
    treated = np.array([course.dosed is not None for course in courses])
    died = np.array([course.left == DIED for course in courses])
    end = np.array([course.end for course in courses])
    left = np.array([course.left for course in courses], dtype=object)
    stopped = np.array([course.stopped for course in courses], dtype=object)
    finished = after(sample.randomized, end)
    columns = {
        "STUDYID": np.full(len(courses), truth.study, dtype=object),
        "USUBJID": sample.ids,
        **_characteristics(len(courses), truth, seed),
        **stated,
        "STRATAR": np.array([" / ".join(codes) for codes in zip(*stated.values(), strict=True)], dtype=object),
        "ICFDT": sample.consented,
        "RANDDT": sample.randomized,
        "TRT01P": names[sample.planned],
        "TRT01A": np.where(treated, names[sample.given], ""),
        "ITTFL": np.full(len(courses), "Y", dtype=object),
        "SAFFL": _flags(treated),
        "TRTSDT": _dates(sample, [course.dosed for course in courses]),
        "TRTEDT": _dates(sample, [course.last_dose for course in courses]),
        "EOTSTT": np.where(treated, _states(stopped), ""),
        "DCTREAS": np.where(stopped == COMPLETED, "", stopped),
        "EOSSTT": _states(left),
        "EOSDT": keep(finished, left != ""),
        "DCSREAS": left,
        "LSTALVDT": finished,
        "DTHDT": keep(finished, died),
        "DTHCAUS": np.array([_cause(course) for course in courses], dtype=object),
    }
    return as_frame({name: values if values.dtype.kind in "Mfi" else values.astype(object)
                     for name, values in columns.items()})  # fmt: skip


def _characteristics(size: int, truth: ParallelTruth, seed: int) -> dict[str, np.ndarray]:
    persons = truth.persons
    mean, sd, lowest, highest = persons.age
    age = np.clip(named_stream(seed, "parallel/age").normal(mean, sd, size=size), lowest, highest)
    female = named_stream(seed, "parallel/sex").random(size) < persons.female
    of_women, of_men, spread = persons.weight
    weight = np.where(female, of_women, of_men) + named_stream(seed, "parallel/weight").normal(0.0, spread, size=size)
    unknown = named_stream(seed, "parallel/weight/unknown").random(size) < persons.weight_unknown
    return {
        "AGE": np.floor(age).astype(np.int64),
        "SEX": np.where(female, "F", "M"),
        "WEIGHTBL": np.where(unknown, np.nan, rounded(np.maximum(weight, 35.0), 1)),
        "ECOGBL": choose_text(named_stream(seed, "parallel/ecog"), size, persons.ecog).astype(np.int64),
    }


def _states(reasons: Texts) -> Texts:
    """Disposition by the reason for its end: none while it goes on."""
    return np.array(
        [ONGOING if not why else COMPLETED if why == COMPLETED else DISCONTINUED for why in reasons], dtype=object
    )


def _cause(course: Course) -> str:
    if course.left != DIED:
        return ""
    fatal = any(event.grade == WORST for event in course.events)
    return HARMED if fatal else "DISEASE" if course.from_disease else "OTHER"


def _flags(condition: np.ndarray) -> Texts:
    return np.where(condition, "Y", "N").astype(object)


def _dates(sample: Sample, found: Sequence[int | None]) -> np.ndarray:
    known = np.array([day is not None for day in found])
    return keep(after(sample.randomized, np.array([day or 0 for day in found])), known)


def _records(sample: Sample, courses: Sequence[Course]) -> Iterable[tuple[int, str, np.datetime64, Course]]:
    return zip(range(len(courses)), sample.ids, sample.randomized, courses, strict=True)


def _on(start: np.datetime64, day: int | None) -> np.datetime64:
    return NEVER if day is None else start + np.timedelta64(day, "D")


def _adverse_events(sample: Sample, courses: Sequence[Course], truth: ParallelTruth, seed: int) -> pd.DataFrame:
    rows = []
    for i, who, start, course in _records(sample, courses):
        rng = named_stream(seed, f"parallel/events/{i}")
        related = truth.safety.related[sample.given[i]] if sample.given[i] != NOTHING else 0.0
        ordered = sorted(course.events, key=lambda event: (event.start, event.term))
        for number, event in enumerate(ordered, start=1):
            luck = rng.random(3)
            emergent = _emergent(event, course, truth)
            rows.append(
                {
                    "USUBJID": who,
                    "AESEQ": number,
                    "AEBODSYS": event.system,
                    "AEDECOD": event.term,
                    "AETOXGR": event.grade,
                    "AESER": "Y" if event.grade > 3 or luck[0] < truth.safety.serious[event.grade - 1] else "N",
                    "AEREL": "RELATED" if emergent and luck[1] < related else "NOT RELATED",
                    "AEACN": event.action,
                    "AEOUT": _outcome(event, bool(luck[2] < truth.safety.resolved)),
                    "ASTDT": _on(start, event.start),
                    "AENDT": _on(start, event.end),
                    "TRTEMFL": "Y" if emergent else "",
                }
            )
    return _frame(rows)


def _emergent(event: Event, course: Course, truth: ParallelTruth) -> bool:
    if course.dosed is None or event.start < course.dosed:
        return False
    return course.last_dose is None or event.start <= course.last_dose + truth.cycles.emergent_days


def _outcome(event: Event, resolved: bool) -> str:
    if event.grade == WORST:
        return _FATAL
    return _LASTING if event.end is None else _RESOLVED if resolved else _SEQUELAE


def _laboratory(sample: Sample, courses: Sequence[Course], truth: ParallelTruth, seed: int) -> pd.DataFrame:
    rows = []
    horizon = truth.laboratory.visits[-1][1]
    for i, who, start, course in _records(sample, courses):
        rng = named_stream(seed, f"parallel/laboratory/{i}")
        drawn = _visit_days(course, truth, rng)
        for assay in truth.laboratory.assays:
            own = rng.normal(0.0, assay.between)
            change = assay.change[sample.given[i]] if course.dosed is not None else 0.0
            for name, planned, day in drawn:
                value = assay.median * np.exp(own + change * max(planned, 0) / horizon + rng.normal(0.0, assay.within))
                if rng.random() < truth.laboratory.missing:
                    continue
                below = value < assay.limit
                recorded = float(rounded(np.array(value), assay.decimals))
                rows.append(
                    {
                        "USUBJID": who,
                        "PARAMCD": assay.code,
                        "PARAM": f"{assay.label} ({assay.unit})",
                        "AVISIT": name,
                        "ADT": _on(start, day),
                        "AVAL": np.nan if below else recorded,
                        "AVALC": "<LLOQ" if below else number_text(recorded),
                        "AVALU": assay.unit,
                        "LLOQ": assay.limit or np.nan,
                        "ABLFL": "Y" if planned <= 0 else "",
                    }
                )
    return _frame(rows)


def _visit_days(course: Course, truth: ParallelTruth, rng: np.random.Generator) -> list[tuple[str, int, int]]:
    """Visits that were made: name, planned day and day after randomisation."""
    made = []
    for name, planned in truth.laboratory.visits:
        moved = int(rng.integers(-truth.laboratory.jitter, truth.laboratory.jitter, endpoint=True))
        if planned <= 0:
            made.append((name, planned, (course.dosed or 0) + planned))
        elif course.dosed is not None:
            day = course.dosed + planned + moved
            if day <= min(course.end, course.last_dose if course.last_dose is not None else course.end):
                made.append((name, planned, day))
    return made


def _responses(sample: Sample, courses: Sequence[Course]) -> pd.DataFrame:
    rows = []
    for _, who, start, course in _records(sample, courses):
        named = [(READING, day, found) for day, found in course.readings]
        best = min(course.readings, key=lambda item: (_ORDER.index(item[1]), item[0]), default=(None, NE))
        rows += [
            {"USUBJID": who, "PARAMCD": code, "ADT": _on(start, day), "AVALC": found}
            for code, day, found in (*named, (BEST, *best))
        ]
    return _frame(rows)


def _times(sample: Sample, courses: Sequence[Course], truth: ParallelTruth) -> pd.DataFrame:
    """Days from randomisation, which is day 1, to the event, to what competes with it, or to the last day without."""
    rows = []
    for _, who, start, course in _records(sample, courses):
        for (code, label), (day, event, words) in (
            (truth.overall, _overall(course)),
            (truth.progression_free, _progression_free(course)),
            (truth.progression, _progression(course)),
        ):
            rows.append(
                {
                    "USUBJID": who,
                    "PARAMCD": code,
                    "PARAM": f"{label} (days)",
                    "AVAL": day + 1,
                    "CNSR": 0 if event == EVENT else 1,
                    "EVTYPE": np.nan if event == NO_EVENT else float(event),
                    "STARTDT": start,
                    "ADT": _on(start, day),
                    "EVNTDESC": words,
                }
            )
    return _frame(rows)


def _overall(course: Course) -> tuple[int, int, str]:
    return (course.end, EVENT, DIED) if course.left == DIED else (course.end, NO_EVENT, _CENSORED[course.left])


def _progression_free(course: Course) -> tuple[int, int, str]:
    if course.progressed is not None:
        return course.progressed, EVENT, _PROGRESSION
    if course.left == DIED:
        return course.end, EVENT, DIED
    read = [day for day, found in course.readings if found != NE]
    return (read[-1], NO_EVENT, _NO_PROGRESSION) if read else (0, NO_EVENT, _NO_ASSESSMENT)


def _progression(course: Course) -> tuple[int, int, str]:
    day, event, words = _progression_free(course)
    return day, COMPETING if words == DIED else event, words


def _exposure(sample: Sample, courses: Sequence[Course], truth: ParallelTruth) -> pd.DataFrame:
    rows = []
    for i, who, start, course in _records(sample, courses):
        arm = truth.arms[sample.given[i]]
        for number, cycle in enumerate(course.cycles, start=1):
            rows.append(
                {
                    "USUBJID": who,
                    "EXTRT": arm.drug,
                    "EXSEQ": number,
                    "VISIT": f"CYCLE {number}",
                    "EXDOSE": float(rounded(np.array(arm.dose * truth.cycles.steps[cycle.step]), 1)),
                    "EXDOSU": "mg",
                    "EXPLANNED": arm.dose,
                    "EXSTDT": _on(start, cycle.start),
                    "EXENDT": _on(start, cycle.end),
                }
            )
    return _frame(rows)


def _deviations(sample: Sample, courses: Sequence[Course], truth: ParallelTruth, seed: int) -> pd.DataFrame:
    rows = []
    for i, who, start, course in _records(sample, courses):
        rng = named_stream(seed, f"parallel/deviations/{i}")
        if course.dosed is not None and sample.given[i] != sample.planned[i]:
            rows.append(_deviation(who, _on(start, course.dosed), truth.wrong_treatment))
        for kind in truth.deviations:
            day, luck = int(rng.integers(0, course.end, endpoint=True)), rng.random()
            if luck < kind.share:
                rows.append(_deviation(who, _on(start, day), kind))
    return _frame(rows)


def _deviation(who: str, day: np.datetime64, kind: Deviation) -> dict[str, object]:
    return {"USUBJID": who, "DVDT": day, "DVCAT": kind.category, "DVTERM": kind.term}


def _frame(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return as_frame({name: values.astype(object) if values.dtype.kind == "U" else values
                     for name, values in columns.items()})  # fmt: skip


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    dated = next((name for name in ("ASTDT", "ADT", "EXSTDT", "DVDT") if name in frame), None)
    keys = ["USUBJID", *(name for name in ("PARAMCD", dated, "AESEQ") if name and name in frame)]
    return frame.sort_values(keys, kind="stable", ignore_index=True)
