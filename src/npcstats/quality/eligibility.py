"""Rules about eligibility: the trial's criteria, evaluated on what the export holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from npcstats.clinical.criteria import (
    AllOf,
    AnyOf,
    Compare,
    Eligibility,
    Given,
    Member,
    evaluate_criteria,
    rule_fields,
)
from npcstats.clinical.criteria import Rule as CriterionRule
from npcstats.quality.inspection import Array, Inspection, Mark, Rule, filled, mark

GROUP = "Eligibility"
DAY = "DT"


def _criteria_met(inspected: Inspection) -> list[Mark]:
    judged = _judge(inspected)[0]
    return mark(
        "adsl",
        np.array([bool(codes) for codes in judged.failed], dtype=bool),
        lambda i: f"not met: {', '.join(judged.failed[i])}",
    )


def _criteria_known(inspected: Inspection) -> Iterator[Mark]:
    judged, absent = _judge(inspected)
    for i, codes in enumerate(judged.queried):
        asked = [code for code in codes if code not in absent]
        if asked:
            yield Mark("adsl", i + 1, f"cannot be judged, a value is missing or out of date: {', '.join(asked)}")


def _violation_has_deviation(inspected: Inspection) -> list[Mark]:
    adsl, addv = inspected.study["adsl"], inspected.study["addv"]
    judged = _judge(inspected)[0]
    told = adsl["USUBJID"].isin(addv.loc[addv["DVCAT"] == inspected.checks.deviation, "USUBJID"]).to_numpy()
    failed = np.array([bool(codes) for codes in judged.failed], dtype=bool)
    text = f"enrolled against a criterion, but no deviation of category {inspected.checks.deviation} is recorded"
    return mark("adsl", failed & ~told, lambda i: text)


def _screening_codes(inspected: Inspection) -> list[Mark]:
    criterion = inspected.study["adscr"]["CRITERION"]
    codes = [item.code for item in inspected.checks.criteria]
    return mark(
        "adscr",
        filled(criterion) & ~criterion.isin(codes).to_numpy(),
        lambda i: "the criterion that failed is none of the protocol's",
    )


def _judge(inspected: Inspection) -> tuple[Eligibility, frozenset[str]]:
    """Evaluate the criteria; with the codes of those that ask for something the export does not hold."""
    columns, units = _columns(inspected)
    criteria = inspected.checks.criteria
    wanted = dict.fromkeys(name for item in criteria for name in rule_fields(item.rule))
    size = len(inspected.study["adsl"])
    absent = [name for name in wanted if name not in columns]
    blank = np.full(size, None, dtype=object)
    whole = {**columns, **dict.fromkeys(absent, blank)}
    for item in criteria:
        for rule in _parts(item.rule):
            if isinstance(rule, Member):
                whole[rule.field] = _listed(whole[rule.field], (*rule.levels, *rule.unknown))
            if isinstance(rule, Compare):
                accepted = [limit.unit for limit in rule.limits]
                unit = units.setdefault(rule.field, np.full(size, accepted[0], dtype=object))
                known = np.isin(unit.astype(str), accepted)
                whole[rule.field] = np.where(known, np.asarray(whole[rule.field], dtype=float), np.nan)
    unasked = frozenset(item.code for item in criteria if set(rule_fields(item.rule)) & set(absent))
    return evaluate_criteria(criteria, whole, units=units), unasked


def _listed(values: Array, levels: tuple[str, ...]) -> Array:
    """Leave out codes that do not exist: the schema names them, and they decide no criterion."""
    texts = np.array([_digits(item) for item in values], dtype=object)
    return np.where(np.isin(texts.astype(str), levels), texts, "")


def _digits(item: object) -> str:
    if item is None or item != item:
        return ""
    return str(int(item)) if isinstance(item, float) and item.is_integer() else str(item)


def _parts(rule: CriterionRule) -> Iterator[CriterionRule]:
    yield rule
    if isinstance(rule, AllOf | AnyOf):
        for part in rule.rules:
            yield from _parts(part)
    elif isinstance(rule, Given):
        yield from _parts(rule.condition)
        yield from _parts(rule.rule)


def _columns(inspected: Inspection) -> tuple[dict[str, Array], dict[str, Array]]:
    adsl, checks = inspected.study["adsl"], inspected.checks
    columns: dict[str, Array] = {str(name): adsl[name].to_numpy() for name in adsl.columns}
    for name, sources in checks.fields.items():
        here = [adsl[source] for source in sources if source in adsl]
        if here:
            columns[name] = _first_filled(here)
    for name, sources in checks.recorded.items():
        if set(sources) <= set(adsl.columns):
            columns[name] = np.where(np.any([filled(adsl[source]) for source in sources], axis=0), "Y", "N")
    found, units = _laboratory(inspected, checks.laboratory_fields)
    return columns | found, units


def _first_filled(choices: list[pd.Series]) -> Array:
    values = choices[0]
    for other in choices[1:]:
        values = values.where(filled(values), other)
    return values.to_numpy()


def _laboratory(inspected: Inspection, wanted: Mapping[str, str]) -> tuple[dict[str, Array], dict[str, Array]]:
    """Return the last value of each parameter on or before registration, its day and its unit."""
    if not inspected.has("adlb", "USUBJID", "PARAMCD", "ADT", "AVAL", "AVALU"):
        return {}, {}
    adlb, people = inspected.study["adlb"], inspected.study["adsl"]["USUBJID"]
    if not inspected.has("adsl", inspected.checks.registration):
        return {}, {}
    registered = pd.Series(inspected.of("adlb", inspected.checks.registration), index=adlb.index)
    before = adlb.loc[(adlb["ADT"] <= registered) & adlb["AVAL"].notna()].sort_values("ADT", kind="stable")
    columns, units = {}, {}
    for name, code in wanted.items():
        last = before.loc[before["PARAMCD"] == code].drop_duplicates("USUBJID", keep="last").set_index("USUBJID")
        theirs = last.reindex(people)
        columns[name], columns[name + DAY] = theirs["AVAL"].to_numpy(dtype=float), theirs["ADT"].to_numpy()
        units[name] = theirs["AVALU"].fillna("").to_numpy(dtype=object)
    return columns, units


RULES = (
    Rule(
        "ELIG-MET",
        GROUP,
        "Whoever is enrolled meets every criterion.",
        "query",
        ("adsl.USUBJID", "adsl.ENRLDT"),
        _criteria_met,
        lambda checks: checks.criteria_file,
    ),
    Rule(
        "ELIG-KNOWN",
        GROUP,
        "Every criterion that the export holds values for can be judged.",
        "query",
        ("adsl.USUBJID", "adsl.ENRLDT"),
        _criteria_known,
        lambda checks: checks.criteria_file,
    ),
    Rule(
        "ELIG-DEVIATION",
        GROUP,
        "Enrolment against a criterion is recorded as a deviation.",
        "query",
        ("adsl.USUBJID", "adsl.ENRLDT", "addv.USUBJID", "addv.DVCAT"),
        _violation_has_deviation,
        lambda checks: checks.criteria_file,
    ),
    Rule(
        "SCREEN-CODE",
        GROUP,
        "A criterion that failed at screening is one of the protocol's.",
        "error",
        ("adscr.CRITERION",),
        _screening_codes,
        lambda checks: checks.criteria_file,
    ),
)
