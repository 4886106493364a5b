"""Captions and alternative texts of markers."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.analyses.biomarker.displays import MarkerCourses
from npcstats.analyses.biomarker.rows import DETECTABLE, IDENTITY, LOG, SHARES
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ALL, ARMS_TOPICS, compose_caption, level_drawn, told_apart
from npcstats.display.lookup import analysis_of
from npcstats.display.pieces import label
from npcstats.display.prose import Inline
from npcstats.results import Results

TOPICS = ("population", "visits", "limit", "detectable", "interval", "adjustment", *ARMS_TOPICS)
PANELS = {
    LOG: "geometric mean, logarithmic scale",
    IDENTITY: "mean",
    DETECTABLE: "share of participants with a detectable quantity",
}


def caption(results: Results, figure: MarkerCourses) -> Inline:
    """Compose the caption of markers over visits, which says first what each panel shows.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : MarkerCourses
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    scales = _scales(results, figure)
    parts = dict.fromkeys([*scales, *scales.values(), *((SHARES,) if DETECTABLE in scales.values() else ())])
    return compose_caption(results, figure, TOPICS, parts=parts, before=_panels(results, figure.analysis, scales))


def _scales(results: Results, figure: MarkerCourses) -> dict[str, str]:
    """Markers drawn and the scale of each."""
    entry = analysis_of(results, figure.analysis)
    scaled = [name for name in entry.choices if name.startswith("scale.")]
    known = {name.removeprefix("scale."): entry.chosen(name, str) for name in scaled}
    return {name: known.get(name, "") for name in figure.variables or known}


def _panels(results: Results, analysis: str, scales: Mapping[str, str]) -> list[tuple[Piece, ...]]:
    """What the panels of each scale show, in the order of the scales."""
    level = level_drawn(results, analysis)
    limits = (Piece(", with "), level, Piece(" CI")) if level else ()
    told = []
    for scale, shown in PANELS.items():
        names = [label(results, analysis, "variable", name) for name, own in scales.items() if own == scale]
        listed = [piece for name in names for piece in (Piece(", "), name)][1:]
        told += [(*listed, Piece(f": {shown}"), *limits, Piece("."))] if names else []
    return told


def alt(results: Results, figure: MarkerCourses) -> str:
    """Say what panels of markers show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : MarkerCourses
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = told_apart(results, figure.analysis)
    shown = f"of {who}" if who == ALL else f"for {who}"
    return f"A small panel for each marker: its course over the visits {shown}, with confidence limits."
