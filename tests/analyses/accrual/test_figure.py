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


def test_months_of_the_calendar_stand_below_those_of_accrual(by_arm: Results, fonts: Path) -> None:
    """Each tick has the month of its row; without rows, as where they are withheld, the number stands alone."""
    days = {0.0: 739575.0, 6.0: 739758.0}  # 2025-11-20 and 2026-05-22
    start = next(row for row in by_arm.rows if row.measure == "enrolled" and row.stat == "count")
    told = tuple(
        replace(start, measure="calendar_day", stat="estimate", time=month, value=day) for month, day in days.items()
    )
    plain = tuple(row for row in by_arm.rows if row.measure != "calendar_day")
    for rows, ending in (((*plain, *told), "\nNovember 2025"), (plain, "")):
        figure = draw_figure(Results(rows, by_arm.catalogue), FIGURES["accrual"], fonts=fonts)
        (axes,) = figure.axes
        assert axes.get_xticklabels()[0].get_text() == f"0{ending}"
        assert_nothing_is_cut_off(figure)
