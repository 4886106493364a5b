"""Curves over time of arms, of subgroups, of competing events: drawn through their rows, and readable."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn import assert_readable, by_gid, points, texts
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path as Path2D
from matplotlib.text import Text

from npcstats.analyses.incidence.displays import CumulativeIncidence, StackedIncidence
from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.analyses.timetoevent.displays import OverTime
from npcstats.analyses.timetoevent.figure.beside import spread
from npcstats.analyses.timetoevent.figure.clock import thin_ticks
from npcstats.display.fonts import Fonts
from npcstats.display.looks import FIRST, INK, LOOKS, SECOND, SOFT
from npcstats.display.sheet import Sheet
from npcstats.errors import SpecError
from npcstats.results import Analysis, Catalogue, Results, Row, select
from npcstats.run.draw import draw_figure

STUDY = {"rounding": "half-away", "cutoff_text": "30 June 2027"}
TICKS = tuple(6.0 * k for k in range(11))
LEVEL = 0.95
TWO = {"A": "Arm A", "B": "Arm B"}
THREE = {"PBO": "Placebo", "LOW": "Xanomeline low dose", "HIGH": "Xanomeline high dose"}
FOUR = {"G=I": "Stage I", "G=II": "Stage II", "G=III": "Stage III", "G=IV": "Stage IVA–B, any nodes"}
LONG = {"E=D": "EBV DNA detected at the end of radiotherapy", "E=N": "EBV DNA not detected at the end of radiotherapy"}
POOLED = {"all": "All"}
MOST_PIXELS = 4
WIDTHS = {"full": 180.0, "column": 85.0}


def steps_rows(start: Row, heights: Sequence[float], last: float) -> list[Row]:
    """Rows of a curve whose steps are evenly spaced up to a time."""
    rows = []
    for k, height in enumerate(heights):
        time = last * k / max(1, len(heights) - 1)
        limits = {"estimate": height, "ci_low": max(0.0, height - 0.01 * k), "ci_high": min(1.0, height + 0.02 * k)}
        rows += [replace(start, time=time, stat=stat, value=value, conf_level=LEVEL) for stat, value in limits.items()]
    return rows


def group_key(code: str) -> dict[str, str]:
    return {"subgroup": code} if "=" in code else {"arm": code}


def survival(groups: Mapping[str, str], *, size: int = 500, same: bool = False) -> Results:
    """Survival of arms, subgroups or everyone; later groups fall faster, and are followed for less time."""
    rows = []
    for j, code in enumerate(groups):
        pace, last = (1, 50.0) if same else (j + 1, 50.0 - 9.0 * j)
        start = Row("a", "SAF", "participants", "count", float(size), variable="OS", **group_key(code))
        rows.append(start)
        curve = replace(start, measure="survival_curve")
        rows += steps_rows(curve, [1.0 - 0.02 * pace * k for k in range(11)], last)
        rows += [replace(start, measure="censored_curve", time=3.5 * k, value=1.0) for k in range(1, 8)]
        rows += [replace(start, measure="at_risk", time=t, value=float(max(0, size - 9 * i))) for i, t in
                 enumerate(TICKS)]  # fmt: skip
    return results_of("survival", "OS", "Overall survival", groups, rows)


def incidence(groups: Mapping[str, str], *, event: float = 0.02, competing: float = 0.03, size: int = 500) -> Results:
    """Incidence of an event and a competing one; at each of ten steps an event adds so much."""
    rows = []
    for j, code in enumerate(groups):
        start = Row("a", "SAF", "participants", "count", float(size), variable="LR", **group_key(code))
        rows.append(start)
        for level, rise in (("event", event), ("competing", competing)):
            curve = replace(start, measure="incidence_curve", level=level)
            rows += steps_rows(curve, [rise * k * (1 + j / 4) for k in range(11)], 50.0 - 9.0 * j)
        rows += [replace(start, measure="censored_curve", time=3.5 * k, value=1.0) for k in range(1, 8)]
        rows += [replace(start, measure="at_risk", time=t, value=float(max(0, size - 9 * i))) for i, t in
                 enumerate(TICKS)]  # fmt: skip
    return results_of("incidence", "LR", "Local recurrence", groups, rows)


def results_of(kind: str, code: str, label: str, groups: Mapping[str, str], rows: Sequence[Row]) -> Results:
    grouped = any("=" in group for group in groups)
    labels = {"variable": {code: label}, "level": {"event": label, "competing": "death without recurrence"}}
    entry = Analysis(label, kind, "planned", "SAF", {}, {}, {**labels, "subgroup": groups if grouped else {}},
                     {code: "months"})  # fmt: skip
    arms = {} if grouped or "all" in groups else dict(groups)
    return Results(tuple(rows), Catalogue(STUDY, arms, {}, {"a": entry}))


DRAWN: dict[str, type[OverTime]] = {
    "kaplan-meier": KaplanMeier,
    "incidence": CumulativeIncidence,
    "incidence-stacked": StackedIncidence,
}


def spec(kind: str, width: str = "full", **more: Any) -> OverTime:
    return DRAWN[kind](name="x", title="Curves.", analysis="a", sessions=("final",), width=width,
                       x_label="Months since start of radiotherapy", **more)  # fmt: skip


def plot_of(figure: Figure) -> Axes:
    return next(axes for axes in figure.axes if axes.axison)


SURVIVALS = {
    "two arms": survival(TWO),
    "three arms": survival(THREE),
    "four groups": survival(FOUR),
    "long names": survival(LONG),
    "curves that coincide": survival(FOUR, same=True),
    "pooled": survival(POOLED),
    "two participants": survival(TWO, size=2),
    "many": survival(TWO, size=1_000_000),
}
INCIDENCES = {
    "two arms": incidence(TWO),
    "three arms": incidence(THREE),
    "four groups": incidence(FOUR),
    "long names": incidence(LONG),
    "pooled": incidence(POOLED),
    "no event": incidence(TWO, event=0.0, competing=0.0),
    "rare": incidence(TWO, event=0.002, competing=0.001),
    "two participants": incidence(TWO, size=2),
}


# Kaplan-Meier --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SURVIVALS)
def test_survival_is_readable(name: str, width: str, fonts: Path) -> None:
    assert_readable(draw_figure(SURVIVALS[name], spec("kaplan-meier", width), fonts=fonts))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("groups", [THREE, FOUR, LONG])
def test_every_group_is_drawn_through_its_rows(groups: Mapping[str, str], width: str, fonts: Path) -> None:
    results = survival(groups)
    figure = draw_figure(results, spec("kaplan-meier", width), fonts=fonts)
    for code in groups:
        rows = select(results, **group_key(code), measure="survival_curve", stat="estimate")
        assert points(figure, f"curve-{code}") == [[row.time, row.value] for row in rows]


def test_groups_are_told_apart_by_color_dash_and_order(fonts: Path) -> None:
    figure = draw_figure(survival(FOUR), spec("kaplan-meier"), fonts=fonts)
    lines = [by_gid(figure, f"curve-{code}") for code in FOUR]
    assert [line.get_color() for line in lines if isinstance(line, Line2D)] == [FIRST, SECOND, INK, SOFT]
    dashes = {str(line._unscaled_dash_pattern) for line in lines if isinstance(line, Line2D)}
    assert len(dashes) == len(FOUR)
    assert len({(look.marker, look.filled) for look in LOOKS}) == len(LOOKS)
    assert len({look.color for look in LOOKS}) == len({str(look.dash) for look in LOOKS}) == len(LOOKS)


def test_more_groups_than_looks_are_refused(fonts: Path) -> None:
    seven = {f"G={i}": f"Group {i}" for i in range(7)}
    with pytest.raises(SpecError, match="7 groups; at most 6 can be told apart"):
        draw_figure(survival(seven), spec("kaplan-meier"), fonts=fonts)


@pytest.mark.parametrize("name", SURVIVALS)
@pytest.mark.parametrize("width", WIDTHS)
def test_numbers_at_risk_are_the_rows_and_stand_under_ticks_of_the_rows(name: str, width: str, fonts: Path) -> None:
    results = SURVIVALS[name]
    figure = draw_figure(results, spec("kaplan-meier", width), fonts=fonts)
    axes = plot_of(figure)
    figure.canvas.draw()
    ticks = axes.get_xticks()
    assert set(ticks) <= set(TICKS)
    rows = [row for row in select(results, measure="at_risk") if row.time in ticks]
    assert rows
    for row in rows:
        code = row.subgroup if row.subgroup != "all" else row.arm
        text = by_gid(figure, f"at-risk-{code}-{row.time:.1f}")
        assert isinstance(text, Text)
        assert text.get_text() == f"{row.value:.0f}"
        place = axes.transData.transform((row.time, 0))[0] / figure.bbox.width
        assert text.get_position()[0] == pytest.approx(place, abs=1e-9)


def test_ticks_are_thinned_only_where_numbers_would_touch(fonts: Path) -> None:
    """Six digits and the gap need 10 mm; six months have 15 mm of the full width, 6 mm of a column."""
    full, column = (
        plot_of(draw_figure(survival(TWO, size=500_000), spec("kaplan-meier", width), fonts=fonts)).get_xticks()
        for width in WIDTHS
    )
    assert full.tolist() == [*TICKS[:10]]
    assert column.tolist() == [0.0, 12.0, 24.0, 36.0, 48.0]


@pytest.mark.parametrize(
    ("ticks", "size", "expected"),
    [
        ((0.0, 6.0, 12.0, 18.0, 24.0), 5.0, (0.0, 6.0, 12.0, 18.0, 24.0)),
        ((0.0, 6.0, 12.0, 18.0, 24.0), 8.0, (0.0, 12.0, 24.0)),
        ((0.0, 1.5, 3.0, 6.0, 12.0, 18.0, 24.0), 4.0, (0.0, 6.0, 12.0, 18.0, 24.0)),
        ((0.0, 5.0, 7.0, 11.0), 3.0, (0.0, 11.0)),
        ((0.0, 6.0), 9.0, (6.0,)),
    ],
)
def test_thinned_ticks_are_evenly_spaced_where_they_can_be(
    ticks: tuple[float, ...], size: float, expected: tuple[float, ...]
) -> None:
    assert thin_ticks(ticks, dict.fromkeys(ticks, size), 0.5) == expected


def test_ticks_between_whole_months_are_printed_as_they_are(fonts: Path) -> None:
    results = survival(TWO)
    rows = tuple(replace(row, time=row.time / 4) if row.measure == "at_risk" else row for row in results.rows)
    axes = plot_of(draw_figure(Results(rows, results.catalogue), spec("kaplan-meier"), fonts=fonts))
    assert [text.get_text() for text in axes.get_xticklabels()][:3] == ["0.0", "1.5", "3.0"]


def test_names_that_leave_no_room_stand_in_a_key_above(fonts: Path) -> None:
    full, column = (draw_figure(survival(LONG), spec("kaplan-meier", width), fonts=fonts) for width in WIDTHS)
    for code, label in LONG.items():
        name = by_gid(full, f"name-{code}")
        assert isinstance(name, Text)
        assert name.get_text().replace("\n", " ") == label
    assert not [a for a in column.findobj(Text) if str(a.get_gid()).startswith("name-")]
    shown = [text.get_text().replace("\n", " ") for text in texts(column)]
    assert all(shown.count(label) == 2 for label in LONG.values())  # in the key and beside the numbers at risk


@pytest.mark.parametrize("results", [*SURVIVALS.values(), *INCIDENCES.values()])
@pytest.mark.parametrize("width", WIDTHS)
def test_names_lie_on_no_curve(results: Results, width: str, fonts: Path) -> None:
    (entry,) = results.catalogue.analyses.values()
    kind = "kaplan-meier" if entry.kind == "survival" else "incidence"
    more = {"competing": True} if kind == "incidence" else {}
    figure = draw_figure(results, spec(kind, width, **more), fonts=fonts)
    axes = plot_of(figure)
    figure.canvas.draw()
    curves = [line for line in axes.lines if str(line.get_gid()).startswith(("curve-", "competing-"))]
    assert curves
    for text in figure.findobj(Text):
        if isinstance(text, Text) and str(text.get_gid()).startswith("name-"):
            box = text.get_window_extent()
            for curve in curves:
                corners = np.repeat(np.asarray(curve.get_xydata(), dtype=float), 2, axis=0)
                corners = np.column_stack([corners[1:, 0], corners[:-1, 1]])  # steps are level, then upright
                path = Path2D(axes.transData.transform(corners))
                assert not path.intersects_bbox(box, filled=False), (text.get_text(), curve.get_gid())


def test_a_name_stands_at_the_end_of_its_curve_where_there_is_room(fonts: Path) -> None:
    """The second arm is followed for 41 months, the first for 50; nine months have 23 mm of the full width."""
    figure = draw_figure(survival(TWO), spec("kaplan-meier"), fonts=fonts)
    time, height = points(figure, "curve-B")[-1]
    name = by_gid(figure, "name-B")
    assert isinstance(name, Text)
    x, y = name.get_position()
    assert 0 < x - time < 1
    assert y == pytest.approx(height)
    assert not figure.findobj(lambda artist: str(artist.get_gid()).startswith("_leader-"))


def test_a_name_without_room_at_the_end_of_its_curve_is_joined_to_it_in_grey_dots(fonts: Path) -> None:
    figure = draw_figure(survival(LONG), spec("kaplan-meier"), fonts=fonts)
    time, height = points(figure, "curve-E=N")[-1]
    leader = by_gid(figure, "_leader-E=N")
    assert isinstance(leader, Line2D)
    assert leader.get_color() == SOFT
    first = np.asarray(leader.get_xydata(), dtype=float)[0]
    assert first[0] > time
    assert first[1] == height
    assert not figure.findobj(lambda artist: artist.get_gid() == "_leader-E=D")


def test_alt_text_says_what_is_told_apart() -> None:
    told = {"each arm": THREE, "each group": FOUR, "all participants together": POOLED}
    for words, groups in told.items():
        for kind, made in (("kaplan-meier", survival), ("incidence", incidence), ("incidence-stacked", incidence)):
            figure = spec(kind)
            text = figure.alt(made(groups), figure)
            assert words in text
            assert text.endswith(".")


# Cumulative incidence ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", INCIDENCES)
@pytest.mark.parametrize("kind", ["incidence", "incidence-stacked"])
def test_incidence_is_readable(name: str, kind: str, width: str, fonts: Path) -> None:
    more = {"competing": True} if kind == "incidence" else {}
    assert_readable(draw_figure(INCIDENCES[name], spec(kind, width, **more), fonts=fonts))


@pytest.mark.parametrize("groups", [TWO, THREE, POOLED])
def test_incidence_is_drawn_through_its_rows(groups: Mapping[str, str], fonts: Path) -> None:
    results = incidence(groups)
    figure = draw_figure(results, spec("incidence", competing=True), fonts=fonts)
    for code in groups:
        for level, name in (("event", "curve"), ("competing", "competing")):
            asked = {"measure": "incidence_curve", "level": level, "arm": code}
            rows = select(results, **asked, stat="estimate")
            assert points(figure, f"{name}-{code}") == [[row.time, row.value] for row in rows]
        band = by_gid(figure, f"band-{code}")
        assert isinstance(band, PolyCollection)
        corners = {(round(float(x), 9), round(float(y), 9)) for x, y in band.get_paths()[0].vertices}
        limits = [row for stat in ("ci_low", "ci_high") for row in select(results, measure="incidence_curve", arm=code,
                                                                          level="event", stat=stat)]  # fmt: skip
        assert {(round(row.time, 9), round(row.value, 9)) for row in limits} <= corners


def test_competing_events_are_thin_and_only_drawn_when_asked_for(fonts: Path) -> None:
    asked = draw_figure(incidence(TWO), spec("incidence", competing=True), fonts=fonts)
    thick, thin = (by_gid(asked, gid) for gid in ("curve-A", "competing-A"))
    assert isinstance(thick, Line2D)
    assert isinstance(thin, Line2D)
    assert thin.get_linewidth() < 0.6 * thick.get_linewidth()
    words = [text.get_text() for text in texts(asked)]
    assert {"Local recurrence", "Death without recurrence"} <= set(words)
    plain = draw_figure(incidence(TWO), spec("incidence"), fonts=fonts)
    assert not plain.findobj(lambda artist: str(artist.get_gid()).startswith("competing-"))
    assert "Death without recurrence" not in [text.get_text() for text in texts(plain)]


@pytest.mark.parametrize(
    ("event", "top"), [(0.0, 0.05 * 4), (0.002, 0.25), (0.02, 0.5), (0.06, 1.0)], ids=["none", "rare", "some", "most"]
)
def test_axis_of_incidence_ends_just_above_its_largest_limit(event: float, top: float, fonts: Path) -> None:
    """Limits are 0.2 above the last estimate of the second arm, which is 12.5 times the first step."""
    results = incidence(TWO, event=event)
    axes = plot_of(draw_figure(results, spec("incidence"), fonts=fonts))
    highest = max(row.value for row in select(results, measure="incidence_curve", level="event", stat="ci_high"))
    assert axes.get_ylim()[0] == 0.0
    assert axes.get_yticks()[-1] == pytest.approx(top)
    assert highest <= axes.get_ylim()[1]
    assert axes.get_yticklabels()[0].get_text() == "0%"


def test_axis_of_an_incidence_of_zero_without_limits_is_not_stretched(fonts: Path) -> None:
    results = incidence(TWO, event=0.0)
    rows = tuple(
        replace(row, value=math.nan, note="No event.") if row.stat in ("ci_low", "ci_high") else row
        for row in results.rows
    )
    axes = plot_of(draw_figure(Results(rows, results.catalogue), spec("incidence"), fonts=fonts))
    assert axes.get_yticks()[-1] == 0.05


@pytest.mark.parametrize("groups", [TWO, THREE, POOLED])
@pytest.mark.parametrize("width", WIDTHS)
def test_stacked_areas_are_bounded_by_the_rows_and_fill_everything(
    groups: Mapping[str, str], width: str, fonts: Path
) -> None:
    results = incidence(groups)
    figure = draw_figure(results, spec("incidence-stacked", width), fonts=fonts)
    assert len([axes for axes in figure.axes if axes.axison]) == len(groups)
    for code in groups:
        rows = [select(results, measure="incidence_curve", arm=code, level=level, stat="estimate")
                for level in ("event", "competing")]  # fmt: skip
        sums = [(event.time, event.value, event.value + other.value) for event, other in zip(*rows, strict=True)]
        edges = {
            "event": [(time, 0.0, event) for time, event, _ in sums],
            "competing": list(sums),
            "neither": [(time, both, 1.0) for time, _, both in sums],
        }
        for level, expected in edges.items():
            area = by_gid(figure, f"{level}-{code}")
            assert isinstance(area, PolyCollection)
            corners = {(round(float(x), 9), round(float(y), 9)) for x, y in area.get_paths()[0].vertices}
            for time, low, high in expected:
                assert {(round(time, 9), round(low, 9)), (round(time, 9), round(high, 9))} <= corners
            assert isinstance(by_gid(figure, f"name-{level}-{code}"), Text)


def test_a_group_without_a_curve_has_a_panel_that_says_so(fonts: Path) -> None:
    results = incidence(TWO)
    rows = tuple(row for row in results.rows if not (row.arm == "B" and row.measure == "incidence_curve"))
    figure = draw_figure(Results(rows, results.catalogue), spec("incidence-stacked"), fonts=fonts)
    said = by_gid(figure, "empty-B")
    assert isinstance(said, Text)
    assert said.get_text().replace("\n", " ") == "Too few participants are at risk to draw a curve."
    assert by_gid(figure, "event-A")


@pytest.mark.parametrize("kind", ["incidence", "incidence-stacked"])
def test_an_empty_frame_says_why_there_is_no_incidence(kind: str, fonts: Path) -> None:
    results = incidence(TWO)
    rows = tuple(row for row in results.rows if row.measure != "incidence_curve")
    figure = draw_figure(Results(rows, results.catalogue), spec(kind), fonts=fonts)
    assert [text.get_text() for text in texts(figure)] == ["Too few participants are at risk to draw a curve."]


def test_competing_is_a_field_of_incidence_only() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'competing'"):
        spec("kaplan-meier", competing=True)


# Places --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([0.2, 0.8], [0.2, 0.8]),
        ([0.5, 0.5], [0.55, 0.45]),
        ([0.5, 0.5, 0.5, 0.5], [0.65, 0.55, 0.45, 0.35]),
        ([0.0, 0.0], [0.15, 0.05]),
        ([1.0, 0.98], [0.95, 0.85]),
        ([0.3, 0.35, 0.9], [0.275, 0.375, 0.9]),
    ],
)
def test_words_are_spread_as_little_as_may_be(places: list[float], expected: list[float]) -> None:
    assert spread(places, [0.1] * len(places), 0.0, 1.0) == pytest.approx(expected)


def test_spread_words_never_overlap() -> None:
    random = np.random.default_rng(7)
    for _ in range(200):
        count = int(random.integers(1, 6))
        sizes = random.uniform(0.02, 0.2, count).tolist()
        moved = spread(random.uniform(0, 1, count).tolist(), sizes, 0.0, 1.0)
        order = sorted(range(count), key=lambda i: moved[i])
        for a, b in pairwise(order):
            assert moved[b] - moved[a] >= (sizes[a] + sizes[b]) / 2 - 1e-9


def test_numbers_are_aligned_as_they_are_drawn(fonts: Path) -> None:
    """A digit 1 is narrow when matplotlib measures it and as wide as the others when it draws it."""
    sheet = Sheet(60.0, 20.0, Fonts(fonts))
    sheet.write(50.0, 14.0, "111.11)", ha="right", va="center")
    sheet.write(50.0, 6.0, "888.88)", ha="right", va="center")
    sheet.figure.set_dpi(600)
    sheet.canvas.draw()
    ink = np.asarray(sheet.canvas.buffer_rgba())[:, :, 0] < 128
    half = ink.shape[0] // 2
    upper, lower = (np.flatnonzero(part.any(axis=0))[-1] for part in (ink[:half], ink[half:]))
    assert abs(int(upper) - int(lower)) <= MOST_PIXELS  # a sixth of a millimetre; a digit 1 alone is off by twice that
