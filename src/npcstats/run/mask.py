"""The map that turns arms into letters, read once; no message of this module tells anything that is in it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from npcstats.errors import SpecError
from npcstats.provenance import hash_bytes
from npcstats.study import Study

MASK_VARIABLE = "NPCSTATS_MASK"
SALT = "salt"
REQUIRED = "a JSON file with a letter for each arm and a salt is required (--mask FILE or $NPCSTATS_MASK)"
# Of 32 random hexadecimal digits fewer than 6 are different once in 10^9 times.
LARGEST, FEWEST_DIGITS = 100_000, 6


@dataclass(frozen=True)
class Mask:
    """A masking map and the salt that its published hash is keyed by; its file, and the hash of the bytes read."""

    letters: Mapping[str, str]
    salt: str
    file: Path | None = None
    sha256: str = ""


def read_mask(path: Path | None, study: Study) -> Mask:
    """Read the masking map: the file named, else ``$NPCSTATS_MASK``, else the one a synthetic trial carries.

    Parameters
    ----------
    path : Path or None
        From the command line.
    study : Study
        As read.

    Returns
    -------
    Mask
        A letter for each arm, and the salt.

    Raises
    ------
    SpecError
        If no map is given or it is not one.
    """
    named = path or (Path(os.environ[MASK_VARIABLE]) if os.environ.get(MASK_VARIABLE) else None)
    if named is None and study.synthetic:
        named = study.source / "mask.json"
    if named is None:
        raise SpecError(
            f"mask: none is given for a session whose arms are masked or whose participants are shown; {REQUIRED}."
        )
    try:
        with named.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise SpecError(f"mask {named}: {error.strerror}; {REQUIRED}.") from error
    found, fault = _found(content, {arm.code for arm in study.design.arms})
    if fault:
        raise SpecError(f"mask {named}: {fault}; {REQUIRED}.")
    letters = {name: letter for name, letter in found.items() if name != SALT}
    return Mask(letters, found[SALT], named, hash_bytes(content))


def _found(content: bytes, arms: set[str]) -> tuple[dict[str, str], str]:
    """Letters and salt by name, and what is wrong with them."""
    if len(content) > LARGEST:
        return {}, f"larger than {LARGEST:,} bytes"
    try:
        pairs = json.loads(content.decode("utf-8-sig"), object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return {}, "not JSON"
    if not _is_map(pairs):
        return {}, "not a masking map"
    found = dict(pairs)
    letters = [value for name, value in pairs if name != SALT]
    if len(found) < len(pairs):
        return {}, "a name stands twice in it"
    if not re.fullmatch(r"[0-9a-f]{32,}", found[SALT]) or not all(re.fullmatch(r"[A-Z]", v) for v in letters):
        return {}, "its letters are not A to Z or its salt is short"
    if len(set(found[SALT])) < FEWEST_DIGITS:
        return {}, "its salt can be guessed, since it is made of few different digits"
    if len(set(letters)) < len(letters):
        return {}, "a letter stands for two arms"
    if found.keys() - {SALT} != arms:
        missing, unknown = len(arms - found.keys()), len(found.keys() - {SALT} - arms)
        return {}, f"{missing} of the plan's {len(arms)} arms missing and {unknown} unknown"
    return found, ""


def _is_map(pairs: object) -> bool:
    """Whether JSON is one object of texts; a list gives no pairs of a text and a text."""
    if not isinstance(pairs, tuple):
        return False
    texts = all(isinstance(pair, tuple) and all(isinstance(part, str) for part in pair) for pair in pairs)
    return texts and any(name == SALT for name, _ in pairs)
