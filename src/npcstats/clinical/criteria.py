"""The rule engine for eligibility: rules are values, outcomes are MET, NOT_MET or UNKNOWN, and nothing is guessed.

It knows comparisons, code lists, date windows and three-valued logic. It must not know a trial's criteria: those are
values in its plan.
"""

from __future__ import annotations

import enum
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.clinical.values import (
    Bools,
    Floats,
    align,
    as_column,
    as_days,
    as_floats,
    as_texts,
    completed_years,
    days_between,
    is_recorded,
    refuse,
    significant,
)
from npcstats.errors import DataError, SpecError

Outcomes = npt.NDArray[np.int8]
Columns = Mapping[str, object]
Units = Mapping[str, object]
Relation = Literal["<", "<=", ">", ">="]
Kind = Literal["inclusion", "exclusion"]

KINDS: tuple[Kind, ...] = ("inclusion", "exclusion")
RELATIONS: dict[str, Callable[[Floats, Floats | float], Bools]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Outcome(enum.IntEnum):
    """What a rule says of a record; ordered so that *all* is the smallest and *any* the largest."""

    NOT_MET = 0
    UNKNOWN = 1
    MET = 2


@dataclass(frozen=True)
class Limit:
    """A number in a unit."""

    value: float
    unit: str


@dataclass(frozen=True)
class Compare:
    """A number stands in a relation to a limit.

    Parameters
    ----------
    field : str
        Column of numbers.
    relation : {"<", "<=", ">", ">="}
        Its strictness is part of the rule.
    limits : tuple of Limit
        The same limit in every unit that is accepted. The unit of the data picks one; nothing is converted.
    """

    field: str
    relation: Relation
    limits: tuple[Limit, ...]

    def __post_init__(self) -> None:
        """Refuse a relation that does not exist and limits that do not name their units once."""
        check_choice(self.relation, f"{self.field}: relation", RELATIONS)
        units = [limit.unit for limit in self.limits]
        if not units or len(set(units)) < len(units):
            raise SpecError(f"{self.field}: limits have units {units}; one limit for each unit is required.")


@dataclass(frozen=True)
class Member:
    """A code is one of the accepted ones.

    Parameters
    ----------
    field : str
        Column of codes.
    accepted : tuple of str
        Codes that meet the rule.
    levels : tuple of str
        Every code that may stand there; another one is refused, since a misspelling must not decide.
    unknown : tuple of str
        Codes that say that the answer is not known.
    """

    field: str
    accepted: tuple[str, ...]
    levels: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse accepted codes that are not levels."""
        stray = [code for code in self.accepted if code not in self.levels]
        if stray:
            raise SpecError(f"{self.field}: accepted codes {stray} are not among its levels {list(self.levels)}.")


@dataclass(frozen=True)
class Recorded:
    """Something is recorded in the field; never ``UNKNOWN``."""

    field: str


@dataclass(frozen=True)
class Within:
    """A date lies in a window around a reference date.

    Parameters
    ----------
    field, reference : str
        Columns of dates.
    first, last : int or None
        First and last day of the window, counted from the reference, both inclusive; None is open.
    """

    field: str
    reference: str
    first: int | None
    last: int | None

    def __post_init__(self) -> None:
        """Refuse an empty window."""
        if self.first is not None and self.last is not None and self.first > self.last:
            raise SpecError(f"{self.field}: window {self.first}..{self.last} is empty; first must not be after last.")


@dataclass(frozen=True)
class YearsBetween:
    """Completed years from a date to a reference date stand in a relation to a number.

    Parameters
    ----------
    field, reference : str
        Columns of dates.
    relation : {"<", "<=", ">", ">="}
        Its strictness is part of the rule.
    years : int
        The anniversary itself completes a year.
    """

    field: str
    reference: str
    relation: Relation
    years: int

    def __post_init__(self) -> None:
        """Refuse a relation that does not exist."""
        check_choice(self.relation, f"{self.field}: relation", RELATIONS)


@dataclass(frozen=True)
class Given:
    """A rule that holds only where a condition is met; ``UNKNOWN`` elsewhere, as an expired laboratory value is."""

    condition: Rule
    rule: Rule


@dataclass(frozen=True)
class AllOf:
    """All rules are met: one that is not met decides, else one that is unknown."""

    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        """Refuse an empty combination."""
        if not self.rules:
            raise SpecError("AllOf: has no rule; one or more are required.")


@dataclass(frozen=True)
class AnyOf:
    """Any rule is met: one that is met decides, else one that is unknown."""

    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        """Refuse an empty combination."""
        if not self.rules:
            raise SpecError("AnyOf: has no rule; one or more are required.")


Rule = Compare | Member | Recorded | Within | YearsBetween | Given | AllOf | AnyOf


@dataclass(frozen=True)
class Criterion:
    """One eligibility criterion: an inclusion whose rule must be met, or an exclusion whose rule must not be.

    Parameters
    ----------
    code, label : str
        As in the protocol.
    kind : {"inclusion", "exclusion"}
        An exclusion's rule describes what must not be present.
    rule : Rule
        What is evaluated.
    """

    code: str
    label: str
    kind: Kind
    rule: Rule

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist."""
        check_choice(self.kind, f"{self.code}: kind", KINDS)


@dataclass(frozen=True)
class Eligibility:
    """What the criteria say of each record.

    Parameters
    ----------
    outcomes : mapping of str to int8 array, shape (n,)
        `Outcome` of every criterion's rule, by its code, in the order of the criteria.
    eligible : int8 array, shape (n,)
        ``MET`` where every inclusion is met and every exclusion is not, ``NOT_MET`` where one criterion fails, else
        ``UNKNOWN``.
    failed : tuple of tuples of str, length n
        Codes of the criteria that each record fails.
    queried : tuple of tuples of str, length n
        Codes of the criteria that are unknown: queries, also where another criterion fails.
    """

    outcomes: Mapping[str, Outcomes]
    eligible: Outcomes
    failed: tuple[tuple[str, ...], ...]
    queried: tuple[tuple[str, ...], ...]


def rule_fields(rule: Rule) -> tuple[str, ...]:
    """List the columns that a rule reads.

    Parameters
    ----------
    rule : Rule
        Any rule.

    Returns
    -------
    tuple of str
        Each name once, in the order of reading.
    """
    if isinstance(rule, AllOf | AnyOf):
        names = [name for part in rule.rules for name in rule_fields(part)]
    elif isinstance(rule, Given):
        names = [*rule_fields(rule.condition), *rule_fields(rule.rule)]
    elif isinstance(rule, Within | YearsBetween):
        names = [rule.field, rule.reference]
    else:
        names = [rule.field]
    return tuple(dict.fromkeys(names))


def evaluate_criteria(criteria: Sequence[Criterion], columns: Columns, *, units: Units) -> Eligibility:
    """Evaluate eligibility: all inclusions met, all exclusions not present.

    Parameters
    ----------
    criteria : sequence of Criterion
        The protocol's.
    columns : mapping of str to array_like, shape (n,)
        The records' columns; None, NaN, NaT and ``""`` are missing. A plain record of scalars is one record.
    units : mapping of str to str or array_like of str, shape (n,)
        Unit of every column that a `Compare` reads, for all records or for each.

    Returns
    -------
    Eligibility
        Outcomes, eligibility, failures and queries of each record.

    Raises
    ------
    DataError
        If a column or a unit is missing, lengths differ, a code is not a level, a unit is not accepted, a number or a
        date cannot be read.
    SpecError
        If there is no criterion or a code stands twice.

    Notes
    -----
    *Convention.* A missing value is ``UNKNOWN``, except for `Recorded`. Numbers are compared on 15 significant digits.
    """
    codes = [criterion.code for criterion in criteria]
    if not codes or len(set(codes)) < len(codes):
        raise SpecError(f"criteria: codes are {codes}; each criterion once is required.")
    fields = dict.fromkeys(name for criterion in criteria for name in rule_fields(criterion.rule))
    read = _read_columns(tuple(fields), columns)
    outcomes = {criterion.code: _evaluate(criterion.rule, read, units) for criterion in criteria}
    passes = np.stack([_passes(criterion, outcomes[criterion.code]) for criterion in criteria])
    return Eligibility(
        outcomes=outcomes,
        eligible=passes.min(axis=0),
        failed=_codes_where(passes == Outcome.NOT_MET, codes),
        queried=_codes_where(passes == Outcome.UNKNOWN, codes),
    )


def _passes(criterion: Criterion, outcome: Outcomes) -> Outcomes:
    return outcome if criterion.kind == "inclusion" else np.asarray(Outcome.MET - outcome, dtype=np.int8)


def _codes_where(mask: Bools, codes: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(code for code, here in zip(codes, row, strict=True) if here) for row in mask.T)


def _read_columns(fields: Sequence[str], columns: Columns) -> dict[str, npt.NDArray[np.generic]]:
    absent = [name for name in fields if name not in columns]
    if absent:
        told = "field is" if len(absent) == 1 else "fields are"
        raise DataError(f"records: {len(absent)} {told} absent ({', '.join(absent)}); the criteria read them.")
    read = {name: np.atleast_1d(as_column(columns[name])) for name in fields}
    lengths = {name: len(column) for name, column in read.items()}
    if len(set(lengths.values())) > 1:
        raise DataError(f"records: columns have lengths {lengths}; one value for each record is required.")
    return read


def _evaluate(rule: Rule, columns: Columns, units: Units) -> Outcomes:
    if isinstance(rule, AllOf):
        return np.asarray(np.min([_evaluate(part, columns, units) for part in rule.rules], axis=0), dtype=np.int8)
    if isinstance(rule, AnyOf):
        return np.asarray(np.max([_evaluate(part, columns, units) for part in rule.rules], axis=0), dtype=np.int8)
    if isinstance(rule, Given):
        holds = _evaluate(rule.condition, columns, units) == Outcome.MET
        return np.where(holds, _evaluate(rule.rule, columns, units), np.int8(Outcome.UNKNOWN))
    if isinstance(rule, Compare):
        return _compare(rule, columns, units)
    if isinstance(rule, Member):
        codes = as_texts(columns[rule.field], rule.field, levels=(*rule.levels, *rule.unknown, ""))
        return _outcomes(np.isin(codes.astype(str), rule.accepted), np.isin(codes.astype(str), ("", *rule.unknown)))
    if isinstance(rule, Within):
        days = days_between(as_days(columns[rule.reference], rule.reference), as_days(columns[rule.field], rule.field))
        first, last = (-np.inf if rule.first is None else rule.first), (np.inf if rule.last is None else rule.last)
        return _outcomes((days >= first) & (days <= last), np.isnan(days))
    if isinstance(rule, YearsBetween):
        years = completed_years(columns[rule.field], columns[rule.reference])
        return _outcomes(RELATIONS[rule.relation](years, rule.years), np.isnan(years))
    recorded = is_recorded(columns[rule.field])
    return _outcomes(recorded, np.zeros_like(recorded))


def _compare(rule: Compare, columns: Columns, units: Units) -> Outcomes:
    values = significant(as_floats(columns[rule.field], rule.field))
    if rule.field not in units:
        raise DataError(f"{rule.field}: has no unit; one of {_unit_names(rule)} is required.")
    _, unit = align(rule.field, values, as_texts(units[rule.field], "unit", levels=None))
    limits = {limit.unit: limit.value for limit in rule.limits}
    known = ~np.isnan(values)
    stray = known & ~np.isin(unit.astype(str), list(limits))
    refuse(stray, unit, rule.field, "in another unit", f"one of {_unit_names(rule)} is required, nothing is converted")
    bounds = significant(np.array([limits.get(name, np.nan) for name in unit], dtype=float))
    return _outcomes(RELATIONS[rule.relation](values, bounds), ~known)


def _unit_names(rule: Compare) -> str:
    return ", ".join(limit.unit or "no unit" for limit in rule.limits)


def _outcomes(met: Bools, unknown: Bools) -> Outcomes:
    decided = np.where(met, np.int8(Outcome.MET), np.int8(Outcome.NOT_MET))
    return np.where(unknown, np.int8(Outcome.UNKNOWN), decided)
