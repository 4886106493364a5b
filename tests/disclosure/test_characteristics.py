"""Nobody can be found in what is published of characteristics of every scale, with limits, tests and subgroups.

The criterion is that of `test_attack`: for each small count a whole world of counts exists that agrees with every row
that is published and in which that count is not small. What is a function of counts or of values must be withheld with
them; what is the value or the date of one participant always.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from characteristics import SPEC, with_ebv
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from npcstats.analyses.baseline.summary import summarize_baseline
from npcstats.disclosure import SmallCounts, withhold_small_counts
from npcstats.results import Analysis, Catalogue, Results, Row, is_withheld, select, share_rows
from npcstats.run.registry import withholdings

BELOW = 5
SMALL = range(1, BELOW)
COMPARED = {"smd", "smd_largest", "test", "test_adjusted"}
EXACT = {"observed", "mean", "std_deviation", "geometric_mean", "geometric_deviation", "geometric_variation"}
COUNTED = ("SEX", "STAGE9", "INDREG")


def published(whole: Results) -> Results:
    return withhold_small_counts(whole, SmallCounts(BELOW), withholdings())


@pytest.fixture(scope="module")
def study(crowd):
    return with_ebv(crowd)


@pytest.fixture(scope="module")
def whole(study):
    return summarize_baseline(study, SPEC)


@pytest.fixture(scope="module")
def without_split(study):
    return summarize_baseline(study, replace(SPEC, split=None))


def hides(public: Results, variable: str, arm: str, name: str, names: list[str]) -> bool:
    """Whether a world exists that agrees with what is published and in which this count is none or not small."""
    places = [(one, level) for one in "XY" for level in names]
    rules, sums = [], []
    for one in "XY":
        rules.append([float(place[0] == one) for place in places])
        sums.append(select(public, measure="participants", arm=one, subgroup="all")[0].value)
    for row in select(public, variable=variable, subgroup="all", measure={"observed", "missing", "proportion"}):
        if is_withheld(row) or row.stat == "estimate":
            continue
        of = "XY" if row.arm == "all" else row.arm
        own = "missing" if row.measure == "missing" else row.level
        known = {own} if own and row.stat == "count" else {*names} - {"missing"}
        rules.append([float(place[0] in of and place[1] in known) for place in places])
        sums.append(row.value)
    limits = LinearConstraint(np.array(rules), sums, sums)
    for sign in (1, -1):
        wanted = [-float(sign) * (place == (arm, name)) for place in places]
        found = milp(wanted, constraints=limits, integrality=np.ones(len(places)), bounds=Bounds(0, 1000))
        assert found.x is not None, "the truth itself must agree with what is published"
        if round(found.x[places.index((arm, name))]) not in SMALL:
            return True
    return False


def small_counts(whole: Results, variable: str) -> list[tuple[str, str]]:
    rows = select(whole, variable=variable, subgroup="all", measure={"missing", "proportion"}, stat="count")
    return [(row.arm, row.level or "missing") for row in rows if row.arm != "all" and row.value in SMALL]


@pytest.mark.parametrize("variable", COUNTED)
@pytest.mark.parametrize("made", ["whole", "without_split"])
def test_no_level_can_be_found(request, made, variable):
    whole = request.getfixturevalue(made)
    public = published(whole)
    levels = {row.level for row in select(whole, variable=variable, subgroup="all", measure="proportion")}
    for arm, name in small_counts(whole, variable):
        assert hides(public, variable, arm, name, [*sorted(levels), "missing"])


def test_there_is_something_to_hide(whole):
    assert small_counts(whole, "STAGE9") == [("X", "missing"), ("Y", "missing")]


def test_whatever_compares_arms_goes_with_the_first_count(without_split):
    """Of stage one participant of each arm has no value: its difference, limits and test are functions of that."""
    public = published(without_split)
    for variable in ("STAGE9", "EBVBL"):
        rows = [row for row in select(public, variable=variable) if row.measure in COMPARED]
        assert len(rows) > 4
        assert all(map(is_withheld, rows))
    for row in select(public, variable="AGE"):
        assert is_withheld(row) == (row.measure in ("minimum", "maximum", "test_adjusted"))


def test_adjusted_p_values_go_with_the_first_p_value_that_does(without_split):
    """Holm's value of one test tells the p-value of another."""
    public = published(without_split)
    tests = select(public, measure="test", stat="p_value")
    assert {is_withheld(row) for row in tests} == {True, False}
    assert all(map(is_withheld, select(public, measure="test_adjusted")))


def test_nothing_of_subgroups_is_told_nor_who_is_in_none(study):
    """Also where no subgroup is so small that the whole table is withheld."""
    split = replace(SPEC.split, column="SEX", label="Sex", levels={"F": "Women", "M": "Men"})
    public = published(summarize_baseline(study, replace(SPEC, split=split)))
    inside = [row for row in public.rows if row.subgroup != "all" or row.measure == "unplaced"]
    assert len(inside) > 300
    assert all(map(is_withheld, inside))
    assert any(not is_withheld(row) for row in public.rows)


def test_dates_and_extremes_are_of_one_participant(without_split):
    public = published(without_split)
    for row in public.rows:
        if row.measure in ("minimum", "maximum") or row.unit == "date":
            assert is_withheld(row)


def test_what_tells_how_many_it_is_of_goes_with_those_without_a_value(without_split):
    """Of EBV DNA fewer than five of an arm have no value: its mean by all digits tells how many."""
    public = published(without_split)
    for row in select(public, variable="EBVBL"):
        if row.measure in EXACT:
            assert is_withheld(row), row.key
        elif row.measure in ("median", "first_quartile", "third_quartile"):
            assert not is_withheld(row), row.key


def test_a_measure_that_is_not_known_is_withheld(without_split):
    other = replace(select(without_split, variable="AGE", measure="mean", arm="X")[0], measure="skewness")
    public = published(replace(without_split, rows=(*without_split.rows, other)))
    assert is_withheld(select(public, measure="skewness")[0])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), lost=st.integers(0, 8), rare=st.integers(0, 6))
def test_of_any_data_no_small_count_can_be_found(seed, lost, rare):
    """Rows made by hand of random counts: levels with few, values missing in few, arms of different sizes."""
    draw = np.random.default_rng(seed)
    rows, names = [], ["A", "B", "C", "missing"]
    counts = {arm: [int(draw.integers(5, 40)), int(draw.integers(0, 12)), rare, lost] for arm in "XY"}
    counts["all"] = [x + y for x, y in zip(counts["X"], counts["Y"], strict=True)]
    for arm, found in counts.items():
        place = Row("who", "EVERY", "participants", "count", float(sum(found)), arm=arm)
        known = sum(found[:3])
        variable = replace(place, variable="V", measure="observed", value=float(known))
        rows += [place, variable, replace(variable, measure="missing", value=float(found[3]))]
        for name, count in zip(names[:3], found, strict=False):
            rows += share_rows(replace(variable, measure="proportion", level=name), count, known)
    compared = Row("who", "EVERY", "smd", "estimate", 0.1, arm="X", reference="Y", variable="V")
    rows += [compared, replace(compared, stat="ci_low"), replace(compared, stat="ci_high")]
    rows.append(replace(compared, arm="all", reference="", measure="test", stat="p_value"))
    catalogue = Catalogue({}, {"X": "X", "Y": "Y"}, {}, {"who": Analysis("Who", "baseline", "planned", "EVERY")})
    whole = Results(tuple(rows), catalogue)
    public = published(whole)
    small = small_counts(whole, "V")
    for arm, name in small:
        assert hides(public, "V", arm, name, names)
    for row in public.rows:
        if row.measure in ("smd", "test"):
            assert is_withheld(row) == bool(small)
            assert is_withheld(row) or not math.isnan(row.value)
