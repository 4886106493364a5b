"""Missing marker values: who is counted where by hand, contrasts by hand and by other code, and what cannot be told.

Trial of eight, radiotherapy set: X P05, P01, P06; Y P02, P03, P04, of whom P04 has no value of LOGM before. During: P03
has none and was due; the others have one. Long after, 200 to 300 days from the end of radiotherapy, nobody has a value:
P02 died on 2025-09-01, 165 days from it; no window of the others had closed by the cut-off.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from entries import AGE, MISSED
from gaps import every_gap_has_its_reason

from npcstats.analyses.tipping.spec import tipping_estimand, tipping_faults, tipping_idle
from npcstats.analyses.tipping.summary import summarize_tipping
from npcstats.derive import arm_groups, assign_arms, marker_values, population_members, visit_due
from npcstats.errors import DataError, SpecError
from npcstats.estimators.mmrm import fit_mmrm
from npcstats.estimators.types import DesignMatrix
from npcstats.results import one, select
from npcstats.study import Arm

EIGHT = replace(MISSED, markers=MISSED.markers[:1], visits=("V1",), shifted=(), covariates=(), below_limit="half-limit")
T1 = math.tan(math.pi * 0.475)
EXACT = 1e-10


def count(results, measure, level="", **at):
    return one(results, measure=measure, level=level, stat="count", **at).value


def interval(results, **at):
    return [one(results, **at, stat=stat).value for stat in ("estimate", "ci_low", "ci_high")]


@pytest.fixture(scope="module")
def eight(known):
    return summarize_tipping(known, replace(EIGHT, visits=("V1", "V2")))


@pytest.fixture(scope="module")
def told(crowd):
    return summarize_tipping(crowd, MISSED)


@pytest.fixture(scope="module")
def wide(crowd):
    """Members and their values before and at the two visits, on the scale of the model."""
    members = population_members(crowd, "BEAM")
    visits = [crowd.design.visit(code) for code in ("V0", "V1", "V2")]
    made = {
        code: marker_values(crowd, members, visits, code=code, unit=unit, scale=scale, below_limit="missing", reason="")
        for code, unit, scale in (("LOGM", "u", "log"), ("LEVEL", "g", "identity"))
    }
    return members, made


class TestByHand:
    @pytest.mark.parametrize(
        ("arm", "visit", "expected"),  # seen, missing, of them at the end, died, not due
        [
            ("X", "V1", [3, 0, 0, 0, 0]),
            ("Y", "V1", [1, 1, 1, 0, 0]),
            ("X", "V2", [0, 0, 0, 0, 3]),
            ("Y", "V2", [0, 0, 0, 1, 1]),
            ("all", "V2", [0, 0, 0, 1, 4]),
        ],
    )
    def test_who_is_where(self, eight, arm, visit, expected):
        at = {"arm": arm, "window": visit, "variable": "LOGM"}
        asked = (("observed", ""), ("missing", ""), ("missing", "after-last"), ("not_evaluable", "died"),
                 ("not_evaluable", "not-due"))  # fmt: skip
        assert [count(eight, measure, level, **at) for measure, level in asked] == expected

    def test_who_is_in_the_model(self, eight):
        assert [count(eight, "participants", arm=arm, variable="LOGM") for arm in ("X", "Y")] == [3, 2]
        assert count(eight, "not_evaluable", "no-baseline", arm="Y", variable="LOGM", window="") == 1

    def test_the_model_of_the_values_seen(self, known):
        """One visit: a regression of four changes, -1, -2, -1 of X from 1, 3, -1, and -1 of Y from 0, in doublings.

        The slope is that within X, -2/8; at 0 X has -4/3 + 1/4, Y -1: a contrast of -1/12. Squares left 1/9 + 1/36 +
        1/36 on one degree of freedom, variance of the contrast 1/6 (1/3 + 1 + 1/8).
        """
        found = summarize_tipping(known, EIGHT)
        half = T1 * math.sqrt(1 / 6 * (1 / 3 + 1 + 1 / 8))
        expected = [2 ** (-1 / 12 + step) for step in (0.0, -half, half)]
        assert interval(found, level="seen", measure="mean_ratio") == pytest.approx(expected, rel=EXACT)

    def test_nothing_is_estimated_where_nobody_was_seen(self, eight):
        rows = [row for row in eight.rows if row.reference and row.window == "V2"]
        assert {row.level for row in rows} == {"seen", *MISSED.strategies, "first", "reference"}
        assert all(math.isnan(row.value) for row in rows)
        assert every_gap_has_its_reason(eight)
        assert interval(eight, window="V1", level="seen", measure="mean_ratio")[0] == pytest.approx(2 ** (-1 / 12))


class TestCrowd:
    """Sixty made participants, three in ten values missing, against the raw frames."""

    @pytest.mark.parametrize("code", ["LOGM", "LEVEL"])
    def test_every_member_is_somewhere(self, told, wide, code):
        members, _ = wide
        for arm in ("X", "Y", "all"):
            size = len(members) if arm == "all" else int((members["ARM"] == arm).sum())
            out = sum(r.value for r in select(told, variable=code, arm=arm, measure="not_evaluable", window=""))
            inside = count(told, "participants", variable=code, arm=arm)
            assert inside + out == size
            for visit in MISSED.visits:
                at = {"variable": code, "arm": arm, "window": visit}
                lost = sum(r.value for r in select(told, **at, measure="not_evaluable"))
                assert count(told, "observed", **at) + count(told, "missing", **at) + lost == inside

    @pytest.mark.parametrize(("code", "back"), [("LOGM", math.exp), ("LEVEL", float)])
    def test_the_model_of_the_values_seen(self, told, wide, code, back):
        """Long data by pandas; the design by hand."""
        members, made = wide
        values = pd.DataFrame(made[code], columns=["V0", "V1", "V2"]).assign(
            age=members["AGE"], first=(members["ARM"] == "X").astype(float), who=range(len(members))
        )
        long = values.melt(["who", "V0", "age", "first"], ["V1", "V2"], "visit").dropna()
        columns = {}
        for visit in ("V1", "V2"):
            at = (long["visit"] == visit).astype(float)
            columns |= {visit: at, f"first{visit}": at * long["first"], f"base{visit}": at * long["V0"]}
        columns["age"] = long["age"]
        design = DesignMatrix(np.column_stack(list(columns.values())), tuple(columns))
        fit = fit_mmrm(long["value"] - long["V0"], design, long["who"], long["visit"], covariance="unstructured",
                       df_method="kenward-roger", conf_level=0.95)  # fmt: skip
        for visit in ("V1", "V2"):
            found = fit.contrast([float(name == f"first{visit}") for name in design.names])
            expected = [back(value) for value in (found.estimate, found.lower, found.upper)]
            rows = select(told, variable=code, window=visit, level="seen", block="")
            assert [row.value for row in rows] == pytest.approx(expected, rel=1e-6)

    def test_at_random_it_is_near_the_model(self, told):
        """Ten imputations of a third: within half a standard error, about what the ten leave to chance."""
        for code, turn in (("LOGM", math.log), ("LEVEL", float)):
            for visit in MISSED.visits:
                at = {"variable": code, "window": visit, "block": ""}
                seen, low, high = (turn(r.value) for r in select(told, **at, level="seen"))
                rows = select(told, **at, level="missing-at-random", measure={"mean_ratio", "mean_difference"})
                assert abs(turn(rows[0].value) - seen) < (high - low) / 3.92 / 2

    def test_what_is_not_shifted_is_at_random(self, told):
        for code, none, measure in (("LOGM", "1", "mean_ratio"), ("LEVEL", "0", "mean_difference")):
            at = {"variable": code, "window": "V2", "measure": measure}
            plain = interval(told, **at, level="missing-at-random")
            assert interval(told, **at, block=none, level=none) == plain

    def test_a_shift_moves_the_contrast_one_way(self, told):
        ratios = [one(told, variable="LOGM", window="V2", block=block, level="1", stat="estimate").value
                  for block in ("0.5", "1", "2")]  # fmt: skip
        assert ratios == sorted(ratios)
        assert ratios[0] * ratios[2] == pytest.approx(ratios[1] ** 2)  # equal steps of the logarithm
        back = [one(told, variable="LEVEL", window="V2", block="0", level=level, stat="estimate").value
                for level in ("-1", "0", "1")]  # fmt: skip
        assert back == sorted(back, reverse=True)
        assert back[0] + back[2] == pytest.approx(2 * back[1])

    def test_only_where_the_plan_shifts_is_there_a_grid(self, told):
        assert {row.window for row in told.rows if row.block} == {"V2"}
        assert {row.window for row in select(told, measure="tipping_shift")} == {"V1", "V2"}

    def test_gaps_have_reasons(self, told):
        assert every_gap_has_its_reason(told)

    def test_deaths_are_not_imputed(self, crowd, told, wide):
        """Everyone dies before the second visit's window but who has a value there: nothing is left to impute."""
        members, made = wide
        unseen = members.loc[np.isnan(made["LOGM"][:, 2]), "USUBJID"]
        opens = members.set_index("USUBJID")["RTENDT"] + pd.Timedelta(days=199)
        adsl = crowd["adsl"]
        died = adsl["USUBJID"].map(opens[unseen]).fillna(adsl["DTHDT"])
        other = summarize_tipping(crowd.with_frames({"adsl": adsl.assign(DTHDT=died)}), MISSED)
        at = {"variable": "LOGM", "window": "V2", "arm": "all"}
        assert count(told, "missing", **at) > 0 == count(other, "missing", **at)
        rows = select(other, variable="LOGM", window="V2", level="missing-at-random", measure="missing_information")
        assert rows[0].value == pytest.approx(2 / (rows_df(other) + 3), abs=0.05)
        tipping = select(other, variable="LOGM", window="V2", measure="tipping_shift")
        assert {row.note for row in tipping} == {"No value of this group is imputed at the visit."}
        strategies = [interval(other, variable="LOGM", window="V2", measure="mean_ratio", level=level)
                      for level in MISSED.strategies]  # fmt: skip
        assert strategies == [strategies[0]] * 4

    def test_due_is_what_visit_due_says(self, crowd, told, wide):
        members, made = wide
        due = visit_due(crowd, members, crowd.design.visit("V2"))
        known = ~np.isnan(made["LOGM"][:, 0]) & members["AGE"].notna().to_numpy()
        expected = int((known & due & np.isnan(made["LOGM"][:, 2])).sum())
        assert count(told, "missing", variable="LOGM", window="V2", arm="all") == expected


def rows_df(results):
    """Degrees of freedom of a regression on group, baseline and age of those seen."""
    return count(results, "observed", variable="LOGM", window="V2", arm="all") - 4


class TestGroups:
    def test_pooled_tells_who_was_seen_and_nothing_else(self, crowd):
        results = summarize_tipping(replace(crowd, arms=()), MISSED)
        assert {row.arm for row in results.rows} == {"all"}
        assert {row.measure for row in results.rows} == {"participants", "observed", "missing", "not_evaluable"}
        sentences = results.catalogue.analyses["missed"].sentences
        assert not any("arm" in sentence for sentence in sentences.values())

    def test_three_arms_are_counted_and_not_compared(self, crowd):
        arms = tuple(Arm(code, code) for code in ("X", "Y", "Z"))
        adsl = crowd["adsl"]
        dealt = adsl["TRT01P"].where(np.arange(len(adsl)) % 3 > 0, "Z")
        wider = replace(crowd, design=replace(crowd.design, arms=arms), arms=())
        study = assign_arms(wider.with_frames({"adsl": adsl.assign(TRT01P=dealt, TRT01A=dealt)}))
        results = summarize_tipping(study, MISSED)
        assert not [row for row in results.rows if row.reference]
        assert {row.arm for row in results.rows} == {"X", "Y", "Z", "all"}
        assert len(arm_groups(study, population_members(study, "BEAM"))) == 4

    def test_an_arm_that_is_empty(self, crowd):
        adsl = crowd["adsl"].assign(TRT01P="X", TRT01A="X")
        study = assign_arms(replace(crowd, arms=()).with_frames({"adsl": adsl}))
        results = summarize_tipping(study, MISSED)
        compared = [row for row in results.rows if row.reference]
        assert compared
        assert all(math.isnan(row.value) and row.note for row in compared)

    def test_nothing_measured(self, crowd):
        results = summarize_tipping(crowd.with_frames({"adlb": crowd["adlb"].iloc[:0]}), MISSED)
        assert count(results, "participants", variable="LOGM", arm="all") == 0
        assert every_gap_has_its_reason(results)


class TestPlan:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"visits": ("V0", "V1")}, "is among the visits"),
            ({"visits": ()}, "visits is empty"),
            ({"shifted": ("V9",)}, "shifted has 'V9'"),
            ({"structures": ("round",)}, "structures has 'round'"),
            ({"structures": ("spatial-exponential",)}, "spatial-exponential"),
            ({"structures": ()}, "structures is empty"),
            ({"strategies": ("copy-reference",)}, "begins with 'copy-reference'"),
            ({"strategies": ("missing-at-random", "last-value")}, "strategies has 'last-value'"),
            ({"imputations": 5}, "imputations is 5"),
            ({"seed": 0}, "seed is 0"),
            ({"df_method": "many"}, "df_method is 'many'"),
            ({"below_limit": ""}, "below_limit"),
            ({"covariates": (AGE, AGE)}, "covariate 'AGE' stands twice"),
        ],
    )
    def test_faults(self, crowd, change, words):
        spec = replace(MISSED, **change)
        assert any(words in fault for fault in tipping_faults(spec))
        with pytest.raises(SpecError, match="plan: missed"):
            summarize_tipping(crowd, spec)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"scale": "detectable"}, "scale is 'detectable'"),
            ({"shifts": (2.0, 1.0)}, "ascending factors above 0 with 1 among them"),
            ({"shifts": (0.5, 2.0)}, "with 1 among them"),
            ({"shifts": (0.0, 1.0)}, "factors above 0"),
            ({"farthest": 1.0}, "farthest is 1.0"),
        ],
    )
    def test_faults_of_a_marker(self, change, words):
        spec = replace(MISSED, markers=(replace(MISSED.markers[0], **change),))
        assert any(fault.startswith("LOGM: ") and words in fault for fault in tipping_faults(spec))

    def test_without_assumptions_nothing_else_has_an_effect(self, crowd):
        spec = replace(MISSED, strategies=(), estimand="")
        assert set(tipping_idle(spec)) == {"shifted", "structures", "df_method", "imputations", "seed", "covariates"}
        assert tipping_idle(MISSED) == {}
        assert [tipping_estimand(MISSED, arms) for arms in (1, 2, 3)] == ["", "conditional", ""]
        assert tipping_estimand(spec, 2) == ""
        assert not [row for row in summarize_tipping(crowd, spec).rows if row.reference]

    def test_a_marker_in_another_unit(self, crowd):
        spec = replace(MISSED, markers=(replace(MISSED.markers[0], unit="g"),))
        with pytest.raises(DataError, match="in another unit"):
            summarize_tipping(crowd, spec)

    def test_the_structure_that_was_used_is_told(self, crowd):
        used = summarize_tipping(crowd, MISSED).catalogue.analyses["missed"]
        assert used.choices["structure.LOGM"] == "unstructured"
        assert "covariance unstructured, degrees of freedom by Kenward–Roger" in used.sentences["model"]
