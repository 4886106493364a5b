"""What pages say of an adjustment names whom it is of, what was made of each covariate, and what limits allow for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from entries import OVERLAP

from npcstats.analyses.adjustment.spec import Covariate, Trim
from npcstats.analyses.adjustment.telling import adjustment_sentence, score_sentence, target_words

INVERSE = replace(OVERLAP, label="Inverse", estimand="ate", stabilized=True)


def test_a_logarithm_and_its_floor_are_told():
    curved = Covariate("EBVBL", "EBV DNA", "log2", floor=30.0, spline_df=3)
    drawn = replace(OVERLAP, confounders=(Covariate("AGE", "age", "continuous", spline_df=3), curved))
    assert score_sentence(drawn) == (
        "Propensity score, by logistic regression, of age (natural spline); EBV DNA (logarithm, values below 30 as 30, "
        "natural spline). Knots of splines are at quantiles of the distinct values."
    )


def test_trimmed_weights_are_not_of_the_whole_set():
    trimmed = replace(INVERSE, trim=Trim("range", 0.05, 0.95))
    assert adjustment_sentence(trimmed) == (
        "Inverse: effect in all participants kept (ATE); participants with every covariate; scores from 0.05 to 0.95 "
        "are kept, and the score is estimated again; weights are stabilised; variance by M-estimation, that of the "
        "score included."
    )


@pytest.mark.parametrize(
    ("estimand", "told"),
    [
        ("att", "participants like those kept of the first arm (ATT)"),
        ("ato", "participants who could have had either treatment (ATO)"),
    ],
)
def test_targets_of_trimmed_weights(estimand, told):
    assert target_words(replace(OVERLAP, estimand=estimand, trim=Trim("crump"))) == told


def test_bootstrap_and_imputation_are_told_with_their_numbers():
    drawn = replace(
        OVERLAP, label="Drawn", missing="imputed", imputations=7, variance="bootstrap", replicates=500, seed=1
    )
    assert adjustment_sentence(drawn) == (
        "Drawn: effect in participants who could have had either treatment (ATO); missing covariates imputed 7 times "
        "from the others, the arm and the outcome; limits are percentiles of 500 bootstrap samples, in each of which "
        "the score is estimated anew."
    )
