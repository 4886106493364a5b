"""Forest plots and scaled residuals: what is drawn and printed is what stands in the rows, at both widths."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn import assert_readable, by_gid, points, texts
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from npcstats.analyses.regression.displays import Forest, ScaledResiduals
from npcstats.display.specs import Figure as DisplayFigure
from npcstats.formatting import format_number
from npcstats.results import Analysis, Catalogue, Results, Row, count_rows, one, select
from npcstats.run.draw import draw_figure

STUDY = {"rounding": "half-away", "cutoff_text": "30 June 2027"}
LEVEL = 0.95
FEW = "There are fewer than 5 events, so no model is fitted."
PENALIZED = "Penalised likelihood: nobody in one arm had the event."
TWO = {"A": "Arm A", "B": "Arm B"}
THREE = {"PBO": "Placebo", "LOW": "Xanomeline low dose", "HIGH": "Xanomeline high dose"}
WIDTHS = {"full": 180.0, "column": 85.0}
START = Row("a", "SAF", "participants", "count", 251.0, block="unadjusted")

Ratio = tuple[float, float, float, str]
NE: Ratio = (math.nan, math.nan, math.nan, FEW)


@dataclass(frozen=True)
class Part:
    """A variable whose levels are subgroups, each with its ratio; p-value of the interaction."""

    label: str
    levels: Mapping[str, tuple[str, Ratio]]
    p_value: float


PLAIN = {
    "STAGE9": Part(
        "Stage",
        {
            "II": ("Stage II", (0.9, 0.4, 2.1, "")),
            "III": ("Stage III", (0.62, 0.41, 0.94, "")),
            "IVA": ("Stage IVA", (0.75, 0.5, 1.2, "")),
        },
        0.0345,
    ),
    "SEX": Part("Sex", {"M": ("Male", (0.66, 0.45, 0.97, "")), "F": ("Female", (0.81, 0.44, 1.5, ""))}, 0.0004),
}
WIDE = {
    "STAGE9": Part(
        "Stage (AJCC, ninth version) at the time of enrolment",
        {
            "II": ("Stage II", (0.05, 0.0004, 6.2, "")),
            "III": ("Stage III with a very long label that must be broken", (20.0, 1.2, 40_000.0, "")),
            "IVA": ("Stage IVA", NE),
        },
        math.nan,
    ),
    "SEX": Part(
        "Sex",
        {
            "M": ("Male", (0.66, math.nan, math.nan, "The limits were not found.")),
            "F": ("Female", (0.81, 0.44, 1.5, PENALIZED)),
        },
        0.5,
    ),
}


def forest(
    arms: Mapping[str, str],
    parts: Mapping[str, Part],
    *,
    overall: Ratio = (0.7, 0.5, 0.98, ""),
    contrasts: Sequence[tuple[str, str]] = (("A", "B"),),
    model: str = "cox",
) -> Results:
    """Ratios of everyone and in every subgroup, the same for every contrast, with the counts of each arm."""
    ratios = {"all": overall} | {
        f"{name}={code}": ratio for name, part in parts.items() for code, (_, ratio) in part.levels.items()
    }
    rows = [START]
    for i, (code, values) in enumerate(ratios.items()):
        for j, arm in enumerate(arms):
            place = replace(START, subgroup=code, arm=arm, measure="events")
            rows += count_rows(place, 3 * i + 7 * j, 20 + 31 * i + j)
        for arm, reference in contrasts:
            rows += ratio_rows(replace(START, subgroup=code, arm=arm, reference=reference, variable="ARM"), values)
    tests = {name: part.p_value for name, part in parts.items()}
    rows += [replace(START, measure="interaction", stat="p_value", variable=name, value=value,
                     note=FEW if math.isnan(value) else "") for name, value in tests.items()]  # fmt: skip
    words = {f"{name}={code}": label for name, part in parts.items() for code, (label, _) in part.levels.items()}
    return results_of(arms, rows, {"subgroup": words, "variable": {name: part.label for name, part in parts.items()}},
                      model)  # fmt: skip


def ratio_rows(place: Row, values: Ratio) -> list[Row]:
    stats = zip(("estimate", "ci_low", "ci_high"), values[:3], strict=True)
    return [
        replace(place, measure="hazard_ratio", stat=stat, value=value, conf_level=LEVEL, note=values[3])
        for stat, value in stats
    ]


def residuals(
    arms: Mapping[str, str],
    count: int,
    *,
    contrasts: Sequence[tuple[str, str]] = (("A", "B"),),
    p_value: float = 0.123,
    spread: float = 1.5,
) -> Results:
    """Residuals of both arms in turn, around an estimate of −0.3, and a course that bends."""
    rows = [START]
    for arm, reference in contrasts:
        place = replace(START, arm=arm, reference=reference, variable="ARM", stat="estimate")
        rows.append(replace(place, measure="log_hazard_ratio", value=-0.3))
        rows += ratio_rows(place, (0.74, 0.5, 1.1, ""))
        for i in range(count):
            rows.append(replace(place, measure="scaled_residual", time=40.0 * (i + 1) / count, level=str(i + 1),
                                value=-0.3 + spread * (-1) ** i + 0.01 * i))  # fmt: skip
        for time in np.linspace(20.0 / count, 40.0, 25).tolist():
            middle = -0.3 + 0.2 * math.sin(time / 9)
            for stat, value in (("estimate", middle), ("ci_low", middle - 0.4), ("ci_high", middle + 0.5)):
                rows.append(replace(place, measure="coefficient_course", time=time, stat=stat, value=value,
                                    conf_level=LEVEL))  # fmt: skip
        rows.append(replace(place, measure="proportional_hazards", stat="p_value", value=p_value,
                            note=FEW if math.isnan(p_value) else ""))  # fmt: skip
    return results_of(arms, rows, {}, "cox")


def results_of(
    arms: Mapping[str, str], rows: Iterable[Row], labels: Mapping[str, Mapping[str, str]], model: str
) -> Results:
    sentences = {
        "definition": "Overall survival: time to death.",
        "population": "Safety set.",
        "method": "Hazard ratios by Cox regression.",
        "adjustment": "Adjusted for age.",
        "proportional_hazards": "Proportional hazards: score test.",
        "subgroups": "Interaction: likelihood ratio test.",
    }
    entry = Analysis("Overall survival", "regression", "planned", "SAF", sentences, {"model": model},
                     {"block": {"unadjusted": "Unadjusted"}, **labels})  # fmt: skip
    return Results(tuple(rows), Catalogue(STUDY, dict(arms), {}, {"a": entry}))


ASKED: dict[str, Any] = {"name": "x", "title": "Ratios.", "analysis": "a", "sessions": ("final",)}


def spec(kind: str, width: str = "full") -> DisplayFigure:
    if kind == "forest":
        return Forest(**ASKED, width=width)
    return ScaledResiduals(**ASKED, width=width, x_label="Months since start of radiotherapy")


def words(figure: Figure, gid: str) -> str:
    text = by_gid(figure, gid)
    assert isinstance(text, Text)
    return text.get_text()


def has(figure: Figure, gid: str) -> bool:
    return bool(figure.findobj(lambda artist: artist.get_gid() == gid))


FORESTS = {
    "plain": forest(TWO, PLAIN),
    "wide": forest({"A": "Proton", "B": "Photon"}, WIDE),
    "three arms": forest(THREE, PLAIN, contrasts=(("LOW", "PBO"), ("HIGH", "PBO"))),
    "no subgroups": forest(TWO, {}),
    "nothing estimated": forest(TWO, {}, overall=NE),
    "subdistribution": forest(TWO, {}, model="fine-gray"),
}
RESIDUALS = {
    "two arms": residuals(TWO, 60),
    "three arms": residuals(THREE, 60, contrasts=(("LOW", "PBO"), ("HIGH", "PBO"))),
    "one event": residuals(TWO, 1, p_value=math.nan),
    "two events": residuals(TWO, 2),
    "many": residuals(TWO, 500, spread=40.0),
}


# Forest plots --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", FORESTS)
def test_forest_plots_are_readable(name: str, width: str, fonts: Path) -> None:
    figure = draw_figure(FORESTS[name], spec("forest", width), fonts=fonts)
    assert figure.get_figwidth() * 25.4 == pytest.approx(WIDTHS[width], abs=1e-9)
    assert_readable(figure)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", FORESTS)
def test_ratios_are_drawn_and_printed_as_their_rows(name: str, width: str, fonts: Path) -> None:
    results = FORESTS[name]
    figure = draw_figure(results, spec("forest", width), fonts=fonts)
    (axes,) = figure.axes
    low, high = axes.get_xlim()
    for row in select(results, measure="hazard_ratio", stat="estimate"):
        place = f"{row.arm}-{row.subgroup}"
        asked = {"subgroup": row.subgroup, "arm": row.arm, "measure": "hazard_ratio"}
        limits = [one(results, **asked, stat=stat).value for stat in ("ci_low", "ci_high")]
        if math.isnan(row.value):
            assert words(figure, f"estimate-{place}") == "NE"
            assert not has(figure, f"ratio-{place}")
            assert not has(figure, f"low-{place}")
            continue
        ((x, y),) = points(figure, f"ratio-{place}")
        assert x == row.value
        assert low < x < high
        assert y == pytest.approx(by_gid(figure, f"estimate-{place}").get_position()[1] * figure.get_figheight() * 25.4)
        assert words(figure, f"estimate-{place}") == printed(row.value)
        assert words(figure, f"low-{place}") == f"({printed(limits[0])}"
        assert words(figure, f"high-{place}") == f"{printed(limits[1])})"
        if math.isnan(sum(limits)):
            assert not has(figure, f"limits-{place}")
            continue
        assert points(figure, f"limits-{place}") == [[max(limits[0], low), y], [min(limits[1], high), y]]
        assert has(figure, f"beyond-{place}") == (limits[0] < low or limits[1] > high)


def printed(value: float) -> str:
    return format_number(value, "ratio", rounding="half-away")


@pytest.mark.parametrize("width", WIDTHS)
def test_events_stand_in_the_line_of_their_subgroup(width: str, fonts: Path) -> None:
    results = FORESTS["plain"]
    figure = draw_figure(results, spec("forest", width), fonts=fonts)
    counts = select(results, measure="events", stat="count")
    assert len(counts) == 12
    for row in counts:
        total = one(results, measure="events", stat="total", arm=row.arm, subgroup=row.subgroup)
        assert words(figure, f"events-{row.arm}-A-{row.subgroup}") == f"{row.value:.0f} / {total.value:.0f}"
    edges = {arm: {by_gid(figure, f"events-{arm}-A-{code}").get_position()[0] for code in ("all", "SEX=M")}
             for arm in TWO}  # fmt: skip
    assert all(len(places) == 1 for places in edges.values())


def test_subgroups_follow_the_order_of_their_labels_under_their_variable(fonts: Path) -> None:
    results = FORESTS["plain"]
    figure = draw_figure(Results(results.rows[::-1], results.catalogue), spec("forest"), fonts=fonts)
    order = ["all", "STAGE9=II", "STAGE9=III", "STAGE9=IVA", "SEX=M", "SEX=F"]
    heights = [points(figure, f"ratio-A-{code}")[0][1] for code in order]
    assert heights == sorted(heights, reverse=True)


@pytest.mark.parametrize("width", WIDTHS)
def test_interactions_are_the_rows(width: str, fonts: Path) -> None:
    figure = draw_figure(FORESTS["plain"], spec("forest", width), fonts=fonts)
    before = "interaction p " if width == "column" else ""
    equal = "= " if width == "column" else ""
    assert words(figure, "interaction-A-STAGE9") == f"{before}{equal}0.035"
    assert words(figure, "interaction-A-SEX") == f"{before}<0.001"


@pytest.mark.parametrize("width", WIDTHS)
def test_an_interaction_of_three_arms_stands_once_below_all_contrasts(width: str, fonts: Path) -> None:
    figure = draw_figure(FORESTS["three arms"], spec("forest", width), fonts=fonts)
    tests = [str(text.get_gid()) for text in texts(figure) if str(text.get_gid()).startswith("interaction-")]
    assert tests == ["interaction-all-STAGE9", "interaction-all-SEX"]
    assert words(figure, "interaction-all-STAGE9").endswith("0.035")
    assert words(figure, "interaction-all-SEX").endswith("<0.001")
    heights = {gid: by_gid(figure, gid).get_position()[1] for gid in tests}
    lowest = min(text.get_position()[1] for text in texts(figure) if str(text.get_gid()).startswith("estimate-"))
    assert max(heights.values()) < lowest
    assert "Interaction, all arms together" in {text.get_text().replace("\n", " ") for text in texts(figure)}


@pytest.mark.parametrize("width", WIDTHS)
def test_reasons_stand_below_with_their_letters(width: str, fonts: Path) -> None:
    figure = draw_figure(FORESTS["wide"], spec("forest", width), fonts=fonts)
    told = " ".join(text.get_text() for text in texts(figure) if str(text.get_gid()).startswith("note-"))
    assert told == (f"ᵃ {FEW} ᵇ The limits were not found. ᶜ {PENALIZED} Arrow: the limit is beyond the axis.")
    letters = {gid: words(figure, f"letters-A-{gid}") for gid in ("STAGE9=IVA", "SEX=M", "SEX=F")}
    assert letters == {"STAGE9=IVA": "ᵃ", "SEX=M": "ᵇ", "SEX=F": "ᶜ"}
    assert words(figure, "interaction-A-STAGE9").endswith("NEᵃ")
    assert not has(figure, "letters-A-all")


@pytest.mark.parametrize("name", ["plain", "wide", "three arms"])
def test_axis_of_ratios_is_logarithmic_around_one(name: str, fonts: Path) -> None:
    figure = draw_figure(FORESTS[name], spec("forest"), fonts=fonts)
    (axes,) = figure.axes
    assert axes.get_xscale() == "log"
    assert axes.get_xlim()[0] <= 0.5
    assert axes.get_xlim()[1] >= 2.0
    assert 1.0 in axes.get_xticks()
    assert [x for x, _ in points(figure, "no-difference")] == [1.0, 1.0]


def test_sides_are_named_without_a_verdict(fonts: Path) -> None:
    told = {text.get_text().replace("\u00a0", " ") for text in texts(draw_figure(FORESTS["plain"], spec("forest"),
                                                                                 fonts=fonts))}  # fmt: skip
    assert {"← Lower in A", "Higher in A →"} <= told
    assert "favours" not in " ".join(told).lower()
    three = draw_figure(FORESTS["three arms"], spec("forest"), fonts=fonts)
    told = {text.get_text().replace("\u00a0", " ").replace("\n", " ") for text in texts(three)}
    assert {"← Lower than in Placebo", "Higher than in Placebo →"} <= told
    assert {"Xanomeline low dose over Placebo", "Xanomeline high dose over Placebo"} <= told


def test_heading_names_the_ratio_and_its_level(fonts: Path) -> None:
    for name, expected in (
        ("plain", "Hazard ratio (95% CI)"),
        ("subdistribution", "Subdistribution hazard ratio (95% CI)"),
    ):
        figure = draw_figure(FORESTS[name], spec("forest"), fonts=fonts)
        assert expected in [text.get_text().replace("\n", " ") for text in texts(figure)]


def test_events_that_are_not_in_the_rows_are_not_printed(fonts: Path) -> None:
    results = FORESTS["plain"]
    rows = tuple(row for row in results.rows if not (row.measure == "events" and row.subgroup == "all"))
    figure = draw_figure(Results(rows, results.catalogue), spec("forest"), fonts=fonts)
    assert words(figure, "events-A-A-all") == ""
    assert words(figure, "events-A-A-SEX=M") != ""


def test_an_empty_frame_says_that_no_arms_were_compared(fonts: Path) -> None:
    results = FORESTS["plain"]
    rows = tuple(row for row in results.rows if row.measure != "hazard_ratio")
    figure = draw_figure(Results(rows, results.catalogue), spec("forest"), fonts=fonts)
    assert words(figure, "empty") == "No arms were compared, so there is no hazard ratio to draw."


# Proportional hazards ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", RESIDUALS)
def test_residual_plots_are_readable(name: str, width: str, fonts: Path) -> None:
    assert_readable(draw_figure(RESIDUALS[name], spec("proportional-hazards", width), fonts=fonts))


@pytest.mark.parametrize("name", RESIDUALS)
def test_residuals_course_and_lines_are_the_rows(name: str, fonts: Path) -> None:
    results = RESIDUALS[name]
    figure = draw_figure(results, spec("proportional-hazards"), fonts=fonts)
    for effect in select(results, measure="log_hazard_ratio"):
        arm, asked = effect.arm, {"arm": effect.arm, "reference": effect.reference}
        for gid, measure in (("residuals", "scaled_residual"), ("course", "coefficient_course")):
            rows = select(results, **asked, measure=measure, stat="estimate")
            assert points(figure, f"{gid}-{arm}") == [[row.time, row.value] for row in rows]
        band = by_gid(figure, f"band-{arm}")
        assert isinstance(band, PolyCollection)
        corners = {(round(float(x), 9), round(float(y), 9)) for x, y in band.get_paths()[0].vertices}
        for stat in ("ci_low", "ci_high"):
            rows = select(results, **asked, measure="coefficient_course", stat=stat)
            assert {(round(row.time, 9), round(row.value, 9)) for row in rows} <= corners
        assert {y for _, y in points(figure, f"equal-{arm}")} == {0.0}
        assert {y for _, y in points(figure, f"estimate-{arm}")} == {effect.value}
        axes = by_gid(figure, f"residuals-{arm}").axes
        assert isinstance(axes, Axes)
        drawn = np.array(points(figure, f"residuals-{arm}"))
        (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
        assert x0 <= drawn[:, 0].min()
        assert drawn[:, 0].max() <= x1
        assert y0 < drawn[:, 1].min()
        assert drawn[:, 1].max() < y1


@pytest.mark.parametrize(
    ("p_value", "expected"),
    [
        (0.123, "Test of proportional hazards: p = 0.123"),
        (0.0002, "Test of proportional hazards: p <0.001"),
        (math.nan, f"Test of proportional hazards: NE ({FEW.removesuffix('.')})"),
    ],
)
def test_the_test_is_printed_from_its_row(p_value: float, expected: str, fonts: Path) -> None:
    figure = draw_figure(residuals(TWO, 20, p_value=p_value), spec("proportional-hazards"), fonts=fonts)
    assert words(figure, "test-A").replace("\u00a0", " ").replace("\n", " ") == expected


def test_an_empty_frame_says_why_there_is_no_residual(fonts: Path) -> None:
    figure = draw_figure(FORESTS["nothing estimated"], spec("proportional-hazards"), fonts=fonts)
    assert words(figure, "empty") == FEW
    figure = draw_figure(FORESTS["subdistribution"], spec("proportional-hazards"), fonts=fonts)
    assert words(figure, "empty") == "No model with an event was fitted, so there is no residual to draw."


# Words ---------------------------------------------------------------------------------------------------------------


def test_captions_say_what_each_figure_shows() -> None:
    results = RESIDUALS["two arms"]
    ratios, hazards = spec("forest"), spec("proportional-hazards")
    assert str(ratios.caption(results, ratios)) == (
        "Overall survival: time to death. Safety set. Hazard ratios by Cox regression. Interaction: "
        "likelihood ratio test. Unadjusted estimates. Data cut-off 30 June 2027. Planned analysis."
    )
    assert str(hazards.caption(results, hazards)) == (
        "Overall survival: time to death. Safety set. Hazard ratios by Cox regression. Proportional hazards: "
        "score test. Points: scaled Schoenfeld residuals plus the estimate, one for each event; line: their course, "
        "with 95% CI; dashes: the estimate. Data cut-off 30 June 2027. Planned analysis."
    )


def test_time_without_a_label_says_since_when(fonts: Path) -> None:
    """The words of the endpoint, else that there is a time zero; the caption's definition says which."""
    results = RESIDUALS["two arms"]
    bare = ScaledResiduals(**ASKED, width="full")
    entry = results.catalogue.analyses["a"]
    named = replace(entry, choices={**entry.choices, "origin_label": "randomisation"})
    known = Results(results.rows, replace(results.catalogue, analyses={"a": named}))
    for found, told in ((results, "Months since time zero"), (known, "Months since randomisation")):
        assert draw_figure(found, bare, fonts=fonts).axes[0].get_xlabel() == told


@pytest.mark.parametrize("kind", ["forest", "proportional-hazards"])
def test_alt_text_is_a_sentence(kind: str) -> None:
    figure = spec(kind)
    text = figure.alt(FORESTS["plain"], figure)
    assert "for overall survival" in text
    assert ("hazard ratios" in text) == (kind == "forest")
    assert text.endswith(".")


def test_words_for_a_picture_name_the_ratio_and_the_subgroups_that_are_drawn() -> None:
    figure = spec("forest")
    assert "in each subgroup" in figure.alt(FORESTS["plain"], figure)
    assert "subgroup" not in figure.alt(RESIDUALS["two arms"], figure)
    assert "subdistribution hazard ratios" in figure.alt(FORESTS["subdistribution"], figure)
