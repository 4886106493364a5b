"""Rules about who is who: identifiers that are one but for how they are written, and participants who stand twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import numpy as np
import pandas as pd

from npcstats.quality.inspection import Inspection, Mark, Rule, filled
from npcstats.study import ADSL, ENTERED, TREATMENTS, input_schemas

GROUP = "Participants"
WRITTEN = "but for case, blanks, invisible signs or the form of a letter, the identifier is that of"
BIRTH_LIKE = ("ICFDT", "ENRLDT", "AGE", "SEX")
FEWEST = 6
ALIKE = 0.8
UNSEEN = {chr(code) for code in (*range(0xFE00, 0xFE10), 0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0)}
"""Signs that take no place or leave it blank, and are of no category that says so."""


def same_identifier(text: str) -> str:
    """Write an identifier so that two that look the same are the same.

    Parameters
    ----------
    text : str
        As recorded.

    Returns
    -------
    str
        In compatibility form and without case, blanks, and signs that are not seen.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(_plain_sign(c) for c in plain)


def _plain_sign(sign: str) -> str:
    kind = unicodedata.category(sign)
    if sign.isspace() or kind in ("Cf", "Cc") or sign in UNSEEN:
        return ""
    return "-" if kind == "Pd" else sign


def _identifiers(inspected: Inspection) -> Iterator[Mark]:
    adsl = inspected.study[ADSL]["USUBJID"]
    first = _first_rows(adsl)
    for name, schema in input_schemas(inspected.study.design).items():
        for column in (item.name for item in schema.columns if item.kind == "identifier"):
            if inspected.has(name, column):
                values = inspected.study[name][column]
                other = name != ADSL and column == "USUBJID"
                yield from _alike(inspected, name, values, first if other else _first_rows(values), other)


def _first_rows(values: pd.Series) -> dict[str, tuple[str, int]]:
    """How an identifier is first written, and where, by what is the same."""
    found: dict[str, tuple[str, int]] = {}
    for place, text in enumerate(values):
        if text:
            found.setdefault(same_identifier(text), (text, place))
    return found


def _alike(
    inspected: Inspection, name: str, values: pd.Series, first: dict[str, tuple[str, int]], other: bool
) -> Iterator[Mark]:
    plain = {text: same_identifier(text) for text in values.unique()}
    known = {text for text, _ in first.values()}
    where = ADSL if other else name
    for place, text in enumerate(values):
        written, row = first.get(plain[text], (text, place))
        if text and written != text and not (other and text in known):
            beside = f"{ADSL} " if other else ""
            yield Mark(name, place + 1, f"{WRITTEN} {beside}{inspected.row(where, row)}")


def _one_person(inspected: Inspection) -> Iterator[Mark]:
    """Two participants who are equal in every number and date that was recorded before treatment, and in all else."""
    adsl, schema = inspected.study[ADSL], input_schemas(inspected.study.design)[ADSL]
    kept = [c.name for c in schema.columns if c.kind != "identifier" and c.name in adsl and not c.known_from
            and c.name not in (*TREATMENTS, ENTERED)]  # fmt: skip
    early = [name for name in BIRTH_LIKE if name in kept]
    if len(early) < 2:
        return
    whole = np.all([filled(adsl[name]) for name in early], axis=0)
    known = adsl.iloc[np.flatnonzero(whole)]
    for _, rows in known.groupby(early, sort=False):
        if len(rows) > 1:
            yield from _twins(inspected, rows[kept])


def _twins(inspected: Inspection, rows: pd.DataFrame) -> Iterator[Mark]:
    held = np.column_stack([filled(rows[name]) for name in rows])
    places = rows.index.to_numpy(dtype=int)
    for i in range(1, len(rows)):
        for j in range(i):
            both = held[i] & held[j]
            equal = int((both & np.asarray(rows.iloc[i] == rows.iloc[j], dtype=bool)).sum())
            if both.sum() >= FEWEST and equal >= ALIKE * both.sum():
                before = inspected.row(ADSL, int(places[j]))
                text = f"{equal} of {int(both.sum())} values are those of {before}: one participant twice"
                yield Mark(ADSL, int(places[i]) + 1, text)
                break


def _copied_visit(inspected: Inspection) -> Iterator[Mark]:
    adlb, fewest = inspected.study["adlb"], inspected.checks.copied or 0
    values = adlb.loc[filled(adlb["AVISIT"]) & adlb["AVAL"].notna().to_numpy()]
    values = values.assign(place=values.index).drop_duplicates(["USUBJID", "AVISIT", "PARAMCD"])
    wide = values.pivot(index=["USUBJID", "AVISIT"], columns="PARAMCD", values="AVAL")
    start = values.groupby(["USUBJID", "AVISIT"])[["ADT", "place"]].min().reindex(wide.index)
    start = start.sort_values(["ADT", "place"], kind="stable")
    wide = wide.reindex(start.index)
    numbers, days = wide.to_numpy(dtype=float), start["ADT"].to_numpy()
    people = wide.index.get_level_values(0).to_numpy(dtype=object)
    for i, j in _equal_rows(numbers, people, fewest):
        place, other = int(start["place"].iloc[i]), int(start["place"].iloc[j])
        who = "the same participant" if people[i] == people[j] else "another participant"
        if days[i] != days[j] or people[i] != people[j]:
            text = f"all values of the visit are those of {who}'s visit from {inspected.row('adlb', other)} on"
            yield Mark("adlb", place + 1, text)


def _equal_rows(numbers: np.ndarray, people: np.ndarray, fewest: int) -> Iterator[tuple[int, int]]:
    """Later rows all of whose numbers, where both have one, are those of an earlier one; each row once."""
    told = set()
    order: dict[str, list[int]] = {}
    for i, who in enumerate(people):
        for j in order.get(who, []):
            both = ~np.isnan(numbers[i]) & ~np.isnan(numbers[j])
            if i not in told and both.sum() >= fewest and np.array_equal(numbers[i][both], numbers[j][both]):
                told.add(i)
                yield i, j
        order.setdefault(who, []).append(i)
    seen: dict[bytes, int] = {}
    for i, row in enumerate(numbers):
        if (~np.isnan(row)).sum() >= fewest and i not in told:
            first = seen.setdefault(row.tobytes(), i)
            if first != i and people[first] != people[i]:
                yield i, first


RULES = (
    Rule(
        "IDENTIFIER",
        GROUP,
        "An identifier is written in one way; what differs only in case, blanks or signs that are not seen is one.",
        "error",
        (),
        _identifiers,
    ),
    Rule("PERSON-TWICE", GROUP, "A participant is in ADSL once.", "query", (), _one_person),
    Rule(
        "VISIT-COPY",
        GROUP,
        "The values of a visit are not those of another visit or participant.",
        "query",
        ("adlb.USUBJID", "adlb.PARAMCD", "adlb.AVISIT", "adlb.ADT", "adlb.AVAL"),
        _copied_visit,
        lambda checks: checks.copied,
    ),
)
