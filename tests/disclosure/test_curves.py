"""Curves of the committed trial: what all endpoints together tell of the counts behind them.

What a share in whole percentages, and its limits, leave possible of a count is asked of the estimators themselves:
everybody's own course is kept, and events next to the month in question are taken away or added one by one. Then a
whole world of histories is sought, by integer programming, that agrees with every endpoint of an arm at once.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from disclosure.test_attack import BELOW, SMALL, World
from hypothesis import given
from hypothesis import strategies as st

from npcstats.derive import derive_endpoint, population_members
from npcstats.disclosure import SmallCounts
from npcstats.disclosure.possible import Share, all_open, is_open, possible_counts
from npcstats.estimators.timetoevent import estimate_cumulative_incidence, estimate_kaplan_meier
from npcstats.results import is_withheld, select

ENDPOINTS = {
    "os": ("OS", "survival", ""),
    "pfs": ("PFS", "survival", ""),
    "lrc": ("LRC", "incidence", "event"),
    "dm": ("DM", "incidence", "event"),
}
ARMS = ("PROTON", "PHOTON")
LANDMARKS = (12.0, 24.0, 36.0)
STATS = ("estimate", "ci_low", "ci_high")
HALF = 0.5 + 1e-9  # a half is rounded away from zero, also where its last bit is not there


def course(study, analysis, arm):
    code = ENDPOINTS[analysis][0]
    members = population_members(study, "RT")
    times = derive_endpoint(study, members, study.design.endpoint(code))
    inside = (members["ARM"] == arm).to_numpy()
    return times.time[inside], times.cause[inside]


def printed(analysis, time, cause, month):
    """The share and its limits at a month, in whole percentages, by the estimators."""
    kind = ENDPOINTS[analysis][1]
    if kind == "survival":
        found = estimate_kaplan_meier(time, cause == 1, conf_level=0.95, conf_type="log-log").at([month])
        values = (found.survival[0], found.lower[0], found.upper[0])
    else:
        curve = estimate_cumulative_incidence(time, cause, conf_level=0.95, conf_type="log-log").at([month], cause=1)
        values = (curve.incidence[0], curve.lower[0], curve.upper[0])
    return whole(values)


def whole(values):
    """Whole percentages; None where there is no number."""
    return tuple(None if math.isnan(value) else math.floor(value * 100 + HALF) for value in values)


def possible(study, public, analysis, arm, month):
    """Least and largest count by a month that print what is published, each shown by a course that does."""
    _, measure, level = ENDPOINTS[analysis]
    rows = [select(public, analysis=analysis, arm=arm, measure=measure, level=level, time=month, stat=stat)[0]
            for stat in STATS]  # fmt: skip
    told = tuple(None if math.isnan(row.value) else round(row.value * 100) for row in rows)
    assert not is_withheld(rows[0])
    time, cause = course(study, analysis, arm)
    own = int(((cause == 1) & (time <= month)).sum())
    counts = {own}
    for change in (-1, 1):
        moved, causes = time.copy(), cause.copy()
        for step in range(1, 12):
            if change < 0:  # the last event before the month happens just after it
                before = np.flatnonzero((causes == 1) & (moved <= month))
                if not len(before):
                    break
                moved[before[np.argmax(moved[before])]] = month + step * 1e-6
            else:  # the next to leave after the month has the event just before it
                after = np.flatnonzero((moved > month) & (causes != 2))
                if not len(after):
                    break
                one = after[np.argmin(moved[after])]
                moved[one], causes[one] = month - step * 1e-6, 1
            found = printed(analysis, moved, causes, month)
            if any(mine is not None and mine != other for mine, other in zip(told, found, strict=True)):
                break
            counts.add(own + change * step)
    return min(counts), max(counts)


def shown(public, analysis, arm):
    _, measure, level = ENDPOINTS[analysis]
    rows = select(public, analysis=analysis, arm=arm, measure=measure, level=level, stat="estimate")
    return [row.time for row in rows if not math.isnan(row.time) and not is_withheld(row)]


@pytest.mark.parametrize("analysis", ENDPOINTS)
@pytest.mark.parametrize("arm", ARMS)
def test_no_few_events_between_landmarks(trial, analysis, arm):
    """Between any two landmarks that are told, and after the last where the number of events is, a count is open."""
    _, study, _, public = trial
    spans = {month: possible(study, public, analysis, arm, month) for month in shown(public, analysis, arm)}
    level = ENDPOINTS[analysis][2]
    (events,) = select(public, analysis=analysis, arm=arm, measure="events", level=level, stat="count")
    edges = [(0, 0), *spans.values(), *([] if is_withheld(events) else [(int(events.value),) * 2])]
    for (low1, high1), (low2, high2) in combinations(edges, 2):
        assert low2 - high1 <= 0 or high2 - low1 >= BELOW
    assert spans, "something is told"


@pytest.mark.parametrize("arm", ARMS)
def test_all_endpoints_together_leave_each_count_open(trial, arm):
    """Relapse, metastasis and death of one participant: progression is the first of them."""
    _, study, _, public = trial
    cells = range(5)  # by 12, 24, 36 months, later, never

    def known(cells_of, analysis):
        for j, month in enumerate(LANDMARKS):
            if month in shown(public, analysis, arm):
                low, high = possible(study, public, analysis, arm, month)
                world.know({h: 1 for h in histories if cells_of(h) <= j}, low, high)
        level = ENDPOINTS[analysis][2]
        (events,) = select(public, analysis=analysis, arm=arm, measure="events", level=level, stat="count")
        if not is_withheld(events):
            world.know({h: 1 for h in histories if cells_of(h) < 4}, events.value, events.value)

    world, histories = World(), list(product(cells, repeat=3))
    readings = {"os": lambda h: h[2], "pfs": min, "lrc": lambda h: h[0], "dm": lambda h: h[1]}
    for analysis, reading in readings.items():
        known(reading, analysis)
    size = select(public, analysis="os", arm=arm, measure="participants")[0].value
    world.know(dict.fromkeys(histories, 1), size, size)
    checked = 0
    for analysis, reading in readings.items():
        time, cause = course(study, analysis, arm)
        months = shown(public, analysis, arm)
        for low, high in pairwise([-1.0, *months]):
            count = int(((cause == 1) & (time > low) & (time <= high)).sum())
            if count in SMALL:
                name = (analysis, low, high)
                inside = {h: 1 for h in histories if low < (*LANDMARKS, 99.0, 999.0)[reading(h)] <= high}
                world.know({name: -1, **inside}, 0, 0)
                assert world.hides(name), name
                checked += 1
    assert checked


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("analysis", ENDPOINTS)
def test_figure_and_table_agree(trial, analysis, arm):
    """At a landmark the curve has what the table has; where the table is silent the curve is parted."""
    public = trial[-1]
    _, measure, level = ENDPOINTS[analysis]
    place = {"analysis": analysis, "arm": arm, "level": level}
    for row in select(public, **place, measure=measure):
        if row.stat in STATS and not math.isnan(row.time):
            curve = public.by_key[replace(row, measure=f"{measure}_curve").key]
            assert curve.value == row.value or (math.isnan(curve.value) and math.isnan(row.value))
            assert is_withheld(curve) == is_withheld(row)
    assert all(float(row.time).is_integer() for row in select(public, **place, measure=f"{measure}_curve"))
    assert select(public, analysis=analysis, measure="censored_curve") == ()
    assert all(is_withheld(row) for row in select(public, analysis=analysis, measure={"logrank", "gray"}))


@given(count=st.integers(1, 60), size=st.integers(70, 400), limits=st.booleans())
def test_counts_possible_without_censoring(count, size, limits):
    """Everybody followed: each count of the span prints the same percentages, by the estimator."""
    time = np.arange(1.0, size + 1)
    found = estimate_kaplan_meier(time, time <= count, conf_level=0.95, conf_type="log-log").at([count + 0.5])
    values = (found.survival[0], found.lower[0], found.upper[0])
    told = values if limits else (values[0], math.nan, math.nan)
    share = Share(count, (1 - count / size) / (size - count), *told, True, 0.95, "log-log")
    low, high = possible_counts(share, size)
    assert low <= count <= high
    for other in range(low, high + 1):
        again = estimate_kaplan_meier(time, time <= other, conf_level=0.95, conf_type="log-log").at([other + 0.5])
        own = (again.survival[0], again.lower[0], again.upper[0])
        wanted = 3 if limits else 1
        assert whole(own[:wanted]) == whole(values[:wanted])


@given(spans=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3)), min_size=1, max_size=4), end=st.integers(0, 16))
def test_open_means_that_a_chain_exists(spans, end):
    """Against every chain of counts that never falls: each stretch is none, or 5 and more, in one of them."""
    known = [(low, low + width) for low, width in spans]
    chains = [
        (0, *chain, end)
        for chain in product(*(range(low, high + 1) for low, high in known))
        if all(a <= b for a, b in pairwise((0, *chain, end)))
    ]
    if not chains:
        return
    pairs = list(combinations(range(len(known) + 2), 2))
    truth = all(any(c[j] - c[i] == 0 or c[j] - c[i] >= BELOW for c in chains) for i, j in pairs)
    assert all_open(known, SmallCounts(BELOW), end) == truth


def test_open_by_hand():
    """Of 1 to 4 nothing is open; 0 to 3 may be none, 3 to 6 may be 5."""
    rule = SmallCounts(BELOW)
    assert [is_open(*span, rule) for span in ((1, 4), (0, 3), (3, 6), (2, 2), (0, 0), (7, 9))] == [
        False, True, True, False, True, True,
    ]  # fmt: skip
