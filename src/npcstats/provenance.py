"""Where numbers come from: hashes of what was read, of the plan and of the code; versions; canonical text of values."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import hmac
import importlib.metadata
import json
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import Any

from npcstats.errors import ResultsError, SpecError

PACKAGES = ("numpy", "pandas", "scipy", "matplotlib")
READERS = {".parquet": "pyarrow", ".xpt": "pyreadstat", ".sas7bdat": "pyreadstat"}
RENDERERS = ("pypandoc-binary", "typst")

PROVENANCE = "provenance.json"
# Names the file in which a document's cells tell whose results they read.
OPENED_VARIABLE = "NPCSTATS_OPENED"
# Names a folder beside the document that is read, for pictures that it could not reach where they lie.
PICTURES_VARIABLE = "NPCSTATS_PICTURES"
FILES = "files_sha256"
SHOWN = 3
AGAIN = "`npcstats results` makes them again"


def hash_bytes(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal.

    Parameters
    ----------
    content : bytes
        What is hashed.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256(content).hexdigest()


def hash_tree(folder: Path, pattern: str) -> str:
    """Hash all files of a folder that match a pattern, their relative paths included.

    Parameters
    ----------
    folder : Path
        Root.
    pattern : str
        Glob, such as ``*.py``.

    Returns
    -------
    str
        One SHA-256 over all of them.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob(pattern)):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{hash_bytes(path.read_bytes())}\n".encode())
    return digest.hexdigest()


def hash_mask(mask: Mapping[str, str], salt: str) -> str:
    """Return a keyed hash of a masking map, which cannot be inverted without its salt.

    Parameters
    ----------
    mask : mapping of str to str
        Arm codes and letters.
    salt : str
        At least 128 bits, in hexadecimal.

    Returns
    -------
    str
        HMAC-SHA-256, in hexadecimal.
    """
    return hmac.new(salt.encode(), canonical_text(dict(sorted(mask.items()))).encode(), "sha256").hexdigest()


def canonical_text(value: object) -> str:
    """Write values as JSON in which equal values, in the same order, have equal text.

    Parameters
    ----------
    value : object
        Frozen dataclasses, mappings, sequences, text, numbers, dates.

    Returns
    -------
    str
        JSON without blanks; the order of a mapping is kept, because a page's order follows it.

    Raises
    ------
    SpecError
        If something is not a value.
    """
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = {item.name: _plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
        return {"": type(value).__name__, **named}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise SpecError(f"plan: {type(value).__name__} is not a value; text, numbers, dates and specs are required.")


def installed_hash() -> str:
    """Return the hash of the names and versions of all that is installed where Python looks, and of Python's own.

    Returns
    -------
    str
        SHA-256; documents and figures depend on more packages than any list of ours would name.
    """
    places = dict.fromkeys(path or "." for path in sys.path)
    names = (name for place in places if os.path.isdir(place) for name in os.listdir(place))
    found = sorted({name for name in names if name.endswith((".dist-info", ".egg-info"))})
    return hash_bytes(canonical_text((sys.version, found)).encode())


def package_versions(files: Iterable[str]) -> dict[str, str]:
    """Return versions of Python, of this package and of those that numbers and figures are made with.

    Parameters
    ----------
    files : iterable of str
        Names of the data files that were read: a package that reads another format is left out.

    Returns
    -------
    dict of str to str
        Name to version.
    """
    names = (*PACKAGES, *_readers(files))
    versions = {"python": platform.python_version(), "npcstats": importlib.metadata.version("npcstats")}
    return versions | {name: importlib.metadata.version(name) for name in names}


def _readers(files: Iterable[str]) -> list[str]:
    suffixes = {PurePath(name).suffix.lower() for name in files}
    return sorted({READERS[suffix] for suffix in suffixes & {*READERS}})


def renderer_words() -> str:
    """Name the built-in renderer with the versions of what it writes documents with.

    Returns
    -------
    str
        Within a sentence.
    """
    told = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in RENDERERS)
    return f"the built-in renderer ({told})"


def write_provenance(folder: Path, told: Mapping[str, Any]) -> dict[str, Any]:
    """Write what results were made from into their folder, with the hash of each of their files.

    Parameters
    ----------
    folder : Path
        A session's results, of which no file is to come any more.
    told : mapping of str to object
        Plain values.

    Returns
    -------
    dict
        What was written.
    """
    content = {**told, FILES: {name: hash_bytes(path.read_bytes()) for name, path in _files_of(folder).items()}}
    (folder / PROVENANCE).write_bytes((json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
    return content


def read_provenance(folder: Path) -> dict[str, Any]:
    """Read what a session's results were made from.

    Parameters
    ----------
    folder : Path
        A session's results.

    Returns
    -------
    dict
        As `write_provenance` wrote it.

    Raises
    ------
    ResultsError
        If it cannot be read.
    """
    try:
        told = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
        files = told[FILES]
        sound = all(isinstance(name, str) and isinstance(digest, str) for name, digest in files.items())
    except OSError as error:
        raise ResultsError(f"{folder / PROVENANCE}: {error.strerror}; {AGAIN}.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ResultsError(f"{folder / PROVENANCE}: not as a run writes it; {AGAIN}.") from error
    if not sound:
        raise ResultsError(f"{folder / PROVENANCE}: not as a run writes it; {AGAIN}.")
    return dict(told)


def check_files(folder: Path) -> None:
    """Refuse results of which a file is not one that was made.

    Parameters
    ----------
    folder : Path
        A session's results.

    Raises
    ------
    ResultsError
        If a file was changed, added or is missing, or what they were made from is not told.
    """
    recorded, found = read_provenance(folder)[FILES], _files_of(folder)
    faults = [f"{folder / name}: missing" for name in recorded if name not in found]
    for name, path in found.items():
        if name not in recorded:
            faults.append(f"{path}: no file of the run")
        elif hash_bytes(path.read_bytes()) != recorded[name]:
            faults.append(f"{path}: changed since it was made")
    if faults:
        more = f", and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise ResultsError(f"{', '.join(faults[:SHOWN])}{more}; {AGAIN}.")


def _files_of(folder: Path) -> dict[str, Path]:
    """Files below a folder by their paths in it, without hidden ones and what they were made from."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name: path
        for name, path in found.items()
        if name != PROVENANCE and not any(part.startswith(".") for part in name.split("/"))
    }
