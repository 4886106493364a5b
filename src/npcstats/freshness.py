"""What was made from what: records of inputs and outputs by hash, so that nothing is made twice.

Imports nothing heavy, because asking whether anything changed must cost less than making it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from npcstats.provenance import canonical_text, hash_bytes, package_versions

SURROUNDINGS = ("NPCSTATS_MASK", "PATH")


@dataclass(frozen=True)
class Record:
    """A finished step: its inputs' paths, their hash together with what else decided it, and its outputs' hashes.

    Parameters
    ----------
    inputs : tuple of str
        Files and folders, absolute.
    decided_by : str
        Everything that is not a file: versions, options, engine.
    inputs_hash : str
        From `hash_inputs`.
    outputs : mapping of str to str
        Absolute path of each output and its SHA-256.
    """

    inputs: tuple[str, ...]
    decided_by: str
    inputs_hash: str
    outputs: Mapping[str, str]


def hash_inputs(paths: Iterable[Path], decided_by: str) -> str:
    """Hash files and whole folders, with what else decided a step.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders; one that is missing counts as missing.
    decided_by : str
        Versions, options, engine.

    Returns
    -------
    str
        One SHA-256; hidden files and caches inside folders do not count.
    """
    lines = [decided_by]
    for path in paths:
        files = _files_below(path) if path.is_dir() else [path]
        lines += [f"{file} {hash_bytes(file.read_bytes()) if file.is_file() else 'missing'}" for file in files]
    return hash_bytes("\n".join(lines).encode())


def _files_below(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not any(_is_cache(part) for part in path.relative_to(folder).parts))


def _is_cache(name: str) -> bool:
    return name == "__pycache__" or name.startswith(".")


def record_step(store: Path, name: str, inputs: Iterable[Path], decided_by: str, outputs: Iterable[Path]) -> None:
    """Record a finished step.

    Parameters
    ----------
    store : Path
        Folder of records.
    name : str
        Of the step.
    inputs : iterable of Path
        Files and folders that were read.
    decided_by : str
        Versions, options, engine.
    outputs : iterable of Path
        Files that were made.
    """
    paths = tuple(str(path.resolve()) for path in inputs)
    made = {str(path.resolve()): hash_bytes(path.read_bytes()) for path in outputs}
    record = Record(paths, decided_by, hash_inputs(map(Path, paths), decided_by), made)
    store.mkdir(parents=True, exist_ok=True)
    beside = store / f".{name}.{os.getpid()}"
    beside.write_text(json.dumps(asdict(record), indent=1) + "\n", encoding="utf-8")
    os.replace(beside, store / f"{name}.json")


def fresh_outputs(store: Path, name: str, decided_by: str) -> tuple[Path, ...]:
    """Tell which outputs of a step still stand, made from the same inputs.

    Parameters
    ----------
    store : Path
        Folder of records.
    name : str
        Of the step.
    decided_by : str
        Versions, options, engine, as they are now.

    Returns
    -------
    tuple of Path
        All outputs; empty if the step must be done again.
    """
    record = _read_record(store / f"{name}.json")
    if record is None or record.decided_by != decided_by:
        return ()
    if hash_inputs(map(Path, record.inputs), decided_by) != record.inputs_hash:
        return ()
    standing = all(Path(p).is_file() and hash_bytes(Path(p).read_bytes()) == h for p, h in record.outputs.items())
    return tuple(Path(path) for path in record.outputs) if standing else ()


def command_name(folder: Path, arguments: list[str]) -> str:
    """Name the record of a command.

    Parameters
    ----------
    folder : Path
        Where it is given; relative paths among its words start there.
    arguments : list of str
        Words after the program's name.

    Returns
    -------
    str
        Short, and another for another folder or other words.
    """
    return f"command-{hash_bytes(canonical_text([str(folder.resolve()), *arguments]).encode())[:16]}"


def surroundings() -> str:
    """Tell everything outside files that decides what a command makes.

    Returns
    -------
    str
        Versions and environment variables, as canonical text.
    """
    return canonical_text((package_versions(), {name: os.environ.get(name, "") for name in SURROUNDINGS}))


def _read_record(path: Path) -> Record | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Record(tuple(content.pop("inputs")), **content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # A record that cannot be read is no record: the step is done again.
        return None
