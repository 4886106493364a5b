"""Rules about values: units, unit swaps, plausible ranges, and number and text that say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from npcstats.quality.inspection import Bools, Floats, Inspection, Mark, Rule, filled, mark, number
from npcstats.quality.values import LaboratoryRange, Leap

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


def _of_one_day(inspected: Inspection, codes: Iterable[str]) -> pd.DataFrame:
    """Numbers of some parameters side by side, one row for each participant and day, with the row each stands in."""
    adlb = inspected.study["adlb"]
    wanted = adlb.loc[adlb["PARAMCD"].isin(list(codes)) & adlb["AVAL"].notna() & adlb["ADT"].notna()]
    once = wanted.assign(place=wanted.index).drop_duplicates(["USUBJID", "ADT", "PARAMCD"])
    return once.pivot(index=["USUBJID", "ADT"], columns="PARAMCD", values=["AVAL", "place"])


def _parts_within(inspected: Inspection) -> Iterator[Mark]:
    for item in inspected.checks.parts:
        wide = _of_one_day(inspected, (*item.parts, item.whole))
        if not {*item.parts, item.whole} <= set(wide.columns.get_level_values(1)):
            continue
        total = sum((wide["AVAL"][code] for code in item.parts[1:]), wide["AVAL"][item.parts[0]])
        whole = wide["AVAL"][item.whole] * item.factor
        broken = total > whole * (1.0 + item.tolerance)
        for found, most, place in zip(total[broken], whole[broken], wide["place"][item.whole][broken], strict=True):
            text = f"{' and '.join(item.parts)} of the day are {number(found)}, {item.whole} {number(most)}"
            yield Mark("adlb", int(place) + 1, text if item.factor == 1.0 else f"{text} in the same unit")


def _ratio_follows(inspected: Inspection) -> Iterator[Mark]:
    for item in inspected.checks.ratios:
        codes = (item.code, item.numerator, item.denominator)
        wide = _of_one_day(inspected, codes)
        if not {*codes} <= set(wide.columns.get_level_values(1)):
            continue
        due = wide["AVAL"][item.numerator] / wide["AVAL"][item.denominator].where(wide["AVAL"][item.denominator] > 0)
        told = wide["AVAL"][item.code]
        broken = (told - due).abs() > item.tolerance * due.abs()
        for found, right, place in zip(told[broken], due[broken], wide["place"][item.code][broken], strict=True):
            text = f"{item.code} is {number(found)}; {item.numerator} over {item.denominator} is {right:.3g}"
            yield Mark("adlb", int(place) + 1, text)


def _no_leap(inspected: Inspection) -> Iterator[Mark]:
    for item in inspected.checks.leaps:
        if not inspected.has(item.frame, "USUBJID", "PARAMCD", "ADT", "AVAL"):
            continue
        frame = inspected.study[item.frame]
        course = frame.loc[(frame["PARAMCD"] == item.code) & (frame["AVAL"] > 0) & frame["ADT"].notna()]
        course = course.sort_values(["USUBJID", "ADT"], kind="stable")
        values = course.groupby("USUBJID")["AVAL"]
        before, after, here = values.shift(1), values.shift(-1), course["AVAL"]
        low, high = np.minimum(before, after), np.maximum(before, after)
        leaps = np.maximum(here / high, low / here).where(~_out_of_range(inspected, item, here))
        for place in course.index[(leaps > item.factor) & (high <= item.agree * low)]:
            text = f"{item.code} of {number(here[place])} between {number(before[place])} and {number(after[place])}"
            yield Mark(item.frame, int(place) + 1, text)


def _out_of_range(inspected: Inspection, course: Leap, values: pd.Series) -> Bools:
    """Values that are implausible by themselves, which another rule finds."""
    outside = np.zeros(len(values), dtype=np.bool_)
    for item in inspected.checks.laboratory:
        if course.frame == "adlb" and item.code == course.code:
            outside |= ((values < item.low) | (values > item.high)).to_numpy(dtype=np.bool_)
    return outside


def _has_logarithm(inspected: Inspection) -> list[Mark]:
    adlb = inspected.study["adlb"]
    values = adlb["AVAL"].to_numpy(dtype=float)
    here = adlb["PARAMCD"].isin(inspected.checks.logged).to_numpy()
    if "AVALC" in adlb:
        here &= ~adlb["AVALC"].isin((NOT_DETECTED, BELOW_LIMIT)).to_numpy()
    return mark("adlb", here & (values <= 0), lambda i: f"{number(values[i])} has no logarithm, which is analyzed")


def _number_above_limit(inspected: Inspection) -> Iterator[Mark]:
    adlb = inspected.study["adlb"]
    values, limits = (adlb[name].to_numpy(dtype=float) for name in ("AVAL", "LLOQ"))
    yield from mark("adlb", values < limits, lambda i: f"{number(values[i])} is below the limit of {number(limits[i])}")
    usual = adlb.groupby(["PARAMCD", "ASSAYVER"])["LLOQ"].transform(_most_often).to_numpy(dtype=float)
    other = filled(adlb["LLOQ"]) & (limits != usual)
    yield from mark(
        "adlb", other, lambda i: f"a limit of {number(limits[i])}; {number(usual[i])} is the assay's"
    )  # fmt: skip


def _most_often(values: pd.Series) -> float:
    return float(values.mode().iloc[0]) if values.notna().any() else np.nan


def _same_as_baseline(inspected: Inspection) -> Iterator[Mark]:
    adsl, adlb = inspected.study["adsl"], inspected.study["adlb"]
    before = adlb.loc[adlb["ADT"].to_numpy() <= inspected.of("adlb", "TRTSDT")].sort_values("ADT", kind="stable")
    for column, code in inspected.checks.baseline.items():
        if column not in adsl:
            continue
        last = (
            before.loc[before["PARAMCD"] == code].drop_duplicates("USUBJID", keep="last").set_index("USUBJID")["AVAL"]
        )
        told, found = adsl[column].to_numpy(dtype=float), last.reindex(adsl["USUBJID"]).to_numpy(dtype=float)
        yield from mark("adsl", np.abs(told - found) > 0,
                        lambda i, c=column, p=code, t=told, f=found: (  # type: ignore[misc]
                            f"{c} is {number(t[i])}; the last {p} before treatment is {number(f[i])}"))  # fmt: skip


_COURSE = ("adlb.USUBJID", "adlb.PARAMCD", "adlb.ADT", "adlb.AVAL")

RULES = (
    Rule(
        "LB-UNIT",
        GROUP,
        "A laboratory value has the unit of its parameter.",
        "error",
        ("adlb.PARAMCD", "adlb.AVALU"),
        _right_unit,
        lambda checks: checks.laboratory,
    ),
    Rule(
        "LB-SWAP",
        GROUP,
        "A laboratory value was not entered in another unit than the one beside it.",
        "error",
        ("adlb.PARAMCD", "adlb.AVALU", "adlb.AVAL"),
        _no_swap,
        lambda checks: checks.laboratory,
    ),
    Rule(
        "LB-RANGE",
        GROUP,
        "A laboratory value is plausible.",
        "query",
        ("adlb.PARAMCD", "adlb.AVALU", "adlb.AVAL"),
        _plausible_value,
        lambda checks: checks.laboratory,
    ),
    Rule(
        "LB-TEXT",
        GROUP,
        "A result as a number and as text is the same; below a limit there is a limit and no number.",
        "error",
        ("adlb.AVAL", "adlb.AVALC", "adlb.LLOQ"),
        _text_agrees,
    ),
    Rule(
        "LB-LIMIT",
        GROUP,
        "A number is not below the limit of quantification, and an assay has one limit.",
        "query",
        ("adlb.PARAMCD", "adlb.ASSAYVER", "adlb.AVAL", "adlb.LLOQ"),
        _number_above_limit,
    ),
    Rule(
        "LB-PARTS",
        GROUP,
        "Parts do not exceed their whole.",
        "error",
        _COURSE,
        _parts_within,
        lambda checks: checks.parts,
    ),
    Rule(
        "LB-RATIO",
        GROUP,
        "A ratio is that of its values.",
        "query",
        _COURSE,
        _ratio_follows,
        lambda checks: checks.ratios,
    ),
    Rule(
        "LEAP",
        GROUP,
        "No single value leaps away from neighbours that agree.",
        "query",
        (),
        _no_leap,
        lambda checks: checks.leaps,
    ),
    Rule(
        "LB-LOG",
        GROUP,
        "A value whose logarithm is analyzed is above zero.",
        "error",
        ("adlb.PARAMCD", "adlb.AVAL"),
        _has_logarithm,
        lambda checks: checks.logged,
    ),
    Rule(
        "LB-BASELINE",
        GROUP,
        "A value of ADSL at baseline is the last one before treatment.",
        "query",
        (*_COURSE, "adsl.TRTSDT"),
        _same_as_baseline,
        lambda checks: checks.baseline,
    ),
    Rule(
        "VALUE-RANGE",
        GROUP,
        "A value is plausible.",
        "query",
        (),
        _plausible_number,
        lambda checks: checks.numbers,
    ),
)
