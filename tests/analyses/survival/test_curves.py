"""Restricted means, differences, groups, landmarks and strata of curves of the trial of eight, by hand.

Days to death, of the radiotherapy set: X P05 315+, P01 268+, P06 49+; Y P02 212, P03 183+, P04 108+. To progression or
death: X P05 254+, P01 162+, P06 0+; Y P02 212, P03 100, P04 76+.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from gaps import every_gap_has_its_reason

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
EXACT = 1e-12


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
