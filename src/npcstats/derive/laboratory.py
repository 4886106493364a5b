"""Laboratory values graded beside each participant's baseline, and whether reports of events agree with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.clinical.ctcae import Version
from npcstats.clinical.laboratory import LaboratoryGrades, grade_laboratory, laboratory_term, worst_grades
from npcstats.clinical.values import Bools, Floats
from npcstats.derive.groups import require_columns
from npcstats.derive.visits import BELOW_LLOQ, NOT_DETECTED
from npcstats.errors import DataError
from npcstats.formatting import counted

LOWER_NORMAL, UPPER_NORMAL = "ANRLO", "ANRHI"
"""Columns of adlb in which an export may give the limits of normal of each record."""
FIRST_DAY_SENTENCE = (
    "Baseline is the last day with a value up to and including the day of the first study treatment; what was "
    "measured after that day is after baseline. Of several values on one day the worst counts."
)


@dataclass(frozen=True)
class NormalLimits:
    """Limits of normal of a laboratory.

    Parameters
    ----------
    lower, upper : float or None
        In the unit of the parameter; None where the grading does not ask for it.
    sex : str
        Code of the sex they are of; empty for everyone.
    """

    lower: float | None = None
    upper: float | None = None
    sex: str = ""


@dataclass(frozen=True, kw_only=True)
class GradedParameter:
    """A laboratory parameter that is graded.

    Parameters
    ----------
    code : str
        PARAMCD.
    term : str
        Term of the grading scale.
    unit : str
        The only unit that its values may have.
    recorded_limits : bool
        Whether the limits of normal stand with each record, in ``ANRLO`` and ``ANRHI``.
    limits : tuple of NormalLimits
        Limits of normal, one for everyone or one for each sex, where they do not stand with the records.
    """

    code: str
    term: str
    unit: str
    recorded_limits: bool
    limits: tuple[NormalLimits, ...] = ()


@dataclass(frozen=True, eq=False)
class GradedValues:
    """Values of one parameter with their grades, and what each member had before treatment.

    Parameters
    ----------
    records : DataFrame
        One row for each value, ordered by member and day, its label that of its row of adlb: the member's place
        ``member``, ``day``, ``value``, the grades ``lowest`` and ``highest`` between which it lies, whether it was
        measured ``after`` baseline, and whether it is known to be of a ``worse`` grade than the baseline.
    baseline : LaboratoryGrades
        Grade of each member at baseline; NaN where nothing was measured.
    """

    records: pd.DataFrame
    baseline: LaboratoryGrades


def parameter_faults(parameter: GradedParameter, *, version: Version) -> list[str]:
    """Faults of a parameter by itself.

    Parameters
    ----------
    parameter : GradedParameter
        Of a plan or of the data checks.
    version : {"5.0", "6.0"}
        Version of the grading scale.

    Returns
    -------
    list of str
        A clause for each.

    Raises
    ------
    SpecError
        If the version does not carry the term.
    """
    term = laboratory_term(parameter.term, version=version)
    found = []
    if parameter.unit not in term.units:
        found.append(f"{parameter.code}: unit is {parameter.unit!r}; {' or '.join(term.units)} is required")
    if parameter.recorded_limits and parameter.limits:
        found.append(f"{parameter.code}: limits have no effect: those of each record are taken")
    if not parameter.recorded_limits:
        found += [f"{parameter.code}: {fault}" for fault in _limit_faults(parameter.limits, term.direction)]
    return found


def _limit_faults(limits: Sequence[NormalLimits], direction: str) -> list[str]:
    sexes = [item.sex for item in limits]
    needed, idle = ("lower", "upper") if direction == "low" else ("upper", "lower")
    found = [] if limits else [f"it has no {needed} limit of normal; one is required"]
    if len(set(sexes)) < len(sexes) or ("" in sexes and len(sexes) > 1):
        found.append("its limits are of everyone and of a sex, or twice of the same; one for everyone, or one for each "
                     "sex, is required")  # fmt: skip
    for item in limits:
        value = getattr(item, needed)
        if value is None or not value > 0:
            found.append(f"{needed} limit of normal is {value!r}; a number above 0 is required")
        if getattr(item, idle) is not None:
            found.append(f"the {idle} limit of normal has no effect: {direction} values are bad")
    return found


def grade_values(
    adlb: pd.DataFrame, members: pd.DataFrame, parameter: GradedParameter, *, version: Version, reason: str
) -> GradedValues:
    """Grade the values of a parameter.

    Parameters
    ----------
    adlb : DataFrame
        Laboratory records.
    members : DataFrame
        n participants, indexed from 0.
    parameter : GradedParameter
        What is graded.
    version : {"5.0", "6.0"}
        Version of the grading scale.
    reason : str
        What asks for it.

    Returns
    -------
    GradedValues
        Of all values of the members that have a date; those of participants without a first treatment are neither
        baseline nor after it.

    Raises
    ------
    DataError
        If a column that is needed is not there, values stand in another unit, or one below the limit of
        quantification does not say which.

    Notes
    -----
    Convention: the baseline is that of the last day with a value up to and including the day of the first study
    treatment, the worst where there are several. A value below the limit of quantification has the grades between that
    of the limit and that of 0. A value is worse than the baseline where both grades are known well enough to say so.
    """
    limits = (LOWER_NORMAL, UPPER_NORMAL) if parameter.recorded_limits else ()
    require_columns(adlb, "adlb", ("PARAMCD", "ADT", "AVAL", "AVALC", "AVALU", "LLOQ", *limits), reason)
    by_sex = ("SEX",) if any(item.sex for item in parameter.limits) else ()
    require_columns(members, "adsl", ("TRTSDT", *by_sex), reason)
    records = _own_records(adlb, members, parameter, limits)
    first = members["TRTSDT"].to_numpy()[records["member"].to_numpy()]
    before, after = ((records["day"].to_numpy() <= first), (records["day"].to_numpy() > first))
    low = laboratory_term(parameter.term, version=version).direction == "low"
    value = _baseline_values(records, before, len(members), low=low)
    grades = _grades(records, members, parameter, value[records["member"].to_numpy()], version)
    last = before & (records["day"] == _last_day(records, before)).to_numpy()
    baseline = worst_grades(
        records["member"].to_numpy()[last],
        LaboratoryGrades(grades.lowest[last], grades.highest[last]),
        participants=len(members),
    )
    worse = grades.lowest > baseline.highest[records["member"].to_numpy()]
    kept = records[["member", "day", "value"]].assign(
        lowest=grades.lowest, highest=grades.highest, after=after, worse=worse & after
    )
    return GradedValues(kept, baseline)


def _own_records(
    adlb: pd.DataFrame, members: pd.DataFrame, parameter: GradedParameter, limits: Sequence[str]
) -> pd.DataFrame:
    """Values of the parameter that have a date, by member and day."""
    own = adlb.loc[adlb["PARAMCD"] == parameter.code]
    member = pd.Index(members["USUBJID"]).get_indexer(pd.Index(own["USUBJID"]))
    below = own["AVALC"].isin((BELOW_LLOQ, NOT_DETECTED)).to_numpy() & own["AVAL"].isna().to_numpy()
    kept = (member >= 0) & own["ADT"].notna().to_numpy() & (own["AVAL"].notna().to_numpy() | below)
    own, member, below = own.loc[kept], member[kept], below[kept]
    others = int((own["AVALU"] != parameter.unit).sum())
    if others:
        raise DataError(
            f"adlb.AVALU: {counted(others, 'record')} of {parameter.code} in another unit; {parameter.unit} is "
            "required, nothing is converted."
        )
    unsaid = int((below & own["LLOQ"].isna().to_numpy()).sum())
    if unsaid:
        raise DataError(
            f"adlb.LLOQ: {counted(unsaid, 'record')} of {parameter.code} below a limit of quantification that is not "
            "given; the limit is required, since the grade depends on it."
        )
    values = np.where(below, own["LLOQ"].to_numpy(dtype=float), own["AVAL"].to_numpy(dtype=float))
    found = own[list(limits)].assign(member=member, day=own["ADT"], value=values, below=below)
    ordered: pd.DataFrame = found.sort_values(["member", "day"], kind="stable")
    return ordered


def _last_day(records: pd.DataFrame, before: Bools) -> pd.Series:
    """The member's last day with a value before treatment, beside each record."""
    last = records.loc[before].groupby("member")["day"].max()
    return pd.Series(last.reindex(records["member"]).to_numpy(), index=records.index)


def _baseline_values(records: pd.DataFrame, before: Bools, size: int, *, low: bool) -> Floats:
    chosen = records.loc[before & (records["day"] == _last_day(records, before)).to_numpy()]
    by_member = chosen.groupby("member")["value"]
    worst = by_member.min() if low else by_member.max()
    return worst.reindex(range(size)).to_numpy(dtype=float)


def _grades(
    records: pd.DataFrame, members: pd.DataFrame, parameter: GradedParameter, baseline: Floats, version: Version
) -> LaboratoryGrades:
    lower, upper = _limits(records, members, parameter)

    def graded(values: Floats) -> LaboratoryGrades:
        return grade_laboratory(
            parameter.term, values, version=version, unit=parameter.unit, lower_limit=lower, upper_limit=upper,
            baseline=np.where(baseline > 0, baseline, np.nan),
        )  # fmt: skip

    if records.empty:
        return LaboratoryGrades(np.empty(0), np.empty(0))
    value, below = records["value"].to_numpy(dtype=float), records["below"].to_numpy(dtype=bool)
    at_limit, at_zero = graded(value), graded(np.where(below, 0.0, value))
    return LaboratoryGrades(np.minimum(at_limit.lowest, at_zero.lowest), np.maximum(at_limit.highest, at_zero.highest))


def _limits(records: pd.DataFrame, members: pd.DataFrame, parameter: GradedParameter) -> tuple[Floats, Floats]:
    if parameter.recorded_limits:
        return tuple(records[name].to_numpy(dtype=float) for name in (LOWER_NORMAL, UPPER_NORMAL))  # type: ignore[return-value]
    lower, upper = np.full(len(records), np.nan), np.full(len(records), np.nan)
    for item in parameter.limits:
        here = np.ones(len(records), dtype=bool)
        if item.sex:
            here = (members["SEX"].to_numpy() == item.sex)[records["member"].to_numpy()]
        lower[here] = np.nan if item.lower is None else item.lower
        upper[here] = np.nan if item.upper is None else item.upper
    return lower, upper


@dataclass(frozen=True, eq=False)
class Reported:
    """Values and events of a term beside each other.

    Parameters
    ----------
    values : bool array, shape (v,)
        Which values have an event around them.
    measured, supported : bool array, shape (e,)
        Which events have a value around them, and which have one that may be of their grade.
    """

    values: Bools
    measured: Bools
    supported: Bools


def match_reports(records: pd.DataFrame, asked: Bools, events: pd.DataFrame, *, grade: int, days: int) -> Reported:
    """Find whether values of a grade are reported as events, and events seen in values.

    Parameters
    ----------
    records : DataFrame
        Values of one parameter, as `grade_values` gives them.
    asked : bool array, shape (records,)
        Values that should be reported.
    events : DataFrame
        Events of the term and of at least the grade: ``member``, ``start`` and ``end``, missing where not known or not
        over.
    grade : int
        The grade.
    days : int
        How many days before an event begins and after it ends a value may lie.

    Returns
    -------
    Reported
        Of the values asked for, in their order, and of all events.
    """
    numbered = records[["member", "day", "highest"]].assign(value=np.arange(len(records)))
    pairs = events.reset_index(drop=True).assign(event=np.arange(len(events))).merge(numbered, on="member")
    around = pd.Timedelta(days=days)
    near = ~(pairs["day"] < pairs["start"] - around) & ~(pairs["day"] > pairs["end"] + around)
    pairs = pairs.loc[near]
    supported = pairs.loc[pairs["highest"] >= grade, "event"]
    return Reported(
        values=np.isin(np.flatnonzero(asked), pairs["value"]),
        measured=np.isin(np.arange(len(events)), pairs["event"]),
        supported=np.isin(np.arange(len(events)), supported),
    )
