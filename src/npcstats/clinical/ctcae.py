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

import numpy as np

from npcstats.clinical.values import Texts, align, as_floats, as_texts
from npcstats.errors import DataError, SpecError

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


@dataclass(frozen=True)
class Undefined:
    """A record that CTCAE does not define: its row (the first is 1), term, grade, and what is wrong."""

    row: int
    term: str
    grade: float
    reason: str


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


def organ_classes(terms: object, *, version: Version) -> Texts:
    """Return the organ class of each term.

    Parameters
    ----------
    terms : array_like of str, shape (n,) or ()
        CTCAE terms, spelled as in the dictionary.
    version : {"5.0"}
        CTCAE version.

    Returns
    -------
    numpy.ndarray of str, shape of `terms`

    Raises
    ------
    DataError
        If a term does not exist.
    SpecError
        As `ctcae_terms`.
    """
    known = ctcae_terms(version=version)
    names = as_texts(terms, "term", levels=None)
    stray = sorted({name for name in names.ravel() if name not in known})
    if stray:
        raise DataError(f"term: {len(stray)} not in CTCAE {version} ({', '.join(stray[:3])}); its terms are required.")
    return np.array([known[name].organ_class for name in names.ravel()], dtype=object).reshape(names.shape)


def check_term_grade(
    terms: object, grades: object, *, version: Version, organ_class: object = None
) -> tuple[Undefined, ...]:
    """Find records whose term, grade or organ class CTCAE does not define.

    Parameters
    ----------
    terms : array_like of str, shape (n,) or ()
        Terms as recorded.
    grades : array_like of float, shape (n,) or ()
        Grades as recorded; NaN is not assessed and is not checked. 0 means absent and is no grade of CTCAE.
    version : {"5.0"}
        CTCAE version.
    organ_class : array_like of str, shape (n,) or (), optional
        Organ classes as recorded; None leaves them unchecked.

    Returns
    -------
    tuple of Undefined
        In the order of the rows; empty when all is defined.

    Raises
    ------
    DataError
        If a grade is not a number or the shapes do not fit.
    SpecError
        As `ctcae_terms`.
    """
    known = ctcae_terms(version=version)
    names, recorded, classes = align(
        "records",
        np.atleast_1d(as_texts(terms, "term", levels=None)),
        as_floats(grades, "grade"),
        as_texts("" if organ_class is None else organ_class, "SOC", levels=None),
    )
    found = []
    for row, (name, grade, soc) in enumerate(zip(names, recorded, classes, strict=True), start=1):
        reason = _wrong_with(known.get(name), grade, None if organ_class is None else soc, version)
        if reason:
            found.append(Undefined(row, str(name), float(grade), reason))
    return tuple(found)


def _wrong_with(term: Term | None, grade: float, organ_class: str | None, version: Version) -> str:
    if term is None:
        return f"the term is not in CTCAE {version}"
    if organ_class is not None and organ_class != term.organ_class:
        return f"the organ class is {organ_class or 'missing'}; {term.organ_class} is required"
    if grade == 0:
        return "grade 0 means absent, which is no adverse event"
    if not np.isnan(grade) and grade not in term.grades:
        return f"grade {grade:g} does not exist; one of {', '.join(map(str, term.grades))} is required"
    return ""


@functools.cache
def _read_terms(name: str) -> Mapping[str, Term]:
    text = importlib.resources.files("npcstats.clinical").joinpath(name).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    terms = {
        row["term"]: Term(row["term"], row["soc"], tuple(grade for grade in GRADES if row[f"g{grade}"] == "1"))
        for row in rows
    }
    return MappingProxyType(terms)
