"""Models of many features: by closed forms of made images, and once more from the synthetic trial's own files."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from entries import IMAGES
from lifelines import CoxPHFitter
from scipy import stats

from npcstats.analyses.features.rows import CHANGE, DIFFERENCE, FAMILY, HAZARD, NO_COVARIATE
from npcstats.analyses.features.spec import FeatureSet
from npcstats.analyses.features.summary import summarize_features
from npcstats.derive import derive_endpoint, pool_arms, population_members
from npcstats.errors import DataError
from npcstats.estimators.mmrm import fit_mmrm
from npcstats.estimators.types import DesignMatrix
from npcstats.results import one, select
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

ROOT = Path(__file__).parents[3]
PLAIN = replace(IMAGES, covariates=(), estimand="unadjusted", transform="identity", sets=IMAGES.sets[:1])
BOTH = replace(PLAIN, visits=("V0", "V1", "V2"))
OWN, EVEN, ODD, LAST = (f"original_shape_{name}" for name in ("Own", "Even", "Odd", "Other"))
# two searches for the same maximum
SAME_TOP = 1e-6


def complete(crowd):
    """Images of those who have them at both of the first visits."""
    images = crowd["adrad"]
    seen = images[images["AVISIT"].isin(["V0", "V1"])]
    both = seen.groupby(["USUBJID", "MODALITY"])["AVISIT"].transform("size") == 2
    return crowd.with_frames({"adrad": seen[both]})


def wide(study, feature, modality="T1C"):
    """A feature at the first two visits, and the arm, of those with both."""
    images = study["adrad"]
    table = images[images["MODALITY"] == modality].pivot(index="USUBJID", columns="AVISIT", values=feature)
    return table, study["adsl"].set_index("USUBJID")["TRT01A"].reindex(table.index)


def stat_of(results, measure, feature, stat="estimate", **at):
    return one(results, measure=measure, variable=feature, stat=stat, **at).value


@pytest.mark.parametrize("feature", [OWN, EVEN, ODD, LAST])
def test_with_both_visits_it_is_a_test_of_two_samples(crowd, feature):
    """The difference of mean changes in standard deviations of the first visit; its t test pools the variances."""
    study = complete(crowd)
    table, arm = wide(study, feature)
    change = (table["V1"] - table["V0"]) / table["V0"].std()
    x, y = change[arm == "X"], change[arm == "Y"]
    expected = stats.ttest_ind(x, y)
    results = summarize_features(study, PLAIN)
    at = {"window": "V1", "arm": "X", "reference": "Y", "block": "ONE"}
    assert stat_of(results, DIFFERENCE, feature, **at) == pytest.approx(x.mean() - y.mean(), rel=1e-8)
    assert stat_of(results, DIFFERENCE, feature, "p_value", **at) == pytest.approx(expected.pvalue, rel=1e-6)
    limits = expected.confidence_interval(0.95)
    told = [stat_of(results, DIFFERENCE, feature, stat, **at) for stat in ("ci_low", "ci_high")]
    assert told == pytest.approx([limits.low, limits.high], rel=1e-6)
    row = one(results, measure=DIFFERENCE, variable=feature, stat="ci_low", **at)
    assert (row.conf_level, row.method, row.note) == (0.95, "random-intercept", "")


def test_without_arms_it_is_a_paired_test(crowd):
    study = complete(crowd)
    table, _ = wide(study, ODD)
    change = (table["V1"] - table["V0"]) / table["V0"].std()
    expected = stats.ttest_1samp(change, 0)
    design = replace(study.design, treatment_columns={"adsl": ("TRT01P", "TRT01A")})
    results = summarize_features(pool_arms(replace(study, design=design)), replace(PLAIN, estimand=""))
    assert {row.arm for row in results.rows} == {"all"}
    assert not select(results, measure=DIFFERENCE)
    assert stat_of(results, CHANGE, ODD) == pytest.approx(change.mean(), rel=1e-8)
    assert stat_of(results, CHANGE, ODD, "p_value") == pytest.approx(expected.pvalue, rel=1e-6)
    told = " ".join(results.catalogue.analyses["images"].sentences.values())
    assert "arm" not in told.split()


def test_a_logarithm_is_taken_where_all_values_are_above_zero(crowd):
    """Own and Even are positive, Odd and Other are not; the difference does not depend on the unit."""
    study = complete(crowd)
    logged = summarize_features(study, replace(PLAIN, transform="log-where-positive"))
    plain = summarize_features(study, PLAIN)
    table, arm = wide(study, OWN)
    change = (np.log(table["V1"]) - np.log(table["V0"])) / np.log(table["V0"]).std()
    expected = change[arm == "X"].mean() - change[arm == "Y"].mean()
    assert stat_of(logged, DIFFERENCE, OWN) == pytest.approx(expected, rel=1e-8)
    assert stat_of(logged, DIFFERENCE, ODD) == stat_of(plain, DIFFERENCE, ODD)
    other = study.with_frames({"adrad": study["adrad"].assign(**{OWN: 1e6 * study["adrad"][OWN]})})
    again = summarize_features(other, replace(PLAIN, transform="log-where-positive"))
    assert stat_of(again, DIFFERENCE, OWN) == pytest.approx(expected, rel=1e-8)


def test_hazard_ratios_are_of_each_feature_alone(crowd):
    """lifelines' Cox model (Efron) of the feature over its standard deviation, among those with an image."""
    results = summarize_features(crowd, PLAIN)
    members = population_members(crowd, "BEAM")
    times = derive_endpoint(crowd, members, crowd.design.endpoint("DEAD"))
    images = crowd["adrad"]
    first = images[(images["MODALITY"] == "T1C") & (images["AVISIT"] == "V0")].set_index("USUBJID")
    frame = pd.DataFrame({"time": times.time, "event": times.cause == 1, "id": members["USUBJID"].to_numpy()})
    for feature in (OWN, EVEN, ODD, LAST):
        data = frame.assign(x=frame["id"].map(first[feature])).dropna()
        data["x"] /= data["x"].std()
        fit = CoxPHFitter().fit(data[["time", "event", "x"]], "time", "event", fit_options={"precision": 1e-12})
        told = [stat_of(results, HAZARD, feature, stat) for stat in ("estimate", "ci_low", "ci_high", "p_value")]
        limits = np.exp(fit.confidence_intervals_.loc["x"])
        expected = [math.exp(fit.params_["x"]), *limits, fit.summary.loc["x", "p"]]
        assert told == pytest.approx(expected, rel=1e-6)
    events = one(results, measure="feature_events", stat="count", block="ONE", window="V0").value
    assert (events, one(results, measure="feature_events", stat="total", block="ONE").value) == (
        data["event"].sum(),
        len(data),
    )


def test_everyone_is_counted(crowd):
    """Members, images at each visit by arm, and who lacks a covariate."""
    ages = crowd["adsl"]["AGE"].copy()
    ages.iloc[:7] = np.nan
    study = crowd.with_frames({"adsl": crowd["adsl"].assign(AGE=ages)})
    results = summarize_features(study, replace(IMAGES, visits=("V0", "V1", "V2")))
    begun = study["adsl"][study["adsl"]["RTSTDT"].notna()]
    for arm in ("X", "Y"):
        own = begun[begun["TRT01A"] == arm]
        assert one(results, measure="participants", arm=arm).value == len(own)
        lacks = one(results, measure="not_evaluable", arm=arm, level=NO_COVARIATE)
        assert lacks.value == own["AGE"].isna().sum()
        for item in IMAGES.sets:
            for visit in ("V0", "V1", "V2"):
                images = study["adrad"].query("MODALITY == @item.modality and AVISIT == @visit")
                # the last visit counts from the end of radiotherapy; its window holds all images of that day
                expected = own["USUBJID"].isin(images["USUBJID"]).sum()
                at = {"measure": "observed", "block": item.code, "window": visit, "arm": arm}
                assert one(results, **at, stat="count").value == expected
                assert one(results, **at, stat="total").value == len(own)


@pytest.mark.parametrize("method", ["benjamini-hochberg", "holm"])
def test_families(crowd, method):
    """Changes of a set at all visits are one family, its hazard ratios another: adjusted from their definition."""
    results = summarize_features(crowd, replace(IMAGES, visits=("V0", "V1", "V2"), multiplicity=method))
    for block in ("ONE", "TWO"):
        for measure, size in ((DIFFERENCE, 8), (HAZARD, 4)):
            rows = select(results, block=block, measure=measure, stat="p_value")
            assert len(rows) == size
            p_values = [row.value for row in rows]
            for row in rows:
                told = stat_of(results, FAMILY[measure], row.variable, "p_value", block=block, window=row.window)
                assert told == pytest.approx(adjusted(row.value, p_values, method), rel=1e-12)
            for window in {row.window for row in rows}:
                below = [
                    row.value < 0.05 for row in select(results, block=block, measure=FAMILY[measure], window=window)
                ]
                at = {"measure": "discoveries", "level": measure, "block": block, "window": window}
                assert [one(results, **at, stat=stat).value for stat in ("count", "total")] == [sum(below), len(below)]
            at = {"measure": "features", "level": measure, "block": block}
            assert [one(results, **at, stat=stat).value for stat in ("count", "total")] == [4, 4]


def adjusted(p, family, method):
    """A p-value for its family: Benjamini and Hochberg over larger ones, Holm over smaller ones."""
    m = len(family)
    if method == "holm":
        return min(1.0, max((m - sum(other < q for other in family)) * q for q in family if q <= p))
    return min(1.0, *(m * q / sum(other <= q for other in family) for q in family if q >= p))


@pytest.fixture(scope="module")
def trial():
    plan = load_plan(ROOT / "analysis" / "plan")
    study = prepare_study(read_study(ROOT / "data" / "synthetic", plan.design), plan, "final", mask=None)
    return study, next(spec for spec in plan.specs if spec.id == "radiomics")


FEATURES = ("original_shape_Sphericity", "original_glcm_Contrast", "original_firstorder_Skewness")


def from_files(modality):
    """Images of one kind and the people, read as text; the image nearest to the target day of each visit."""
    images = pd.read_csv(ROOT / "data" / "synthetic" / "adrad.csv", parse_dates=["ADT"])
    people = pd.read_csv(ROOT / "data" / "synthetic" / "adsl.csv", parse_dates=["RTSTDT", "RTENDT"])
    people = people[people["RTSTDT"].notna()].set_index("USUBJID")
    images = images[(images["MODALITY"] == modality) & (images["REPLICATE"] == 1)]
    return images[images["USUBJID"].isin(people.index)], people


@pytest.mark.parametrize("block", ["T1C", "T2"])
def test_the_synthetic_trial_once_more(trial, block):
    """Three features by the general mixed model of compound symmetry, from the files; arms as the study has them."""
    study, spec = trial
    results = summarize_features(study, replace(spec, sets=tuple(item for item in spec.sets if item.code == block)))
    images, people = from_files(block)
    arms = population_members(study, "RT").set_index("USUBJID")["ARM"]
    images = images.assign(visit=images["AVISIT"].map({"BL": 0, "MID": 1, "M3": 2}))
    who = images["USUBJID"]
    treated = (who.map(arms) == "PROTON").to_numpy(dtype=float)
    at = images["visit"].to_numpy()
    columns = {"one": np.ones(len(at)), "v1": at == 1, "v2": at == 2, "arm": treated, "a1": treated * (at == 1),
               "a2": treated * (at == 2), "age": who.map(people["AGE"])}  # fmt: skip
    for name in ("SEX", "T9", "N9"):
        for level in sorted(people[name].unique())[1:]:
            columns[f"{name} {level}"] = who.map(people[name]) == level
    design = DesignMatrix(np.column_stack([np.asarray(c, dtype=float) for c in columns.values()]), tuple(columns))
    for feature in FEATURES:
        values = images[feature].to_numpy(dtype=float)
        values = np.log(values) if (values > 0).all() else values
        values = values / values[at == 0].std(ddof=1)
        fit = fit_mmrm(
            values, design, who, at, covariance="compound-symmetry", df_method="satterthwaite", conf_level=0.95
        )
        for place, window in ((4, "MID"), (5, "M3")):
            contrast = fit.contrast(np.eye(len(columns))[place])
            rows = {row.stat: row.value for row in select(results, measure=DIFFERENCE, variable=feature, window=window)}
            assert rows["estimate"] == pytest.approx(contrast.estimate, abs=SAME_TOP * contrast.std_error)
            assert rows["ci_low"] == pytest.approx(contrast.lower, abs=SAME_TOP * contrast.std_error)
            assert rows["ci_high"] == pytest.approx(contrast.upper, abs=SAME_TOP * contrast.std_error)
            assert rows["p_value"] == pytest.approx(contrast.p_value, rel=1e-5)
    for arm in ("PROTON", "PHOTON"):
        for window, visit in (("BL", 0), ("MID", 1), ("M3", 2)):
            expected = ((who.map(arms) == arm) & (at == visit)).sum()
            assert one(results, measure="observed", stat="count", arm=arm, window=window).value == expected


def test_an_image_that_nobody_has_is_refused(crowd):
    with pytest.raises(DataError, match="no image CT of GTVp"):
        summarize_features(crowd, replace(PLAIN, sets=(FeatureSet("CT", "CT", "CT", "GTVp"),)))
    with pytest.raises(DataError, match="no column that begins with wavelet"):
        summarize_features(crowd, replace(PLAIN, prefix="wavelet"))
