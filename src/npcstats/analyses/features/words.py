"""Which features stand first, and the words of their tables and figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from npcstats.analyses.features.displays import RankedFeatures, Volcanoes
from npcstats.analyses.features.rows import CHANGE, DIFFERENCE, FAMILY, HAZARD
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ARMS_TOPICS, compose_caption
from npcstats.display.lookup import analysis_of, groups_of, stat_rows
from npcstats.display.notes import reason_pieces
from npcstats.display.pieces import chosen_number, group_name, label, number, part_pieces
from npcstats.display.prose import Inline
from npcstats.results import EVERYONE, Results, Row, select

TOPICS = ("population", "scale", "model", "outcome", "multiplicity", "explored", *ARMS_TOPICS)
COUNTED = ("count", "total")
RANKED = "Features are ordered by their p-value, smallest first, whichever way they point."


def questions(results: Results, analysis: str) -> tuple[tuple[str, str], ...]:
    """Measures and visits that an analysis has, changes first.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.

    Returns
    -------
    tuple of (str, str)
        Measure and visit.
    """
    rows = select(results, analysis=analysis, stat="count", measure="discoveries")
    found = dict.fromkeys((row.level, row.window) for row in rows)
    return tuple(sorted(found, key=lambda item: (DIFFERENCE, CHANGE, HAZARD).index(item[0])))


def estimates(results: Results, analysis: str, block: str, measure: str, window: str) -> dict[str, dict[str, Row]]:
    """Rows of each feature of a set, by feature and statistic; that of the adjusted p-value is ``family``.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis, block : str
        Id of the analysis, and the set.
    measure, window : str
        One of `questions`.

    Returns
    -------
    dict of str to dict of str to Row
        In the order of the rows.
    """
    asked = {"analysis": analysis, "block": block, "window": window}
    found: dict[str, dict[str, Row]] = {}
    for row in select(results, **asked, measure=measure):
        found.setdefault(row.variable, {})[row.stat] = row
    for row in select(results, **asked, measure=FAMILY[measure]):
        found[row.variable]["family"] = row
    return found


def ranked(found: Mapping[str, Mapping[str, Row]], most: int) -> list[str]:
    """Features with the smallest p-values.

    Parameters
    ----------
    found : mapping of str to mapping of str to Row
        As of `estimates`.
    most : int
        How many at most.

    Returns
    -------
    list of str
        Smallest first; those without a p-value are left out.
    """
    known = [name for name, rows in found.items() if not math.isnan(rows["p_value"].value)]
    return sorted(known, key=lambda name: (found[name]["p_value"].value, name))[:most]


def discovery_level(results: Results, analysis: str) -> float:
    """Level below which adjusted p-values are told apart.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.

    Returns
    -------
    float
        As the plan has it.
    """
    level = analysis_of(results, analysis).choices["discovery"]
    assert isinstance(level, float)
    return level


def discovery_sentences(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """Say of how many features of each set the adjusted p-value is below the level of the plan.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.

    Returns
    -------
    list of tuple of Piece
        One sentence.
    """
    told: list[Piece] = []
    for block in analysis_of(results, analysis).labels["block"]:
        own: list[Piece] = []
        for measure, window in questions(results, analysis):
            asked = {"analysis": analysis, "block": block, "window": window, "measure": "discoveries", "level": measure}
            count, total = (select(results, **asked, stat=stat)[0] for stat in ("count", "total"))
            name = (
                (label(results, analysis, "level", measure),)
                if measure == HAZARD
                else (label(results, analysis, "window", window),)
            )
            own += [
                Piece(", "),
                *name,
                Piece(" "),
                number(results, count, "count"),
                Piece("/"),
                number(results, total, "count"),
            ]
        told += [Piece("; "), label(results, analysis, "block", block), Piece(": "), *own[1:]]
    level = chosen_number(results, discovery_level(results, analysis), "decimal2")
    return [(Piece("Features with q < "), level, Piece(", of those with a model: "), *told[1:], Piece("."))]


def image_sentences(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """Say how many had an image at each visit, and who of them could not be modelled.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.

    Returns
    -------
    list of tuple of Piece
        A sentence, and another where there are any.
    """
    entry, groups = analysis_of(results, analysis), groups_of(results, analysis)
    told: list[Piece] = []
    for block in entry.labels["block"]:
        told += [Piece("; "), label(results, analysis, "block", block), Piece(": ")]
        for window in entry.labels["window"]:
            place = {"analysis": analysis, "block": block, "window": window, "measure": "observed"}
            parts = [part_pieces(results, *stat_rows(results, COUNTED, **place, arm=arm)) for arm in groups]
            told += [label(results, analysis, "window", window), Piece(" "), *_listed(parts), Piece(", ")]
        told.pop()
    named = _listed([(group_name(results, arm),) for arm in groups if arm != EVERYONE])
    opening = (Piece("With an image, of "), *named, Piece(": ")) if named else (Piece("With an image: "),)
    return [(*opening, *told[1:], Piece(".")), *_left_out(results, analysis, groups)]


def _listed(parts: Sequence[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    return tuple(piece for part in parts for piece in (Piece(", "), *part))[1:]


def event_sentences(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """Say how many of those with an image at the first visit had the event.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.

    Returns
    -------
    list of tuple of Piece
        One sentence.
    """
    entry = analysis_of(results, analysis)
    first, told = next(iter(entry.labels["window"])), []
    for block in entry.labels["block"]:
        place = {"analysis": analysis, "block": block, "window": first, "measure": "feature_events"}
        had = part_pieces(results, *stat_rows(results, COUNTED, **place))
        told += [Piece("; "), label(results, analysis, "block", block), Piece(" "), *had]
    opening = (label(results, analysis, "level", HAZARD), Piece(", events of those with an image at "))
    return [(*opening, label(results, analysis, "window", first), Piece(": "), *told[1:], Piece("."))]


def _left_out(results: Results, analysis: str, groups: tuple[str, ...]) -> list[tuple[Piece, ...]]:
    told: list[Piece] = []
    for arm in groups:
        rows = select(results, analysis=analysis, arm=arm, measure="not_evaluable", stat="count")
        told += reason_pieces(results, analysis, arm, [row for row in rows if row.value])
    return [(Piece("Not in the models of change: "), *told[:-1], Piece("."))] if told else []


def filled_sentence(results: Results, analysis: str) -> tuple[Piece, ...]:
    """Say which dots are filled.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.

    Returns
    -------
    tuple of Piece
        A sentence.
    """
    level = chosen_number(results, discovery_level(results, analysis), "decimal2")
    return (Piece("Filled dots: q < "), level, Piece("; open dots: all others."))


def volcano_caption(results: Results, figure: Volcanoes) -> Inline:
    """Compose the caption of a volcano plot.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : Volcanoes
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    analysis = figure.analysis
    told = [
        filled_sentence(results, analysis),
        *image_sentences(results, analysis),
        *event_sentences(results, analysis),
    ]
    told += discovery_sentences(results, analysis)
    return compose_caption(results, figure, TOPICS, after=told)


def volcano_alt(results: Results, figure: Volcanoes) -> str:
    """Say what a volcano plot shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : Volcanoes
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    return (
        "Panels for each kind of image and question: each feature is a dot at its estimate, the higher the smaller its "
        "p-value; filled where the adjusted p-value is below the level of the plan."
    )


def ranked_caption(results: Results, figure: RankedFeatures) -> Inline:
    """Compose the caption of ranked features.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : RankedFeatures
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    baseline = analysis_of(results, figure.analysis).choices["baseline"]
    asked = ("outcome",) if figure.window == baseline else ("model", *ARMS_TOPICS)
    topics = ("population", "scale", *asked, "multiplicity", "explored")
    counted = event_sentences if figure.window == baseline else image_sentences
    told = [(Piece(RANKED),), filled_sentence(results, figure.analysis), *counted(results, figure.analysis)]
    return compose_caption(results, figure, topics, after=told)


def ranked_alt(results: Results, figure: RankedFeatures) -> str:
    """Say what ranked features show, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : RankedFeatures
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    return (
        "Panels for each kind of image: a line for each of the features with the smallest p-values, a dot at its "
        "estimate and its confidence limits; filled where the adjusted p-value is below the level of the plan."
    )
