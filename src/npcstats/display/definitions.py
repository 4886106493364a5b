"""What many analyses of a session say alike, told once: a table of it, and which notes leave it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.pieces import words
from npcstats.errors import ResultsError
from npcstats.results import Results

DEFINITIONS, ONCE = "definitions", "once"
"""What the catalogue says of the session, and its value where definitions stand in one place of a document."""
SET = "set."
"""Before the code of an analysis set, what the catalogue calls its name."""
MANY = 2
"""Analyses that say the same sentence before it is a definition of the session."""
KEPT = ("withheld", "unlisted", "absent", "none")
"""Topics that explain a sign wherever it may stand, or that stand in the place of a table."""
WIDTHS = (26.0, 104.0)


def told_once(results: Results) -> Mapping[str, tuple[str, ...]]:
    """Sentences that a document of the session has in one place, and whose they are.

    Parameters
    ----------
    results : Results
        Its catalogue.

    Returns
    -------
    mapping of str to tuple of str
        By text, `analysis` and `topic` of the first that says it and then the ids of all that do; empty for a session
        whose notes each tell everything.
    """
    if results.catalogue.study.get(DEFINITIONS) != ONCE:
        return {}
    found: dict[str, list[tuple[str, str]]] = {}
    for name, entry in results.catalogue.analyses.items():
        for topic, text in entry.sentences.items():
            if text and topic.partition(".")[0] not in KEPT:
                found.setdefault(text, []).append((name, topic))
    alike = {text: tellers for text, tellers in found.items() if len({name for name, _ in tellers}) >= MANY}
    return {text: (*tellers[0], *dict.fromkeys(name for name, _ in tellers)) for text, tellers in alike.items()}


def set_pieces(results: Results, analyses: Sequence[str]) -> tuple[Piece, ...]:
    """Name the analysis sets of a table or a figure, which the definitions explain.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analyses : sequence of str
        Ids of the analyses shown.

    Returns
    -------
    tuple of Piece
        Such as ``Safety set.``; empty for a session whose notes each define their set.
    """
    if results.catalogue.study.get(DEFINITIONS) != ONCE:
        return ()
    codes = dict.fromkeys(results.catalogue.analyses[name].population for name in analyses)
    known = [code for code in codes if code in results.catalogue.populations]
    named = [piece for code in known for piece in (Piece("; "), _set_name(results, code))]
    return (*named[1:], Piece(".")) if known else ()


def _set_name(results: Results, code: str) -> Piece:
    """What a set is called, in the catalogue's words of a session whose definitions stand in one place."""
    return words(results, "study", f"{SET}{code}")


def definitions_table(results: Results) -> Table:
    """Analysis sets and sentences that hold for many tables and figures of a document.

    Parameters
    ----------
    results : Results
        Their catalogue tells that definitions stand in one place.

    Returns
    -------
    Table
        One line per set; then one per sentence, with the analyses that it holds for.

    Raises
    ------
    ResultsError
        If each note of the session defines its own words.
    """
    if results.catalogue.study.get(DEFINITIONS) != ONCE:
        raise ResultsError("definitions: each note of this session tells its own; a session of the plan whose "
                           f"definitions are {ONCE!r} is required.")  # fmt: skip
    used = dict.fromkeys(entry.population for entry in results.catalogue.analyses.values())
    sets = [
        TableRow((Cell((_set_name(results, code),)), Cell((words(results, "populations", code),))))
        for code in used
        if code in results.catalogue.populations
    ]
    texts = {*results.catalogue.populations.values()}
    told = [_sentence_row(results, tellers) for text, tellers in told_once(results).items() if text not in texts]
    return Table(
        id=DEFINITIONS,
        title="Definitions",
        spanners=(),
        header=(Cell((Piece("Of"),), strong=True), Cell((Piece("Definition"),), strong=True)),
        rows=(*sets, *told),
        notes=(),
        align=("left", "left"),
        widths=WIDTHS,
    )


def _sentence_row(results: Results, tellers: tuple[str, ...]) -> TableRow:
    analysis, topic, *names = tellers
    told = words(results, "analyses", analysis, "sentences", topic)
    what = topic.partition(".")[0].replace("_", " ").capitalize()
    whose = _whose(results, told.text, topic, names)
    joined = [piece for one in whose for piece in (Piece("; "), one)][1:]
    return TableRow((Cell((Piece(what),)), Cell((told, Piece(" ("), *joined, Piece(")")) if whose else (told,))))


def _whose(results: Results, text: str, topic: str, names: Sequence[str]) -> list[Piece]:
    """Whom a sentence is about: nobody in particular where all that speak of its topic say it, else its set."""
    analyses = results.catalogue.analyses
    others = [entry for entry in analyses.values() if entry.sentences.get(topic, text) != text]
    if not others:
        return []
    codes = dict.fromkeys(analyses[name].population for name in names)
    if not {entry.population for entry in others} & set(codes):
        return [_set_name(results, code) for code in codes]
    labels = {analyses[name].label: words(results, "analyses", name, "label") for name in names}
    return [*labels.values()]
