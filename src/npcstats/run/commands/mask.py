"""A new masking map, which nobody chose: ``mask new``."""

from __future__ import annotations

import json
import os
import secrets
import string
from pathlib import Path

from npcstats.errors import SpecError
from npcstats.run.mask import SALT, guessable
from npcstats.run.plan import load_plan
from npcstats.run.project import find_project

SALT_BYTES = 16
OWNER_ONLY = 0o600
OTHERS_WRITE = 0o022
REPOSITORY = ".git"
PROJECT = "_quarto.yml"


def new(file: Path, *, plan: Path | None) -> None:
    """Write a masking map: a letter for each arm by the operating system's randomness, and a salt.

    Parameters
    ----------
    file : Path
        Where it is kept, outside every repository and project.
    plan : Path or None
        Analysis plan, which names the arms; the project's if None.

    Raises
    ------
    SpecError
        If the file exists, or its folder does not, lies inside a repository or a project, or can be written by others.
    """
    arms = [arm.code for arm in load_plan(plan or find_project(Path.cwd()).plan).design.arms]
    _check_place(file)
    letters = list(string.ascii_uppercase[: len(arms)])
    secrets.SystemRandom().shuffle(letters)
    salt = secrets.token_hex(SALT_BYTES)
    while guessable(salt):
        salt = secrets.token_hex(SALT_BYTES)
    # in the order of the plan's codes, so that the place of a line tells nothing
    content = json.dumps({**dict(zip(arms, letters, strict=True)), SALT: salt}, indent=2) + "\n"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(content)
    except OSError as error:
        raise SpecError(f"mask {file}: {error.strerror}; a place that can be written to is required.") from error
    print(
        f"Mask: {file}, readable by its owner only. Keep it, and a copy elsewhere: every meeting needs this very file."
    )


def _check_place(file: Path) -> None:
    folder = file.resolve().parent
    if os.path.lexists(file):
        raise SpecError(
            f"mask {file}: exists already; a new file is required, since a map is the same at every meeting."
        )
    if not folder.is_dir():
        raise SpecError(f"mask {file}: its folder does not exist; a folder that does is required.")
    inside = [mark for place in (folder, *folder.parents) for mark in (REPOSITORY, PROJECT) if (place / mark).exists()]
    if inside:
        what = "repository" if inside[0] == REPOSITORY else "project"
        raise SpecError(
            f"mask {file}: lies inside a {what}, whose files others see; a place outside of it is required, such as "
            "a folder of your own."
        )
    if os.name == "posix" and folder.stat().st_mode & OTHERS_WRITE and not _is_sticky(folder):
        raise SpecError(
            f"mask {file}: others can write to its folder; a folder that only you can write to is required."
        )


def _is_sticky(folder: Path) -> bool:
    """Whether others may add files, but not replace them."""
    return bool(folder.stat().st_mode & 0o1000)
