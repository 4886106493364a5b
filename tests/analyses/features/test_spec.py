"""What is refused of a plan's entry for many features."""

from __future__ import annotations

from dataclasses import replace

import pytest
from entries import AGE, IMAGES, refused

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.features.spec import features_estimand, features_faults
from npcstats.analyses.features.summary import summarize_features
from npcstats.errors import SpecError


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"transform": "log"}, "transform"),
        ({"multiplicity": "bonferroni"}, "multiplicity"),
        ({"ties": "exact"}, "ties"),
        ({"sets": ()}, "no sets"),
        ({"sets": (IMAGES.sets[0], IMAGES.sets[0])}, "ONE"),
        ({"prefix": ""}, "prefix is empty"),
        ({"visits": ("V0",)}, "fewer than two"),
        ({"visits": ("V0", "V1", "V1")}, "V1"),
        ({"covariates": (AGE, AGE)}, "AGE"),
        ({"covariates": (Covariate("SEX", "Sex", "categorical"),)}, "SEX"),
        ({"conf_level": 1.0}, "conf_level"),
        ({"discovery": 0.0}, "discovery"),
        ({"minimum_events": 0}, "minimum_events is 0"),
    ],
)
def test_refused(crowd, change, fault):
    spec = replace(IMAGES, **change)
    assert any(fault in words for words in features_faults(spec)), features_faults(spec)
    with pytest.raises(SpecError, match=fault):
        summarize_features(crowd, spec)


def test_the_entry_itself_has_no_fault(crowd):
    assert not features_faults(IMAGES)
    assert not refused(crowd.design, IMAGES)


def test_a_visit_or_endpoint_that_the_design_lacks(crowd):
    for change in ({"visits": ("V0", "V9")}, {"endpoint": "CURED"}):
        with pytest.raises(SpecError, match=r"V9|CURED"):
            summarize_features(crowd, replace(IMAGES, **change))


@pytest.mark.parametrize(("arms", "covariates", "estimand"), [(2, (AGE,), "conditional"), (2, (), "unadjusted"),
                                                              (3, (AGE,), ""), (1, (AGE,), "")])  # fmt: skip
def test_estimand(arms, covariates, estimand):
    assert features_estimand(replace(IMAGES, covariates=covariates), arms) == estimand
