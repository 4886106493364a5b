"""Names of lines and statistics, and the columns of a table of characteristics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from npcstats.analyses.baseline.rows import SHOWN
from npcstats.display.anatomy import Piece
from npcstats.display.lookup import analysis_of, columns_of, pairs_of
from npcstats.display.pieces import label, unit_pieces
from npcstats.results import EVERYONE, Results, select

STATISTICS: Mapping[str, str] = {
    "mean": "mean (SD)",
    "median": "median (quartiles)",
    "range": "range",
    "geometric-sd": "geometric mean (geometric SD)",
    "geometric-cv": "geometric mean (CV)",
}
DATE_LINES: Mapping[str, str] = {"minimum": "First", "median": "Median", "maximum": "Last"}
GROUP, PAIR, LARGEST, P_VALUE = "group", "pair", "largest", "p-value"


@dataclass(frozen=True)
class Column:
    """A column of numbers: of a group, of a pair of arms, of the pair that differs most, or of tests."""

    kind: str
    subgroup: str
    arm: str = EVERYONE
    reference: str = ""


def columns_for(results: Results, analysis: str, subgroup: str, *, total: bool) -> tuple[Column, ...]:
    """Columns of everyone, or of one subgroup.

    Parameters
    ----------
    results : Results
        Rows and arms.
    analysis : str
        Id of the analysis.
    subgroup : str
        Its code, or ``all``.
    total : bool
        Whether everyone has a column beside the arms.

    Returns
    -------
    tuple of Column
        Arms, everyone, standardized differences, and p-values where there are tests.
    """
    groups = [Column(GROUP, subgroup, arm) for arm in columns_of(results, analysis, total=total)]
    largest = bool(select(results, analysis=analysis, measure="smd_largest"))
    pairs = (
        [Column(LARGEST, subgroup)]
        if largest
        else [Column(PAIR, subgroup, *pair) for pair in pairs_of(results, analysis, ("smd",))]
    )
    tested = subgroup == EVERYONE and bool(select(results, analysis=analysis, measure="test"))
    return (*groups, *pairs, *([Column(P_VALUE, subgroup)] if tested else []))


def statistics_of(results: Results, analysis: str, variable: str) -> tuple[str, ...]:
    """Statistics that a continuous characteristic is shown by.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analysis : str
        Id of the analysis.
    variable : str
        The characteristic.

    Returns
    -------
    tuple of str
        Codes of `STATISTICS`.
    """
    chosen = analysis_of(results, analysis).chosen(f"show.{variable}", str, "median").split()
    return tuple(name for name in chosen if name in SHOWN)


def name_pieces(results: Results, analysis: str, variable: str, statistics: str = "") -> tuple[Piece, ...]:
    """The name of a characteristic, with its unit and what is shown of it.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analysis : str
        Id of the analysis.
    variable : str
        The characteristic.
    statistics : str
        What is shown of it; nothing where lines of their own say it.

    Returns
    -------
    tuple of Piece
        Such as ``Age, years, mean (SD)``.
    """
    shown = (Piece(f", {statistics}"),) if statistics else ()
    return (label(results, analysis, "variable", variable), *unit_pieces(results, analysis, variable), *shown)


def capitalized(words: str) -> str:
    """Words at the beginning of a line.

    Parameters
    ----------
    words : str
        Such as ``mean (SD)``.

    Returns
    -------
    str
        With a capital.
    """
    return words[:1].upper() + words[1:]
