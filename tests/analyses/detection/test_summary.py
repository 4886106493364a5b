"""Values below the limit, by hand on the trial of eight and by other code on sixty made participants.

By hand, radiotherapy set: X P05, P01, P06; Y P02, P03, P04. LOGM before: P06 is below the limit of 1, the four others
with a value are not, P04 has none. During: P05, P01, P06, P02 and P04 have one, none below its limit. In a model: who
has both, P05, P01, P06 and P02; P03 has none after baseline, P04 none at it.
VIRUS before: P05 not detected, P01 120, P02 below the limit of quantification, which is detected; nothing later.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from entries import BELOW, FEW_BELOW, refused
from gaps import every_gap_has_its_reason
from scipy import optimize, stats

from npcstats.analyses.detection.models import NOBODY, NOT_SEEN
from npcstats.analyses.detection.spec import LimitedMarker, route_of
from npcstats.analyses.detection.summary import OTHER_ROUTE, summarize_detection
from npcstats.derive import assign_arms, mask_arms, pool_arms
from npcstats.errors import DataError, SpecError
from npcstats.estimators.censored.generalized import ONE_OUTCOME
from npcstats.results import one, select
from npcstats.study import Arm

TWO = ("V0", "V1")
SMALL = replace(
    BELOW,
    markers=(replace(FEW_BELOW, visits=TWO), LimitedMarker("VIRUS", "Virus", "c", TWO, 0.8, "detected")),
    covariates=(),
)
EXACT = 1e-9
CLIMBED = 2e-5  # BFGS with numerical derivatives


@pytest.fixture(scope="module")
def eight(known):
    return summarize_detection(known, SMALL)


@pytest.fixture(scope="module")
def sixty(crowd):
    return summarize_detection(crowd, BELOW)


def share(results, **at):
    return tuple(one(results, **at, stat=stat).value for stat in ("count", "total"))


@pytest.mark.parametrize(
    ("variable", "window", "x", "y"),
    [("LOGM", "V0", (1, 3), (0, 2)), ("LOGM", "V1", (0, 3), (0, 2)), ("VIRUS", "V0", (1, 2), (1, 1)),
     ("VIRUS", "V1", (0, 0), (0, 0))],
)  # fmt: skip
def test_values_below_by_hand(eight, variable, window, x, y):
    at = {"variable": variable, "window": window, "measure": "below_limit"}
    assert share(eight, **at, arm="X") == x
    assert share(eight, **at, arm="Y") == y
    assert share(eight, **at, arm="all") == (x[0] + y[0], x[1] + y[1])


def test_shares_of_all_visits_and_what_the_plan_fixed(eight):
    assert share(eight, variable="LOGM", window="", measure="below_limit", arm="all") == (1, 10)
    assert share(eight, variable="VIRUS", window="", measure="below_limit", arm="all") == (2, 3)
    assert one(eight, variable="VIRUS", measure="frozen_share").value == 0.8
    assert not one(eight, variable="LOGM", window="", measure="below_limit", arm="all", stat="estimate").note


def test_detected_by_hand(eight):
    at = {"measure": "proportion", "level": "detected", "window": "V0"}
    assert [share(eight, **at, arm=arm) for arm in ("X", "Y", "all")] == [(1, 2), (1, 1), (2, 3)]
    assert {row.variable for row in select(eight, measure="proportion")} == {"VIRUS"}


def test_who_is_in_the_models_by_hand(eight):
    of = {"variable": "LOGM", "measure": "observed", "level": "modelled"}
    assert [share(eight, **of, arm=arm) for arm in ("X", "Y", "all")] == [(3, 3), (1, 3), (4, 6)]
    left = {(row.arm, row.level): row.value for row in select(eight, variable="LOGM", measure="not_evaluable")}
    assert left["Y", "no-baseline"] == left["Y", "no-value"] == 1
    assert sum(value for (arm, _), value in left.items() if arm != "all") == 2


def test_a_model_without_anybody_says_so(eight):
    assert one(eight, variable="VIRUS", measure="odds_ratio", stat="estimate").note == NOBODY
    assert every_gap_has_its_reason(eight)


@pytest.mark.parametrize(
    ("share", "blocks"),
    [(0.0, ("half-limit", "cut-off")), (0.15, ("half-limit", "cut-off")), (0.1500001, ("cut-off",)),
     (0.5, ("cut-off",)), (0.51, ("yes-no",)), (1.0, ("yes-no",))],
)  # fmt: skip
def test_the_share_of_the_plan_decides_the_model(share, blocks):
    assert route_of(BELOW, share) == blocks


def test_a_share_that_has_passed_a_limit_is_told_and_changes_no_model(crowd, sixty):
    """A third of LOGM is below, by which it would be cut off; the plan's tenth has it at half the limit."""
    now = one(sixty, variable="LOGM", window="", measure="below_limit", arm="all", stat="estimate")
    assert now.value > BELOW.half_limit_most
    assert now.note == OTHER_ROUTE
    blocks = {row.block for row in select(sixty, variable="LOGM", measure="mean_ratio")}
    assert blocks == {"half-limit", "cut-off"}
    assert {row.block for row in select(sixty, variable="LEVEL", measure="mean_ratio")} == {"cut-off"}


def table_of(crowd, code, *visits):
    """Values of a marker from the records of the crowd, one row for each member of the population with a value."""
    adsl = crowd["adsl"].dropna(subset="RTSTDT")
    labs = crowd["adlb"]
    labs = labs.loc[labs["PARAMCD"] == code].merge(adsl[["USUBJID", "RTSTDT", "AGE", "ARM_CODE"]], on="USUBJID")
    day = (labs["ADT"] - labs["RTSTDT"]).dt.days
    below = labs["AVALC"].isin(("<LLOQ", "ND"))
    found = labs.assign(
        visit=day.map({-1: "V0", 20: "V1", 285: "V2"}),
        below=below,
        log=np.log(np.where(below, labs["LLOQ"], labs["AVAL"])),
        detected=labs["AVALC"] != "ND",
    )
    return {name: found.pivot(index="USUBJID", columns="visit", values=name)[list(visits)]
            for name in ("below", "log", "detected")}, adsl.set_index("USUBJID")  # fmt: skip


@pytest.fixture(scope="module")
def armed(crowd):
    """The crowd with a column of its arms."""
    adsl = crowd["adsl"]
    return crowd.with_frames({"adsl": adsl.assign(ARM_CODE=adsl["TRT01A"])})


def columns_of(wide, adsl, visits, *, logs):
    """Rows, columns and arms of a model, participant by participant and visit by visit."""
    rows, who, at = [], [], []
    baseline = wide["log"]["V0"] - math.log(2) * wide["below"]["V0"].astype(float)
    inside = [p for p in wide["log"].index if not math.isnan(baseline[p]) and wide["log"].loc[p, visits].notna().any()]
    for person in inside:
        for i, visit in enumerate(visits):
            if math.isnan(wide["log"].loc[person, visit]):
                continue
            x = adsl.loc[person, "ARM_CODE"] == "X"
            start = baseline[person] - baseline[inside].mean()
            row = [float(i == j) for j in range(len(visits))] + [float(x and i == j) for j in range(len(visits))]
            if logs:
                row += [start * (i == j) for j in range(len(visits))] + [float(wide["below"].loc[person, "V0"])]
            else:
                row.append(float(wide["detected"].loc[person, "V0"]))
            rows.append([*row, adsl.loc[person, "AGE"]])
            who.append(person)
            at.append(visit)
    return np.array(rows), np.array(who), np.array(at)


def test_half_the_limit_at_one_visit_is_least_squares(armed):
    """With one visit after baseline the model is a regression: estimate, error and limits from its normal equations."""
    spec = replace(BELOW, markers=(replace(FEW_BELOW, visits=TWO),), variance="")
    found = summarize_detection(armed, spec)
    wide, adsl = table_of(armed, "LOGM", *TWO)
    x, who, _ = columns_of(wide, adsl, ["V1"], logs=True)
    y = np.array([wide["log"].loc[p, "V1"] - math.log(2) * wide["below"].loc[p, "V1"] for p in who])
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    df = len(y) - x.shape[1]
    error = math.sqrt(inverse[1, 1] * ((y - x @ beta) ** 2).sum() / df)
    half = stats.t.ppf(0.975, df) * error
    at = {"variable": "LOGM", "block": "half-limit", "window": "V1", "measure": "mean_ratio"}
    values = {stat: one(found, **at, stat=stat).value for stat in ("estimate", "ci_low", "ci_high", "df", "p_value")}
    assert [values["estimate"], values["ci_low"], values["ci_high"]] == pytest.approx(
        np.exp([beta[1], beta[1] - half, beta[1] + half]), rel=EXACT
    )
    assert values["df"] == pytest.approx(df)
    assert values["p_value"] == pytest.approx(2 * stats.t.sf(abs(beta[1]) / error, df), rel=1e-7)


def minus_loglik(par, x, y, below, who):
    """A Tobit mixed model by 60 nodes about zero."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    within, between = math.exp(par[-2]), par[-1]
    z = (y[:, None] - (x @ par[:-2])[:, None] - between * nodes) / within
    log = np.where(below[:, None], stats.norm.logcdf(z), stats.norm.logpdf(z) - par[-2])
    each = pd.DataFrame(log).groupby(who).sum().to_numpy()
    return -np.log(np.exp(each) @ (weights / weights.sum())).sum()


def test_values_cut_off_by_another_likelihood(armed, sixty):
    wide, adsl = table_of(armed, "LEVEL", *BELOW.markers[1].visits)
    x, who, at = columns_of(wide, adsl, ["V1", "V2"], logs=True)
    y, below = (np.array([wide[name].loc[p, v] for p, v in zip(who, at, strict=True)]) for name in ("log", "below"))
    x[:, -1] -= x[:, -1].mean()
    x[:, -1] /= 10
    start = [*np.linalg.lstsq(x, y, rcond=None)[0], -0.5, 0.3]
    best = optimize.minimize(minus_loglik, start, args=(x, y, below.astype(bool), who), options={"gtol": 1e-7})
    for place, visit in ((2, "V1"), (3, "V2")):
        row = one(sixty, variable="LEVEL", block="cut-off", window=visit, measure="mean_ratio", stat="estimate")
        assert math.log(row.value) == pytest.approx(best.x[place], abs=CLIMBED)


def test_q_values_are_of_the_main_models_together(sixty):
    """Benjamini and Hochberg by counting: the least of n p / rank over those at least as large."""
    main = {"LOGM": "half-limit", "LEVEL": "cut-off", "VIRUS": "yes-no"}
    rows = [row for row in select(sixty, stat="p_value") if row.measure in {"mean_ratio", "odds_ratio"}
            and row.block == main[row.variable]]  # fmt: skip
    p = {(row.variable, row.window): row.value for row in rows}
    assert len(p) == 6
    for place, value in p.items():
        later = [other for other in p.values() if other >= value]
        expected = min(1.0, *(len(p) * other / sum(q <= other for q in p.values()) for other in later))
        told = one(sixty, variable=place[0], window=place[1], measure="limit_contrast_adjusted", stat="p_value")
        assert told.value == pytest.approx(expected, rel=EXACT)
    assert "6 contrasts" in sixty.catalogue.analyses["below"].sentences["family"]


def test_a_visit_that_an_arm_missed_has_no_contrast(crowd):
    """Nobody of Y has a value at V2: that contrast says so, the other stays."""
    labs, adsl = crowd["adlb"], crowd["adsl"].set_index("USUBJID")
    late = (labs["ADT"] - labs["USUBJID"].map(adsl["RTSTDT"])).dt.days > 200
    other = crowd.with_frames({"adlb": labs.loc[~(late & (labs["USUBJID"].map(adsl["TRT01A"]) == "Y"))]})
    found = summarize_detection(other, BELOW)
    for variable, measure in (("LOGM", "mean_ratio"), ("LEVEL", "mean_ratio"), ("VIRUS", "odds_ratio")):
        rows = {row.window: row for row in select(found, variable=variable, measure=measure, stat="estimate")}
        assert rows["V2"].note == NOT_SEEN
        assert math.isfinite(rows["V1"].value)
    assert every_gap_has_its_reason(found)


def test_everything_detected_has_no_odds_ratio(detected):
    rows = select(summarize_detection(detected, BELOW), measure="odds_ratio")
    assert {row.note for row in rows} == {ONE_OUTCOME}
    assert all(math.isnan(row.value) for row in rows)


def test_without_arms_there_are_shares_and_no_models(hidden):
    found = summarize_detection(pool_arms(hidden), BELOW)
    assert {row.arm for row in found.rows} == {"all"}
    assert {row.measure for row in found.rows} == {"participants", "frozen_share", "below_limit", "proportion"}
    assert "family" not in found.catalogue.analyses["below"].sentences


def test_three_arms_are_not_compared(crowd):
    design = replace(crowd.design, arms=(*crowd.design.arms, Arm("Z", "Zed")))
    adsl = crowd["adsl"].copy()
    adsl.loc[adsl.index[:20], ["TRT01P", "TRT01A"]] = "Z"
    study = assign_arms(replace(crowd.with_frames({"adsl": adsl}), design=design))
    found = summarize_detection(study, BELOW)
    assert {row.arm for row in found.rows} == {"X", "Y", "Z", "all"}
    assert not select(found, measure="mean_ratio")
    assert any("multiplicity" in fault for fault in refused(design, BELOW))


def test_a_masked_study_compares_the_same(hidden, sixty):
    secret = {"X": "B", "Y": "A"}
    found = summarize_detection(mask_arms(hidden, secret), BELOW)
    at = {"variable": "VIRUS", "window": "V1", "measure": "odds_ratio", "stat": "estimate"}
    assert one(found, **at).value == pytest.approx(1 / one(sixty, **at).value, rel=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda labs: labs.assign(AVALU="mol"), r"adlb.AVALU: \d+ records of LOGM in another unit; u is required"),
        (lambda labs: labs.assign(LLOQ=math.nan), "adlb.LLOQ: .* of LOGM below a limit that is not told"),
        (lambda labs: labs.assign(AVAL=0.0, AVALC="0"), "adlb.AVAL: LOGM has .* of zero or less"),
        (lambda labs: labs.drop(columns="LLOQ"), "adlb: LLOQ not in the data"),
    ],
)
def test_data_that_are_refused(crowd, change, message):
    with pytest.raises(DataError, match=message):
        summarize_detection(crowd.with_frames({"adlb": change(crowd["adlb"])}), BELOW)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"markers": ()}, "it has no markers"),
        ({"markers": (FEW_BELOW, FEW_BELOW)}, "markers 'LOGM' stands twice"),
        ({"markers": (replace(FEW_BELOW, visits=("V0",)),)}, "LOGM: visits are fewer than two"),
        ({"markers": (replace(FEW_BELOW, share=30.0),)}, "LOGM: share is 30.0"),
        ({"markers": (replace(FEW_BELOW, yes="some"),)}, "LOGM: yes is 'some'"),
        ({"half_limit_most": 0.6}, "half_limit_most is above cut_off_most"),
        ({"cut_off_most": 50}, "cut_off_most is 50"),
        ({"df_method": "normal"}, "df_method is 'normal'"),
        ({"variance": "naive"}, "variance is 'naive'"),
        ({"multiplicity": "bonferroni"}, "multiplicity is 'bonferroni'"),
    ],
)
def test_choices_that_are_refused(crowd, change, message):
    with pytest.raises(SpecError, match=message):
        summarize_detection(crowd, replace(BELOW, **change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"markers": BELOW.markers[1:]}, "df_method is 'kenward-roger', but has no effect"),
        ({"markers": BELOW.markers[:2]}, "variance is 'robust', but has no effect"),
        ({"df_method": ""}, "df_method is empty, but arms are compared"),
        ({"variance": ""}, "variance is empty, but arms are compared"),
        ({"multiplicity": ""}, "multiplicity is empty, but arms are compared"),
        ({"estimand": "ate"}, "estimand"),
    ],
)
def test_choices_without_an_effect(crowd, change, message):
    assert any(message in fault for fault in refused(crowd.design, replace(BELOW, **change)))
