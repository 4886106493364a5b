"""Values that textbooks and manuals print for the lung data (Loprinzi 1994, as shipped with R's survival)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from npcstats.estimators.timetoevent import KaplanMeier, compare_logrank, estimate_follow_up, estimate_kaplan_meier

SAMPLES = json.loads((Path(__file__).parent / "kaplan_meier.json").read_text())["samples"]
# printed with three decimals, one decimal
THREE_DECIMALS = 0.5e-3
ONE_DECIMAL = 0.05


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
