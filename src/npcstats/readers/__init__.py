"""Files to frames, as a plan's sources say: CSV, Parquet, SAS transport and SAS7BDAT, REDCap exports."""

from __future__ import annotations

from npcstats.readers.files import read_frame
from npcstats.readers.source import Conversion, PartialDate, Source, source_faults
from npcstats.readers.take import read_frames
from npcstats.readers.taken import Taken, joined_hashes

__all__ = [
    "Conversion",
    "PartialDate",
    "Source",
    "Taken",
    "joined_hashes",
    "read_frame",
    "read_frames",
    "source_faults",
]
