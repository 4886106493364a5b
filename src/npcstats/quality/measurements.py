"""Rules about values: units, unit swaps, plausible ranges, and number and text that say the same."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from npcstats.quality.inspection import Bools, Floats, Inspection, Mark, Rule, filled, mark, number
from npcstats.quality.values import LaboratoryRange

GROUP = "Measurements"
NOT_DETECTED = "ND"
BELOW_LIMIT = "<LLOQ"


def _declared(inspected: Inspection) -> Iterator[tuple[LaboratoryRange, Bools]]:
    codes = inspected.study["adlb"]["PARAMCD"].to_numpy()
    for expected in inspected.checks.laboratory:
        yield expected, codes == expected.code


def _right_unit(inspected: Inspection) -> Iterator[Mark]:
    units = inspected.study["adlb"]["AVALU"].to_numpy()
    # only units that the checks name are repeated: the text may hold anything
    named = {item.unit for item in inspected.checks.laboratory}
    named |= {swap.unit for item in inspected.checks.laboratory for swap in item.swaps}
    for expected, here in _declared(inspected):
        yield from mark(
            "adlb",
            here & (units != expected.unit),
            lambda i, e=expected: f"{e.code} in {_unit_words(str(units[i]), named)}; {e.unit} is required",  # type: ignore[misc]
        )


def _unit_words(unit: str, named: set[str]) -> str:
    return unit if unit in named else "an unknown unit" if unit else "no unit"


def _implausible(inspected: Inspection) -> Iterator[tuple[LaboratoryRange, Floats, Bools]]:
    """Values in the declared unit that lie outside their range."""
    adlb = inspected.study["adlb"]
    values, units = adlb["AVAL"].to_numpy(dtype=float), adlb["AVALU"].to_numpy()
    for expected, here in _declared(inspected):
        yield expected, values, here & (units == expected.unit) & ((values < expected.low) | (values > expected.high))


def _swapped(expected: LaboratoryRange, value: float) -> str:
    """Say what the value would be in the unit with which it is confused; empty where it is plausible in none."""
    for swap in expected.swaps:
        if expected.low <= value / swap.factor <= expected.high:
            return f"as {swap.unit} it is {value / swap.factor:.3g} {expected.unit}"
    return ""


def _no_swap(inspected: Inspection) -> Iterator[Mark]:
    for expected, values, broken in _implausible(inspected):
        for i in np.flatnonzero(broken):
            other = _swapped(expected, values[i])
            if other:
                text = f"{expected.code} of {number(values[i])} {expected.unit} is implausible; {other}"
                yield Mark("adlb", int(i) + 1, text)


def _plausible_value(inspected: Inspection) -> Iterator[Mark]:
    for expected, values, broken in _implausible(inspected):
        for i in np.flatnonzero(broken):
            if not _swapped(expected, values[i]):
                span = f"{number(expected.low)} to {number(expected.high)}"
                text = f"{expected.code} of {number(values[i])} {expected.unit} is outside {span}"
                yield Mark("adlb", int(i) + 1, text)


def _plausible_number(inspected: Inspection) -> Iterator[Mark]:
    for expected in inspected.checks.numbers:
        if inspected.has(expected.frame, expected.column):
            values = inspected.study[expected.frame][expected.column].to_numpy(dtype=float)
            yield from mark(
                expected.frame,
                (values < expected.low) | (values > expected.high),
                lambda i, e=expected, v=values: (  # type: ignore[misc]
                    f"{e.column} is {number(v[i])}, outside {number(e.low)} to {number(e.high)}"
                ),
            )


def _text_agrees(inspected: Inspection) -> Iterator[Mark]:
    adlb = inspected.study["adlb"]
    text, values = adlb["AVALC"], adlb["AVAL"].to_numpy(dtype=float)
    below = text.isin((NOT_DETECTED, BELOW_LIMIT)).to_numpy()
    told = pd.to_numeric(text.where(~below & filled(text)), errors="coerce").to_numpy(dtype=float)
    numeric = ~below & filled(text)
    yield from mark("adlb", below & ~np.isnan(values), lambda i: f"AVALC is {text.iloc[i]}, but AVAL is filled")
    yield from mark("adlb", below & np.isnan(adlb["LLOQ"].to_numpy(dtype=float)),
                    lambda i: f"AVALC is {text.iloc[i]}, but LLOQ is missing")  # fmt: skip
    yield from mark("adlb", numeric & (told != values) & ~(np.isnan(told) & np.isnan(values)),
                    lambda i: f"AVAL is {number(values[i])}, but AVALC is {_as_number(told[i])}")  # fmt: skip
    yield from mark("adlb", numeric & np.isnan(told) & np.isnan(values),
                    lambda i: f"AVALC is neither a number nor {NOT_DETECTED} nor {BELOW_LIMIT}")  # fmt: skip


def _as_number(value: float) -> str:
    return "not a number" if np.isnan(value) else number(value)


RULES = (
    Rule(
        "LB-UNIT",
        GROUP,
        "A laboratory value has the unit of its parameter.",
        "error",
        ("adlb.PARAMCD", "adlb.AVALU"),
        _right_unit,
    ),
    Rule(
        "LB-SWAP",
        GROUP,
        "A laboratory value was not entered in another unit than the one beside it.",
        "error",
        ("adlb.PARAMCD", "adlb.AVALU", "adlb.AVAL"),
        _no_swap,
    ),
    Rule(
        "LB-RANGE",
        GROUP,
        "A laboratory value is plausible.",
        "query",
        ("adlb.PARAMCD", "adlb.AVALU", "adlb.AVAL"),
        _plausible_value,
    ),
    Rule(
        "LB-TEXT",
        GROUP,
        "A result as a number and as text is the same; below a limit there is a limit and no number.",
        "error",
        ("adlb.AVAL", "adlb.AVALC", "adlb.LLOQ"),
        _text_agrees,
    ),
    Rule("VALUE-RANGE", GROUP, "A value is plausible.", "query", (), _plausible_number),
)
