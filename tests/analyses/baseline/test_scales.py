"""Every scale and statistic, recomputed by pandas and SciPy; masks, pools, subgroups and what has no number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from characteristics import AGE, EBV, ENROLLED, INDUCTION, SEX, SPEC, STAGE, STAGES, only, with_ebv
from scipy import stats

from npcstats.analyses.baseline.rows import DATES
from npcstats.analyses.baseline.spec import Characteristic
from npcstats.analyses.baseline.summary import summarize_baseline
from npcstats.derive import mask_arms, pool_arms, population_members
from npcstats.errors import SpecError
from npcstats.estimators.continuous import standardized_mean_difference
from npcstats.results import is_withheld, one, select
from npcstats.study import Arm

# sums in another order
ROUNDING = 1e-11


@pytest.fixture(scope="module")
def study(crowd):
    return with_ebv(crowd)


@pytest.fixture(scope="module")
def members(study):
    return population_members(study, "EVERY")


@pytest.fixture(scope="module")
def results(study):
    return summarize_baseline(study, SPEC)


def value(results, subgroup="all", **at):
    return one(results, subgroup=subgroup, **at).value


def of_arm(members, arm, column):
    return members.loc[members["ARM"] == arm, column]


def smd(results, variable, stat="estimate"):
    return value(results, variable=variable, measure="smd", stat=stat)


@pytest.mark.parametrize("arm", ["X", "Y"])
class TestStatistics:
    def test_range_and_geometric_mean(self, results, members, arm):
        ages, ebv = of_arm(members, arm, "AGE"), of_arm(members, arm, "EBVBL").dropna().clip(lower=30)
        logs = np.log(ebv)
        expected = {
            ("AGE", "minimum"): ages.min(), ("AGE", "maximum"): ages.max(),
            ("EBVBL", "geometric_mean"): stats.gmean(ebv), ("EBVBL", "geometric_deviation"): stats.gstd(ebv),
            ("EBVBL", "geometric_variation"): np.sqrt(np.exp(logs.var()) - 1),
        }  # fmt: skip
        for (variable, measure), number in expected.items():
            assert value(results, variable=variable, measure=measure, arm=arm) == pytest.approx(number, rel=ROUNDING)

    def test_dates(self, results, members, arm):
        """The median is a date that somebody has, of two middle ones the earlier."""
        dates = of_arm(members, arm, "ENRLDT").sort_values()
        middle = dates.iloc[(len(dates) - 1) // 2]
        for measure, date in (("minimum", dates.iloc[0]), ("median", middle), ("maximum", dates.iloc[-1])):
            row = one(results, subgroup="all", variable="ENRLDT", measure=measure, arm=arm)
            assert (row.value, row.unit) == (date.toordinal(), "date")

    def test_missing_values_are_no_level(self, results, members, arm):
        lost = int(of_arm(members, arm, "STAGE9").eq("").sum())
        assert value(results, variable="STAGE9", measure="missing", arm=arm) == lost == 1
        shares = select(results, variable="STAGE9", measure="proportion", arm=arm, subgroup="all", stat="count")
        assert {row.level for row in shares} == {*STAGES}
        assert sum(row.value for row in shares) == value(results, variable="STAGE9", measure="observed", arm=arm)


class TestDifferences:
    def test_binary_is_of_the_level_named(self, results, members):
        men = [of_arm(members, arm, "SEX").eq("M").mean() for arm in "XY"]
        spread = sum(share * (1 - share) for share in men) / 2
        assert smd(results, "SEX") == pytest.approx((men[0] - men[1]) / spread**0.5, rel=ROUNDING)
        assert np.sign(smd(results, "SEX")) == np.sign(men[0] - men[1])

    def test_ordinal_is_of_scores_or_of_categories_as_the_plan_says(self, study, results, members):
        scores = [of_arm(members, arm, "STAGE9").map({"IB": 1.0, "II": 2.0, "III": 3.0}).dropna() for arm in "XY"]
        spread = sum(score.var() for score in scores) / 2
        expected = (scores[0].mean() - scores[1].mean()) / spread**0.5
        assert smd(results, "STAGE9") == pytest.approx(expected, rel=ROUNDING)
        categories = summarize_baseline(study, only(replace(STAGE, smd="categories", test="")))
        shares = [score.value_counts(normalize=True).reindex([1.0, 2.0, 3.0]).to_numpy() for score in scores]
        covariance = sum(np.diag(share) - np.outer(share, share) for share in shares) / 2
        apart = (shares[0] - shares[1])[:2]
        distance = (apart @ np.linalg.inv(covariance[:2, :2]) @ apart) ** 0.5
        assert smd(categories, "STAGE9") == pytest.approx(distance, rel=1e-9)
        told = [made.catalogue.analyses["who"].sentences["adjustment"] for made in (results, categories)]
        assert "of scores 1, 2, … for its levels: Stage." in told[0]
        assert "of its categories whatever their order: Stage." in told[1]

    def test_skewed_is_of_logarithms_and_a_date_of_days(self, results, members):
        logs = [np.log(of_arm(members, arm, "EBVBL").dropna().clip(lower=30)) for arm in "XY"]
        days = [(of_arm(members, arm, "ENRLDT") - pd.Timestamp("1970-01-01")).dt.days for arm in "XY"]
        for variable, parts in (("EBVBL", logs), ("ENRLDT", days)):
            spread = sum(part.var() for part in parts) / 2
            assert smd(results, variable) == pytest.approx((parts[0].mean() - parts[1].mean()) / spread**0.5, rel=1e-9)

    @pytest.mark.parametrize("variable", ["AGE", "SEX", "STAGE9", "INDREG", "EBVBL", "ENRLDT"])
    def test_each_has_limits_of_the_plans_level(self, results, variable):
        low, high = (smd(results, variable, stat) for stat in ("ci_low", "ci_high"))
        assert low < smd(results, variable) < high
        assert one(results, subgroup="all", variable=variable, measure="smd", stat="ci_low").conf_level == 0.95

    def test_limits_are_those_of_the_estimator(self, results, members):
        parts = [of_arm(members, arm, "AGE") for arm in "XY"]
        found = standardized_mean_difference(*parts, kind="continuous", denominator="average", conf_level=0.95)
        assert smd(results, "AGE", "ci_low") == pytest.approx(found.lower, rel=ROUNDING)

    def test_without_a_level_there_are_no_limits_and_without_a_denominator_no_difference(self, study):
        plain = only(AGE)
        assert len(select(summarize_baseline(study, replace(plain, conf_level=None)), measure="smd")) == 1
        none = summarize_baseline(study, replace(plain, conf_level=None, smd_denominator=""))
        assert select(none, measure="smd") == ()
        assert "SMD" not in none.catalogue.analyses["who"].sentences["adjustment"]


class TestTests:
    def test_each_is_the_one_that_the_plan_names(self, results, members):
        """SciPy's, but for the trend, which is the correlation of scores and arms: n r² on the rows with a stage."""
        staged = members[members["STAGE9"] != ""]
        scores = staged["STAGE9"].map({"IB": 1.0, "II": 2.0, "III": 3.0})
        trend = len(staged) * np.corrcoef(scores, staged["ARM"] == "X")[0, 1] ** 2
        ages, days = ([of_arm(members, arm, column) for arm in "XY"] for column in ("AGE", "ENRLDT"))
        ebv = [of_arm(members, arm, "EBVBL").dropna().clip(lower=30) for arm in "XY"]
        tables = {c: pd.crosstab(members["ARM"], members[c]).to_numpy() for c in ("SEX", "INDREG")}
        expected = {
            "AGE": stats.ttest_ind(*ages, equal_var=False).pvalue,
            "SEX": stats.fisher_exact(tables["SEX"]).pvalue,
            "STAGE9": stats.chi2.sf(trend, 1),
            "INDREG": stats.chi2_contingency(tables["INDREG"], correction=True).pvalue,
            "EBVBL": stats.mannwhitneyu(*ebv, use_continuity=True, method="asymptotic").pvalue,
            "ENRLDT": stats.kruskal(*[part.astype("int64") for part in days]).pvalue,
        }
        for variable, p_value in expected.items():
            row = one(results, subgroup="all", variable=variable, measure="test", stat="p_value")
            assert row.value == pytest.approx(p_value, rel=1e-9), variable
            assert row.method == next(item.test for item in SPEC.characteristics if item.column == variable)

    def test_p_values_are_adjusted_as_the_plan_says(self, study, results):
        raw, held = (
            {row.variable: row.value for row in select(results, measure=measure, stat="p_value")}
            for measure in ("test", "test_adjusted")
        )
        ordered, highest = sorted(raw, key=raw.__getitem__), 0.0
        for i, variable in enumerate(ordered):
            highest = max(highest, min((len(raw) - i) * raw[variable], 1))
            assert held[variable] == pytest.approx(highest, rel=ROUNDING)
        assert "Holm's method" in results.catalogue.analyses["who"].sentences["tests"]
        assert "logarithm: EBV DNA" in results.catalogue.analyses["who"].sentences["tests"]
        plain = summarize_baseline(study, replace(SPEC, multiplicity="none"))
        assert select(plain, measure="test_adjusted") == ()

    def test_none_is_made_unless_asked_for(self, study):
        untested = tuple(replace(item, test="") for item in SPEC.characteristics)
        results = summarize_baseline(study, replace(SPEC, characteristics=untested, multiplicity=""))
        assert select(results, stat="p_value") == ()
        assert "tests" not in results.catalogue.analyses["who"].sentences

    def test_none_within_subgroups(self, results):
        assert {row.subgroup for row in results.rows if row.stat == "p_value"} == {"all"}

    @pytest.mark.parametrize("item", [AGE, SEX, STAGE, INDUCTION, EBV])
    def test_of_two_arms_is_refused_for_three(self, study, item):
        design = replace(study.design, arms=(*study.design.arms, Arm("Z", "Zed")))
        three = replace(study, design=design, arms=design.arms)
        with pytest.raises(SpecError, match=rf"^plan: who: {item.column}: test is .* two arms, but there are 3"):
            summarize_baseline(three, only(item))


class TestSubgroups:
    def test_are_summaries_of_their_members_alone(self, study, results):
        plain = replace(SPEC, split=None, multiplicity="none")
        for code in STAGES:
            adsl = study["adsl"]
            part = study.with_frames({"adsl": adsl[adsl["STAGE9"] == code].reset_index(drop=True)})
            alone = summarize_baseline(part, plain)
            rows = [row for row in results.rows if row.subgroup == f"STAGE9={code}"]
            assert len(rows) > 100
            by_key = {row.key: row for row in alone.rows}
            for row in rows:
                twin = by_key[replace(row, subgroup="all").key]
                assert replace(row, subgroup="all") == twin

    def test_who_is_in_none_is_counted(self, results):
        lost = {row.arm: row.value for row in select(results, measure="unplaced")}
        assert lost == {"X": 1, "Y": 1, "all": 2}
        sizes = {row.subgroup: row.value for row in select(results, measure="participants", arm="all")}
        assert sizes.pop("all") == 60
        assert sum(sizes.values()) == 58

    def test_outside_the_levels_is_refused(self, study):
        split = replace(SPEC.split, levels={"IB": "IB", "II": "II"})
        with pytest.raises(SpecError, match="STAGE9 has values outside its levels"):
            summarize_baseline(study, replace(SPEC, split=split))


@pytest.fixture(scope="module")
def masked(study):
    return summarize_baseline(mask_arms(study, {"X": "B", "Y": "A"}), SPEC)


class TestMasks:
    def test_dates_are_not_told_by_arm_nor_compared(self, masked):
        dates = [row for row in masked.rows if row.variable == "ENRLDT"]
        hidden = [row for row in dates if is_withheld(row)]
        assert {row.measure for row in hidden} == {"minimum", "median", "maximum", "smd", "test", "test_adjusted"}
        for row in dates:
            told = row.measure in ("observed", "missing") or (row.arm == "all" and row.measure in DATES)
            assert is_withheld(row) != told
        sentences = masked.catalogue.analyses["who"].sentences
        assert "withheld while arms are masked" in sentences["dates"]
        assert "which arm is which" in sentences["masking"]

    def test_everything_else_is_as_it_is(self, study, masked):
        named = summarize_baseline(study, SPEC)
        letters = {"X": "B", "Y": "A", "all": "all"}
        told = {row.key: row.value for row in masked.rows if not is_withheld(row)}
        for row in named.rows:
            if row.measure == "mean":
                assert told[replace(row, arm=letters[row.arm]).key] == row.value

    def test_pooled_dates_are_told_since_they_tell_nothing_of_arms(self, study):
        pooled = summarize_baseline(pool_arms(study), replace(SPEC, split=None))
        assert not any(map(is_withheld, pooled.rows))
        assert select(pooled, measure={"smd", "test"}) == ()
        first = one(pooled, variable="ENRLDT", measure="minimum").value
        assert first == study["adsl"]["ENRLDT"].min().toordinal()


class TestEdges:
    def changed(self, study, **columns):
        return study.with_frames({"adsl": study["adsl"].assign(**columns)})

    def test_an_empty_arm(self, study):
        results = summarize_baseline(self.changed(study, _ARM_ACTUAL="Y", TRT01A="Y"), SPEC)
        assert value(results, measure="participants", arm="X") == 0
        for variable in ("AGE", "SEX", "STAGE9", "EBVBL", "ENRLDT"):
            row = one(results, subgroup="all", variable=variable, measure="smd", stat="estimate")
            assert row.note.startswith("A group has fewer than")
            test = one(results, subgroup="all", variable=variable, measure="test", stat="p_value")
            assert test.note == "A group has no values." or "no values" in test.note
        assert one(results, subgroup="all", variable="ENRLDT", measure="median", arm="X").note

    def test_more_than_one_arm_empty_beside_one_that_is_not(self, study):
        design = replace(study.design, arms=(*study.design.arms, Arm("Z", "Zed")))
        three = replace(self.changed(study, _ARM_ACTUAL="Z", TRT01A="Z"), design=design, arms=design.arms)
        items = (replace(AGE, test="anova"), replace(SEX, test="chi-square"))
        results = summarize_baseline(three, only(*items))
        for variable in ("AGE", "SEX"):
            row = one(results, variable=variable, measure="smd_largest")
            assert row.note.startswith("The standardized difference of a pair of arms cannot be estimated. A group has")
            assert one(results, variable=variable, measure="test", stat="p_value").note == "A group has no values."
        assert value(results, variable="AGE", measure="observed", arm="Z") == 60

    def test_nobody_has_a_value(self, study):
        empty = {"AGE": np.nan, "STAGE9": "", "EBVBL": np.nan}
        results = summarize_baseline(self.changed(study, **empty), replace(SPEC, split=None))
        for variable, measure in (("AGE", "mean"), ("AGE", "minimum"), ("EBVBL", "geometric_mean")):
            row = one(results, variable=variable, measure=measure, arm="X")
            assert np.isnan(row.value)
            assert row.note
        assert one(results, variable="STAGE9", measure="test", stat="p_value").note == "A group has no values."

    def test_one_level_and_a_level_that_nobody_has(self, study):
        """Everybody is a man: no variance in either arm. No level Z: it stays, and changes nothing else."""
        results = summarize_baseline(self.changed(study, SEX="M"), only(SEX))
        assert value(results, variable="SEX", level="F", measure="proportion", stat="count", arm="X") == 0
        assert one(results, measure="smd", stat="estimate").note == "The variance (average of both groups) is 0."
        assert one(results, measure="test", stat="p_value").note == "Everybody is in the same category."
        wide = replace(STAGE, levels={**STAGES, "IVA": "IVA"}, smd="categories", test="chi-square")
        narrow = replace(STAGE, smd="categories", test="chi-square")
        rows = [summarize_baseline(study, only(item)) for item in (wide, narrow)]
        for measure, stat in (("smd", "estimate"), ("smd", "ci_high"), ("test", "p_value"), ("test", "df")):
            assert value(rows[0], measure=measure, stat=stat) == value(rows[1], measure=measure, stat=stat)

    def test_no_variance(self, study):
        results = summarize_baseline(self.changed(study, AGE=50.0), only(AGE))
        assert one(results, measure="smd", stat="estimate").note == "The variance (average of both groups) is 0."
        assert value(results, variable="AGE", measure="std_deviation", arm="X") == 0
        assert "equal" in one(results, measure="test", stat="p_value").note

    def test_arms_that_share_no_category(self, study):
        shown = {"X": "IB", "Y": "III"}
        apart = self.changed(study, STAGE9=study["adsl"]["_ARM_ACTUAL"].map(shown))
        results = summarize_baseline(apart, only(replace(STAGE, smd="categories", test="")))
        row = one(results, measure="smd", stat="estimate")
        assert np.isnan(row.value)
        assert row.note == "The groups share no category, so the covariance matrix is singular."
        sexes = {"X": "F", "Y": "M"}
        split = self.changed(study, SEX=study["adsl"]["_ARM_ACTUAL"].map(sexes))
        found = one(summarize_baseline(split, only(replace(SEX, test=""))), measure="smd", stat="estimate")
        assert found.note == "The groups share no category, so the variance is 0."

    def test_one_participant(self, study):
        first = study.with_frames({"adsl": study["adsl"].iloc[:1].reset_index(drop=True)})
        results = summarize_baseline(first, only(AGE, replace(ENROLLED, test="")))
        arm = study["adsl"]["_ARM_ACTUAL"].iloc[0]
        assert (
            one(results, variable="AGE", measure="std_deviation", arm=arm).note == "Too few participants have a value."
        )
        assert value(results, variable="ENRLDT", measure="median", arm=arm) == value(
            results, variable="ENRLDT", measure="maximum", arm=arm
        )

    def test_geometric_mean_of_what_is_not_positive(self, study):
        results = summarize_baseline(study, only(replace(EBV, log_floor=None, test="")))
        row = one(results, variable="EBVBL", measure="geometric_mean", arm="X")
        assert row.note == "A value is 0 or less, so there is no geometric mean."

    @pytest.mark.parametrize(
        ("item", "message"),
        [
            (Characteristic("ENRLDT", "Enrolled", "A", "continuous"), "is continuous, but its column holds dates"),
            (Characteristic("AGE", "Age", "A", "date"), "is date, but its column holds no dates"),
        ],
    )
    def test_a_scale_that_does_not_fit_is_refused(self, study, item, message):
        with pytest.raises(SpecError, match=message):
            summarize_baseline(study, only(item))


def test_who_was_never_treated_is_counted_and_named(known, study):
    """Of the trial of eight, in which seven are enrolled by the cut-off, one has no start of radiotherapy."""
    results = summarize_baseline(known, only(replace(AGE, test="")))
    waiting = {row.arm: row.value for row in select(results, measure="unstarted")}
    members = population_members(known, "EVERY")
    assert waiting == {"X": 1, "Y": 0, "all": 1} == {
        **{arm: int(of_arm(members, arm, "RTSTDT").isna().sum()) for arm in "XY"}, "all": 1
    }  # fmt: skip
    assert results.catalogue.analyses["who"].labels["measure"] == {
        "unstarted": "Had not reached the start of radiotherapy by the cut-off"
    }
