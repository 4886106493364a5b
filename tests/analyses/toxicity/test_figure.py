"""Dots of adverse events: what is drawn is what stands in the rows, in its order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from drawn import (
    FIGURES,
    MILLIMETRES,
    boxes,
    drawn_points,
    line,
    names_of,
)

from npcstats.display.looks import FIRST, SECOND
from npcstats.errors import ResultsError
from npcstats.results import Analysis, Results, select
from npcstats.run.draw import draw_figure


def test_panels_do_not_touch(by_arm: Results, fonts: Path) -> None:
    for width in MILLIMETRES:
        figure = draw_figure(by_arm, replace(FIGURES["ae"], width=width), fonts=fonts)
        left, right = sorted((axes.get_position() for axes in figure.axes), key=lambda box: box.x0)
        assert (right.x0 - left.x1) * MILLIMETRES[width] >= 5.0
        assert (left.y0, left.y1) == (right.y0, right.y1)


def test_shares_and_differences_are_the_rows_sorted_by_difference(by_arm: Results, fonts: Path) -> None:
    figure = draw_figure(by_arm, FIGURES["ae"], fonts=fonts)
    shares = line(figure, "risk-A").axes
    names = names_of(shares)
    drawn = drawn_points(figure, "difference")
    assert drawn[:, 0].tolist() == sorted(drawn[:, 0])
    assert sorted(names) == sorted(
        {row.variable for row in select(by_arm, analysis="ae-acute", measure="risk") if row.variable != "all"}
    )
    for i, name in enumerate(names):
        asked = {"analysis": "ae-acute", "variable": name, "level": "grade>=3"}
        for arm in ("A", "B"):
            (risk,) = select(by_arm, **asked, arm=arm, measure="risk", stat="estimate")
            assert drawn_points(figure, f"risk-{arm}")[i].tolist() == [risk.value, i]
        rows = {row.stat: row.value for row in select(by_arm, **asked, measure="risk_difference")}
        assert drawn[i].tolist() == [rows["estimate"], i]
        limits = drawn_points(figure, f"difference-limits-{name}")
        assert limits.tolist() == [[rows["ci_low"], i], [rows["ci_high"], i]]


def test_pooled_shares_have_limits_and_no_difference(pooled: Results, fonts: Path) -> None:
    figure = draw_figure(pooled, FIGURES["ae"], fonts=fonts)
    (axes,) = figure.axes
    drawn = drawn_points(figure, "risk-all")
    assert drawn[:, 0].tolist() == sorted(drawn[:, 0], reverse=True)
    for i, name in enumerate(names_of(axes)):
        asked = {"analysis": "ae-acute", "variable": name, "level": "grade>=3", "measure": "risk"}
        rows = {row.stat: row.value for row in select(pooled, **asked)}
        limits = drawn_points(figure, f"risk-limits-{name}")
        assert limits.tolist() == [[rows["ci_low"], i], [rows["ci_high"], i]]


def test_minimum_and_limit_choose_terms(by_arm: Results, fonts: Path) -> None:
    few = draw_figure(by_arm, replace(FIGURES["ae"], minimum=0.1), fonts=fonts)
    assert len(names_of(line(few, "risk-A").axes)) == 4
    fewer = draw_figure(by_arm, replace(FIGURES["ae"], limit=2), fonts=fonts)
    assert names_of(line(fewer, "risk-A").axes) == ["Mucositis oral", "Lymphocyte count decreased <LLN & worse"]


def test_bands_and_periods_that_do_not_exist_are_refused(by_arm: Results, fonts: Path) -> None:
    with pytest.raises(ResultsError, match="level is 'grade>=9'; one of grade>=1, grade>=2, grade>=3 is required"):
        draw_figure(by_arm, replace(FIGURES["ae"], level="grade>=9"), fonts=fonts)
    with pytest.raises(ResultsError, match="window is 'late'; one of acute is required"):
        draw_figure(by_arm, replace(FIGURES["ae"], window="late"), fonts=fonts)


def test_shape_and_fill_double_the_color(by_arm: Results, fonts: Path) -> None:
    figure = draw_figure(by_arm, FIGURES["ae"], fonts=fonts)
    first, second = line(figure, "risk-A"), line(figure, "risk-B")
    assert (first.get_color(), first.get_marker(), first.get_markerfacecolor()) == (FIRST, "o", FIRST)
    assert (second.get_color(), second.get_marker(), second.get_markerfacecolor()) == (SECOND, "^", "none")
    curves = draw_figure(by_arm, FIGURES["os"], fonts=fonts)
    assert line(curves, "curve-A").get_linestyle() == "-"
    assert line(curves, "curve-B").get_linestyle() == "--"


def test_terms_below_the_minimum_leave_an_empty_frame(results: Results, fonts: Path) -> None:
    figure = draw_figure(results, replace(FIGURES["ae"], minimum=0.99), fonts=fonts)
    assert [text for text, _ in boxes(figure)] == ["No term reaches the threshold of this figure."]


def test_labels_with_markup_are_printed_as_they_stand(by_arm: Results, fonts: Path) -> None:
    """A dollar sign or a caret in a label is not mathematics."""
    entry: Analysis = by_arm.catalogue.analyses["ae-acute"]
    labels = {**entry.labels, "variable": {**entry.labels["variable"], "Dysphagia": "Dys$pha_gia^2$"}}
    analyses = {**by_arm.catalogue.analyses, "ae-acute": replace(entry, labels=labels)}
    changed = Results(by_arm.rows, replace(by_arm.catalogue, analyses=analyses))
    figure = draw_figure(changed, FIGURES["ae"], fonts=fonts)
    assert "Dys$pha_gia^2$" in names_of(line(figure, "risk-A").axes)
    assert all(not text.get_parse_math() for text in line(figure, "risk-A").axes.get_yticklabels())


@pytest.mark.parametrize("length", [100, 300])
@pytest.mark.parametrize("width", ["full", "column"])
def test_a_term_without_a_blank_is_shown_whole_beside_its_row(by_arm, fonts, width, length):
    entry = by_arm.catalogue.analyses["ae-acute"]
    named = {code: f"{i}{'abcdefghij' * 30}"[:length] for i, code in enumerate(entry.labels["variable"])}
    entry = replace(entry, labels={**entry.labels, "variable": named})
    catalogue = replace(by_arm.catalogue, analyses={**by_arm.catalogue.analyses, "ae-acute": entry})
    spec = replace(FIGURES["ae"], width=width)
    figure = draw_figure(replace(by_arm, catalogue=catalogue), spec, fonts=fonts)
    figure.canvas.draw()
    axes = figure.axes[0]
    labels = axes.get_yticklabels()
    assert {text.get_text().replace("\n", "") for text in labels} <= set(named.values())
    boxes = [text.get_window_extent() for text in labels]
    left = axes.get_window_extent().x0
    assert all(box.x0 >= 0 and box.x1 <= left for box in boxes)
    assert all(upper.y0 >= lower.y1 - 1 for upper, lower in pairwise(boxes))
    points = next(line for line in axes.lines if line.get_gid() == "risk-A")
    assert list(points.get_ydata()) == list(axes.get_yticks())
