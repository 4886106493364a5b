"""A family of adverse events of drawn participants, from records to rows, against base R: contrasts and tests."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from entries import AGE, BY_SEX, EARLY, OVERLAP
from recorded import floats, load

from npcstats.analyses.adjustment.outcomes import GradeOutcome
from npcstats.analyses.harms.spec import HarmsSpec
from npcstats.analyses.harms.summary import summarize_harms
from npcstats.derive import assign_arms
from npcstats.results import one, select

R = load("harms")
EXACT = 1e-10
FISHER = 1e-7  # R takes tables for no more probable that are so by 1e-7
STATS = ("estimate", "ci_low", "ci_high")
MEASURES = ("risk_difference", "risk_ratio", "odds_ratio")
FAMILY = {item["event"]["code"]: item for item in R["family"]}


def terms_of(event):
    return (event["terms"],) if isinstance(event["terms"], str) else tuple(event["terms"])


SPEC = HarmsSpec(
    id="family",
    label="Family",
    population="DOSED",
    sessions=("only",),
    outcomes=tuple(
        GradeOutcome(code, code.lower(), terms_of(item["event"]), item["event"]["grade"], EARLY,
                     baseline_adjusted=False, scale="CTCAE")
        for code, item in FAMILY.items()
    ),
    conf_level=0.95,
    interval="clopper-pearson",
    difference="newcombe",
    risk_ratio="katz-log",
    odds_ratio="woolf-log",
    test="fisher",
    multiplicity="benjamini-hochberg",
    adjustment=replace(OVERLAP, confounders=(AGE, BY_SEX)),
    minimum_events=1,
    estimand="ato",
    status="planned",
)  # fmt: skip


@pytest.fixture(scope="module")
def drawn(crowd):
    """R's participants, each grade above 0 an event ten days after the start."""
    people = pd.DataFrame(R["people"])
    ids = pd.Series([f"R{i:03d}" for i in range(len(people))])
    like = crowd["adsl"].iloc[np.zeros(len(people), dtype=int)].reset_index(drop=True)
    start = pd.Series(pd.Timestamp("2024-02-01"), index=like.index).astype("datetime64[s]")
    arm = people["treated"].map({1: "X", 0: "Y"})
    adsl = like.assign(USUBJID=ids, TRT01P=arm, TRT01A=arm, AGE=people["age"].astype(float), SEX=people["sex"],
                       TRTSDT=start, RTSTDT=start, RTENDT=start + pd.Timedelta(days=45), DTHDT=pd.NaT,
                       DTHCAUS="")  # fmt: skip
    rows = [(ids[i], term, float(people.loc[i, term])) for i in people.index for term in people.columns[3:]
            if people.loc[i, term] > 0]  # fmt: skip
    events = crowd["adae"].iloc[np.zeros(len(rows), dtype=int)].reset_index(drop=True)
    onset = pd.Series(start[0] + pd.Timedelta(days=10), index=events.index).astype("datetime64[s]")
    events = events.assign(USUBJID=[row[0] for row in rows], AEDECOD=[row[1] for row in rows], ASTDT=onset, AENDT=onset,
                           AETOXGR=[row[2] for row in rows], AESEQ=range(len(rows)))  # fmt: skip
    adsl["DTHDT"] = adsl["DTHDT"].astype("datetime64[s]")
    return assign_arms(crowd.with_frames({"adsl": adsl, "adae": events}))


@pytest.fixture(scope="module")
def results(drawn):
    return summarize_harms(drawn, SPEC)


def interval(results, code, measure, block):
    rows = {row.stat: row.value for row in select(results, variable=code, measure=measure, block=block)}
    return [rows[stat] for stat in STATS]


@pytest.mark.parametrize("code", FAMILY)
def test_counts(results, code):
    told = FAMILY[code]["unadjusted"]
    for place, arm in enumerate(("X", "Y")):
        at = {"variable": code, "measure": "risk", "arm": arm, "block": ""}
        assert one(results, **at, stat="count").value == told["counts"][place]
        assert one(results, **at, stat="total").value == told["totals"][place]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("code", FAMILY)
def test_as_observed(results, code, measure):
    told = floats(FAMILY[code]["unadjusted"][measure])
    assert interval(results, code, measure, "unadjusted") == pytest.approx(told, rel=EXACT, abs=EXACT, nan_ok=True)
    assert np.isnan(told).any() == (code == "NOBODY" and measure != "risk_difference")


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("code", [code for code in FAMILY if code != "NOBODY"])
def test_weighted(results, code, measure):
    told = FAMILY[code]["overlap"][measure]
    assert interval(results, code, measure, "overlap") == pytest.approx(told, rel=EXACT, abs=EXACT)


@pytest.mark.parametrize("code", [code for code in FAMILY if code != "NOBODY"])
def test_weighted_risks(results, code):
    found = [one(results, variable=code, measure="risk", block="overlap", arm=arm, stat="estimate").value
             for arm in ("X", "Y")]  # fmt: skip
    assert found == pytest.approx(FAMILY[code]["overlap"]["risks"], rel=EXACT)


@pytest.mark.parametrize("multiplicity", ["benjamini-hochberg", "holm"])
def test_tests_of_the_family(drawn, multiplicity):
    found = summarize_harms(drawn, replace(SPEC, multiplicity=multiplicity, adjustment=None, estimand="unadjusted"))
    raw = [item["unadjusted"]["p_value"] for item in R["family"]]
    for measure, told in (("exact_test", raw), ("exact_test_adjusted", R["adjusted"][multiplicity])):
        values = [row.value for row in select(found, measure=measure, stat="p_value")]
        assert values == pytest.approx(floats(told), rel=FISHER, nan_ok=True)
        assert math.isnan(values[-1])


def test_nobody_is_not_weighted(results):
    for measure in MEASURES:
        row = one(results, variable="NOBODY", measure=measure, block="overlap", stat="estimate")
        assert math.isnan(row.value)
        assert row.note == "There are no events, so no effect is estimated."
