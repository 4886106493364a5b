"""What of a comparison's entry is refused, and which fields stand idle."""

from __future__ import annotations

from dataclasses import replace

import pytest
from entries import AGE, COMPARED, EARLY, OVERLAP, refused

from npcstats.analyses.adjustment.outcomes import GradeOutcome, MarkerOutcome
from npcstats.analyses.adjustment.spec import Trim
from npcstats.analyses.comparison.displays import EffectsTable, WeightedCurves
from npcstats.analyses.comparison.spec import Curves, Intercurrent, Measure, OutcomeModel
from npcstats.analyses.comparison.summary import summarize_comparison
from npcstats.errors import SpecError

NAUSEA = GradeOutcome("NAUSEA2", "Nausea", ("Nausea",), 2, EARLY, baseline_adjusted=True, scale="CTCAE")
HARMED = replace(COMPARED, outcome=NAUSEA, measures=(Measure("risk_difference"),), ties="", curves=None)
MARKED = replace(
    HARMED, outcome=MarkerOutcome("LOGM", "Log", "u", "V1", "V0", "log", "half-limit"),
    measures=(Measure("mean_ratio"),), minimum_events=0,
)  # fmt: skip
BOOTSTRAP = replace(OVERLAP, variance="bootstrap", replicates=200, seed=1)
TABLE = {"name": "t", "title": "T", "sessions": ("only",), "members": ("compared",), "arms": True, "p_values": False}


@pytest.mark.parametrize("spec", [COMPARED, HARMED, MARKED, replace(COMPARED, adjustments=(), estimand="unadjusted")])
def test_sound_entries(design, spec):
    assert refused(design, spec) == []


@pytest.mark.parametrize(
    ("spec", "match"),
    [
        (replace(COMPARED, role="main"), "role is 'main'"),
        (replace(COMPARED, measures=()), "it has no measure"),
        (replace(COMPARED, measures=COMPARED.measures[:1] * 2), "measure 'hazard_ratio' stands twice"),
        (replace(COMPARED, measures=(Measure("risk_ratio"),)), "name is 'risk_ratio'"),
        (replace(COMPARED, measures=(Measure("survival_difference"),), ties=""), "needs a time"),
        (replace(HARMED, measures=(Measure("risk_ratio", 6.0),)), "has no time"),
        (replace(COMPARED, ties=""), "ties is ''"),
        (replace(HARMED, ties="efron"), "ties is 'efron', but has no effect"),
        (replace(HARMED, curves=COMPARED.curves), "has no effect: its outcome is no time"),
        (replace(MARKED, minimum_events=5), "its outcome is a quantity"),
        (replace(COMPARED, curves=Curves("log-log", (), 2)), "curves have no ticks"),
        (replace(COMPARED, curves=Curves("sqrt", (0.0,), 2)), "conf_type is 'sqrt'"),
        (replace(COMPARED, treatment=""), "treatment is empty"),
        (replace(COMPARED, intercurrent=(Intercurrent("Death", "ignored", "it is"),)), "strategy is 'ignored'"),
        (replace(COMPARED, adjustments=(OVERLAP, OVERLAP)), "adjustment 'overlap' stands twice"),
        (replace(COMPARED, adjustments=(replace(OVERLAP, name="unadjusted"),)), "'unadjusted' stands twice"),
        (replace(COMPARED, adjustments=(replace(OVERLAP, confounders=()),)), "it has no confounders"),
        (replace(COMPARED, adjustments=(replace(BOOTSTRAP, trim=Trim("crump")),)), "trims, and has variance"),
        (replace(COMPARED, estimand="ate"), "one of ato is required"),
        (replace(COMPARED, outcome_model=OutcomeModel("aipw", "apart")), "its outcome is a time"),
        (replace(HARMED, outcome_model=OutcomeModel("g-computation", "apart")), "needs the score"),
        (replace(HARMED, outcome_model=OutcomeModel("stacked", "apart")), "method is 'stacked'"),
        (replace(HARMED, outcome=replace(NAUSEA, grade=9)), "grade is 9"),
        (replace(HARMED, outcome=replace(NAUSEA, code="")), "a code of outcomes is empty"),
        (replace(MARKED, outcome=replace(MARKED.outcome, visit="")), "visit is empty"),
        (replace(COMPARED, conf_level=95), "conf_level is 95; a finite number above 0 and below 1 is required"),
        (replace(COMPARED, conf_level=float("nan")), "conf_level is nan"),
        (replace(COMPARED, minimum_events=-1), "minimum_events is -1; a whole number of at least 0"),
        (replace(COMPARED, minimum_events="10"), "minimum_events is '10'"),
        (
            replace(COMPARED, measures=(Measure("survival_difference", -6.0),), ties=""),
            "at is -6.0; a finite number above",
        ),
        (replace(COMPARED, measures=(Measure("survival_difference", "6"),), ties=""), "at is '6'"),
        (replace(COMPARED, curves=Curves("log-log", (6.0, 0.0), 2)), "ascending times of at least 0"),
        (replace(COMPARED, curves=Curves("log-log", (0.0, float("inf")), 2)), "ascending times of at least 0"),
        (replace(COMPARED, curves=Curves("log-log", (0.0, "6"), 2)), "ascending times of at least 0"),
        (replace(COMPARED, curves=Curves("log-log", (0.0,), 0)), "minimum_at_risk is 0"),
    ],
)
def test_faults(design, spec, match):
    assert any(match in fault for fault in refused(design, spec)), refused(design, spec)


def test_faults_are_refused_before_anything_is_computed(crowd):
    with pytest.raises(SpecError, match="treatment is empty"):
        summarize_comparison(crowd, replace(COMPARED, treatment=""))


def test_displays_ask_for_what_there_is():
    two = replace(COMPARED, adjustments=(OVERLAP, replace(OVERLAP, name="other", confounders=(AGE,))))
    table = EffectsTable(**TABLE, blocks=("unadjusted", "overlap", "unadjusted.other", "other"))
    assert table.faults(two) == []
    assert table.faults(COMPARED) == ["compared has no block 'unadjusted.other'", "compared has no block 'other'"]
    assert replace(table, p_values=True).faults(two) == ["compared has no p-values"]
    drawn = WeightedCurves(name="f", title="F", sessions=("only",), analysis="compared", width="full", raw=True)
    assert drawn.faults(COMPARED) == []
    assert "curves and an adjustment are required" in drawn.faults(replace(COMPARED, curves=None))[0]


@pytest.mark.parametrize("blocks", [(), ("overlap", "overlap")])
def test_a_table_has_blocks_each_once(blocks):
    with pytest.raises(SpecError, match="each once"):
        EffectsTable(**TABLE, blocks=blocks)
