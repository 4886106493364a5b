"""Rows of the mixed model: a case worked by hand, the design written in another way, the family, influence."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from entries import MODELLED

from npcstats.analyses.adjustment.weighing import adjust
from npcstats.analyses.mmrm import model
from npcstats.analyses.mmrm.summary import summarize_mmrm
from npcstats.derive import marker_values, population_members
from npcstats.estimators.mmrm import fit_mmrm
from npcstats.estimators.types import DesignMatrix
from npcstats.results import one, select

SAME = 1e-8
PLAIN = replace(
    MODELLED, markers=MODELLED.markers[:1], visits=("V1",), covariates=(), margins="", multiplicity="", adjustment=None,
    robust="", robust_df="", estimand="unadjusted",
)  # fmt: skip
# 97.5 % quantile of t with 2 degrees of freedom
T2 = 4.302652729911275


def laboratory(study, values):
    """Records of a marker that is 1 before radiotherapy: of each participant the value 20 days after its start."""
    start = study["adsl"].set_index("USUBJID")["RTSTDT"]
    rows = [
        {"USUBJID": who, "PARAMCD": "LOGM", "ADT": start[who] + pd.Timedelta(days=after), "AVAL": value,
         "AVALC": "5", "AVALU": "u", "LLOQ": 0.1}
        for who, later in values.items()
        for after, value in ((-1, 1.0), (20, later))
    ]  # fmt: skip
    return study.with_frames({"adlb": pd.DataFrame(rows).astype({"ADT": "datetime64[s]"})})


@pytest.fixture(scope="module")
def four(crowd):
    """Two of X with 2 and 8, two of Y with 1 and 4; all were 1 before."""
    adsl = crowd["adsl"].dropna(subset="RTSTDT")
    first, second = (adsl.loc[adsl["TRT01P"] == arm, "USUBJID"].tolist()[:2] for arm in ("X", "Y"))
    return laboratory(crowd, dict(zip(first + second, (2.0, 8.0, 1.0, 4.0), strict=True)))


@pytest.mark.parametrize("df_method", ["kenward-roger", "satterthwaite", "residual"])
def test_one_visit_is_a_comparison_of_means(four, df_method):
    """Worked by hand: means of logarithms log 4 and log 2, so means 4 and 2 and the ratio 2.

    The baseline value is the same for all, so its column is 0 and says nothing. Each arm has the variance
    (log 4)^2 / 2, so the difference has the standard error log 4 / sqrt 2 with 4 - 2 degrees of freedom.
    """
    results = summarize_mmrm(four, replace(PLAIN, df_method=df_method))
    at = {"variable": "LOGM", "window": "V1", "block": "unadjusted"}
    means = [one(results, **at, measure="modelled_ratio", arm=arm, stat="estimate").value for arm in ("X", "Y")]
    assert means == pytest.approx([4, 2], rel=SAME)
    error = math.log(4) / math.sqrt(2)
    told = {row.stat: row.value for row in select(results, **at, measure="ratio_contrast")}
    assert told["estimate"] == pytest.approx(2, rel=SAME)
    assert told["std_error"] == pytest.approx(error, rel=SAME)
    assert told["df"] == pytest.approx(2, rel=SAME)
    limits = [2 * math.exp(sign * T2 * error) for sign in (-1, 1)]
    assert [told["ci_low"], told["ci_high"]] == pytest.approx(limits, rel=SAME)
    t = math.log(2) / error
    assert told["p_value"] == pytest.approx(1 - t / math.sqrt(2 + t**2), rel=SAME)  # of t with 2 df


def test_who_is_modelled_and_who_is_not(four):
    results = summarize_mmrm(four, PLAIN)
    members = population_members(four, "BEAM")
    for arm in ("X", "Y"):
        size = int((members["ARM"] == arm).sum())
        at = {"variable": "LOGM", "arm": arm}
        assert one(results, **at, window="", measure="observed", stat="count").value == 2
        assert one(results, **at, window="", measure="observed", stat="total").value == size
        lost = select(results, **at, window="", measure="not_evaluable")
        assert {row.level: row.value for row in lost} == {"no-baseline": size - 2, "no-change": 0, "no-covariate": 0}


def test_the_dead_are_counted_at_visits_after_their_death_if_they_have_no_value(crowd):
    results = summarize_mmrm(crowd, MODELLED)
    members = population_members(crowd, "BEAM")
    visits = [crowd.design.visit(code) for code in ("V0", "V1", "V2")]
    values = marker_values(crowd, members, visits, code="LOGM", unit="u", scale="log", below_limit="half-limit",
                           reason="test")  # fmt: skip
    opened = members["RTENDT"] + pd.Timedelta(days=200)
    gone = (members["DTHDT"] < opened).to_numpy() & np.isnan(values[:, 2])
    modelled = ~np.isnan(values[:, 0]) & (~np.isnan(values[:, 1:])).any(axis=1)
    for arm in ("X", "Y"):
        inside = modelled & (members["ARM"] == arm).to_numpy()
        row = one(results, variable="LOGM", window="V2", arm=arm, measure="not_evaluable", level="died")
        assert row.value == (gone & inside).sum()
        seen = one(results, variable="LOGM", window="V2", arm=arm, measure="observed", stat="count")
        assert seen.value == (inside & ~np.isnan(values[:, 2])).sum()


def long_frame(study, code, unit, scale):
    """Changes one below the other, of those with a value at both ends, and their baseline values."""
    members = population_members(study, "BEAM")
    visits = [study.design.visit(name) for name in ("V0", "V1", "V2")]
    values = marker_values(study, members, visits, code=code, unit=unit, scale=scale, below_limit="half-limit",
                           reason="test")  # fmt: skip
    rows = [
        {"i": i, "visit": j, "y": values[i, j] - values[i, 0], "base": values[i, 0], "x": member.ARM == "X",
         "age": member.AGE, "male": member.SEX == "M"}
        for i, member in enumerate(members.itertuples())
        for j in (1, 2)
        if not math.isnan(values[i, j] - values[i, 0])
    ]  # fmt: skip
    return members, pd.DataFrame(rows).astype({"x": float, "male": float})


@pytest.mark.parametrize(("code", "unit", "scale"), [("LOGM", "u", "log"), ("LEVEL", "g", "identity")])
def test_the_design_written_in_another_way(crowd, code, unit, scale):
    """The same model with an intercept, main effects and products: means by prediction, contrasts by coefficients."""
    _, frame = long_frame(crowd, code, unit, scale)
    late, people = (frame["visit"] == 2).astype(float), frame.drop_duplicates("i")
    columns = {
        "one": np.ones(len(frame)), "late": late, "x": frame["x"], "x:late": frame["x"] * late, "base": frame["base"],
        "base:late": frame["base"] * late, "age": frame["age"], "male": frame["male"],
    }  # fmt: skip
    fit = fit_mmrm(frame["y"].to_numpy(), DesignMatrix(np.column_stack([*columns.values()]), tuple(columns)),
                   frame["i"].to_numpy(), frame["visit"].to_numpy(), covariance="unstructured",
                   df_method="kenward-roger", conf_level=0.95)  # fmt: skip
    base, age = people["base"].mean(), people["age"].mean()
    results = summarize_mmrm(crowd, MODELLED)
    names = ("modelled_ratio", "ratio_contrast") if scale == "log" else ("modelled_change", "change_contrast")
    back = math.exp if scale == "log" else float
    rows = {}
    for window, share in {"V1": 0.0, "V2": 1.0, "average": 0.5}.items():
        for arm, x in (("X", 1.0), ("Y", 0.0)):  # margins are equal: half of each sex
            rows[window, arm] = np.array([1, share, x, x * share, base, base * share, age, 0.5])
            found = fit.contrast(rows[window, arm])
            told = {row.stat: row.value for row in select(results, variable=code, window=window, arm=arm,
                                                          block="adjusted", measure=names[0])}  # fmt: skip
            for stat, value in {"estimate": found.estimate, "ci_low": found.lower, "ci_high": found.upper}.items():
                assert told[stat] == pytest.approx(back(value), rel=SAME)
        apart = fit.contrast(rows[window, "X"] - rows[window, "Y"])
        told = {row.stat: row.value for row in select(results, variable=code, window=window, block="adjusted",
                                                      measure=names[1])}  # fmt: skip
        assert told["estimate"] == pytest.approx(back(apart.estimate), rel=SAME)
        for stat, value in {"std_error": apart.std_error, "df": apart.df, "p_value": apart.p_value}.items():
            assert told[stat] == pytest.approx(value, rel=1e-6)
    tests = {
        "arm": [[0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0, 0, 0]], "arm-visit": [[0, 0, 0, 1, 0, 0, 0, 0]],
        "visit": [[0, 1, 0, 0.5, 0, base, 0, 0]], "baseline": [[0, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 1, 1, 0, 0]],
        "baseline-visit": [[0, 0, 0, 0, 0, 1, 0, 0]],
    }  # fmt: skip
    for term, combination in tests.items():
        row = one(results, variable=code, measure="term_test", level=term, stat="p_value")
        assert row.value == pytest.approx(fit.contrast(np.array(combination, dtype=float)).p_value, rel=1e-6)


def test_marginal_means_are_of_all_as_they_are(crowd):
    """The mean is linear in the covariates: it stands at their means, and its variance has that of the predictions."""
    _, frame = long_frame(crowd, "LEVEL", "g", "identity")
    people = frame.drop_duplicates("i")
    results = summarize_mmrm(crowd, replace(MODELLED, margins="proportional"))
    at = {"variable": "LEVEL", "window": "V1", "arm": "X", "block": "adjusted"}
    low, high, middle = (one(results, **at, measure="modelled_change", stat=stat).value
                         for stat in ("ci_low", "ci_high", "estimate"))  # fmt: skip
    wide = [one(results, **at, measure="marginal_change", stat=stat).value for stat in ("ci_low", "ci_high")]
    assert one(results, **at, measure="marginal_change", stat="estimate").value == pytest.approx(middle, rel=SAME)
    columns = np.column_stack([
        (frame["visit"] == 1) * 1.0, (frame["visit"] == 2) * 1.0, frame["x"] * (frame["visit"] == 1),
        frame["x"] * (frame["visit"] == 2), frame["base"] * (frame["visit"] == 1),
        frame["base"] * (frame["visit"] == 2), frame["age"], frame["male"],
    ])  # fmt: skip
    fit = fit_mmrm(frame["y"].to_numpy(), DesignMatrix(columns, tuple("abcdefgh")), frame["i"].to_numpy(),
                   frame["visit"].to_numpy(), covariance="unstructured", df_method="kenward-roger",
                   conf_level=0.95)  # fmt: skip
    own = people[["base", "age", "male"]].to_numpy() @ fit.coef[[4, 6, 7]]
    mean = np.array([1, 0, 1, 0, people["base"].mean(), 0, people["age"].mean(), people["male"].mean()])
    given = fit.contrast(mean)
    quantile = (given.upper - given.lower) / 2 / given.std_error
    half = quantile * math.sqrt(given.std_error**2 + np.var(own, ddof=1) / len(own))
    assert [low, high] == pytest.approx([given.lower, given.upper], rel=SAME)
    assert wide == pytest.approx([middle - half, middle + half], rel=1e-6)


def test_the_weighted_model_is_of_the_weights_of_its_participants(crowd):
    members, frame = long_frame(crowd, "LOGM", "u", "log")
    people = members.loc[sorted(set(frame["i"]))].reset_index(drop=True)
    weights = adjust(crowd, people, (people["ARM"] == "X").to_numpy(), MODELLED.adjustment, "t").weights[0].values
    of = dict(zip(sorted(set(frame["i"])), weights, strict=True))
    late = (frame["visit"] == 2).astype(float)
    columns = {"one": np.ones(len(frame)), "late": late, "x": frame["x"], "x:late": frame["x"] * late,
               "base": frame["base"], "base:late": frame["base"] * late}  # fmt: skip
    fit = fit_mmrm(frame["y"].to_numpy(), DesignMatrix(np.column_stack([*columns.values()]), tuple(columns)),
                   frame["i"].to_numpy(), frame["visit"].to_numpy(), covariance="unstructured",
                   df_method="satterthwaite", conf_level=0.95, variance="cr2",
                   weights=frame["i"].map(of).to_numpy())  # fmt: skip
    results = summarize_mmrm(crowd, MODELLED)
    for window, row in {"V1": [0, 0, 1, 0, 0, 0], "V2": [0, 0, 1, 1, 0, 0]}.items():
        found = fit.contrast(np.array(row, dtype=float))
        told = {row.stat: row.value for row in select(results, variable="LOGM", window=window, block="overlap",
                                                      measure="ratio_contrast")}  # fmt: skip
        assert told["estimate"] == pytest.approx(math.exp(found.estimate), rel=SAME)
        assert told["std_error"] == pytest.approx(found.std_error, rel=1e-6)
        assert told["df"] == pytest.approx(found.df, rel=1e-6)
    size = one(results, variable="LOGM", block="overlap", arm="X", measure="effective_size").value
    own = weights[(people["ARM"] == "X").to_numpy()]
    assert size == pytest.approx(own.sum() ** 2 / (own**2).sum(), rel=SAME)


def test_the_family_is_of_visits_and_markers_of_the_main_model(crowd):
    """Benjamini and Hochberg by hand: the k-th smallest of m p-values times m / k, the least of these from k on."""
    results = summarize_mmrm(crowd, MODELLED)
    rows = [row for row in select(results, block="adjusted", stat="p_value", measure={"ratio_contrast",
                                                                                      "change_contrast"})
            if row.window != "average"]  # fmt: skip
    assert len(rows) == 4
    ordered = sorted(rows, key=lambda row: row.value)
    for k, row in enumerate(ordered):
        expected = min(other.value * 4 / (i + 1) for i, other in enumerate(ordered) if i >= k)
        told = one(results, variable=row.variable, window=row.window, measure="contrast_adjusted").value
        assert told == pytest.approx(expected, rel=SAME)
    assert len(select(results, measure="contrast_adjusted")) == 4


def test_the_first_structure_that_converges_is_used_and_said(crowd, monkeypatch):
    def stops(*given, covariance, **named):
        fit = fit_mmrm(*given, covariance=covariance, **named)
        failed = covariance == "unstructured"
        return replace(fit, converged=False, note="It stopped at visit 0.") if failed else fit

    other = summarize_mmrm(crowd, replace(MODELLED, structures=("compound-symmetry",)))
    monkeypatch.setattr(model, "fit_mmrm", stops)
    results = summarize_mmrm(crowd, MODELLED)
    assert results.rows == other.rows
    told = results.catalogue.analyses["modelled"]
    assert told.choices["structure.LOGM.adjusted"] == told.choices["structure.LEVEL.overlap"] == "compound-symmetry"
    words = " ".join(told.sentences[name] for name in told.sentences if name.startswith("structure."))
    assert words == "Covariance used: compound symmetry. Not unstructured: It stopped at visit “During”."


def test_without_any_that_converges_nothing_is_told_as_if_it_had(crowd):
    """Nobody has both visits, so no covariance of the two can be estimated."""
    labs = crowd["adlb"]
    start = labs["USUBJID"].map(crowd["adsl"].set_index("USUBJID")["RTSTDT"])
    after = (labs["ADT"] - start).dt.days
    once = crowd.with_frames({"adlb": labs[(after < 10) | ((after < 100) == (labs["USUBJID"] < "P30"))]})
    results = summarize_mmrm(once, MODELLED)
    rows = [row for row in results.rows if row.block and row.measure not in ("participants", "records",
                                                                            "effective_size")]  # fmt: skip
    assert len(rows) > 100
    assert all(math.isnan(row.value) for row in rows)
    assert all("at both visits “During” and “Long after”" in row.note for row in rows)


def test_influence_is_that_of_leaving_participants_out(crowd):
    """The largest shift against fits without each participant, the covariance held, by generalized least squares."""
    _, frame = long_frame(crowd, "LEVEL", "g", "identity")
    spec = replace(MODELLED, markers=MODELLED.markers[1:], covariates=(), margins="", estimand="unadjusted")
    results = summarize_mmrm(crowd, spec)
    late = (frame["visit"] == 2).astype(float)
    x = np.column_stack([np.ones(len(frame)), late, frame["x"], frame["x"] * late, frame["base"],
                         frame["base"] * late])  # fmt: skip
    y, who, at = frame["y"].to_numpy(), frame["i"].to_numpy(), frame["visit"].to_numpy() - 1
    fit = fit_mmrm(y, DesignMatrix(x, tuple("abcdef")), who, at, covariance="unstructured",
                   df_method="kenward-roger", conf_level=0.95)  # fmt: skip
    between = np.where(who[:, None] == who, fit.covariance[0][at[:, None], at], 0.0)

    def effect(rows):
        inverse = np.linalg.inv(between[np.ix_(rows, rows)])
        return np.linalg.solve(x[rows].T @ inverse @ x[rows], x[rows].T @ inverse @ y[rows]) @ [0, 0, 1, 0.5, 0, 0]

    whole, error = effect(np.arange(len(y))), fit.contrast(np.array([0, 0, 1, 0.5, 0, 0])).std_error
    shifts = np.array([(effect(np.flatnonzero(who != i)) - whole) / error for i in np.unique(who)])
    largest = one(results, variable="LEVEL", measure="largest_shift").value
    assert largest == pytest.approx(shifts[np.argmax(np.abs(shifts))], rel=1e-6)
    bars = {float(row.level): row.value for row in select(results, variable="LEVEL", measure="left_out")}
    assert sum(bars.values()) == len(shifts)
    for low, count in bars.items():
        assert count == ((shifts >= low - 1e-9) & (shifts < low + 0.025 - 1e-9)).sum()
