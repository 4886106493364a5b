"""What was made from what: records of inputs and outputs by hash, so that nothing is made twice.

Imports nothing heavy, because asking whether anything changed must cost less than making it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

import npcstats
from npcstats.provenance import canonical_text, hash_bytes, installed_hash

SURROUNDINGS = ("NPCSTATS_MASK", "PATH", "OPENBLAS_CORETYPE")
MISSING = "missing"
WHERE_OPTIONS = ("--workers", "--cluster")
Seen = Mapping[str, Mapping[str, str]]
NOTHING: Seen = MappingProxyType({})


@dataclass(frozen=True)
class Record:
    """A finished step: its inputs' paths, their hash together with what else decided it, and its outputs' hashes.

    Parameters
    ----------
    inputs : tuple of str
        Files and folders, absolute, links by their own names: a link that is set on another file is another input.
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


def look(paths: Iterable[Path]) -> dict[str, dict[str, str]]:
    """Hash files and whole folders as they are now, which is before a step reads them.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders; one that is missing counts as missing.

    Returns
    -------
    dict of str to dict of str to str
        For each path, by `input_name`, its files and their SHA-256; hidden files and caches in folders do not count.
    """
    return {input_name(path): _looked(path.resolve()) for path in paths}


def input_name(path: Path) -> str:
    """Name an input as it is asked for, wherever it may lead.

    Parameters
    ----------
    path : Path
        File, folder or link.

    Returns
    -------
    str
        Absolute, links not followed.
    """
    return str(path.absolute())


def _looked(path: Path) -> dict[str, str]:
    files = _files_below(path) if path.is_dir() else [path]
    return {str(file): _digest(file) for file in files}


def _digest(path: Path) -> str:
    """SHA-256 of a file; one that cannot be read counts as missing, since whoever needs it will say so."""
    try:
        if not path.is_file():
            return MISSING
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return MISSING


def hash_inputs(paths: Iterable[Path], decided_by: str, seen: Seen = NOTHING) -> str:
    """Hash files and whole folders, with what else decided a step.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders; one that is missing counts as missing.
    decided_by : str
        Versions, options, engine.
    seen : mapping of str to mapping of str to str
        What `look` found before; other paths are looked at now.

    Returns
    -------
    str
        One SHA-256.
    """
    looked = [seen.get(input_name(path)) or _looked(path.resolve()) for path in paths]
    lines = [f"{file} {digest}" for files in looked for file, digest in files.items()]
    return hash_bytes("\n".join([decided_by, *lines]).encode())


def _files_below(folder: Path) -> list[Path]:
    """Files of a folder, those behind links to folders too, since whoever reads a name follows it."""
    found: list[Path] = []
    entered = {os.path.realpath(folder)}
    for place, inner, names in os.walk(folder, followlinks=True):
        inner[:] = [name for name in sorted(inner) if not _is_cache(name) and _is_new(f"{place}/{name}", entered)]
        found += [Path(place, name) for name in names if not _is_cache(name)]
    return sorted(path for path in found if path.is_file())


def _is_new(folder: str, entered: set[str]) -> bool:
    """Whether a folder was not entered yet under another name; a link may lead back to where it stands."""
    real = os.path.realpath(folder)
    new = real not in entered
    entered.add(real)
    return new


def _is_cache(name: str) -> bool:
    return name == "__pycache__" or name.startswith(".")


def record_step(
    store: Path, name: str, inputs: Iterable[Path], decided_by: str, outputs: Iterable[Path], *, seen: Seen = NOTHING
) -> None:
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
    seen : mapping of str to mapping of str to str
        The inputs as `look` found them before they were read; what changed since makes the next run another.
    """
    paths = tuple(map(input_name, inputs))
    made = {str(path.resolve()): _digest(path) for path in outputs}
    record = Record(paths, decided_by, hash_inputs(map(Path, paths), decided_by, seen), made)
    store.mkdir(parents=True, exist_ok=True)
    beside = store / f".{name}.{os.getpid()}"
    beside.write_text(json.dumps(asdict(record), indent=1) + "\n", encoding="utf-8")
    os.replace(beside, store / f"{name}.json")


def fresh_outputs(store: Path, name: str, decided_by: str, *, seen: Seen = NOTHING) -> tuple[Path, ...]:
    """Tell which outputs of a step still stand, made from the same inputs.

    Parameters
    ----------
    store : Path
        Folder of records.
    name : str
        Of the step.
    decided_by : str
        Versions, options, engine, as they are now.
    seen : mapping of str to mapping of str to str
        What `look` found a moment ago; other inputs are looked at now.

    Returns
    -------
    tuple of Path
        All outputs; empty if the step must be done again.
    """
    record = _read_record(store / f"{name}.json")
    if record is None or record.decided_by != decided_by:
        return ()
    try:
        same = hash_inputs(map(Path, record.inputs), decided_by, seen) == record.inputs_hash
    except (OSError, ValueError):  # no paths
        return ()
    standing = same and all(_digest(Path(path)) == digest for path, digest in record.outputs.items())
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
        Short, and another for another folder or other words, but for those that say where work runs.
    """
    told = [str(folder.resolve()), *_deciding(arguments)]
    return f"command-{hash_bytes(canonical_text(told).encode())[:16]}"


def _deciding(arguments: list[str]) -> list[str]:
    """Words that decide what is made: not those that say where work runs."""
    kept: list[str] = []
    places = iter(arguments)
    for word in places:
        if word in WHERE_OPTIONS:
            next(places, None)
        elif not word.startswith(tuple(f"{option}=" for option in WHERE_OPTIONS)):
            kept.append(word)
    return kept


def surroundings() -> str:
    """Tell everything outside files that decides what a command makes.

    Returns
    -------
    str
        Versions, where this package lies, the Quarto that is found, and environment variables, as canonical text; what
        another copy of the package made is not what this one would make, though that copy stands unchanged.
    """
    named = {name: os.environ.get(name, "") for name in SURROUNDINGS}
    return canonical_text((installed_hash(), str(Path(npcstats.__file__).parent), _renderer(), named))


def _renderer() -> str:
    """The Quarto on PATH, another when it was replaced: a file's place, size and time, since to ask it takes long."""
    found = shutil.which("quarto")
    if found is None:
        return ""
    told = os.stat(found)
    return f"{os.path.realpath(found)} {told.st_size} {told.st_mtime_ns}"


def _read_record(path: Path) -> Record | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        record = Record(tuple(content.pop("inputs")), **content)
        texts = [*record.inputs, record.decided_by, record.inputs_hash, *record.outputs, *record.outputs.values()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # A record that cannot be read is no record: the step is done again.
        return None
    return record if all(isinstance(text, str) for text in texts) else None
