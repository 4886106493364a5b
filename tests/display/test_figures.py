"""What is drawn is what stands in the rows, nothing is cut off, and the same figure has the same bytes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from npcstats.analyses.biomarker.figure import log_steps
from npcstats.display.save import save_figure
from npcstats.display.sheet import FIRST, INK, SECOND, nice_steps, ticks_inside
from npcstats.display.spec import FigureSpec
from npcstats.errors import ResultsError, SpecError
from npcstats.results import Analysis, Results, Row, select
from npcstats.run.draw import alt_text, draw_figure

SPECS = {
    "accrual": FigureSpec("accrual", "accrual", "accrual", ("open",), "full", x_label="Months since the first day"),
    "os": FigureSpec("os", "kaplan-meier", "os", ("final",), "full", x_label="Months since start of radiotherapy"),
    "ae": FigureSpec("ae", "toxicity-dot", "ae-acute", ("open",), "full", level="grade>=3", window="acute"),
    "markers": FigureSpec("markers", "biomarker", "biomarkers", ("final",), "full"),
}
MILLIMETRES = {"full": 180.0, "column": 85.0}
LAST_TICK = 24.0


@pytest.fixture(params=list(SPECS))
def spec(request: pytest.FixtureRequest) -> FigureSpec:
    """A figure of each kind."""
    return SPECS[request.param]


@pytest.fixture(params=["full", "column"])
def sized(request: pytest.FixtureRequest, spec: FigureSpec) -> FigureSpec:
    """Each kind in both widths."""
    return replace(spec, width=request.param)


def renamed(results: Results, first: str, second: str) -> Results:
    """The same results with other words for the arms."""
    return Results(results.rows, replace(results.catalogue, arms={"A": first, "B": second}))


def with_gid(figure: Figure, gid: str) -> list[Artist]:
    return [artist for artist in figure.findobj(lambda a: a.get_gid() == gid) if isinstance(artist, Artist)]


def line(figure: Figure, gid: str) -> Line2D:
    (found,) = with_gid(figure, gid)
    assert isinstance(found, Line2D)
    return found


def drawn_points(figure: Figure, gid: str) -> np.ndarray:
    found: np.ndarray = np.asarray(line(figure, gid).get_xydata(), dtype=float)
    return found


def values(rows: Iterable[Row]) -> list[float]:
    return [row.value for row in rows]


# Clipping and collisions ---------------------------------------------------------------------------------------------


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every visible text and the room it takes, in pixels."""
    figure.canvas.draw()
    texts = [t for t in figure.findobj(Text) if isinstance(t, Text) and t.get_visible() and t.get_text().strip()]
    shown = [t for t in texts if not _hidden(t)]
    return [(text.get_text(), text.get_window_extent()) for text in shown]


def _hidden(text: Text) -> bool:
    return (
        text.axes is not None and (not text.axes.axison or not text.axes.get_visible()) and text not in text.axes.texts
    )


def assert_nothing_is_cut_off(figure: Figure) -> None:
    width, height = figure.bbox.width, figure.bbox.height
    outside = [
        words for words, box in boxes(figure)
        if box.x0 < -0.5 or box.y0 < -0.5 or box.x1 > width + 0.5 or box.y1 > height + 0.5
    ]  # fmt: skip
    assert not outside


def assert_no_words_collide(figure: Figure) -> None:
    found = boxes(figure)
    for i, (words, box) in enumerate(found):
        for other, room in found[i + 1 :]:
            width = min(box.x1, room.x1) - max(box.x0, room.x0)
            height = min(box.y1, room.y1) - max(box.y0, room.y0)
            assert width <= 0.5 or height <= 1.5, (words, other)


def test_nothing_is_cut_off(sized: FigureSpec, results: Results, fonts: Path) -> None:
    figure = draw_figure(results, sized, fonts=fonts)
    assert_nothing_is_cut_off(figure)
    assert_no_words_collide(figure)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Proton", "Photon"),
        ("Intensity-modulated protons with cisplatin and capecitabine", "Photons"),
        ("Intensity-modulated protons with cisplatin and capecitabine", "Intensitymodulatedphotonswithcisplatin" * 2),
    ],
)
def test_long_names_are_not_cut_off(sized: FigureSpec, by_arm: Results, fonts: Path, first: str, second: str) -> None:
    figure = draw_figure(renamed(by_arm, first, second), sized, fonts=fonts)
    assert_nothing_is_cut_off(figure)
    assert_no_words_collide(figure)


def test_figures_have_their_width(sized: FigureSpec, results: Results, fonts: Path) -> None:
    width = draw_figure(results, sized, fonts=fonts).get_figwidth() * 25.4
    assert width == pytest.approx(MILLIMETRES[sized.width], abs=1e-9)


def test_panels_do_not_touch(by_arm: Results, fonts: Path) -> None:
    for width in MILLIMETRES:
        left, right = sorted(
            (axes.get_position() for axes in draw_figure(by_arm, replace(SPECS["ae"], width=width), fonts=fonts).axes),
            key=lambda box: box.x0,
        )  # fmt: skip
        assert (right.x0 - left.x1) * MILLIMETRES[width] >= 5.0
        assert (left.y0, left.y1) == (right.y0, right.y1)


def test_all_words_are_inter_with_tabular_digits_in_readable_size(
    spec: FigureSpec, results: Results, fonts: Path
) -> None:
    figure = draw_figure(results, spec, fonts=fonts)
    figure.canvas.draw()
    for text in figure.findobj(Text):
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip() and not _hidden(text):
            font = text.get_fontproperties()
            assert isinstance(font, FontProperties)
            assert str(font.get_file()).startswith(str(fonts / "Inter-"))
            assert 6.5 <= font.get_size_in_points() <= 7.0
            assert tuple(text.get_fontfeatures()) == ("tnum",)


# Kaplan-Meier --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arm", ["A", "B"])
def test_curve_is_drawn_through_its_rows_and_not_beyond(by_arm: Results, fonts: Path, arm: str) -> None:
    figure = draw_figure(by_arm, SPECS["os"], fonts=fonts)
    rows = select(by_arm, analysis="os", arm=arm, measure="survival_curve", stat="estimate")
    shown = [[row.time, row.value] for row in rows if row.time <= LAST_TICK]
    beyond = [[LAST_TICK, shown[-1][1]]] if rows[-1].time > LAST_TICK else []
    assert drawn_points(figure, f"curve-{arm}").tolist() == shown + beyond
    assert line(figure, f"curve-{arm}").get_drawstyle() == "steps-post"
    assert line(figure, f"curve-{arm}").axes.get_xlim()[1] == LAST_TICK


@pytest.mark.parametrize("arm", ["A", "B"])
def test_band_is_drawn_through_the_limits(by_arm: Results, fonts: Path, arm: str) -> None:
    (band,) = with_gid(draw_figure(by_arm, SPECS["os"], fonts=fonts), f"band-{arm}")
    corners = {(round(float(x), 9), round(float(y), 9)) for x, y in band.get_paths()[0].vertices}
    for stat in ("ci_low", "ci_high"):
        for row in select(by_arm, analysis="os", arm=arm, measure="survival_curve", stat=stat):
            assert row.time > LAST_TICK or (round(row.time, 9), round(row.value, 9)) in corners


@pytest.mark.parametrize("arm", ["A", "B"])
def test_censorings_stand_on_the_curve(by_arm: Results, fonts: Path, arm: str) -> None:
    figure = draw_figure(by_arm, SPECS["os"], fonts=fonts)
    rows = select(by_arm, analysis="os", arm=arm, measure="censored_curve")
    points = drawn_points(figure, f"censored-{arm}")
    assert points[:, 0].tolist() == [row.time for row in rows]
    curve = select(by_arm, analysis="os", arm=arm, measure="survival_curve", stat="estimate")
    for time, height in points:
        assert height == [row.value for row in curve if row.time <= time][-1]


def test_numbers_at_risk_stand_under_their_ticks_in_the_color_of_the_arm(results: Results, fonts: Path) -> None:
    figure = draw_figure(results, SPECS["os"], fonts=fonts)
    (axes,) = figure.axes
    figure.canvas.draw()
    arms = list(results.catalogue.arms) or ["all"]
    colors = dict(zip(arms, (FIRST, SECOND), strict=False)) if results.catalogue.arms else {"all": INK}
    for arm in arms:
        for row in select(results, analysis="os", arm=arm, measure="at_risk"):
            (text,) = with_gid(figure, f"at-risk-{arm}-{row.time:.1f}")
            assert isinstance(text, Text)
            assert text.get_text() == f"{row.value:.0f}"
            assert text.get_color() == colors[arm]
            tick = axes.transData.transform((row.time, 0))[0] / figure.bbox.width
            assert text.get_position()[0] == pytest.approx(tick, abs=1e-9)


def test_axis_of_a_probability_starts_at_zero(results: Results, fonts: Path) -> None:
    (axes,) = draw_figure(results, SPECS["os"], fonts=fonts).axes
    assert axes.get_ylim()[0] == 0.0
    assert [text.get_text() for text in axes.get_yticklabels()][0::5] == ["0%", "100%"]


# Toxicity ------------------------------------------------------------------------------------------------------------


def names_of(axes: Axes) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in axes.get_yticklabels()]


def test_shares_and_differences_are_the_rows_sorted_by_difference(by_arm: Results, fonts: Path) -> None:
    figure = draw_figure(by_arm, SPECS["ae"], fonts=fonts)
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


def test_everything_drawn_is_inside_its_axes(spec: FigureSpec, results: Results, fonts: Path) -> None:
    for axes in draw_figure(results, spec, fonts=fonts).axes:
        if not axes.axison:
            continue
        (x0, x1), (y0, y1) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
        for drawn in axes.lines:
            if drawn.get_gid() and not str(drawn.get_gid()).startswith("_"):
                points = np.asarray(drawn.get_xydata(), dtype=float)
                known = points[~np.isnan(points).any(axis=1)]
                assert known[:, 0].min() >= x0
                assert known[:, 0].max() <= x1
                assert known[:, 1].min() >= y0
                assert known[:, 1].max() <= y1


def test_pooled_shares_have_limits_and_no_difference(pooled: Results, fonts: Path) -> None:
    figure = draw_figure(pooled, SPECS["ae"], fonts=fonts)
    (axes,) = figure.axes
    drawn = drawn_points(figure, "risk-all")
    assert drawn[:, 0].tolist() == sorted(drawn[:, 0], reverse=True)
    for i, name in enumerate(names_of(axes)):
        asked = {"analysis": "ae-acute", "variable": name, "level": "grade>=3", "measure": "risk"}
        rows = {row.stat: row.value for row in select(pooled, **asked)}
        limits = drawn_points(figure, f"risk-limits-{name}")
        assert limits.tolist() == [[rows["ci_low"], i], [rows["ci_high"], i]]


def test_minimum_and_limit_choose_terms(by_arm: Results, fonts: Path) -> None:
    few = draw_figure(by_arm, replace(SPECS["ae"], minimum=0.1), fonts=fonts)
    assert len(names_of(line(few, "risk-A").axes)) == 4
    fewer = draw_figure(by_arm, replace(SPECS["ae"], limit=2), fonts=fonts)
    assert names_of(line(fewer, "risk-A").axes) == ["Mucositis oral", "Lymphocyte count decreased <LLN & worse"]


def test_bands_and_periods_that_do_not_exist_are_refused(by_arm: Results, fonts: Path) -> None:
    with pytest.raises(ResultsError, match="level is 'grade>=9'; one of grade>=1, grade>=2, grade>=3 is required"):
        draw_figure(by_arm, replace(SPECS["ae"], level="grade>=9"), fonts=fonts)
    with pytest.raises(ResultsError, match="window is 'late'; one of acute is required"):
        draw_figure(by_arm, replace(SPECS["ae"], window="late"), fonts=fonts)


def test_shape_and_fill_double_the_color(by_arm: Results, fonts: Path) -> None:
    figure = draw_figure(by_arm, SPECS["ae"], fonts=fonts)
    first, second = line(figure, "risk-A"), line(figure, "risk-B")
    assert (first.get_color(), first.get_marker(), first.get_markerfacecolor()) == (FIRST, "o", FIRST)
    assert (second.get_color(), second.get_marker(), second.get_markerfacecolor()) == (SECOND, "^", "none")
    curves = draw_figure(by_arm, SPECS["os"], fonts=fonts)
    assert line(curves, "curve-A").get_linestyle() == "-"
    assert line(curves, "curve-B").get_linestyle() == "--"


# Biomarkers ----------------------------------------------------------------------------------------------------------

MEASURES = {"ALC": "geometric_mean", "HGB": "mean", "EBVDNA": "proportion"}


@pytest.mark.parametrize("variable", list(MEASURES))
def test_course_and_limits_are_the_rows(results: Results, fonts: Path, variable: str) -> None:
    figure = draw_figure(results, SPECS["markers"], fonts=fonts)
    for arm in list(results.catalogue.arms) or ["all"]:
        asked = {"analysis": "biomarkers", "variable": variable, "arm": arm, "measure": MEASURES[variable]}
        drawn = drawn_points(figure, f"course-{variable}-{arm}")
        expected = np.array(values(select(results, **asked, stat="estimate")))
        np.testing.assert_array_equal(drawn[:, 1], expected)
        (limits,) = with_gid(figure, f"limits-{variable}-{arm}")
        assert isinstance(limits, LineCollection)
        ends = np.array([segment[:, 1] for segment in limits.get_segments()], dtype=float)
        for column, stat in enumerate(("ci_low", "ci_high")):
            known = [value for value in values(select(results, **asked, stat=stat)) if not math.isnan(value)]
            np.testing.assert_array_equal(ends[:, column], known)


def test_arms_stand_apart_around_the_visit(by_arm: Results, fonts: Path) -> None:
    figure = draw_figure(by_arm, SPECS["markers"], fonts=fonts)
    first, second = (drawn_points(figure, f"course-HGB-{arm}")[:, 0] for arm in ("A", "B"))
    np.testing.assert_allclose((first + second) / 2, range(5), atol=1e-12)
    assert (second - first > 0.1).all()


def test_scales_follow_the_marker(results: Results, fonts: Path) -> None:
    figure = draw_figure(results, SPECS["markers"], fonts=fonts)
    arm = next(iter(results.catalogue.arms), "all")
    assert line(figure, f"course-ALC-{arm}").axes.get_yscale() == "log"
    assert line(figure, f"course-HGB-{arm}").axes.get_yscale() == "linear"
    assert line(figure, f"course-EBVDNA-{arm}").axes.get_ylim()[0] == 0.0


def test_markers_can_be_chosen(by_arm: Results, fonts: Path) -> None:
    figure = draw_figure(by_arm, replace(SPECS["markers"], variables=("HGB",)), fonts=fonts)
    assert len([axes for axes in figure.axes if axes.axison]) == 1


def test_a_marker_without_values_says_so_in_its_panel(by_arm: Results, fonts: Path) -> None:
    rows = tuple(row for row in by_arm.rows if row.measure != "mean")
    asked = replace(SPECS["markers"], variables=("ALC", "HGB"))
    figure = draw_figure(Results(rows, by_arm.catalogue), asked, fonts=fonts)
    (said,) = with_gid(figure, "empty-HGB")
    assert isinstance(said, Text)
    assert said.get_text() == "No value at any visit."
    assert len(drawn_points(figure, "course-ALC-A")) == 5


def test_a_marker_without_a_scale_is_an_error(by_arm: Results, fonts: Path) -> None:
    with pytest.raises(ResultsError, match="scale is ''; one of log, identity, detectable is required"):
        draw_figure(by_arm, replace(SPECS["markers"], variables=("NONE",)), fonts=fonts)


# What there is before there is much ----------------------------------------------------------------------------------


def unestimated(row: Row) -> Row:
    """The row with a reason instead of its value."""
    return replace(row, value=math.nan, note="Too few participants.")


def nobody(row: Row) -> Row | None:
    """No participants: counts are zero, curves start and end at time zero, nothing else is estimated."""
    if row.stat in ("count", "total"):
        return replace(row, value=0.0)
    return None if row.measure.endswith("_curve") and row.time > 0 else unestimated(row)


def unknown(row: Row) -> Row:
    """Counts as they are, and no estimate."""
    return row if row.stat in ("count", "total") else unestimated(row)


def without_b(row: Row) -> Row | None:
    """Arm B is empty; its contrasts cannot be estimated."""
    contrast = row.arm == "A" and row.reference == "B"
    return nobody(row) if row.arm == "B" else unestimated(row) if contrast else row


def no_events(row: Row) -> Row | None:
    """Curves stay at one, nobody has an adverse event, every interval is a point."""
    if row.measure == "survival_curve":
        return replace(row, value=1.0)
    return replace(row, value=0.0) if row.measure.startswith("risk") and row.stat != "total" else row


def no_rows(row: Row) -> Row | None:
    """Nothing but who there is."""
    return row if row.measure in ("participants", "threshold") else None


def equal(row: Row) -> Row:
    """Every estimate and limit is the same number."""
    return row if row.stat in ("count", "total") else replace(row, value=1.0)


@pytest.mark.parametrize("change", [nobody, unknown, without_b, no_events, no_rows, equal])
def test_figures_survive_what_is_early(
    change: Callable[[Row], Row | None], sized: FigureSpec, results: Results, fonts: Path
) -> None:
    rows = tuple(changed for row in results.rows if (changed := change(row)) is not None)
    figure = draw_figure(Results(rows, results.catalogue), sized, fonts=fonts)
    assert figure.get_figwidth() * 25.4 == pytest.approx(MILLIMETRES[sized.width], abs=1e-9)
    assert_nothing_is_cut_off(figure)
    assert_no_words_collide(figure)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("ae", no_rows, "No term reaches the threshold of this figure."),
        ("os", nobody, "Too few participants are at risk to draw a curve."),
        ("os", unknown, "Too few participants are at risk to draw a curve."),
        ("markers", no_rows, "No marker has a value by the cut-off."),
        ("accrual", no_rows, "Nobody is enrolled and no course is planned."),
    ],
)
def test_an_empty_frame_says_why(
    name: str, change: Callable[[Row], Row | None], words: str, results: Results, fonts: Path
) -> None:
    rows = tuple(changed for row in results.rows if (changed := change(row)) is not None)
    figure = draw_figure(Results(rows, results.catalogue), SPECS[name], fonts=fonts)
    (said,) = with_gid(figure, "empty")
    assert isinstance(said, Text)
    assert said.get_text() == words
    assert [text for text, _ in boxes(figure)] == [words]


def test_terms_below_the_minimum_leave_an_empty_frame(results: Results, fonts: Path) -> None:
    figure = draw_figure(results, replace(SPECS["ae"], minimum=0.99), fonts=fonts)
    assert [text for text, _ in boxes(figure)] == ["No term reaches the threshold of this figure."]


def test_an_arm_without_a_curve_has_its_numbers_at_risk(by_arm: Results, fonts: Path) -> None:
    rows = tuple(row for row in by_arm.rows if not (row.arm == "B" and row.measure == "survival_curve"))
    figure = draw_figure(Results(rows, by_arm.catalogue), SPECS["os"], fonts=fonts)
    assert with_gid(figure, "curve-A")
    assert not with_gid(figure, "curve-B")
    assert len([gid for gid in map(str, (a.get_gid() for a in figure.findobj(Text))) if "at-risk-B" in gid]) == 5


def test_the_axis_of_time_ends_where_the_numbers_at_risk_end(by_arm: Results, fonts: Path) -> None:
    """At the last tick, or at the first tick that no curve reaches."""
    rows = tuple(row for row in by_arm.rows if not (row.measure.endswith("_curve") and row.time > 10))
    (axes,) = draw_figure(Results(rows, by_arm.catalogue), SPECS["os"], fonts=fonts).axes
    assert axes.get_xlim() == (0.0, 12.0)
    assert [text.get_text() for text in axes.get_xticklabels()] == ["0", "6", "12"]


# Accrual -------------------------------------------------------------------------------------------------------------


def test_accrual_is_the_rows(results: Results, fonts: Path) -> None:
    figure = draw_figure(results, SPECS["accrual"], fonts=fonts)
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

    figure = draw_figure(Results(tuple(map(moved, by_arm.rows)), by_arm.catalogue), SPECS["accrual"], fonts=fonts)
    assert_nothing_is_cut_off(figure)
    assert_no_words_collide(figure)


# Specs, words, files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "pie"}, "kind is 'pie'; one of accrual, kaplan-meier, .* is required"),
        ({"width": "wide"}, "width is 'wide'; one of full, column is required"),
        ({"name": "Figure 1"}, "small letters, digits and hyphens"),
        ({"level": ""}, "level and window are required"),
        ({"x_label": "Months"}, "x_label is not a field of kind 'toxicity-dot'"),
    ],
)
def test_specs_are_checked(fields: dict[str, str], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        replace(SPECS["ae"], **fields)


def test_a_figure_of_another_kind_is_refused(by_arm: Results, fonts: Path) -> None:
    with pytest.raises(ResultsError, match="of kind 'baseline'; a figure of it needs kind 'survival'"):
        draw_figure(by_arm, replace(SPECS["os"], analysis="baseline"), fonts=fonts)


def test_missing_fonts_are_an_error(by_arm: Results, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="Inter is required"):
        draw_figure(by_arm, SPECS["os"], fonts=tmp_path)


def test_alt_text_is_a_sentence_without_numbers(spec: FigureSpec, results: Results) -> None:
    text = alt_text(results, spec)
    assert text.endswith(".")
    assert not any(letter.isdigit() for letter in text)
    assert ("each arm" in text) == (bool(results.catalogue.arms) and spec.kind != "accrual")


def test_pooled_figures_name_no_arm(spec: FigureSpec, pooled: Results, fonts: Path) -> None:
    figure = draw_figure(pooled, spec, fonts=fonts)
    assert not [words for words, _ in boxes(figure) if "Arm" in words or "fewer" in words]
    colors = {drawn.get_color() for drawn in figure.findobj(Line2D) if isinstance(drawn, Line2D)}
    assert not {FIRST, SECOND} & colors


def test_files_are_the_same_bytes_without_dates(spec: FigureSpec, by_arm: Results, fonts: Path, tmp_path: Path) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
        save_figure(draw_figure(by_arm, spec, fonts=fonts), folder, spec.name)
    for suffix in ("svg", "pdf", "png"):
        first, second = ((folder / f"{spec.name}.{suffix}").read_bytes() for folder in folders)
        assert first == second
        assert not any(mark in first for mark in (b"CreationDate", b"dc:date", b"tEXtSoftware", str(tmp_path).encode()))
    assert b"<text" not in (folders[0] / f"{spec.name}.svg").read_bytes()


def test_raster_has_600_dots_per_inch(by_arm: Results, fonts: Path, tmp_path: Path) -> None:
    save_figure(draw_figure(by_arm, replace(SPECS["os"], width="column"), fonts=fonts), tmp_path, "os")
    start = (tmp_path / "os.png").read_bytes()[:200]
    assert int.from_bytes(start[16:20]) == int(85 / 25.4 * 600)
    at = start.index(b"pHYs")
    assert int.from_bytes(start[at + 4 : at + 8]) == pytest.approx(600 / 0.0254, abs=1)


def test_drawing_changes_no_global_setting(by_arm: Results, fonts: Path, tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    figure = draw_figure(by_arm, SPECS["os"], fonts=fonts)
    save_figure(figure, tmp_path, "os")
    assert isinstance(figure.canvas, FigureCanvasAgg)
    assert dict(matplotlib.rcParams) == before


# Axes ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0.0, 100.0, 5, [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]),
        (0.0, 7.0, 4, [0.0, 2.0, 4.0, 6.0, 8.0]),
        (-0.11, 0.26, 5, [-0.2, -0.1, 0.0, 0.1, 0.2, 0.3]),
    ],
)
def test_nice_steps_cover_the_range(low: float, high: float, most: int, expected: list[float]) -> None:
    assert nice_steps(low, high, most) == expected


def test_ticks_inside_stay_inside() -> None:
    assert ticks_inside(-31.0, 21.0, 5) == [-20.0, 0.0, 20.0]
    assert ticks_inside(-31.0, 21.0, 6) == [-30.0, -20.0, -10.0, 0.0, 10.0, 20.0]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.9, 1200.0, [1.0, 10.0, 100.0, 1000.0]),
        (0.3, 12.0, [0.3, 1.0, 3.0, 10.0]),
        (1.8, 12.0, [2.0, 5.0, 10.0]),
        (3.3, 6.6, [4.0, 5.0, 6.0]),
        (4.1, 4.6, [4.2, 4.4, 4.6]),
    ],
)
def test_log_steps_are_inside_the_range(low: float, high: float, expected: list[float]) -> None:
    assert log_steps(low, high) == expected


def test_labels_with_markup_are_printed_as_they_stand(by_arm: Results, fonts: Path) -> None:
    """A dollar sign or a caret in a label is not mathematics."""
    entry: Analysis = by_arm.catalogue.analyses["ae-acute"]
    labels = {**entry.labels, "variable": {**entry.labels["variable"], "Dysphagia": "Dys$pha_gia^2$"}}
    analyses = {**by_arm.catalogue.analyses, "ae-acute": replace(entry, labels=labels)}
    changed = Results(by_arm.rows, replace(by_arm.catalogue, analyses=analyses))
    figure = draw_figure(changed, SPECS["ae"], fonts=fonts)
    assert "Dys$pha_gia^2$" in names_of(line(figure, "risk-A").axes)
    assert all(not text.get_parse_math() for text in line(figure, "risk-A").axes.get_yticklabels())


@pytest.mark.parametrize("length", [100, 300])
@pytest.mark.parametrize("width", ["full", "column"])
def test_a_term_without_a_blank_is_shown_whole_beside_its_row(by_arm, fonts, width, length):
    entry = by_arm.catalogue.analyses["ae-acute"]
    named = {code: f"{i}{'abcdefghij' * 30}"[:length] for i, code in enumerate(entry.labels["variable"])}
    entry = replace(entry, labels={**entry.labels, "variable": named})
    catalogue = replace(by_arm.catalogue, analyses={**by_arm.catalogue.analyses, "ae-acute": entry})
    spec = FigureSpec("f", "toxicity-dot", "ae-acute", ("closed",), width, level="grade>=3", window="acute")
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
