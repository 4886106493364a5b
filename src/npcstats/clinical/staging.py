"""AJCC/UICC anatomical staging of nasopharyngeal carcinoma, versions 8 and 9, as complete tables.

It knows codes and their grouping, in words of its own. It must not know a participant, and it never turns a category
of one version into one of the other: N3 can change through extranodal extension.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from npcstats.choices import check_choice
from npcstats.clinical.values import Bools, Texts, align, as_texts

Version = Literal[8, 9]

VERSIONS: tuple[Version, ...] = (8, 9)
UNKNOWN = "UNKNOWN"
NOT_RECORDED = ("", UNKNOWN)
T_CODES = ("TX", "T0", "Tis", "T1", "T2", "T3", "T4")
N_CODES = ("NX", "N0", "N1", "N2", "N3")
M_CODES: dict[Version, tuple[str, ...]] = {8: ("M0", "M1"), 9: ("M0", "M1", "M1a", "M1b")}
STAGES: dict[Version, tuple[str, ...]] = {
    8: ("0", "I", "II", "III", "IVA", "IVB"),
    9: ("0", "IA", "IB", "II", "III", "IV", "IVA", "IVB"),
}
"""Stage groups of each version, in order; `UNKNOWN` is a value beside them."""

_X = UNKNOWN

# rows: T_CODES; columns: N_CODES; M0 only
_M0_GROUPS: dict[Version, dict[str, tuple[str, ...]]] = {
    8: {
        #        NX     N0     N1     N2     N3
        "TX":  (_X,    _X,    _X,    _X,    "IVA"),
        "T0":  (_X,    _X,    "II",  "III", "IVA"),
        "Tis": (_X,    "0",   _X,    _X,    _X),
        "T1":  (_X,    "I",   "II",  "III", "IVA"),
        "T2":  (_X,    "II",  "II",  "III", "IVA"),
        "T3":  (_X,    "III", "III", "III", "IVA"),
        "T4":  ("IVA", "IVA", "IVA", "IVA", "IVA"),
    },
    9: {
        "TX":  (_X,    _X,    _X,    _X,    "III"),
        "T0":  (_X,    _X,    "IB",  "II",  "III"),
        "Tis": (_X,    "0",   _X,    _X,    _X),
        "T1":  (_X,    "IA",  "IB",  "II",  "III"),
        "T2":  (_X,    "IA",  "IB",  "II",  "III"),
        "T3":  (_X,    "II",  "II",  "II",  "III"),
        "T4":  ("III", "III", "III", "III", "III"),
    },
}  # fmt: skip
_M1_GROUPS: dict[Version, dict[str, str]] = {8: {"M1": "IVB"}, 9: {"M1": "IV", "M1a": "IVA", "M1b": "IVB"}}


def stage_group(t: object, n: object, m: object, *, version: Version) -> Texts:
    """Group T, N and M categories into an anatomical stage.

    Parameters
    ----------
    t : array_like of str, shape (n,) or ()
        T category, one of `T_CODES`; ``""`` or ``UNKNOWN`` where not recorded.
    n : array_like of str, shape (n,) or ()
        N category, one of `N_CODES`; ``""`` or ``UNKNOWN`` where not recorded.
    m : array_like of str, shape (n,) or ()
        M category, one of `M_CODES` of the version; ``""`` or ``UNKNOWN`` where not recorded.
    version : {8, 9}
        Version in which all three categories were assigned.

    Returns
    -------
    numpy.ndarray of str, broadcast shape
        One of `STAGES` of the version, or ``UNKNOWN``, which is a query and never a stage.

    Raises
    ------
    DataError
        If a code does not exist in that version.
    SpecError
        If `version` is not 8 or 9.

    Notes
    -----
    *Convention.* T4 and N3 decide also where the other category is TX, NX or not recorded, but in situ disease with
    nodes and T0 without nodes contradict themselves and are ``UNKNOWN``. Distant metastasis decides whatever T and N
    are; M that is not recorded decides nothing, not even with T4.

    *Verified* cell by cell against the grouping written as rules.

    References
    ----------
    Pan JJ et al. JAMA Oncol 2024;10(12):1627-35, doi:10.1001/jamaoncol.2024.4354, with its correction 10(12):1736.
    """
    check_choice(version, "version", VERSIONS)
    groups = _groups(version)
    categories = align(
        "stage",
        as_texts(t, "T category", levels=(*T_CODES, *NOT_RECORDED)),
        as_texts(n, "N category", levels=(*N_CODES, *NOT_RECORDED)),
        as_texts(m, f"M category of version {version}", levels=(*M_CODES[version], *NOT_RECORDED)),
    )
    stages = [groups.get(_cell(*cell), UNKNOWN) for cell in zip(*(c.ravel() for c in categories), strict=True)]
    return np.array(stages, dtype=object).reshape(categories[0].shape)


def stage_disagreements(t: object, n: object, m: object, stage: object, *, version: Version) -> Bools:
    """Find recorded stages that their own categories contradict.

    Parameters
    ----------
    t, n, m : array_like of str, shape (n,)
        Categories, as in `stage_group`.
    stage : array_like of str, shape (n,)
        Recorded stage, one of `STAGES` of the version; ``""`` or ``UNKNOWN`` where not recorded.
    version : {8, 9}
        Version of the categories and of the stage.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        True where both the recorded and the grouped stage are known and differ.

    Raises
    ------
    DataError
        If a code does not exist in that version.
    """
    grouped = stage_group(t, n, m, version=version)
    recorded = as_texts(stage, f"stage of version {version}", levels=(*STAGES[version], *NOT_RECORDED))
    known = (grouped != UNKNOWN) & (recorded != UNKNOWN) & (recorded != "")
    return np.asarray(known & (grouped != recorded), dtype=np.bool_)


def _cell(t: str, n: str, m: str) -> tuple[str, str, str]:
    return "TX" if t in NOT_RECORDED else t, "NX" if n in NOT_RECORDED else n, m


def _groups(version: Version) -> dict[tuple[str, str, str], str]:
    metastatic = {(t, n, m): group for m, group in _M1_GROUPS[version].items() for t in T_CODES for n in N_CODES}
    local = {
        (t, n, "M0"): group for t, row in _M0_GROUPS[version].items() for n, group in zip(N_CODES, row, strict=True)
    }
    return {**metastatic, **local}
