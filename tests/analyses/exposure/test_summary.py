"""Delivered treatment by hand, recomputed from the raw files of the synthetic trial, and what is refused."""

from __future__ import annotations

import csv
import datetime
import math
import statistics
from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from committed import ROOT
from exposures import GIVEN

from npcstats.analyses.exposure.spec import Amount, Part, Reached, Share, exposure_faults
from npcstats.analyses.exposure.summary import summarize_exposure
from npcstats.derive import mask_arms, pool_arms
from npcstats.errors import DataError, SpecError
from npcstats.results import one, results_text, select
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

CUTOFF = "2031-06-30"


def value(results, measure, stat, **at):
    return one(results, **{"level": "", "variable": "", **at}, measure=measure, stat=stat).value


def share(results, measure="proportion", **at):
    return [(value(results, measure, "count", arm=arm, **at), value(results, measure, "total", arm=arm, **at))
            for arm in ("X", "Y", "all")]  # fmt: skip


class TestByHand:
    """Of X P05 (180 mg/m²), P01 (none, carboplatin planned), P06 (40); of Y P02 (40), P03 (unknown), P04 (none)."""

    def test_whom_a_part_is_about(self, known):
        """P01 is planned carboplatin and was given no cisplatin."""
        results = summarize_exposure(known, GIVEN)
        assert share(results, "among", block="BEAM") == [(3, 3), (3, 3), (6, 6)]
        assert share(results, "among", block="CIS") == [(2, 3), (3, 3), (5, 6)]

    def test_who_was_given_what_was_not_planned_is_among_them(self, known):
        adsl = known["adsl"].assign(CONREG="")
        results = summarize_exposure(known.with_frames({"adsl": adsl}), replace(GIVEN, parts=GIVEN.parts[:2]))
        assert share(results, "among", block="CIS") == [(2, 3), (1, 3), (3, 6)]

    def test_quartiles_are_of_those_with_a_value(self, known):
        """Of everyone 0, 40, 40, 180, by type 2: 20, 40 and 110."""
        at = {"block": "CIS", "variable": "CCD_CONC", "arm": "all"}
        results = summarize_exposure(known, GIVEN)
        assert value(results, "observed", "count", **at) == 4
        assert value(results, "missing", "count", **at) == 1
        found = [value(results, name, "estimate", **at) for name in ("first_quartile", "median", "third_quartile")]
        assert found == [20, 40, 110]

    def test_commonest_value(self, known):
        """35 fractions in four of six; P01 had 34, P06 33."""
        results = summarize_exposure(known, GIVEN)
        assert value(results, "commonest", "estimate", block="BEAM", variable="FXDELIV", arm="all") == 35
        assert share(results, "at_commonest", block="BEAM", variable="FXDELIV") == [(1, 3), (3, 3), (4, 6)]

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("LEAST34", [(2, 3), (3, 3), (5, 6)]),
            ("ABOVE34", [(1, 3), (3, 3), (4, 6)]),
            ("WOMEN", [(1, 3), (1, 3), (2, 6)]),
        ],
    )
    def test_bounds(self, known, code, expected):
        assert share(summarize_exposure(known, GIVEN), block="BEAM", variable=code) == expected

    def test_a_bound_is_not_missed_by_float_noise(self, known):
        adsl = known["adsl"].assign(FXDELIV=0.1 + 0.2)
        items = (Share("NOISE", "Noise", "FXDELIV", "at least", 0.3), Share("OVER", "Over", "FXDELIV", "above", 0.3))
        spec = replace(GIVEN, parts=(Part("P", "Part", items),))
        results = summarize_exposure(known.with_frames({"adsl": adsl}), spec)
        assert [share(results, block="P", variable=code)[2] for code in ("NOISE", "OVER")] == [(6, 6), (0, 6)]

    @pytest.mark.parametrize(
        ("regimen", "level", "expected"),
        [
            ("C_Q3W", "180", [(1, 1), (0, 0), (1, 1)]),  # inclusive
            ("C_Q3W", "200", [(0, 1), (0, 0), (0, 1)]),
            ("C_QW", "40", [(1, 1), (1, 2), (2, 3)]),
        ],
    )
    def test_thresholds_by_regimen(self, known, regimen, level, expected):
        results = summarize_exposure(known, GIVEN)
        assert share(results, block="REACHED", variable=regimen, level=level) == expected

    def test_an_empty_denominator_has_a_reason(self, known):
        row = one(summarize_exposure(known, GIVEN), block="REACHED", variable="C_Q3W", level="200", arm="Y",
                  stat="estimate")  # fmt: skip
        assert math.isnan(row.value)
        assert row.note == "Nobody is in the denominator."

    def test_nobody_has_a_value(self, known):
        adsl = known["adsl"].assign(FXDELIV=math.nan)
        results = summarize_exposure(known.with_frames({"adsl": adsl}), replace(GIVEN, parts=GIVEN.parts[:1]))
        row = one(results, variable="FXDELIV", arm="X", measure="median")
        assert math.isnan(row.value)
        assert row.note == "Nobody in this column has a value."
        assert share(results, block="BEAM", variable="LEAST34") == [(0, 0), (0, 0), (0, 0)]

    def test_the_planned_totals_are_told_beside_each_regimen(self, known):
        words = summarize_exposure(known, GIVEN).catalogue.analyses["given"].labels["variable"]
        assert words["C_Q3W"] == "Every 3 weeks, 200 to 300 mg/m² planned"

    def test_order_of_participants_does_not_matter(self, known):
        turned = known.with_frames({"adsl": known["adsl"].iloc[::-1].reset_index(drop=True)})
        assert results_text(summarize_exposure(turned, GIVEN)) == results_text(summarize_exposure(known, GIVEN))

    def test_units_are_told_where_arms_are_named(self, known):
        """X in Gy(RBE), Y in Gy: the unit alone would unmask, and its column is gone where arms are not named."""
        items = (Amount("FXDELIV", "Dose", "decimal0", unit_column="RXDOSU"),)
        spec = replace(GIVEN, parts=(Part("P", "Part", items),))
        told = [summarize_exposure(study, spec).catalogue.analyses["given"].units["FXDELIV"] for study in
                (known, mask_arms(known, {"X": "B", "Y": "A"}), pool_arms(known))]  # fmt: skip
        assert told == ["Gy or Gy(RBE)", "unit as prescribed", "unit as prescribed"]

    def test_masked_arms_are_the_same_numbers_under_letters(self, known):
        named, masked = (summarize_exposure(s, GIVEN) for s in (known, mask_arms(known, {"X": "B", "Y": "A"})))
        letters = {"B": "X", "A": "Y", "all": "all"}
        back = {replace(row, arm=letters[row.arm]) for row in masked.rows}
        assert back == set(named.rows)
        assert {row.arm for row in summarize_exposure(pool_arms(known), GIVEN).rows} == {"all"}


class TestRefused:
    @pytest.mark.parametrize(
        ("item", "error", "message"),
        [
            (Amount("NOWHERE", "N", "count"), DataError, "adsl: NOWHERE not in the data"),
            (Amount("SEX", "Sex", "count"), SpecError, "P takes SEX for numbers; a column of numbers is required"),
            (Share("S", "S", "AGE", "equal to", "old"), SpecError, "P takes AGE for text"),
        ],
    )
    def test_columns(self, known, item, error, message):
        with pytest.raises(error, match=message):
            summarize_exposure(known, replace(GIVEN, parts=(Part("P", "Part", (item,)),)))

    @pytest.mark.parametrize("among", [{"CONREG": ("C_Q4W",)}, {"SEX": ("X",)}])
    def test_a_value_that_its_list_does_not_have(self, known, among):
        with pytest.raises(SpecError, match="which its list does not have"):
            summarize_exposure(known, replace(GIVEN, parts=(replace(GIVEN.parts[0], among=among),)))

    @pytest.mark.parametrize(
        ("items", "message"),
        [
            ((Amount("A", "A", "counts"),), "style"),
            ((Share("A", "A", "AGE", "below", 1.0),), "bound"),
            ((Amount("A", "A", "count", "Gy", "RXDOSU"),), "a unit and a column of units"),
            ((Share("A", "A", "SEX", "above", "F"),), "a text is compared by 'above'"),
            ((Amount("A", "A", "count"), Amount("A", "A", "count")), "A"),
            (Reached("CCD_CONC", "CONREG", {}, (200.0,)), "it has no regimen"),
            (Reached("CCD_CONC", "CONREG", {"C_QW": "W"}, (0.0,)), "threshold 0 is not above 0"),
            (Reached("CCD_CONC", "CONREG", {"C_QW": "W"}, ()), "it has no threshold"),
        ],
    )
    def test_faults_of_the_plan(self, items, message):
        found = exposure_faults(replace(GIVEN, parts=(Part("P", "Part", items),)))
        assert len(found) == 1
        assert message in found[0]

    def test_a_plan_without_faults(self):
        assert exposure_faults(GIVEN) == []


def raw(name):
    with (ROOT / "data" / "synthetic" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def arm_of(row):
    return {"MIXED": "PROTON"}.get(row["TRT01A"], row["TRT01A"])


def working_days(first, last):
    day, count = datetime.date.fromisoformat(first), 0
    while day <= datetime.date.fromisoformat(last):
        count += day.weekday() < 5
        day += datetime.timedelta(days=1)
    return count


def quartile(values, share_below):
    """Of type 2: the mean of the two values at a step of the empirical distribution."""
    ordered, place = sorted(values), len(values) * share_below
    low, high = math.ceil(place) - 1, math.floor(place)
    return (ordered[low] + ordered[min(high, len(ordered) - 1)]) / 2


@pytest.fixture(scope="module")
def final():
    plan = load_plan(ROOT / "analysis" / "plan")
    spec = next(spec for spec in plan.specs if spec.id == "exposure")
    study = read_study(ROOT / "data" / "synthetic", plan.design)
    return summarize_exposure(prepare_study(study, plan, "final"), spec)


@pytest.fixture(scope="module")
def people():
    found = {row["USUBJID"]: row for row in raw("adsl") if row["RTSTDT"]}
    for row in found.values():
        row["doses"] = defaultdict(list)
    for record in raw("adex"):
        if record["USUBJID"] in found and record["EXSTDT"] <= CUTOFF:
            found[record["USUBJID"]]["doses"][record["EXPHASE"], record["EXTRT"]].append(record)
    return list(found.values())


class TestSyntheticTrial:
    """From the raw text by other code: cycles by their own numbers, days one by one, no frame of ours."""

    @pytest.mark.parametrize("arm", ["PROTON", "PHOTON"])
    def test_radiotherapy(self, final, people, arm):
        own = [row for row in people if arm_of(row) == arm]
        at = {"block": "RT", "arm": arm}
        doses = [sum(float(r["EXDOSE"]) for r in row["doses"]["RT", "RADIOTHERAPY"]) for row in own]
        enough = sum(round(dose / float(row["RXDOSE"]), 9) >= 0.95 for dose, row in zip(doses, own, strict=True))
        assert value(final, "proportion", "count", variable="RTDOSE95", **at) == enough
        assert value(final, "proportion", "total", variable="RTDOSE95", **at) == len(own)
        times = [
            (datetime.date.fromisoformat(r["RTENDT"]) - datetime.date.fromisoformat(r["RTSTDT"])).days + 1 for r in own
        ]
        assert value(final, "proportion", "count", variable="OTT56", **at) == sum(time > 56 for time in times)
        assert value(final, "median", "estimate", variable="OTT", **at) == statistics.median(times)
        missed = [max(0, working_days(r["RTSTDT"], r["RTENDT"]) - int(r["FXDELIV"])) for r in own]
        assert value(final, "third_quartile", "estimate", variable="MISSED", **at) == quartile(missed, 0.75)
        assert value(final, "proportion", "count", variable="MISSED5", **at) == sum(days >= 5 for days in missed)

    @pytest.mark.parametrize("arm", ["PROTON", "PHOTON"])
    def test_concurrent_cisplatin(self, final, people, arm):
        own = [row for row in people if arm_of(row) == arm and row["CONREG"] in ("C_QW", "C_Q3W", "C_Q2W")]
        given = [row["doses"]["CONCURRENT", "CISPLATIN"] for row in own]
        sums = [round(sum(float(r["EXDOSE"]) for r in records), 9) for records in given]
        at = {"block": "CONC-CIS", "arm": arm}
        assert value(final, "among", "count", **at) == len(own)
        for name, below in (("first_quartile", 0.25), ("median", 0.5), ("third_quartile", 0.75)):
            assert value(final, name, "estimate", variable="CCD_CONC", **at) == pytest.approx(quartile(sums, below))
        reached = Counter((r["CONREG"], dose) for r, s in zip(own, sums, strict=True) for dose in (200, 240, 300)
                          if s >= dose)  # fmt: skip
        for regimen in ("C_QW", "C_Q3W", "C_Q2W"):
            for dose in (200, 240, 300):
                place = {"block": "REACHED", "variable": regimen, "level": str(dose), "arm": arm}
                assert value(final, "proportion", "count", **place) == reached[regimen, dose]
        assert reached["C_Q2W", 240] == 0

    @pytest.mark.parametrize("arm", ["PROTON", "PHOTON"])
    @pytest.mark.parametrize(
        ("phase", "drug", "column", "block", "code"),
        [
            ("CONCURRENT", "CISPLATIN", "CONREG", "CONC-CIS", "RDI_CONC_CIS"),
            ("INDUCTION", "GEMCITABINE", "INDREG", "IND-GEM", "RDI_IND_GEM"),
            ("INDUCTION", "FLUOROURACIL", "INDREG", "IND-5FU", "RDI_IND_5FU"),
        ],
    )
    def test_dose_intensity(self, final, people, arm, phase, drug, column, block, code):
        length = {"C_QW": 7, "C_Q3W": 21, "C_Q2W": 14}
        found = []
        for row in people:
            records = row["doses"].get((phase, drug), [])
            if arm_of(row) != arm or not records:
                continue
            per_cycle, cycle = (2 if drug == "GEMCITABINE" else 1), length.get(row[column], 21)
            first_days = sorted(r["EXSTDT"] for r in records if (int(r["EXSEQ"]) - 1) % per_cycle == 0)
            took = np.diff(pd.to_datetime([first_days[0], first_days[-1]]))[0] / np.timedelta64(1, "D") + cycle
            dose, planned = (sum(float(r[name]) for r in records) for name in ("EXDOSE", "EXPLANNED"))
            found.append((dose / took) / (planned / (cycle * len(first_days))))
        at = {"block": block, "variable": code, "arm": arm}
        assert value(final, "observed", "count", **at) == len(found)
        assert value(final, "median", "estimate", **at) == pytest.approx(statistics.median(found), rel=1e-12)
        high = sum(round(intensity, 12) >= 0.85 for intensity in found)
        assert value(final, "proportion", "count", **{**at, "variable": f"{code}85"}) == high

    def test_arms_add_up_to_everyone(self, final):
        for row in select(final, arm="all", stat="count"):
            if row.measure != "commonest":
                parts = select(final, block=row.block, variable=row.variable, level=row.level, measure=row.measure,
                               stat="count", arm=("PROTON", "PHOTON"))  # fmt: skip
                assert sum(part.value for part in parts) == row.value, row.key
