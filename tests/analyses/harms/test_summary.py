"""A family of adverse events by hand on the trial of eight, and weighted against formulae written apart.

Early window, baseline-adjusted: evaluable X P05, P01; Y P02, P03, P04. Any event of grade 1 or worse: P05, P01; P02,
P04: 2/2 and 2/3. Mucositis of grade 2 or worse: P05; P02: 1/2 and 1/3. Headache: none of X; P04: 0/2 and 1/3.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from entries import AGE, OVERLAP
from scipy import optimize

from npcstats.analyses.adjustment.outcomes import GradeOutcome
from npcstats.analyses.harms.displays import HarmsTable
from npcstats.analyses.harms.spec import HarmsSpec, harms_faults, harms_idle
from npcstats.analyses.harms.summary import summarize_harms
from npcstats.analyses.harms.table import tabulate
from npcstats.derive import GradeWindow, arm_pair, pool_arms, population_members
from npcstats.results import one, select
from npcstats.study import ARM

EARLY = GradeWindow("early", "Early", period="early", counting="onset", evaluable="window-complete")
ANY = GradeOutcome("ANY", "Any", (), 1, EARLY, baseline_adjusted=True, scale="CTCAE")
MOUTH = replace(ANY, code="MOUTH", label="Mouth", terms=("Mucositis oral",), grade=2)
HEAD = replace(ANY, code="HEAD", label="Head", terms=("Headache",))
SPEC = HarmsSpec(
    id="family",
    label="Family",
    population="DOSED",
    sessions=("only",),
    outcomes=(ANY, MOUTH, HEAD),
    conf_level=0.95,
    interval="clopper-pearson",
    difference="newcombe",
    risk_ratio="katz-log",
    odds_ratio="woolf-log",
    test="fisher",
    multiplicity="benjamini-hochberg",
    adjustment=None,
    minimum_events=0,
    estimand="unadjusted",
    status="planned",
)


@pytest.fixture(scope="module")
def results(known):
    return summarize_harms(known, SPEC)


def value(results, variable, measure, stat="estimate", **at):
    return one(results, variable=variable, measure=measure, stat=stat, **at).value


@pytest.mark.parametrize(
    ("variable", "x", "y", "difference"),
    [("ANY", (2, 2), (2, 3), 1 / 3), ("MOUTH", (1, 2), (1, 3), 1 / 6), ("HEAD", (0, 2), (1, 3), -1 / 3)],
)
def test_counts_and_differences(results, variable, x, y, difference):
    found = [
        tuple(value(results, variable, "risk", stat, arm=arm) for stat in ("count", "total")) for arm in ("X", "Y")
    ]
    assert found == [x, y]
    assert value(results, variable, "risk_difference") == pytest.approx(difference, rel=1e-12)


def test_ratios(results):
    """Risk ratio of mouth 3/2, odds ratio (1/1)/(1/2) = 2; of any a cell is empty, and of head a side."""
    assert value(results, "MOUTH", "risk_ratio") == pytest.approx(1.5, rel=1e-12)
    assert value(results, "MOUTH", "odds_ratio") == pytest.approx(2.0, rel=1e-12)
    assert value(results, "ANY", "risk_ratio") == pytest.approx(1.5, rel=1e-12)
    for variable, measure in (("ANY", "odds_ratio"), ("HEAD", "risk_ratio"), ("HEAD", "odds_ratio")):
        row = one(results, variable=variable, measure=measure, stat="estimate")
        assert math.isnan(row.value)
        assert row.note


def test_p_values_of_the_family(results):
    """Fisher: any 2/2, 2/3: the margins allow 1 or 2 of X, of 6/10 and 4/10: p = 1. Mouth and head: every table, p = 1.

    The least probable table of mouth is 2/2, 0/3, of probability 1/10, so its own, 6/10, is the most probable.
    """
    for variable in ("ANY", "MOUTH", "HEAD"):
        assert value(results, variable, "exact_test", "p_value") == pytest.approx(1.0)
        assert value(results, variable, "exact_test_adjusted", "p_value") == pytest.approx(1.0)


def test_adjusted_p_values_by_hand(crowd):
    """Benjamini and Hochberg: the k-th smallest of m times m/k, the least of it and of those after it.

    Of grade 4 there is nobody, so no test, and m is 2.
    """
    study, spec = crowd, replace(SPEC, population="DOSED", outcomes=tuple(
        replace(ANY, code=f"G{grade}", label=f"G{grade}", grade=grade) for grade in (2, 3, 4)))  # fmt: skip
    found = summarize_harms(study, spec)
    raw = {row.variable: row.value for row in select(found, measure="exact_test")}
    told = {row.variable: row.value for row in select(found, measure="exact_test_adjusted")}
    ordered = sorted((p, name) for name, p in raw.items() if not math.isnan(p))
    assert len(ordered) == 2
    assert math.isnan(told["G4"])
    least = 1.0
    for k, (p, name) in reversed(list(enumerate(ordered, 1))):
        least = min(least, p * len(ordered) / k)
        assert told[name] == pytest.approx(least, rel=1e-12)


def test_nothing_is_tested_unless_asked(known):
    found = summarize_harms(known, replace(SPEC, test="", multiplicity="", risk_ratio="", odds_ratio=""))
    assert {row.stat for row in found.rows} == {"count", "total", "estimate", "ci_low", "ci_high"}
    assert {row.measure for row in found.rows} >= {"risk", "risk_difference"}
    assert not select(found, measure="risk_ratio")
    sentences = found.catalogue.analyses["family"].sentences
    assert sentences["multiplicity"].startswith("No test is made")


def overlap_difference(age, treated, y):
    """Overlap-weighted difference of a logistic score on age, and its sandwich standard error, by stacked equations."""
    x = np.column_stack([np.ones(len(age)), (age - age.mean()) / age.std()])

    def loss(gamma):
        eta = x @ gamma
        return np.logaddexp(0, eta).sum() - eta[treated].sum()

    gamma = optimize.minimize(loss, np.zeros(2), method="BFGS", options={"gtol": 1e-12}).x
    for _ in range(20):
        e = 1 / (1 + np.exp(-x @ gamma))
        gamma = gamma + np.linalg.solve((x * (e * (1 - e))[:, None]).T @ x, x.T @ (treated - e))
    e = 1 / (1 + np.exp(-x @ gamma))

    def equations(theta):
        score = 1 / (1 + np.exp(-x @ theta[2:]))
        w1, w0 = treated * (1 - score), (~treated) * score
        return np.column_stack([w1 * (y - theta[0]), w0 * (y - theta[1]), x * (treated - score)[:, None]])

    w1, w0 = treated * (1 - e), (~treated) * e
    theta = np.concatenate([[(w1 @ y) / w1.sum(), (w0 @ y) / w0.sum()], gamma])
    step = 1e-6
    bread = np.column_stack([
        (equations(theta + step * unit).sum(axis=0) - equations(theta - step * unit).sum(axis=0)) / (2 * step)
        for unit in np.eye(4)
    ])  # fmt: skip
    psi = equations(theta)
    inverse = np.linalg.inv(bread)
    variance = inverse @ (psi.T @ psi) @ inverse.T
    contrast = np.array([1.0, -1.0, 0.0, 0.0])
    return theta[0] - theta[1], math.sqrt(contrast @ variance @ contrast)


def test_weighted_difference_and_its_error(crowd):
    """Of the crowd, one confounder: by equations written apart, derivatives by differences."""
    adjusted = replace(OVERLAP, confounders=(AGE,))
    outcome = replace(ANY, grade=3)
    spec = replace(SPEC, outcomes=(outcome,), adjustment=adjusted, estimand="ato", test="", multiplicity="")
    found = summarize_harms(crowd, spec)
    members = population_members(crowd, "DOSED")
    plain = summarize_harms(crowd, replace(spec, adjustment=None, estimand="unadjusted"))
    rows = {row.stat: row.value for row in select(found, block="overlap", measure="risk_difference")}
    from_rows = {arm: value(found, "ANY", "risk", "count", arm=arm, block="") for arm in ("X", "Y")}
    assert from_rows == {arm: value(plain, "ANY", "risk", "count", arm=arm, block="") for arm in ("X", "Y")}
    kept, y = outcomes_of(crowd, members, outcome)
    treated = (members[ARM] == arm_pair(crowd)[0]).to_numpy()[kept]
    estimate, error = overlap_difference(members["AGE"].to_numpy()[kept], treated, y[kept])
    assert rows["estimate"] == pytest.approx(estimate, rel=1e-9)
    assert (rows["ci_high"] - rows["ci_low"]) / 2 == pytest.approx(1.959963984540054 * error, rel=1e-6)


def outcomes_of(study, members, outcome):
    """Who is evaluable in the early window, and who had the grade: one participant and one event at a time."""
    period = next(period for period in study.design.periods if period.code == "early")
    cutoff = np.datetime64("2025-12-31")
    kept, had = [], []
    for person in members.to_dict("records"):
        start = person["RTSTDT"]
        end = person["RTENDT"] if person["RTENDT"] == person["RTENDT"] else start + np.timedelta64(period.longest, "D")
        end = end + np.timedelta64(period.end_day, "D")
        died = person["DTHDT"] == person["DTHDT"]
        kept.append(bool(start <= cutoff and (end <= cutoff or died)))
        own = study["adae"].loc[study["adae"]["USUBJID"] == person["USUBJID"]]
        worst = 0.0
        for event in own.to_dict("records"):
            before = own.loc[(own["AEDECOD"] == event["AEDECOD"]) & (own["ASTDT"] < person["TRTSDT"])
                             & ~(own["AENDT"] < person["TRTSDT"]), "AETOXGR"].max()  # fmt: skip
            base = 0.0 if before != before else before
            if start <= event["ASTDT"] <= end and event["AETOXGR"] > base:
                worst = max(worst, event["AETOXGR"])
        had.append(float(worst >= outcome.grade))
    return np.array(kept), np.array(had)


def test_few_events_are_not_adjusted(crowd):
    spec = replace(SPEC, outcomes=(replace(ANY, grade=5, terms=("Headache",)),), minimum_events=50, estimand="ato",
                   adjustment=replace(OVERLAP, confounders=(AGE,)))  # fmt: skip
    row = one(summarize_harms(crowd, spec), block="overlap", measure="risk_difference", stat="estimate")
    assert math.isnan(row.value)
    assert row.note == "There are fewer than 50 events, so no effect is estimated."


def test_pooled_arms_are_not_compared(known):
    found = summarize_harms(pool_arms(known), SPEC)
    assert {row.measure for row in found.rows} == {"participants", "risk", "not_evaluable"}
    assert tabulate(found, TABLE).rows


TABLE = HarmsTable(name="h", title="H", sessions=("only",), analysis="family", order="plan",
                   contrasts=("risk_difference.unadjusted", "risk_ratio.unadjusted"))  # fmt: skip


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("plan", ["Any", "Mouth", "Head"]),
        ("frequency", ["Any", "Mouth", "Head"]),
        ("size", ["Any", "Head", "Mouth"]),
    ],
)
def test_order_of_the_table(results, order, names):
    made = tabulate(results, replace(TABLE, order=order))
    assert [row.cells[0].text for row in made.rows] == names


def test_the_table_prints_rows_and_reasons(results):
    made = tabulate(results, TABLE)
    cells = [cell.text.replace("\u2007", "").strip() for cell in made.rows[2].cells]
    assert cells[:3] == ["Head", "0/2 (0.0)", "1/3 (33.3)"]
    assert cells[4] == "NE"
    assert not any("nan" in cell.text for row in made.rows for cell in row.cells)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"difference": "exact"}, "difference is 'exact'"),
        ({"risk_ratio": "woolf-log"}, "risk_ratio is 'woolf-log'"),
        ({"test": "pearson"}, "test is 'pearson'"),
        ({"multiplicity": "bonferroni"}, "multiplicity is 'bonferroni'"),
        ({"outcomes": ()}, "outcomes are empty"),
        ({"outcomes": (ANY, ANY)}, "outcomes"),
    ],
)
def test_faults(changed, told):
    assert any(told in fault for fault in harms_faults(replace(SPEC, **changed)))


def test_what_has_no_effect():
    assert harms_idle(replace(SPEC, test="", minimum_events=5)) == {
        "multiplicity": "there is no test", "minimum_events": "nothing is adjusted"
    }  # fmt: skip
    (fault,) = TABLE.faults(replace(SPEC, risk_ratio=""))
    assert fault.startswith("contrast 'risk_ratio.unadjusted' was not made; one of risk_difference.unadjusted, odds")
