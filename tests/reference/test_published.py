"""Values that textbooks and manuals print.

The lung data are Loprinzi's (1994) as shipped with R's survival; the propensity data are those of CAMIS
(PSIAIMS/CAMIS, data/ps_data.csv, 120 treated and 180 controls), here as counts of each value.
"""

from __future__ import annotations

import numpy as np
import pytest
from recorded import load

from npcstats.estimators.continuous import standardized_mean_difference
from npcstats.estimators.timetoevent import (
    KaplanMeier,
    compare_logrank,
    estimate_follow_up,
    estimate_kaplan_meier,
    fit_cox,
)
from npcstats.estimators.types import DesignMatrix

SAMPLES = load("kaplan_meier")["samples"]
# printed with three decimals, one decimal
THREE_DECIMALS = 0.5e-3
ONE_DECIMAL = 0.05
FOUR_DECIMALS = 0.5e-4

TREATED_AGE = {
    19: 2,
    29: 1,
    30: 1,
    32: 1,
    34: 1,
    36: 1,
    37: 1,
    38: 1,
    40: 2,
    41: 1,
    42: 1,
    44: 1,
    45: 1,
    46: 3,
    47: 2,
    48: 2,
    49: 3,
    50: 6,
    51: 5,
    52: 2,
    53: 4,
    54: 1,
    55: 2,
    56: 3,
    57: 2,
    58: 4,
    59: 3,
    60: 5,
    61: 2,
    62: 5,
    63: 6,
    64: 3,
    65: 4,
    67: 3,
    68: 2,
    69: 1,
    71: 2,
    72: 2,
    73: 2,
    74: 1,
    75: 2,
    76: 1,
    77: 1,
    78: 1,
    79: 1,
    80: 1,
    81: 1,
    82: 2,
    84: 1,
    85: 1,
    86: 1,
    87: 1,
    88: 2,
    92: 1,
    93: 1,
    94: 2,
    98: 2,
    99: 1,
    102: 1,
    104: 1,
}
CONTROL_AGE = {
    20: 1,
    21: 1,
    22: 2,
    26: 1,
    27: 1,
    29: 1,
    30: 1,
    31: 2,
    32: 3,
    34: 2,
    36: 1,
    37: 4,
    38: 3,
    39: 3,
    40: 5,
    41: 2,
    42: 7,
    43: 4,
    44: 8,
    45: 7,
    46: 9,
    47: 5,
    48: 10,
    49: 10,
    50: 8,
    51: 6,
    52: 10,
    53: 8,
    54: 5,
    55: 3,
    56: 6,
    57: 3,
    58: 5,
    59: 3,
    60: 1,
    61: 6,
    62: 5,
    63: 3,
    64: 1,
    65: 3,
    68: 1,
    69: 3,
    70: 3,
    72: 2,
    73: 1,
    75: 1,
}
TREATED_BMI = {"underweight": 34, "normal": 57, "overweight": 29}
CONTROL_BMI = {"underweight": 63, "normal": 61, "overweight": 56}


def curve(name: str, conf_type: str) -> KaplanMeier:
    sample = SAMPLES[name]
    return estimate_kaplan_meier(sample["time"], sample["event"], conf_level=0.95, conf_type=conf_type)


@pytest.mark.parametrize(("conf_type", "limits"), [("log", (285, 363)), ("log-log", (284, 361))])
def test_median_survival(conf_type: str, limits: tuple[float, float]) -> None:
    median = curve("lung", conf_type).quantile(0.5)
    assert (median.estimate, median.lower, median.upper) == (310, *limits)


def test_survival_at_one_year() -> None:
    assert curve("lung", "log").at([365]).survival[0] == pytest.approx(0.409, abs=THREE_DECIMALS)


@pytest.mark.parametrize(("name", "mean"), [("lung_men", 241.5), ("lung_women", 297.5)])
def test_restricted_mean_to_one_year(name: str, mean: float) -> None:
    assert curve(name, "log").rmst(365).estimate == pytest.approx(mean, abs=ONE_DECIMAL)


def test_median_follow_up() -> None:
    sample = SAMPLES["lung"]
    follow_up = estimate_follow_up(sample["time"], sample["event"], conf_level=0.95, conf_type="log")
    assert follow_up.quantile(0.5).estimate == 588


def test_logrank_of_men_and_women() -> None:
    men, women = SAMPLES["lung_men"], SAMPLES["lung_women"]
    test = compare_logrank(
        men["time"] + women["time"],
        men["event"] + women["event"],
        ["M"] * len(men["time"]) + ["F"] * len(women["time"]),
    )
    assert test.statistic == pytest.approx(10.3, abs=ONE_DECIMAL)
    assert test.df == 1


def test_hazard_ratio_of_women() -> None:
    """0.588, limits 0.424 to 0.816, as `coxph(Surv(time, status) ~ sex)` is printed."""
    men, women = SAMPLES["lung_men"], SAMPLES["lung_women"]
    sex = np.repeat([0.0, 1.0], [len(men["time"]), len(women["time"])])
    fit = fit_cox(
        men["time"] + women["time"],
        men["event"] + women["event"],
        DesignMatrix(sex[:, np.newaxis], ("sex",)),
        ties="efron",
        conf_level=0.95,
    )
    ratio = fit.interval("sex")
    assert [ratio.estimate, ratio.lower, ratio.upper] == pytest.approx([0.588, 0.424, 0.816], abs=THREE_DECIMALS)


@pytest.mark.parametrize(("denominator", "published"), [("treated", 0.7057), ("average", 0.8496)])
def test_standardized_difference_of_age(denominator: str, published: float) -> None:
    """The treated group's standard deviation is MatchIt's and PSMATCH's default; the average is the textbook's."""
    treated, control = (np.repeat(list(ages), list(ages.values())) for ages in (TREATED_AGE, CONTROL_AGE))
    difference = standardized_mean_difference(treated, control, kind="continuous", denominator=denominator)
    assert difference.estimate == pytest.approx(published, abs=FOUR_DECIMALS)


@pytest.mark.parametrize(
    ("level", "published"), [("underweight", -0.1479), ("normal", 0.2726), ("overweight", -0.1622)]
)
def test_standardized_difference_of_each_bmi_category(level: str, published: float) -> None:
    treated, control = (
        np.repeat([name == level for name in counts], list(counts.values())) for counts in (TREATED_BMI, CONTROL_BMI)
    )
    difference = standardized_mean_difference(treated, control, kind="binary", denominator="treated")
    assert difference.estimate == pytest.approx(published, abs=FOUR_DECIMALS)


def test_standardized_difference_of_sex() -> None:
    """70 of 120 and 90 of 180 women."""
    women = [1] * 70 + [0] * 50, [1] * 90 + [0] * 90
    difference = standardized_mean_difference(*women, kind="binary", denominator="treated")
    assert difference.estimate == pytest.approx(0.1690, abs=FOUR_DECIMALS)
