"""The study: a checked export, with its design, its frames, and where it came from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from npcstats.errors import AbsentError
from npcstats.formatting import counted
from npcstats.readers import joined_hashes, read_frames
from npcstats.schema import Origin, conform_frame, raise_faults
from npcstats.study.design import Design
from npcstats.study.frames import ADSL, input_schemas
from npcstats.study.parts import Arm

SYNTHETIC_MARKER = "SYNTHETIC.txt"


@dataclass(frozen=True)
class Study:
    """A checked export: its design, its frames, the cut-off it stands at, and where it came from.

    ``cutoff`` is None for the whole export. ``arms`` holds the arms that analyses may see: the design's, the masked
    ones, or none for a study without treatment columns. ``session`` and ``rounding`` name the view of the plan that
    it was prepared for, and how its numbers are printed. ``files`` are those that it was read from, by their paths
    inside the export, and ``hashes`` the SHA-256 of the bytes that were read. ``later`` counts the records that the
    cut-off left out, by frame. ``unrecorded`` names the cumulative doses of which nobody has a record by the cut-off:
    0 for all, or a drug that never occurs.
    """

    design: Design
    frames: Mapping[str, pd.DataFrame]
    source: Path
    synthetic: bool
    cutoff: datetime.date | None = None
    arms: tuple[Arm, ...] = ()
    session: str = ""
    rounding: str = ""
    files: tuple[str, ...] = ()
    later: Mapping[str, int] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    unrecorded: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a frame by name."""
        if name not in self.frames:
            raise AbsentError(self.source.name, name)
        return self.frames[name]

    def with_frames(self, changed: Mapping[str, pd.DataFrame]) -> Study:
        """Replace some frames.

        Parameters
        ----------
        changed : mapping of str to DataFrame
            New frames by name.

        Returns
        -------
        Study
            A copy; the others stay.
        """
        return replace(self, frames={**self.frames, **changed})


def read_study(folder: Path, design: Design) -> Study:
    """Read an export, check every frame, and raise all faults together.

    Parameters
    ----------
    folder : Path
        Holds one file per frame, named after it (``adsl.csv``), or as the design's sources say.
    design : Design
        The trial's design: what is declared, and where it comes from.

    Returns
    -------
    Study
        The whole export, typed, without a cut-off; no arm is assigned yet.

    Raises
    ------
    DataError
        If the folder or a required frame is missing or a frame breaks the contract; one message
        lists everything.
    """
    schemas = input_schemas(design)
    taken, faults = read_frames(folder, schemas, columns=design.columns, sources=design.sources)
    frames = {}
    for name, raw in taken.items():
        frames[name], found = conform_frame(raw.frame, schemas[name], raw.origin)
        faults += found
    if not faults and frames[ADSL].empty:
        faults.append(f"{folder.name}: {ADSL} has no record; at least one participant is required.")
    faults += _stray_participants(frames, {name: raw.origin for name, raw in taken.items()})
    raise_faults(faults)
    hashes = joined_hashes(taken.values())
    synthetic = (folder / SYNTHETIC_MARKER).is_file()
    return Study(design, frames, folder, synthetic, files=tuple(hashes), hashes=hashes)


def _stray_participants(frames: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin]) -> list[str]:
    if "USUBJID" not in frames.get(ADSL, ()):
        return []
    known = set(frames[ADSL]["USUBJID"])
    faults = []
    for name, frame in frames.items():
        if "USUBJID" not in frame or name == ADSL:
            continue
        stray = frame.index[~frame["USUBJID"].isin(known)]
        if len(stray):
            rows = ", ".join(origins[name].row(i) for i in stray[:3])
            count = counted(len(stray), "row")
            faults.append(
                f"{origins[name].where(name, 'USUBJID')}: {count} of a participant who is not in adsl ({rows}); "
                "every record needs its participant in adsl."
            )
    return faults
