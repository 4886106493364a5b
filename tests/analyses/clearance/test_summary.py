"""States and clearance by hand on the trial of eight, whose virus is sampled anew.

Radiotherapy starts X P05 2025-01-20, P01 02-20, P06 11-01; Y P02 02-01, P03 04-01, P04 04-15. Before it the virus is
found in all but P05. P01: found after 3 weeks, not after 6, again after 10: cleared in (3, 6]. P06: after 3 weeks one
sample with and one without it on the same day, without after 7: (3, 7]. P02: not after 3 weeks: (0, 3]. P03: below
the limit after 3 weeks, found after 8: after 8, if ever. P04 has no later sample. Together the mass is 1/4 on (0, 3],
1/2 on (3, 6] and 1/4 after 8.
"""

from __future__ import annotations

import io
import math
from dataclasses import replace

import pandas as pd
import pytest
from entries import CLEARED

from npcstats.analyses.clearance.spec import clearance_faults
from npcstats.analyses.clearance.summary import summarize_clearance
from npcstats.derive import pool_arms
from npcstats.errors import DataError, SpecError
from npcstats.results import one, select
from npcstats.study import Arm

SAMPLES = """\
USUBJID,ADT,AVAL,AVALC
P05,2025-01-20,,ND
P05,2025-02-10,500,500
P01,2025-02-18,120,120
P01,2025-05-01,,<LLOQ
P01,2025-03-13,110,110
P01,2025-04-03,,ND
P02,2025-01-30,,<LLOQ
P02,2025-02-22,,ND
P03,2025-04-01,500,500
P03,2025-04-22,,<LLOQ
P03,2025-05-27,300,300
P04,2025-04-10,200,200
P04,2025-05-06,,
P06,2025-10-30,700,700
P06,2025-11-22,,ND
P06,2025-11-22,150,150
P06,2025-12-20,,ND
"""
SPEC = replace(CLEARED, weeks=(3.0, 5.0, 7.0, 12.0))


@pytest.fixture(scope="module")
def sampled(known):
    table = pd.read_csv(io.StringIO(SAMPLES), parse_dates=["ADT"], keep_default_na=False, na_values={"AVAL": [""]})
    table["ADT"] = table["ADT"].astype("datetime64[s]")
    others = known["adlb"].loc[known["adlb"]["PARAMCD"] != "VIRUS"]
    virus = table.assign(PARAMCD="VIRUS", AVALU="c", LLOQ=100.0, AVISIT="", AVAL=table["AVAL"].astype(float))
    return known.with_frames({"adlb": pd.concat([others, virus], ignore_index=True)})


@pytest.fixture(scope="module")
def results(sampled):
    return summarize_clearance(sampled, SPEC)


def value(results, arm, measure, stat="estimate", **at):
    return one(results, arm=arm, measure=measure, stat=stat, **at).value


def states(results, arm, visit):
    at = {"block": "visits", "window": visit}
    return [value(results, arm, "proportion", "count", level=level, **at)
            for level in ("not-detected", "below-limit", "quantified")]  # fmt: skip


def test_states_at_visits(results):
    """Before: X P05 without, P01 and P06 with; Y P02 below the limit. After three weeks P04's record has no result."""
    assert states(results, "X", "V0") == [1, 0, 2]
    assert states(results, "Y", "V0") == [0, 1, 2]
    assert states(results, "X", "V1") == [0, 0, 3]
    assert states(results, "Y", "V1") == [1, 1, 0]
    assert states(results, "all", "V1") == [1, 1, 3]
    at = {"block": "visits", "window": "V1"}
    assert [value(results, "Y", "observed", stat, **at) for stat in ("count", "total")] == [2, 3]


def test_exact_limits_of_a_share(results):
    """None of two: up to 1 - .025^(1/2); three of three: from .025^(1/3)."""
    at = {"block": "visits", "window": "V1", "level": "quantified"}
    assert value(results, "Y", "proportion", "ci_high", **at) == pytest.approx(1 - 0.025**0.5)
    assert value(results, "X", "proportion", "ci_low", **at) == pytest.approx(0.025 ** (1 / 3))


def test_who_is_timed_and_who_cleared(results):
    until = {"block": "until"}
    numbers = {
        measure: [
            value(results, arm, measure, stat, **until) for arm in ("X", "Y", "all") for stat in ("count", "total")
        ]
        for measure in ("observed", "detected_before", "followed", "cleared", "detected_again", "died_uncleared")
    }
    assert numbers == {
        "observed": [3, 3, 3, 3, 6, 6],
        "detected_before": [2, 3, 3, 3, 5, 6],
        "followed": [2, 2, 2, 3, 4, 5],
        "cleared": [2, 2, 1, 2, 3, 4],
        "detected_again": [1, 2, 0, 1, 1, 3],
        "died_uncleared": [0, 2, 0, 2, 0, 4],
    }


@pytest.mark.parametrize(
    ("arm", "week", "least", "most"),
    [
        ("all", 3.0, 0.25, 0.25), ("all", 5.0, 0.25, 0.75), ("all", 7.0, 0.75, 0.75), ("all", 12.0, 0.75, 1.0),
        ("X", 3.0, 0.0, 0.0), ("X", 5.0, 0.0, 1.0), ("X", 7.0, 1.0, 1.0), ("Y", 3.0, 0.5, 0.5), ("Y", 7.0, 0.5, 0.5),
    ],
)  # fmt: skip
def test_share_cleared_without_a_model(results, arm, week, least, most):
    at = {"block": "until", "time": week}
    assert value(results, arm, "clearance_least", **at) == pytest.approx(least, abs=1e-8)
    assert value(results, arm, "clearance_most", **at) == pytest.approx(most, abs=1e-8)


def test_median_lies_between_two_samples(results):
    assert [value(results, "X", name) for name in ("median_after", "median_by")] == [3, 6]
    assert [value(results, "Y", name) for name in ("median_after", "median_by")] == [0, 3]


def test_the_course_is_the_estimate_at_every_end(results):
    """Between the ends nothing changes: at each the least share by then, and the largest just after it."""
    rows = select(results, arm="all", block="course", measure="clearance_least")
    assert [row.time for row in rows] == [0, 3, 6, 8, 12]
    assert [row.value for row in rows] == pytest.approx([0, 0.25, 0.75, 0.75, 0.75], abs=1e-8)
    most = [row.value for row in select(results, arm="all", block="course", measure="clearance_most")]
    assert most == pytest.approx([0.25, 0.75, 0.75, 1.0, 1.0], abs=1e-8)
    model = select(results, arm="all", block="course", measure="weibull_clearance")
    assert [row.time for row in model] == list(range(13))
    assert model[0].value == 0.0


def test_who_died_without_it(sampled):
    """P03 dead: still followed until the last sample."""
    adsl = sampled["adsl"].copy()
    adsl.loc[adsl["USUBJID"] == "P03", "DTHDT"] = pd.Timestamp("2025-07-01")
    found = summarize_clearance(sampled.with_frames({"adsl": adsl}), SPEC)
    assert value(found, "Y", "died_uncleared", "count") == 1
    assert value(found, "Y", "clearance_least", block="until", time=12.0) == pytest.approx(0.5)


def test_too_few_are_not_timed(sampled):
    found = summarize_clearance(sampled, replace(SPEC, minimum=3))
    rows = [row for row in select(found, arm="X", block="until") if row.measure.startswith(("median", "clear", "weib"))]
    told = [row for row in rows if row.measure != "cleared"]
    assert len(told) == 2 + 2 * 4 + 3 + 3 * 4
    assert all(math.isnan(row.value) and row.note == "Fewer than 3 participants have a later sample." for row in told)
    assert not select(found, arm="X", block="course")
    assert value(found, "all", "median_by") == 6


def test_nobody_cleared(sampled):
    """Of those in whom it is always found, no half has cleared."""
    labs = sampled["adlb"].assign(AVALC=sampled["adlb"]["AVALC"].replace("ND", "<LLOQ"))
    found = summarize_clearance(sampled.with_frames({"adlb": labs}), SPEC)
    row = one(found, arm="all", measure="median_by", stat="estimate")
    assert (math.isnan(row.value), row.note) == (True, "Fewer than half are known to have cleared.")
    row = one(found, arm="all", measure="weibull_median", stat="estimate")
    assert (math.isnan(row.value), row.note) == (True, "Nobody is known to have had the event.")
    assert value(found, "all", "clearance_least", block="until", time=5.0) == 0.0


def test_no_record_at_all(sampled):
    none = sampled["adlb"].loc[sampled["adlb"]["PARAMCD"] != "VIRUS"]
    found = summarize_clearance(sampled.with_frames({"adlb": none}), SPEC)
    assert value(found, "all", "observed", "count", block="until") == 0
    assert all(row.note for row in found.rows if math.isnan(row.value))


def test_pooled_and_three_arms(sampled):
    pooled = summarize_clearance(pool_arms(sampled), SPEC)
    assert {row.arm for row in pooled.rows} == {"all"}
    assert not any(" arm" in text for text in pooled.catalogue.analyses["cleared"].sentences.values())
    third = replace(sampled.design, arms=(*sampled.design.arms, Arm("Z", "Zed")))
    three = summarize_clearance(replace(sampled, design=third, arms=third.arms), SPEC)
    assert value(three, "Z", "participants", "count") == 0
    assert math.isnan(value(three, "Z", "median_by"))
    assert value(three, "X", "median_by") == 6


def test_faults_of_a_plan():
    assert not clearance_faults(SPEC)
    for change, told in [
        ({"weeks": ()}, "weeks do not rise"),
        ({"weeks": (4.0, 4.0)}, "weeks do not rise"),
        ({"weeks": (0.0, 4.0)}, "weeks do not rise"),
        ({"visits": ()}, "it has no visits"),
        ({"visits": ("V0", "V0")}, "V0"),
        ({"interval": "guess"}, "interval is 'guess'"),
        ({"minimum": 0}, "minimum"),
        ({"conf_level": 95}, "conf_level"),
    ]:
        (fault,) = clearance_faults(replace(SPEC, **change))
        assert told in fault


def test_what_is_refused(sampled):
    with pytest.raises(SpecError, match="weeks do not rise"):
        summarize_clearance(sampled, replace(SPEC, weeks=()))
    with pytest.raises(DataError, match=r"^adlb\.AVALU?: 17 records of VIRUS in another unit; IU is required"):
        summarize_clearance(sampled, replace(SPEC, unit="IU"))
    with pytest.raises(DataError, match="NEVER not in the data of this study"):
        summarize_clearance(sampled, replace(SPEC, origin="NEVER"))
