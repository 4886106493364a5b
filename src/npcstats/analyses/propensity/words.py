"""Captions and alternative texts of scores and balance, and names that tables and figures share."""

from __future__ import annotations

from npcstats.analyses.propensity.displays import LovePlot, OverlapPlot
from npcstats.analyses.propensity.rows import REMAINING, VERDICT
from npcstats.display.anatomy import Piece
from npcstats.display.captions import compose_caption
from npcstats.display.lookup import analysis_of
from npcstats.display.pieces import chosen_number, contrast_name, label
from npcstats.display.prose import Inline
from npcstats.results import Results, select

TOPICS = (VERDICT, "pair", "population", "wording", "target", "denominator")
"""Topics of every caption; what an adjustment says of itself belongs to its block."""
BALANCED = (VERDICT, REMAINING, *TOPICS[1:], "beside", "smd", "logarithm")
BIN_STYLE = "decimal2"


def pair_of(results: Results, analysis: str) -> tuple[str, str] | None:
    """The arms that are compared.

    Parameters
    ----------
    results : Results
        Rows.
    analysis : str
        Id of the analysis.

    Returns
    -------
    tuple of (str, str) or None
        The first arm and the reference; None where no two are compared.
    """
    row = next((row for row in results.by_analysis.get(analysis, ()) if row.reference), None)
    return (row.arm, row.reference) if row else None


def verdict_of(results: Results, analysis: str, block: str) -> str:
    """What is wrong with an adjustment.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analysis : str
        Id of the analysis.
    block : str
        Name of the adjustment.

    Returns
    -------
    str
        A sentence; empty where nothing is.
    """
    return analysis_of(results, analysis).sentences.get(f"{VERDICT}.{block}", "")


def overlap_caption(results: Results, figure: OverlapPlot) -> Inline:
    """Compose the caption of distributions of the score.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : OverlapPlot
        Of the plan.

    Returns
    -------
    Inline
        What follows the title; what is wrong with an adjustment first.
    """
    width = analysis_of(results, figure.analysis).chosen("bin_width", float, 0.0)
    drawn = []
    if width:
        told = "Outline: participants; filled: their weight; each as shares of its arm, in bins of "
        drawn = [(Piece(told), chosen_number(results, width, BIN_STYLE), Piece("."))]
    return compose_caption(results, figure, TOPICS, parts=figure.blocks, after=drawn)


def overlap_alt(results: Results, figure: OverlapPlot) -> str:
    """Say what distributions of the score show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : OverlapPlot
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    return (
        "Mirrored histograms of the propensity score, the first arm upwards and the reference downwards, as observed "
        "and weighted; a panel for each way to weight."
    )


def love_caption(results: Results, figure: LovePlot) -> Inline:
    """Compose the caption of standardized differences.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : LovePlot
        Of the plan.

    Returns
    -------
    Inline
        What follows the title; what is wrong with an adjustment first.
    """
    entry, pair = analysis_of(results, figure.analysis), pair_of(results, figure.analysis)
    drawn: list[tuple[Piece, ...]] = []
    if pair:
        limit = chosen_number(results, entry.chosen("smd_limit", float), "decimal2")
        named = (Piece("Differences: "), *contrast_name(results, *pair, "−"), Piece(", in SD; dashed lines: "), limit)
        drawn = [(*named, Piece(" in either direction." if not figure.absolute else ", without sign."))]
        lacking = _not_drawn(results, figure)
        drawn += [lacking] if lacking else []
    return compose_caption(results, figure, BALANCED, parts=figure.blocks, after=drawn)


def _not_drawn(results: Results, figure: LovePlot) -> tuple[Piece, ...]:
    """Characteristics of which a difference could not be estimated."""
    rows = select(results, analysis=figure.analysis, block=figure.blocks[0], measure="smd", stat="estimate")
    named: list[Piece] = []
    for row in rows:
        if row.value == row.value:
            continue
        told = label(results, figure.analysis, "variable", row.variable)
        level = label(results, figure.analysis, "level", row.level, lookup=f"{row.variable}={row.level}")
        named += [Piece("; " if named else "Not drawn, since nobody or everybody has it: "), told]
        named += [Piece(" "), level] if row.level else []
    return (*named, Piece(".")) if named else ()


def love_alt(results: Results, figure: LovePlot) -> str:
    """Say what standardized differences show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : LovePlot
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    return (
        "A line for each characteristic: its standardized difference between the arms before weighting, as an open "
        "circle, and after each way to weight, as a filled sign, with lines at the largest that counts as balance."
    )
