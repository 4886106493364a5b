"""Weights of two arms: who is left, what is refused, and what is said where there are none."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from entries import AGE, OVERLAP, SEXES

from npcstats.analyses.adjustment.spec import Covariate, Trim, adjustment_faults
from npcstats.analyses.adjustment.weighing import NO_COVARIATE, TRIMMED, adjust
from npcstats.derive import arm_pair, population_members
from npcstats.errors import SpecError
from npcstats.study import ARM

CCI = Covariate("CCI", "comorbidity", "continuous")
SEX = Covariate("SEX", "sex", "categorical", levels=SEXES)
IMPUTED = replace(OVERLAP, missing="imputed", imputations=2, iterations=2, donors=3, seed=5)


def weighed(study, adjustment, **changed):
    members = population_members(study, "BEAM").assign(**changed)
    treated = (members[ARM] == arm_pair(study)[0]).to_numpy()
    return members, treated, adjust(study, members, treated, adjustment, "it")


class TestRefused:
    @pytest.mark.parametrize("column", ["TRT01P", "TRT01A", "TECHNIQUE", "EOSSTT", "DTHCAUS", "ARM"])
    def test_treatment_and_what_follows_is_no_confounder(self, crowd, column):
        item = replace(OVERLAP, confounders=(Covariate(column, "it", "categorical", levels={"a": "a", "b": "b"}),))
        with pytest.raises(SpecError, match=rf"follow from it or were recorded after it began \({column}\)"):
            weighed(crowd, item)

    @pytest.mark.parametrize("column", ["RTENDT", "DTHDT"])
    def test_a_date_after_treatment_began_is_no_confounder(self, crowd, column):
        with pytest.raises(SpecError, match=column):
            weighed(crowd, replace(OVERLAP, confounders=(Covariate(column, "it", "date"),)))

    def test_a_date_before_it_is_one(self, crowd):
        members, _, _ = weighed(crowd, OVERLAP)
        early = members["TRTSDT"].min()
        enrolled = np.where(np.arange(len(members)) % 2, early, early - np.timedelta64(30, "D"))
        _, _, found = weighed(
            crowd, replace(OVERLAP, confounders=(Covariate("ENRLDT", "date", "date"),)), ENRLDT=enrolled
        )
        assert not found.note


@pytest.mark.parametrize("adjustment", [OVERLAP, replace(OVERLAP, trim=Trim("range", 0.1, 0.9)), IMPUTED])
def test_too_few_left_for_a_spline_have_no_score_and_a_reason(crowd, adjustment):
    """A plan cannot know how few an early cut-off, or trimming, leaves: two ages bear no spline of three columns."""
    item = replace(adjustment, confounders=(replace(AGE, spline_df=3),))
    members, _, _ = weighed(crowd, OVERLAP)
    _, _, found = weighed(crowd, item, AGE=np.where(np.arange(len(members)) % 2, 40.0, 60.0))
    assert (found.weights, found.designs) == ((), ())
    assert found.note == "Age has 2 values among those left, too few for its spline, so there is no score."


class TestLost:
    def test_complete_cases(self, crowd):
        members, _, _ = weighed(crowd, OVERLAP)
        lacking = np.arange(len(members)) % 7 == 0
        _, treated, found = weighed(crowd, OVERLAP, AGE=members["AGE"].mask(lacking))
        np.testing.assert_array_equal(found.kept, ~lacking)
        np.testing.assert_array_equal(found.lost[NO_COVARIATE], lacking)
        np.testing.assert_array_equal(found.missing["AGE"], lacking)
        assert len(found.weights[0].values) == (~lacking).sum()
        assert treated[found.kept].tolist() == found.weights[0].treated.tolist()

    def test_trimming_scores_again(self, crowd):
        _, treated, first = weighed(crowd, OVERLAP)
        score = first.scores[0].score
        low, high = np.quantile(score, [0.2, 0.8])
        trim = Trim("range", float(low), float(high))
        _, _, found = weighed(crowd, replace(OVERLAP, trim=trim))
        np.testing.assert_array_equal(found.kept, (score >= low) & (score <= high))
        np.testing.assert_array_equal(found.lost[TRIMMED], ~found.kept)
        assert found.trimming.lost1 == int((~found.kept & treated).sum())
        assert not np.allclose(found.scores[0].score, score[found.kept])

    def test_imputation_keeps_everyone_and_what_is_known(self, crowd):
        members, _, _ = weighed(crowd, OVERLAP)
        lacking = np.arange(len(members)) % 5 == 0
        both = replace(IMPUTED, confounders=(AGE, SEX))
        _, _, found = weighed(crowd, both, AGE=members["AGE"].mask(lacking), SEX=members["SEX"].mask(lacking, ""))
        assert found.kept.all()
        assert len(found.weights) == len(found.completed) == 2
        for values in found.completed:
            np.testing.assert_array_equal(values["AGE"][~lacking], members["AGE"][~lacking])
            assert set(values["SEX"]) <= {0.0, 1.0}
            assert set(values["AGE"][lacking]) <= set(members["AGE"][~lacking])  # a donor's


class TestNotes:
    def test_a_column_that_separates_is_named_in_words(self, crowd):
        members, treated, _ = weighed(crowd, OVERLAP)
        sexes = np.where(treated, "F", "M")
        _, _, found = weighed(crowd, replace(OVERLAP, confounders=(AGE, SEX)), SEX=sexes)
        assert "sex Men separates the arms" in found.note
        assert np.isnan(found.weights[0].values).all()
        assert len(members)

    def test_an_empty_level_has_no_coefficient(self, crowd):
        levels = {"IB": "IB", "II": "II", "III": "III", "IV": "four"}
        stage = Covariate("STAGE9", "stage", "categorical", levels=levels)
        _, _, found = weighed(crowd, replace(OVERLAP, confounders=(stage,)))
        assert not found.note
        assert found.scores[0].note == "stage four has one value only, so it has no coefficient."
        assert found.scores[0].left_out == ("STAGE9=IV",)

    @pytest.mark.parametrize("scale", ["continuous", "log2"])
    def test_texts_are_no_numbers(self, crowd, scale):
        texts = Covariate("STAGE9", "stage", scale, floor=float(scale == "log2"))
        with pytest.raises(SpecError, match=r"scale of STAGE9 is .*; 'categorical', with levels, is required of texts"):
            weighed(crowd, replace(OVERLAP, confounders=(texts,)))

    def test_an_empty_arm(self, crowd):
        members = population_members(crowd, "BEAM")
        found = adjust(crowd, members, np.ones(len(members), dtype=bool), OVERLAP, "it")
        assert found.note == "Nobody is in the second arm, so there is no score."

    def test_one_column_says_as_much_as_another(self, crowd):
        members, _, _ = weighed(crowd, OVERLAP)
        _, _, found = weighed(crowd, replace(OVERLAP, confounders=(AGE, CCI)), CCI=2 * members["AGE"])
        assert "comorbidity is a combination of columns before it" in found.scores[0].note


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"confounders": ()}, "no confounders"),
        ({"confounders": (AGE, AGE)}, "AGE"),
        ({"estimand": "unadjusted"}, "estimand is 'unadjusted'"),
        ({"stabilized": True}, "only weights of 'ate' can be"),
        ({"trim": Trim("range")}, "both are required by rule 'range'"),
        ({"trim": Trim("crump", 0.1, 0.9)}, "none by another"),
        ({"missing": "dropped"}, "missing is 'dropped'"),
        ({"imputations": 5}, "0 is required where nothing is imputed"),
        ({"seed": 3}, "imputation and bootstrap require one above 0, others 0"),
        ({"replicates": 500}, "0 is required without the bootstrap"),
        ({"variance": "bootstrap", "replicates": 10, "seed": 1}, "100 or more are required"),
        ({"missing": "imputed", "imputations": 1, "iterations": 5, "seed": 1}, "at least 2, 1 and 0"),
        (
            {"missing": "imputed", "imputations": 2, "iterations": 5, "seed": 1, "trim": Trim("crump")},
            "'none' is required",
        ),
        ({"trim": Trim("range", 0.9, 0.1)}, "numbers from 0 to 1, the first less"),
        ({"trim": Trim("range", math.nan, 0.9)}, "numbers from 0 to 1, the first less"),
        ({"trim": Trim("range", -0.1, 2)}, "numbers from 0 to 1, the first less"),
        ({"trim": Trim("range", "a", "b")}, "numbers from 0 to 1, the first less"),
        ({"imputations": 2.5}, "imputations is 2.5; a whole number of at least 0 is required"),
        ({"replicates": 100.5}, "replicates is 100.5; a whole number"),
        ({"seed": -1}, "seed is -1; a whole number of at least 0"),
        ({"seed": True}, "seed is True; a whole number"),
        ({"name": ""}, "a code of adjustments is empty"),
        ({"name": "a|b"}, "would break a key"),
        ({"confounders": (replace(AGE, per=0.0),)}, "per is 0.0; a finite number above 0 is required"),
        ({"confounders": (replace(AGE, per=math.nan),)}, "per is nan; a finite number above 0"),
        ({"confounders": (replace(AGE, per="x"),)}, "per is 'x'; a finite number above 0"),
        ({"confounders": (replace(AGE, spline_df=2.5),)}, "spline_df of AGE is 2.5"),
        ({"confounders": (replace(AGE, spline_df="a"),)}, "spline_df of AGE is 'a'"),
        ({"confounders": (replace(AGE, floor=-1.0),)}, "floor is -1.0; a finite number of at least 0"),
    ],
)
def test_faults_of_an_adjustment(changed, match):
    assert any(match in fault for fault in adjustment_faults(replace(OVERLAP, **changed)))
    assert adjustment_faults(OVERLAP) == []
