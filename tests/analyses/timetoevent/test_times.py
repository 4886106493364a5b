"""Restricted means, groups, landmarks, incidence and hazard ratios of the trial of eight, by hand.

Days to death, of the radiotherapy set: X P05 315+, P01 268+, P06 49+; Y P02 212, P03 183+, P04 108+. To progression or
death: X P05 254+, P01 162+, P06 0+; Y P02 212, P03 100, P04 76+. Local control: X P05 254+, P01 150+, P06 0+; Y P02
died 212, P03 recurred 110, P04 0+. ECOG is 1 for P02 and P04, else 0; SMOKE is missing for P01.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.analyses.incidence.summary import summarize_incidence
from npcstats.analyses.regression.spec import Covariate, RegressionSpec, Subgroup
from npcstats.analyses.regression.summary import summarize_regression
from npcstats.analyses.survival.spec import SurvivalSpec
from npcstats.analyses.survival.summary import summarize_survival
from npcstats.analyses.timetoevent.groups import ByCharacteristic, ByDetection, Landmark
from npcstats.derive import pool_arms
from npcstats.errors import DataError, SpecError
from npcstats.results import one, select
from npcstats.study import Visit

MONTH = 30.4375
CURVE = SurvivalSpec(
    id="dead", label="Survival", population="BEAM", sessions=("only",), endpoint="DEAD", conf_level=0.95,
    conf_type="log-log", landmarks=(6.0, 8.0), ticks=(0.0, 6.0), minimum_at_risk=1, tau=8.0, test="log-rank",
    estimand="unadjusted", status="planned",
)  # fmt: skip
INCIDENCE = IncidenceSpec(
    id="control", label="Control", population="BEAM", sessions=("only",), endpoint="CONTROL", competing_label="Death",
    conf_level=0.95, conf_type="log-log", landmarks=(6.0, 8.0), ticks=(0.0, 4.0), minimum_at_risk=1, gray=True,
    estimand="unadjusted", status="planned",
)  # fmt: skip
ECOG = Covariate("ECOGBL", "ECOG, per point", "continuous")
RATIOS = RegressionSpec(
    id="ratios", label="Progression", population="BEAM", sessions=("only",), endpoint="WORSE", model="cox",
    ties="efron", reference="last", conf_level=0.95, covariates=(), strata={}, subgroups=(), minimum_events=1,
    ph_transform="km", course_knots=2, estimand="unadjusted", status="planned",
)  # fmt: skip
EXACT = 1e-12
FITTED = 1e-7  # Newton steps end at 1e-9 of the likelihood


def every_gap_has_its_reason(results):
    return all(row.note for row in results.rows if np.isnan(row.value))


class TestCurves:
    @pytest.fixture
    def results(self, known):
        return summarize_survival(known, CURVE)

    def test_restricted_mean(self, results):
        """Everyone: 1 to day 212, then 2/3; variance of the area after it: (2/3 (8 - 212/30.4375))²/(3·2)."""
        after = 2 / 3 * (8 - 212 / MONTH)
        at = {"arm": "all", "measure": "restricted_mean", "time": 8.0}
        assert one(results, **at, stat="estimate").value == pytest.approx(212 / MONTH + after, rel=EXACT)
        assert one(results, **at, stat="std_error").value == pytest.approx(after / np.sqrt(6), rel=EXACT)
        assert one(results, **at, stat="estimate").unit == "months"

    def test_restricted_mean_that_follow_up_does_not_reach(self, known):
        results = summarize_survival(known, replace(CURVE, tau=24.0))
        assert one(results, arm="X", measure="restricted_mean", stat="estimate").note == ("Follow-up ends before 24.")
        assert every_gap_has_its_reason(results)

    def test_difference_of_survival(self, results):
        """At 6 months nobody has died: no standard error."""
        at = {"arm": "X", "reference": "Y", "measure": "survival_difference"}
        assert one(results, **at, time=6.0, stat="estimate").value == 0
        reason = "A group has no event by then, so the difference has no standard error."
        assert one(results, **at, time=6.0, stat="ci_low").note == reason
        assert np.isnan(one(results, **at, time=6.0, stat="ci_low").value)

    def test_withheld_where_few_are_at_risk(self, known):
        results = summarize_survival(known, replace(CURVE, minimum_at_risk=3))
        row = one(results, measure="survival_difference", time=6.0, stat="estimate")
        assert np.isnan(row.value)
        assert row.note == "Fewer than 3 participants of an arm are at risk at that time."
        assert every_gap_has_its_reason(results)

    def test_groups_instead_of_arms(self, known):
        """Men: P02, P01, P03, P06; women: P05, P04."""
        spec = replace(CURVE, grouping=ByCharacteristic("SEX", {"F": "Women", "M": "Men"}), test="trend")
        results = summarize_survival(known, spec)
        assert {row.arm for row in results.rows} == {"all"}
        counts = {r.subgroup: r.value for r in select(results, measure="participants")}
        assert counts == {"SEX=F": 2, "SEX=M": 4, "all": 6}
        assert results.catalogue.analyses["dead"].labels["subgroup"] == {"SEX=F": "Women", "SEX=M": "Men"}
        # at day 212: P05, P01, P02 at risk, one woman; expected in women 1/3, variance 2/9
        assert one(results, measure="trend", stat="statistic").value == pytest.approx(0.5, rel=EXACT)
        assert not select(results, measure="survival_difference")

    def test_a_number_is_a_code(self, known):
        spec = replace(CURVE, grouping=ByCharacteristic("ECOGBL", {"0": "0", "1": "1"}))
        counts = {r.subgroup: r.value for r in select(summarize_survival(known, spec), measure="participants")}
        assert counts == {"ECOGBL=0": 4, "ECOGBL=1": 2, "all": 6}

    def test_a_missing_group_is_counted(self, known):
        spec = replace(CURVE, grouping=ByCharacteristic("SMOKE", {"Y": "Yes", "N": "No"}))
        results = summarize_survival(known, spec)
        assert one(results, measure="not_evaluable", level="NO-VALUE").value == 1
        assert one(results, measure="participants", subgroup="all").value == 5

    def test_landmark(self, known):
        """30 days after RT: P06 has not come so far; of the others time is counted from there (P05: 46 + 30 days)."""
        results = summarize_survival(known, replace(CURVE, landmark=Landmark("RTENDT", 30, "From day 30.")))
        excluded = {r.level: r.value for r in select(results, measure="not_evaluable")}
        assert excluded == {"NOT-REACHED": 0, "EVENT-BEFORE": 0, "ENDED-BEFORE": 1}
        assert one(results, arm="all", measure="participants").value == 5
        ends = [round(row.time * MONTH, 6) for row in select(results, arm="X", measure="censored_curve")]
        assert ends == [268 - 45 - 30, 315 - 46 - 30]
        assert results.catalogue.analyses["dead"].sentences["landmark"] == "From day 30."

    def test_groups_by_detection_at_a_landmark(self, known):
        """Seen at days 1 to 29 after RT: P05 yes, P02 below the limit, which is yes, P03 no; P01 and P04 not at all."""
        design = replace(known.design, visits=(*known.design.visits, Visit("V3", "Soon", "RTENDT", 15, 1, 29)))
        seen = pd.DataFrame(
            {
                "USUBJID": ["P05", "P02", "P03", "P03"],
                "PARAMCD": "VIRUS",
                "ADT": pd.to_datetime(["2025-03-20", "2025-04-01", "2025-06-01", "2025-08-01"]).astype("datetime64[s]"),
                "AVAL": [700.0, np.nan, np.nan, 900.0],
                "AVALC": ["700", "<LLOQ", "ND", "900"],
            }
        )
        study = replace(known, design=design).with_frames({"adlb": pd.concat([known["adlb"], seen], ignore_index=True)})
        grouping = ByDetection("VIRUS", "V3", detected="Seen", not_detected="Not seen", definition="Seen.")
        spec = replace(CURVE, grouping=grouping, landmark=Landmark("RTENDT", 30, "From day 30."))
        results = summarize_survival(study, spec)
        counts = {r.subgroup: r.value for r in select(results, measure="participants")}
        assert counts == {"VIRUS@V3=DETECTED": 2, "VIRUS@V3=NOT-DETECTED": 1, "all": 3}
        assert one(results, measure="not_evaluable", level="NO-VALUE").value == 2

    @pytest.mark.parametrize("landmark", [None, Landmark("RTENDT", 28, "Early."), Landmark("RTSTDT", 90, "Other.")])
    def test_nobody_is_grouped_by_the_future(self, known, landmark):
        grouping = ByDetection("VIRUS", "V2", detected="Seen", not_detected="Not seen", definition="Seen.")
        with pytest.raises(SpecError, match="need a landmark counted from RTENDT, on day 300 or later"):
            summarize_survival(known, replace(CURVE, grouping=grouping, landmark=landmark))

    def test_closed_choices(self, known):
        with pytest.raises(SpecError, match="one of none, log-rank, trend is required"):
            summarize_survival(known, replace(CURVE, test="wilcoxon"))
        with pytest.raises(SpecError, match="a grouping, whose order it follows, is required"):
            summarize_survival(known, replace(CURVE, test="trend"))
        with pytest.raises(DataError, match="NOTHING not in the data"):
            summarize_survival(known, replace(CURVE, grouping=ByCharacteristic("NOTHING", {"A": "a"})))

    def test_strata(self, known):
        """Within each sex nobody of both arms is at risk at the death but P01 and P02: expected 1/2, variance 1/4."""
        results = summarize_survival(known, replace(CURVE, strata={"SEX": "sex"}))
        assert one(results, measure="logrank", stat="statistic").value == pytest.approx(1.0, rel=EXACT)
        assert results.catalogue.analyses["dead"].labels["measure"]["logrank"] == "Stratified log-rank test"
        assert results.catalogue.analyses["dead"].sentences["strata"] == "The test is stratified by sex."

    def test_strata_of_a_test_that_is_not_made_are_not_told(self, known):
        results = summarize_survival(pool_arms(known), replace(CURVE, strata={"SEX": "sex"}))
        assert "strata" not in results.catalogue.analyses["dead"].sentences
        assert not select(results, measure="logrank")


class TestIncidence:
    @pytest.fixture
    def results(self, known):
        return summarize_incidence(known, INCIDENCE)

    def test_by_hand(self, results):
        """At day 110 one of four recurs; at 212 one of two dies, after 3/4: 3/8."""
        at = {"arm": "all", "measure": "incidence", "stat": "estimate"}
        assert one(results, **at, level="event", time=6.0).value == pytest.approx(1 / 4, rel=EXACT)
        assert one(results, **at, level="event", time=8.0).value == pytest.approx(1 / 4, rel=EXACT)
        assert one(results, **at, level="competing", time=8.0).value == pytest.approx(3 / 8, rel=EXACT)

    def test_events_of_both_kinds(self, results):
        for arm, level, count, total in (("all", "event", 1, 6), ("all", "competing", 1, 6), ("X", "event", 0, 3)):
            assert one(results, arm=arm, level=level, measure="events", stat="count").value == count
            assert one(results, arm=arm, level=level, measure="events", stat="total").value == total

    def test_curve_starts_at_zero(self, results):
        rows = select(results, arm="all", level="event", measure="incidence_curve", stat="estimate")
        assert [(round(r.time * MONTH, 6), r.value) for r in rows] == [(0, 0), (110, 0.25), (254, 0.25)]

    def test_nobody_with_the_event(self, results):
        row = one(results, arm="X", level="event", measure="incidence", time=6.0, stat="ci_high")
        assert row.note == "There are no events of this cause, so there are no confidence limits."
        assert every_gap_has_its_reason(results)

    def test_an_endpoint_without_competing_events(self, known):
        with pytest.raises(SpecError, match="has no competing event"):
            summarize_incidence(known, replace(INCIDENCE, endpoint="DEAD"))

    def test_pooled(self, known):
        results = summarize_incidence(pool_arms(known), INCIDENCE)
        assert {row.arm for row in results.rows} == {"all"}
        assert not select(results, measure="gray")


class TestRatios:
    def test_ratio_of_a_covariate(self, known):
        """Events at day 100 (ECOG 0 of 0 0 0 1) and 212 (ECOG 1 of 0 1): u/(3 + u) + u/(1 + u) = 1, so u is √3."""
        results = summarize_regression(pool_arms(known), replace(RATIOS, covariates=(ECOG,)))
        u = np.sqrt(3)
        information = 3 * u / (3 + u) ** 2 + u / (1 + u) ** 2
        at = {"block": "adjusted", "variable": "ECOGBL"}
        assert one(results, **at, measure="hazard_ratio", stat="estimate").value == pytest.approx(u, rel=FITTED)
        found = one(results, **at, measure="log_hazard_ratio", stat="std_error")
        assert found.value == pytest.approx(information**-0.5, rel=FITTED)
        assert {row.block for row in results.rows} == {"adjusted"}

    def test_per(self, known):
        two = replace(RATIOS, covariates=(replace(ECOG, per=2.0),))
        results = summarize_regression(pool_arms(known), two)
        row = one(results, variable="ECOGBL", measure="hazard_ratio", stat="estimate")
        assert row.value == pytest.approx(3.0, rel=FITTED)

    def test_an_arm_without_events_is_penalized_and_says_so(self, known):
        """Both events in Y, half of those at risk in X: .5 b - 3 ln(1 + exp b) is largest where exp b is 1/5."""
        results = summarize_regression(known, RATIOS)
        at = {"block": "unadjusted", "arm": "X", "reference": "Y", "measure": "hazard_ratio"}
        row = one(results, **at, stat="estimate")
        assert row.value == pytest.approx(0.2, rel=FITTED)
        assert "Firth" in row.note
        assert one(results, **at, stat="ci_high").value > 1
        assert every_gap_has_its_reason(results)

    def test_reference_first_inverts(self, known):
        results = summarize_regression(known, replace(RATIOS, reference="first"))
        row = one(results, arm="Y", reference="X", measure="hazard_ratio", stat="estimate")
        assert row.value == pytest.approx(5.0, rel=FITTED)

    def test_missing_covariates_are_counted(self, known):
        smoke = Covariate("SMOKE", "Smoked", "categorical", levels={"N": "No", "Y": "Yes"})
        results = summarize_regression(known, replace(RATIOS, covariates=(smoke,)))
        assert one(results, block="adjusted", measure="missing").value == 1
        assert one(results, block="adjusted", measure="participants", arm="all").value == 5
        counts = {row.arm: row.value for row in select(results, block="unadjusted", measure="participants")}
        assert counts == {"all": 6, "X": 3, "Y": 3}
        assert select(results, block="adjusted", variable="SMOKE", level="Y", measure="hazard_ratio")

    def test_few_events_are_not_modelled(self, known):
        results = summarize_regression(known, replace(RATIOS, minimum_events=3))
        row = one(results, measure="hazard_ratio", stat="estimate")
        assert row.note == "There are fewer than 3 events, so no model is fitted."
        assert not select(results, measure="proportional_hazards")

    def test_subgroups_split_everyone(self, known):
        sex = Subgroup("SEX", "Sex", {"F": "Women", "M": "Men"})
        results = summarize_regression(known, replace(RATIOS, subgroups=(sex,)))
        counts = {(r.subgroup, r.arm): r.value for r in select(results, measure="participants") if r.subgroup != "all"}
        assert counts == {("SEX=F", "X"): 1, ("SEX=F", "Y"): 1, ("SEX=M", "X"): 2, ("SEX=M", "Y"): 2}
        women = one(results, subgroup="SEX=F", measure="hazard_ratio", stat="estimate")
        assert np.isnan(women.value)
        assert women.note
        assert one(results, measure="interaction", variable="SEX", stat="p_value").note
        assert every_gap_has_its_reason(results)

    def test_fine_and_gray(self, known):
        results = summarize_regression(known, replace(RATIOS, endpoint="CONTROL", model="fine-gray"))
        assert every_gap_has_its_reason(results)
        assert not select(results, measure="proportional_hazards")

    @pytest.mark.parametrize(
        ("changed", "match"),
        [
            ({"model": "weibull"}, "one of cox, fine-gray"),
            ({"model": "fine-gray", "strata": {"SEX": "sex"}}, "model 'cox' is required"),
            ({"ties": "exact"}, "ties"),
            ({"covariates": (replace(ECOG, scale="cubic"),)}, "one of continuous, log2, categorical"),
            ({"covariates": (replace(ECOG, levels={"0": "0"}),)}, "levels of ECOGBL"),
            ({"covariates": (replace(ECOG, scale="log2"),)}, "floor of ECOGBL"),
            ({"ph_transform": "sqrt"}, "ph_transform"),
            ({"reference": "placebo"}, "reference"),
        ],
    )
    def test_closed_choices(self, known, changed, match):
        with pytest.raises(SpecError, match=match):
            summarize_regression(known, replace(RATIOS, **changed))

    def test_level_without_a_label(self, known):
        sex = Covariate("SEX", "Sex", "categorical", levels={"F": "Female"})
        with pytest.raises(SpecError, match="SEX has values outside its levels"):
            summarize_regression(known, replace(RATIOS, covariates=(sex,)))

    def test_neither_arms_nor_covariates(self, known):
        with pytest.raises(SpecError, match="neither arms nor covariates"):
            summarize_regression(pool_arms(known), RATIOS)
