"""Whatever changed between two exports of sixty made participants, the parts add up and so do the participants."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from eight import CUTOFF, PLAN
from entries import HARM, RATIOS, STATE
from pasts import DEATHS, SEVERE, SHARE, SHARES, SINCE, make_past, shuffled

from npcstats.analyses.changes.spec import WatchedNumber
from npcstats.analyses.changes.summary import compare_changes
from npcstats.derive import CAUSES
from npcstats.results import select
from npcstats.run.mask import Mask
from npcstats.run.sessions import build_results
from npcstats.schema import TEXTS
from npcstats.study import Arm, input_schemas

FRAMES = ("adsl", "adae", "adex", "adlb", "adassess", "adevent", "adform")
THEN = datetime.date(2024, 7, 31)
SESSIONS = ("front", "shut", "end")
SPECS = (
    replace(HARM, sessions=SESSIONS, baseline_adjusted=False),
    replace(STATE, sessions=SESSIONS),
    replace(RATIOS, sessions=("end",), covariates=(), estimand="unadjusted"),
)
WATCHED = (
    replace(SHARE, rows={**SHARES, "analysis": "harm", "level": "grade>=2"}, without={},
            counted=replace(SEVERE, lowest=2, baseline_adjusted=False)),
    replace(DEATHS, rows={**DEATHS.rows, "analysis": "state"}),
)  # fmt: skip
RATIO = WatchedNumber(
    id="ratio", label="Hazard ratio", rows={"analysis": "ratios", "measure": "hazard_ratio", "stat": "estimate"},
    amount=0.0, style="decimal2",
)  # fmt: skip
TRIAL = replace(PLAN, specs=SPECS)
FOLLOWED = {code: replace(SINCE, numbers=(*WATCHED, *([RATIO] if code == "end" else []))) for code in SESSIONS}


def earlier(study, seed):
    """An earlier export: events and deaths told later, graded or dated otherwise, and some that never were."""
    draw = np.random.default_rng(seed)
    events, adsl = study["adae"], study["adsl"]
    kept = events[draw.random(len(events)) < 0.85].copy()
    other = draw.random(len(kept)) < 0.3
    kept.loc[other, "AETOXGR"] = draw.integers(1, 6, other.sum()).astype(float)
    moved = draw.random(len(kept)) < 0.1
    kept.loc[moved, "ASTDT"] += pd.to_timedelta(draw.integers(-60, 60, moved.sum()), unit="D")
    never = events.iloc[:7].assign(AESEQ=1000 + np.arange(7.0), AETOXGR=3.0)
    told = draw.random(len(adsl)) < 0.8
    adsl = adsl.assign(DTHDT=adsl["DTHDT"].where(told), DTHCAUS=adsl["DTHCAUS"].where(told, ""))
    present = set(adsl["USUBJID"][draw.random(len(adsl)) < 0.95])
    frames = {**study.frames, "adae": pd.concat([kept, never], ignore_index=True), "adsl": adsl}
    frames = {name: frame[frame["USUBJID"].isin(present)].reset_index(drop=True) if "USUBJID" in frame else frame
              for name, frame in frames.items()}  # fmt: skip
    return shuffled(replace(study, frames=frames), draw)


def exported(crowd):
    """The made participants as an export: every column that the design declares, blank where nothing was made."""
    frames = {}
    for name in FRAMES:
        frame = crowd[name]
        for column in input_schemas(crowd.design)[name].columns:
            if column.name not in frame:
                blank = pd.NaT if column.kind == "date" else "" if column.kind in TEXTS else np.nan
                kind = "datetime64[s]" if column.kind == "date" else None
                frame = frame.assign(**{column.name: pd.Series([blank] * len(frame), index=frame.index, dtype=kind)})
        frames[name] = frame.reset_index(drop=True)
    return replace(crowd, arms=(), cutoff=None, frames=frames)


@pytest.fixture(scope="module", params=[(seed, session) for seed in (1, 2, 3) for session in SESSIONS])
def changed(request, crowd, mask):
    """Changes of a session from a random earlier export, and the results beside which they stand."""
    seed, session = request.param
    whole = exported(crowd)
    past, now = make_past(earlier(whole, seed), whole, TRIAL, session, then=THEN, cutoff=CUTOFF, mask=mask)
    results = build_results(now, TRIAL)
    return compare_changes(now, results, past, FOLLOWED[session]), past, results


def of(results, measure, **place):
    return {row.level: row.value for row in select(results, analysis="since", measure=measure, **place)}


def places(results):
    return [(row.variable, row.arm, row.value) for row in select(results, measure="change_since", level="all")]


def test_parts_of_a_change_add_up(changed):
    found, _, _ = changed
    assert len(places(found)) >= 5
    for variable, arm, whole in places(found):
        parts = of(found, "change_since", variable=variable, arm=arm)
        assert abs(sum(value for level, value in parts.items() if level != "all") - whole) < 1e-12


def test_hazard_ratio_is_refitted_after_each_cause(changed):
    """Of named arms: each part is the difference of two fits, and not all are none."""
    found, past, results = changed
    fits = [select(one, analysis="ratios", measure="hazard_ratio", stat="estimate")
            for one in (past.stored, *(step.results for step in past.steps), results)]  # fmt: skip
    assert bool(fits[0]) == ("X" in found.catalogue.arms)
    if fits[0]:
        values = [row.value for (row,) in fits]
        (row,) = select(found, block="ratio", measure="change_since", level="all")
        parts = of(found, "change_since", block="ratio")
        assert [parts[cause] for cause in CAUSES] == list(np.diff(values))
        assert row.value == values[-1] - values[0]


def test_every_cause_takes_part(changed):
    found, _, _ = changed
    for cause in ("corrected", "late-entry", "follow-up"):
        assert any(row.value for row in select(found, measure="change_since", level=cause))


def test_released_number_and_parts_come_to_the_present_number(changed):
    found, past, results = changed
    for row in select(found, measure="watched_then"):
        key = found.catalogue.analyses["since"].choices[f"source.{row.variable}"].split("|")
        asked = {"analysis": key[0], "block": key[5], "variable": key[6], "level": key[7], "arm": row.arm}
        before, now = (select(one, **asked, measure=key[10], stat=key[11]) for one in (past.stored, results))
        whole = of(found, "change_since", variable=row.variable, arm=row.arm)["all"]
        assert row.value + whole == pytest.approx(now[0].value, abs=1e-12)
        assert [row.value] == [one.value for one in before]


def test_participants_who_joined_and_left_make_the_difference_of_the_counts(changed):
    found, _, _ = changed
    told = 0
    for then in select(found, measure="counted_then", stat="count"):
        place = {"variable": then.variable, "arm": then.arm}
        (now,) = select(found, measure="counted_now", stat="count", **place)
        joined, left = (sum(of(found, measure, **place).values()) for measure in ("joined", "left"))
        assert joined - left == now.value - then.value
        told += joined + left
    assert told


def test_records_of_then_and_what_became_of_them_make_those_of_now(changed):
    found, _, _ = changed
    for arm in {row.arm for row in found.rows}:
        for frame in ("adae", "adsl", "adlb", "adform"):
            many = of(found, "records", block="records", variable=frame, arm=arm)
            lost = many["withdrawn"] + many["moved"]
            assert many["then"] - lost + many["late-entry"] + many["new"] == many["now"]


def test_members_of_a_set_make_those_of_now(changed):
    found, _, _ = changed
    for arm in {row.arm for row in found.rows}:
        many = of(found, "participants", block="sets", variable="BEAM", arm=arm)
        joined = many["joined-corrected"] + many["joined-later"] + many["joined-new"]
        assert many["then"] + joined - many["left-corrected"] - many["left-later"] == many["now"]


@pytest.mark.parametrize("codes", ["X", "XYZ"])
def test_one_arm_and_three(crowd, codes):
    """Parts add up for every group; participants of the arms are everyone."""
    adsl = crowd["adsl"]
    arm = pd.Series(np.resize(list(codes), len(adsl)), index=adsl.index)
    kind = "single-arm" if len(codes) == 1 else "non-randomized"
    arms = tuple(Arm(code, code) for code in codes)
    design = replace(crowd.design, allocation=kind, arms=arms, arm_rule={})
    whole = exported(replace(crowd.with_frames({"adsl": adsl.assign(TRT01P=arm, TRT01A=arm)}), design=design))
    mask = Mask(dict(zip(codes, "CAB", strict=False)), "0" * 32)
    past, now = make_past(earlier(whole, 4), whole, TRIAL, "shut", then=THEN, cutoff=CUTOFF, mask=mask)
    found = compare_changes(now, build_results(now, TRIAL), past, FOLLOWED["shut"])
    test_parts_of_a_change_add_up((found, past, None))
    letters = sorted(mask.letters.values())
    assert [row.arm for row in select(found, block="events", level="new")] == [*letters, "all"]
    *each, everyone = (row.value for row in select(found, block="events", level="new"))
    assert sum(each) == everyone
