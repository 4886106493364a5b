"""Adverse events: graded by cumulative logits with a shared frailty, by late rates, or from laboratory values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.study import DAYS_PER_MONTH
from npcstats.synthetic.cohort import Cohort
from npcstats.synthetic.disease import Fate, FollowUp
from npcstats.synthetic.draws import (
    NEVER,
    Bools,
    Dates,
    Floats,
    Ints,
    Texts,
    after,
    as_frame,
    choose,
    choose_text,
    days,
    entered,
    keep,
    months_after,
    named_stream,
    predict,
)
from npcstats.synthetic.treatment import Course
from npcstats.synthetic.truth import LabTerm, LateTerm, Term, Toxicity, Truth

FIVE_YEARS = 60.0
SPAN = np.timedelta64(21, "D")
"""The longest cycle: a drug acts so long after it was given, and an event so long before changes it."""
WORST, SEVERE, LIFE_THREATENING, FATAL = 5, 3, 4, "FATAL"
RECOVERED, SEQUELAE = "RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE"
NOT_RECOVERED = "NOT RECOVERED/NOT RESOLVED"
UNCHANGED, REDUCED, INTERRUPTED = "DOSE NOT CHANGED", "DOSE REDUCED", "DRUG INTERRUPTED"
WITHDRAWN, NO_DRUG = "DRUG WITHDRAWN", "NOT APPLICABLE"
RELATIONS = {
    "RT": (("RT", 0.9), ("BOTH", 0.1)),
    "CHEMO": (("CHEMO", 0.92), ("BOTH", 0.08)),
    "BOTH": (("BOTH", 0.8), ("RT", 0.1), ("CHEMO", 0.1)),
    "NONE": (("NONE", 1.0),),
}
"""What an event is attributed to, by what its term is attributed to most often."""


@dataclass(frozen=True)
class Fatal:
    """Deaths coded as an adverse event: who, the index of the term, and whether in the acute period."""

    dies: Bools
    term: Ints
    acute: Bools


def draw_grades(cohort: Cohort, terms: Sequence[Term], toxicity: Toxicity, seed: int) -> dict[str, Ints]:
    """Draw the worst grade of every acute term, (n,) by name, 0 to 5.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    terms : sequence of Term
        What is graded.
    toxicity : Toxicity
        Predictor and frailty.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    dict of str to int (n,)
        By term.
    """
    lp = predict(toxicity.predictor, cohort.covariates)
    grades = {}
    for term in terms:
        rng = named_stream(seed, f"toxicity/{term.name}")
        u = rng.random(len(cohort))
        noise = np.log(u) - np.log1p(-u)
        latent = lp + term.arm * cohort.first_arm + noise
        grades[term.name] = _grade(latent, term.shares)
    return grades


def draw_fatal(cohort: Cohort, course: Course, fate: Fate, seen: FollowUp, truth: Truth, seed: int) -> Fatal:
    """Draw which deaths without disease are coded as an adverse event.

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
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    Fatal
        Who, and of what.
    """
    rng = named_stream(seed, "toxicity/fatal")
    acute = fate.death <= after(course.rtendt, truth.toxicity.acute_days)
    in_acute, later = truth.toxicity.fatal_shares
    coded = rng.random(len(cohort)) < np.where(acute, in_acute, later)
    acutely, later_on = (
        choose(rng, len(cohort), [1.0] * len(terms)) for terms in (truth.toxicity.fatal, truth.toxicity.fatal_later)
    )
    dies = coded & ~fate.from_disease & (fate.death <= seen.end)
    return Fatal(dies=dies, term=np.where(acute, acutely, later_on), acute=acute)


def build_adverse_events(
    cohort: Cohort,
    course: Course,
    fate: Fate,
    seen: FollowUp,
    grades: Mapping[str, Ints],
    fatal: Fatal,
    laboratory: pd.DataFrame,
    exposure: pd.DataFrame,
    truth: Truth,
    seed: int,
) -> pd.DataFrame:
    """Build the frame of adverse events, in order of onset within a participant.

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
    fatal : Fatal
        Deaths coded as an event.
    laboratory : DataFrame
        Laboratory records.
    exposure : DataFrame
        Administrations: what was done with a drug because of an event is what they show.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    DataFrame
        Of the data contract, with the day of entry.
    """
    planted = truth.toxicity
    parts = [_acute_events(term, grades[term.name], cohort, course, seed) for term in planted.acute]
    parts += [_induction_events(term, cohort, course, planted, seed) for term in planted.induction]
    parts += [_late_events(term, cohort, course, planted, seed) for term in planted.late]
    parts += [_laboratory_events(term, laboratory, cohort, course, planted) for term in planted.laboratory]
    parts.append(_fatal_events(fatal, course, fate, planted))
    events = pd.concat([part for part in parts if len(part)], ignore_index=True)
    events = _one_at_a_time(_as_observed(events, seen), course, planted)
    events = events.sort_values(["who", "start", "term", "grade"], kind="stable", ignore_index=True)
    before = ~(events["start"].to_numpy() >= course.rtstdt[events["who"]].astype("datetime64[s]"))
    events["relation"] = events["relation"].mask(before & events["relation"].isin(["RT", "BOTH"]), "CHEMO")
    return _as_frame(events, _actions(events, cohort, exposure, planted), cohort, truth, seed)


def grade_values(value: Floats, baseline: Floats, term: LabTerm) -> Ints:
    """Grade laboratory values, 0 to the number of cuts; a value on a cut is not beyond it.

    Parameters
    ----------
    value : float (n,)
        Recorded values.
    baseline : float (n,)
        Values before treatment; NaN where unknown.
    term : LabTerm
        Cuts and direction.

    Returns
    -------
    int (n,)
        0 where no cut is passed.
    """
    beyond = [term.direction * (value - cut) > 1e-9 for cut in term.cuts]
    grade = np.asarray(np.sum(beyond, axis=0), dtype=np.int64)
    for reached, ratio in term.baseline_ratios:
        grade = np.where((value - ratio * baseline > 1e-9) & (grade < reached), reached, grade)
    return grade


def _grade(latent: Floats, shares: Sequence[float]) -> Ints:
    thresholds = [np.log(share / (1.0 - share)) for share in shares if share > 0.0]
    passed = np.sum([latent + threshold > 0.0 for threshold in thresholds], axis=0)
    return np.asarray(passed, dtype=np.int64)


def _events(
    who: Ints, term: str, body_system: str, grade: Ints, start: Dates, end: Dates, relation: Texts
) -> pd.DataFrame:
    count = len(who)
    return as_frame({
        "who": who,
        "term": np.full(count, term, dtype=object),
        "body_system": np.full(count, body_system, dtype=object),
        "grade": grade,
        "start": start,
        "end": end,
        "relation": relation,
    })  # fmt: skip


def _relations(rng: np.random.Generator, size: int, usual: str) -> Texts:
    return choose_text(rng, size, RELATIONS[usual])


def _rising(
    rng: np.random.Generator, share: float, grade: Ints, start: Dates, end: Dates, step: tuple[int, int]
) -> tuple[Bools, Ints, Dates]:
    """Say whose event is recorded first at a lower grade, that grade, and the day it becomes worse."""
    size = len(grade)
    worse = after(start, days(rng, size, step))
    lower = 1 + np.floor(rng.random(size) * np.maximum(grade - 1, 1)).astype(np.int64)
    rises = (rng.random(size) < share) & (grade >= 2) & ~(worse >= end)
    return rises, np.minimum(lower, np.maximum(grade - 1, 1)), worse


def _with_rise(
    rng: np.random.Generator,
    term: Term | LateTerm,
    share: float,
    step: tuple[int, int],
    grade: Ints,
    start: Dates,
    end: Dates,
    relation: Texts,
    here: Bools,
) -> pd.DataFrame:
    rises, lower, worse = _rising(rng, share, grade, start, end, step)
    only, both = here & ~rises, here & rises
    name, system = term.name, term.body_system
    every = np.arange(len(grade))
    parts = [
        _events(every[only], name, system, grade[only], start[only], end[only], relation[only]),
        _events(every[both], name, system, lower[both], start[both], after(worse[both], -1), relation[both]),
        _events(every[both], name, system, grade[both], worse[both], end[both], relation[both]),
    ]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _acute_events(term: Term, grade: Ints, cohort: Cohort, course: Course, seed: int) -> pd.DataFrame:
    rng = named_stream(seed, f"toxicity/{term.name}/dates")
    size = len(cohort)
    start = after(course.rtstdt, days(rng, size, term.onset))
    origin = start if term.brief else course.rtendt
    end = np.maximum(after(origin, days(rng, size, term.end)), after(start, 3))
    end = keep(end, rng.random(size) >= term.lasting)
    relation = _relations(rng, size, term.relation)
    return _with_rise(rng, term, term.rises, (4, 12), grade, start, end, relation, (grade > 0) & cohort.reaches_rt)


def _induction_events(term: Term, cohort: Cohort, course: Course, planted: Toxicity, seed: int) -> pd.DataFrame:
    rng = named_stream(seed, f"induction/{term.name}")
    size = len(cohort)
    u = rng.random(size)
    latent = predict(planted.predictor, cohort.covariates) + np.log(u) - np.log1p(-u)
    grade = _grade(latent, term.shares)
    start = after(course.trtsdt, days(rng, size, term.onset))
    end = after(start, days(rng, size, term.end))
    here = (grade > 0) & (course.cycles > 0) & ~(start >= course.rtstdt)
    relation = _relations(rng, size, term.relation)
    return _with_rise(rng, term, term.rises, (2, 5), grade, start, end, relation, here)


def _late_events(term: LateTerm, cohort: Cohort, course: Course, planted: Toxicity, seed: int) -> pd.DataFrame:
    rng = named_stream(seed, f"late/{term.name}")
    size = len(cohort)
    lp = predict(planted.predictor, cohort.covariates)
    base = -np.log1p(-term.risk) / (FIVE_YEARS - term.latency / DAYS_PER_MONTH)
    rate = base * np.exp(term.arm * cohort.first_arm + planted.late_predictor * lp)
    months = rng.exponential(size=size) / rate
    start = months_after(after(course.rtendt, planted.late_day + term.latency), months)
    u = rng.random(size)
    grade = 1 + (u < term.grade2).astype(np.int64) + (u < term.grade3)
    recovers = rng.random(size) < term.recovers
    end = keep(after(start, days(rng, size, (120, 700))), recovers)
    relation = _relations(rng, size, term.relation)
    return _with_rise(rng, term, planted.late_rises, (60, 110), grade, start, end, relation, cohort.reaches_rt)


def _fatal_events(fatal: Fatal, course: Course, fate: Fate, planted: Toxicity) -> pd.DataFrame:
    parts = []
    for acute, terms in ((True, planted.fatal), (False, planted.fatal_later)):
        for index, (term, body_system, lead, relation) in enumerate(terms):
            who = np.flatnonzero(fatal.dies & (fatal.acute == acute) & (fatal.term == index))
            start = np.maximum(after(fate.death[who], -lead), after(course.trtsdt[who], 1))
            related, grade = np.full(len(who), relation, dtype=object), np.full(len(who), WORST)
            parts.append(_events(who, term, body_system, grade, start, fate.death[who], related))
    return pd.concat(parts, ignore_index=True)


def _laboratory_events(
    term: LabTerm, laboratory: pd.DataFrame, cohort: Cohort, course: Course, planted: Toxicity
) -> pd.DataFrame:
    """One event per participant and period whose worst recorded grade exceeds the grade before treatment."""
    place = pd.Series(np.arange(len(cohort)), index=cohort.ids)
    values = laboratory.loc[laboratory["PARAMCD"] == term.marker, ["USUBJID", "ADT", "AVAL"]]
    values = values.assign(who=place.loc[values["USUBJID"]].to_numpy()).sort_values(["who", "ADT"], kind="stable")
    who, date = values["who"].to_numpy(), values["ADT"].to_numpy().astype("datetime64[D]")
    before = ~(date > course.trtsdt[who])
    baseline = values[before].groupby("who")["AVAL"].last().reindex(range(len(cohort))).to_numpy()
    grade = grade_values(values["AVAL"].to_numpy(), baseline[who], term)
    start_grade = grade_values(baseline, baseline, term)
    worse = grade > start_grade[who]
    acute = (date >= course.rtstdt[who]) & (date <= after(course.rtendt[who], planted.acute_days))
    induction = ~before & ~(date >= course.rtstdt[who])
    table = pd.DataFrame({"who": who, "date": date.astype("datetime64[s]"), "grade": grade, "worse": worse})
    known = np.isfinite(baseline[who])
    parts = [_runs(table[period & known], table[known], term) for period in (induction, acute)]
    return pd.concat(parts, ignore_index=True)


def _runs(period: pd.DataFrame, every: pd.DataFrame, term: LabTerm) -> pd.DataFrame:
    bad = period[period["worse"]]
    runs = bad.groupby("who").agg(start=("date", "min"), last=("date", "max"), grade=("grade", "max"))
    better = every[~every["worse"]].merge(runs[["last"]], left_on="who", right_index=True)
    recovered = better[better["date"] > better["last"]].groupby("who")["date"].min()
    end = recovered.reindex(runs.index).to_numpy().astype("datetime64[D]")
    return _events(
        runs.index.to_numpy(), term.name, term.body_system, runs["grade"].to_numpy(),
        runs["start"].to_numpy().astype("datetime64[D]"), end, np.full(len(runs), term.relation, dtype=object),
    )  # fmt: skip


def _as_observed(events: pd.DataFrame, seen: FollowUp) -> pd.DataFrame:
    last = seen.end[events["who"].to_numpy()].astype("datetime64[s]")
    start = events["start"].to_numpy()
    events = events.assign(end=events["end"].where(events["end"].to_numpy() <= last, NEVER))
    return pd.DataFrame(events.loc[start <= last].reset_index(drop=True))


def _one_at_a_time(events: pd.DataFrame, course: Course, planted: Toxicity) -> pd.DataFrame:
    """One record of a term at a time: the earlier ends where the next begins; no late one where one as bad lasts."""
    events = events.sort_values(["who", "term", "start", "grade"], kind="stable", ignore_index=True)
    who, start, end = events["who"].to_numpy(), events["start"].to_numpy(), events["end"].to_numpy().copy()
    late = start > after(course.rtendt[who], planted.acute_days).astype("datetime64[s]")
    grade, kept = events["grade"].to_numpy(), np.ones(len(events), dtype=bool)
    again = events.duplicated(["who", "term"]).to_numpy()
    day, last = np.timedelta64(86_400, "s"), 0
    for i in range(len(events)):
        if again[i] and kept[last] and not end[last] < start[i]:
            if late[i] and grade[i] <= grade[last]:
                kept[i] = False
                continue
            end[last] = start[i] - day
            kept[last] = end[last] >= start[last]
        last = i
    return pd.DataFrame(events.assign(end=end)[kept].reset_index(drop=True))


def _actions(events: pd.DataFrame, cohort: Cohort, exposure: pd.DataFrame, planted: Toxicity) -> Texts:
    """What was done with the drugs, (events,): for every cycle changed, of the worst event of the weeks before it."""
    action = np.full(len(events), NO_DRUG, dtype=object)
    drugs = exposure.loc[exposure["EXPHASE"] != "RT"]
    place = pd.Series(np.arange(len(cohort)), index=cohort.ids)
    drugs = drugs.assign(who=place.loc[drugs["USUBJID"]].to_numpy(), given=drugs["EXDOSE"] > 0)
    shares = (drugs["EXDOSE"] / drugs["EXPLANNED"]).groupby([drugs["who"], drugs["EXSTDT"]]).min()
    given = drugs[drugs["given"]].groupby("who")["EXSTDT"].agg(["min", "max"]).reindex(range(len(cohort)))
    who, start = events["who"].to_numpy(), events["start"].to_numpy()
    first, last = (given[name].to_numpy()[who] for name in ("min", "max"))
    grade = events["grade"].to_numpy()
    treated = (start >= first) & (start <= last + SPAN)
    action[treated] = np.where(grade == WORST, WITHDRAWN, UNCHANGED)[treated]
    related = treated & events["term"].isin(planted.dose_limiting).to_numpy() & (grade > 1) & (grade < WORST)
    related &= events["relation"].isin(["CHEMO", "BOTH"]).to_numpy()
    of_person = {int(one): np.flatnonzero(who == one) for one in np.unique(who)}
    changed = shares[shares < 1.0].reset_index(name="share")
    for person, date, share in changed.itertuples(index=False, name=None):
        mine = of_person.get(person, np.zeros(0, dtype=np.int64))
        mine = mine[related[mine] & (start[mine] <= date) & (start[mine] > date - SPAN)]
        if len(mine):
            worst = mine[np.lexsort((start[mine], grade[mine]))[-1]]
            stops = WITHDRAWN if date > given["max"].iloc[person] else INTERRUPTED
            action[worst] = stops if share == 0.0 else REDUCED
    return action


def _as_frame(events: pd.DataFrame, action: Texts, cohort: Cohort, truth: Truth, seed: int) -> pd.DataFrame:
    planted = truth.toxicity
    rng = named_stream(seed, "toxicity/handling")
    grade = events["grade"].to_numpy()
    laboratory = events["term"].isin([term.name for term in planted.laboratory]).to_numpy()
    clinical, measured = (
        events["term"].map(dict(shares)).fillna(0.0).to_numpy()
        for shares in (planted.serious, planted.serious_laboratory)
    )
    chance = np.select([grade == SEVERE, grade >= LIFE_THREATENING], [clinical, np.where(laboratory, measured, 1.0)])
    chance = np.where(laboratory & (grade == SEVERE), 0.0, np.where(grade == WORST, 1.0, chance))
    serious = rng.random(len(events)) < chance
    sequelae = (rng.random(len(events)) < planted.sequelae) & (grade >= SEVERE - 1) & ~laboratory
    outcome = np.where(sequelae, SEQUELAE, RECOVERED).astype(object)
    outcome = np.where(events["end"].notna(), outcome, NOT_RECOVERED)
    outcome[grade == WORST] = FATAL
    frame = pd.DataFrame({
        "USUBJID": cohort.ids[events["who"].to_numpy()],
        "AESEQ": events.groupby("who").cumcount() + 1,
        "AEBODSYS": events["body_system"],
        "AEDECOD": events["term"],
        "AETOXGR": grade,
        "AESER": np.where(serious, "Y", "N").astype(object),
        "AEREL": events["relation"],
        "ASTDT": events["start"],
        "AENDT": events["end"],
        "AEACN": action,
        "AEOUT": outcome,
    })  # fmt: skip
    return entered(rng, frame, "ASTDT", truth.calendar)
