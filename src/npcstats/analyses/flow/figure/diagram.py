"""Draws the participants' way through the trial: boxes as large as their words, and the lines between them."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from npcstats.analyses.flow.displays import FlowDiagram
from npcstats.analyses.flow.figure.layout import TALLEST, Arrow, Layout, Placed, Ruler, lay_out
from npcstats.analyses.flow.rows import ALLOCATED
from npcstats.analyses.flow.words import chart_of
from npcstats.display.fonts import Fonts
from npcstats.display.looks import INK, RULE, TINT, look_of
from npcstats.display.sheet import THIN, Sheet
from npcstats.display.specs import WIDTHS
from npcstats.errors import ResultsError
from npcstats.results import Results

MARGIN = 0.6
HEAD_LENGTH, HEAD_WIDTH = 1.9, 1.5


def flow_figure(results: Results, spec: FlowDiagram, *, fonts: Fonts) -> Figure:
    """Draw the boxes of a flow.

    Parameters
    ----------
    results : Results
        Rows of kind ``flow``.
    spec : FlowDiagram
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Boxes with gid ``box-ARM-CODE``, the number of each with gid ``count-ARM-CODE``, those of its parts with
        gid ``count-ARM-CODE-PLACE``, lines with gid ``arrow-…``.

    Raises
    ------
    ResultsError
        If a column is too narrow for a word, or the boxes are too high for a page.
    """
    width = WIDTHS[spec.width]
    draft = Sheet(width, 50.0, fonts)
    ruler = Ruler(
        lambda words, weight: draft.extent(words, weight=weight),
        lambda words, room, weight: draft.wrap(words, room, weight=weight),
    )
    layout = lay_out(chart_of(results, spec.analysis), width - 2 * MARGIN, ruler)
    _check_legible(layout, spec, len(results.catalogue.arms))
    height = layout.height + 2 * MARGIN
    sheet = Sheet(width, height, fonts)
    axes = sheet.axes(0.0, 0.0, width, height)
    axes.set_axis_off()
    axes.set_xlim(-MARGIN, width - MARGIN)
    axes.set_ylim(height - MARGIN, -MARGIN)
    for arrow in layout.arrows:
        _draw_arrow(axes, arrow)
    for placed in layout.boxes:
        _draw_box(sheet, axes, results, placed)
    return sheet.figure


def _check_legible(layout: Layout, spec: FlowDiagram, arms: int) -> None:
    if layout.broken:
        raise ResultsError(
            f"figure {spec.name}: {arms} arms on {WIDTHS[spec.width]:g} mm leave no room for {layout.broken[0]!r}; a "
            "wider figure or shorter words are required."
        )
    if layout.height > TALLEST:
        raise ResultsError(
            f"figure {spec.name}: it would be {layout.height:.0f} mm high; at most {TALLEST:.0f} mm, the height of a "
            "page, are required: a wider figure or fewer parts."
        )


def _draw_box(sheet: Sheet, axes: Axes, results: Results, placed: Placed) -> None:
    box = placed.box
    name = f"{box.arm}-{box.code}"
    face, edge = (TINT, RULE) if box.exit else ("white", INK)
    axes.add_patch(
        Rectangle(
            (placed.left, placed.top), placed.right - placed.left, placed.bottom - placed.top,
            facecolor=face, edgecolor=edge, linewidth=THIN, zorder=2, gid=f"box-{name}",
        )
    )  # fmt: skip
    color = look_of(results, box.arm).color if box.code == ALLOCATED else INK
    for line in placed.words:
        part = f"-{line.part}" if line.part >= 0 else ""
        sheet.write_on(
            axes, line.x, placed.top + line.down, line.text,
            weight="semibold" if line.strong else "regular", color=color,
            ha="right" if line.right else "left", va="center_baseline",
            gid=f"{'count' if line.right else 'words'}-{name}{part}", zorder=3,
        )  # fmt: skip


def _draw_arrow(axes: Axes, arrow: Arrow) -> None:
    """A line that ends in the middle of its head, so that the point is sharp."""
    *before, (x0, y0), (x1, y1) = arrow.points
    dx, dy = (x1 > x0) - (x1 < x0), (y1 > y0) - (y1 < y0)
    neck = (x1 - dx * HEAD_LENGTH, y1 - dy * HEAD_LENGTH)
    xs, ys = zip(*(*before, (x0, y0), (x1 - dx * HEAD_LENGTH / 2, y1 - dy * HEAD_LENGTH / 2)), strict=True)
    axes.plot(xs, ys, color=INK, linewidth=THIN, zorder=1, gid=arrow.gid, solid_joinstyle="miter")
    wing = (dy * HEAD_WIDTH / 2, dx * HEAD_WIDTH / 2)
    corners = [(x1, y1), (neck[0] + wing[0], neck[1] + wing[1]), (neck[0] - wing[0], neck[1] - wing[1])]
    axes.add_patch(Polygon(corners, closed=True, facecolor=INK, edgecolor="none", zorder=1))
