"""Which files of an export a plan's sources mean."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

from npcstats.readers.source import SUFFIXES, Source
from npcstats.schema import Schema


def with_files(folder: Path, name: str, planned: Source | tuple[Source, ...]) -> list[tuple[Source, list[Path]]]:
    """Find the files of a frame's sources.

    Parameters
    ----------
    folder : Path
        The export.
    name : str
        Of the frame.
    planned : Source or tuple of Source
        As planned.

    Returns
    -------
    list of (Source, list of Path)
        Each source with the files that it may mean; one is as it should be.
    """
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


def file_faults(
    folder: Path, schemas: Mapping[str, Schema], found: Mapping[str, list[tuple[Source, list[Path]]]]
) -> list[str]:
    """List files that are missing, misnamed, or given twice.

    Parameters
    ----------
    folder : Path
        The export.
    schemas : mapping of str to Schema
        Frames, in reading order.
    found : mapping of str to list of (Source, list of Path)
        By frame, from `with_files`.

    Returns
    -------
    list of str
        Faults; empty when there is none.
    """
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
