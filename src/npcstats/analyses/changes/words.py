"""Sentences on what changed since the former meeting, and a section that says so where there is none."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.analyses.changes.rows import NO_FORMER, has_former
from npcstats.display.placing import PlacedAbsence, PlacedTable, show_table
from npcstats.display.prose import Inline, sentence
from npcstats.results import Results

WHICH = "Shown are numbers that differ by more than the plan's amount, and those that one of the two meetings has not."
NO_NUMBER = "No number is watched."


@dataclass(frozen=True)
class Since:
    """What a section shows: tables, or one sentence where there is no former meeting.

    Parameters
    ----------
    told : Inline
        The sentence.
    tables : tuple of PlacedTable or PlacedAbsence
        Empty where there is no former meeting.
    """

    told: Inline
    tables: tuple[PlacedTable | PlacedAbsence, ...]

    def _repr_markdown_(self) -> str:
        return "\n\n".join([self.told._repr_markdown_(), *(table._repr_markdown_() for table in self.tables)])


def show_since(results: Results, analysis: str, *tables: str) -> Since:
    """Place the tables of what changed since the former meeting.

    Parameters
    ----------
    results : Results
        Read from a folder.
    analysis : str
        Id of the analysis of changes.
    *tables : str
        Names of tables of the plan.

    Returns
    -------
    Since
        Displays itself; one sentence where there is no former meeting.
    """
    if not has_former(results, analysis):
        return Since(sentence(results, analysis, NO_FORMER), ())
    return Since(sentence(results, analysis, "former"), tuple(show_table(results, name) for name in tables))
