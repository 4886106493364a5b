"""Markers by visit, by hand. Radiotherapy set: X P05, P01, P06; Y P02, P03, P04.

LOGM on the scale of log2, before: P05 1, P01 3, P06 -1 (below the limit of 1: half of it); P02 0, P03 2; P04 nothing.
During: P05 0 (day 20, the earlier of a tie with day 22), P01 1, P06 -2; P02 -1, P04 0; P03 nothing.
Change: X -1, -2, -1, mean -4/3; Y P02 -1 only. Everyone is due: P06's window closed on 2025-12-01.

LEVEL before: X 10, 20; Y 30, 34. During: X 13, 25; Y 30, 36. Change: X 3, 5; Y 0, 2: means 4 and 1, variances 2
and 2, so by Welch 3 with standard error sqrt(2/2 + 2/2) and 2 degrees of freedom.

VIRUS before: P05 ND, P01 120, P02 below the limit of quantification, which is detected.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from gaps import every_gap_has_its_reason

from npcstats.analyses.biomarker.spec import BiomarkerSpec, Marker
from npcstats.analyses.biomarker.summary import summarize_biomarkers
from npcstats.errors import DataError, SpecError
from npcstats.results import one, select

# Student's t in closed form: with 2 degrees of freedom the quantile p is (2p - 1) sqrt(2 / (4p(1 - p))), with 1 it
# is tan(pi (p - 1/2))
T2 = 0.95 * math.sqrt(2 / (4 * 0.975 * 0.025))
T1 = math.tan(math.pi * 0.475)
CLOSE = 1e-12

SPEC = BiomarkerSpec(
    id="blood",
    label="Blood",
    population="BEAM",
    sessions=("only",),
    markers=(
        Marker("LOGM", "Log marker", "Blood", "u", "log", "decimal2"),
        Marker("LEVEL", "Level", "Blood", "g", "identity", "decimal1"),
        Marker("VIRUS", "Virus", "Virus", "c", "detectable", "percent1"),
    ),
    visits=("V0", "V1"),
    below_limit="half-limit",
    conf_level=0.95,
    proportion="clopper-pearson",
    quantile_type=2,
    share_change="newcombe",
    share_difference="newcombe",
    difference="welch",
    estimand="unadjusted",
    status="planned",
)


@pytest.fixture(scope="module")
def results(known):
    return summarize_biomarkers(known, SPEC)


def interval(results, **at):
    return [one(results, **at, stat=stat).value for stat in ("estimate", "ci_low", "ci_high")]


def observed(results, **at):
    return tuple(one(results, **at, measure="observed", stat=stat).value for stat in ("count", "total"))


@pytest.mark.parametrize(
    ("window", "level", "x", "y"),
    [("V0", "value", (3, 3), (2, 3)), ("V1", "value", (3, 3), (2, 3)), ("V1", "change", (3, 3), (1, 3))],
)
def test_values_of_those_due(results, window, level, x, y):
    at = {"variable": "LOGM", "window": window, "level": level}
    assert observed(results, **at, arm="X") == x
    assert observed(results, **at, arm="Y") == y
    assert observed(results, **at, arm="all") == (x[0] + y[0], x[1] + y[1])


@pytest.mark.parametrize(
    ("window", "arm", "log2"), [("V0", "X", 1), ("V0", "Y", 1), ("V1", "X", -1 / 3), ("V1", "Y", -1 / 2)]
)
def test_geometric_means(results, window, arm, log2):
    row = one(results, variable="LOGM", window=window, arm=arm, measure="geometric_mean", stat="estimate")
    assert row.value == pytest.approx(2.0**log2, rel=CLOSE)
    assert row.unit == "u"


def test_limits_of_a_geometric_mean(results):
    """Before in X: 1, 3, -1 on log2: standard deviation 2, so 2^(1 ± t 2/sqrt(3))."""
    half = T2 * 2 / 3**0.5
    found = interval(results, variable="LOGM", window="V0", arm="X", measure="geometric_mean")
    assert found == pytest.approx([2.0, 2 ** (1 - half), 2 ** (1 + half)], rel=1e-11)


def test_ratio_to_baseline(results):
    at = {"variable": "LOGM", "window": "V1", "measure": "change_ratio"}
    assert one(results, **at, arm="X", stat="estimate").value == pytest.approx(2 ** (-4 / 3), rel=CLOSE)
    assert one(results, **at, arm="Y", stat="estimate").value == pytest.approx(0.5, rel=CLOSE)
    alone = one(results, **at, arm="Y", stat="ci_low")
    assert np.isnan(alone.value)
    assert "one value only" in alone.note
    assert one(results, **at, arm="X", stat="estimate").unit == ""


def test_ratio_of_ratios(results):
    at = {"variable": "LOGM", "window": "V1", "measure": "geometric_mean_ratio", "arm": "X", "reference": "Y"}
    assert one(results, **at, stat="estimate").value == pytest.approx(2 ** (-4 / 3 + 1), rel=CLOSE)
    assert np.isnan(one(results, **at, stat="ci_high").value)


def test_means_and_their_difference(results):
    at = {"variable": "LEVEL", "window": "V1"}
    assert interval(results, **at, arm="X", measure="mean")[0] == 19
    change = interval(results, **at, arm="X", measure="change")
    assert change == pytest.approx([4, 4 - T1, 4 + T1], rel=CLOSE)  # sd sqrt(2), standard error 1, 1 df
    contrast = interval(results, **at, arm="X", reference="Y", measure="mean_difference")
    half = T2 * 2**0.5
    assert contrast == pytest.approx([3, 3 - half, 3 + half], rel=CLOSE)


@pytest.mark.parametrize(("arm", "count", "total"), [("X", 1, 2), ("Y", 1, 1), ("all", 2, 3)])
def test_share_detectable(results, arm, count, total):
    at = {"variable": "VIRUS", "window": "V0", "arm": arm, "measure": "proportion"}
    assert (one(results, **at, stat="count").value, one(results, **at, stat="total").value) == (count, total)
    assert one(results, **at, stat="estimate").value == count / total


def test_nobody_with_a_value_has_a_note(results):
    at = {"variable": "VIRUS", "window": "V1", "arm": "X"}
    assert observed(results, **at, level="value") == (0, 3)
    share = one(results, **at, measure="proportion", stat="estimate")
    assert np.isnan(share.value)
    assert "no participants" in share.note


def test_no_change_at_baseline_and_contrasts_of_shares_only(results):
    assert select(results, window="V0", measure={"change_ratio", "change", "share_change"}) == ()
    assert {row.variable for row in select(results, window="V0", reference="Y")} == {"VIRUS"}


def test_values_below_the_limit_as_missing(known):
    results = summarize_biomarkers(known, replace(SPEC, below_limit="missing"))
    assert observed(results, variable="LOGM", window="V0", level="value", arm="X") == (2, 3)
    row = one(results, variable="LOGM", window="V0", arm="X", measure="geometric_mean", stat="estimate")
    assert row.value == pytest.approx(4.0, rel=CLOSE)  # log2: 1 and 3


def test_window_that_is_open_is_not_due(known):
    """V2 closes 300 days after radiotherapy, for everyone after the cut-off; nobody has a value."""
    results = summarize_biomarkers(known, replace(SPEC, visits=("V0", "V2")))
    assert observed(results, variable="LOGM", window="V2", level="value", arm="all") == (0, 0)


def test_value_in_an_open_window_makes_its_participant_due(known):
    """P05 has a record 240 days after radiotherapy (2025-11-02); its window closes a day after the cut-off."""
    labs = known["adlb"].copy()
    labs.loc[labs.index[0], "ADT"] = pd.Timestamp("2025-11-02")
    results = summarize_biomarkers(known.with_frames({"adlb": labs}), replace(SPEC, visits=("V0", "V2")))
    assert observed(results, variable="LOGM", window="V2", level="value", arm="X") == (1, 1)


def test_other_unit_is_refused(known):
    labs = known["adlb"].copy()
    labs.loc[labs["PARAMCD"] == "LOGM", "AVALU"] = "mu"
    with pytest.raises(DataError, match=r"^adlb\.AVALU: 12 records of LOGM in another unit; u is required\.$"):
        summarize_biomarkers(known.with_frames({"adlb": labs}), SPEC)


def test_zero_has_no_logarithm(known):
    labs = known["adlb"].copy()
    labs.loc[1, "AVAL"] = 0.0
    with pytest.raises(DataError, match=r"^adlb\.AVAL: LOGM has 1 value of zero or less; its logarithm requires"):
        summarize_biomarkers(known.with_frames({"adlb": labs}), SPEC)


@pytest.mark.parametrize(
    "spec",
    [
        replace(SPEC, below_limit="zero"),
        replace(SPEC, visits=("V0", "V9")),
        replace(SPEC, markers=(replace(SPEC.markers[0], scale="cubic"),)),
        replace(SPEC, difference="paired"),
        replace(SPEC, proportion="guess"),
    ],
)
def test_choices_are_closed_sets(known, spec):
    with pytest.raises(SpecError, match=r"one of|what is allowed"):
        summarize_biomarkers(known, spec)


def test_no_record_and_an_empty_arm(known):
    study = known.with_frames({"adlb": known["adlb"].iloc[:0], "adsl": known["adsl"].assign(_ARM_ACTUAL="X")})
    results = summarize_biomarkers(study, SPEC)
    assert observed(results, variable="LOGM", window="V0", level="value", arm="Y") == (0, 0)
    assert observed(results, variable="LOGM", window="V0", level="value", arm="X") == (0, 6)
    assert every_gap_has_its_reason(results)
