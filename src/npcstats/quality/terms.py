"""The rules about text: a term stands in the list that the plan declares, or is not printed; like terms are one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import numpy as np

from npcstats.derive import is_listed
from npcstats.quality.inspection import Inspection, Mark, Rule
from npcstats.study import input_schemas

GROUP = "Terms"
DICTIONARY = {"adae": ("AEDECOD", "AEBODSYS")}
"""Columns whose terms the rules about adverse events compare with the dictionary."""


def _listed(inspected: Inspection) -> Iterator[Mark]:
    for name, schema in input_schemas(inspected.study.design).items():
        for column in schema.columns:
            if not column.terms or column.name in DICTIONARY.get(name, ()) or not inspected.has(name, column.name):
                continue
            stray = ~is_listed(inspected.study[name][column.name], column)
            # the recorded text is not repeated: it may hold anything, a name included
            text = f"{column.name} is not in the plan's list of terms, and is not printed"
            yield from (Mark(name, int(place) + 1, text) for place in np.flatnonzero(stray))


def _alike(inspected: Inspection) -> Iterator[Mark]:
    for name, schema in input_schemas(inspected.study.design).items():
        for column in schema.columns:
            if not column.coded or column.levels or not inspected.has(name, column.name):
                continue
            values = inspected.study[name][column.name]
            counts = values.value_counts()
            usual: dict[str, str] = {}
            for text in counts.index:
                usual.setdefault(_plain(text), text)
            other = {text for text in counts.index if usual[_plain(text)] != text}
            stray = np.flatnonzero(values.isin(other).to_numpy()) if other else ()
            text = f"{column.name} differs from another only in blanks or in how its signs are composed"
            yield from (Mark(name, int(place) + 1, text) for place in stray)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


RULES = (
    Rule("TERM-LISTED", GROUP, "Text that is printed is one of the plan's terms.", "query", (), _listed),
    Rule("TERM-ALIKE", GROUP, "Terms that look the same are the same.", "query", (), _alike),
)
