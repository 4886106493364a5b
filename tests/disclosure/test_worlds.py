"""For each small count of small made trials there is another trial that prints the same page and does not have it.

The page: survival at landmarks and months with limits, differences, restricted means, medians, follow-up, numbers at
risk, events, and the hazard ratio, of two arms, as a public session has them. The small counts: events of an arm in
any stretch between two months that are told, from the start to one, and from one to the end.
"""

from __future__ import annotations

import datetime
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from disclosure.worlds import MONTH, UNITS, Arm, Page, count_between, find_world

from npcstats.analyses.regression.spec import RegressionSpec
from npcstats.analyses.regression.summary import summarize_regression
from npcstats.analyses.survival.spec import SurvivalSpec
from npcstats.analyses.survival.summary import summarize_survival
from npcstats.derive import assign_arms
from npcstats.disclosure import SmallCounts, withhold_small_counts
from npcstats.results import concat
from npcstats.run.registry import withholdings
from npcstats.schema import Column, Schema, with_levels
from npcstats.study import FRAMES, Design, Endpoint, Population, Study, Words
from npcstats.study import Arm as StudyArm

BELOW, TAU = 5, 36.0
HALF = 0.5 + 1e-6  # of the last digit; the fit of a ratio ends at 1e-9 of its likelihood
START = pd.Timestamp("2000-01-01")
ADSL = Schema("adsl", (
    Column("USUBJID", "identifier"), Column("ENRLDT", "date"), Column("TRT01P", "text"), Column("TRT01A", "text"),
    Column("START", "date"), Column("DTHDT", "date", missing=True),
), key=("USUBJID",), dated="ENRLDT")  # fmt: skip
SURVIVAL = SurvivalSpec(
    id="os", label="Survival", population="ALL", sessions=("only",), endpoint="DEAD", conf_level=0.95,
    conf_type="log-log", landmarks=(12.0, 24.0, 36.0), ticks=(0.0, 12.0, 24.0, 36.0, 48.0), minimum_at_risk=5,
    tau=TAU, test="log-rank", estimand="unadjusted", status="planned",
)  # fmt: skip
RATIO = RegressionSpec(
    id="hr", label="Survival", population="ALL", sessions=("only",), endpoint="DEAD", model="cox", ties="efron",
    reference="last", conf_level=0.95, covariates=(), strata={}, subgroups=(), minimum_events=1, ph_transform="km",
    course_knots=0, estimand="unadjusted", status="planned",
)  # fmt: skip


def study_of(arms):
    """Participants who died on their last day, or were last seen on it."""
    days = np.concatenate([arm.days for arm in arms.values()])
    event = np.concatenate([arm.event for arm in arms.values()])
    codes = np.repeat(list(arms), [len(arm.days) for arm in arms.values()])
    ids = [f"P{i:04d}" for i in range(len(days))]
    ends = pd.Series(START + pd.to_timedelta(days, unit="D"))
    adsl = pd.DataFrame({"USUBJID": ids, "ENRLDT": START, "TRT01P": codes, "TRT01A": codes, "START": START,
                         "DTHDT": ends.where(event)})  # fmt: skip
    adassess = pd.DataFrame({"USUBJID": ids, "KIND": "VITAL", "ADT": ends})
    death = Endpoint("DEAD", "Survival", origin="START", events=("DEATH",), censor_at=("VITAL",))
    everyone = Population("ALL", "Everyone", "Everyone.", requires=("ENRLDT",), arms="planned")
    design = Design(
        registry="R", title="R", short_title="R", allocation="non-randomized",
        arms=tuple(StudyArm(code, f"Arm {code}") for code in arms), arm_rule={}, visits=(), populations=(everyone,),
        periods=(), endpoints=(death,), primary="", planned_size=1, accrual_start=START.date(),
        accrual_plan=((0.0, 0.0), (1.0, 1.0)), treatment_columns={},
        frames=(ADSL, with_levels(FRAMES["adassess"], {"KIND": ("VITAL",)})),
        words=Words({"START": "the start"}, {"VITAL": "the last contact"}),
    )  # fmt: skip
    frames = {"adsl": adsl, "adassess": adassess}
    return assign_arms(Study(design, frames, Path("r"), False, datetime.date(2020, 1, 1), (), "only", "half-away"))


def published(arms):
    study = study_of(arms)
    made = concat([summarize_survival(study, SURVIVAL), summarize_regression(study, RATIO)])
    return withhold_small_counts(made, SmallCounts(BELOW, effects=10), withholdings())


def trial(seed):
    """Two arms of 60 to 300, few of them with the event, followed for up to five years."""
    stream = np.random.default_rng([seed, 11])
    arms = {}
    for name in ("A", "B"):
        size = int(stream.integers(60, 301))
        died = stream.exponential(36 * MONTH / stream.uniform(0.05, 0.3), size)
        seen = stream.uniform(stream.uniform(200, 900), 1800, size)
        arms[name] = Arm(np.ceil(np.minimum(died, seen)).astype(int), died <= seen)
    return arms


def targets(page, arms):
    """Stretches of an arm that hold a small count, between any two of the months told, the start and the end."""
    for name, arm in arms.items():
        edges = [-1.0, *page.times(name), *([1e9] if name in page.ended else [])]
        for low, high in combinations(edges, 2):
            if 0 < count_between(arm, low, high) < BELOW:
                yield name, low, high


def page_of(arms, results):
    return Page([row for row in results.rows if row.subgroup == "all"], tuple(arms), TAU)


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_each_small_count_is_open(seed):
    """One world may serve several counts; a seed whose page tells no stretch of few is not among these."""
    arms = trial(seed)
    results = published(arms)
    page = page_of(arms, results)
    assert page.distance(arms) == 0, "what is computed anew is what is published"
    assert {row.measure for row in page.unread} <= {"events"}  # totals, which are sizes
    stream, left = np.random.default_rng(seed), list(targets(page, arms))
    assert left
    while left:
        other = find_world(page, arms, left[0], below=BELOW, steps=1200, stream=stream)
        assert other is not None, left[0]
        left = [(name, low, high) for name, low, high in left
                if 0 < count_between(other[name], low, high) < BELOW]  # fmt: skip
        again = {row.key: row.value for row in published_as(results, other)}
        of_steps = [row for row in page.rows if row.measure != "survival_curve"]  # which have other times of their own
        assert all(abs(again[row.key] - row.value) <= UNITS[row.measure] * HALF for row in of_steps)


def published_as(results, arms):
    """The same rows of another trial before anything is withheld, by the package."""
    study = study_of(arms)
    made = concat([summarize_survival(study, SURVIVAL), summarize_regression(study, RATIO)])
    return [row for row in made.rows if row.key in results.by_key]
