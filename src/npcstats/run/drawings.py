"""Figures of a run: each is drawn once, and not again while what it draws is unchanged.

A figure is given the rows and words of its analyses and nothing else, so that their hash, with that of fonts, code and
versions, decides its bytes. Knows files, and no drawing library: that is loaded by the workers that draw.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from npcstats.display.specs import Figure
from npcstats.provenance import canonical_text, hash_bytes, installed_hash
from npcstats.results import Catalogue, Results, catalogue_text, results_text
from npcstats.system.named import Named
from npcstats.system.workers import Crew

DRAW = Named("npcstats.run.draw", "draw_to_files")
PARTS = ("drawn_from", "sha256")


@dataclass(frozen=True)
class Drawing:
    """A figure that a run needs.

    Parameters
    ----------
    spec : Figure
        What is drawn.
    results : Results
        Rows and words that it draws, with the folder of its listings.
    kinds : tuple of str
        Kinds of file, of ``svg``, ``pdf`` and ``png``.
    drawn_from : str
        Hash of all that decides its bytes.
    """

    spec: Figure
    results: Results
    kinds: tuple[str, ...]
    drawn_from: str

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its files.

        Returns
        -------
        tuple of str
            One for each kind.
        """
        return tuple(f"{self.spec.name}.{kind}" for kind in self.kinds)


def plan_drawing(results: Results, spec: Figure, kinds: tuple[str, ...], *, decided_by: str) -> Drawing:
    """Narrow results to what a figure draws, and hash it.

    Parameters
    ----------
    results : Results
        Of a session, with the folder that its listings are in.
    spec : Figure
        The figure.
    kinds : tuple of str
        Kinds of file.
    decided_by : str
        From `drawing_means`.

    Returns
    -------
    Drawing
        The figure.
    """
    whole = results.catalogue
    words = {code: entry for code, entry in whole.analyses.items() if code in spec.analyses}
    study = {"rounding": whole.study["rounding"]} if "rounding" in whole.study else {}
    catalogue = Catalogue(study, whole.arms, {}, words)
    rows = tuple(row for code in spec.analyses for row in results.by_analysis.get(code, ()))
    narrow = Results(rows, catalogue, results.folder)
    listing = results.folder / "listings" / f"{spec.analysis}.csv" if results.folder else None
    listed = hash_bytes(listing.read_bytes()) if listing and listing.is_file() else ""
    drawn = (canonical_text(spec), results_text(narrow), catalogue_text(catalogue), listed, decided_by)
    return Drawing(spec, narrow, kinds, hash_bytes("\0".join(drawn).encode()))


def drawing_means(fonts: Path, code: str) -> str:
    """Tell what decides the bytes of every figure: fonts, code, versions, platform.

    Parameters
    ----------
    fonts : Path
        Folder of the figures' fonts.
    code : str
        Hash of this package's code.

    Returns
    -------
    str
        Canonical text.
    """
    files = {path.name: hash_bytes(path.read_bytes()) for path in sorted(fonts.glob("*")) if path.is_file()}
    return canonical_text((files, code, installed_hash(), sys.platform, platform.machine()))


def make_figures(drawings: Sequence[tuple[Drawing, Path]], *, fonts: Path, drawn: Path | None, hands: Crew) -> None:
    """Copy the figures that were drawn from the same before, and have the others drawn.

    Parameters
    ----------
    drawings : sequence of (Drawing, Path)
        Figures, each with the folder that it is needed in.
    fonts : Path
        Folder of the figures' fonts.
    drawn : Path or None
        Record of figures drawn before, from `record_figures`; without it all are drawn.
    hands : Crew
        Draws; when it has finished the figures are there, or rows that one draws, or fonts, are told to be absent.
    """
    known = _known(drawn)
    asked = [pair for pair in drawings if not _copied(*pair, known)]
    asked.sort(key=lambda pair: -len(pair[0].kinds))  # what takes longest first
    for one, folder in asked:
        hands.give(partial(DRAW, one.results, one.spec, one.kinds, folder, fonts=fonts))


def record_figures(drawn: Path, placed: Iterable[tuple[Drawing, Path]]) -> None:
    """Record where figures are and what they were drawn from.

    Parameters
    ----------
    drawn : Path
        The record; figures that are no longer there are struck from it.
    placed : iterable of (Drawing, Path)
        Figures, each with the folder that holds its files.
    """
    content = {path: entry for path, entry in _read(drawn).items() if Path(path).is_file()}
    for one, folder in placed:
        for name in one.names:
            path = folder.resolve() / name
            content[str(path)] = {"drawn_from": one.drawn_from, "sha256": hash_bytes(path.read_bytes())}
    drawn.parent.mkdir(parents=True, exist_ok=True)
    beside = drawn.with_name(f".{drawn.name}.{os.getpid()}")
    beside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    os.replace(beside, drawn)


def _read(drawn: Path) -> dict[str, dict[str, str]]:
    """The record; one that cannot be read is no record, so that the figures are drawn again."""
    try:
        content = json.loads(drawn.read_text(encoding="utf-8"))
        entries = {path: {part: entry[part] for part in PARTS} for path, entry in content.items() if "\0" not in path}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    sound = all(isinstance(text, str) for entry in entries.values() for text in entry.values())
    return entries if sound else {}


def _known(drawn: Path | None) -> dict[tuple[str, str], list[tuple[Path, str]]]:
    """Files, with their hashes, by what they were drawn from and their name."""
    known: dict[tuple[str, str], list[tuple[Path, str]]] = {}
    for path, entry in (_read(drawn) if drawn else {}).items():
        known.setdefault((entry["drawn_from"], Path(path).name), []).append((Path(path), entry["sha256"]))
    return known


def _copied(one: Drawing, folder: Path, known: dict[tuple[str, str], list[tuple[Path, str]]]) -> bool:
    """Whether every file of a figure was there, as it had been drawn, and is now in its folder."""
    found = {name: _standing(known.get((one.drawn_from, name), [])) for name in one.names}
    if None in found.values():
        return False
    for name, content in found.items():
        (folder / name).write_bytes(content or b"")
    return True


def _standing(files: list[tuple[Path, str]]) -> bytes | None:
    """Content of the first file that is as it was drawn."""
    for path, sha256 in files:
        with contextlib.suppress(OSError):
            content = path.read_bytes()
            if hash_bytes(content) == sha256:
                return content
    return None
