"""From files to the frames of a contract, as a plan's sources say: rows, names, codes, forms, units, partial dates.

Every step is declared; what is not declared stays as it was read. A fault names file, column and row.
"""

from __future__ import annotations

import calendar
import datetime
import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from npcstats.errors import DataError
from npcstats.readers.dictionary import check_dictionary, read_dictionary
from npcstats.readers.files import SHOWN, read_frame, sas_dates
from npcstats.readers.source import SUFFIXES, Conversion, PartialDate, Source
from npcstats.schema import Origin, Schema, distinct_values, parse_numbers, raise_faults, text_of

NUMBERS = ("number", "integer")
PARTIAL = re.compile("([0-9]{4})(?:-([0-9]{2}))?")
DATE9 = re.compile("([0-9]{2})([A-Z]{3})([0-9]{4})")
MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
ISO_TIME = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?")


@dataclass(frozen=True, eq=False)
class Taken:
    """A frame as its sources give it: names of the contract, where each value stands, and the files it came from.

    ``notices`` tell what is declared but never occurs.
    """

    frame: pd.DataFrame
    origin: Origin
    files: tuple[str, ...]
    notices: tuple[str, ...] = ()


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
                faults.append(str(error))
                continue
            taken.append(part)
            faults += told
        if len(taken) == len(parts):
            frames[name], told = _joined(name, taken)
            faults += told
    for name, taken_frame in frames.items():
        declared = [source for source, _ in found[name] if source.partial]
        if declared:
            frames[name], told = _without_partial(taken_frame, name, declared[0].partial, frames.get("adsl"))
            faults += told
    return frames, faults


def _with_files(folder: Path, name: str, planned: Source | tuple[Source, ...]) -> list[tuple[Source, list[Path]]]:
    parts = planned if isinstance(planned, tuple) else (planned,)
    return [(source, [path for path in _candidates(folder, name, source) if path.is_file()]) for source in parts]


def _candidates(folder: Path, name: str, source: Source) -> list[Path]:
    return [folder / source.file] if source.file else [folder / f"{name}{suffix}" for suffix in SUFFIXES]


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
        and path.stem not in schemas
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
    raw = read_frame(path, delimiter=source.delimiter, encoding=source.encoding)
    raw.columns = pd.Index([str(name) for name in raw.columns], dtype=object)
    raise_faults(_named_faults(raw, source, path))
    files = (source.file or path.name, *filter(None, (source.dictionary,)))
    raw = _blanked(raw, source.blank)
    if source.dictionary:
        raise_faults(check_dictionary(raw, read_dictionary(folder / source.dictionary), source, schema, path.name))
    raw, rows = _chosen(raw, source)
    if source.one_per:
        raw, rows, told = _one_per(raw, rows, source, path)
        raise_faults(told)
    names = {**columns, **source.columns}
    origin = Origin(_places(raw, names, schema, source, path), rows)
    frame = raw.rename(columns=names).assign(**source.constants)
    frame = _without_extra(frame, source, schema)
    faults: list[str] = []
    for step in (_decimals, _coded, _dated, _converted):
        frame, told = step(frame, source, schema, origin)
        faults += told
    return Taken(frame, origin, files), faults


def _named_faults(raw: pd.DataFrame, source: Source, path: Path) -> list[str]:
    wanted = [*source.columns, *source.rows, *source.filled, *source.one_per]
    known = set(raw.columns)
    absent = sorted({name for name in wanted if name not in known})
    twice = sorted({name for name in wanted if list(raw.columns).count(name) > 1})
    faults = []
    if absent:
        faults.append(f"{path.name}: {len(absent)} of the columns that the plan names missing ({', '.join(absent)}); "
                      "each of them is required.")  # fmt: skip
    if twice:
        faults.append(f"{path.name}: columns named more than once ({', '.join(twice)}); each name once is required.")
    return faults


def _blanked(raw: pd.DataFrame, blank: tuple[str, ...]) -> pd.DataFrame:
    if not blank:
        return raw
    texts = [i for i in range(raw.shape[1]) if pd.api.types.is_object_dtype(raw.dtypes.iloc[i])]
    built = {i: raw.iloc[:, i].where(~raw.iloc[:, i].isin(blank), "") if i in texts else raw.iloc[:, i]
             for i in range(raw.shape[1])}  # fmt: skip
    frame = pd.DataFrame(built)
    frame.columns = raw.columns
    return frame


def _chosen(raw: pd.DataFrame, source: Source) -> tuple[pd.DataFrame, np.ndarray | None]:
    if not source.rows and not source.filled:
        return raw, None
    kept = np.ones(len(raw), dtype=bool)
    for name, values in source.rows.items():
        if name in raw:
            kept &= raw[name].map(_text).isin(values).to_numpy()
    present = [name for name in source.filled if name in raw]
    if present:
        kept &= np.logical_or.reduce([_has_value(raw[name]) for name in present])
    selectors = [name for name in source.rows if name not in source.columns]
    chosen = raw.loc[kept].drop(columns=[name for name in selectors if name in raw]).reset_index(drop=True)
    return chosen, np.flatnonzero(kept) + 1


def _text(value: object) -> str:
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else f"{value:.0f}" if value == np.floor(value) else repr(float(value))
    return text_of(value) or ""


def _has_value(values: pd.Series) -> np.ndarray:
    filled: np.ndarray = (values.notna() & (values != "")).to_numpy()
    return filled


def _one_per(
    raw: pd.DataFrame, rows: np.ndarray | None, source: Source, path: Path
) -> tuple[pd.DataFrame, np.ndarray, list[str]]:
    """Rows that agree in the key as one, each column with the one value that it has in any of them."""
    numbers = np.arange(1, len(raw) + 1) if rows is None else rows
    group = raw.groupby([raw[name] for name in source.one_per], sort=False).ngroup().to_numpy()
    first = np.unique(group, return_index=True)[1]
    built, faults = {}, []
    for i, name in enumerate(raw.columns):
        values, filled = raw.iloc[:, i].to_numpy(dtype=object), _has_value(raw.iloc[:, i])
        merged = np.full(len(first), "", dtype=object)
        merged[group[filled][::-1]] = values[filled][::-1]
        built[i] = merged
        if name in source.columns or name not in source.rows:
            differ = np.flatnonzero(filled)[values[filled] != merged[group[filled]]]
            if len(differ) and (name in source.columns or source.extra == "refuse"):
                shown = ", ".join(f"row {numbers[j]} and row {numbers[first[group[j]]]}" for j in differ[:SHOWN])
                count = f"{len(differ)} row{'s differ' if len(differ) > 1 else ' differs'}"
                faults.append(
                    f"{path.name}.{name}: {count} from another row of the same record ({shown}); one value for each "
                    f"{' and '.join(source.one_per)} is required."
                )
    frame = pd.DataFrame(built)
    frame.columns = raw.columns
    return frame, numbers[first], faults


def _places(raw: pd.DataFrame, names: Mapping[str, str], schema: Schema, source: Source, path: Path) -> dict[str, str]:
    plain = path.name in (f"{schema.name}.csv", f"{schema.name}.parquet")
    places = {}
    for name in raw.columns:
        column = names.get(name, name)
        if column != name or not plain:
            places[column] = f"{name} in {path.name}" if column != name else path.name
    return places | dict.fromkeys(source.constants, f"constant of {path.name}")


def _without_extra(frame: pd.DataFrame, source: Source, schema: Schema) -> pd.DataFrame:
    if source.extra == "refuse":
        return frame
    kept: pd.DataFrame = frame.loc[:, [name in schema.by_name for name in frame.columns]]
    return kept


def _decimals(frame: pd.DataFrame, source: Source, schema: Schema, origin: Origin) -> tuple[pd.DataFrame, list[str]]:
    faults: list[str] = []
    if source.decimal == ".":
        return frame, faults
    changed = {}
    for name in _once(frame, frame.columns):
        declared = schema.by_name.get(name)
        if not (declared.kind in NUMBERS if declared else schema.features):
            continue
        numbers, bad = parse_numbers(frame[name], source.decimal)
        texts = frame[name].to_numpy(dtype=object)
        changed[name] = np.where(bad | np.isnan(numbers), texts, numbers.astype(object))
        if bad.any():
            faults.append(_value_fault(origin, schema, name, frame[name], bad, "not a number",
                                       f"numbers with the decimal mark {source.decimal} are required"))  # fmt: skip
    return frame.assign(**changed), faults


def _once(frame: pd.DataFrame, names: Iterable[str]) -> list[str]:
    columns = list(frame.columns)
    return [name for name in names if columns.count(name) == 1]


def _value_fault(
    origin: Origin, schema: Schema, name: str, values: pd.Series, bad: np.ndarray, wrong: str, required: str
) -> str:
    count = int(bad.sum())
    hidden = name in schema.by_name and schema.by_name[name].kind == "identifier"
    shown = ", ".join(
        origin.row(i) + ("" if hidden else f": {ascii(str(values.iloc[i])[:24])[1:-1]}")
        for i in np.flatnonzero(bad)[:SHOWN]
    )
    return f"{origin.where(schema.name, name)}: {count} row{'' if count == 1 else 's'} {wrong} ({shown}); {required}."


def _changed(values: pd.Series, change: Callable[[Any], Any]) -> tuple[pd.Series, np.ndarray]:
    """Change each distinct value; None is a value that cannot be changed, which stays."""
    codes, found = distinct_values(values)
    made = [change(value) for value in found]
    blank = change("")
    bad = np.array([*(value is None for value in made), False], dtype=bool)[codes]
    table = np.empty(len(found) + 1, dtype=object)
    table[:] = [*(old if new is None else new for old, new in zip(found, made, strict=True)),
                "" if blank is None else blank]  # fmt: skip
    return pd.Series(table[codes], index=values.index, dtype=object), bad


def _coded(frame: pd.DataFrame, source: Source, schema: Schema, origin: Origin) -> tuple[pd.DataFrame, list[str]]:
    faults, changed = [], {}
    for name in _once(frame, source.codes):
        changed[name], bad = _changed(frame[name], partial(_code, {"": "", **source.codes[name]}))
        if bad.any():
            faults.append(_value_fault(origin, schema, name, frame[name], bad, "not in the plan's code list",
                                       f"one of {', '.join(source.codes[name])} is required"))  # fmt: skip
    return frame.assign(**changed), faults


def _code(known: Mapping[str, str], value: object) -> str | None:
    return known.get(_text(value))


def _dated(frame: pd.DataFrame, source: Source, schema: Schema, origin: Origin) -> tuple[pd.DataFrame, list[str]]:
    faults, changed = [], {}
    words = {"iso-datetime": "YYYY-MM-DDTHH:MM", "date9": "DDMMMYYYY"}
    for name in _once(frame, source.dates):
        form = source.dates[name]
        if form in ("sas-days", "sas-seconds"):
            numbers, bad = parse_numbers(frame[name])
            changed[name] = sas_dates(pd.Series(numbers), 86_400 if form == "sas-days" else 1)
            required = f"numbers of {form[4:]} since 1960-01-01 are required"
        elif form in words:
            changed[name], bad = _changed(frame[name], _of_time if form == "iso-datetime" else _of_date9)
            required = f"dates as {words[form]} are required"
        else:
            continue
        if bad.any():
            faults.append(_value_fault(origin, schema, name, frame[name], bad, "not a date", required))
    return frame.assign(**changed), faults


def _of_time(value: object) -> str | None:
    text = _text(value)
    timed = ISO_TIME.fullmatch(text)
    return timed.group(1) if timed else text if len(text) <= 10 else None


def _of_date9(value: object) -> str | None:
    text = _text(value)
    named = DATE9.fullmatch(text.upper())
    if not text or not named or named.group(2) not in MONTHS:
        return None if text else ""
    return f"{named.group(3)}-{MONTHS[named.group(2)]:02d}-{named.group(1)}"


def _converted(frame: pd.DataFrame, source: Source, schema: Schema, origin: Origin) -> tuple[pd.DataFrame, list[str]]:
    faults: list[str] = []
    changed: dict[str, pd.Series] = {}
    before, done = frame, dict.fromkeys(frame.columns, np.zeros(len(frame), dtype=bool))
    for item in source.conversions:
        if not {*item.columns, *item.of, *filter(None, (item.unit_column,))} <= set(_once(before, before.columns)):
            continue
        chosen = np.logical_and.reduce(
            [np.ones(len(before), dtype=bool), *((before[n].map(_text) == v).to_numpy() for n, v in item.of.items())]
        )
        for name in item.columns:
            again = chosen & done[name]
            if again.any():
                faults.append(_value_fault(origin, schema, name, before[name], again, "converted twice",
                                           "conversions that exclude each other are required"))  # fmt: skip
            done[name] = chosen | done[name]
            changed[name] = _multiplied(changed.get(name, before[name]), chosen, item)
        if item.unit_column:
            changed[item.unit_column] = changed.get(item.unit_column, before[item.unit_column]).where(
                ~chosen, item.unit
            )
    return frame.assign(**changed), faults


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
    files = tuple(dict.fromkeys(file for part in parts for file in part.files))
    return Taken(frame, Origin({}, np.array(rows, dtype=object)), files), []


def _without_partial(
    taken: Taken, name: str, rules: Mapping[str, PartialDate], adsl: Taken | None
) -> tuple[Taken, list[str]]:
    frame, faults = taken.frame, []
    for column, rule in rules.items():
        if column not in _once(frame, [column]):
            continue
        if rule.flag in frame.columns:
            faults.append(
                f"{name}.{rule.flag}: the export has this column, which the plan makes; another name is required."
            )
            continue
        floor = _floor(frame, rule, adsl)
        if floor is None:
            faults.append(f"{name}.{column}: its rule needs {rule.not_before}, which neither {name} nor adsl has; a "
                          "date column is required.")  # fmt: skip
            continue
        dates = frame[column].to_numpy(dtype=object)
        codes, found = distinct_values(frame[column])
        known = np.array([*(_is_partial(value) for value in found), False], dtype=bool)[codes]
        flags = np.full(len(frame), "", dtype=object)
        made = dates.copy()
        for i in np.flatnonzero(known):
            made[i] = _imputed(dates[i], rule, floor[i])
            flags[i] = "M" if len(dates[i]) == 4 else "D"
        changed = frame[column] if not known.any() else pd.Series(made, index=frame.index, dtype=object)
        frame = frame.assign(**{column: changed}).assign(**{rule.flag: flags})
    return replace(taken, frame=frame), faults


def _floor(frame: pd.DataFrame, rule: PartialDate, adsl: Taken | None) -> list[str] | None:
    if not rule.not_before:
        return [""] * len(frame)
    if rule.not_before in frame.columns:
        return [_day(value) for value in frame[rule.not_before]]
    if adsl is None or not {rule.not_before, "USUBJID"} <= set(adsl.frame.columns) or "USUBJID" not in frame:
        return None
    of = {str(who): _day(value) for who, value in zip(adsl.frame["USUBJID"], adsl.frame[rule.not_before], strict=True)}
    return [of.get(str(who), "") for who in frame["USUBJID"]]


def _day(value: object) -> str:
    return "" if value is None or value is pd.NaT else str(value)[:10] if len(str(value)) >= 10 else ""


def _is_partial(value: object) -> bool:
    matched = PARTIAL.fullmatch(value) if isinstance(value, str) else None
    return matched is not None and 1 <= int(matched.group(2) or 1) <= 12 and int(matched.group(1)) >= 1


def _imputed(text: str, rule: PartialDate, floor: str) -> str:
    year, _, month = text.partition("-")
    low = datetime.date(int(year), int(month or 1), 1)
    last_month = int(month or 12)
    high = low.replace(month=last_month, day=calendar.monthrange(low.year, last_month)[1])
    middle = low.replace(day=15) if month else low.replace(month=7, day=1)
    chosen = {"first": low, "mid": middle, "last": high}.get(rule.rule, low).isoformat()
    return floor if rule.rule == "earliest-not-before" and low.isoformat() < floor <= high.isoformat() else chosen
