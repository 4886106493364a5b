"""Variations recomputed and compared with comparisons; their faults; their table, curve and E-values."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from entries import ASKED, COMPARED, EARLY, OVERLAP
from gaps import every_gap_has_its_reason

from npcstats.analyses.adjustment.measures import Measure, OutcomeModel
from npcstats.analyses.adjustment.outcomes import GradeOutcome, TimeOutcome, derive_outcome
from npcstats.analyses.adjustment.spec import Trim
from npcstats.analyses.comparison.summary import summarize_comparison
from npcstats.analyses.robustness import summary
from npcstats.analyses.robustness.displays import EValues, SpecificationCurve, VariationsTable
from npcstats.analyses.robustness.spec import (
    Between,
    RobustnessSpec,
    Variation,
    robustness_estimand,
    robustness_faults,
    robustness_idle,
)
from npcstats.analyses.robustness.summary import summarize_robustness
from npcstats.analyses.robustness.table import tabulate_e_values, tabulate_variations
from npcstats.derive import population_members
from npcstats.errors import SpecError
from npcstats.estimators.types import Interval
from npcstats.formatting import format_number
from npcstats.results import one, select
from npcstats.run.draw import draw_figure
from npcstats.study import ARM, Arm

FONTS = Path(__file__).parents[3] / "reports" / "_theme" / "fonts"
NAUSEA = GradeOutcome("NAUSEA2", "Nausea", ("Nausea",), 2, EARLY, baseline_adjusted=True, scale="CTCAE")
MAIN = Variation("main", "Overlap weights", "Age", OVERLAP)
OBSERVED = Variation("observed", "As observed", "", None)
INVERSE = Variation("ate", "Inverse weights", "Age", replace(OVERLAP, name="inverse", estimand="ate"))
TRIMMED = Variation(
    "trimmed", "Trimmed", "Age", replace(OVERLAP, name="trimmed", estimand="ate", trim=Trim("range", 0.45, 0.55))
)
DOUBLY = Variation("aipw", "With regression", "Age", OVERLAP, model=OutcomeModel("aipw", "together"))
BOOTSTRAP = replace(OVERLAP, name="bootstrap", variance="bootstrap", replicates=100, seed=1)
BACKWARDS = Between("ENRLDT", "Later", datetime.date(2025, 1, 2), datetime.date(2025, 1, 1))
SPEC = RobustnessSpec(
    id="robust",
    label="Nausea",
    population="DOSED",
    sessions=("final",),
    outcome=NAUSEA,
    measure=Measure("risk_difference"),
    variations=(MAIN, OBSERVED, INVERSE, TRIMMED, DOUBLY),
    e_value=Measure("risk_ratio"),
    conf_level=0.95,
    ties="",
    minimum_events=1,
    estimand="ato",
    status="planned",
)


def effect(results, block, stat="estimate", measure="risk_difference"):
    return one(results, block=block, measure=measure, stat=stat).value


class TestNumbers:
    def test_main_is_the_comparison(self, crowd):
        """The same entry through the kind that compares: weighted, and by the regression beside the weights."""
        results = summarize_robustness(crowd, SPEC)
        compared = summarize_comparison(
            crowd,
            replace(COMPARED, population="DOSED", outcome=NAUSEA, measures=(Measure("risk_difference"),), ties="",
                    curves=None, outcome_model=OutcomeModel("aipw", "together")),
        )  # fmt: skip
        for ours, theirs in (("main", "overlap"), ("aipw", "aipw")):
            for stat in ("estimate", "ci_low", "ci_high"):
                assert effect(results, ours, stat) == effect(compared, theirs, stat)

    def test_as_observed_is_of_everyone_whose_outcome_is_known(self, crowd):
        results = summarize_robustness(crowd, SPEC)
        members = population_members(crowd, "DOSED")
        data = derive_outcome(crowd, members, NAUSEA, "robust")
        arms = [(members[ARM] == code).to_numpy() & data.known for code in ("X", "Y")]
        risks = [data.values[arm].mean() for arm in arms]
        assert effect(results, "observed") == pytest.approx(risks[0] - risks[1])
        error = math.sqrt(sum(risk * (1 - risk) / arm.sum() for risk, arm in zip(risks, arms, strict=True)))
        assert effect(results, "observed", "ci_low") == pytest.approx(risks[0] - risks[1] - 1.959964 * error, abs=1e-6)
        sizes = {r.arm: r.value for r in select(results, block="observed", measure="participants")}
        assert sizes == {code: arm.sum() for code, arm in zip(("X", "Y"), arms, strict=True)}

    def test_trimming_leaves_fewer(self, crowd):
        results = summarize_robustness(crowd, SPEC)
        size = {b: sum(r.value for r in select(results, block=b, measure="participants")) for b in ("main", "trimmed")}
        assert 0 < size["trimmed"] < size["main"]

    def test_a_stretch_of_the_calendar(self, crowd):
        """Those enrolled on the first day are left out, and nobody else."""
        members = population_members(crowd, "DOSED")
        data = derive_outcome(crowd, members, NAUSEA, "robust")
        first = members["ENRLDT"].min()
        later = Between("ENRLDT", "Later", first=(first + np.timedelta64(1, "D")).date())
        results = summarize_robustness(
            crowd, replace(SPEC, variations=(MAIN, replace(OBSERVED, between=later)), e_value=None)
        )
        told = sum(row.value for row in select(results, block="observed", measure="participants"))
        assert told == ((members["ENRLDT"] > first).to_numpy() & data.known).sum()
        assert results.catalogue.analyses["robust"].choices["choice.observed.members"] == "Later"

    def test_another_set_and_another_outcome_are_told(self, crowd):
        control = Variation("control", "Control", "Age", OVERLAP, control=replace(NAUSEA, code="NAUSEA3", grade=3))
        other = replace(OBSERVED, population="BEAM")
        results = summarize_robustness(crowd, replace(SPEC, variations=(MAIN, other, control), e_value=None))
        assert {row.population for row in select(results, block="observed")} == {"BEAM"}
        assert {row.variable for row in select(results, block="control")} == {"NAUSEA3"}
        assert results.catalogue.analyses["robust"].choices["control.control"] is True

    def test_e_value_is_that_of_the_main_ratio(self, crowd):
        """RR + sqrt(RR (RR - 1)) of the ratio above 1, or of its inverse; 1 for a limit that covers no effect."""
        results = summarize_robustness(crowd, SPEC)
        compared = summarize_comparison(
            crowd, replace(COMPARED, population="DOSED", outcome=NAUSEA, measures=(Measure("risk_ratio"),), ties="",
                           curves=None),
        )  # fmt: skip
        ratio, low, high = (effect(compared, "overlap", s, "risk_ratio") for s in ("estimate", "ci_low", "ci_high"))
        above = max(ratio, 1 / ratio)
        told = {row.level: row.value for row in select(results, measure="e_value")}
        assert told["estimate"] == pytest.approx(above + math.sqrt(above * (above - 1)))
        limit = max(1.0, low) if ratio > 1 else max(1.0, 1 / high)
        assert told["limit"] == pytest.approx(limit + math.sqrt(limit * (limit - 1)))

    def test_a_hazard_ratio(self, crowd):
        spec = replace(
            SPEC, outcome=TimeOutcome("DEAD"), population="BEAM", measure=Measure("hazard_ratio"), ties="efron",
            variations=(MAIN, OBSERVED), e_value=Measure("hazard_ratio"),
        )  # fmt: skip
        results = summarize_robustness(crowd, spec)
        compared = summarize_comparison(crowd, replace(COMPARED, population="BEAM", outcome=TimeOutcome("DEAD")))
        assert effect(results, "main", measure="hazard_ratio") == effect(compared, "overlap", measure="hazard_ratio")
        assert math.isfinite(select(results, measure="e_value")[0].value)

    def test_what_cannot_be_estimated_says_why(self, crowd):
        results = summarize_robustness(crowd, replace(SPEC, minimum_events=10_000))
        rows = [row for row in results.rows if row.reference]
        assert rows
        assert all(math.isnan(row.value) and "fewer than 10000 events" in row.note for row in rows)
        assert every_gap_has_its_reason(results)

    def test_a_stretch_of_the_calendar_needs_dates(self, crowd):
        aged = replace(MAIN, between=Between("AGE", "Old", first=datetime.date(2025, 1, 1)))
        with pytest.raises(SpecError, match="between dates of AGE, which holds none; dates are required"):
            summarize_robustness(crowd, replace(SPEC, variations=(aged,)))

    def test_an_estimate_outside_its_percentiles_has_an_e_value_and_its_limit_none(self, crowd, monkeypatch):
        """Percentiles of a bootstrap need not hold the estimate: then nothing is said of a limit, and why."""
        effect = summary._estimate(crowd, SPEC, MAIN, Measure("risk_ratio"), ("X", "Y"))
        moved = Interval(2.0, 2.5, 4.0, 0.95, "bootstrap percentiles")
        made = replace(effect, effect=replace(effect.effect, interval=moved))
        monkeypatch.setattr(summary, "_estimate", lambda *_: made)
        point, limit = summary._e_value_rows(crowd, SPEC, Measure("risk_ratio"), ("X", "Y"))
        assert point.value == pytest.approx(2 + math.sqrt(2))
        assert math.isnan(limit.value)
        assert "outside its limits" in limit.note

    @pytest.mark.parametrize("column", ["DTHDT", "RTENDT"])
    def test_nobody_is_chosen_by_what_came_after_treatment(self, crowd, column):
        later = replace(OBSERVED, between=Between(column, "Later", first=datetime.date(2020, 1, 1)))
        with pytest.raises(SpecError, match=f"between dates of {column}, recorded after treatment began"):
            summarize_robustness(crowd, replace(SPEC, variations=(MAIN, later), e_value=None))

    def test_one_arm_is_refused(self, crowd):
        with pytest.raises(SpecError, match="a session of two arms is required"):
            summarize_robustness(replace(crowd, arms=(Arm("X", "Ex"),)), SPEC)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"variations": ()}, "it has no variation"),
        ({"variations": (MAIN, MAIN)}, "main"),
        ({"variations": (replace(OBSERVED, score="Age"),)}, "score names the confounders"),
        ({"variations": (replace(OBSERVED, model=OutcomeModel("aipw", "apart")),)}, "one is required"),
        ({"variations": (replace(DOUBLY, model=OutcomeModel("g-computation", "apart")),)}, "'aipw' is required"),
        ({"variations": (replace(MAIN, between=Between("ENRLDT", "All")),)}, "neither a first nor a last"),
        ({"measure": Measure("hazard_ratio")}, "hazard_ratio"),
        ({"e_value": Measure("risk_difference")}, "a ratio is required"),
        ({"variations": (replace(MAIN, code=""),)}, "a code of variations is empty"),
        ({"variations": (replace(MAIN, adjustment=replace(BOOTSTRAP, trim=Trim("crump"))),)}, "it trims, and has"),
        ({"variations": (replace(DOUBLY, adjustment=BOOTSTRAP),)}, "beside a regression of the outcome"),
        ({"variations": (replace(MAIN, between=BACKWARDS),)}, "the first day first is required"),
        ({"conf_level": 95}, "conf_level is 95"),
        ({"minimum_events": -1}, "minimum_events is -1"),
    ],
)
def test_faults(changed, told):
    assert any(told in fault for fault in robustness_faults(replace(SPEC, **changed)))
    assert robustness_faults(SPEC) == []


def test_what_choices_stand_for_is_told(crowd):
    """Each score with its covariates once, and of imputation, trimming, bootstrap and regression what they are."""
    few = replace(
        OVERLAP, name="few", confounders=OVERLAP.confounders[:1], variance="bootstrap", replicates=100, seed=1
    )
    varied = replace(SPEC, variations=(*SPEC.variations, Variation("few", "Few", "Few", few)))
    sentences = summarize_robustness(crowd, varied).catalogue.analyses["robust"].sentences
    assert sentences["score"] == f"Age: {'; '.join(item.label for item in OVERLAP.confounders)}."
    assert sentences["covariates.few"] == f"Few: {OVERLAP.confounders[0].label}."
    assert sentences["bootstrap"] == (
        "Bootstrap: limits are percentiles of 100 bootstrap samples, in each of which the score is estimated anew."
    )
    assert sentences["trimmed"] == "Trimmed: the effect is of those kept, and their score is estimated again."
    assert sentences["model"] == "Outcome regressions are on the covariates of the score."
    assert "imputed" not in sentences
    assert "ties" not in sentences


def test_idle_and_estimand():
    assert robustness_idle(SPEC) == {"ties": "it has no hazard ratio"}
    assert robustness_estimand(SPEC, 2) == "ato"
    assert robustness_estimand(replace(SPEC, variations=(OBSERVED,)), 2) == "unadjusted"
    assert robustness_estimand(SPEC, 3) == ""


@pytest.fixture
def results(crowd):
    control = Variation("control", "Control", "Age", OVERLAP, control=replace(NAUSEA, code="NAUSEA3", grade=3))
    later = Between("ENRLDT", "Later", first=datetime.date(2020, 1, 1))
    return summarize_robustness(
        crowd, replace(SPEC, variations=(*SPEC.variations, replace(OBSERVED, code="later", between=later), control))
    )


def test_table_prints_its_rows(results):
    table = tabulate_variations(results, VariationsTable(name="v", title="V", sessions=(), analysis="robust"))
    assert [row.cells[0].text for row in table.rows] == [
        "Overlap weights", "As observed", "Inverse weights", "Trimmed", "With regression", "As observed", "Control"
    ]  # fmt: skip
    main = table.rows[0].cells
    shown = format_number(effect(results, "main"), "percent1", rounding="half-away")
    assert main[5].text.strip("\u2007") == shown
    size = one(results, block="main", measure="effective_size", arm="X").value
    assert main[3].text.strip("\u2007") == format_number(size, "decimal1", rounding="half-away")
    assert table.rows[1].cells[3].text.startswith("–")
    assert any("Not weighted" in note.text for note in table.notes)


def test_e_values_in_a_table(results):
    table = tabulate_e_values(results, EValues(name="e", title="E", sessions=(), members=("robust",)))
    told = {row.level: row.value for row in select(results, measure="e_value")}
    assert [cell.text for cell in table.rows[0].cells] == [
        "Nausea", *(format_number(told[level], "decimal2", rounding="half-away") for level in ("estimate", "limit"))
    ]  # fmt: skip


@pytest.mark.parametrize("width", ["full", "column"])
def test_curve_draws_effects_and_choices(results, width):
    drawn = draw_figure(results, SpecificationCurve(**ASKED | {"width": width}, analysis="robust"), fonts=FONTS)
    axes, grid = drawn.axes
    lines = {line.get_gid(): line for line in axes.lines}
    for code in ("main", "observed", "ate", "trimmed", "aipw", "later", "control"):
        assert lines[f"effect-{code}"].get_ydata()[0] == effect(results, code)
        limits = [effect(results, code, stat) for stat in ("ci_low", "ci_high")]
        assert [*lines[f"limits-{code}"].get_ydata()] == limits
    assert lines["effect-control"].get_markerfacecolor() == "white"
    places = {code: lines[f"effect-{code}"].get_xdata()[0] for code in ("main", "observed", "ate", "later", "control")}
    marks = {line.get_gid(): line.get_xdata()[0] for line in grid.lines if str(line.get_gid()).startswith("choice")}
    assert marks["choice-main-Effect in"] == places["main"]
    assert marks["choice-observed-Effect in"] == places["observed"]
    assert "choice-observed-Score" not in marks
    assert marks["choice-later-Participants"] == places["later"]
    assert places["control"] - places["later"] > 1  # air before a negative control


def test_no_arms_no_curve(results):
    bare = replace(results, rows=tuple(row for row in results.rows if not row.reference))
    drawn = draw_figure(bare, SpecificationCurve(**ASKED, analysis="robust"), fonts=FONTS)
    assert any(text.get_gid() == "empty" for text in drawn.texts)
