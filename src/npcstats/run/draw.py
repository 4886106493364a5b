"""Draws a figure of the plan and saves it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from npcstats.display.fonts import Fonts
from npcstats.display.save import Drawn, save_figure
from npcstats.display.specs import Figure
from npcstats.results import Results


def draw_figure(results: Results, spec: Figure, *, fonts: Path) -> Drawn:
    """Draw a figure of the plan.

    Parameters
    ----------
    results : Results
        Rows and catalogue of one session.
    spec : Figure
        What to draw, of a kind's own class.
    fonts : Path
        Folder with Inter-Regular and Inter-SemiBold.

    Returns
    -------
    matplotlib.figure.Figure
        At its printed size.

    Raises
    ------
    ResultsError
        If rows that the figure draws are absent.
    SpecError
        If the fonts are missing.
    """
    drawn: Drawn = spec.make(results, spec, fonts=Fonts(fonts))
    return drawn


def draw_to_files(results: Results, spec: Figure, kinds: Sequence[str], folder: Path, *, fonts: Path) -> None:
    """Draw a figure and save it; a worker's task.

    Parameters
    ----------
    results : Results
        Rows and words of its analysis.
    spec : Figure
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
