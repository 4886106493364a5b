"""Each participant in a period: the worst grade and value of a parameter, and when it was over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.laboratory.rows import ABSENT, UNKNOWN
from npcstats.analyses.laboratory.spec import LaboratoryParameter, LaboratorySpec, LaboratoryWindow, Recovery
from npcstats.clinical.laboratory import LaboratoryGrades, laboratory_term, treatment_emergent, worst_grades
from npcstats.derive import GradedValues, GradeWindow, Span, evaluable_members, grade_values, window_span
from npcstats.study import Study

DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False)
class WindowMembers:
    """Who is counted in a window, of n members, and when it is theirs.

    Parameters
    ----------
    window : LaboratoryWindow
        Of the plan.
    span : Span
        First and last day.
    evaluable : bool array, shape (n,)
        Who is counted.
    outside : mapping of str to bool array, shape (n,)
        Who is not, by reason.
    """

    window: LaboratoryWindow
    span: Span
    evaluable: np.ndarray
    outside: Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class WorstInWindow:
    """The worst that each of n members had in a window.

    Parameters
    ----------
    measured : bool array, shape (n,)
        Who has a value after baseline in it.
    baseline, worst : LaboratoryGrades, shape (n,)
        Grade at baseline, NaN where not measured; worst grade in the window, NaN where not measured.
    emergent : LaboratoryGrades, shape (n,)
        Worst grade where it exceeds that at baseline, else 0.
    counted : bool array, shape (n,)
        Who is in the denominator of treatment-emergent grades.
    """

    measured: np.ndarray
    baseline: LaboratoryGrades
    worst: LaboratoryGrades
    emergent: LaboratoryGrades
    counted: np.ndarray


@dataclass(frozen=True, eq=False)
class Nadirs:
    """Worst values in a window, of those who have one.

    Parameters
    ----------
    member : int array, shape (k,)
        Whose it is.
    value : float array, shape (k,)
        The worst value: lowest, or highest where high values are bad.
    day : float array, shape (k,)
        Days from the first day of the window to the first day with that value.
    asked : bool array, shape (k,)
        Whose worst value is known to be of a worse grade than one has recovered at.
    time : float array, shape (k,)
        Days from the worst value to recovery, or to the last value without it.
    recovered : bool array, shape (k,)
        Who has recovered.
    """

    member: np.ndarray
    value: np.ndarray
    day: np.ndarray
    asked: np.ndarray
    time: np.ndarray
    recovered: np.ndarray


def graded(study: Study, members: pd.DataFrame, spec: LaboratorySpec) -> dict[str, GradedValues]:
    """Grade every parameter of an analysis.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population.
    spec : LaboratorySpec
        What is wanted.

    Returns
    -------
    dict of str to GradedValues
        By code.

    Raises
    ------
    DataError
        As `npcstats.derive.grade_values`.
    """
    return {
        item.code: grade_values(study["adlb"], members, item, version=spec.version, reason=f"analysis {spec.id}")
        for item in spec.parameters
    }


def window_members(
    study: Study, members: pd.DataFrame, window: LaboratoryWindow, values: Mapping[str, GradedValues]
) -> WindowMembers:
    """Find who is counted in a window.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population.
    window : LaboratoryWindow
        Of the plan.
    values : mapping of str to GradedValues
        By parameter; each is an assessment.

    Returns
    -------
    WindowMembers
        Who is, and who is not.

    Raises
    ------
    DataError
        If the study lacks a column that the window's rule needs.
    """
    rule = GradeWindow(window.code, window.label, window.period, "onset", window.evaluable)
    span = window_span(study, members, rule)
    seen = pd.concat([item.records[["member", "day"]] for item in values.values()])
    seen = seen.loc[_inside(seen, span)]
    assessments = pd.DataFrame({"member": seen["member"], "ASTDT": seen["day"], "AENDT": pd.NaT})
    return WindowMembers(window, span, *evaluable_members(study, members, rule, span, assessments))


def in_window(values: GradedValues, window: WindowMembers) -> pd.DataFrame:
    """Values after baseline in a window, of those who are counted in it.

    Parameters
    ----------
    values : GradedValues
        Of a parameter.
    window : WindowMembers
        The window.

    Returns
    -------
    DataFrame
        Some of its records.
    """
    records = values.records
    kept = records["after"].to_numpy() & _inside(records, window.span)
    own: pd.DataFrame = records.loc[kept & window.evaluable[records["member"].to_numpy()]]
    return own


def _inside(records: pd.DataFrame, span: Span) -> np.ndarray:
    member, day = records["member"].to_numpy(), records["day"].to_numpy()
    start, end = (dates.to_numpy()[member] for dates in (span.start, span.end))
    found: np.ndarray = (day >= start) & ((day <= end) | np.isnat(end))
    return found


def worst_in_window(values: GradedValues, window: WindowMembers, spec: LaboratorySpec) -> WorstInWindow:
    """Find the worst grade of each member in a window.

    Parameters
    ----------
    values : GradedValues
        Of a parameter.
    window : WindowMembers
        The window.
    spec : LaboratorySpec
        What a participant without a baseline counts as.

    Returns
    -------
    WorstInWindow
        Of each member.
    """
    size, records = len(window.evaluable), in_window(values, window)
    worst = worst_grades(
        records["member"].to_numpy(),
        LaboratoryGrades(records["lowest"].to_numpy(dtype=float), records["highest"].to_numpy(dtype=float)),
        participants=size,
    )
    measured = ~np.isnan(worst.lowest)
    known = ~np.isnan(values.baseline.lowest)
    counted = measured & (known | (spec.without_baseline == "grade-0"))
    before = LaboratoryGrades(
        np.where(known, values.baseline.lowest, 0.0), np.where(known, values.baseline.highest, 0.0)
    )
    return WorstInWindow(measured, values.baseline, worst, treatment_emergent(worst, before), counted)


def states(grades: LaboratoryGrades) -> np.ndarray:
    """What each member is: of a grade, of one not known, or not measured.

    Parameters
    ----------
    grades : LaboratoryGrades
        Of n members.

    Returns
    -------
    str array, shape (n,)
        Codes of `npcstats.analyses.laboratory.rows.STATES`.
    """
    grade = grades.grade
    codes = [str(int(value)) if value == value else "" for value in grade]
    return np.where(np.isnan(grades.lowest), ABSENT, np.where(grades.unknown, UNKNOWN, codes))


def nadirs(values: GradedValues, window: WindowMembers, parameter: LaboratoryParameter, spec: LaboratorySpec) -> Nadirs:
    """Find each member's worst value in a window, and when it was over.

    Parameters
    ----------
    values : GradedValues
        Of a parameter.
    window : WindowMembers
        The window.
    parameter : LaboratoryParameter
        Whether low or high values are bad.
    spec : LaboratorySpec
        When somebody has recovered.

    Returns
    -------
    Nadirs
        Of those who have a value after baseline in the window.
    """
    low = laboratory_term(parameter.term, version=spec.version).direction == "low"
    records = in_window(values, window)
    ordered = records.assign(bad=records["value"] if low else -records["value"])
    ordered = ordered.sort_values(["member", "bad", "day"], kind="stable")
    worst = ordered.drop_duplicates("member")
    member = worst["member"].to_numpy()
    enough = _recovered_at(values.baseline, spec.recovery)
    start = window.span.start.to_numpy()[member]
    time, recovered = _recoveries(values.records, worst, enough)
    return Nadirs(
        member,
        worst["value"].to_numpy(dtype=float),
        (worst["day"].to_numpy() - start) / DAY,
        worst["lowest"].to_numpy(dtype=float) > enough[member],
        time,
        recovered,
    )


def _recovered_at(baseline: LaboratoryGrades, recovery: Recovery) -> np.ndarray:
    """The highest grade at which each member has recovered."""
    before = np.where(np.isnan(baseline.lowest), 0.0, baseline.lowest)
    return np.maximum(before if recovery.or_baseline else 0.0, float(recovery.grade)) + np.zeros(len(before))


def _recoveries(records: pd.DataFrame, worst: pd.DataFrame, enough: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days from the worst value to the first later one that is good enough, else to the last; and who has one."""
    nadir = worst.set_index("member")["day"]
    later = records.assign(since=records["day"].to_numpy() - nadir.reindex(records["member"]).to_numpy())
    later = later.loc[later["since"] > np.timedelta64(0, "D")]
    good = later.loc[later["highest"].to_numpy(dtype=float) <= enough[later["member"].to_numpy()]]
    first = good.groupby("member")["since"].min().reindex(nadir.index)
    last = later.groupby("member")["since"].max().reindex(nadir.index)
    recovered = first.notna().to_numpy()
    since = np.where(recovered, first.to_numpy() / DAY, last.fillna(pd.Timedelta(0)).to_numpy() / DAY)
    return since, recovered
