"""AJCC/UICC anatomical staging of nasopharyngeal carcinoma, versions 8 and 9, as complete tables.

It knows codes and their grouping, in words of its own. It must not know a participant, and it never turns a category
of one version into one of the other: N3 can change through extranodal extension.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from npcstats.clinical.values import FLAGS, Bools, Texts, align, as_floats, as_texts, check_choice, significant
from npcstats.errors import DataError

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

T_LABELS = {
    "TX": "Cannot be assessed",
    "T0": "No primary found, cervical node positive for EBV",
    "Tis": "In situ",
    "T1": "Nasopharynx, or into oropharynx or nasal cavity, not parapharyngeal",
    "T2": "Parapharyngeal space or adjacent soft tissue",
    "T3": "Bone of skull base, cervical vertebra or pterygoid structures, or paranasal sinus",
    "T4": "Intracranial, cranial nerve, hypopharynx, orbit, parotid, or beyond the lateral pterygoid muscle",
}
N_LABELS: dict[Version, dict[str, str]] = {
    8: {
        "NX": "Cannot be assessed",
        "N0": "None",
        "N1": "Cervical on one side or retropharyngeal, up to 6 cm, above the caudal border of the cricoid",
        "N2": "Cervical on both sides, up to 6 cm, above the caudal border of the cricoid",
        "N3": "Over 6 cm, or below the caudal border of the cricoid",
    },
    9: {
        "NX": "Cannot be assessed",
        "N0": "None",
        "N1": "As N1 of version 8, without advanced extranodal extension",
        "N2": "As N2 of version 8, without advanced extranodal extension",
        "N3": "Over 6 cm, or below the caudal border of the cricoid, or advanced radiologic extranodal extension",
    },
}
M_LABELS: dict[Version, dict[str, str]] = {
    8: {"M0": "None", "M1": "Distant metastasis"},
    9: {
        "M0": "None",
        "M1": "Distant metastasis, number of lesions not specified",
        "M1a": "Up to 3 metastatic lesions",
        "M1b": "More than 3 metastatic lesions",
    },
}

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

LARGE_NODE = 6.0
CERVICAL = ("none", "unilateral", "bilateral")


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


def node_category(
    cervical: object,
    retropharyngeal: object,
    size: object,
    below_cricoid: object,
    extranodal: object,
    *,
    version: Version,
) -> Texts:
    """Derive the N category from what was seen of the nodes.

    Parameters
    ----------
    cervical : array_like of {"none", "unilateral", "bilateral", ""}, shape (n,) or ()
        Sides with cervical nodes.
    retropharyngeal : array_like of {"Y", "N", ""}
        Retropharyngeal nodes on either side.
    size : array_like of float
        Largest dimension of the largest node, in cm; NaN where not recorded.
    below_cricoid : array_like of {"Y", "N", ""}
        Extension below the caudal border of the cricoid cartilage.
    extranodal : array_like of {"Y", "N", ""}
        Advanced radiologic extranodal extension: into adjacent muscle, skin or neurovascular bundle. Version 8 does
        not use it.
    version : {8, 9}
        Version of the category.

    Returns
    -------
    numpy.ndarray of str, broadcast shape
        N0 to N3, or ``UNKNOWN`` where the recorded findings do not decide or contradict each other. NX is a
        clinician's statement and is never derived.

    Raises
    ------
    DataError
        If a value is not in its closed set or a size is negative.
    SpecError
        If `version` is not 8 or 9.

    Notes
    -----
    *Convention.* One criterion of N3 is enough, whatever else is unknown; N1 and N2 need all of them denied. Exactly
    6 cm is not above 6 cm, on 15 significant digits. No node with a criterion of N3 is a contradiction.
    """
    check_choice(version, "version", VERSIONS)
    sides, behind, largest, low, extension = align(
        "nodes",
        as_texts(cervical, "cervical nodes", levels=(*CERVICAL, "")),
        as_texts(retropharyngeal, "retropharyngeal nodes", levels=FLAGS),
        significant(as_floats(size, "node size in cm", minimum=0)),
        as_texts(below_cricoid, "below the cricoid", levels=FLAGS),
        as_texts(extranodal, "extranodal extension", levels=FLAGS),
    )
    none = (sides == "none") & (behind == "N")
    criteria = [(largest > LARGE_NODE, largest <= LARGE_NODE), (low == "Y", low == "N")]
    if version == 9:
        criteria.append((extension == "Y", extension == "N"))
    advanced: Bools = np.any([present for present, _ in criteria], axis=0)
    denied: Bools = np.all([absent for _, absent in criteria], axis=0)
    one_side = (sides == "unilateral") | ((sides == "none") & (behind == "Y"))
    cases = [none & ~advanced, none, advanced, denied & (sides == "bilateral"), denied & one_side]
    return np.select(cases, ["N0", UNKNOWN, "N3", "N2", "N1"], default=UNKNOWN).astype(object)


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


def cross_tabulate_stages(stage8: object, stage9: object) -> dict[tuple[str, str], int]:
    """Count participants by the stage that each version gives them, for the cross-walk.

    Parameters
    ----------
    stage8, stage9 : array_like of str, shape (n,)
        Stages of the same participants, each grouped from categories of its own version.

    Returns
    -------
    dict of (str, str) to int
        Every pair of a version 8 and a version 9 stage, ``UNKNOWN`` last in both, with its count, 0 included.

    Raises
    ------
    DataError
        If a stage does not exist in its version, or the lengths differ.
    """
    rows, columns = ((*STAGES[version], UNKNOWN) for version in VERSIONS)
    old = as_texts(stage8, "stage of version 8", levels=rows)
    new = as_texts(stage9, "stage of version 9", levels=columns)
    if old.shape != new.shape:
        raise DataError(f"stages: {old.size} of version 8 and {new.size} of version 9; one of each is required.")
    return {(row, column): int(np.sum((old == row) & (new == column))) for row in rows for column in columns}


def _cell(t: str, n: str, m: str) -> tuple[str, str, str]:
    return "TX" if t in NOT_RECORDED else t, "NX" if n in NOT_RECORDED else n, m


def _groups(version: Version) -> dict[tuple[str, str, str], str]:
    metastatic = {(t, n, m): group for m, group in _M1_GROUPS[version].items() for t in T_CODES for n in N_CODES}
    local = {
        (t, n, "M0"): group for t, row in _M0_GROUPS[version].items() for n, group in zip(N_CODES, row, strict=True)
    }
    return {**metastatic, **local}
