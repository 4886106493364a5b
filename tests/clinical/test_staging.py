"""Every cell of the grouping, and the committed trial's own stages."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from npcstats.clinical.staging import (
    M_CODES,
    N_CODES,
    STAGES,
    T_CODES,
    UNKNOWN,
    stage_disagreements,
    stage_group,
)
from npcstats.errors import DataError, SpecError

SIXTEEN = """
T1 IA IB II III
T2 IA IB II III
T3 II II II III
T4 III III III III
"""


def by_rules_9(t: str, n: str, m: str) -> str:
    """Version 9 as the rules read, first match wins."""
    if m != "M0":
        return {"M1a": "IVA", "M1b": "IVB", "M1": "IV"}[m]
    if t == "Tis" and n == "N0":
        return "0"
    if (t == "Tis" and n in ("N1", "N2", "N3")) or (t == "T0" and n == "N0"):
        return UNKNOWN
    if t == "T4" or n == "N3":
        return "III"
    if t == "TX" or n == "NX":
        return UNKNOWN
    if t == "T3" or n == "N2":
        return "II"
    return "IB" if n == "N1" else "IA"


def by_rules_8(t: str, n: str, m: str) -> str:
    """Version 8 as published, with the same contradictions unknown."""
    if m == "M1":
        return "IVB"
    if t == "Tis":
        return "0" if n == "N0" else UNKNOWN
    if t == "T4" or n == "N3":
        return "IVA"
    if t == "TX" or n == "NX" or (t, n) == ("T0", "N0"):
        return UNKNOWN
    if t == "T3" or n == "N2":
        return "III"
    return "I" if (t, n) == ("T1", "N0") else "II"


@pytest.mark.parametrize("line", SIXTEEN.split("\n")[1:-1])
def test_sixteen_cells_of_version_9(line: str) -> None:
    t, *expected = line.split()
    assert stage_group(t, ["N0", "N1", "N2", "N3"], "M0", version=9).tolist() == expected


@pytest.mark.parametrize(("version", "rules"), [(9, by_rules_9), (8, by_rules_8)])
def test_grouping_is_total_and_follows_the_rules(version: int, rules) -> None:
    cells = list(product(T_CODES, N_CODES, M_CODES[version]))
    t, n, m = (np.array(codes) for codes in zip(*cells, strict=True))
    grouped = stage_group(t, n, m, version=version)
    assert grouped.tolist() == [rules(*cell) for cell in cells]
    assert set(grouped) - {UNKNOWN} == set(STAGES[version])


@pytest.mark.parametrize(
    ("cell", "stage"),
    [
        (("TX", "N3", "M0"), "III"), (("T4", "NX", "M0"), "III"), (("T3", "NX", "M0"), UNKNOWN),
        (("TX", "N2", "M0"), UNKNOWN), (("TX", "NX", "M1a"), "IVA"), (("TX", "NX", "M1b"), "IVB"),
        (("T1", "N0", "M1"), "IV"), (("Tis", "N0", "M0"), "0"), (("Tis", "N3", "M0"), UNKNOWN),
        (("T0", "N0", "M0"), UNKNOWN), (("T0", "N1", "M0"), "IB"), (("T0", "N2", "M0"), "II"),
        (("", "N3", "M0"), "III"), (("T1", UNKNOWN, "M0"), UNKNOWN), (("T4", "N3", ""), UNKNOWN),
        ((None, None, "M1b"), "IVB"),
    ],
)  # fmt: skip
def test_edges_of_version_9(cell: tuple[str, str, str], stage: str) -> None:
    assert stage_group(*cell, version=9) == stage


def test_metastasis_subdivided_does_not_exist_in_version_8() -> None:
    with pytest.raises(DataError, match=r"M category of version 8: 1 value not in the code list \(row 2: M1a\)"):
        stage_group(["T1", "T1"], ["N0", "N0"], ["M0", "M1a"], version=8)


def test_misspelt_code_is_refused() -> None:
    with pytest.raises(DataError, match=r"T category: 1 value not in the code list \(row 1: t1\)"):
        stage_group("t1", "N0", "M0", version=9)


@pytest.mark.parametrize("version", [7, True, "9", None])
def test_version_is_from_a_closed_set(version: object) -> None:
    with pytest.raises(SpecError, match="one of 8, 9 is required"):
        stage_group("T1", "N0", "M0", version=version)


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(DataError, match="one value for each record"):
        stage_group(["T1", "T2"], ["N0", "N0", "N0"], "M0", version=9)


def test_disagreement_needs_two_known_stages() -> None:
    found = stage_disagreements(["T1", "T1", "TX", "T1"], "N0", "M0", ["IA", "IB", "IB", ""], version=9)
    assert found.tolist() == [False, True, False, False]


def test_stages_of_the_committed_trial_agree_with_their_categories(adsl) -> None:
    grouped = stage_group(adsl["T9"], adsl["N9"], adsl["M9"], version=9)
    assert (grouped == adsl["STAGE9"].to_numpy()).all()
    assert set(adsl["TNMVER"]) == {"9"}
