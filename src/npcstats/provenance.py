"""Where numbers come from: hashes of what was read, of the plan and of the code; versions; canonical text of values."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import hmac
import importlib.metadata
import json
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path

from npcstats.errors import DataError, SpecError

PACKAGES = ("numpy", "pandas", "scipy", "lifelines", "pingouin", "matplotlib", "seaborn", "typst", "pypandoc-binary")


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


def hash_files(paths: Iterable[Path]) -> dict[str, str]:
    """Hash files by name, in name order.

    Parameters
    ----------
    paths : iterable of Path
        Files.

    Returns
    -------
    dict of str to str
        File name to SHA-256.

    Raises
    ------
    DataError
        If a file cannot be read.
    """
    hashes = {}
    for path in sorted(paths, key=lambda item: item.name):
        try:
            hashes[path.name] = hash_bytes(path.read_bytes())
        except OSError as error:
            raise DataError(f"{path}: {error.strerror}; a readable file is required.") from error
    return hashes


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


def package_versions() -> dict[str, str]:
    """Return versions of Python, of this package and of those that its numbers and pages depend on.

    Returns
    -------
    dict of str to str
        Name to version.
    """
    versions = {"python": platform.python_version(), "npcstats": importlib.metadata.version("npcstats")}
    return versions | {name: importlib.metadata.version(name) for name in PACKAGES}
