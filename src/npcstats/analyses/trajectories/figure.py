"""Courses of participants as thin lines, with the means of their groups: a line of panels for each marker."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from npcstats.analyses.trajectories.displays import Spaghetti
from npcstats.analyses.trajectories.rows import KIND, LOCATIONS, LOG
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING, SMALL_SIZE, Fonts
from npcstats.display.looks import look_of
from npcstats.display.lookup import analysis_of, arm_name, intervals, name_of, ordered, printed
from npcstats.display.scales import decimals_of, log_steps, ticks_inside
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.errors import ResultsError
from npcstats.formatting import format_unit
from npcstats.results import EVERYONE, Results, Row, read_listing

PANEL_HEIGHT = {"full": 38.0, "column": 28.0}
LEFT, RIGHT, GAP = 12.0, 2.0, 6.0
TITLE_ROOM, ARM_ROOM, LINE_GAP = 6.0, 4.5, 4.0
FOOT = 11.0
PALE, STRONG = 0.3, 1.3
"""Widths of a participant's line and of that of the means."""
FADED = {30: 0.6, 100: 0.35}
FAINT = 0.2
"""Opacity of a participant's line, by how many there are at most, and beyond."""
NOTHING = "No participant has a value."

Courses = Mapping[str, list[tuple[int, float]]]
"""By participant, places of visits and values."""


@dataclass(frozen=True)
class _Page:
    """What every panel needs: courses by marker and arm, arms and visits in page order."""

    results: Results
    spec: Spaghetti
    courses: Mapping[tuple[str, str], Courses]
    arms: tuple[str, ...]
    visits: tuple[str, ...]


def spaghetti_figure(results: Results, spec: Spaghetti, *, fonts: Fonts) -> Figure:
    """Draw each participant's course, a panel for each marker and group, with the means of the group.

    Parameters
    ----------
    results : Results
        Read from a folder with a listing of courses.
    spec : Spaghetti
        Which listing, which means, which markers.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Per panel, courses as a collection of lines with gid ``courses-MARKER-ARM``; means as a line with gid
        ``means-MARKER-ARM`` and their limits as ``limits-MARKER-ARM``. The panels of a marker share a scale.

    Raises
    ------
    ResultsError
        If the results were not read from a folder, or the analyses are of other kinds.
    """
    page = _open(results, spec)
    variables = [name for name in _variables(page) if any((name, arm) in page.courses for arm in page.arms)]
    if not variables:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    height = PANEL_HEIGHT[spec.width]
    above = ARM_ROOM if page.arms != (EVERYONE,) else 0.0
    draft = Sheet(WIDTHS[spec.width], 50.0, fonts)
    titles = [draft.wrap(_title(page, name), draft.width - RIGHT, weight="semibold") for name in variables]
    each = [TITLE_ROOM + LINE_HEIGHT * title.count("\n") + height for title in titles]
    total = above + sum(each) + LINE_GAP * (len(each) - 1) + FOOT
    sheet = Sheet(WIDTHS[spec.width], total, fonts)
    top = total - above
    for place, (name, title) in enumerate(zip(variables, titles, strict=True)):
        top -= each[place]
        sheet.write(0.0, top + height + 1.8, title, weight="semibold", ha="left", va="bottom", linespacing=LINE_SPACING)
        axes = _panels(sheet, page, top, height)
        _draw_marker(sheet, axes, page, name, last=place == len(variables) - 1)
        top -= LINE_GAP
    if above:
        for arm, panel in zip(page.arms, _lefts(sheet, page), strict=True):
            sheet.write(panel[0], total - 0.5, arm_name(results, arm), weight="semibold",
                        color=look_of(results, arm).color, ha="left", va="top")  # fmt: skip
    return sheet.figure


def _open(results: Results, spec: Spaghetti) -> _Page:
    entry = analysis_of(results, spec.analysis, KIND)
    analysis_of(results, spec.means)
    if results.folder is None:
        raise ResultsError(f"figure {spec.name}: results that were read from a folder are required.")
    listing = read_listing(results.folder / "listings" / f"{spec.analysis}.csv")
    records = [dict(zip(listing.columns, row, strict=True)) for row in listing.rows]
    wanted = [record for record in records if record["MARKER"] in (spec.variables or entry.labels["variable"])]
    visits = ordered(entry.labels["window"], [record["VISIT"] for record in wanted])
    found: dict[tuple[str, str], dict[str, list[tuple[int, float]]]] = {}
    for record in wanted:
        panel = found.setdefault((record["MARKER"], record["ARM"] or EVERYONE), {})
        point = (visits.index(record["VISIT"]), float(record["VALUE"]))
        panel.setdefault(record["PARTICIPANT"], []).append(point)
    present = {arm for _, arm in found}
    arms = tuple(code for code in (*results.catalogue.arms, EVERYONE) if code in present)
    return _Page(results, spec, found, arms, visits)


def _variables(page: _Page) -> tuple[str, ...]:
    return page.spec.variables or tuple(analysis_of(page.results, page.spec.analysis).labels["variable"])


def _title(page: _Page, variable: str) -> str:
    entry = analysis_of(page.results, page.spec.analysis)
    name, unit = name_of(entry, "variable", variable), entry.units.get(variable, "")
    return f"{name}, {format_unit(unit)}" if unit else name


def _lefts(sheet: Sheet, page: _Page) -> list[tuple[float, float]]:
    """Left and right edges of the panels."""
    count = len(page.arms)
    width = (sheet.width - LEFT - RIGHT - GAP * (count - 1)) / count
    return [(LEFT + i * (width + GAP), LEFT + i * (width + GAP) + width) for i in range(count)]


def _panels(sheet: Sheet, page: _Page, bottom: float, height: float) -> list[Axes]:
    return [sheet.axes(left, bottom, right, bottom + height) for left, right in _lefts(sheet, page)]


def _draw_marker(sheet: Sheet, axes: Sequence[Axes], page: _Page, variable: str, *, last: bool) -> None:
    entry = analysis_of(page.results, page.spec.analysis)
    logarithmic = entry.chosen(f"scale.{variable}", str, "") == LOG
    own = [page.courses.get((variable, arm), {}) for arm in page.arms]
    values = [value for courses in own for points in courses.values() for _, value in points]
    named = [name_of(entry, "window", code) for code in page.visits]
    for i, (panel, arm, courses) in enumerate(zip(axes, page.arms, own, strict=True)):
        look = look_of(page.results, arm)
        opacity = next((shade for most, shade in FADED.items() if len(courses) <= most), FAINT)
        lines = LineCollection(list(courses.values()), colors=look.color, linewidths=PALE, alpha=opacity, zorder=2)
        lines.set_gid(f"courses-{variable}-{arm}")
        panel.add_collection(lines)
        _draw_means(panel, page, variable, arm)
        panel.set_xlim(-0.3, len(page.visits) - 0.7)
        _scale(sheet, panel, page.results, values, logarithmic=logarithmic, words=not i)
        box = panel.get_position()
        room = box.width * sheet.width / len(page.visits) - 1.0
        words = [sheet.wrap(name, room, size=SMALL_SIZE) for name in named]
        sheet.ticks(panel, "x", range(len(words)), words if last else [""] * len(words))


def _draw_means(axes: Axes, page: _Page, variable: str, arm: str) -> None:
    """Means and limits of a group, of a marker that the other analysis has on the same scale."""
    rows = _mean_rows(page, variable, arm)
    points = [(i, rows[code,]) for i, code in enumerate(page.visits) if (code,) in rows]
    known = [(i, of) for i, of in points if math.isfinite(of["estimate"].value)]
    if not known:
        return
    look = look_of(page.results, arm)
    limits = [(i, of["ci_low"].value, of["ci_high"].value) for i, of in known if math.isfinite(of["ci_low"].value)]
    x, low, high = ([point[k] for point in limits] for k in range(3))
    axes.vlines(x, low, high, color="white", linewidth=2.4, zorder=3)
    axes.vlines(x, low, high, color=look.color, linewidth=STRONG, gid=f"limits-{variable}-{arm}", zorder=5)
    places, means = [i for i, _ in known], [of["estimate"].value for _, of in known]
    axes.plot(places, means, color="white", linewidth=2.6, zorder=4)
    axes.plot(places, means, color=look.color, linewidth=STRONG, linestyle=look.dash, marker=look.marker,
              markersize=3.8, markerfacecolor=look.face, markeredgewidth=0.8, zorder=6,
              gid=f"means-{variable}-{arm}")  # fmt: skip


def _mean_rows(page: _Page, variable: str, arm: str) -> dict[tuple[object, ...], dict[str, Row]]:
    scale = analysis_of(page.results, page.spec.analysis).chosen(f"scale.{variable}", str, "")
    if analysis_of(page.results, page.spec.means).choices.get(f"scale.{variable}") != scale:
        return {}
    asked = {"analysis": page.spec.means, "variable": variable, "arm": arm, "measure": LOCATIONS[scale]}
    return intervals(page.results, "window", **asked)


def _scale(
    sheet: Sheet, axes: Axes, results: Results, values: Sequence[float], *, logarithmic: bool, words: bool
) -> None:
    low, high = min(values), max(values)
    if logarithmic:
        room = max((high / low) ** 0.03, 1.02)
        low, high = low / room, high * room
        axes.set_yscale("log")
        steps = log_steps(low, high)
    else:
        room = 0.03 * (high - low) or 0.5
        low, high = low - room, high + room
        steps = ticks_inside(low, high, 5)
    axes.set_ylim(low, high)
    texts = [printed(results, step, f"decimal{decimals_of(step)}") for step in steps]
    sheet.ticks(axes, "y", steps, texts if words else [""] * len(steps))
