"""The weight gained by those who stop smoking (NHEFS): what Hernán and Robins print (Causal Inference: What If, 2020).

The data are those of 1,566 smokers with a weight in 1982; the survey is of the United States' government, public.
"""

from __future__ import annotations

import csv

import numpy as np
import pytest
from recorded import REFERENCE

from npcstats.estimators.effects import Observed, estimate_effect, estimate_effect_by_model
from npcstats.estimators.types import DesignMatrix
from npcstats.estimators.weighting import Weights, fit_propensity, weigh

SQUARED = ("age", "smokeintensity", "smokeyrs", "wt71")
LEVELS = {"education": (2, 3, 4, 5), "exercise": (1, 2), "active": (1, 2)}


@pytest.fixture(scope="module")
def data():
    with (REFERENCE / "nhefs.csv").open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


@pytest.fixture(scope="module")
def design(data):
    """Their model of the score, section 12.2: quadratic terms, levels of the others, no products."""
    columns = {name: data[name] for name in ("sex", "race", *SQUARED)}
    columns |= {f"{name}^2": data[name] ** 2 for name in SQUARED}
    columns |= {f"{name} {level}": (data[name] == level) * 1.0 for name, levels in LEVELS.items() for level in levels}
    return DesignMatrix(np.column_stack([*columns.values()]), tuple(columns))


def weights_of(data, design, *, stabilized, estimated=True):
    found = weigh(fit_propensity(data["qsmk"], design), data["qsmk"], estimand="ate", stabilized=stabilized)
    if estimated:
        return found
    none = np.zeros((len(data["qsmk"]), 0))
    return Weights(found.values, found.treated, "ate", stabilized, "known", none, none)


def shown(interval):
    return tuple(round(value, 1) for value in (interval.estimate, interval.lower, interval.upper))


def test_as_observed(data):
    """Section 12.1: 2.5 kg more, from 1.7 to 3.4 by a regression that supposes one variance, which ours does not."""
    found = estimate_effect(
        Observed(data["wt82_71"]), data["qsmk"], measure="mean_difference", weights=None, conf_level=0.95
    )
    assert (found.sizes, round(found.interval.estimate, 1)) == ((403, 1163), 2.5)
    assert (round(found.first.estimate, 1), round(found.reference.estimate, 1)) == (4.5, 2.0)


@pytest.mark.parametrize(
    ("stabilized", "mean", "least", "largest"), [(False, 2.00, 1.05, 16.7), (True, 1.00, 0.33, 4.30)]
)
def test_weights(data, design, stabilized, mean, least, largest):
    """Sections 12.2 and 12.3: their mean and range."""
    values = weights_of(data, design, stabilized=stabilized).values
    assert (values.mean(), values.min(), values.max()) == pytest.approx((mean, least, largest), rel=0.005)


@pytest.mark.parametrize("stabilized", [False, True])
def test_effect_by_weights(data, design, stabilized):
    """3.4 kg, from 2.4 to 4.5: their variance takes the weights as known, which is too wide; ours is narrower."""
    asked = {"measure": "mean_difference", "conf_level": 0.95}
    outcome = Observed(data["wt82_71"])
    known = weights_of(data, design, stabilized=stabilized, estimated=False)
    found = estimate_effect(outcome, data["qsmk"], weights=known, **asked)
    assert shown(found.interval) == (3.4, 2.4, 4.5)
    ours = estimate_effect(outcome, data["qsmk"], weights=weights_of(data, design, stabilized=stabilized), **asked)
    assert ours.interval.estimate == pytest.approx(found.interval.estimate, rel=1e-12)
    assert shown(ours.interval) == (3.4, 2.5, 4.4)


def test_odds_of_death(data, design):
    """Section 12.4: odds ratio 1.0, from 0.8 to 1.4."""
    known = weights_of(data, design, stabilized=True, estimated=False)
    found = estimate_effect(Observed(data["death"]), data["qsmk"], measure="odds_ratio", weights=known, conf_level=0.95)
    assert shown(found.interval) == (1.0, 0.8, 1.4)


def test_standardized(data, design):
    """Section 15.1: 3.5 kg by a regression on the arm and the confounders, without products of these."""
    found = estimate_effect_by_model(
        Observed(data["wt82_71"]), data["qsmk"], design, measure="mean_difference", method="g-computation",
        estimand="ate", arms="together", conf_level=0.95,
    )  # fmt: skip
    assert round(found.interval.estimate, 1) == 3.5
