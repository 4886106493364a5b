"""The note under a table: what the catalogue says of its analysis, and the letters that its cells carry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from npcstats.display.anatomy import Cell, Piece
from npcstats.display.cells import Footnotes
from npcstats.display.definitions import set_pieces, told_once
from npcstats.display.lookup import analysis_of
from npcstats.display.pieces import group_name, label, number, words
from npcstats.results import EVERYONE, Results, Row

POST_HOC = "post hoc"
LISTING = "listing"


def table_notes(
    results: Results,
    analyses: Sequence[str],
    footnotes: Footnotes,
    columns: int,
    *,
    parts: Collection[str] = (),
    without: Collection[str] = (),
    extra: Iterable[tuple[Piece, ...]] = (),
) -> tuple[Cell, ...]:
    """Compose the lines under a table.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analyses : sequence of str
        Ids of the analyses shown.
    footnotes : Footnotes
        Letters used by the cells.
    columns : int
        Columns that each line spans.
    parts : collection of str
        Windows or variables shown; a topic such as ``period.acute`` belongs to its part, and is left out with it.
    without : collection of str
        Topics left out, because what they explain is not in the table.
    extra : iterable of tuple of Piece
        Sentences of the table itself, each ending with a period.

    Returns
    -------
    tuple of Cell
        The source note, then one line of lettered footnotes if there are any.
    """
    told = caption_sentences(results, analyses, parts=parts, without=without)
    sentences = [*told, *extra, *closing_sentences(results, analyses)]
    lines = [Cell(_joined(sentences), colspan=columns)]
    lettered = [(Piece(f"{letter}. "), note) for letter, note in footnotes.pieces()]
    if lettered:
        lines.append(Cell(_joined(lettered), colspan=columns))
    return tuple(lines)


def caption_sentences(
    results: Results,
    analyses: Sequence[str],
    *,
    parts: Collection[str] = (),
    topics: Collection[str] = (),
    without: Collection[str] = (),
) -> list[tuple[Piece, ...]]:
    """Sentences of the catalogue, each text once; of several analyses, first what not all of them say, and who does.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analyses : sequence of str
        Ids.
    parts : collection of str
        Windows or variables shown; all if empty.
    topics : collection of str
        Topics wanted; all if empty.
    without : collection of str
        Topics left out.

    Returns
    -------
    list of tuple of Piece
        In footnote order; the population's definition first where no sentence gives it.
    """
    found: dict[str, tuple[Piece, ...]] = {}
    told = [sentence for name in analyses for sentence in _own_sentences(results, name, parts, topics, without)]
    tellers = {piece.text: [name for name, other in told if other.text == piece.text] for _, piece in told}
    shared = {text for text, names in tellers.items() if len(set(names)) == len(analyses)}
    for name, piece in told:
        repeats = piece.text in shared or piece.text.startswith(words(results, "analyses", name, "label").text)
        before = () if repeats else _named(results, tellers[piece.text])
        found.setdefault(piece.text, (*before, piece))
    own = [pieces for text, pieces in found.items() if text not in shared]
    named = set_pieces(results, analyses) if not topics or "population" in topics else ()
    told_sets = [named] if named else []
    return [*told_sets, *own, *(pieces for text, pieces in found.items() if text in shared)]


def _named(results: Results, names: Sequence[str]) -> tuple[Piece, ...]:
    """Labels of analyses before what they say."""
    first, *others = (words(results, "analyses", name, "label") for name in names)
    return (first, *(piece for other in others for piece in (Piece("; "), other)), Piece(": "))


def _own_sentences(
    results: Results, analysis: str, parts: Collection[str], topics: Collection[str], without: Collection[str]
) -> list[tuple[str, Piece]]:
    entry = analysis_of(results, analysis)
    told: list[tuple[str, Piece]] = []
    once = told_once(results)
    coded = bool(set_pieces(results, [analysis]))
    if not coded and "population" not in entry.sentences and entry.population in results.catalogue.populations:
        told.append((analysis, words(results, "populations", entry.population)))
    for topic, text in entry.sentences.items():
        stem, _, part = topic.partition(".")
        wanted = stem not in without and (not topics or stem in topics)
        defined = text in once or (coded and text in results.catalogue.populations.values())
        if text and wanted and not defined and (not part or not parts or part in parts):
            told.append((analysis, words(results, "analyses", analysis, "sentences", topic)))
    return told


def closing_sentences(results: Results, analyses: Sequence[str]) -> list[tuple[Piece, ...]]:
    """The cut-off, and whether each analysis was planned.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analyses : sequence of str
        Ids.

    Returns
    -------
    list of tuple of Piece
        Two sentences; one more per analysis where some were planned and others were not. Where definitions stand in
        one place, as the cut-off stands on every page, only what was not planned.
    """
    cutoff = (Piece("Data cut-off "), words(results, "study", "cutoff_text"), Piece("."))
    if set_pieces(results, analyses):
        late = [name for name in analyses if analysis_of(results, name).status == POST_HOC]
        return [(words(results, "analyses", name, "label"), Piece(": post hoc.")) for name in late]
    told = [_status_words(results, name) for name in analyses]
    if len(set(told)) == 1:
        return [cutoff, (Piece(f"{told[0]}."),)]
    named = (words(results, "analyses", name, "label") for name in analyses)
    return [
        cutoff,
        *((name, Piece(f": {text[:1].lower()}{text[1:]}.")) for name, text in zip(named, told, strict=True)),
    ]


def _status_words(results: Results, analysis: str) -> str:
    entry = analysis_of(results, analysis)
    return f"{'Post hoc' if entry.status == POST_HOC else 'Planned'} {LISTING if entry.kind == LISTING else 'analysis'}"


def reason_pieces(
    results: Results, analysis: str, arm: str, rows: Sequence[Row], *, variables: bool = False
) -> list[Piece]:
    """How many of a group are left out, by reason, as ``Proton 2 (died before the period), 1 (not assessed);``.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analysis : str
        Id of the analysis, whose levels are the reasons.
    arm : str
        The group; everyone is not named.
    rows : sequence of Row
        One for each reason.
    variables : bool
        Whether what a row is of is named before its reason.

    Returns
    -------
    list of Piece
        Ending in what parts one group from the next; empty without rows.
    """
    if not rows:
        return []
    told = [] if arm == EVERYONE else [group_name(results, arm), Piece(" ")]
    for row in rows:
        of = [label(results, analysis, "variable", row.variable), Piece(", ")] if variables and row.variable else []
        reason = label(results, analysis, "level", row.level)
        told += [number(results, row, "count"), Piece(" ("), *of, reason, Piece("), ")]
    return [*told[:-1], Piece(")"), Piece("; ")]


def _joined(sentences: Sequence[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for sentence in sentences:
        pieces += [Piece(" "), *sentence] if pieces else sentence
    return tuple(pieces)
