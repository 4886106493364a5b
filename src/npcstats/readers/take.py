"""From files to the frames of a contract, as a plan's sources say: rows, names, codes, forms, units, partial dates.

Every step is declared; what is not declared stays as it was read. A fault names file, column and row.
"""

from __future__ import annotations

import calendar
import datetime
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from npcstats.errors import DataError
from npcstats.formatting import counted
from npcstats.provenance import hash_bytes
from npcstats.readers.cells import Find, changed_cells, day_of_time, finder, is_blank
from npcstats.readers.dictionary import INSTRUMENT, Field, check_dictionary, read_dictionary
from npcstats.readers.files import read_content, read_frame, sas_dates
from npcstats.readers.source import SUFFIXES, Conversion, PartialDate, Source, bounds_first, targets
from npcstats.schema import (
    REFUSED,
    Origin,
    Schema,
    Why,
    clock_of,
    day_of,
    distinct_values,
    near_level,
    parse_numbers,
    raise_faults,
    value_fault,
    why_no_date,
)
from npcstats.wording import CODE, LISTED, SHOWN, cut, escaped, is_variable, listed, printable, printable_name

NUMBERS = ("number", "integer")
DECLARED = 60
PARTIAL = re.compile("([0-9]{4})(?:-([0-9]{2}))?")
DATE9 = re.compile("([0-9]{2})([A-Z]{3})([0-9]{4})")
MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
SAS_UNITS = {"sas-days": 86_400, "sas-seconds": 1, "sas-datetime": 1}


@dataclass(frozen=True, eq=False)
class Taken:
    """A frame as its sources give it: names of the contract, where each value stands, and the files it came from.

    ``hashes`` are the SHA-256 of the very bytes that were read. ``notices`` are no faults: what a source declares and
    what never occurs, each *where: what; what to look at.*
    """

    frame: pd.DataFrame
    origin: Origin
    hashes: Mapping[str, str]
    notices: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files, by their paths inside the export.

        Returns
        -------
        tuple of str
            In the order in which they were read.
        """
        return tuple(self.hashes)


def read_frames(
    folder: Path,
    schemas: Mapping[str, Schema],
    *,
    columns: Mapping[str, str],
    sources: Mapping[str, Source | tuple[Source, ...]],
) -> tuple[dict[str, Taken], list[str]]:
    """Read every frame from a folder, and list everything that is absent, cannot be read or is not as declared.

    Parameters
    ----------
    folder : Path
        The export.
    schemas : mapping of str to Schema
        Frames, in reading order.
    columns : mapping of str to str
        Names in the export and the contract's names for them, in every frame.
    sources : mapping of str to Source or tuple of Source
        Where frames come from; several sources of one frame follow each other. Without one, a frame is the file of
        its name.

    Returns
    -------
    dict of str to Taken
        Frames that could be read, in the order of `schemas`.
    list of str
        Faults, each *where: what is wrong; what is required.* Empty when every required frame was read.

    Raises
    ------
    DataError
        If the folder is missing.
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder; a folder with one file per frame is required.")
    found = {name: _with_files(folder, name, sources.get(name, Source())) for name in schemas}
    faults = _file_faults(folder, schemas, found)
    frames: dict[str, Taken] = {}
    for name, parts in found.items():
        if any(len(paths) != 1 for _, paths in parts):
            continue
        taken = []
        for source, (path,) in parts:
            try:
                part, told = _take(folder, path, source, schemas[name], columns)
            except DataError as error:
                faults += error.faults
                continue
            taken.append(part)
            faults += told
        if len(taken) == len(parts):
            frames[name], told = _joined(name, taken)
            faults += told
    for name, taken_frame in frames.items():
        rules = [source.partial for source, _ in found[name]]
        if any(rule != rules[0] for rule in rules):
            faults.append(f"{name}: its sources differ in partial; the same rules for partial dates in each are "
                          "required.")  # fmt: skip
        elif rules[0]:
            frames[name], told = _without_partial(taken_frame, name, rules[0], frames.get("adsl"))
            faults += told
    return frames, faults


def _with_files(folder: Path, name: str, planned: Source | tuple[Source, ...]) -> list[tuple[Source, list[Path]]]:
    parts = planned if isinstance(planned, tuple) else (planned,)
    return [(source, _files_of(folder, name, source)) for source in parts]


def _files_of(folder: Path, name: str, source: Source) -> list[Path]:
    """Files of a source: under the name as it is written, else under one that differs in capitals."""
    wanted = folder / source.file
    if source.file and wanted.is_file():
        return [wanted]
    names = {wanted.name.lower()} if source.file else {f"{name}{suffix}".lower() for suffix in SUFFIXES}
    inside = wanted.parent if source.file else folder
    there = sorted(inside.iterdir()) if inside.is_dir() else []
    return [path for path in there if path.name.lower() in names and path.is_file()]


def _file_faults(
    folder: Path, schemas: Mapping[str, Schema], found: Mapping[str, list[tuple[Source, list[Path]]]]
) -> list[str]:
    faults = []
    absent = [name for name, parts in found.items() if any(not p for s, p in parts if not s.file)]
    absent = [name for name in absent if not schemas[name].optional]
    if absent:
        faults.append(f"{folder}: {len(absent)} of the required frames missing ({', '.join(absent)}); "
                      f"a file NAME.csv (or {', '.join(SUFFIXES[1:])}) is required for each.")  # fmt: skip
    named = sorted({s.file for parts in found.values() for s, paths in parts if s.file and not paths})
    if named:
        faults.append(f"{folder}: {len(named)} of the plan's files missing ({', '.join(named)}); the files that the "
                      "plan's sources name are required.")  # fmt: skip
    absent = [name for name, parts in found.items() if not any(paths for _, paths in parts)]
    misnamed = {
        path.name: near[0]
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in SUFFIXES
        and path.stem.lower() not in {name.lower() for name in schemas}
        and (near := difflib.get_close_matches(path.stem.lower(), absent, n=1, cutoff=0.8))
    }
    if misnamed:
        shown = ", ".join(f"{file}, perhaps {name}" for file, name in misnamed.items())
        faults.append(f"{folder}: files that no frame is read from ({shown}); a frame's own name is required.")
    twice = {name: paths for name, parts in found.items() for _, paths in parts if len(paths) > 1}
    if twice:
        shown = ", ".join(f"{name}: {' and '.join(path.name for path in paths)}" for name, paths in twice.items())
        faults.append(f"{folder}: more than one file given for a frame ({shown}); one file per frame is required.")
    return faults


def _take(
    folder: Path, path: Path, source: Source, schema: Schema, columns: Mapping[str, str]
) -> tuple[Taken, list[str]]:
    content = read_content(path)
    hashes = {path.relative_to(folder).as_posix(): hash_bytes(content)}
    raw = read_frame(path, delimiter=source.delimiter, encoding=source.encoding, content=content)
    del content  # it may be large
    raw.columns = pd.Index([str(name) for name in raw.columns], dtype=object)
    raise_faults(_named_faults(raw, source, {**columns, **source.columns}, path))
    names = {**columns, **source.columns}
    raw, notices = _blanked(raw, source, names, schema, path)
    fields, described_by = read_dictionary(folder / source.dictionary) if source.dictionary else ({}, "")
    if source.dictionary:
        hashes[source.dictionary] = described_by
    if fields:
        raise_faults(check_dictionary(raw, fields, source, schema, path.name))
    raise_faults(_lost_faults(source, schema, path))
    raw, rows, found, told = _chosen(raw, source, names, schema, fields, path)
    raise_faults(told)
    notices += found
    if source.one_per:
        raw, rows, told = _one_per(raw, rows, source, names, schema, path)
        raise_faults(told)
    origin = Origin(_places(raw, names, schema, source, path), rows)
    frame = _without_extra(_with(_renamed(raw, names), source.constants), source, schema)
    faults: list[str] = []
    for step in (_decimals, _coded, _dated, _converted):
        frame, told, found = step(frame, source, schema, origin)
        faults += told
        notices += found
    return Taken(frame, origin, hashes, tuple(notices)), faults


def _renamed(raw: pd.DataFrame, names: Mapping[str, str | tuple[str, ...]]) -> pd.DataFrame:
    """Columns under the contract's names; one field may feed several."""
    places = [(i, column) for i, name in enumerate(raw.columns) for column in targets(names, name)]
    frame = raw.iloc[:, [i for i, _ in places]]
    frame.columns = pd.Index([column for _, column in places], dtype=object)
    return frame


def _with(frame: pd.DataFrame, added: Mapping[str, Any]) -> pd.DataFrame:
    """Columns added last, all at once: one by one they are slow beside many."""
    return pd.concat([frame, pd.DataFrame(dict(added), index=frame.index)], axis=1) if added else frame


def _named_faults(
    raw: pd.DataFrame, source: Source, names: Mapping[str, str | tuple[str, ...]], path: Path
) -> list[str]:
    wanted = [*source.columns, *source.rows, *source.filled, *source.one_per]
    known = set(raw.columns)
    absent = sorted({name for name in wanted if name not in known})
    twice = sorted({name for name in wanted if list(raw.columns).count(name) > 1})
    faults = []
    if absent:
        hints = [f"{name}{_nearest(name, raw.columns)}" for name in absent]
        faults.append(f"{path.name}: {len(absent)} of the columns that the plan names missing ({listed(hints)}); "
                      "each of them is required.")  # fmt: skip
    if twice:
        faults.append(f"{path.name}: columns named more than once ({listed(twice)}); each name once is required.")
    covered = [column for name in raw.columns for column in targets(names, name) if column in source.constants]
    if covered:
        count = counted(len(covered), "column")
        faults.append(f"{path.name}: {count} for which the plan has a constant ({listed(covered)}); the values of the "
                      "export or the constant are required, not both.")  # fmt: skip
    return faults


def _lost_faults(source: Source, schema: Schema, path: Path) -> list[str]:
    """A field that the plan takes, under a name by which it would be left out with the columns that are ignored."""
    lost = [f"{column} for {name}" for name in source.columns for column in targets(source.columns, name)
            if column not in schema.by_name]  # fmt: skip
    if source.extra == "refuse" or not lost:
        return []
    return [f"{path.name}: {counted(len(lost), 'name')} of the plan's columns not in the data contract of "
            f"{schema.name} ({listed(lost)}); columns of the contract are required."]  # fmt: skip


def _nearest(name: str, there: Iterable[str]) -> str:
    near = [other for other in there if other.strip().casefold() == name.casefold()]
    return f", perhaps {near[0].strip()}" if near else ""


def _blanked(
    raw: pd.DataFrame, source: Source, names: Mapping[str, str | tuple[str, ...]], schema: Schema, path: Path
) -> tuple[pd.DataFrame, list[str]]:
    """Cells that say a declared blank as no value, in text, numbers and dates alike."""
    if not source.blank:
        return raw, []
    built, met = {}, set()
    for i, name in enumerate(raw.columns):
        kinds = {schema.by_name[column].kind for column in targets(names, name) if column in schema.by_name}
        numeric = bool(kinds & set(NUMBERS)) or (not kinds and schema.features)
        find = finder(source.blank, digits=False, numeric=numeric, decimal=source.decimal)
        codes, found = distinct_values(raw.iloc[:, i])
        said = [find(value) for value in found]
        met |= {text for text in said if text is not None}
        blank = np.array([*(text is not None for text in said), False], dtype=bool)[codes]
        built[i] = _emptied(raw.iloc[:, i], blank) if blank.any() else raw.iloc[:, i]
    frame = pd.DataFrame(built, index=raw.index)
    frame.columns = raw.columns
    return frame, _unmet(path.name, "texts for missing values", source.blank, met) if len(raw) else []


def _emptied(values: pd.Series, blank: np.ndarray) -> pd.Series:
    if pd.api.types.is_float_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return values.mask(blank)
    return values.astype(object).mask(blank, "")


def _unmet(where: str, what: str, declared: Iterable[str], met: Iterable[str]) -> list[str]:
    never = [text for text in declared if text and text not in set(met)]
    if not never:
        return []
    told = listed([escaped(cut(text, DECLARED)) for text in never])
    return [f"{where}: {len(never)} of the plan's {what} never {'occur' if len(never) > 1 else 'occurs'} ({told}); "
            "look whether the export writes something else."]  # fmt: skip


def _chosen(
    raw: pd.DataFrame,
    source: Source,
    names: Mapping[str, str | tuple[str, ...]],
    schema: Schema,
    fields: Mapping[str, Field],
    path: Path,
) -> tuple[pd.DataFrame, np.ndarray | None, list[str], list[str]]:
    """Rows that the source takes, where they stand in the file, notices and faults."""
    if not source.rows and not source.filled:
        return raw, None, [], []
    kept = np.ones(len(raw), dtype=bool)
    notices: list[str] = []
    faults: list[str] = []
    for name, values in source.rows.items():
        said, others = _said(raw[name], finder(values))
        kept &= np.isin(said, list(values))
        never = [value for value in values if value not in set(said)] if len(raw) else []
        known = {field.form for field in fields.values()} if name == INSTRUMENT else set()
        notices += _unmet(f"{path.name}.{name}", "values of rows", [v for v in never if v in known], ())
        astray = [value for value in never if value not in known]
        if astray:
            hidden = any(c in schema.by_name and schema.by_name[c].kind == "identifier" for c in targets(names, name))
            faults.append(_never_fault(f"{path.name}.{name}", astray, others, len(raw), hidden))
    if len(source.rows) > 1 and len(raw) and not kept.any() and not faults and not notices:
        faults.append(f"{path.name}: no row has a declared value of each of {', '.join(source.rows)}; rows that occur "
                      "together are required.")  # fmt: skip
    if source.filled:
        some = kept.any()
        kept &= np.logical_or.reduce([~is_blank(raw[name]) for name in source.filled])
        if some and not kept.any():
            notices.append(f"{path.name}: no row has a value in {listed(source.filled)}, so none is taken; look "
                           "whether the export has these values elsewhere.")  # fmt: skip
    if not len(raw):
        notices.append(f"{path.name}: no row to choose from; look whether the export is whole.")
    unused = [n for n in source.rows if n not in source.columns and not {*targets(names, n)} & set(schema.by_name)]
    chosen = raw.loc[kept].drop(columns=unused).reset_index(drop=True)
    return chosen, np.flatnonzero(kept) + 1, notices, faults


def _said(values: pd.Series, find: Find) -> tuple[np.ndarray, list[object]]:
    """The declared text that each cell says, None for none of them; and the values that say none."""
    codes, found = distinct_values(values)
    said = [find(value) for value in found]
    table = np.empty(len(said) + 1, dtype=object)
    table[:] = [*said, find("")]
    return table[codes], [value for value, text in zip(found, said, strict=True) if text is None and value != ""]


def _never_fault(where: str, never: Sequence[str], others: Sequence[object], rows: int, hidden: bool) -> str:
    shown_text = printable if hidden else partial(cut, limit=DECLARED)
    told = ", ".join(text if is_variable(text) else repr(shown_text(text)) for text in never[:LISTED])
    codes = [value for value in others if isinstance(value, str) and not hidden and _is_code(value)]
    shown = f": {listed(codes)}" if codes and len(codes) == len(others) <= LISTED else ""
    return (f"{where}: {len(never)} of the plan's values of rows never in {counted(rows, 'row')} ({told}; "
            f"{counted(len(others), 'other value')}{shown}); values that occur are required.")  # fmt: skip


def _is_code(text: str) -> bool:
    return len(text) <= CODE or ("_" in text and is_variable(text))


def _one_per(
    raw: pd.DataFrame,
    rows: np.ndarray | None,
    source: Source,
    names: Mapping[str, str | tuple[str, ...]],
    schema: Schema,
    path: Path,
) -> tuple[pd.DataFrame, np.ndarray, list[str]]:
    """Rows that agree in the key as one, each column with the one value that it has in any of them."""
    numbers = np.arange(1, len(raw) + 1) if rows is None else rows
    keys = [_record_codes(raw[name]) for name in source.one_per]
    group = pd.DataFrame(dict(enumerate(keys))).groupby([*range(len(keys))], sort=False).ngroup().to_numpy()
    first = np.unique(group, return_index=True)[1]
    built, faults = {}, []
    for i, name in enumerate(raw.columns):
        values, filled = raw.iloc[:, i].to_numpy(dtype=object), ~is_blank(raw.iloc[:, i])
        merged = np.full(len(first), "", dtype=object)
        merged[group[filled][::-1]] = values[filled][::-1]
        built[i] = merged
        taken = not {*targets(names, name)}.isdisjoint(schema.by_name)
        if taken or name in source.columns or (source.extra == "refuse" and name not in source.rows):
            differ = np.flatnonzero(filled)[values[filled] != merged[group[filled]]]
            if len(differ):
                shown = ", ".join(f"row {numbers[j]} and row {numbers[first[group[j]]]}" for j in differ[:SHOWN])
                count = f"{len(differ)} row{'s differ' if len(differ) > 1 else ' differs'}"
                faults.append(
                    f"{path.name}.{printable_name(name, i + 1)}: {count} from another row of the same record "
                    f"({shown}); one value for each {' and '.join(source.one_per)} is required."
                )
    frame = pd.DataFrame(built)
    frame.columns = raw.columns
    return frame, numbers[first], faults


def _record_codes(values: pd.Series) -> np.ndarray:
    """A number for each distinct value, the same for all blank ones."""
    codes: np.ndarray = np.where(is_blank(values), -1, distinct_values(values)[0])
    return codes


def _places(
    raw: pd.DataFrame,
    names: Mapping[str, str | tuple[str, ...]],
    schema: Schema,
    source: Source,
    path: Path,
) -> dict[str, str]:
    plain = path.name in (f"{schema.name}.csv", f"{schema.name}.parquet")
    places = {}
    for place, name in enumerate(raw.columns, start=1):
        for column in targets(names, name):
            if column != name:
                places[column] = f"{printable_name(name, place)} in {path.name}"
            elif not plain:
                places[column] = path.name
    return places | dict.fromkeys(source.constants, f"constant of {path.name}")


def _without_extra(frame: pd.DataFrame, source: Source, schema: Schema) -> pd.DataFrame:
    if source.extra == "refuse":
        return frame
    kept: pd.DataFrame = frame.loc[:, [name in schema.by_name for name in frame.columns]]
    return kept


Step = tuple[pd.DataFrame, list[str], list[str]]


def _decimals(frame: pd.DataFrame, source: Source, schema: Schema, origin: Origin) -> Step:
    faults: list[str] = []
    if source.decimal == ".":
        return frame, faults, []
    changed = {}
    for name in _once(frame, frame.columns):
        if name in source.codes:  # its values are texts of the list
            continue
        declared = schema.by_name.get(name)
        if not (declared.kind in NUMBERS if declared else schema.features):
            continue
        numbers, bad = parse_numbers(frame[name], source.decimal)
        changed[name] = _replaced(numbers, bad)
        if bad.any():
            faults.append(_value_fault(origin, schema, name, frame[name], bad, "not a number",
                                       f"numbers with the decimal mark {source.decimal} are required"))  # fmt: skip
    return (frame.assign(**changed) if changed else frame), faults, []


def _replaced(values: np.ndarray, bad: np.ndarray) -> np.ndarray:
    """Values, with `REFUSED` where a fault has been told."""
    if not bad.any():
        return values
    cells = np.asarray(pd.Series(values).astype(object), dtype=object)
    cells[bad] = REFUSED
    return cells


def _once(frame: pd.DataFrame, names: Iterable[str]) -> list[str]:
    columns = list(frame.columns)
    return [name for name in names if columns.count(name) == 1]


def _value_fault(
    origin: Origin,
    schema: Schema,
    name: str,
    values: pd.Series,
    bad: np.ndarray,
    wrong: str,
    required: str,
    why: Why | None = None,
) -> str:
    hidden = name in schema.by_name and schema.by_name[name].kind == "identifier"
    where = origin.where(schema.name, name)
    return value_fault(where, wrong, values, bad, required, origin=origin, hidden=hidden, why=why)


def _coded(frame: pd.DataFrame, source: Source, schema: Schema, origin: Origin) -> Step:
    faults, notices, changed = [], [], {}
    for name in _once(frame, source.codes):
        known = {"": "", **source.codes[name]}
        find = finder(known)
        changed[name], bad = changed_cells(frame[name], partial(_code, known, find))
        if bad.any():
            faults.append(_value_fault(origin, schema, name, frame[name], bad, "not in the plan's code list",
                                       f"one of {listed([*source.codes[name]], 40)} is required",
                                       partial(_near_code, known)))  # fmt: skip
        if len(frame):
            met = {text for text in map(find, distinct_values(frame[name])[1]) if text is not None}
            notices += _unmet(origin.where(schema.name, name), "codes", source.codes[name], met)
    return (frame.assign(**changed) if changed else frame), faults, notices


def _code(known: Mapping[str, str], find: Find, value: object) -> str | None:
    said = find(value)
    return None if said is None else known[said]


def _near_code(known: Mapping[str, str], value: object) -> tuple[str, str]:
    reason = near_level(value, filter(None, known))
    return ("a truth value" if isinstance(value, bool | np.bool_) else reason), ""


def _dated(frame: pd.DataFrame, source: Source, schema: Schema, origin: Origin) -> Step:
    faults, changed = [], {}
    words = {"iso-datetime": "YYYY-MM-DDTHH:MM", "date9": "DDMMMYYYY"}
    for name in _once(frame, source.dates):
        form = source.dates[name]
        if form in SAS_UNITS:
            changed[name], bad = _of_sas(frame[name], form, source.decimal)
            required = f"numbers of {'days' if form == 'sas-days' else 'seconds'} since 1960-01-01 are required"
        elif form in words:
            changed[name], bad = changed_cells(frame[name], day_of_time if form == "iso-datetime" else _of_date9)
            required = f"dates as {words[form]} are required"
        else:
            continue
        if bad.any():
            faults.append(_value_fault(origin, schema, name, frame[name], bad, "not a date", required,
                                       partial(_why_not_in_form, form)))  # fmt: skip
    return (frame.assign(**changed) if changed else frame), faults, []


def _of_sas(values: pd.Series, form: str, decimal: str) -> tuple[pd.Series, np.ndarray]:
    """Days by their numbers since 1960; what is stored as a day is one already."""
    codes, found = distinct_values(values)
    typed = [isinstance(value, datetime.date) for value in found]
    texts = pd.Series(["" if day else value for value, day in zip(found, typed, strict=True)], dtype=object)
    numbers, wrong = parse_numbers(texts, decimal)
    moments = list(sas_dates(pd.Series(numbers), SAS_UNITS[form]).astype(object))
    made = [
        _day_in_form(value if day else moment, form) for value, day, moment in zip(found, typed, moments, strict=True)
    ]
    blank = [value == "" for value in found]
    days = ["" if none else REFUSED if bad or day is None else day
            for day, bad, none in zip(made, wrong, blank, strict=True)]  # fmt: skip
    told = [value is REFUSED for value in found]
    bad = np.array([*(d is REFUSED and not t for d, t in zip(days, told, strict=True)), False], dtype=bool)[codes]
    table = np.empty(len(days) + 1, dtype=object)
    table[:] = [*days, ""]
    return pd.Series(table[codes], index=values.index, dtype=object), bad


def _day_in_form(moment: object, form: str) -> str | None:
    if not isinstance(moment, datetime.date) or moment != moment:  # NaT is a date that is not itself
        return None
    at_midnight = not isinstance(moment, datetime.datetime) or moment.time() == datetime.time()
    return day_of(moment) if at_midnight or form == "sas-datetime" else None


def _of_date9(value: object) -> str | None:
    if isinstance(value, datetime.date):
        return _day_in_form(value, "date9")
    if not isinstance(value, str) or not value:
        return "" if value == "" else None
    named = DATE9.fullmatch(value.upper())
    if not named or named.group(2) not in MONTHS:
        return None
    return day_of(f"{named.group(3)}-{MONTHS[named.group(2)]:02d}-{named.group(1)}")


def _why_not_in_form(form: str, value: object) -> tuple[str, str]:
    """Say why a value is no date of the declared form."""
    text = value if isinstance(value, str) else ""
    named = DATE9.fullmatch(text.upper())
    if form == "date9" and named:
        return ("no such day" if named.group(2) in MONTHS else "no such month"), ""
    if form == "iso-datetime" and text[10:11] in ("T", " ") and text[11:12]:
        if day_of(text[:10]) is None:
            return "no such day", ""
        return ("" if _is_clock(text[11:]) else "no such time"), "times are 00:00 to 23:59, or 23:59:59"
    if form in ("sas-seconds", "sas-datetime") and not text and isinstance(value, int | float):
        return "a date and time", "the form sas-datetime takes its day"
    reason, remedy = why_no_date(value)
    if reason == "a partial date" and form in ("date9", *SAS_UNITS):  # which no rule could ever see
        return reason, "partial dates are read in ISO 8601 only"
    return (reason, remedy) if form not in remedy and reason != "outside 1900 to 2199" else ("", "")


def _is_clock(text: str) -> bool:
    matched = re.match("[0-9]{2}(:[0-9]{2}){0,2}", text)
    return matched is not None and clock_of(matched.group()) is not None


def _converted(frame: pd.DataFrame, source: Source, schema: Schema, origin: Origin) -> Step:
    faults: list[str] = []
    notices: list[str] = []
    changed: dict[str, pd.Series] = {}
    before, done = frame, dict.fromkeys(frame.columns, np.zeros(len(frame), dtype=bool))
    for item in source.conversions:
        if not {*item.columns, *item.of, *filter(None, (item.unit_column,))} <= set(_once(before, before.columns)):
            continue
        chosen = np.logical_and.reduce(
            [np.ones(len(before), dtype=bool),
             *(_said(before[name], finder((text,)))[0] == text for name, text in item.of.items())]
        )  # fmt: skip
        if len(before) and not chosen.any():
            notices += _unmet(f"{schema.name}.{item.columns[0]}", "conditions of a conversion",
                              [" and ".join(item.of.values())], ())  # fmt: skip
        for name in item.columns:
            again = chosen & done[name]
            if again.any():
                faults.append(_value_fault(origin, schema, name, before[name], again, "converted twice",
                                           "conversions that exclude each other are required"))  # fmt: skip
            done[name] = chosen | done[name]
            changed[name] = _multiplied(changed.get(name, before[name]), chosen, item)
        if item.unit_column:
            units = changed.get(item.unit_column, before[item.unit_column]).astype(object)
            changed[item.unit_column] = units.where(~chosen, item.unit)
    return (frame.assign(**changed) if changed else frame), faults, notices


def _multiplied(values: pd.Series, chosen: np.ndarray, item: Conversion) -> pd.Series:
    numbers, _ = parse_numbers(values)
    ready = chosen & ~np.isnan(numbers)
    return pd.Series(np.where(ready, (numbers * item.factor).astype(object), values.to_numpy(dtype=object)),
                     index=values.index, dtype=object)  # fmt: skip


def _joined(name: str, parts: Sequence[Taken]) -> tuple[Taken, list[str]]:
    if len(parts) == 1:
        return parts[0], []
    columns = list(parts[0].frame.columns)
    other = [part for part in parts if sorted(part.frame.columns) != sorted(columns)]
    if other or len(set(columns)) < len(columns):
        differ = sorted({str(c) for part in other for c in set(columns) ^ set(part.frame.columns)})
        return parts[0], [f"{name}: its sources differ in columns ({', '.join(differ)}); the same columns from each "
                          "are required."]  # fmt: skip
    frame = pd.concat([part.frame[columns].astype(object) for part in parts], ignore_index=True)
    rows = [f"{part.origin.row(i)[4:]} of {part.files[0]}" for part in parts for i in range(len(part.frame))]
    hashes = joined_hashes(parts)
    notices = tuple(dict.fromkeys(notice for part in parts for notice in part.notices))
    return Taken(frame, Origin({}, np.array(rows, dtype=object)), hashes, notices), []


def joined_hashes(parts: Iterable[Taken]) -> dict[str, str]:
    """Collect the hashes of what was read.

    Parameters
    ----------
    parts : iterable of Taken
        In reading order.

    Returns
    -------
    dict of str to str
        Path inside the export to SHA-256, in reading order.

    Raises
    ------
    DataError
        If a file that several were taken from was another each time.
    """
    hashes: dict[str, str] = {}
    for part in parts:
        for file, digest in part.hashes.items():
            if hashes.setdefault(file, digest) != digest:
                raise DataError(f"{file}: it changed while it was read; a file that stays as it is is required.")
    return hashes


def _without_partial(
    taken: Taken, name: str, rules: Mapping[str, PartialDate], adsl: Taken | None
) -> tuple[Taken, list[str]]:
    frame, faults, told = taken.frame, [], {}
    for column in bounds_first(rules):
        rule = rules[column]
        if column not in _once(frame, [column]):
            continue
        if rule.flag in frame.columns:
            faults.append(
                f"{name}.{rule.flag}: the export has this column, which the plan makes; another name is required."
            )
            continue
        floor, ceiling = (_bound(frame, bound, adsl) for bound in (rule.not_before, rule.not_after))
        if floor is None or ceiling is None:
            lacking = rule.not_before if floor is None else rule.not_after
            faults.append(f"{name}.{column}: its rule needs {lacking}, which neither {name} nor adsl has; a date "
                          "column is required.")  # fmt: skip
            continue
        dates = frame[column].to_numpy(dtype=object)
        codes, found = distinct_values(frame[column])
        known = np.array([*(_is_partial(value) for value in found), False], dtype=bool)[codes]
        flags = np.full(len(frame), "", dtype=object)
        made = dates.copy()
        for i in np.flatnonzero(known):
            made[i] = _imputed(dates[i], rule, floor[i], ceiling[i])
            flags[i] = "M" if len(dates[i]) == 4 else "D"
        changed = frame[column] if not known.any() else pd.Series(made, index=frame.index, dtype=object)
        frame = _with(frame.assign(**{column: changed}), {rule.flag: flags})
        told[column] = dict.fromkeys(np.flatnonzero(known).tolist(), f"the plan's rule {rule.rule}")
    return replace(taken, frame=frame, origin=replace(taken.origin, made=told)), faults


def _bound(frame: pd.DataFrame, bound: str, adsl: Taken | None) -> list[str] | None:
    """The day of another column in each row, empty where there is none; None where there is no such column."""
    if not bound:
        return [""] * len(frame)
    if bound in frame.columns:
        return [day_of(value) or "" for value in frame[bound]]
    if adsl is None or not {bound, "USUBJID"} <= set(adsl.frame.columns) or "USUBJID" not in frame:
        return None
    of = {str(who): day_of(value) or "" for who, value in zip(adsl.frame["USUBJID"], adsl.frame[bound], strict=True)}
    return [of.get(str(who), "") for who in frame["USUBJID"]]


def _is_partial(value: object) -> bool:
    matched = PARTIAL.fullmatch(value) if isinstance(value, str) else None
    return matched is not None and 1 <= int(matched.group(2) or 1) <= 12 and int(matched.group(1)) >= 1


def _imputed(text: str, rule: PartialDate, floor: str, ceiling: str) -> str:
    """The day of a partial date by its rule; ISO dates compare as texts."""
    year, _, month = text.partition("-")
    low = datetime.date(int(year), int(month or 1), 1)
    last_month = int(month or 12)
    high = low.replace(month=last_month, day=calendar.monthrange(low.year, last_month)[1])
    middle = low.replace(day=15) if month else low.replace(month=7, day=1)
    chosen = {"first": low, "mid": middle, "last": high}.get(rule.rule, low).isoformat()
    if rule.rule == "earliest-not-before" and low.isoformat() < floor <= high.isoformat():
        chosen = floor
    return ceiling if low.isoformat() <= ceiling < chosen else chosen
