"""Arms and data of which little is left, masks, and faults of a plan: each gap says why."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from entries import MODELLED, OVERLAP

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.mmrm.displays import MarginalMeans, ModelChecks, ModelledCourse, ModelledCourses, ModelTerms
from npcstats.analyses.mmrm.spec import mmrm_estimand, mmrm_faults, mmrm_idle
from npcstats.analyses.mmrm.summary import summarize_mmrm
from npcstats.derive import assign_arms, mask_arms, pool_arms
from npcstats.errors import SpecError
from npcstats.results import one, select
from npcstats.run.draw import draw_figure
from npcstats.study import Arm

ASKED = {"title": "T", "sessions": ("only",), "analysis": "modelled"}
BLOCKS = ("unadjusted", "adjusted", "overlap")
TABLES = (
    ModelledCourse(name="c", blocks=BLOCKS, means=True, **ASKED),
    ModelTerms(name="t", **ASKED),
    MarginalMeans(name="m", **ASKED),
)
FIGURES = (
    ModelledCourses(name="f", width="full", blocks=("adjusted", "overlap"), **ASKED),
    ModelChecks(name="r", width="full", **ASKED),
)
SAME = 1e-9


@pytest.fixture(scope="module")
def hidden(crowd):
    """The crowd, of whose columns those that tell the arm are known to be hidden."""
    return replace(crowd, design=replace(crowd.design, treatment_columns={"adsl": ("TRT01P", "TRT01A")}))


def of_people(study, kept):
    adsl = study["adsl"]
    return study.with_frames({"adsl": adsl.loc[np.asarray(kept)].reset_index(drop=True)})


def shown(results, fonts: Path):
    """Every word of the tables, captions and figures, which are made without fault."""
    words = []
    for table in TABLES:
        made = table.make(results, table)
        words += [cell.text for row in made.rows for cell in row.cells] + [note.text for note in made.notes]
        words += [cell.text for cell in (*made.spanners, *made.header)]
    for figure in FIGURES:
        drawn = draw_figure(results, figure, fonts=fonts)
        words += [text.get_text() for text in drawn.findobj(lambda artist: hasattr(artist, "get_text"))]
        words += [figure.alt(results, figure), "".join(piece.text for piece in figure.caption(results, figure).pieces)]
    assert not any("nan" in text.lower().split() or "inf" in text.lower().split() for text in words)
    assert all(row.note for row in results.rows if math.isnan(row.value))
    return words


def contrast(results, **at):
    return one(results, variable="LOGM", measure="ratio_contrast", stat="estimate", **at)


def test_an_empty_arm(crowd, fonts):
    """The other arm's means are there, no contrast is, and nothing is weighted."""
    results = summarize_mmrm(of_people(crowd, crowd["adsl"]["TRT01P"] == "X"), MODELLED)
    assert (
        contrast(results, window="V1", block="adjusted").note == "Of one of the groups nobody has a value at the visit."
    )
    assert "Nobody is in" in contrast(results, window="V1", block="overlap").note
    at = {"variable": "LOGM", "measure": "modelled_ratio", "block": "adjusted", "window": "V1", "stat": "estimate"}
    assert one(results, **at, arm="X").value > 0
    assert one(results, **at, arm="Y").note == "Nobody of the group has a value at the visit."
    assert "NE" in " ".join(shown(results, fonts))


def test_a_visit_that_one_arm_has_not(crowd, fonts):
    labs = crowd["adlb"]
    who = labs["USUBJID"].map(crowd["adsl"].set_index("USUBJID")[["TRT01P", "RTSTDT"]]["TRT01P"])
    after = (labs["ADT"] - labs["USUBJID"].map(crowd["adsl"].set_index("USUBJID")["RTSTDT"])).dt.days
    results = summarize_mmrm(crowd.with_frames({"adlb": labs[(after < 100) | (who == "Y")]}), MODELLED)
    assert contrast(results, window="V1", block="adjusted").value > 0
    for window, when in (("V2", "the visit"), ("average", "one of the visits")):
        row = contrast(results, window=window, block="adjusted")
        assert row.note == f"Of one of the groups nobody has a value at {when}."
    assert one(results, variable="LOGM", measure="largest_shift").note
    shown(results, fonts)


def test_a_visit_that_nobody_has(crowd, fonts):
    labs = crowd["adlb"]
    after = (labs["ADT"] - labs["USUBJID"].map(crowd["adsl"].set_index("USUBJID")["RTSTDT"])).dt.days
    results = summarize_mmrm(crowd.with_frames({"adlb": labs[after < 100]}), MODELLED)
    assert contrast(results, window="V1", block="adjusted").value > 0
    assert math.isnan(contrast(results, window="V2", block="adjusted").value)
    assert {row.level for row in select(results, measure="term_test")} == {"arm", "baseline"}
    shown(results, fonts)


@pytest.mark.parametrize("size", range(6))
def test_a_handful_of_participants(crowd, fonts, size):
    """From none to five: what cannot be estimated says why, on every page."""
    results = summarize_mmrm(of_people(crowd, np.arange(60) < size), MODELLED)
    assert not [row for row in results.rows if row.stat.startswith("ci") and math.isinf(row.value)]
    shown(results, fonts)


def test_no_value_at_all(crowd, fonts):
    results = summarize_mmrm(crowd.with_frames({"adlb": crowd["adlb"].iloc[:0]}), MODELLED)
    nobody = "Nobody has a baseline value, a value after it and every covariate."
    assert contrast(results, window="V1", block="adjusted").note == nobody
    assert one(results, variable="LOGM", arm="all", window="", measure="observed", stat="count").value == 0
    shown(results, fonts)


def test_values_that_do_not_vary(crowd, fonts):
    results = summarize_mmrm(crowd.with_frames({"adlb": crowd["adlb"].assign(AVAL=2.0, AVALC="5")}), MODELLED)
    assert "there is no variance to estimate" in contrast(results, window="V1", block="adjusted").note
    shown(results, fonts)


def test_pooled(hidden, fonts):
    results = summarize_mmrm(pool_arms(hidden), MODELLED)
    assert {row.arm for row in results.rows} == {"all"}
    assert not [row for row in results.rows if row.reference]
    assert {row.level for row in select(results, measure="term_test")} == {"visit", "baseline", "baseline-visit"}
    assert {row.block for row in results.rows} == {"", "unadjusted", "adjusted"}
    assert not any("arm" in text.lower().split() for text in shown(results, fonts))


def test_masked_is_the_same_under_letters(hidden, fonts):
    named = summarize_mmrm(hidden, MODELLED)
    masked = summarize_mmrm(mask_arms(hidden, {"X": "B", "Y": "A"}), MODELLED)
    for block in ("unadjusted", "adjusted"):
        first, second = (contrast(results, window="V1", block=block).value for results in (named, masked))
        assert second == pytest.approx(1 / first, rel=1e-6)
    words = " ".join(shown(masked, fonts))
    assert "Ex" not in words.split()
    assert "Wye" not in words.split()


def test_three_arms_have_means_and_no_contrast(hidden, fonts):
    arms = (*hidden.design.arms, Arm("Z", "Zed"))
    results = summarize_mmrm(replace(hidden, arms=arms, design=replace(hidden.design, arms=arms)), MODELLED)
    assert {row.arm for row in results.rows} == {"X", "Y", "Z", "all"}
    assert not [row for row in results.rows if row.reference]
    two = summarize_mmrm(hidden, replace(MODELLED, adjustment=None, robust="", robust_df=""))
    at = {"variable": "LOGM", "measure": "modelled_ratio", "block": "adjusted", "window": "V2", "stat": "estimate"}
    for arm in ("X", "Y"):
        assert one(results, **at, arm=arm).value == pytest.approx(one(two, **at, arm=arm).value, rel=SAME)
    assert one(results, **at, arm="Z").note == "Nobody of the group has a value at the visit."
    shown(results, fonts)


def test_one_arm_has_means_and_no_word_of_arms(hidden, fonts):
    """The means are those of everyone pooled, in words of one group."""
    design = replace(hidden.design, arms=(Arm("X", "Ex"),), arm_rule={"Y": "X"}, allocation="single-arm")
    single = assign_arms(replace(hidden, design=design).with_frames(
        {"adsl": hidden["adsl"].assign(TRT01P="X", TRT01A="X")}
    ))  # fmt: skip
    results = summarize_mmrm(single, MODELLED)
    assert {row.arm for row in results.rows} == {"X", "all"}
    assert not [row for row in results.rows if row.reference]
    pooled = summarize_mmrm(pool_arms(hidden), MODELLED)
    at = {"variable": "LOGM", "measure": "modelled_ratio", "block": "adjusted", "window": "V2", "stat": "ci_low"}
    assert one(results, **at, arm="X").value == pytest.approx(one(pooled, **at, arm="all").value, rel=SAME)
    assert "by arm" not in " ".join(shown(results, fonts)).lower()


IMPUTED = replace(OVERLAP, missing="imputed", imputations=2, iterations=1, seed=1)
PLACED = Covariate("CCI", "index", "ordinal")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"markers": ()}, "it has no markers"),
        ({"markers": (MODELLED.markers[0], MODELLED.markers[0])}, "marker 'LOGM' stands twice"),
        ({"markers": (replace(MODELLED.markers[0], scale="detectable"),)}, "scale is 'detectable'"),
        ({"visits": ()}, "visits are none"),
        ({"visits": ("V0", "V1")}, "have the baseline among them"),
        ({"visits": ("V1", "V1")}, "repeat one"),
        ({"structures": ()}, "structures are empty"),
        ({"structures": ("banded",)}, "structure 'banded' is unknown"),
        ({"df_method": "between-within"}, "df_method is 'between-within'"),
        ({"margins": ""}, "margins is ''"),
        ({"multiplicity": "bonferroni"}, "multiplicity is 'bonferroni'"),
        ({"conf_level": 95}, "conf_level is 95"),
        ({"robust": ""}, "robust is ''"),
        ({"robust_df": "kenward-roger"}, "robust_df is 'kenward-roger'"),
        ({"adjustment": replace(OVERLAP, name="adjusted")}, "has the name of another model"),
        ({"adjustment": IMPUTED}, "one set of weights is required"),
        ({"covariates": (PLACED,)}, "scale is 'ordinal'"),
    ],
)
def test_a_plan_is_refused(crowd, change, fault):
    spec = replace(MODELLED, **change)
    assert any(fault in told for told in mmrm_faults(spec))
    with pytest.raises(SpecError, match="plan: modelled: "):
        summarize_mmrm(crowd, spec)


def test_what_has_no_effect_is_told():
    assert mmrm_idle(replace(MODELLED, adjustment=None)).keys() == {"robust", "robust_df"}
    assert mmrm_idle(replace(MODELLED, covariates=MODELLED.covariates[:1])).keys() == {"margins"}
    assert mmrm_estimand(MODELLED, 2) == "conditional"
    assert mmrm_estimand(replace(MODELLED, covariates=()), 2) == "unadjusted"
    assert [mmrm_estimand(MODELLED, arms) for arms in (1, 3)] == ["", ""]


def test_displays_refuse_models_that_are_not_made():
    bare = replace(MODELLED, covariates=(), adjustment=None)
    table, figure = TABLES[0], FIGURES[0]
    assert table.faults(MODELLED) == figure.faults(MODELLED) == []
    assert ["no model 'adjusted'" in fault for fault in table.faults(bare)] == [True, False]
    assert "a model is named" not in replace(table, blocks=()).faults(MODELLED)[0]
    assert replace(table, blocks=()).faults(MODELLED) == ["no model is named; one or more is required"]
    (fault,) = replace(figure, blocks=BLOCKS).faults(MODELLED)
    assert fault == "more than two models are drawn; one or two are required"
