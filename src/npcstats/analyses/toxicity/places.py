"""What adverse events are counted in: everything, each class, each term of it, and each composite endpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.toxicity.counting import Coded
from npcstats.analyses.toxicity.rows import COMPOSITES
from npcstats.analyses.toxicity.spec import Composite
from npcstats.results import EVERYONE

SERIOUS_COLUMN = "AESER"


@dataclass(frozen=True, eq=False)
class Places:
    """The units of a table: everything first, then classes, terms and composites.

    Parameters
    ----------
    names : tuple of (str, str)
        Block and variable of each.
    term : int array, shape (n,)
        Which unit the term of each record of adae is.
    of_class : int array, shape (k,)
        Which unit the class of each unit is; of others than terms, itself.
    within : mapping of int to int array
        Units of the terms of each composite.
    """

    names: tuple[tuple[str, str], ...]
    term: np.ndarray
    of_class: np.ndarray
    within: Mapping[int, np.ndarray]

    def code(self, records: np.ndarray, events: pd.DataFrame) -> Coded:
        """Number events, each once in every unit that it belongs to.

        Parameters
        ----------
        records : int array, shape (n,)
            Rows of adae that count.
        events : DataFrame
            These rows, with ``member``.

        Returns
        -------
        Coded
            Of everything, classes, terms and composites.
        """
        term = self.term[records]
        serious = (
            (events[SERIOUS_COLUMN] == "Y").to_numpy() if SERIOUS_COLUMN in events else np.zeros(len(events), bool)
        )
        grade = events["AETOXGR"].to_numpy(dtype=np.int64)
        units, kept = [np.zeros_like(term), self.of_class[term], term], [np.arange(len(term))] * 3
        for unit, terms in self.within.items():
            of_it = np.flatnonzero(np.isin(term, terms))
            units.append(np.full(len(of_it), unit))
            kept.append(of_it)
        at = np.concatenate(kept)
        return Coded(np.concatenate(units), events["member"].to_numpy()[at], grade[at], serious[at])


def find_places(adae: pd.DataFrame, composites: Sequence[Composite]) -> Places:
    """Find the classes and terms of a frame.

    Parameters
    ----------
    adae : DataFrame
        Adverse events, whoever had them.
    composites : sequence of Composite
        Of the plan.

    Returns
    -------
    Places
        Classes and terms by name.
    """
    block, blocks = pd.factorize(adae["AEBODSYS"], sort=True)
    word, words = pd.factorize(adae["AEDECOD"], sort=True)
    pairs, pair = np.unique(block.astype(np.int64) * len(words) + word, return_inverse=True)
    first = 1 + len(blocks)
    terms = [(str(blocks[code // len(words)]), str(words[code % len(words)])) for code in pairs]
    ends = first + len(terms)
    names = (
        (EVERYONE, EVERYONE),
        *((str(name), EVERYONE) for name in blocks),
        *terms,
        *((COMPOSITES, item.code) for item in composites),
    )
    of_class = np.arange(len(names))
    of_class[first:ends] = 1 + pairs // max(len(words), 1)
    within = {
        ends + i: first + np.flatnonzero([term in item.terms for _, term in terms]) for i, item in enumerate(composites)
    }
    return Places(names, first + pair, of_class, within)


def page_order(places: Places, frequency: np.ndarray) -> list[int]:
    """Put units in page order.

    Parameters
    ----------
    places : Places
        k units, those of a kind by name.
    frequency : int array, shape (k,)
        Participants with an event.

    Returns
    -------
    list of int
        Everything; each class, the most frequent first, and within it its terms, the most frequent first; composites in
        the order of the plan. Ties by name.
    """
    classes = [unit for unit, (_, term) in enumerate(places.names) if unit and term == EVERYONE]
    terms: dict[int, list[int]] = {unit: [] for unit in classes}
    for unit, of in enumerate(places.of_class.tolist()):
        if of != unit:
            terms[of].append(unit)

    rank = {unit: (-int(count), unit) for unit, count in enumerate(frequency)}
    ranked = [
        place
        for one in sorted(classes, key=rank.__getitem__)
        for place in (one, *sorted(terms[one], key=rank.__getitem__))
    ]
    return [0, *ranked, *places.within]
