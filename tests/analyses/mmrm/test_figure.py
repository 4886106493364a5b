"""Figures of the mixed model: what is drawn is what stands in the rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from drawn import assert_readable, points, texts, with_gid
from entries import MODELLED

from npcstats.analyses.mmrm.displays import ModelChecks, ModelledCourses
from npcstats.analyses.mmrm.summary import summarize_mmrm
from npcstats.derive import mask_arms, pool_arms
from npcstats.results import one, select
from npcstats.run.draw import draw_figure

ASKED = {"name": "f", "title": "F.", "sessions": ("only",), "analysis": "modelled", "width": "full"}
COURSES = ModelledCourses(blocks=("adjusted", "overlap"), **ASKED)
CHECKS = ModelChecks(**ASKED)
NAMES = {"LOGM": ("modelled_ratio", "ratio_contrast"), "LEVEL": ("modelled_change", "change_contrast")}


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_mmrm(crowd, MODELLED)


@pytest.fixture(scope="module")
def hidden(crowd):
    return replace(crowd, design=replace(crowd.design, treatment_columns={"adsl": ("TRT01P", "TRT01A")}))


def limits_of(figure, gid):
    (lines,) = with_gid(figure, gid)
    return [segment[:, 1].tolist() for segment in lines.get_segments()]


@pytest.mark.parametrize("width", ["full", "column"])
def test_means_and_contrasts_are_the_rows(results, fonts: Path, width):
    figure = draw_figure(results, replace(COURSES, width=width), fonts=fonts)
    for code, (mean, contrast) in NAMES.items():
        drawn = {f"mean-{code}-{arm}": {"arm": arm, "block": "adjusted", "measure": mean} for arm in ("X", "Y")}
        drawn |= {f"contrast-{code}-{block}": {"block": block, "measure": contrast} for block in COURSES.blocks}
        for gid, at in drawn.items():
            rows = {
                stat: [one(results, variable=code, window=visit, stat=stat, **at).value for visit in ("V1", "V2")]
                for stat in ("estimate", "ci_low", "ci_high")
            }
            assert [y for _, y in points(figure, gid)] == rows["estimate"]
            assert [round(x) for x, _ in points(figure, gid)] == [0, 1]
            named = gid.replace("mean", "limits").replace("contrast", "limits")
            assert limits_of(figure, named) == [[*pair] for pair in zip(rows["ci_low"], rows["ci_high"], strict=True)]
        (none,) = with_gid(figure, f"none-{code}")
        assert set(none.get_ydata()) == {1.0 if code == "LOGM" else 0.0}
    assert_readable(figure)


def test_ratios_have_a_logarithmic_axis_and_everything_lies_inside(results, fonts: Path):
    figure = draw_figure(results, COURSES, fonts=fonts)
    panels = {line.axes: line.get_gid() for axes in figure.axes for line in axes.lines if "-" in str(line.get_gid())}
    for axes, gid in panels.items():
        assert (axes.get_yscale() == "log") == ("LOGM" in gid)
        low, high = axes.get_ylim()
        for line in axes.lines:
            values = np.asarray(line.get_ydata(), dtype=float)
            assert ((values > low) & (values < high)).all()
    words = " ".join(text.get_text() for text in texts(figure))
    assert "Log marker, ratio to baseline" in words
    assert "Level, change, g" in words
    assert "Contrast: Adjusted" in words
    assert "Overlap weights, ATO" in words


def test_the_arms_are_told_apart_twice_and_the_models_too(results, fonts: Path):
    figure = draw_figure(results, COURSES, fonts=fonts)
    for pair in (("mean-LOGM-X", "mean-LOGM-Y"), ("contrast-LOGM-adjusted", "contrast-LOGM-overlap")):
        (first,), (second,) = (with_gid(figure, gid) for gid in pair)
        assert first.get_marker() != second.get_marker()
        assert first.get_markerfacecolor() != second.get_markerfacecolor()
    (first,), (second,) = (with_gid(figure, f"mean-LOGM-{arm}") for arm in ("X", "Y"))
    assert first.get_linestyle() != second.get_linestyle()


def test_pooled_there_are_means_alone(hidden, fonts: Path):
    results = summarize_mmrm(pool_arms(hidden), MODELLED)
    figure = draw_figure(results, COURSES, fonts=fonts)
    assert with_gid(figure, "mean-LOGM-all")
    assert not with_gid(figure, "none-LOGM")
    assert "all participants together" in COURSES.alt(results, COURSES)
    checks = draw_figure(results, CHECKS, fonts=fonts)
    assert with_gid(checks, "residuals-LOGM")
    assert_readable(figure)
    assert_readable(checks)


def test_masked_words_tell_no_arm(hidden, fonts: Path):
    results = summarize_mmrm(mask_arms(hidden, {"X": "B", "Y": "A"}), MODELLED)
    words = {word for text in texts(draw_figure(results, COURSES, fonts=fonts)) for word in text.get_text().split()}
    assert {"Arm", "A", "B"} <= words
    assert not {"Ex", "Wye"} & words


def test_residuals_are_quantiles_beside_normal_ones(results, fonts: Path):
    figure = draw_figure(results, CHECKS, fonts=fonts)
    for code in NAMES:
        rows = select(results, variable=code, measure="residual_quantile")
        expected = [[NormalDist().inv_cdf(float(row.level)), row.value] for row in rows]
        assert points(figure, f"residuals-{code}") == expected
        values = [row.value for row in rows]
        assert values == sorted(values)
    assert_readable(figure)


def test_bars_are_the_participants(results, fonts: Path):
    figure = draw_figure(results, CHECKS, fonts=fonts)
    for code in NAMES:
        rows = select(results, variable=code, measure="left_out")
        for row in rows:
            (bar,) = with_gid(figure, f"shift-{code}-{row.level}")
            assert bar.get_x() == pytest.approx(float(row.level))
            assert bar.get_height() == row.value
        people = one(results, variable=code, block="adjusted", measure="participants").value
        assert sum(row.value for row in rows) == people


def test_captions_say_the_model_and_the_largest_shift(results):
    told = "".join(piece.text for piece in COURSES.caption(results, COURSES).pieces)
    assert "with 95% CI." in told
    assert "Covariance used: unstructured." in told
    assert "Overlap weights: effect in participants who could have had either treatment" in told
    told = "".join(piece.text for piece in CHECKS.caption(results, CHECKS).pieces)
    for code, name in {"LOGM": "Log marker", "LEVEL": "Level"}.items():
        value = one(results, variable=code, measure="largest_shift").value
        assert f"{name} {abs(value):.2f}" in told.replace("−", "")
    assert "Overlap weights" not in told
    single = replace(COURSES, blocks=("adjusted",))
    assert "Overlap weights" not in "".join(piece.text for piece in single.caption(results, single).pieces)
