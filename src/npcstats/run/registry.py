"""Kinds of analysis by their entries and by their names in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from npcstats.analyses.kind import Kind, Unsaid, unsaid
from npcstats.analyses.kinds import KINDS
from npcstats.disclosure import Withholding
from npcstats.errors import SpecError
from npcstats.results.conventions import CONVENTIONS, Conventions
from npcstats.results.rows import MEASURES


def kind_of(spec: Any) -> Kind:
    """Find the kind of an entry of the plan.

    Parameters
    ----------
    spec : object
        Entry of the plan.

    Returns
    -------
    Kind
        Its declaration.

    Raises
    ------
    SpecError
        If there is no such kind, or the kind leaves open what it must say.
    """
    found = [kind for kind in KINDS if kind.spec is type(spec)]
    if not found:
        known = ", ".join(kind.spec.__name__ for kind in KINDS)
        raise SpecError(f"plan: {type(spec).__name__} is no kind of analysis; one of {known} is required.")
    open_faults = unsaid(found)
    if open_faults:
        raise SpecError(f"plan: {'; '.join(open_faults)}; each kind of analysis must say both.")
    return found[0]


def withholdings() -> Mapping[str, Withholding]:
    """Tell what each kind withholds from a public session.

    Returns
    -------
    mapping of str to Withholding
        By the catalogue's name of the kind.
    """
    return {
        code: kind.withhold
        for kind in KINDS
        for code in kind.codes
        if kind.withhold is not None and not isinstance(kind.withhold, Unsaid)
    }


def known_measures() -> frozenset[str]:
    """Tell the words that the column ``measure`` may hold.

    Returns
    -------
    frozenset of str
        Those that several kinds share, and each kind's own.
    """
    return frozenset(MEASURES).union(*(kind.measures for kind in KINDS))


def known_conventions() -> Conventions:
    """Tell the conventions that choices call for.

    Returns
    -------
    mapping
        Those that several kinds share, and each kind's own, by choice and value.
    """
    return {**CONVENTIONS, **{key: words for kind in KINDS for key, words in kind.conventions.items()}}
