"""What changed since the former meeting: records, adverse events, analysis sets, watched numbers with their causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.changes.numbers import Watched, number_rows, participant_rows, watch_numbers
from npcstats.analyses.changes.records import PERSON, Followed, follow_frame
from npcstats.analyses.changes.rows import (
    CHANGED,
    COMPLETED,
    DOWNGRADED,
    EVENTS,
    FORMER,
    JOINED_CORRECTED,
    JOINED_LATER,
    JOINED_NEW,
    LATE,
    LEFT_CORRECTED,
    LEFT_LATER,
    MOVED,
    NEW,
    NO_EVENTS,
    NO_FORMER,
    NOW,
    OTHER_ARM,
    OTHER_RULE,
    RECORDS,
    SETS,
    THEN,
    UPGRADED,
    WITHDRAWN,
    amount_choice,
    source_choice,
    style_choice,
)
from npcstats.analyses.changes.spec import ChangesSpec
from npcstats.derive import Past, population_members, results_of
from npcstats.formatting import format_date
from npcstats.results import EVERYONE, Analysis, Results, Row
from npcstats.study import ARM, ARM_SOURCE, Study

ADAE, GRADE = "adae", "AETOXGR"
ONE_SIDED_SENTENCE = "Not compared, since the {which} export alone holds them: {frames}."
NO_EVENTS_SENTENCE = "One of the two exports holds no adverse events, so that none can be compared."
NONE_SENTENCE = "There is no former meeting to compare with."
FORMER_SENTENCE = "The former meeting had the data cut-off {cutoff}."
RECORDS_SENTENCE = (
    "Changed: a record of both meetings with another value; completed: one with a value where there was none; entered "
    "later: dated by the former cut-off, but not in its export; dated later now: no longer dated by the former cut-off."
)
HIDDEN_SENTENCE = "What tells a participant's treatment is not compared."
SETS_SENTENCE = (
    "Corrected: by records that were changed, withdrawn or entered later; since: by what came after the former cut-off."
)
CAUSES_SENTENCE = (
    "Causes are taken in one after the other, from the left, and everything is computed again after each: present "
    "code; present plan; records changed or withdrawn since; records of that time entered later; follow-up of those "
    "then enrolled; new participants. Their parts add up to the change, before they are rounded."
)
TOGETHER_SENTENCE = (
    "The present code makes nothing of the former plan any more: what code and plan changed stands together under code."
)
GRADED_SENTENCE = "An event that became worse after the former cut-off counts as corrected: a record has one grade."


def compare_changes(study: Study, results: Results, past: Past | None, spec: ChangesSpec) -> Results:
    """Compare a session with what it had at the former meeting.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    results : Results
        Every other analysis of the session.
    past : Past or None
        What the session had at the former meeting; None where there was none.
    spec : ChangesSpec
        What is followed.

    Returns
    -------
    Results
        Rows of kind ``since``.

    Raises
    ------
    SpecError
        If a watched number selects no row.
    ResultsError
        If what the plan says is counted in a share is not what the share counts.

    Notes
    -----
    A number's change is told by cause: each cause's part is the difference between the number after and before it was
    taken in, so the parts add up to the change whatever the number is; that of a hazard ratio by fits one after the
    other. Where one step cannot be estimated, no part is told.
    """
    former = Row(spec.id, spec.population, "former_meeting", "count", float(past is not None), block=FORMER)
    if past is None:
        analysis = Analysis(spec.label, "since", spec.status, spec.population, {NO_FORMER: NONE_SENTENCE})
        return results_of(study, spec.id, [former], analysis)
    followed = {name: follow_frame(study, past, name) for name in spec.frames}
    known = {name: frame for name, frame in followed.items() if frame is not None}
    arms = _arms(study, past, spec.population)
    rows = [former, *(row for name, frame in known.items() for row in _record_rows(study, spec, name, frame, arms))]
    events = known.get(ADAE)
    rows += _event_rows(study, spec, events, arms) if events else []
    rows += [row for code in spec.populations for row in _set_rows(study, past, spec, code)]
    rows += _reassigned_rows(study, past, spec)
    found = watch_numbers(results, past, spec)
    rows += number_rows(spec, found)
    rows += participant_rows(study, results, past, spec, found, events) if events else []
    return results_of(study, spec.id, rows, _analysis(study, past, spec, list(known), found))


def _arms(study: Study, past: Past, population: str) -> Mapping[str, str]:
    """Arm of every participant of one of the meetings; the present one where both have one."""
    if not study.arms:
        return {}
    both = (population_members(one, population) for one in (past.former, study))
    return {name: arm for members in both for name, arm in zip(members[PERSON], members[ARM], strict=True)}


def _groups(study: Study) -> tuple[str, ...]:
    return (*(arm.code for arm in study.arms), EVERYONE)


def _count(frame: pd.DataFrame, places: np.ndarray, arm: str, arms: Mapping[str, str]) -> float:
    if arm == EVERYONE:
        return float(len(places))
    return float(sum(arms.get(name) == arm for name in frame[PERSON].iloc[places]))


def _record_rows(study: Study, spec: ChangesSpec, name: str, frame: Followed, arms: Mapping[str, str]) -> list[Row]:
    changed, completed = (frame.again[mask] for mask in (frame.changed, frame.completed))
    told = {
        THEN: (frame.former, np.arange(len(frame.former))),
        WITHDRAWN: (frame.former, frame.withdrawn),
        MOVED: (frame.former, frame.moved),
        CHANGED: (frame.restated, changed),
        COMPLETED: (frame.restated, completed),
        LATE: (frame.restated, frame.late),
        NEW: (frame.present, frame.new),
        NOW: (frame.present, np.arange(len(frame.present))),
    }
    groups = _groups(study) if PERSON in frame.present else (EVERYONE,)
    start = Row(spec.id, spec.population, "records", "count", 0.0, block=RECORDS, variable=name)
    return [
        replace(start, arm=arm, level=level, value=_count(of, places, arm, arms))
        for arm in groups
        for level, (of, places) in told.items()
    ]


def _event_rows(study: Study, spec: ChangesSpec, events: Followed, arms: Mapping[str, str]) -> list[Row]:
    before = events.former[GRADE].to_numpy()[events.then]
    after = events.restated[GRADE].to_numpy()[events.again]
    up, down = after > before, after < before
    told = {
        NEW: (events.present, events.new),
        LATE: (events.restated, events.late),
        UPGRADED: (events.restated, events.again[up]),
        DOWNGRADED: (events.restated, events.again[down]),
        CHANGED: (events.restated, events.again[events.changed & ~up & ~down]),
        COMPLETED: (events.restated, events.again[events.completed]),
        MOVED: (events.former, events.moved),
        WITHDRAWN: (events.former, events.withdrawn),
    }
    start = Row(spec.id, spec.population, "records", "count", 0.0, block=EVENTS)
    return [
        replace(start, arm=arm, level=level, value=_count(of, places, arm, arms))
        for arm in _groups(study)
        for level, (of, places) in told.items()
    ]


def _set_rows(study: Study, past: Past, spec: ChangesSpec, code: str) -> list[Row]:
    then, again, now = (_members(one, code) for one in (past.former, past.restated, study))
    enrolled = set(past.restated["adsl"][PERSON])
    rows = []
    for arm in _groups(study):
        was, then_now, is_now = (
            {name for name, own in members.items() if arm in (EVERYONE, own)} for members in (then, again, now)
        )
        old = {name for name in is_now if name in enrolled}
        counts = {
            THEN: len(was),
            LEFT_CORRECTED: len(was - then_now),
            JOINED_CORRECTED: len(then_now - was),
            LEFT_LATER: len(then_now - old),
            JOINED_LATER: len(old - then_now),
            JOINED_NEW: len(is_now - old),
            NOW: len(is_now),
        }
        start = Row(spec.id, code, "participants", "count", 0.0, arm=arm, block=SETS, variable=code)
        rows += [replace(start, level=level, value=float(count)) for level, count in counts.items()]
    return rows


def _reassigned_rows(study: Study, past: Past, spec: ChangesSpec) -> list[Row]:
    """Of a study with arms: whom corrected records put into another arm, or into the same by another rule."""
    if not study.arms:
        return []
    both = (population_members(one, spec.population).set_index(PERSON) for one in (past.former, past.restated))
    then, again = both
    shared = then.index.intersection(again.index)
    then, again = then.loc[shared], again.loc[shared]
    other = (then[ARM] != again[ARM]).to_numpy()
    ruled = (then[ARM_SOURCE] != again[ARM_SOURCE]).to_numpy() & ~other
    start = Row(spec.id, spec.population, "reassigned", "count", 0.0, block=SETS)
    return [
        replace(start, level=level, value=float(mask.sum()))
        for level, mask in ((OTHER_ARM, other), (OTHER_RULE, ruled))
    ]


def _members(study: Study, code: str) -> Mapping[str, str]:
    members = population_members(study, code)
    arms = members[ARM] if ARM in members else pd.Series(EVERYONE, index=members.index)
    return dict(zip(members[PERSON], arms, strict=True))


def _one_sided(study: Study, past: Past, spec: ChangesSpec) -> list[str]:
    """A sentence on the frames that one of the two exports alone holds, of which a table of both has no line."""
    exports = (("former", past.former, study), ("present", study, past.former))
    return [
        ONE_SIDED_SENTENCE.format(which=which, frames=", ".join(spec.frames[name] for name in own))
        for which, holds, lacks in exports
        if (own := [name for name in spec.frames if name in holds.frames and name not in lacks.frames])
    ]


def _analysis(study: Study, past: Past, spec: ChangesSpec, frames: Sequence[str], found: Sequence[Watched]) -> Analysis:
    moved = [item for item in found if item.moved]
    told = {item.code: item.label or item.watch.label for item in moved}
    sets = {code: study.design.population(code).label for code in spec.populations}
    return Analysis(
        spec.label,
        "since",
        spec.status,
        spec.population,
        sentences={
            "population": "",
            "former": FORMER_SENTENCE.format(cutoff=format_date(past.cutoff)),
            "records": " ".join(
                (
                    RECORDS_SENTENCE,
                    *_one_sided(study, past, spec),
                    *((HIDDEN_SENTENCE,) if _hides(study, frames) else ()),
                )
            ),
            "sets": SETS_SENTENCE,
            "causes": CAUSES_SENTENCE if past.plan_apart else f"{CAUSES_SENTENCE} {TOGETHER_SENTENCE}",
            "graded": GRADED_SENTENCE,
            **({} if ADAE in frames else {NO_EVENTS: NO_EVENTS_SENTENCE}),
        },
        choices={
            **{style_choice(watch.id): watch.style for watch in spec.numbers},
            **{amount_choice(watch.id): watch.amount for watch in spec.numbers},
            **{source_choice(item.code): item.row.key for item in moved},
        },
        labels={
            "block": {watch.id: watch.label for watch in spec.numbers},
            "variable": {**{name: spec.frames[name] for name in frames}, **sets, **told},
        },
    )


def _hides(study: Study, frames: Sequence[str]) -> bool:
    """Tell whether the session has some of the frames without the columns that tell a treatment."""
    columns = study.design.treatment_columns
    return any(column not in study[name] for name in frames for column in columns.get(name, ()))
