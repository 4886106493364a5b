"""Hazard ratios of the trial of eight, by hand.

Days to progression or death, of the radiotherapy set: X P05 254+, P01 162+, P06 0+; Y P02 212, P03 100, P04 76+. Local
control: X P05 254+, P01 150+, P06 0+; Y P02 died 212, P03 recurred 110, P04 0+. ECOG is 1 for P02 and P04, else 0;
SMOKE is missing for P01.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from gaps import every_gap_has_its_reason

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.regression.displays import HazardRatios
from npcstats.analyses.regression.spec import RegressionSpec, Subgroup
from npcstats.analyses.regression.summary import summarize_regression
from npcstats.analyses.regression.table import regression_table
from npcstats.derive import pool_arms
from npcstats.errors import SpecError
from npcstats.results import concat, one, select

ECOG = Covariate("ECOGBL", "ECOG, per point", "continuous")
RATIOS = RegressionSpec(
    id="ratios", label="Progression", population="BEAM", sessions=("only",), endpoint="WORSE", model="cox",
    ties="efron", reference="last", conf_level=0.95, covariates=(), strata={}, subgroups=(), minimum_events=1,
    ph_transform="km", course_knots=2, estimand="unadjusted", status="planned",
)  # fmt: skip
FITTED = 1e-7  # Newton steps end at 1e-9 of the likelihood


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
        assert one(results, block="adjusted", measure="missing", variable="").value == 1
        assert one(results, block="adjusted", measure="missing", variable="SMOKE").value == 1
        assert one(results, block="adjusted", measure="participants", arm="all").value == 5
        counts = {row.arm: row.value for row in select(results, block="unadjusted", measure="participants")}
        assert counts == {"all": 5, "X": 2, "Y": 3}  # the same as in the adjusted model
        assert select(results, block="adjusted", variable="SMOKE", level="Y", measure="hazard_ratio")

    def test_page_says_who_is_left_out_and_why_a_model_has_fewer_covariates(self, known):
        smoke = Covariate("SMOKE", "Smoked", "categorical", levels={"N": "No", "Y": "Yes"})
        full = replace(RATIOS, covariates=(ECOG, smoke))
        short = replace(RATIOS, id="short", covariates=(ECOG,), reason="Too few events for more.")
        made = concat([summarize_regression(known, spec) for spec in (full, short)])
        note = regression_table(made, ["ratios", "short"], covariates=False).notes[0].text
        assert "Progression: left out for lack of a covariate 1 (Smoked\N{NO-BREAK SPACE}1)." in note
        assert note.count("left out for lack") == 1
        assert "Too few events for more." in note

    def test_models_side_by_side_have_the_same_covariates_or_a_reason(self):
        full = replace(RATIOS, covariates=(ECOG, replace(ECOG, column="AGE")))
        short = replace(RATIOS, id="short", label="Short", covariates=(ECOG,))
        plain = replace(RATIOS, id="plain", label="Plain")
        table = HazardRatios(
            name="t", title="T", sessions=("only",), members=("ratios", "short", "plain"), covariates=False
        )
        specs = {"ratios": full, "short": short, "plain": plain}
        (fault,) = table.faults_together(specs)
        assert "short is adjusted for fewer covariates" in fault
        assert not table.faults_together({**specs, "short": replace(short, reason="Too few events for more.")})

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
            ({"covariates": (replace(ECOG, scale="cubic"),)}, "one of continuous, log2, date, categorical"),
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
