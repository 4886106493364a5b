"""The map that turns arms into letters, read once; no message of this module tells anything that is in it."""

from __future__ import annotations

import hmac
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from npcstats.errors import SpecError
from npcstats.provenance import hash_bytes, hash_mask
from npcstats.results import Results
from npcstats.study import Study

MASK_VARIABLE = "NPCSTATS_MASK"
SALT = "salt"
LETTERS = "letters"
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
    if guessable(found[SALT]):
        return {}, "its salt can be guessed, since it is made of few different digits"
    if len(set(letters)) < len(letters):
        return {}, "a letter stands for two arms"
    if found.keys() - {SALT} != arms:
        missing, unknown = len(arms - found.keys()), len(found.keys() - {SALT} - arms)
        return {}, f"{missing} of the plan's {len(arms)} arms missing and {unknown} unknown"
    return found, ""


def guessable(salt: str) -> bool:
    """Tell whether a salt has too few different digits to have been drawn.

    Parameters
    ----------
    salt : str
        In hexadecimal.

    Returns
    -------
    bool
        True of ``000...0``.
    """
    return len(set(salt)) < FEWEST_DIGITS


def tell_letters(results: Results, mask: Mask) -> Results:
    """Tell in the words of a session which letter is which arm: of one that unmasks, and of no other.

    Parameters
    ----------
    results : Results
        With named arms.
    mask : Mask
        The map.

    Returns
    -------
    Results
        With the words ``letters`` about the study.
    """
    labels = results.catalogue.arms
    pairs = sorted((letter, labels[arm]) for arm, letter in mask.letters.items())
    told = {**results.catalogue.study, LETTERS: "; ".join(f"arm {letter} is {label}" for letter, label in pairs)}
    return replace(results, catalogue=replace(results.catalogue, study=told))


def check_same_mask(mask: Mask, former: str) -> None:
    """Refuse a map that is not the former meeting's: letters would change their arms, and participants their numbers.

    Parameters
    ----------
    mask : Mask
        As read now.
    former : str
        Keyed hash of the map that was used then.

    Raises
    ------
    SpecError
        If they differ in any letter or in the salt.
    """
    if not hmac.compare_digest(hash_mask(mask.letters, mask.salt), former):
        raise SpecError(
            f"mask {mask.file}: it is not the map of the former meeting, or was altered since; the very same file is "
            "required at every meeting (--mask FILE or $NPCSTATS_MASK)."
        )


def _is_map(pairs: object) -> bool:
    """Whether JSON is one object of texts; a list gives no pairs of a text and a text."""
    if not isinstance(pairs, tuple):
        return False
    texts = all(isinstance(pair, tuple) and all(isinstance(part, str) for part in pair) for pair in pairs)
    return texts and any(name == SALT for name, _ in pairs)
