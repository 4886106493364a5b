"""The terms of CTCAE: which organ class a term stands in, and which of its grades exist.

It knows the dictionary only; grades of laboratory values are in `laboratory`. It ships terms, never MedDRA codes.
"""

from __future__ import annotations

import csv
import functools
import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from npcstats.errors import SpecError

Version = Literal["5.0", "6.0"]

VERSIONS: tuple[Version, ...] = ("5.0", "6.0")
GRADES = (1, 2, 3, 4, 5)
OPEN_OUTCOMES = (
    "NOT RECOVERED/NOT RESOLVED", "NOT RECOVERED", "NOT RESOLVED", "RECOVERING/RESOLVING", "RECOVERING", "RESOLVING",
    "ONGOING",
)  # fmt: skip
CLOSED_OUTCOMES = (
    "RECOVERED/RESOLVED", "RECOVERED", "RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE", "RECOVERED WITH SEQUELAE",
    "RESOLVED WITH SEQUELAE", "FATAL",
)  # fmt: skip
"""Outcomes of the CDISC code list OUT, and their usual halves: of an event that goes on, and of one that is over."""
_FILES = {"5.0": "ctcae_v5_terms.csv"}


@dataclass(frozen=True)
class Term:
    """A term of CTCAE: its organ class, and the grades that exist of it, in order."""

    name: str
    organ_class: str
    grades: tuple[int, ...]


def ctcae_terms(*, version: Version) -> Mapping[str, Term]:
    """Return the dictionary.

    Parameters
    ----------
    version : {"5.0"}
        CTCAE version.

    Returns
    -------
    mapping of str to Term
        837 terms by name, in the order of the dictionary.

    Raises
    ------
    SpecError
        If the version does not exist, or its dictionary is not carried, as that of 6.0.

    References
    ----------
    National Cancer Institute. Common Terminology Criteria for Adverse Events, version 5.0, 27 November 2017.
    """
    if version not in VERSIONS:
        raise SpecError(f"CTCAE version: is {version!r}; one of {', '.join(VERSIONS)} is required.")
    if version not in _FILES:
        raise SpecError(
            f"CTCAE version {version}: only the laboratory grades of neutrophils and platelets are carried; the "
            f"dictionary of terms requires version {', '.join(_FILES)}."
        )
    return _read_terms(_FILES[version])


def ctcae_classes(*, version: Version) -> tuple[str, ...]:
    """Return the organ classes of the dictionary.

    Parameters
    ----------
    version : {"5.0"}
        CTCAE version.

    Returns
    -------
    tuple of str
        Each once, in the order of the dictionary.

    Raises
    ------
    SpecError
        As `ctcae_terms`.
    """
    return tuple(dict.fromkeys(term.organ_class for term in ctcae_terms(version=version).values()))


@functools.cache
def _read_terms(name: str) -> Mapping[str, Term]:
    text = importlib.resources.files("npcstats.clinical").joinpath(name).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    terms = {
        row["term"]: Term(row["term"], row["soc"], tuple(grade for grade in GRADES if row[f"g{grade}"] == "1"))
        for row in rows
    }
    return MappingProxyType(terms)
