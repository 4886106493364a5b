"""What of a study's text may be printed: terms of a declared list, and codes; of what was typed freely, nothing.

A text that is compared with a value of the plan needs no list: only the plan's own words for it are printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.errors import SpecError
from npcstats.formatting import counted
from npcstats.results import Analysis, Results, Row
from npcstats.schema import Column
from npcstats.study import Study, input_schemas

NOT_LISTED = "NOT LISTED"
"""Stands for every text that may not be printed."""

PRINTED: Mapping[str, tuple[str, ...]] = {
    "adae": ("AEBODSYS", "AEDECOD", "AEACN", "AEOUT"),
    "addv": ("DVTERM",),
    "adtte": ("EVNTDESC",),
}
"""Columns of text that displays print as they stand; every column with terms is one too."""

UNLISTED_WORDS = "Not listed"
UNLISTED_SENTENCE = (
    "Not listed: terms that are not in the plan's list, which are not printed; the data check names their rows."
)

TERM_NUMBER = "_AEDECODN"
"""Column of ADAE that tells terms apart where their text is withheld."""


def is_listed(values: pd.Series, column: Column) -> np.ndarray:
    """Tell which texts of a column may be printed.

    Parameters
    ----------
    values : Series of str, shape (n,)
        Of the column, at any cut-off.
    column : Column
        Its declaration.

    Returns
    -------
    ndarray of bool, shape (n,)
        True for a level, a term, a blank, and what stands for an unknown date; of a column without levels and terms,
        for every text where it is coded, and for none where it is free.
    """
    allowed = column.levels or column.terms
    if column.kind not in ("text", "flag") or (column.coded and not allowed):
        return np.ones(len(values), dtype=bool)
    if column.kind == "flag":
        allowed = ("Y", "N")
    known = {"", NOT_LISTED, *allowed, *filter(None, (column.undated,)), *(column.open_values if allowed else ())}
    result: np.ndarray = values.isin(known).to_numpy()
    return result


def withhold_unlisted(study: Study) -> Study:
    """Replace texts that may not be printed, in every column that displays print as it stands or that has terms.

    Parameters
    ----------
    study : Study
        At its cut-off.

    Returns
    -------
    Study
        Each such text is `NOT_LISTED`; which events are of one term can still be told.
    """
    changed = {}
    for name, schema in input_schemas(study.design).items():
        if name not in study.frames:
            continue
        frame = study[name]
        wanted = [c for c in schema.columns if (c.terms or c.name in PRINTED.get(name, ())) and c.name in frame]
        withheld = {c.name: frame[c.name].where(is_listed(frame[c.name], c), NOT_LISTED) for c in wanted}
        if "AEDECOD" in withheld:
            withheld[TERM_NUMBER] = pd.Series(np.unique(frame["AEDECOD"], return_inverse=True)[1], index=frame.index)
        if withheld:
            changed[name] = frame.assign(**withheld)
    return study.with_frames(changed)


def printable(study: Study, name: str, column: str) -> pd.Series:
    """Texts of a column as they may be printed.

    Parameters
    ----------
    study : Study
        At its cut-off.
    name, column : str
        Frame and column.

    Returns
    -------
    Series of str
        Those of no declared list are `NOT_LISTED`.
    """
    values = study[name][column]
    declared = input_schemas(study.design)[name].by_name[column]
    shown: pd.Series = values.where(is_listed(values, declared), NOT_LISTED)
    return shown


def told_texts(study: Study, name: str, column: str, texts: Iterable[str]) -> str:
    """Name values of a column in a message: codes of a closed list and numbers, never what was typed.

    Parameters
    ----------
    study : Study
        Its design declares the columns.
    name, column : str
        Frame and column.
    texts : iterable of str
        Distinct values.

    Returns
    -------
    str
        The first three, or how many there are.
    """
    found = list(texts)
    declared = input_schemas(study.design)[name].by_name.get(column)
    values = pd.Series(found, dtype=object)
    if declared is not None and not declared.coded and is_listed(values, declared).all():
        return ", ".join(found[:3])
    return counted(len(found), "other value")


def check_named(study: Study, name: str, named: Mapping[str, Iterable[str]], reason: str) -> None:
    """Refuse a plan that compares a column with a text that its list does not have: it would never be found.

    Parameters
    ----------
    study : Study
        Its design declares the columns.
    name : str
        Frame.
    named : mapping of str to iterable of str
        Texts that the plan names, by column.
    reason : str
        What asks for them.

    Raises
    ------
    SpecError
        If a text is in neither the levels nor the terms of its column.
    """
    columns = input_schemas(study.design)[name].by_name if name in input_schemas(study.design) else {}
    for column, texts in named.items():
        declared = columns.get(column)
        if declared is None or not (declared.levels or declared.terms or column in PRINTED.get(name, ())):
            continue
        values = pd.Series(list(texts), dtype=object)
        stray = values[~is_listed(values, declared)]
        if len(stray):
            raise SpecError(
                f"plan: {reason} asks for {name}.{column} {stray.iloc[0]!r}, which its list does not have; one of its "
                "levels or terms is required."
            )


def explain_unlisted(results: Results) -> Results:
    """Say what is meant where a text was withheld.

    Parameters
    ----------
    results : Results
        Of a study from `withhold_unlisted`.

    Returns
    -------
    Results
        The same rows; analyses with such a row have a sentence and words for it.
    """
    catalogue = results.catalogue
    told = {
        name: _explained(entry) if any(map(_is_of_unlisted, results.by_analysis.get(name, ()))) else entry
        for name, entry in catalogue.analyses.items()
    }
    return replace(results, catalogue=replace(catalogue, analyses=told))


def _is_of_unlisted(row: Row) -> bool:
    return any(code.rpartition(":")[2] == NOT_LISTED for code in (row.block, row.variable, row.level))


def _explained(entry: Analysis) -> Analysis:
    labels = {
        column: {code: _in_words(code, text) for code, text in codes.items()} for column, codes in entry.labels.items()
    }
    return replace(entry, labels=labels, sentences={**entry.sentences, "unlisted": UNLISTED_SENTENCE})


def _in_words(code: str, text: str) -> str:
    if code == NOT_LISTED:
        return UNLISTED_WORDS
    return text.replace(NOT_LISTED, UNLISTED_WORDS.lower()) if code.endswith(f":{NOT_LISTED}") else text
