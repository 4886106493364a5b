"""From files to the frames of a contract, as a plan's sources say: rows, names, codes, forms, units, partial dates.

Every step is declared; what is not declared stays as it was read. A fault names file, column and row.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from npcstats.errors import DataError
from npcstats.provenance import hash_bytes
from npcstats.readers.dates import dated
from npcstats.readers.dictionary import check_dictionary, read_dictionary
from npcstats.readers.files import read_content, read_frame
from npcstats.readers.locate import file_faults, with_files
from npcstats.readers.names import lost_faults, name_faults, places_of, renamed, with_columns, without_extra
from npcstats.readers.partial_dates import without_partial
from npcstats.readers.rows import chosen_rows, one_per_record
from npcstats.readers.source import Source
from npcstats.readers.taken import Taken, joined
from npcstats.readers.values import blanked, coded, converted, with_decimals
from npcstats.schema import Origin, Schema, raise_faults


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
    found = {name: with_files(folder, name, sources.get(name, Source())) for name in schemas}
    faults = file_faults(folder, schemas, found)
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
            frames[name], told = joined(name, taken)
            faults += told
    for name, taken_frame in frames.items():
        rules = [source.partial for source, _ in found[name]]
        if any(rule != rules[0] for rule in rules):
            faults.append(f"{name}: its sources differ in partial; the same rules for partial dates in each are "
                          "required.")  # fmt: skip
        elif rules[0]:
            frames[name], told = without_partial(taken_frame, name, rules[0], frames.get("adsl"))
            faults += told
    return frames, faults


def _take(
    folder: Path, path: Path, source: Source, schema: Schema, columns: Mapping[str, str]
) -> tuple[Taken, list[str]]:
    content = read_content(path)
    hashes = {path.relative_to(folder).as_posix(): hash_bytes(content)}
    raw = read_frame(path, delimiter=source.delimiter, encoding=source.encoding, content=content)
    del content  # it may be large
    raw.columns = pd.Index([str(name) for name in raw.columns], dtype=object)
    raise_faults(name_faults(raw, source, {**columns, **source.columns}, path))
    names = {**columns, **source.columns}
    raw, notices = blanked(raw, source, names, schema, path)
    fields, described_by = read_dictionary(folder / source.dictionary) if source.dictionary else ({}, "")
    if source.dictionary:
        hashes[source.dictionary] = described_by
    if fields:
        raise_faults(check_dictionary(raw, fields, source, schema, path.name))
    raise_faults(lost_faults(source, schema, path))
    raw, rows, found, told = chosen_rows(raw, source, names, schema, fields, path)
    raise_faults(told)
    notices += found
    if source.one_per:
        raw, rows, told = one_per_record(raw, rows, source, names, schema, path)
        raise_faults(told)
    origin = Origin(places_of(raw, names, schema, source, path), rows)
    frame = without_extra(with_columns(renamed(raw, names), source.constants), source, schema)
    faults: list[str] = []
    for step in (with_decimals, coded, dated, converted):
        frame, told, found = step(frame, source, schema, origin)
        faults += told
        notices += found
    return Taken(frame, origin, hashes, tuple(notices)), faults
