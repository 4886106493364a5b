"""How a frame is taken from an export, as frozen values: file, names, codes, units, forms of dates.

Everything here is declared by a plan; a default changes nothing, and nothing is guessed from the data.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from npcstats.errors import SpecError
from npcstats.readers.formats.delimited import DELIMITERS
from npcstats.schema import Schema

DateForm = Literal["iso", "iso-datetime", "date9", "sas-days", "sas-seconds", "sas-datetime"]
PartialRule = Literal["first", "mid", "last", "earliest-not-before"]
Extra = Literal["refuse", "ignore"]

DATE_FORMS: tuple[DateForm, ...] = ("iso", "iso-datetime", "date9", "sas-days", "sas-seconds", "sas-datetime")
PARTIAL_RULES: tuple[PartialRule, ...] = ("first", "mid", "last", "earliest-not-before")
EXTRAS: tuple[Extra, ...] = ("refuse", "ignore")
SUFFIXES = (".csv", ".parquet", ".xpt", ".sas7bdat")
DECIMALS = (".", ",")


@dataclass(frozen=True)
class PartialDate:
    """What a date without its day (2026-03) or its month (2026) becomes.

    Parameters
    ----------
    rule : {"first", "mid", "last", "earliest-not-before"}
        First, middle (the 15th; 1 July) or last day of what is known; or the earliest day of it that is not before
        the date in `not_before`. Where that date is missing, or all that is known lies before it, the first day.
    flag : str
        Column that is made to say what was imputed, as in ADaM: ``D`` the day, ``M`` month and day, blank nothing.
    not_before : str
        Date column of the same frame, else of adsl.
    not_after : str
        Date column of the same frame, else of adsl, which like `not_before` may be partial by a rule of its own: where
        it lies within what is known and before the day that the rule gives, it is the day, also against `not_before`.
        Where it is missing, or all that is known lies after it, the rule's day stays.
    """

    rule: PartialRule
    flag: str
    not_before: str = ""
    not_after: str = ""


@dataclass(frozen=True)
class Conversion:
    """A change of unit, made once, where the data are read.

    Parameters
    ----------
    columns : tuple of str
        Columns of numbers that are multiplied.
    factor : float
        New units in one old unit; a positive number.
    of : mapping of str to str
        Values, by column, that a row must have to be converted (``{"PARAMCD": "ALB", "AVALU": "g/dL"}``).
    unit_column, unit : str
        Column that then holds the new unit, and the unit; both may be empty.
    """

    columns: tuple[str, ...]
    factor: float
    of: Mapping[str, str] = field(default_factory=dict)
    unit_column: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        """Refuse a factor that would make every value missing, zero or negative."""
        if not (math.isfinite(self.factor) and self.factor > 0):
            raise SpecError(f"conversion of {', '.join(self.columns)}: factor is {self.factor}; a positive number is "
                            "required.")  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where a frame comes from and what is taken from it.

    Parameters
    ----------
    file : str
        Path inside the export; empty for the frame's name with one of the known suffixes. Capitals do not matter where
        no file has the name as it is written.
    delimiter, decimal : str
        Of a CSV file; the decimal mark of text, wherever it is.
    encoding : str
        Of a SAS file's text, by a name that Python knows; empty for what the file says, and for UTF-8 where it says
        nothing. CSV is UTF-8.
    blank : tuple of str
        Texts that stand for a missing value, such as ``NA``. In a column of numbers ``99.0`` says ``99``, and
        with that decimal mark ``99,0``.
    rows : mapping of str to tuple of str
        Only rows that have one of these values, by column of the export (``redcap_repeat_instrument``); each value
        has to occur. A column that the contract knows stays a column of the frame.
    filled : tuple of str
        Only rows in which at least one of these columns of the export has a value.
    one_per : tuple of str
        Columns of the export; rows that agree in them are one record, spread over events. Two different values of a
        column are a fault.
    columns : mapping of str to str or tuple of str
        Names in the export and the contract's names for them; several where one field feeds several columns.
    constants : mapping of str to str
        Columns of the contract that have one value in every row; the export has none for them.
    codes : mapping of str to mapping of str to str
        By column of the contract, values in the export and the contract's values for them; a closed list. A truth
        value is declared as ``True`` or ``1`` and ``False`` or ``0``.
    dates : mapping of str to str
        By column of the contract, the form of its dates where it is not ISO 8601: ``iso-datetime`` (its day is
        taken; ``T`` or a blank before a time of 00:00 to 23:59:59), ``date9`` (02JAN2026), ``sas-days``,
        ``sas-seconds`` (at midnight) and ``sas-datetime`` (its day is taken), which are numbers since 1960-01-01.
    partial : mapping of str to PartialDate
        By column of the contract; without a rule a partial date is an error.
    conversions : tuple of Conversion
        Changes of unit; each row is converted at most once per column.
    extra : {"refuse", "ignore"}
        What becomes of columns that the contract does not know.
    dictionary : str
        Data dictionary of a REDCap project, as CSV; fields, forms and choices are checked against it.

    Notes
    -----
    Convention: a declaration means the same in every format. A stored number, truth value, day or date-time says the
    texts that `npcstats.readers.cells.finder` lists; a day that is stored as one is a day under every form of date;
    a date-time with a zone (``Z``, ``+01:00``) gives its day as it is written there, not the day elsewhere. A value
    that no declaration fits is refused with its row.
    """

    file: str = ""
    delimiter: str = ","
    decimal: str = "."
    encoding: str = ""
    blank: tuple[str, ...] = ()
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    one_per: tuple[str, ...] = ()
    columns: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: Mapping[str, DateForm] = field(default_factory=dict)
    partial: Mapping[str, PartialDate] = field(default_factory=dict)
    conversions: tuple[Conversion, ...] = ()
    extra: Extra = "refuse"
    dictionary: str = ""

    def __post_init__(self) -> None:
        """Refuse a choice outside its closed set and a file outside the export."""
        rules = [partial.rule for partial in self.partial.values()]
        for what, values, known in (
            ("delimiter", [self.delimiter], DELIMITERS),
            ("decimal", [self.decimal], DECIMALS),
            ("extra", [self.extra], EXTRAS),
            ("form of date", list(self.dates.values()), DATE_FORMS),
            ("rule for partial dates", rules, PARTIAL_RULES),
        ):
            for value in values:
                if value not in known:
                    raise SpecError(f"source: {what} is {value!r}; one of {', '.join(map(repr, known))} is required.")
        if self.delimiter == self.decimal:
            raise SpecError("source: delimiter and decimal mark are both ','; two different signs are required.")
        for path in filter(None, (self.file, self.dictionary)):
            parts = PurePosixPath(path)
            if parts.is_absolute() or ".." in parts.parts or parts.suffix.lower() not in SUFFIXES:
                known_suffixes = ", ".join(SUFFIXES)
                raise SpecError(f"source: file is {path!r}; a path inside the export is required, {known_suffixes}.")


def targets(columns: Mapping[str, str | tuple[str, ...]], name: str) -> tuple[str, ...]:
    """Name the columns of the contract that a field of the export feeds.

    Parameters
    ----------
    columns : mapping of str to str or tuple of str
        Of a source.
    name : str
        In the export.

    Returns
    -------
    tuple of str
        Its own name where none is declared.
    """
    declared = columns.get(name, name)
    return (declared,) if isinstance(declared, str) else tuple(declared)


def bounds_first(rules: Mapping[str, PartialDate]) -> list[str]:
    """Put rules for partial dates in an order in which a bound that is partial itself has become a day.

    Parameters
    ----------
    rules : mapping of str to PartialDate
        By column.

    Returns
    -------
    list of str
        Columns; fewer than there are where rules wait for each other.
    """
    done: list[str] = []
    while ready := [column for column, rule in rules.items() if column not in done
                    and {rule.not_before, rule.not_after} & {*rules} <= {*done}]:  # fmt: skip
        done += ready
    return done


def source_faults(name: str, source: Source, schema: Schema) -> list[str]:
    """List what a source says of columns that the contract does not know, or knows as another kind.

    Parameters
    ----------
    name : str
        Frame.
    source : Source
        As planned.
    schema : Schema
        Of the frame.

    Returns
    -------
    list of str
        Clauses without a full stop; empty when source and contract fit.
    """
    kinds = {column.name: column.kind for column in schema.columns}
    faults = []
    if source.extra == "ignore" and schema.features:
        faults.append(f"source of {name} ignores extra columns, which are its features")
    wanted = {
        "constant": (source.constants, None),
        "code list": (source.codes, None),
        "form of date": (source.dates, "date"),
        "partial date": (source.partial, "date"),
        "flag": ([item.flag for item in source.partial.values()], "text"),
        "conversion": ([column for item in source.conversions for column in item.columns], "number"),
        "unit": ([item.unit_column for item in source.conversions if item.unit_column], "text"),
        "condition": ([column for item in source.conversions for column in item.of], None),
    }
    for what, (columns, kind) in wanted.items():
        unknown = [column for column in columns if column not in kinds]
        faults += [f"{what} of {name}.{column}, which does not exist" for column in unknown]
        if kind:
            other = [column for column in columns if column in kinds and kinds[column] != kind]
            faults += [f"{what} of {name}.{column}, which is no {kind}" for column in other]
    for column, partial in source.partial.items():
        if (partial.rule == "earliest-not-before") != bool(partial.not_before):
            faults.append(f"partial date {name}.{column} needs not_before with earliest-not-before, and only with it")
        if partial.rule == "first" and partial.not_after:
            faults.append(f"partial date {name}.{column} has not_after, which the first day never passes")
    circle = [column for column in source.partial if column not in bounds_first(source.partial)]
    if circle:
        faults.append(f"partial dates {', '.join(f'{name}.{column}' for column in circle)} are bounds of each other")
    faults += [f"rows of {name}.{column} names no value" for column, values in source.rows.items() if not values]
    faults += [f"columns of {name}: {column} feeds no column" for column in source.columns
               if not targets(source.columns, column)]  # fmt: skip
    return faults
