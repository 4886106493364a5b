"""What every table of changes begins with: whether there is a former meeting, and the one line where there is none."""

from __future__ import annotations

from npcstats.analyses.changes.rows import NO_FORMER, has_former
from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow, alignments
from npcstats.display.cells import Footnotes
from npcstats.display.lookup import analysis_of
from npcstats.display.notes import table_notes
from npcstats.display.pieces import words
from npcstats.results import Results


def is_compared(results: Results, analysis: str) -> bool:
    """Tell whether there is a former meeting.

    Parameters
    ----------
    results : Results
        Rows of kind ``since``.
    analysis : str
        Its id.

    Returns
    -------
    bool
        Whether there is.

    Raises
    ------
    ResultsError
        If the analysis is of another kind.
    """
    analysis_of(results, analysis, "since")
    return has_former(results, analysis)


def without_former(results: Results, analysis: str, name: str, topic: str = NO_FORMER) -> Table:
    """A table of one line that says that there is no former meeting, or why nothing can be compared with it.

    Parameters
    ----------
    results : Results
        Rows of kind ``since``.
    analysis : str
        Its id.
    name : str
        The table's name.
    topic : str
        Of the sentence.

    Returns
    -------
    Table
        Its anatomy.
    """
    entry, told = analysis_of(results, analysis), words(results, "analyses", analysis, "sentences", topic)
    return Table(
        id=f"since-{name}",
        title=entry.label,
        spanners=(),
        header=(Cell((Piece(f"Since the former{NO_BREAK}meeting"),), strong=True),),
        rows=(TableRow((Cell((told,)),)),),
        notes=table_notes(results, [analysis], Footnotes(), 1, without=tuple(entry.sentences)),
        align=alignments(1),
        widths=(40.0,),
    )
