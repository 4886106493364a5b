"""Finished parts of work that was interrupted, each a file that vouches for itself."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
from pathlib import Path
from typing import Any

from npcstats.parallel.work import Part

_DIGEST = 32


def read_part(store: Path, part: Part) -> list[Any] | None:
    """Read what a part gave before.

    Parameters
    ----------
    store : Path
        The folder.
    part : Part
        Of the work.

    Returns
    -------
    list or None
        None where it is not there, or its bytes are not those that were written.
    """
    try:
        content = (store / part.key).read_bytes()
    except OSError:
        return None
    digest, body = content[:_DIGEST], content[_DIGEST:]
    if hashlib.sha256(part.key.encode() + body).digest() != digest:
        return None
    found: list[Any] = pickle.loads(body)
    return found


def write_part(store: Path, part: Part, made: list[Any]) -> None:
    """Write what a part gave, whole or not at all; work goes on where it cannot be written.

    Parameters
    ----------
    store : Path
        The folder, which is made.
    part : Part
        Of the work.
    made : list
        What it gave.
    """
    body = pickle.dumps(made)
    draft = store / f"{part.key}.{os.getpid()}"
    with contextlib.suppress(OSError):
        store.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_bytes(hashlib.sha256(part.key.encode() + body).digest() + body)
        draft.replace(store / part.key)
