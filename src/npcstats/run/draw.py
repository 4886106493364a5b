"""Draws a figure of the plan, saves it, and says in words what it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from npcstats.analyses.accrual.figure import accrual_figure
from npcstats.analyses.biomarker.figure import biomarker_figure
from npcstats.analyses.courses.figure import spider_figure, swimmer_figure, waterfall_figure
from npcstats.analyses.incidence.figure import incidence_figure, stacked_figure
from npcstats.analyses.regression.figure.forest import forest_figure
from npcstats.analyses.regression.figure.proportional import proportional_hazards_figure
from npcstats.analyses.survival.figure import kaplan_meier_figure
from npcstats.analyses.toxicity.figure import toxicity_dot_figure
from npcstats.display.drawn_rows import entry_of, groups
from npcstats.display.grouping import curve_groups
from npcstats.display.save import save_figure
from npcstats.display.sheet import Fonts
from npcstats.display.spec import ANALYSIS_KINDS, FigureSpec
from npcstats.results import EVERYONE, Results

_DRAWINGS: dict[str, Callable[..., Figure]] = {
    "accrual": accrual_figure,
    "kaplan-meier": kaplan_meier_figure,
    "toxicity-dot": toxicity_dot_figure,
    "biomarker": biomarker_figure,
    "incidence": incidence_figure,
    "incidence-stacked": stacked_figure,
    "forest": forest_figure,
    "proportional-hazards": proportional_hazards_figure,
    "waterfall": waterfall_figure,
    "spider": spider_figure,
    "swimmer": swimmer_figure,
}

_OF_TIME = {
    "kaplan-meier": "Kaplan–Meier curve of {} for {}, with confidence band and numbers at risk.",
    "incidence": "Curve of cumulative incidence, {}, for {}, with confidence band and numbers at risk.",
    "incidence-stacked": "Areas stacked to one over time, {}, for {}: the event, the competing event and neither.",
    "forest": "Chart of hazard ratios with confidence limits, {}, for all participants and in each subgroup.",
    "proportional-hazards": "Points and smooth course of scaled Schoenfeld residuals over time, {}.",
}

_COURSES = {
    "waterfall": "Bars of each participant's best change of the sum of diameters, sorted, in a panel for each arm.",
    "spider": "Lines of each participant's change of the sum of diameters over time, in a panel for each arm.",
    "swimmer": "A line of each participant's time under observation, with response, progression and death marked.",
}


def draw_figure(results: Results, spec: FigureSpec, *, fonts: Path) -> Figure:
    """Draw a figure of the plan.

    Parameters
    ----------
    results : Results
        Rows and catalogue of one session.
    spec : FigureSpec
        What to draw.
    fonts : Path
        Folder with Inter-Regular and Inter-SemiBold.

    Returns
    -------
    Figure
        At its printed size.

    Raises
    ------
    ResultsError
        If rows that the figure draws are absent.
    SpecError
        If the fonts are missing.
    """
    return _DRAWINGS[spec.kind](results, spec, fonts=Fonts(fonts))


def draw_to_files(results: Results, spec: FigureSpec, kinds: Sequence[str], folder: Path, *, fonts: Path) -> None:
    """Draw a figure and save it; a worker's task.

    Parameters
    ----------
    results : Results
        Rows and words of its analysis.
    spec : FigureSpec
        What to draw.
    kinds : sequence of str
        Of ``svg``, ``pdf`` and ``png``.
    folder : Path
        Where to save; it exists.
    fonts : Path
        Folder with Inter-Regular and Inter-SemiBold.

    Raises
    ------
    ResultsError
        If rows that the figure draws are absent.
    SpecError
        If the fonts are missing.
    """
    save_figure(draw_figure(results, spec, fonts=fonts), folder, spec.name, kinds)


def alt_text(results: Results, spec: FigureSpec) -> str:
    """Describe a figure in one sentence, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue of one session.
    spec : FigureSpec
        The figure.

    Returns
    -------
    str
        A sentence without numbers.
    """
    entry = entry_of(results, spec.analysis, ANALYSIS_KINDS[spec.kind])
    pooled = groups(results, spec.analysis) == (EVERYONE,)
    told = "all participants together" if pooled else "each arm"
    if spec.kind == "accrual":
        return "Line chart of participants enrolled by month, beside the planned course."
    if spec.kind in _OF_TIME:
        told = _told_apart(results, spec) if ANALYSIS_KINDS[spec.kind] != "regression" else ""
        return _OF_TIME[spec.kind].format(_lower(entry.label), told)
    if spec.kind == "toxicity-dot":
        beside = "" if pooled else ", and beside it the risk difference with its confidence interval"
        return f"Dot chart of the share of participants with each adverse event for {told}{beside}."
    if spec.kind in _COURSES:
        return _COURSES[spec.kind]
    return f"Small line charts of biomarkers over visits for {told}, with confidence intervals."


def _told_apart(results: Results, spec: FigureSpec) -> str:
    first = curve_groups(results, spec.analysis)[0]
    if first.subgroup != EVERYONE:
        return "each group"
    return "all participants together" if first.arm == EVERYONE else "each arm"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
