"""Rules about laboratory values and reported events: what is in one of them is in the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.derive import GradedParameter, Span, grade_values, match_reports, period_span
from npcstats.quality.inspection import Bools, Inspection, Mark, Rule, day_count, filled, number
from npcstats.quality.measurements import BELOW_LIMIT, NOT_DETECTED
from npcstats.quality.values import LaboratoryReports

GROUP = "Laboratory values and events"
REASON = "agreement of values and events"


@dataclass(frozen=True, eq=False)
class _Beside:
    """Values of a parameter and events of its term, and which of them are asked about and not answered.

    ``values`` and ``events`` are labeled by their rows of adlb and adae; ``measured`` are those of the events, in their
    order, around which there is any value.
    """

    values: pd.DataFrame
    unreported: Bools
    events: pd.DataFrame
    unsupported: Bools
    measured: Bools


def _members(inspected: Inspection) -> pd.DataFrame:
    return inspected.study["adsl"].drop_duplicates("USUBJID").reset_index(drop=True)


def _usable(inspected: Inspection, parameter: GradedParameter) -> pd.DataFrame:
    """Values of a parameter in which no other rule finds that they cannot be what they say."""
    adlb = inspected.study["adlb"]
    values = adlb["AVAL"].to_numpy(dtype=float)
    below = adlb["AVALC"].isin((BELOW_LIMIT, NOT_DETECTED)).to_numpy() & np.isnan(values)
    kept = (adlb["PARAMCD"] == parameter.code).to_numpy() & (adlb["AVALU"] == parameter.unit).to_numpy()
    kept &= np.where(below, filled(adlb["LLOQ"]), values >= 0)
    for item in inspected.checks.laboratory:
        if item.code == parameter.code:
            kept &= below | ((values >= item.low) & (values <= item.high))
    if parameter.code in inspected.checks.logged:
        kept &= below | (values > 0)
    return adlb.loc[kept]


def _events(inspected: Inspection, members: pd.DataFrame, term: str, grade: int) -> pd.DataFrame:
    adae = inspected.study["adae"]
    member = pd.Index(members["USUBJID"]).get_indexer(pd.Index(adae["USUBJID"]))
    # an end before the start is found by another rule: here it says nothing
    end = adae["AENDT"].where(~(adae["AENDT"] < adae["ASTDT"]))
    events = pd.DataFrame({"member": member, "start": adae["ASTDT"], "end": end})
    kept: pd.DataFrame = events.loc[(member >= 0) & ((adae["AEDECOD"] == term) & (adae["AETOXGR"] >= grade)).to_numpy()]
    return kept


def _all_beside(inspected: Inspection) -> Iterator[tuple[LaboratoryReports, GradedParameter, _Beside]]:
    reports, version = inspected.checks.reports, inspected.checks.ctcae
    if reports and version:
        members = _members(inspected)
        span = period_span(members, inspected.study.design.period(reports.period))
        for parameter in reports.parameters:
            adlb = _usable(inspected, parameter)
            values = grade_values(adlb, members, parameter, version=version, reason=REASON).records
            events = _events(inspected, members, parameter.term, reports.grade)
            yield reports, parameter, _beside(values, events, span, reports)


def _beside(values: pd.DataFrame, events: pd.DataFrame, span: Span, reports: LaboratoryReports) -> _Beside:
    asked = values["worse"].to_numpy() & (values["lowest"] >= reports.grade).to_numpy()
    asked &= _inside(values["member"], values["day"], span)
    found = match_reports(values, asked, events, grade=reports.grade, days=reports.days)
    begun = _inside(events["member"], events["start"], span)
    return _Beside(values.loc[asked], ~found.values, events, begun & ~found.supported, found.measured)


def _inside(member: pd.Series, day: pd.Series, span: Span) -> Bools:
    start, end = (dates.to_numpy()[member] for dates in (span.start, span.end))
    inside = (day.to_numpy() >= start) & ((day.to_numpy() <= end) | np.isnat(end))
    return np.asarray(inside, dtype=np.bool_)


def _value_is_reported(inspected: Inspection) -> Iterator[Mark]:
    for reports, parameter, found in _all_beside(inspected):
        silent = found.values.loc[found.unreported]
        first = silent.loc[~silent.duplicated("member")]
        wanted = f"no {parameter.term} of grade {reports.grade} or more is reported within {day_count(reports.days)}"
        for row, value, grade in zip(first.index, first["value"], first["lowest"], strict=True):
            yield Mark("adlb", int(row) + 1, f"{parameter.code} of {number(value)} is of grade {grade:g}; {wanted}")


def _event_has_value(inspected: Inspection) -> Iterator[Mark]:
    for reports, parameter, found in _all_beside(inspected):
        for row, measured in zip(found.events.index[found.unsupported], found.measured[found.unsupported], strict=True):
            values = "only milder values" if measured else "no value"
            text = f"{parameter.term}: {values} of {parameter.code} during it or within {day_count(reports.days)}"
            yield Mark("adae", int(row) + 1, text)


_NEEDS = (
    "adlb.USUBJID", "adlb.PARAMCD", "adlb.ADT", "adlb.AVAL", "adlb.AVALC", "adlb.AVALU", "adlb.LLOQ", "adae.USUBJID",
    "adae.AEDECOD", "adae.AETOXGR", "adae.ASTDT", "adae.AENDT", "adsl.TRTSDT",
)  # fmt: skip

RULES = (
    Rule(
        "LB-REPORTED",
        GROUP,
        "A laboratory value of a severe grade, worse than before treatment, is reported as an adverse event.",
        "query",
        _NEEDS,
        _value_is_reported,
        lambda checks: checks.reports,
    ),
    Rule(
        "AE-VALUE",
        GROUP,
        "A severe adverse event that a laboratory value defines has such a value around it.",
        "query",
        _NEEDS,
        _event_has_value,
        lambda checks: checks.reports,
    ),
)
