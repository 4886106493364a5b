"""Hazard ratios of markers: recomputed on sixty participants, by arms, and what goes wrong."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from entries import AGE, FORETELLING
from statsmodels.stats.multitest import multipletests

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.association.spec import association_entry_faults, association_faults, association_idle
from npcstats.analyses.association.summary import NO_UNIT, summarize_association
from npcstats.errors import DataError, SpecError
from npcstats.estimators.timetoevent import fit_cox
from npcstats.estimators.types import DesignMatrix
from npcstats.results import one, select
from npcstats.study import ARM_COLUMNS, DAYS_PER_MONTH, Arm

LOG, LEVEL, VIRUS = FORETELLING.markers
STATS = ("estimate", "ci_low", "ci_high", "p_value")


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_association(crowd, FORETELLING)


@pytest.fixture(scope="module")
def flat(crowd):
    """A row for each member with a value before treatment: death or last seen alive, in months; all by pandas."""
    adsl = crowd["adsl"].loc[lambda frame: frame["RTSTDT"].notna()].set_index("USUBJID")
    seen = crowd["adassess"].loc[lambda frame: frame["KIND"] == "VITAL"].groupby("USUBJID")["ADT"].max()
    end = adsl["DTHDT"].fillna(seen.reindex(adsl.index)).fillna(adsl["RTSTDT"])
    adsl["time"] = (end - adsl["RTSTDT"]).dt.days / DAYS_PER_MONTH
    labs = crowd["adlb"].assign(value=lambda frame: frame["AVAL"].fillna(frame["LLOQ"] / 2))
    days = (labs["ADT"] - labs["USUBJID"].map(adsl["RTSTDT"])).dt.days
    for code in ("LOGM", "LEVEL"):
        adsl[code] = labs.loc[days.between(-28, 0) & (labs["PARAMCD"] == code)].set_index("USUBJID")["value"]
    return adsl


def ratio(results, marker, model="baseline", block="adjusted", arm="all"):
    at = {"variable": marker, "level": model, "block": block, "arm": arm, "measure": "hazard_ratio"}
    return [one(results, **at, stat=stat).value for stat in STATS]


def fitted(rows, *columns, strata=None):
    fit = fit_cox(rows["time"].to_numpy(), rows["DTHDT"].notna().to_numpy(),
                  DesignMatrix(np.column_stack(columns), tuple(map(str, range(len(columns))))), ties="efron",
                  strata=strata, conf_level=0.95)  # fmt: skip
    found = fit.interval("0")
    return [found.estimate, found.lower, found.upper, fit.p_value[0]]


@pytest.mark.parametrize("marker", ["LOGM", "LEVEL"])
def test_before_treatment(flat, results, marker):
    known = flat.dropna(subset=marker)
    value = np.log2(known[marker]) if marker == "LOGM" else known[marker] / flat[marker].std()
    np.testing.assert_allclose(ratio(results, marker, block="unadjusted"), fitted(known, value), rtol=1e-8)
    adjusted = fitted(known, value, known["AGE"], strata=known["TRT01A"].to_numpy(dtype=str))
    np.testing.assert_allclose(ratio(results, marker), adjusted, rtol=1e-8)
    counts = {"variable": marker, "level": "baseline", "arm": "all"}
    assert one(results, **counts, measure="events", stat="total").value == len(known)
    assert one(results, **counts, measure="events", stat="count").value == known["DTHDT"].notna().sum()
    assert one(results, **counts, measure="missing").value == len(flat) - len(known)


def test_twice_the_value_is_one_doubling(crowd, results):
    """Values to the power of two: half of every logarithm of a ratio."""
    labs = crowd["adlb"].copy()
    log = labs["PARAMCD"] == "LOGM"
    labs.loc[log, "AVAL"] **= 2
    labs.loc[log, "LLOQ"] = labs.loc[log, "LLOQ"] ** 2 / 2  # half of it is the square of half of it
    squared = summarize_association(crowd.with_frames({"adlb": labs}), FORETELLING)
    for model in ("baseline", "landmark-V1", "readings"):
        once, twice = ratio(results, "LOGM", model), ratio(squared, "LOGM", model)
        np.testing.assert_allclose(2 * np.log(twice[:3]), np.log(once[:3]), rtol=1e-6, atol=1e-9)


def test_the_unit_of_a_level_has_no_effect(crowd, results):
    """A ratio for one standard deviation is the same in grams and in milligrams; the deviation is not."""
    labs = crowd["adlb"].copy()
    level = labs["PARAMCD"] == "LEVEL"
    labs.loc[level, ["AVAL", "LLOQ"]] *= 1000.0
    finer = summarize_association(crowd.with_frames({"adlb": labs}), FORETELLING)
    np.testing.assert_allclose(ratio(finer, "LEVEL", "readings"), ratio(results, "LEVEL", "readings"), rtol=1e-7)
    deviations = [one(found, variable="LEVEL", measure="std_deviation").value for found in (finer, results)]
    assert deviations[0] == pytest.approx(1000 * deviations[1])


def test_ratios_of_arms_are_those_of_each_arm_without_covariates(crowd):
    """Without covariates in common, a baseline hazard for each arm parts the likelihood."""
    plain = replace(FORETELLING, covariates=(), courses=None)
    found = summarize_association(crowd, plain)
    for arm in ("X", "Y"):
        inside = crowd["adsl"]["TRT01A"] == arm
        part = crowd.with_frames({"adsl": crowd["adsl"].loc[inside].reset_index(drop=True)})
        alone = summarize_association(replace(part, arms=()), replace(plain, markers=(LOG, VIRUS)))
        np.testing.assert_allclose(ratio(found, "LOGM", arm=arm), ratio(alone, "LOGM", block="unadjusted"), rtol=1e-6)


def test_p_values_of_the_family(results):
    """Of everyone's adjusted ratios, all markers and models: those of arms are no part of it."""
    tested = select(results, measure="hazard_ratio", block="adjusted", arm="all", stat="p_value")
    adjusted = select(results, measure="marker_test_adjusted", stat="p_value")
    assert len(tested) == len(adjusted) == 9
    expected = multipletests([row.value for row in tested], method="fdr_bh")[1]
    np.testing.assert_allclose([row.value for row in adjusted], expected, rtol=1e-12)


def test_a_marker_is_not_adjusted_for_itself(crowd):
    """A covariate that is the marker would take its whole coefficient; left out, the model is that without it."""
    spec = replace(FORETELLING, courses=None, covariates=(AGE, Covariate("CCI", "Index", "continuous")))
    left = summarize_association(crowd, replace(spec, markers=(replace(LOG, without=("CCI",)),)))
    without = summarize_association(crowd, replace(spec, markers=(LOG,), covariates=(AGE,)))
    np.testing.assert_allclose(ratio(left, "LOGM"), ratio(without, "LOGM"), rtol=1e-10)
    assert ratio(left, "LOGM") != ratio(summarize_association(crowd, replace(spec, markers=(LOG,))), "LOGM")
    told = left.catalogue.analyses["foretelling"].sentences["adjustment"]
    assert told.endswith("Log marker, per doubling, not for Index.")


def test_who_lacks_a_covariate_is_in_no_model_and_counted(crowd, flat):
    adsl = crowd["adsl"].copy()
    lacking = adsl.index[adsl["USUBJID"].isin(flat.dropna(subset="LOGM").index[:7])]
    adsl.loc[lacking, "AGE"] = np.nan
    found = summarize_association(crowd.with_frames({"adsl": adsl}), FORETELLING)
    known = len(flat.dropna(subset="LOGM")) - 7
    at = {"variable": "LOGM", "level": "baseline", "arm": "all"}
    assert one(found, **at, measure="events", stat="total").value == known
    assert one(found, **at, measure="missing").value == len(flat) - known


def test_pooled_there_is_no_arm_and_no_stratum(crowd):
    pooled = summarize_association(replace(crowd, arms=()), replace(FORETELLING, by_arm=False))
    assert {row.arm for row in pooled.rows} == {"all"}
    told = pooled.catalogue.analyses["foretelling"].sentences
    assert not any(" arm" in sentence for sentence in told.values())
    alone = summarize_association(replace(crowd, arms=()), replace(FORETELLING, by_arm=False, covariates=()))
    assert {row.block for row in select(alone, measure="hazard_ratio")} == {"unadjusted"}
    assert alone.catalogue.analyses["foretelling"].sentences["adjustment"].startswith("Not adjusted")
    assert select(alone, measure="marker_test_adjusted")


def test_three_arms(crowd):
    """The test that three ratios are the same has two degrees of freedom; an arm of nobody has too few events."""
    adsl = crowd["adsl"].copy()
    adsl.loc[adsl.index % 3 == 0, ARM_COLUMNS["actual"]] = "Z"
    three = replace(crowd.with_frames({"adsl": adsl}), arms=(*crowd.arms, Arm("Z", "Zed")))
    found = summarize_association(three, FORETELLING)
    at = {"variable": "LOGM", "level": "baseline", "block": "adjusted"}
    assert one(found, **at, measure="effect_modification", stat="df").value == 2
    assert all(math.isfinite(value) for arm in "XYZ" for value in ratio(found, "LOGM", arm=arm))
    empty = summarize_association(replace(crowd, arms=(*crowd.arms, Arm("Z", "Zed"))), FORETELLING)
    row = one(empty, **at, measure="effect_modification", stat="p_value")
    assert math.isnan(row.value)
    assert row.note == "An arm has fewer than 1 events, so ratios of arms are not estimated."
    assert math.isfinite(ratio(empty, "LOGM")[0])


def test_too_few_events(crowd):
    found = summarize_association(crowd, replace(FORETELLING, minimum_events=99))
    rows = select(found, measure="hazard_ratio")
    assert all(math.isnan(row.value) for row in rows)
    assert {row.note for row in rows if row.arm == "all"} == {"There are fewer than 99 events, so no model is fitted."}
    assert all(math.isnan(row.value) for row in select(found, measure="marker_test_adjusted"))


def test_a_marker_that_never_varies(crowd):
    labs = crowd["adlb"].copy()
    labs.loc[labs["PARAMCD"].isin(["LEVEL", "LOGM"]), ["AVAL", "LLOQ"]] = (5.0, 10.0)
    found = summarize_association(crowd.with_frames({"adlb": labs}), FORETELLING)
    at = {"variable": "LEVEL", "level": "baseline", "block": "adjusted", "arm": "all", "measure": "hazard_ratio"}
    assert one(found, **at, stat="estimate").note == NO_UNIT
    row = one(found, **{**at, "variable": "LOGM"}, stat="estimate")
    assert math.isnan(row.value)
    assert row.note


def test_without_records_nothing_is_estimated(crowd):
    found = summarize_association(crowd.with_frames({"adlb": crowd["adlb"].iloc[:0]}), FORETELLING)
    rows = select(found, measure="hazard_ratio", arm="all")
    assert rows
    assert all(math.isnan(row.value) and row.note for row in rows)


def test_another_unit_is_refused(crowd):
    with pytest.raises(DataError, match="of LOGM in another unit"):
        summarize_association(crowd, replace(FORETELLING, markers=(replace(LOG, unit="mg"), LEVEL, VIRUS)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"markers": ()}, "it has no markers; one is required"),
        ({"markers": (LOG, LOG)}, "markers 'LOGM' stands twice"),
        ({"markers": (replace(LOG, per="presence"),)}, "LOGM: per is 'presence'; one of doubling, sd is required"),
        ({"markers": (replace(LEVEL, per="doubling"),)}, "LEVEL: per is 'doubling'; one of sd is required"),
        ({"markers": (replace(LOG, scale="logit"),)}, "LOGM: scale is 'logit'"),
        ({"markers": (replace(LOG, models=()),)}, "LOGM: models are none; some of baseline, landmark, readings"),
        ({"markers": (replace(LOG, style=""),)}, "LOGM: style is empty"),
        ({"markers": (replace(LOG, without=("CCI",)),)}, "LOGM: it is not adjusted for CCI, which is no covariate"),
        ({"landmarks": ()}, "a marker enters at a landmark, but there is none"),
        ({"landmarks": FORETELLING.landmarks * 2}, "landmarks 'V1' stands twice"),
        ({"carried_days": 0}, "carried_days is 0"),
        ({"below_limit": ""}, "below_limit is ''"),
        ({"ties": "exact"}, "ties is 'exact'"),
        ({"multiplicity": "bonferroni"}, "multiplicity is 'bonferroni'"),
        ({"minimum_events": 0}, "minimum_events is 0"),
        ({"courses": replace(FORETELLING.courses, month=0.0)}, "month is 0.0"),
        ({"courses": replace(FORETELLING.courses, visits=())}, "courses have no visits"),
        ({"courses": replace(FORETELLING.courses, markers=("NONE",))}, "courses are of NONE, which is no marker"),
        ({"courses": replace(FORETELLING.courses, proportion="")}, "proportion is ''"),
        ({"courses": replace(FORETELLING.courses, markers=("LOGM",))}, "but has no effect: no course is of a share"),
        ({"covariates": (replace(AGE, scale="root"),)}, "scale is 'root'"),
    ],
)
def test_faults_of_a_plan(crowd, change, words):
    spec = replace(FORETELLING, **change)
    assert any(words in fault for fault in association_faults(spec))
    with pytest.raises(SpecError, match="plan: foretelling"):
        summarize_association(crowd, spec)


def test_what_has_no_effect_is_named():
    assert association_entry_faults(FORETELLING) == []
    assert association_idle(FORETELLING) == {}
    alone = replace(FORETELLING, markers=(replace(VIRUS, models=("landmark",)),))
    assert set(association_idle(alone)) == {"carried_days", "below_limit", "baseline"}
    assert "landmarks" in association_idle(replace(FORETELLING, markers=(replace(LOG, models=("readings",)),)))
    styled = replace(FORETELLING, markers=(replace(VIRUS, style="count"),))
    assert any("VIRUS: style is 'count', but has no effect" in fault for fault in association_entry_faults(styled))
