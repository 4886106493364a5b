"""Tables and the figure of monitoring: every number by its key, every line where its rows say."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from pathlib import Path

import pytest
from drawn import assert_no_words_collide, assert_nothing_is_cut_off, drawn_points, with_gid
from entries import ASKED, COMPARED, INFORMED, WATCHED
from tabled import lines_of

from npcstats.analyses.comparison.summary import summarize_comparison
from npcstats.analyses.sequential.displays import BoundaryFigure, BoundaryTable, OutlookTable
from npcstats.analyses.sequential.figure import HIGHEST
from npcstats.analyses.sequential.spec import FutilityRule, HeldLook, PlannedLook
from npcstats.analyses.sequential.summary import compare_sequential, summarize_information
from npcstats.analyses.sequential.table import tabulate_boundaries, tabulate_outlook
from npcstats.analyses.sequential.words import alt, caption, monitoring_mark, monitoring_sentence
from npcstats.results import one, select
from npcstats.run.displays import display_faults
from npcstats.run.draw import draw_figure
from npcstats.tables import printed_text

FONTS = Path(__file__).parents[3] / "reports" / "_theme" / "fonts"
PLACE = {"title": "T", "sessions": ("only",)}
HELD = (HeldLook(datetime.date(2024, 12, 31), 9, 0.7),)


@pytest.fixture(scope="module")
def informed(crowd):
    return summarize_information(crowd, INFORMED)


@pytest.fixture(scope="module")
def compared(crowd):
    return summarize_comparison(crowd, COMPARED)


@pytest.fixture(scope="module")
def watched(crowd, compared):
    rule = FutilityRule("hwang-shih-decani", -2.0)
    return compare_sequential(crowd, compared, None, replace(WATCHED, sides=1, futility=rule, held=HELD))


def keyed(results, table):
    """Every piece that has an origin prints what stands there."""
    count = 0
    for row in table.rows:
        for cell in row.cells:
            for piece in cell.pieces:
                if any(piece.data().values()):
                    assert printed_text(results, piece.data(), code=piece.text) == piece.text
                    count += 1
    return count


class TestBoundaries:
    def test_lines_and_columns_without_a_statistic(self, informed):
        table = tabulate_boundaries(informed, BoundaryTable(name="b", **PLACE, analysis="informed"))
        heads = [cell.text for cell in table.header]
        assert heads == ["Look", "Events", "% of planned", "Error spent, each side", "Boundary, Z", "One-sided p"]
        lines = [line for line in lines_of(table) if len(line) > 1]
        assert [line[0] for line in lines] == [
            "First", "Second", "Last", "Now, if a look were held", "To come: Second", "To come: Last",
        ]  # fmt: skip
        assert keyed(informed, table) > 30
        assert all(line[4].strip().startswith("±") for line in lines)

    def test_columns_with_a_statistic_and_futility(self, watched):
        table = tabulate_boundaries(watched, BoundaryTable(name="b", **PLACE, analysis="watched"))
        heads = [cell.text for cell in table.header]
        assert heads[4:] == ["Boundary, Z", "Futility, Z", "One-sided p", "Z", "Crossed"]
        assert heads[3] == "Error spent"
        assert keyed(watched, table) > 40
        lines = {line[0]: line for line in lines_of(table) if len(line) > 1}
        assert lines["Look of 31 December 2024"][7].strip() == "0.700"
        now = one(watched, level="now", measure="boundary_crossed", window="futility").value
        assert lines["Now"][8].strip() == ("futility" if now else "no")
        notes = " ".join(cell.text for cell in table.notes)
        assert "is not binding" in notes
        assert "The look is still to come." in notes
        assert "nan" not in " ".join(" ".join(line) for line in lines_of(table))

    def test_no_look_now_is_told(self, crowd):
        told = summarize_information(crowd, replace(INFORMED, held=(replace(HELD[0], information=22, statistic=None),)))
        table = tabulate_boundaries(told, BoundaryTable(name="b", **PLACE, analysis="informed"))
        (now,) = [line for line in lines_of(table) if line[0].startswith("Now")]
        assert [words.strip("a ") for words in now[3:]] == ["NE"] * 3
        assert "no more information than at the look before" in " ".join(cell.text for cell in table.notes)


class TestOutlook:
    def test_the_plan_alone(self, informed):
        table = tabulate_outlook(informed, OutlookTable(name="o", **PLACE, analysis="informed"))
        assert [cell.text for cell in table.header] == ["Effect assumed", "Power of the plan, %", "Expected events"]
        lines = lines_of(table)
        assert [line[0] for line in lines] == ["The planned effect", "No effect"]
        assert lines[0][1].strip() == "80.0"
        assert keyed(informed, table) > 4

    def test_with_what_may_still_be_shown(self, watched):
        table = tabulate_outlook(watched, OutlookTable(name="o", **PLACE, analysis="watched"))
        assert [line[0] for line in lines_of(table)] == [
            "The effect as seen so far", "The planned effect", "No effect", "Any that the data leave possible",
        ]  # fmt: skip
        assert keyed(watched, table) > 8
        assert "Predictive power" in " ".join(cell.text for cell in table.notes)


def points_of(results, block, measure, stat="estimate"):
    at = {row.level: row.value for row in select(results, block=block, measure="information_fraction")}
    rows = select(results, block=block, measure=measure, stat=stat)
    return sorted([at[row.level], row.value] for row in rows if math.isfinite(row.value))


class TestFigure:
    @pytest.mark.parametrize("width", ["full", "column"])
    def test_lines_are_the_rows(self, watched, width):
        figure = draw_figure(watched, BoundaryFigure(**{**ASKED, "width": width}, analysis="watched"), fonts=FONTS)
        for block in ("planned", "observed"):
            for kind, measure in (("upper", "boundary_upper"), ("futility", "boundary_futility")):
                told = drawn_points(figure, f"{kind}-{block}").tolist()
                assert told == points_of(watched, block, measure)
        assert drawn_points(figure, "path").tolist() == points_of(
            watched, "observed", "monitored_statistic", "statistic"
        )
        now = drawn_points(figure, "now")[0, 0]
        assert now == one(watched, level="now", measure="information_fraction").value
        assert_nothing_is_cut_off(figure)
        assert_no_words_collide(figure)

    def test_two_sides_without_a_path(self, informed):
        figure = draw_figure(informed, BoundaryFigure(**ASKED, analysis="informed"), fonts=FONTS)
        upper, lower = (drawn_points(figure, f"{side}-observed") for side in ("upper", "lower"))
        assert upper[:, 0].tolist() == lower[:, 0].tolist()
        assert upper[:, 1].tolist() == (-lower[:, 1]).tolist()
        assert not with_gid(figure, "path")
        assert_nothing_is_cut_off(figure)
        assert_no_words_collide(figure)

    def test_a_boundary_far_out_leaves_the_axis_alone(self, crowd):
        spec = replace(INFORMED, looks=(PlannedLook("First", 10), PlannedLook("Last", 400)))
        told = summarize_information(crowd, spec)
        figure = draw_figure(told, BoundaryFigure(**ASKED, analysis="informed"), fonts=FONTS)
        assert figure.axes[0].get_ylim()[1] <= HIGHEST + 1
        assert max(y for _, y in points_of(told, "planned", "boundary_upper")) > HIGHEST + 1

    def test_words(self, informed, watched):
        figure = BoundaryFigure(**ASKED, analysis="informed")
        assert "without a statistic" in alt(informed, figure)
        assert "No statistic is shown" in str(caption(informed, figure))
        other = BoundaryFigure(**ASKED, analysis="watched")
        assert "the path of the statistic" in alt(watched, other)
        assert "in favour of Ex" in str(caption(watched, other))


class TestFirstPage:
    def test_without_a_statistic(self, informed):
        told = str(monitoring_sentence(informed, "informed"))
        at = {"level": "now"}
        count, bound = (one(informed, **at, measure=m, stat=s).value for m, s in
                        (("information", "count"), ("boundary_upper", "estimate")))  # fmt: skip
        assert told == f"{count:.0f} of 40 planned events ({100 * count / 40:.1f}%); boundary now ±{bound:.3f}"
        assert monitoring_mark(informed, "informed").sign == "NE"

    def test_with_a_statistic(self, watched):
        z = one(watched, level="now", measure="monitored_statistic").value
        assert str(monitoring_sentence(watched, "watched")).endswith(f", Z {z:.3f}".replace("-", "−"))
        now = one(watched, level="now", measure="boundary_crossed", window="futility").value
        assert monitoring_mark(watched, "watched").sign == ("■" if now else "●")

    @pytest.mark.parametrize("level", ["2024-12-31", "now"])
    @pytest.mark.parametrize("window", ["upper", "futility"])
    def test_a_boundary_that_was_ever_crossed(self, watched, level, window):
        place = {"level": level, "measure": "boundary_crossed"}
        rows = [
            replace(row, value=float((row.level, row.window) == (level, window)))
            if row.measure == place["measure"] else row
            for row in watched.rows
        ]  # fmt: skip
        assert monitoring_mark(replace(watched, rows=tuple(rows)), "watched").sign == "■"
        none = [replace(row, value=0.0) if row.measure == place["measure"] else row for row in watched.rows]
        assert monitoring_mark(replace(watched, rows=tuple(none)), "watched").sign == "●"


def test_displays_fit_both_kinds_and_no_other():
    shown = {
        "table": (
            BoundaryTable(name="b", **PLACE, analysis="informed"),
            OutlookTable(name="o", **PLACE, analysis="watched"),
        ),
        "figure": (BoundaryFigure(**ASKED, analysis="watched"),),
    }
    assert display_faults(shown, (INFORMED, WATCHED), ()) == []
    wrong = {"table": (BoundaryTable(name="b", **PLACE, analysis="compared"),)}
    assert "it shows information or sequential, but compared is of kind" in display_faults(wrong, (COMPARED,), ())[0]
