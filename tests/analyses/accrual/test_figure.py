"""Enrolment against the plan: what is drawn is what stands in the rows."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from drawn import (
    FIGURES,
    assert_no_words_collide,
    assert_nothing_is_cut_off,
    drawn_points,
)

from npcstats.results import Results, Row, select
from npcstats.run.draw import draw_figure


def test_accrual_is_the_rows(results: Results, fonts: Path) -> None:
    figure = draw_figure(results, FIGURES["accrual"], fonts=fonts)
    for gid, measure in (("enrolled", "enrolled"), ("planned", "expected_enrolled")):
        rows = [row for row in select(results, analysis="accrual", measure=measure) if not math.isnan(row.time)]
        assert drawn_points(figure, gid).tolist() == [[row.time, row.value] for row in rows]


@pytest.mark.parametrize("count", [3.0, 260.0, 500.0])
def test_names_of_the_lines_stay_apart(by_arm: Results, fonts: Path, count: float) -> None:
    """Whether enrolment is behind the plan, ahead of it, or complete."""

    def moved(row: Row) -> Row:
        if row.analysis != "accrual" or row.measure != "enrolled" or math.isnan(row.time):
            return row
        return replace(row, time=2 * row.time if count == 500 else row.time, value=min(count, 27 * row.time))

    figure = draw_figure(Results(tuple(map(moved, by_arm.rows)), by_arm.catalogue), FIGURES["accrual"], fonts=fonts)
    assert_nothing_is_cut_off(figure)
    assert_no_words_collide(figure)
