"""Comparisons recomputed: scores by statsmodels, weights, means and curves by formulas written here."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from entries import AGE, COMPARED, EARLY, OVERLAP, SEXES
from gaps import every_gap_has_its_reason

from npcstats.analyses.adjustment.outcomes import GradeOutcome, MarkerOutcome, TimeOutcome, derive_outcome
from npcstats.analyses.adjustment.spec import Covariate, Trim
from npcstats.analyses.comparison.rows import UNADJUSTED
from npcstats.analyses.comparison.spec import Curves, Intercurrent, Measure, OutcomeModel
from npcstats.analyses.comparison.summary import summarize_comparison
from npcstats.derive import arm_pair, population_members
from npcstats.errors import SpecError
from npcstats.results import Row, one, select
from npcstats.study import ARM, Arm

NAUSEA = GradeOutcome("NAUSEA2", "Nausea", ("Nausea",), 2, EARLY, baseline_adjusted=True, scale="CTCAE")
HARMED = replace(
    COMPARED, population="DOSED", outcome=NAUSEA, measures=(Measure("risk_difference"), Measure("risk_ratio")), ties="",
    curves=None,
)  # fmt: skip
MARKED = replace(
    COMPARED, outcome=MarkerOutcome("LOGM", "Log marker", "u", "V1", "", "log", "half-limit"),
    measures=(Measure("mean_ratio"),), ties="", curves=None, minimum_events=0,
)  # fmt: skip
FITTED = 1e-8  # both fits end where the gradient is 1e-8 or less


def recomputed(study, spec):
    """Members with the outcome, their arms, outcomes, and overlap weights by statsmodels."""
    members = population_members(study, spec.population)
    data = derive_outcome(study, members, spec.outcome, spec.id)
    members, data = members.loc[data.known], data.of(data.known)
    first = (members[ARM] == arm_pair(study)[0]).to_numpy()
    design = sm.add_constant(members[["AGE"]].to_numpy(dtype=float))
    fit = sm.GLM(first.astype(float), design, family=sm.families.Binomial()).fit(tol=1e-14, maxiter=100)
    score = fit.predict()
    return members, data, first, np.where(first, 1 - score, score)


def survival_at(time, event, weight, at):
    """Product-limit estimate by weights, one distinct time after the other."""
    left = 1.0
    for moment in np.unique(time[event & (time <= at)]):
        left *= 1 - weight[event & (time == moment)].sum() / weight[time >= moment].sum()
    return left


def value(results, block, measure, *, stat="estimate", **at):
    return one(results, block=block, measure=measure, stat=stat, **at).value


class TestNumbers:
    def test_risks(self, crowd):
        results = summarize_comparison(crowd, HARMED)
        _, data, first, weight = recomputed(crowd, HARMED)
        for block, used in ((UNADJUSTED, np.ones(len(weight))), ("overlap", weight)):
            risks = [np.average(data.values[arm], weights=used[arm]) for arm in (first, ~first)]
            told = [value(results, block, "risk", arm=arm) for arm in ("X", "Y")]
            assert told == pytest.approx(risks, rel=FITTED)
            assert value(results, block, "risk_difference") == pytest.approx(risks[0] - risks[1], rel=FITTED)
            assert value(results, block, "risk_ratio") == pytest.approx(risks[0] / risks[1], rel=FITTED)

    def test_survival(self, crowd):
        results = summarize_comparison(crowd, COMPARED)
        _, data, first, weight = recomputed(crowd, COMPARED)
        event = data.cause == 1
        for block, used in ((UNADJUSTED, np.ones(len(weight))), ("overlap", weight)):
            wanted = [survival_at(data.values[arm], event[arm], used[arm], 6.0) for arm in (first, ~first)]
            told = [value(results, block, "survival", arm=arm, time=6.0) for arm in ("X", "Y")]
            assert told == pytest.approx(wanted, rel=FITTED)
            assert value(results, block, "survival_difference") == pytest.approx(wanted[0] - wanted[1], rel=1e-7)

    def test_means(self, crowd):
        results = summarize_comparison(crowd, MARKED)
        _, data, first, weight = recomputed(crowd, MARKED)
        means = [np.average(data.values[arm], weights=weight[arm]) for arm in (first, ~first)]
        told = [value(results, "overlap", "geometric_mean", arm=arm) for arm in ("X", "Y")]
        assert told == pytest.approx(np.exp(means), rel=FITTED)
        assert value(results, "overlap", "mean_ratio") == pytest.approx(math.exp(means[0] - means[1]), rel=FITTED)

    def test_effective_sizes(self, crowd):
        results = summarize_comparison(crowd, HARMED)
        _, _, first, weight = recomputed(crowd, HARMED)
        for arm, inside in (("X", first), ("Y", ~first)):
            size = weight[inside].sum() ** 2 / (weight[inside] ** 2).sum()
            assert value(results, "overlap", "effective_size", arm=arm) == pytest.approx(size, rel=FITTED)

    def test_limits_are_normal_on_the_scale_of_inference(self, crowd):
        results = summarize_comparison(crowd, replace(HARMED, p_values=True))
        for measure, turn in (("risk_difference", float), ("risk_ratio", math.log)):
            row = {stat: value(results, "overlap", measure, stat=stat)
                   for stat in ("estimate", "ci_low", "ci_high", "std_error", "p_value")}  # fmt: skip
            half = 1.959963984540054 * row["std_error"]
            assert turn(row["ci_low"]) == pytest.approx(turn(row["estimate"]) - half)
            assert turn(row["ci_high"]) == pytest.approx(turn(row["estimate"]) + half)
            assert row["p_value"] == pytest.approx(math.erfc(abs(turn(row["estimate"])) / row["std_error"] / 2**0.5))

    def test_curves_are_the_estimates_at_a_time(self, crowd):
        results = summarize_comparison(crowd, COMPARED)
        _, data, first, weight = recomputed(crowd, COMPARED)
        rows = select(results, block="overlap", arm="X", measure="survival_curve", stat="estimate")
        wanted = [survival_at(data.values[first], data.cause[first] == 1, weight[first], row.time) for row in rows]
        assert len(rows) > 3
        assert [row.value for row in rows] == pytest.approx(wanted, rel=FITTED)
        for block in (UNADJUSTED, "overlap"):
            told = value(results, block, "at_risk", stat="count", arm="X", time=6.0)
            assert told == (data.values[first] >= 6.0).sum()
        at_six = weight[first & (data.values >= 6.0)]
        worth = value(results, "overlap", "effective_at_risk", arm="X", time=6.0)
        assert worth == pytest.approx(at_six.sum() ** 2 / (at_six**2).sum(), rel=FITTED)

    def test_incidence_where_events_compete(self, crowd):
        spec = replace(
            COMPARED, outcome=TimeOutcome("CONTROL"), measures=(Measure("incidence_difference", 6.0),), ties=""
        )
        results = summarize_comparison(crowd, spec)
        _, data, first, weight = recomputed(crowd, spec)
        wanted = 0.0
        time, cause, used = data.values[first], data.cause[first], weight[first]
        for moment in np.unique(time[(cause > 0) & (time <= 6.0)]):
            before = survival_at(time, cause > 0, used, np.nextafter(moment, 0))
            wanted += before * used[(cause == 1) & (time == moment)].sum() / used[time >= moment].sum()
        assert value(results, "overlap", "incidence", arm="X", time=6.0) == pytest.approx(wanted, rel=FITTED)
        assert {row.level for row in select(results, measure="incidence_curve")} == {"event"}

    def test_a_regression_of_the_outcome_stands_beside_the_weights(self, crowd):
        """Linear regression together of the weighted: AIPW adds the weighted residuals to the averaged predictions."""
        spec = replace(MARKED, outcome_model=OutcomeModel("aipw", "together"))
        results = summarize_comparison(crowd, spec)
        members, data, first, weight = recomputed(crowd, spec)
        age = members["AGE"].to_numpy(dtype=float)
        columns = np.column_stack([np.ones(len(age)), first, age])
        coef = np.linalg.lstsq(columns, data.values, rcond=None)[0]
        tilt = weight * (1 - weight)  # of both arms e(1 - e)
        arms = []
        for code, inside in ((1.0, first), (0.0, ~first)):
            predicted = coef[0] + coef[1] * code + coef[2] * age
            missed = np.average((data.values - predicted)[inside], weights=weight[inside])
            arms.append(np.average(predicted, weights=tilt) + missed)
        assert value(results, "aipw", "mean_ratio") == pytest.approx(math.exp(arms[0] - arms[1]), rel=1e-7)


class TestParticipants:
    def test_unadjusted_and_adjusted_are_of_the_same(self, crowd):
        """Every fourth has no comorbidity index: without it nobody is compared, adjusted or not."""
        known = replace(OVERLAP, name="fewer", confounders=(AGE,))
        sick = crowd["adsl"].assign(CCI=crowd["adsl"]["CCI"].mask(crowd["adsl"].index % 4 == 0))
        study = crowd.with_frames({"adsl": sick})
        less = replace(OVERLAP, confounders=(AGE, Covariate("CCI", "Index", "continuous")))
        results = summarize_comparison(study, replace(HARMED, adjustments=(less, known)))
        counts = {
            block: [value(results, block, "participants", stat="count", arm=arm) for arm in ("X", "Y", "all")]
            for block in (UNADJUSTED, "overlap", "unadjusted.fewer", "fewer")
        }
        assert counts[UNADJUSTED] == counts["overlap"]
        assert counts["unadjusted.fewer"] == counts["fewer"]
        assert counts["fewer"][2] > counts["overlap"][2]
        lost = one(results, block="overlap", arm="all", measure="not_evaluable", level="no-covariate").value
        assert lost == counts["fewer"][2] - counts["overlap"][2]

    def test_everybody_of_the_set_is_accounted_for(self, crowd):
        spec = replace(HARMED, adjustments=(replace(OVERLAP, trim=Trim("range", 0.45, 0.55)),))
        results = summarize_comparison(crowd, spec)
        whole = one(results, block="", arm="all", measure="participants").value
        out = sum(r.value for r in select(results, arm="all", measure="not_evaluable"))
        compared = value(results, "overlap", "participants", stat="count", arm="all")
        assert out + compared == whole
        assert one(results, block="overlap", arm="all", measure="not_evaluable", level="trimmed").value > 0

    def test_imputation_keeps_everybody(self, crowd):
        sick = crowd["adsl"].assign(AGE=crowd["adsl"]["AGE"].mask(crowd["adsl"].index % 4 == 0))
        study = crowd.with_frames({"adsl": sick})
        imputed = replace(
            OVERLAP, name="imputed", missing="imputed", imputations=3, iterations=2, donors=3, seed=7,
            confounders=(
                AGE, Covariate("CCI", "Index", "continuous"), Covariate("SEX", "Sex", "categorical", levels=SEXES)
            ),
        )  # fmt: skip
        results = summarize_comparison(study, replace(HARMED, adjustments=(OVERLAP, imputed)))
        everyone = one(results, block="", arm="all", measure="observed", stat="count").value
        assert value(results, "imputed", "participants", stat="count", arm="all") == everyone
        assert value(results, "overlap", "participants", stat="count", arm="all") < everyone
        row = one(results, block="imputed", measure="risk_difference", stat="estimate")
        assert "Rubin" in row.method
        arms = [value(results, "imputed", "risk", arm=arm) for arm in ("X", "Y")]
        assert row.value == pytest.approx(arms[0] - arms[1])
        assert every_gap_has_its_reason(results)


class TestEdges:
    @pytest.mark.parametrize("arms", [(), (Arm("X", "Ex"),), (Arm("X", "Ex"), Arm("Y", "Wye"), Arm("Z", "Zed"))])
    def test_without_two_arms_nothing_is_compared(self, crowd, arms):
        study = replace(crowd, arms=arms)
        if len(arms) == 1:
            study = study.with_frames({"adsl": crowd["adsl"].loc[crowd["adsl"]["TRT01A"] == "X"]})
        results = summarize_comparison(study, HARMED)
        assert {row.block for row in results.rows} == {""}
        assert "two arms are required" in results.catalogue.analyses["compared"].sentences["pair"]

    def test_an_empty_arm(self, crowd):
        adsl = crowd["adsl"].loc[lambda frame: frame["TRT01A"] == "X"]
        results = summarize_comparison(crowd.with_frames({"adsl": adsl.reset_index(drop=True)}), HARMED)
        rows = select(results, measure="risk_difference", stat="estimate")
        assert [row.block for row in rows] == [UNADJUSTED, "overlap"]
        assert all(math.isnan(row.value) for row in rows)
        assert rows[1].note == "Nobody is in the second arm, so there is no score."
        assert every_gap_has_its_reason(results)

    def test_a_covariate_that_predicts_the_arm(self, crowd):
        adsl = crowd["adsl"].assign(CCI=(crowd["adsl"]["TRT01A"] == "X").astype(float))
        weighed = replace(OVERLAP, confounders=(Covariate("CCI", "Index", "continuous"),))
        results = summarize_comparison(crowd.with_frames({"adsl": adsl}), replace(COMPARED, adjustments=(weighed,)))
        row = one(results, block="overlap", measure="hazard_ratio", stat="estimate")
        assert math.isnan(row.value)
        assert "Index separates the arms" in row.note
        assert not select(results, block="overlap", measure="survival_curve")
        assert not math.isnan(value(results, UNADJUSTED, "hazard_ratio"))
        assert every_gap_has_its_reason(results)

    def test_few_events(self, crowd):
        results = summarize_comparison(crowd, replace(COMPARED, minimum_events=1000))
        rows = select(results, measure="hazard_ratio", stat="estimate")
        assert {row.note for row in rows} == {"There are fewer than 1000 events, so no effect is estimated."}
        assert every_gap_has_its_reason(results)

    def test_no_outcome_at_all(self, crowd):
        labs = crowd["adlb"].iloc[:0]
        results = summarize_comparison(crowd.with_frames({"adlb": labs}), MARKED)
        row = one(results, block="overlap", measure="mean_ratio", stat="estimate")
        assert math.isnan(row.value)
        assert row.note
        assert one(results, arm="all", measure="observed", stat="count").value == 0

    def test_one_of_an_arm(self, crowd):
        adsl = crowd["adsl"]
        kept = adsl.loc[(adsl["TRT01A"] == "X") | (adsl.index == adsl.index[adsl["TRT01A"] == "Y"][0])]
        results = summarize_comparison(crowd.with_frames({"adsl": kept.reset_index(drop=True)}), MARKED)
        assert every_gap_has_its_reason(results)

    @pytest.mark.parametrize(
        ("endpoint", "measure", "match"),
        [("DEAD", "incidence_difference", "no competing event"), ("CONTROL", "survival_difference", "a competing")],
    )
    def test_a_measure_that_the_endpoint_has_not(self, crowd, endpoint, measure, match):
        spec = replace(COMPARED, outcome=TimeOutcome(endpoint), measures=(Measure(measure, 6.0),), ties="")
        with pytest.raises(SpecError, match=match):
            summarize_comparison(crowd, spec)


class TestWords:
    def test_the_estimand_is_named(self, crowd):
        death = Intercurrent("Death", "while alive", "it competes")
        results = summarize_comparison(crowd, replace(COMPARED, intercurrent=(death,)))
        entry = results.catalogue.analyses["compared"]
        assert entry.labels["block"]["overlap"] == "Overlap weights, ATO"
        assert "ATO" in entry.sentences["adjustment.overlap"]
        assert entry.sentences["intercurrent.1"] == "Death: while alive (it competes)."
        assert entry.sentences["summary"] == "Hazard ratio; survival difference at 6 months."
        assert entry.choices["estimand"] == "ato"

    def test_no_word_of_unrandomised_arms_in_a_randomised_trial(self, crowd):
        study = replace(crowd, design=replace(crowd.design, allocation="randomized"))
        told = summarize_comparison(study, COMPARED).catalogue.analyses["compared"].sentences
        assert not any("not randomised" in text for text in told.values())

    def test_rows_are_in_the_vocabulary(self, crowd):
        rows = summarize_comparison(crowd, replace(COMPARED, curves=Curves("plain", (0.0,), 2))).rows
        assert all(isinstance(row, Row) and not row.faults for row in rows)
