"""Medians and quartiles, changes of a share, ratios of two markers and visits of their own, by hand.

The trial of eight as in `test_summary`, where VIRUS has a value before only; here it has some during radiotherapy too.
X: P05 ND then 50, P01 120 then ND, P06 nothing then 9. Y: P02 below its limit then ND, P03 nothing, P04 nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from entries import BLOOD
from gaps import every_gap_has_its_reason
from tabled import lines_of

from npcstats.analyses.biomarker.displays import MarkerLevels
from npcstats.analyses.biomarker.spec import Marker
from npcstats.analyses.biomarker.summary import summarize_biomarkers
from npcstats.analyses.biomarker.table import tabulate_levels
from npcstats.derive import MarkerRatio, pool_arms, with_ratios
from npcstats.errors import DataError, SpecError
from npcstats.estimators.proportions import compare_paired_proportions, compare_proportions
from npcstats.results import one, select
from npcstats.tables import biomarker_table

CLOSE = 1e-12
LATER = {"P05": (50.0, "50"), "P01": (np.nan, "ND"), "P06": (9.0, "9"), "P02": (np.nan, "ND")}
DAYS = {"P05": "2025-02-10", "P01": "2025-03-13", "P06": "2025-11-22", "P02": "2025-02-22"}
RATIO = MarkerRatio(
    code="RATIO", numerator="LEVEL", numerator_unit="g", denominator="LOGM", denominator_unit="u", factor=10.0, unit="%"
)
DIVIDED = Marker("RATIO", "Ratio", "Blood", "%", "identity", "decimal1")


@pytest.fixture(scope="module")
def study(known):
    later = [
        {"USUBJID": who, "PARAMCD": "VIRUS", "ADT": pd.Timestamp(DAYS[who]), "AVAL": value, "AVALC": text,
         "AVALU": "c", "LLOQ": 100.0}
        for who, (value, text) in LATER.items()
    ]  # fmt: skip
    labs = pd.concat([known["adlb"], pd.DataFrame(later)], ignore_index=True)
    return known.with_frames({"adlb": labs.assign(ADT=labs["ADT"].astype("datetime64[s]"))})


@pytest.fixture(scope="module")
def results(study):
    return summarize_biomarkers(study, BLOOD)


def quartiles(results, **at):
    return [one(results, **at, measure=name).value for name in ("first_quartile", "median", "third_quartile")]


def interval(results, **at):
    return [one(results, **at, stat=stat).value for stat in ("estimate", "ci_low", "ci_high")]


def test_quartiles_are_of_the_values_themselves(results):
    """LOGM before in X: 2, 8 and half of 1. Type 2: of 3 values the quartiles are the first, second and third."""
    assert quartiles(results, variable="LOGM", window="V0", arm="X") == pytest.approx([0.5, 2.0, 8.0], rel=CLOSE)
    assert one(results, variable="LOGM", window="V0", arm="X", measure="median").unit == "u"


def test_quartiles_of_two_values(results):
    """LEVEL before in Y: 30 and 34. Of 2 values 0.25 * 2 is no whole number: the first; the median is halfway."""
    assert quartiles(results, variable="LEVEL", window="V0", arm="Y") == [30.0, 32.0, 34.0]


def test_another_type_of_quantile(study):
    found = summarize_biomarkers(study, replace(BLOOD, quantile_type=7))
    assert quartiles(found, variable="LEVEL", window="V0", arm="Y") == [31.0, 32.0, 33.0]


def test_a_share_has_no_quartiles(results):
    assert select(results, variable="VIRUS", measure={"median", "first_quartile", "third_quartile"}) == ()


def test_change_of_a_share_is_of_pairs(results):
    """X: P05 gained and P01 lost, of 2 pairs; P06 has a value during radiotherapy and none before. Y: P02 lost."""
    at = {"variable": "VIRUS", "window": "V1", "level": "detectable", "measure": "share_change"}
    pairs = {"variable": "VIRUS", "window": "V1", "level": "paired", "measure": "observed", "stat": "count"}
    for arm, cells in (("X", (0, 1, 1, 0)), ("Y", (0, 0, 1, 0)), ("all", (0, 1, 2, 0))):
        assert one(results, **pairs, arm=arm).value == sum(cells)
        known = compare_paired_proportions(*cells, method="newcombe", conf_level=0.95)
        assert interval(results, **at, arm=arm) == [known.estimate, known.lower, known.upper]
    assert one(results, **at, arm="X", stat="estimate").value == 0.0
    assert one(results, **at, arm="Y", stat="estimate").value == -1.0


def test_arms_are_compared_by_their_shares_at_each_visit(results):
    """Before: X 1 of 2, Y 1 of 1. During: X 2 of 3, Y 0 of 1."""
    for window, counts in (("V0", (1, 2, 1, 1)), ("V1", (2, 3, 0, 1))):
        at = {"variable": "VIRUS", "window": window, "arm": "X", "reference": "Y", "measure": "risk_difference"}
        known = compare_proportions(*counts, measure="risk-difference", method="newcombe", conf_level=0.95)
        assert interval(results, **at, level="detectable") == [known.estimate, known.lower, known.upper]


def test_the_table_has_no_dash_for_a_share_but_at_baseline(results):
    rows = lines_of(biomarker_table(results, "blood", variables=("VIRUS",)))
    assert rows[0] == ["Virus: detectable, %, change in points; difference at the visit"]
    assert rows[1][:4] == ["Before", "2", "50.0", "–"]
    assert rows[2][:3] == ["During", "3/2", "66.7"]
    assert rows[2][3].startswith("0 (")
    text = biomarker_table(results, "blood", variables=("VIRUS",)).notes[0].text
    assert "its limits: Newcombe, paired." in text
    assert "Arms are compared by their shares at the visit" in text


def test_levels_beside_quartiles(results):
    asked = MarkerLevels(
        name="levels", title="Levels", sessions=("only",), analysis="blood", variables=("LEVEL", "VIRUS"), total=False
    )
    table = tabulate_levels(results, asked)
    rows = lines_of(table)
    assert rows[0] == ["Level, g: mean"]
    assert rows[1][0:2] == ["Before", "2"]
    assert rows[1][2].startswith("15.0 (")
    assert rows[1][3] == "15.0 (10.0 to 20.0)"
    assert rows[1][6] == "32.0 (30.0 to 34.0)"
    assert rows[3] == ["Virus: detectable, %"]
    assert rows[4][3] == "–"
    assert "A share has no quartiles." in table.notes[-1].text
    keys = [piece.key for row in table.rows for cell in row.cells for piece in cell.pieces if piece.key]
    assert len(keys) == len(set(keys))
    assert "Differences between arms" not in table.notes[0].text
    tall = tabulate_levels(results, replace(asked, total=True))
    assert [row[1] for row in lines_of(tall)[1:4]] == ["Ex", "Wye", "All"]


def test_pooled_has_no_contrast_and_no_word_of_arms(study):
    found = summarize_biomarkers(pool_arms(study), replace(BLOOD, estimand=""))
    assert select(found, measure={"risk_difference", "mean_difference", "geometric_mean_ratio"}) == ()
    assert not any("arm" in text.lower() for text in found.catalogue.analyses["blood"].sentences.values())


def test_a_ratio_is_of_one_day(known):
    """LEVEL over LOGM, times 10. P05 before: 10 / 2; P01: 20 / 8; P02: 30 / 1; P03: 34 / 4; during P05: none on a day.

    During P01: 25 / 2, P02: 30 / 0.5. P06's LOGM is below its limit, and it has no LEVEL.
    """
    spec = replace(BLOOD, markers=(*BLOOD.markers, DIVIDED), ratios=(RATIO,))
    found = summarize_biomarkers(known, spec)
    means = {
        (window, arm): one(found, variable="RATIO", window=window, arm=arm, measure="mean", stat="estimate").value
        for window in ("V0", "V1") for arm in ("X", "Y")
    }  # fmt: skip
    assert means == pytest.approx({("V0", "X"): 37.5, ("V0", "Y"): 192.5, ("V1", "X"): 125.0, ("V1", "Y"): 600.0})
    assert every_gap_has_its_reason(found)


def test_a_ratio_leaves_the_other_records_alone(known):
    more = with_ratios(known, (RATIO,), "this test")["adlb"]
    assert len(more) == len(known["adlb"]) + 6
    pd.testing.assert_frame_equal(more.iloc[: len(known["adlb"])], known["adlb"], check_dtype=False)
    assert with_ratios(known, (), "this test") is known


def test_a_ratio_of_two_records_of_a_day_takes_the_lower_and_none_to_zero(known):
    labs = known["adlb"].copy()
    labs.loc[labs.index[1], ["ADT", "AVAL"]] = [pd.Timestamp("2025-02-11"), 3.0]  # beside 4 of that day
    labs.loc[(labs["PARAMCD"] == "LEVEL") & (labs["ADT"] == pd.Timestamp("2025-02-10")), "ADT"] = pd.Timestamp(
        "2025-02-11"
    )
    labs.loc[(labs["USUBJID"] == "P02") & (labs["PARAMCD"] == "LOGM"), "AVAL"] = 0.0
    added = with_ratios(known.with_frames({"adlb": labs}), (RATIO,), "this test")["adlb"].iloc[len(labs) :]
    own = added.loc[(added["USUBJID"] == "P05") & (added["ADT"] == pd.Timestamp("2025-02-11"))]
    assert own["AVAL"].tolist() == pytest.approx([130 / 3])
    assert "P02" not in set(added["USUBJID"])


@pytest.mark.parametrize(
    ("ratio", "fault"),
    [
        (replace(RATIO, numerator_unit="kg"), "LEVEL in another unit; kg is required"),
        (replace(RATIO, denominator_unit="kg"), "LOGM in another unit; kg is required"),
        (replace(RATIO, code="VIRUS"), "VIRUS is a marker of adlb"),
    ],
)
def test_a_ratio_that_cannot_be_is_refused(known, ratio, fault):
    with pytest.raises(DataError, match=fault):
        with_ratios(known, (ratio,), "this test")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"ratios": (RATIO,)}, "ratio RATIO is no marker of the analysis"),
        ({"ratios": (RATIO,), "markers": (replace(DIVIDED, unit="x"),)}, "ratio RATIO is in %, its marker in x"),
        ({"quantile_type": 10}, "quantile_type is 10"),
        ({"share_change": "mcnemar"}, "share_change is 'mcnemar'"),
        ({"share_difference": "exact"}, "share_difference is 'exact'"),
        ({"markers": (replace(BLOOD.markers[0], visits=("V2",)),)}, "visits of LOGM has V2"),
        ({"markers": (replace(BLOOD.markers[0], visits=("V1",)),)}, "visits of LOGM lacks V0, the baseline"),
        ({"markers": (BLOOD.markers[0], BLOOD.markers[0])}, "marker 'LOGM' stands twice"),
    ],
)
def test_what_is_refused(known, changed, fault):
    with pytest.raises(SpecError, match=fault):
        summarize_biomarkers(known, replace(BLOOD, **changed))


def test_a_marker_has_its_own_visits(known):
    marker = replace(BLOOD.markers[0], visits=("V0",))
    found = summarize_biomarkers(known, replace(BLOOD, markers=(marker, *BLOOD.markers[1:])))
    assert {row.window for row in select(found, variable="LOGM")} == {"V0"}
    assert {row.window for row in select(found, variable="LEVEL")} == {"V0", "V1"}
