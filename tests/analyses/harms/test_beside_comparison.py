"""A member of a family and a comparison of the same outcome by the same weights are one number in a report."""

from __future__ import annotations

from dataclasses import replace

import pytest
from entries import COMPARED, FAMILY

from npcstats.analyses.adjustment.measures import Measure
from npcstats.analyses.comparison.summary import summarize_comparison
from npcstats.analyses.harms.summary import summarize_harms
from npcstats.results import one

MEASURES = ("risk_difference", "risk_ratio", "odds_ratio")


@pytest.mark.parametrize("outcome", FAMILY.outcomes, ids=lambda outcome: outcome.code)
@pytest.mark.parametrize("missing", ["complete", "imputed"])
def test_weighted_contrasts_are_those_of_the_comparison(crowd, outcome, missing):
    """With a fifth of the ages missing, also of those who have them all, or of imputations with one seed."""
    ages = crowd["adsl"]["AGE"].where(crowd["adsl"].index % 5 > 0)
    study = crowd.with_frames({"adsl": crowd["adsl"].assign(AGE=ages)})
    imputing = {"missing": "imputed", "imputations": 3, "iterations": 2, "donors": 5, "seed": 17}
    adjustment = replace(FAMILY.adjustment, **(imputing if missing == "imputed" else {}))
    family = summarize_harms(study, replace(FAMILY, adjustment=adjustment))
    wanted = {"ties": "", "curves": None, "measures": tuple(Measure(name) for name in MEASURES)}
    other = replace(COMPARED, population=FAMILY.population, outcome=outcome, adjustments=(adjustment,), **wanted)
    compared = summarize_comparison(study, other)
    for measure in MEASURES:
        for stat in ("estimate", "ci_low", "ci_high"):
            at = {"variable": outcome.code, "block": "overlap", "measure": measure, "stat": stat}
            assert one(family, **at).value == one(compared, **at).value
        at = {"variable": outcome.code, "block": "unadjusted", "measure": measure, "stat": "estimate"}
        assert one(family, **at).value == pytest.approx(one(compared, **at).value, rel=1e-12)
