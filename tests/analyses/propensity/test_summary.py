"""Scores, weights and balance recomputed: scores by statsmodels, everything else by formulas written here."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from entries import AGE, BALANCE, OVERLAP, SCORED, STAGES
from gaps import every_gap_has_its_reason

from npcstats.analyses.adjustment.spec import Covariate, Trim
from npcstats.analyses.propensity.spec import Balanced
from npcstats.analyses.propensity.summary import summarize_propensity
from npcstats.derive import population_members
from npcstats.errors import SpecError
from npcstats.results import one, select
from npcstats.study import ARM, ARM_COLUMNS, Arm

FITTED = 1e-8  # both fits end where the gradient is 1e-8 or less
BETWEEN = {"arm": "X", "reference": "Y"}


def value(results, measure, *, stat="estimate", **at):
    return one(results, measure=measure, stat=stat, **at).value


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_propensity(crowd, BALANCE)


@pytest.fixture(scope="module")
def refitted(crowd):
    """Members, their arms and their scores by statsmodels."""
    members = population_members(crowd, "BEAM")
    first = (members[ARM] == "X").to_numpy()
    dummies = [members["SEX"] == "M", members["STAGE9"] == "II", members["STAGE9"] == "III"]
    design = sm.add_constant(np.column_stack([members["AGE"], *dummies]).astype(float))
    fit = sm.GLM(first.astype(float), design, family=sm.families.Binomial()).fit(tol=1e-14, maxiter=100)
    return members, first, fit


class TestScores:
    def test_coefficients(self, results, refitted):
        _, _, fit = refitted
        rows = select(results, block="overlap", measure="score_coefficient", stat="estimate")
        assert [(row.variable, row.level) for row in rows] == [
            ("(Intercept)", ""), ("AGE", ""), ("SEX", "M"), ("STAGE9", "II"), ("STAGE9", "III"),
        ]  # fmt: skip
        np.testing.assert_allclose([row.value for row in rows], fit.params, rtol=FITTED)
        errors = select(results, block="overlap", measure="score_coefficient", stat="std_error")
        np.testing.assert_allclose([row.value for row in errors], fit.bse, rtol=FITTED)
        assert not select(results, measure="score_coefficient", stat="p_value")

    @pytest.mark.parametrize("block", ["overlap", "inverse"])
    def test_histograms_add_up(self, results, refitted, block):
        _, first, fit = refitted
        score = fit.predict()
        share = first.mean()
        weight = {"overlap": np.where(first, 1 - score, score),
                  "inverse": np.where(first, share / score, (1 - share) / (1 - score))}[block]  # fmt: skip
        for arm, inside in (("X", first), ("Y", ~first)):
            places = np.minimum((score[inside] * 10).astype(int), 9)
            raw = np.bincount(places, minlength=10) / inside.sum()
            weighted = np.bincount(places, weights=weight[inside], minlength=10) / weight[inside].sum()
            for measure, expected in (("score_share", raw), ("weighted_score_share", weighted)):
                found = [row.value for row in select(results, block=block, arm=arm, measure=measure)]
                np.testing.assert_allclose(found, expected, atol=1e-9)
                assert sum(found) == pytest.approx(1.0)
            share = {"block": block, "arm": arm}
            assert value(results, "effective_size", **share) == pytest.approx(
                weight[inside].sum() ** 2 / (weight[inside] ** 2).sum(), rel=FITTED
            )
            assert value(results, "largest_weight", **share) == pytest.approx(weight[inside].max(), rel=FITTED)
            assert value(results, "relative_weight", **share) == pytest.approx(
                weight[inside].max() / weight[inside].mean(), rel=FITTED
            )

    def test_what_the_arms_have_in_common(self, results, refitted):
        _, first, fit = refitted
        score = fit.predict()
        shares = [np.histogram(score[part], 10, (0, 1))[0] / part.sum() for part in (first, ~first)]
        assert value(results, "overlap", block="overlap", **BETWEEN) == pytest.approx(np.minimum(*shares).sum())
        pairs = score[first][:, None] - score[~first][None, :]
        ties = np.abs(pairs) < 1e-12
        expected = ((pairs > 0) & ~ties).mean() + ties.mean() / 2
        assert value(results, "c_statistic", block="overlap", **BETWEEN) == pytest.approx(expected, abs=1e-12)
        outside = (score[first] < score[~first].min()) | (score[first] > score[~first].max())
        assert value(results, "outside_range", stat="count", block="overlap", arm="X") == outside.sum()
        assert value(results, "outside_range", stat="total", block="overlap", arm="X") == first.sum()

    def test_quantiles(self, results, refitted):
        _, first, fit = refitted
        ordered = np.sort(fit.predict()[first])
        at = {"block": "overlap", "arm": "X"}
        assert value(results, "score_quantile", level="0", **at) == pytest.approx(ordered[0], rel=FITTED)
        assert value(results, "score_quantile", level="1", **at) == pytest.approx(ordered[-1], rel=FITTED)
        middle = np.median(ordered)
        assert value(results, "score_quantile", level="0.5", **at) == pytest.approx(middle, rel=FITTED)


class TestBalance:
    def test_differences_of_a_quantity(self, results, refitted):
        members, first, fit = refitted
        score = fit.predict()
        for column, block in (("AGE", "inverse"), ("CCI", "overlap"), ("CCI", "inverse")):
            values = members[column].to_numpy(dtype=float)
            share = first.mean()
            weight = np.where(first, 1 - score, score) if block == "overlap" else np.where(
                first, share / score, (1 - share) / (1 - score)
            )  # fmt: skip
            spread = math.sqrt((values[first].var(ddof=1) + values[~first].var(ddof=1)) / 2)
            before = (values[first].mean() - values[~first].mean()) / spread
            means = [np.average(values[part], weights=weight[part]) for part in (first, ~first)]
            at = {"block": block, "variable": column, "level": "", **BETWEEN}
            assert value(results, "smd", **at) == pytest.approx(before, rel=1e-12)
            assert value(results, "weighted_smd", **at) == pytest.approx((means[0] - means[1]) / spread, abs=1e-9)
            for arm, mean in zip("XY", means, strict=True):
                found = value(results, "weighted_mean", block=block, variable=column, arm=arm)
                assert found == pytest.approx(mean, rel=1e-9)

    def test_overlap_weights_balance_what_is_scored_exactly(self, results):
        rows = select(results, block="overlap", measure="weighted_smd", stat="estimate")
        scored = [row.value for row in rows if row.variable != "CCI"]
        assert len(scored) == 6
        np.testing.assert_allclose(scored, 0.0, atol=1e-9)
        (apart,) = [row.value for row in rows if row.variable == "CCI"]
        assert abs(apart) > 1e-3

    def test_a_variable_of_levels(self, results, refitted):
        """The distance is over the mean of both arms' multinomial covariances, one level left out."""
        members, first, _ = refitted
        shares = np.array([[(members.loc[part, "STAGE9"] == code).mean() for code in STAGES.levels]
                           for part in (first, ~first)])  # fmt: skip
        covariance = sum(np.diag(p[1:]) - np.outer(p[1:], p[1:]) for p in shares) / 2
        apart = (shares[0] - shares[1])[1:]
        expected = math.sqrt(apart @ np.linalg.solve(covariance, apart))
        at = {"block": "inverse", "variable": "STAGE9", **BETWEEN}
        assert value(results, "smd", level="", **at) == pytest.approx(expected, rel=1e-10)
        for place, code in enumerate(STAGES.levels):
            p1, p0 = shares[:, place]
            spread = math.sqrt((p1 * (1 - p1) + p0 * (1 - p0)) / 2)
            assert value(results, "smd", level=code, **at) == pytest.approx((p1 - p0) / spread, rel=1e-10)
            assert value(results, "proportion", block="inverse", variable="STAGE9", level=code, arm="X") == p1

    def test_of_two_levels_one_has_a_difference(self, results):
        rows = select(results, block="overlap", variable="SEX", measure="smd", stat="estimate")
        assert [row.level for row in rows] == ["M"]

    def test_differences_beyond_the_limit_are_counted(self, results):
        rows = select(results, block="inverse", measure="weighted_smd", stat="estimate")
        counted = [row for row in rows if row.variable != "STAGE9" or row.level]
        beyond = sum(abs(row.value) > 0.1 for row in counted)
        assert value(results, "weighted_unbalanced", stat="count", block="inverse") == beyond
        assert value(results, "weighted_unbalanced", stat="total", block="inverse") == len(counted) == 6

    def test_scales(self, crowd):
        """A logarithm has a geometric mean, a date the day of its mean, whatever the unit of a covariate."""
        tens, virus = replace(AGE, per=10.0), Covariate("CCI", "virus", "log2", floor=0.5)
        day = Covariate("ENRLDT", "day", "date")
        spec = replace(
            BALANCE,
            adjustments=(replace(OVERLAP, confounders=(tens,)),),
            characteristics=(
                Balanced(tens, "Age", "decimal1"),
                Balanced(virus, "Virus", "decimal1"),
                Balanced(day, "Day"),
            ),
        )
        found = summarize_propensity(crowd, spec)
        members = population_members(crowd, "BEAM")
        first = members.loc[members[ARM] == "X"]
        at = {"block": "overlap", "arm": "X"}
        assert value(found, "mean", variable="AGE", **at) == pytest.approx(first["AGE"].mean())
        assert value(found, "std_deviation", variable="AGE", **at) == pytest.approx(first["AGE"].std())
        logs = np.log(np.maximum(first["CCI"], 0.5))
        assert value(found, "geometric_mean", variable="CCI", **at) == pytest.approx(math.exp(logs.mean()))
        assert value(found, "geometric_deviation", variable="CCI", **at) == pytest.approx(math.exp(logs.std()))
        ordinals = [stamp.toordinal() for stamp in first["ENRLDT"]]
        assert value(found, "mean", variable="ENRLDT", **at) == pytest.approx(np.mean(ordinals), abs=1e-6)
        assert one(found, measure="mean", stat="estimate", variable="ENRLDT", **at).unit == "date"

    def test_limits_before_weighting_only(self, results):
        at = {"block": "overlap", "variable": "AGE"}
        low, high = (value(results, "smd", stat=stat, **at) for stat in ("ci_low", "ci_high"))
        assert low < value(results, "smd", **at) < high
        assert not select(results, measure="weighted_smd", stat="ci_low")


class TestLost:
    def test_who_lacks_a_confounder_is_counted_by_arm_and_variable(self, crowd):
        adsl = crowd["adsl"]
        lacking = np.arange(len(adsl)) % 6 == 0
        study = crowd.with_frames({"adsl": adsl.assign(AGE=adsl["AGE"].mask(lacking))})
        found = summarize_propensity(study, BALANCE)
        members = population_members(study, "BEAM")
        for arm in "XY":
            inside = (members[ARM] == arm).to_numpy()
            gone = int((members["AGE"].isna() & inside).sum())
            assert value(found, "missing", stat="count", variable="AGE", arm=arm) == gone > 0
            at = {"block": "overlap", "arm": arm}
            assert value(found, "not_evaluable", stat="count", level="no-covariate", **at) == gone
            assert value(found, "participants", stat="count", **at) == inside.sum() - gone
        assert every_gap_has_its_reason(found)

    def test_trimming_is_told_and_changes_no_denominator(self, crowd, results):
        trimmed = replace(SCORED, trim=Trim("range", 0.4, 0.6))
        found = summarize_propensity(crowd, replace(BALANCE, adjustments=(trimmed,)))
        lost = value(found, "not_evaluable", stat="count", level="trimmed", arm="all")
        assert lost > 0
        assert value(found, "observed", stat="count", arm="all", block="overlap") == (
            value(found, "participants", stat="count", arm="all", block="overlap") - lost
        )
        assert value(found, "trim_limit", level="lower") == 0.4
        for variable, level in (("AGE", ""), ("STAGE9", "II")):
            at = {"block": "overlap", "variable": variable, "level": level, **BETWEEN}
            assert value(found, "smd", **at) == value(results, "smd", **at)
        np.testing.assert_allclose(
            [r.value for r in select(found, measure="weighted_proportion", variable="STAGE9", arm="X")],
            [r.value for r in select(found, measure="weighted_proportion", variable="STAGE9", arm="Y")], atol=1e-9,
        )  # fmt: skip

    def test_imputed_sets_are_averaged(self, crowd):
        adsl = crowd["adsl"]
        lacking = np.arange(len(adsl)) % 6 == 0
        study = crowd.with_frames({"adsl": adsl.assign(AGE=adsl["AGE"].mask(lacking))})
        imputed = replace(SCORED, missing="imputed", imputations=3, iterations=2, donors=3, seed=4)
        found = summarize_propensity(study, replace(BALANCE, adjustments=(imputed,)))
        size = len(population_members(study, "BEAM"))
        assert value(found, "observed", stat="count", arm="all", block="overlap") == size
        rows = select(found, measure="weighted_smd", stat="estimate")
        np.testing.assert_allclose([row.value for row in rows if row.variable != "CCI"], 0.0, atol=1e-9)
        assert not select(found, measure="smd", stat="ci_low")
        assert value(found, "score_coefficient", stat="std_error", variable="AGE") > 0
        assert "average over 3 imputations" in found.catalogue.analyses["balance"].sentences["target.overlap"]


class TestEdges:
    def test_a_confounder_that_tells_the_arm_is_said_in_words(self, crowd):
        adsl = crowd["adsl"].assign(SEX=np.where(crowd["adsl"]["TRT01A"] == "X", "F", "M"))
        found = summarize_propensity(crowd.with_frames({"adsl": adsl}), BALANCE)
        told = found.catalogue.analyses["balance"].sentences["verdict.overlap"]
        assert told.startswith("Overlap weights: nothing can be weighted. The likelihood has no maximum")
        assert "sex Men separates the arms" in told
        assert math.isnan(value(found, "effective_size", block="overlap", arm="X"))
        assert math.isnan(value(found, "weighted_smd", block="overlap", variable="AGE"))
        assert not math.isnan(value(found, "smd", block="overlap", variable="AGE"))
        assert every_gap_has_its_reason(found)

    def test_an_empty_arm(self, crowd):
        adsl = crowd["adsl"].loc[lambda frame: frame["TRT01A"] == "X"].reset_index(drop=True)
        found = summarize_propensity(crowd.with_frames({"adsl": adsl}), BALANCE)
        assert "Nobody is in the second arm" in found.catalogue.analyses["balance"].sentences["verdict.overlap"]
        assert every_gap_has_its_reason(found)

    def test_all_missing(self, crowd):
        adsl = crowd["adsl"].assign(AGE=np.nan)
        found = summarize_propensity(crowd.with_frames({"adsl": adsl}), BALANCE)
        assert "There are no participants" in found.catalogue.analyses["balance"].sentences["verdict.overlap"]
        assert value(found, "observed", stat="count", block="overlap", arm="all") == 0
        assert every_gap_has_its_reason(found)

    def test_one_level_and_no_variance(self, crowd):
        found = summarize_propensity(crowd.with_frames({"adsl": crowd["adsl"].assign(SEX="F", CCI=1.0)}), BALANCE)
        assert math.isnan(value(found, "smd", block="overlap", variable="SEX", level="M"))
        assert math.isnan(value(found, "weighted_smd", block="overlap", variable="CCI"))
        assert math.isnan(value(found, "score_coefficient", block="overlap", variable="SEX", level="M"))
        assert not math.isnan(value(found, "effective_size", block="overlap", arm="X"))
        assert value(found, "unbalanced", stat="total", block="overlap") == 4
        assert every_gap_has_its_reason(found)

    def test_one_participant_in_each_arm(self, crowd):
        adsl = crowd["adsl"].loc[crowd["adsl"]["RTSTDT"].notna()]
        two = adsl.groupby("TRT01A", sort=True).head(1).reset_index(drop=True)
        found = summarize_propensity(crowd.with_frames({"adsl": two}), BALANCE)
        assert "nothing can be weighted" in found.catalogue.analyses["balance"].sentences["verdict.overlap"]
        assert every_gap_has_its_reason(found)

    def test_nothing_wrong_is_said_of_arms_that_overlap(self, results):
        assert not any(topic.startswith("verdict") for topic in results.catalogue.analyses["balance"].sentences)

    def test_little_overlap_is_said_by_the_limits_of_the_plan(self, crowd):
        strict = replace(BALANCE, least_overlap=0.999, least_effective=0.999)
        told = summarize_propensity(crowd, strict).catalogue.analyses["balance"].sentences["verdict.inverse"]
        assert "the arms hardly overlap (less than 99.9% of" in told
        assert "few participants carry the weight of Ex" in told

    @pytest.mark.parametrize("arms", [(Arm("X", "Ex"),), (Arm("X", "Ex"), Arm("Y", "Wye"), Arm("Z", "Zed"))])
    def test_without_two_arms_nothing_is_weighted(self, crowd, arms):
        study = replace(crowd, arms=arms)
        if len(arms) == 1:
            study = study.with_frames({"adsl": crowd["adsl"].loc[crowd["adsl"]["TRT01A"] == "X"]})
        found = summarize_propensity(study, BALANCE)
        assert {row.measure for row in found.rows} == {"participants"}
        assert every_gap_has_its_reason(found)
        assert "two arms are required" in found.catalogue.analyses["balance"].sentences["pair"]

    def test_pooled(self, crowd):
        found = summarize_propensity(replace(crowd, arms=()), BALANCE)
        assert {row.arm for row in found.rows} == {"all"}

    def test_masked_arms_are_refused(self, crowd):
        letters = {name: crowd["adsl"][name].map({"X": "B", "Y": "A"}) for name in ARM_COLUMNS.values()}
        masked = crowd.with_frames({"adsl": crowd["adsl"].assign(**letters)})
        with pytest.raises(SpecError, match="arms are masked, and scores could tell which is which"):
            summarize_propensity(replace(masked, arms=(Arm("A", "Arm A"), Arm("B", "Arm B"))), BALANCE)
