"""What a contrast of arms estimates is said where arms are contrasted, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from entries import BLOOD, BY_STAGE, CURVE, HARM, INCIDENCE, RATIOS, RESPONSE, refused

from npcstats.analyses.regression.summary import summarize_regression
from npcstats.analyses.toxicity.summary import summarize_toxicity
from npcstats.results.conventions import conventions_in_force
from npcstats.run.registry import known_conventions
from npcstats.study import Arm


def faults_of_estimand(design, spec, **pooled):
    return [fault for fault in refused(design, spec, **pooled) if "estimand" in fault]


NOTHING_CONTRASTED = "estimand is 'unadjusted', but has no effect: it contrasts no arms"


@pytest.mark.parametrize("spec", [HARM, BLOOD, RESPONSE, CURVE, INCIDENCE], ids=lambda spec: spec.id)
def test_an_unadjusted_contrast_says_what_it_estimates(design, spec):
    one_arm = replace(design, arms=design.arms[:1], arm_rule={}, allocation="single-arm")
    assert not faults_of_estimand(design, spec)
    for other in ("", "conditional", "average"):
        (told,) = faults_of_estimand(design, replace(spec, estimand=other))
        assert told.endswith(f"estimand is {other!r}; one of unadjusted is required")
    for told in (*faults_of_estimand(one_arm, spec), *faults_of_estimand(design, spec, pooled={"only"})):
        assert told.endswith(NOTHING_CONTRASTED)
    assert faults_of_estimand(one_arm, spec)
    assert faults_of_estimand(design, spec, pooled={"only"})
    assert not faults_of_estimand(design, replace(spec, estimand=""), pooled={"only"})


def test_a_regression_says_whether_its_ratio_is_adjusted(design):
    plain, stratified = replace(RATIOS, covariates=()), replace(RATIOS, covariates=(), strata={"SEX": "sex"})
    assert not faults_of_estimand(design, RATIOS)
    assert not faults_of_estimand(design, stratified)
    assert not faults_of_estimand(design, replace(plain, estimand="unadjusted"))
    for spec, needed in ((RATIOS, "conditional"), (stratified, "conditional"), (plain, "unadjusted")):
        wrong = {"conditional": "unadjusted", "unadjusted": "conditional"}[needed]
        for other in ("", wrong):
            (told,) = faults_of_estimand(design, replace(spec, estimand=other))
            assert told.endswith(f"estimand is {other!r}; one of {needed} is required")
    one_arm = replace(design, arms=design.arms[:1], arm_rule={}, allocation="single-arm")
    assert not faults_of_estimand(one_arm, replace(RATIOS, estimand=""))
    assert faults_of_estimand(one_arm, RATIOS)


def test_three_arms_are_contrasted_by_tests_and_ratios_only(design):
    three = replace(design, arms=(*design.arms, Arm("Z", "Zed")))
    for spec in (CURVE, INCIDENCE, RATIOS):
        assert not faults_of_estimand(three, spec)
    for spec in (replace(CURVE, test="none"), replace(INCIDENCE, gray=False), replace(HARM, difference="")):
        (told,) = faults_of_estimand(three, spec)
        assert told.endswith(NOTHING_CONTRASTED)
        assert not faults_of_estimand(three, replace(spec, estimand=""))


def test_groups_that_are_no_arms_have_no_estimand(design):
    grouped = replace(CURVE, grouping=BY_STAGE)
    assert faults_of_estimand(design, grouped)
    assert not faults_of_estimand(design, replace(grouped, estimand=""))


def test_the_estimand_is_recorded_and_told_where_arms_are_contrasted(crowd):
    results = summarize_regression(crowd, RATIOS)
    assert results.catalogue.analyses["ratios"].choices["estimand"] == "conditional"
    told = conventions_in_force("half-away", results.catalogue.analyses.values(), known_conventions())
    assert [words["topic"] for words in told.values()].count("Estimand of an adjusted ratio") == 1
    harm = summarize_toxicity(crowd, HARM).catalogue
    assert harm.analyses["harm"].choices["estimand"] == "unadjusted"
    assert "estimand-unadjusted" in conventions_in_force("half-away", harm.analyses.values(), known_conventions())
    pooled = summarize_toxicity(replace(crowd, arms=()), replace(HARM, estimand="")).catalogue
    assert pooled.analyses["harm"].choices["estimand"] == ""
    assert not [
        key
        for key in conventions_in_force("half-away", pooled.analyses.values(), known_conventions())
        if "estimand" in key
    ]
