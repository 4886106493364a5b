"""Arms and data of which little is left: nothing is estimated from nothing, and each gap says why."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from entries import AGE, FAMILY, OVERLAP

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.harms.displays import HarmsPlot, HarmsTable
from npcstats.analyses.harms.spec import harms_estimand, harms_faults
from npcstats.analyses.harms.summary import summarize_harms
from npcstats.analyses.harms.table import tabulate
from npcstats.derive import assign_arms, mask_arms, pool_arms
from npcstats.errors import SpecError
from npcstats.results import one, select
from npcstats.run.draw import draw_figure
from npcstats.study import Arm

EVERY = ("risk_difference.unadjusted", "risk_difference.overlap", "risk_ratio.unadjusted", "odds_ratio.overlap")
TABLE = HarmsTable(name="t", title="T", sessions=("only",), analysis="family", order="frequency", contrasts=EVERY)
PLOT = HarmsPlot(name="p", title="P.", sessions=("only",), analysis="family", width="full", order="size",
                 adjusted=True)  # fmt: skip
# two-sided 95 % upper limit of none of n: 1 - 0.025^(1/n), of one that is 1 - 0.025
ONE_UPPER = 0.975


@pytest.fixture(scope="module")
def hidden(crowd):
    """The crowd, of whose columns those that tell the arm are known to be hidden."""
    return replace(crowd, design=replace(crowd.design, treatment_columns={"adsl": ("TRT01P", "TRT01A")}))


def of_people(study, kept):
    adsl = study["adsl"]
    return study.with_frames({"adsl": adsl.loc[np.asarray(kept)].reset_index(drop=True)})


def shown(results, fonts: Path):
    """Every word of the table, and the figure, which are made without fault."""
    made = tabulate(results, TABLE)
    words = [cell.text for row in made.rows for cell in row.cells] + [note.text for note in made.notes]
    draw_figure(results, PLOT, fonts=fonts)
    assert not any("nan" in text for text in words)
    return words


def test_an_empty_arm(crowd, fonts):
    results = summarize_harms(of_people(crowd, crowd["adsl"]["TRT01P"] == "X"), FAMILY)
    for measure in ("risk_difference", "risk_ratio", "odds_ratio"):
        for block in ("unadjusted", "overlap"):
            row = one(results, variable="ANY", measure=measure, block=block, stat="estimate")
            assert math.isnan(row.value)
            assert row.note
    assert one(results, variable="ANY", measure="risk", arm="Y", stat="total", block="").value == 0
    assert one(results, variable="ANY", measure="risk", arm="X", stat="total", block="").value > 0
    assert one(results, variable="ANY", measure="exact_test", stat="p_value").note == "A group has no participants."
    assert "NE" in " ".join(shown(results, fonts))


def test_nobody_is_evaluable(crowd, fonts):
    """Nobody's radiotherapy has begun: there is no denominator, and everyone is counted as not evaluable."""
    adsl = crowd["adsl"]
    none = adsl.assign(RTSTDT=np.datetime64("NaT"), RTENDT=np.datetime64("NaT")).astype(
        {"RTSTDT": "datetime64[s]", "RTENDT": "datetime64[s]"}
    )
    results = summarize_harms(crowd.with_frames({"adsl": none}), FAMILY)
    assert {row.value for row in select(results, measure="risk", stat="total")} == {0}
    assert one(results, variable="ANY", level="not-started", arm="all").value == len(adsl)
    assert not [row for row in results.rows if row.reference and not math.isnan(row.value)]
    assert all(row.note for row in results.rows if math.isnan(row.value))
    shown(results, fonts)


def test_one_participant_in_each_arm(crowd, fonts):
    adsl = crowd["adsl"]
    begun = adsl["RTSTDT"].notna()
    places = [adsl.index[begun & (adsl["TRT01P"] == arm)][0] for arm in ("X", "Y")]
    spec = replace(FAMILY, outcomes=(replace(FAMILY.outcomes[0], code="FATAL", grade=5),))
    results = summarize_harms(of_people(crowd, adsl.index.isin(places)), spec)
    for arm in ("X", "Y"):
        rows = {row.stat: row.value for row in select(results, variable="FATAL", measure="risk", arm=arm, block="")}
        assert (rows["count"], rows["total"], rows["estimate"], rows["ci_low"]) == (0, 1, 0, 0)
        assert rows["ci_high"] == pytest.approx(ONE_UPPER, rel=1e-12)
    assert one(results, measure="risk_difference", block="unadjusted", stat="estimate").value == 0
    for measure in ("risk_ratio", "odds_ratio"):
        assert math.isnan(one(results, measure=measure, block="unadjusted", stat="estimate").value)
    shown(results, fonts)


def test_no_score_says_why(crowd, fonts):
    """A covariate that tells the arm leaves nobody who could have been in either: unadjusted numbers stand alone."""
    told = crowd["adsl"].assign(CCI=(crowd["adsl"]["TRT01P"] == "X") * 1.0)
    spec = replace(FAMILY, adjustment=replace(OVERLAP, confounders=(Covariate("CCI", "index", "continuous"),)))
    results = summarize_harms(crowd.with_frames({"adsl": told}), spec)
    weighted = select(results, block="overlap")
    assert len(weighted) == 3 * 3 * len(spec.outcomes)
    assert all(math.isnan(row.value) and row.note for row in weighted)
    assert not math.isnan(one(results, variable="ANY", measure="risk_difference", block="unadjusted",
                              stat="estimate").value)  # fmt: skip
    assert "NE" in " ".join(shown(results, fonts))


def test_too_few_values_for_a_spline(crowd, fonts):
    """Then there is no score at all, nor one set of weights."""
    few = crowd["adsl"].assign(AGE=np.resize([50.0, 60.0], len(crowd["adsl"])))
    spec = replace(FAMILY, adjustment=replace(OVERLAP, confounders=(replace(AGE, spline_df=3),)))
    results = summarize_harms(crowd.with_frames({"adsl": few}), spec)
    row = one(results, variable="ANY", measure="risk_difference", block="overlap", stat="estimate")
    assert math.isnan(row.value)
    assert "too few for its spline" in row.note
    shown(results, fonts)


def test_three_arms_are_told_but_not_compared(crowd, fonts):
    arms = (Arm("X", "Ex"), Arm("Y", "Why"), Arm("Z", "Zed"))
    design = replace(crowd.design, arms=arms)
    treatment = np.resize(["X", "Y", "Z"], len(crowd["adsl"]))
    three = assign_arms(
        replace(crowd.with_frames({"adsl": crowd["adsl"].assign(TRT01P=treatment, TRT01A=treatment)}), design=design)
    )
    results = summarize_harms(three, FAMILY)
    assert not [row for row in results.rows if row.reference]
    totals = {row.arm: row.value for row in select(results, variable="ANY", measure="risk", stat="total")}
    assert totals["X"] + totals["Y"] + totals["Z"] == totals["all"]
    assert harms_estimand(FAMILY, 3) == ""
    words = shown(results, fonts)
    assert "Events are in the order of the plan." not in " ".join(words)
    assert len(tabulate(results, TABLE).rows[0].cells) == 4


def test_masked_arms_have_the_numbers_of_the_named(crowd, hidden):
    """Only letters differ, and the order of the arms may turn the sign."""
    named = summarize_harms(crowd, FAMILY)
    masked = summarize_harms(mask_arms(hidden, {"X": "B", "Y": "A"}), FAMILY)
    for variable in ("ANY", "NAUSEA"):
        for block in ("unadjusted", "overlap"):
            at = {"variable": variable, "measure": "risk_difference", "block": block, "stat": "estimate"}
            assert one(masked, **at).value == pytest.approx(-one(named, **at).value, rel=1e-9)
    told = " ".join(masked.catalogue.analyses["family"].sentences.values())
    assert "Ex" not in told.split()


def test_pooled_has_one_group_and_its_limits(hidden, fonts):
    results = summarize_harms(pool_arms(hidden), FAMILY)
    assert {row.arm for row in results.rows} == {"all"}
    assert not [row for row in results.rows if row.reference]
    figure = draw_figure(results, PLOT, fonts=fonts)
    assert figure.findobj(lambda artist: artist.get_gid() == "risk-limits-ANY")
    assert not figure.findobj(lambda artist: artist.get_gid() == "no-difference")


def test_a_period_has_one_meaning(crowd):
    """A page says once what a period is: two windows of one code would be told as one."""
    first, *others = FAMILY.outcomes
    other = replace(first, code="OTHER", window=replace(first.window, counting="onset-or-persistence"))
    spec = replace(FAMILY, outcomes=(first, *others, other))
    (fault,) = harms_faults(spec)
    assert fault == "outcomes have 2 meanings of window 'early'; one, with one baseline_adjusted, is required"
    with pytest.raises(SpecError, match="2 meanings of window"):
        summarize_harms(crowd, spec)
    (fault,) = harms_faults(replace(FAMILY, outcomes=(first, replace(first, code="O", baseline_adjusted=False))))
    assert "2 meanings of window 'early'" in fault


def test_beyond_baseline_is_said_of_the_period_that_it_is_true_of(crowd):
    first = FAMILY.outcomes[0]
    later = replace(first, code="LATER", baseline_adjusted=False,
                    window=replace(first.window, code="late", label="Late", period="after"))  # fmt: skip
    spec = replace(FAMILY, outcomes=(first, later))
    told = summarize_harms(crowd, spec).catalogue.analyses["family"].sentences
    assert "baseline" not in told
    assert "exceeds the grade" in told["period.early"]
    assert "exceeds the grade" not in told["period.late"]
