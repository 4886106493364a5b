"""Tables and the map of shifts: every number by its key, every cell of the map read back."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from drawn import assert_no_words_collide, assert_nothing_is_cut_off, by_gid, with_gid
from entries import ASKED, MISSED
from matplotlib.colors import to_hex
from matplotlib.text import Text
from tabled import lines_of

from npcstats.analyses.tipping.displays import StrategiesTable, TippingMap, TippingTable
from npcstats.analyses.tipping.figure import SHADE
from npcstats.analyses.tipping.summary import summarize_tipping
from npcstats.analyses.tipping.table import tabulate_strategies, tabulate_tipping
from npcstats.analyses.tipping.words import alt, caption
from npcstats.display.specs import WIDTHS
from npcstats.errors import ResultsError
from npcstats.formatting import format_number
from npcstats.results import one, select
from npcstats.run.displays import display_faults
from npcstats.run.draw import draw_figure
from npcstats.tables import printed_text

FONTS = Path(__file__).parents[3] / "reports" / "_theme" / "fonts"
PLACE = {"title": "T", "sessions": ("only",), "analysis": "missed"}
STRATEGIES = StrategiesTable(name="s", **PLACE)
POINTS = TippingTable(name="p", **PLACE)
MAP = TippingMap(**ASKED, analysis="missed")


@pytest.fixture(scope="module")
def made(crowd):
    return summarize_tipping(crowd, MISSED)


@pytest.fixture(scope="module")
def alone(crowd):
    return summarize_tipping(replace(crowd, arms=()), MISSED)


@pytest.fixture(scope="module")
def figure(made):
    return draw_figure(made, MAP, fonts=FONTS)


def shown(value, style="decimal2"):
    return format_number(value, style, rounding="half-away")


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


class TestStrategies:
    def test_a_column_for_each_assumption(self, made):
        table = tabulate_strategies(made, STRATEGIES)
        assert [cell.text for cell in table.header] == [
            "Model of the values seen", "Missing at random", "Jump to reference", "Copy reference", "Copy increments",
        ]  # fmt: skip
        assert table.spanners[1].text == "Contrast by what is assumed of missing values (95%\u00a0CI)"

    def test_cells_are_the_rows(self, made):
        table = tabulate_strategies(made, STRATEGIES)
        lines = lines_of(table)
        assert [line[0] for line in lines if len(line) > 1] == ["During", "Long after"] * 2
        for line, (variable, window) in zip(
            [line for line in lines if len(line) > 1],
            [(v, w) for v in ("LOGM", "LEVEL") for w in ("V1", "V2")],
            strict=True,
        ):
            style = "decimal2" if variable == "LOGM" else "decimal1"
            for text, level in zip(line[1:], ("seen", *MISSED.strategies), strict=True):
                found = [one(made, variable=variable, window=window, level=level, block="", stat=stat,
                             measure="mean_ratio" if variable == "LOGM" else "mean_difference").value
                         for stat in ("estimate", "ci_low", "ci_high")]  # fmt: skip
                numbers = [shown(value, style) for value in found]
                assert text == f"{numbers[0]} ({numbers[1]} to {numbers[2]})"
        assert keyed(made, table) > 60

    def test_headings_have_sizes_and_say_what_is_compared(self, made):
        first, second = (line[0] for line in lines_of(tabulate_strategies(made, STRATEGIES)) if len(line) == 1)
        sizes = [int(one(made, variable="LOGM", arm=arm, measure="participants").value) for arm in ("X", "Y")]
        expected = [f"{arm} (N\u00a0=\u00a0{n})" for arm, n in zip(("Ex", "Wye"), sizes, strict=True)]
        assert first == f"Log marker: ratio of geometric means, {expected[0]} / {expected[1]}"
        assert second.startswith("Level, g: difference of means, Ex (N")

    def test_notes_tell_method_and_deaths(self, made):
        (note,) = (cell.text for cell in tabulate_strategies(made, STRATEGIES).notes[:1])
        for words in ("Death is not missing data", "covariance unstructured", "Imputed: 10 times", "(seed 1)",
                      "after the last value seen the means", "not randomised", "Not in the model: "):  # fmt: skip
            assert words in note
        assert "Tipping point" not in note

    def test_without_two_arms_it_tells_who_was_seen(self, alone):
        table = tabulate_strategies(alone, STRATEGIES)
        assert [cell.text for cell in table.header] == ["Seen", "Missing", "Died"]
        assert "Imputed" not in " ".join(cell.text for cell in table.notes)


class TestTipping:
    def test_counts_and_points(self, made):
        table = tabulate_tipping(made, POINTS)
        line = next(line for line in lines_of(table) if line[0] == "Long after")
        at = {"variable": "LOGM", "window": "V2", "stat": "count"}
        for start, arm in ((1, "X"), (4, "Y")):
            rows = [one(made, **at, arm=arm, measure="observed"), one(made, **at, arm=arm, measure="missing", level=""),
                    one(made, **at, arm=arm, measure="missing", level="after-last"),
                    one(made, **at, arm=arm, measure="not_evaluable", level="died")]  # fmt: skip
            seen, missing, after, died = (int(row.value) for row in rows)
            assert line[start : start + 3] == [str(seen), f"{missing} ({after})", str(died)]
        for text, level in zip(line[8:], ("first", "reference"), strict=True):
            value = one(made, variable="LOGM", window="V2", level=level, measure="tipping_shift").value
            assert text == ("NE" if math.isnan(value) else f"×\u00a0{shown(value)}")
        assert keyed(made, table) > 60

    def test_a_difference_has_no_sign_of_a_factor(self, made):
        lines = lines_of(tabulate_tipping(made, POINTS))
        differences = lines[[line[0][:5] for line in lines].index("Level") + 1 :]
        assert not any("×" in text for line in differences for text in line)

    def test_who_is_not_due_stands_below(self, known):
        spec = replace(MISSED, markers=MISSED.markers[:1], covariates=(), below_limit="half-limit")
        table = tabulate_tipping(summarize_tipping(known, spec), POINTS)
        note = table.notes[0].text
        assert "Not yet due: Ex 3 (Log marker, Long after); Wye 1 (Log marker, Long after)." in note
        assert "Not in the model: Wye 1 (Log marker, no baseline value)." in note
        assert lines_of(table)[-1][-2:] == ["NE", "NE"]

    def test_without_two_arms(self, alone):
        table = tabulate_tipping(alone, POINTS)
        assert len(table.align) == 4
        assert keyed(alone, table) > 10

    def test_another_kind_is_refused(self, by_arm):
        with pytest.raises(ResultsError, match="kind 'tipping' is required"):
            tabulate_tipping(by_arm, replace(POINTS, analysis="os"))


class TestMap:
    @pytest.mark.parametrize(("variable", "shifts"), [("LOGM", ("0.5", "1", "2")), ("LEVEL", ("-1", "0", "1"))])
    def test_every_cell_is_its_row(self, made, figure, variable, shifts):
        null = 1.0 if variable == "LOGM" else 0.0
        shaded = 0
        for x, first in enumerate(shifts):
            for y, reference in enumerate(shifts):
                rows = {r.stat: r.value for r in select(made, variable=variable, window="V2", block=first,
                                                        level=reference)}  # fmt: skip
                cell = by_gid(figure, f"cell-{variable}-V2-{first}-{reference}")
                text = by_gid(figure, f"value-{variable}-V2-{first}-{reference}")
                assert cell.get_xy() == (x, y)
                assert isinstance(text, Text)
                assert text.get_text() == shown(rows["estimate"], "decimal2" if variable == "LOGM" else "decimal1")
                holds = rows["ci_low"] <= null <= rows["ci_high"]
                assert (to_hex(cell.get_facecolor()) == SHADE) == holds
                shaded += holds
        assert shaded > 0

    def test_the_frame_is_where_nothing_is_shifted(self, figure):
        frames = with_gid(figure, "unshifted")
        assert [frame.get_xy() for frame in frames] == [(1, 1), (1, 1)]

    def test_axes_name_the_groups(self, figure):
        words = [text.get_text() for text in figure.findobj(Text)]
        assert words.count("Ex, imputed values") == words.count("Wye, imputed values") == 1
        assert words.count("Ex, imputed values, g") == 1
        assert "Log marker, Long after" in words

    @pytest.mark.parametrize("width", WIDTHS)
    def test_it_can_be_read(self, made, width):
        drawn = draw_figure(made, replace(MAP, width=width), fonts=FONTS)
        assert_nothing_is_cut_off(drawn)
        assert_no_words_collide(drawn)

    def test_what_could_not_be_estimated_is_ne(self, known):
        spec = replace(MISSED, markers=MISSED.markers[:1], covariates=(), below_limit="half-limit")
        results = summarize_tipping(known, spec)
        drawn = draw_figure(results, MAP, fonts=FONTS)
        assert by_gid(drawn, "value-LOGM-V2-1-1").get_text() == "NE"
        assert to_hex(by_gid(drawn, "cell-LOGM-V2-1-1").get_facecolor()) == "#ffffff"

    def test_nothing_compared_is_said(self, alone):
        drawn = draw_figure(alone, MAP, fonts=FONTS)
        assert any("nothing to draw" in text.get_text() for text in drawn.findobj(Text))
        assert "Shaded" not in "".join(piece.text for piece in caption(alone, MAP).pieces)

    def test_caption(self, made):
        text = "".join(piece.text for piece in caption(made, MAP).pieces)
        assert text.startswith("Number: contrast of Ex with Wye")
        assert "Shaded: the 95% CI holds no difference." in text
        assert not any(sign.isdigit() for sign in alt(made, MAP))

    def test_faults(self):
        shows = {"figure": (replace(MAP, variables=("OTHER",)),)}
        assert any("OTHER" in fault for fault in display_faults(shows, (MISSED,), ()))
        unshifted = (replace(MISSED, shifted=()),)
        assert any("pairs of shifts" in fault for fault in display_faults({"figure": (MAP,)}, unshifted, ()))
