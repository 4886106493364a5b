"""Samples by visit, by hand. Radiotherapy set: X P05, P01, P06; Y P02, P03, P04; cut-off 31 December 2025.

Before (28 days up to the start): everyone has a record of LOGM; that of P04 has no result.
During (days 14 to 30): P05, P01, P06 and P02 have a value. P03 has LEVEL only: a sample, and no result. P04 has a value
and none before.
Long after (200 to 300 days after the end): P05 and P01 were weighed on 1 December and 15 November, within windows that
are not over; nobody gave a sample. P02 died on 1 September, before its window. P03, P04 and P06: not over.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from gaps import every_gap_has_its_reason

from npcstats.analyses.samples.rows import STEPS, UNEVALUABLE, UNEXPECTED
from npcstats.analyses.samples.spec import SampledMarker, SamplesSpec
from npcstats.analyses.samples.summary import summarize_samples
from npcstats.derive import pool_arms
from npcstats.errors import DataError, SpecError
from npcstats.results import one, select

SPEC = SamplesSpec(
    id="taken",
    label="Taken",
    population="BEAM",
    sessions=("only",),
    markers=(SampledMarker("LOGM", "Log marker"), SampledMarker("VIRUS", "Virus", ("V0", "V1"))),
    visits=("V0", "V1", "V2"),
    attended_by=("VITAL",),
    sampled_by=("LOGM", "LEVEL", "VIRUS"),
    status="planned",
)


@pytest.fixture(scope="module")
def results(known):
    return summarize_samples(known, SPEC)


def steps(results, window, arm, variable="LOGM"):
    """Expected, attended, sampled, assayed, evaluable."""
    at = {"variable": variable, "window": window, "arm": arm, "measure": "proportion", "stat": "count"}
    return tuple(int(one(results, **at, level=step).value) for step in STEPS)


def reasons(results, window, arm, variable="LOGM"):
    """Reasons that somebody stands under."""
    at = {"variable": variable, "window": window, "arm": arm, "measure": "not_evaluable", "stat": "count"}
    return {row.level: int(row.value) for row in select(results, **at) if row.value}


@pytest.mark.parametrize(
    ("window", "arm", "counts", "others"),
    [
        ("V0", "X", (3, 3, 3, 3, 3), {}),
        ("V0", "Y", (3, 3, 3, 2, 2), {"no-result": 1}),
        ("V1", "X", (3, 3, 3, 3, 3), {}),
        ("V1", "Y", (3, 3, 3, 2, 1), {"no-result": 1, "no-baseline": 1}),
        ("V2", "X", (2, 2, 0, 0, 0), {"not-due": 1, "unsampled": 2}),
        ("V2", "Y", (0, 0, 0, 0, 0), {"died": 1, "not-due": 2}),
        ("V1", "all", (6, 6, 6, 5, 4), {"no-result": 1, "no-baseline": 1}),
    ],
)
def test_steps_and_reasons(results, window, arm, counts, others):
    assert steps(results, window, arm) == counts
    assert reasons(results, window, arm) == others


def test_a_value_below_its_limit_is_a_result(results):
    """VIRUS before: P05 not detected, P01 120, P02 below the limit; P03, P04 and P06 have none, but gave a sample."""
    assert steps(results, "V0", "X", "VIRUS") == (3, 3, 3, 2, 2)
    assert steps(results, "V0", "Y", "VIRUS") == (3, 3, 3, 1, 1)
    assert reasons(results, "V0", "Y", "VIRUS") == {"no-result": 2}


def test_a_marker_has_its_own_visits(results):
    assert {row.window for row in select(results, variable="VIRUS")} == {"V0", "V1"}


def test_who_was_not_seen_at_a_window_that_is_over(known):
    """Without records P03, expected during radiotherapy, is not seen; before it too, as the windows are over."""
    labs = known["adlb"].loc[known["adlb"]["USUBJID"] != "P03"]
    found = summarize_samples(known.with_frames({"adlb": labs}), SPEC)
    assert steps(found, "V1", "Y") == (3, 2, 2, 2, 1)
    assert reasons(found, "V1", "Y") == {"unseen": 1, "no-baseline": 1}


def test_who_left_is_not_expected(known):
    """P07 never began radiotherapy and withdrew: in the set of those dosed it has left at each visit."""
    found = summarize_samples(known, replace(SPEC, population="DOSED"))
    for window in ("V0", "V1", "V2"):
        assert reasons(found, window, "X").pop("left") == 1
    assert steps(found, "V0", "X")[0] == 3


def test_who_died_or_left_by_the_last_day_is_not_expected_unless_seen(known):
    """P03's window during radiotherapy is over on 1 May: who dies that day and was not seen is not expected."""
    labs = known["adlb"].loc[known["adlb"]["USUBJID"] != "P03"]
    for column, reason in (("DTHDT", "died"), ("EOSDT", "left")):
        for day, expected in (("2025-05-01", 2), ("2025-05-02", 3)):
            adsl = known["adsl"].copy()
            adsl.loc[adsl["USUBJID"] == "P03", column] = pd.Timestamp(day)
            found = summarize_samples(known.with_frames({"adlb": labs, "adsl": adsl}), SPEC)
            assert steps(found, "V1", "Y")[0] == expected
            assert (reason in reasons(found, "V1", "Y")) == (expected == 2)
            seen = summarize_samples(known.with_frames({"adsl": adsl}), SPEC)
            assert steps(seen, "V1", "Y") == (3, 3, 3, 2, 1)


def test_everyone_stands_once(results):
    for row in select(results, measure="proportion", level="evaluable", stat="count"):
        at = {"variable": row.variable, "window": row.window, "arm": row.arm}
        others = select(results, **at, measure="not_evaluable")
        assert {other.level for other in others} == {*UNEXPECTED, *UNEVALUABLE}
        size = one(results, measure="participants", arm=row.arm, stat="count").value
        assert row.value + sum(other.value for other in others) == size


def test_nobody_expected_has_a_reason(results):
    assert every_gap_has_its_reason(results)
    share = one(results, window="V2", arm="Y", measure="proportion", level="assayed", stat="estimate", variable="LOGM")
    assert share.note == "Nobody is in the denominator."


def test_pooled_has_everyone_only(known):
    found = summarize_samples(pool_arms(known), SPEC)
    assert {row.arm for row in found.rows} == {"all"}
    assert steps(found, "V1", "all") == (6, 6, 6, 5, 4)
    words = " ".join(found.catalogue.analyses["taken"].sentences.values())
    assert "arm" not in words.lower()


def test_no_record_and_an_empty_arm(known):
    study = known.with_frames({"adlb": known["adlb"].iloc[:0], "adsl": known["adsl"].assign(_ARM_ACTUAL="X")})
    found = summarize_samples(study, SPEC)
    assert steps(found, "V0", "Y") == (0, 0, 0, 0, 0)
    assert steps(found, "V0", "X") == (6, 0, 0, 0, 0)
    assert reasons(found, "V0", "X") == {"unseen": 6}
    assert every_gap_has_its_reason(found)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"markers": ()}, "markers is empty"),
        ({"visits": ()}, "visits is empty"),
        ({"sampled_by": ("LEVEL",)}, "sampled_by lacks LOGM"),
        ({"visits": ("V0", "V0")}, "visit 'V0' stands twice"),
        ({"markers": (SampledMarker("LOGM", "L", ("V9",)),)}, "visits of LOGM has V9"),
        ({"markers": (SampledMarker("LOGM", "L", ("V1",)),)}, "visits of LOGM lacks V0, the baseline"),
        ({"visits": ("V0", "V9"), "markers": (SampledMarker("LOGM", "L"),)}, "V9"),
        ({"attended_by": ("SEEN",)}, "SEEN"),
    ],
)
def test_what_is_refused(known, changed, fault):
    with pytest.raises(SpecError, match=fault):
        summarize_samples(known, replace(SPEC, **changed))


def test_a_missing_column_is_told(known):
    with pytest.raises(DataError, match=r"adlb: AVALC not in the data"):
        summarize_samples(known.with_frames({"adlb": known["adlb"].drop(columns="AVALC")}), SPEC)
