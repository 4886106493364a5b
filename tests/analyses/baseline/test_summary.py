"""Characteristics by hand.

Ages: X 50, 55, 47.5, 58; Y 61, 61 (a tie), 70. X: mean 210.5/4 = 52.625, squared deviations 6.890625 + 5.640625 +
26.265625 + 28.890625 = 67.6875, variance 22.5625, standard deviation 4.75. Y: mean 64, variance (9 + 9 + 36)/2 = 27.
Quartiles of type 2 average two values where n p is whole: X (47.5 + 50)/2, (50 + 55)/2, (55 + 58)/2; Y the first,
second and third of three; of all seven the second, fourth and sixth.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic
from npcstats.analyses.baseline.summary import summarize_baseline
from npcstats.errors import SpecError
from npcstats.results import one, select

LEVELS = {"IA": "Stage IA", "II": "Stage II", "III": "Stage III"}
SPEC = BaselineSpec(
    id="who",
    label="Who",
    population="EVERY",
    sessions=("only",),
    quantile_type=2,
    smd_denominator="average",
    status="planned",
    characteristics=(
        Characteristic("AGE", "Age", "Person", "continuous", show="mean", unit="years"),
        Characteristic("SEX", "Sex", "Person", "categorical", levels={"F": "Female", "M": "Male"}),
        Characteristic("SMOKE", "Smoked", "Person", "categorical", levels={"Y": "Yes", "N": "No"}),
        Characteristic("STAGE9", "Stage", "Disease", "categorical", levels=LEVELS),
        Characteristic("ECOGBL", "ECOG", "Person", "categorical", levels={"0": "0", "1": "1", "2": "2"}),
        Characteristic("CCD_CONC", "Cisplatin", "Drug", "continuous", unit="mg/m²"),
    ),
)


@pytest.fixture(scope="module")
def results(known):
    return summarize_baseline(known, SPEC)


def value(results, **at):
    return one(results, **at).value


@pytest.mark.parametrize(
    ("measure", "x", "y", "everyone"),
    [
        ("observed", 4, 3, 7), ("missing", 0, 0, 0), ("mean", 52.625, 64, 57.5), ("minimum", 47.5, 61, 47.5),
        ("maximum", 58, 70, 70), ("first_quartile", 48.75, 61, 50), ("median", 52.5, 61, 58),
        ("third_quartile", 56.5, 70, 61),
    ],
)  # fmt: skip
def test_age(results, measure, x, y, everyone):
    for arm, expected in (("X", x), ("Y", y), ("all", everyone)):
        assert value(results, variable="AGE", measure=measure, arm=arm, reference="") == expected


def test_spread_and_difference_of_age(results):
    assert value(results, variable="AGE", measure="std_deviation", arm="X") == pytest.approx(4.75, rel=1e-14)
    assert value(results, variable="AGE", measure="std_deviation", arm="Y") == pytest.approx(27**0.5, rel=1e-14)
    smd = one(results, variable="AGE", measure="smd")
    assert (smd.arm, smd.reference) == ("X", "Y")
    assert smd.value == pytest.approx((52.625 - 64) / ((22.5625 + 27) / 2) ** 0.5, rel=1e-14)


def test_quartiles_say_their_type_and_units(results):
    median = one(results, variable="AGE", measure="median", arm="X")
    assert (median.method, median.unit) == ("quantile type 2", "years")
    assert one(results, variable="AGE", measure="observed", arm="X").unit == ""
    assert one(results, variable="AGE", measure="smd").unit == ""


@pytest.mark.parametrize(
    ("variable", "level", "x", "y"),
    [
        ("SEX", "F", (1, 4), (1, 3)), ("SEX", "M", (3, 4), (2, 3)),
        ("SMOKE", "Y", (2, 3), (1, 3)), ("SMOKE", "N", (1, 3), (2, 3)),
        ("STAGE9", "IA", (0, 4), (0, 3)), ("STAGE9", "II", (1, 4), (1, 3)), ("STAGE9", "III", (3, 4), (2, 3)),
        ("ECOGBL", "0", (3, 4), (1, 3)), ("ECOGBL", "1", (1, 4), (2, 3)), ("ECOGBL", "2", (0, 4), (0, 3)),
    ],
)  # fmt: skip
def test_categories_over_those_with_a_value(results, variable, level, x, y):
    """P01 (X) has no SMOKE: its denominator in X is 3. Levels without anybody stay."""
    for arm, expected in (("X", x), ("Y", y), ("all", (x[0] + y[0], x[1] + y[1]))):
        at = {"variable": variable, "level": level, "arm": arm, "measure": "proportion"}
        assert (value(results, **at, stat="count"), value(results, **at, stat="total")) == expected
        assert value(results, **at, stat="estimate") == expected[0] / expected[1]


def test_missing_value_is_counted_where_it_is(results):
    missing = {row.arm: row.value for row in select(results, variable="SMOKE", measure="missing")}
    assert missing == {"X": 1, "Y": 0, "all": 1}


def test_difference_of_two_categories(results):
    """Female: 1/4 and 1/3; variances 3/16 and 2/9; the sign is that of the level printed first."""
    expected = (1 / 4 - 1 / 3) / ((3 / 16 + 2 / 9) / 2) ** 0.5
    assert value(results, variable="SEX", measure="smd") == pytest.approx(expected, rel=1e-13)


def test_difference_of_several_categories_without_an_empty_one(results):
    """Stage: only II and III are seen, so the distance is that of one share, 1/4 and 1/3, without sign."""
    expected = (1 / 3 - 1 / 4) / ((3 / 16 + 2 / 9) / 2) ** 0.5
    assert value(results, variable="STAGE9", measure="smd") == pytest.approx(expected, rel=1e-12)


def test_exposure_of_those_in_whom_it_is_known(results):
    """Concurrent cisplatin: X 180, 0 and 40 (P07 not finished); Y 40 and 0 (P03's is not known)."""
    known = {row.arm: row.value for row in select(results, variable="CCD_CONC", measure="observed")}
    missing = {row.arm: row.value for row in select(results, variable="CCD_CONC", measure="missing")}
    assert known == {"X": 3, "Y": 2, "all": 5}
    assert missing == {"X": 1, "Y": 1, "all": 2}
    assert value(results, variable="CCD_CONC", measure="mean", arm="X") == pytest.approx(220 / 3, rel=1e-14)


def test_nothing_is_said_of_categories_where_there_is_none(known, results):
    alone = summarize_baseline(known, replace(SPEC, characteristics=SPEC.characteristics[:1]))
    numbers, both = (made.catalogue.analyses["who"].sentences for made in (alone, results))
    assert numbers["denominator"] == "Participants without a value are counted as missing."
    assert numbers["adjustment"] == (
        "SMD: standardized mean difference, first arm minus reference, in units of the root mean of both arms' "
        "variances. The arms were not randomised."
    )
    assert both["denominator"].startswith("Percentages are of participants with a value; ")
    assert "variances; of two categories it is that of the first listed; " in both["adjustment"]


def test_no_p_value_anywhere(results):
    assert select(results, stat="p_value") == ()


def test_arm_of_one_has_no_spread_and_says_so(known):
    adsl = known["adsl"].assign(_ARM_ACTUAL=["X", "Y", "Y", "Y", "Y", "Y", "Y"])
    results = summarize_baseline(known.with_frames({"adsl": adsl}), SPEC)
    row = one(results, variable="AGE", measure="std_deviation", arm="X")
    assert np.isnan(row.value)
    assert row.note == "Too few participants have a value."
    assert np.isnan(value(results, variable="AGE", measure="smd"))


def test_empty_arm_and_nobody_with_a_value(known):
    adsl = known["adsl"].assign(_ARM_ACTUAL="Y", AGE=np.nan, SMOKE="")
    results = summarize_baseline(known.with_frames({"adsl": adsl}), SPEC)
    assert value(results, measure="participants", arm="X") == 0
    assert np.isnan(value(results, variable="AGE", measure="mean", arm="Y"))
    assert value(results, variable="AGE", measure="missing", arm="Y") == 7
    share = one(results, variable="SMOKE", level="Y", measure="proportion", stat="estimate", arm="Y")
    assert share.note == "Nobody is in the denominator."
    assert select(results, variable="SMOKE", measure="smd")[0].note


def test_value_outside_the_levels_is_refused(known):
    spec = replace(
        SPEC,
        characteristics=(Characteristic("ECOGBL", "ECOG", "Person", "categorical", levels={"0": "0"}),),
    )
    with pytest.raises(SpecError, match=r"^plan: ECOGBL has values outside its levels \(1\); a label for each is"):
        summarize_baseline(known, spec)


def test_characteristic_that_does_not_exist_is_refused(known):
    spec = replace(SPEC, characteristics=(Characteristic("HEIGHT", "Height", "Person", "continuous"),))
    with pytest.raises(SpecError, match=r"^plan: characteristic HEIGHT is not a column of adsl"):
        summarize_baseline(known, spec)


def test_catalogue_keeps_page_order_and_choices(results):
    entry = results.catalogue.analyses["who"]
    assert list(entry.labels["block"]) == ["Person", "Disease", "Drug"]
    assert entry.labels["level"]["STAGE9=II"] == "Stage II"
    assert entry.choices["show.AGE"] == "mean"
    assert entry.units == {"AGE": "years", "CCD_CONC": "mg/m²"}
    assert "not randomised" in entry.sentences["adjustment"]
