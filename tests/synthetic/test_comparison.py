"""The weighted comparisons of the plan find what was planted in the committed trial.

One draw of 500: each effect lies within three of its own standard errors of the stored truth, of the estimand that its
weights have. Limits that are far too wide would pass that too, so each standard error is held below a bound: that of a
comparison of as many participants as the weights are worth, half of them in each arm.
"""

from __future__ import annotations

import math

import pytest
from committed import ROOT

from npcstats.analyses.comparison.summary import summarize_comparison
from npcstats.results import Results, one
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import Study

PLANTED = {
    "compare-os": ("survival_difference", "overall survival 36 months"),
    "compare-pfs": ("survival_difference", "progression-free survival 36 months, as found"),
    "compare-lrc": ("incidence_difference", "locoregional incidence 36 months, as found"),
    "compare-dm": ("incidence_difference", "distant incidence 36 months, as found"),
    "compare-mucositis": ("risk_difference", "Mucositis oral grade>=3"),
    "compare-dermatitis": ("risk_difference", "Dermatitis radiation grade>=3"),
    "compare-dysphagia": ("risk_difference", "Dysphagia grade>=3"),
    "compare-nausea": ("risk_difference", "Nausea grade>=3"),
    "compare-lymphocytes": ("mean_ratio", "log ratio ALC EORT"),
}
WITHIN = 3.0
FEWEST = 300.0  # the weights of 489 participants are worth about 400
# between participants of a change of the logarithm: within-person .22 and residual .18, at two visits (DOMAIN 8)
SPREAD_OF_CHANGE = math.sqrt(2) * math.hypot(0.22, 0.18)


@pytest.fixture(scope="module")
def found(study: Study) -> dict[str, Results]:
    plan = load_plan(ROOT / "analysis" / "plan")
    final = prepare_study(study, plan, "final", mask=None)
    return {spec.id: summarize_comparison(final, spec) for spec in plan.specs if spec.id in PLANTED}


@pytest.mark.parametrize("block", ["overlap", "imputed", "inverse"])
@pytest.mark.parametrize("name", PLANTED)
def test_what_was_planted_is_found(found: dict[str, Results], truths: dict, name: str, block: str) -> None:
    measure, quantity = PLANTED[name]
    told = {stat: one(found[name], block=block, measure=measure, stat=stat).value for stat in ("estimate", "std_error")}
    known = truths["quantities"][quantity]
    truth = known["ate" if block == "inverse" else "ato"] if "ato" in known else known["ate"]
    estimate = math.log(told["estimate"]) if measure == "mean_ratio" else told["estimate"]
    assert abs(estimate - truth) < WITHIN * told["std_error"]
    share = known.get("PHOTON", 0.0)
    spread = SPREAD_OF_CHANGE if measure == "mean_ratio" else math.sqrt(share * (1 - share))
    assert 0 < told["std_error"] < 2 * spread / math.sqrt(FEWEST)


def test_the_negative_control_is_less_apart_once_weighted(found: dict[str, Results]) -> None:
    """Nausea has no effect planted; what the arms as observed differ by is confounding."""
    at = {"measure": "risk_difference", "stat": "estimate"}
    unadjusted, weighted = (abs(one(found["compare-nausea"], block=b, **at).value) for b in ("unadjusted", "overlap"))
    assert weighted < unadjusted


def test_unadjusted_and_adjusted_are_of_as_many(found: dict[str, Results]) -> None:
    for results in found.values():
        counts = {b: one(results, block=b, arm="all", measure="participants").value for b in ("unadjusted", "overlap")}
        assert counts["unadjusted"] == counts["overlap"]
