"""The way from a former export to the present one, in steps that take in one cause of change each."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from npcstats.derive.records import compared_columns, is_blank, match_records
from npcstats.derive.snapshot import Snapshot, at_cutoff
from npcstats.schema import TEXTS, Schema
from npcstats.study import ADSL, ENTERED, Study, input_schemas

Taken = Literal["corrected", "late-entry", "follow-up", "new"]


def follow_export(
    former: Study,
    present: Study,
    *,
    former_cutoff: datetime.date,
    cutoff: datetime.date,
    snapshot: Snapshot,
) -> Mapping[Taken, Study]:
    """Bring a former export to the present one, step by step.

    Parameters
    ----------
    former, present : Study
        Both exports as read, by the present design, before any cut-off.
    former_cutoff, cutoff : date
        Cut-offs of the two meetings.
    snapshot : {"event-date", "event-and-entry-date"}
        What puts a record on or before a cut-off.

    Returns
    -------
    mapping of str to Study
        At their cut-offs, arms not yet named, masked or removed:

        - ``corrected``: the former records at the former cut-off, as they are now; without those that were withdrawn;
          what was blank and is filled now stays blank;
        - ``late-entry``: all that is known now of the time until the former cut-off;
        - ``follow-up``: those who were enrolled by the former cut-off, at the present one;
        - ``new``: everybody, at the present cut-off.

    Raises
    ------
    DataError
        If a step cannot be brought to its cut-off, as `at_cutoff` says.

    Notes
    -----
    `run` brings each step to a session as `prepare_study` does after its cut-off, and summarizes it by the present
    plan; before the first of them stand the former export at the former cut-off, by the former plan and by the present
    one. An event that began by the former cut-off and was graded higher later is among the corrected: an export holds
    one grade of it, and not since when.

    The first step's starting point is the former export at the former cut-off. Since each step begins where the one
    before it ended, differences of any number between them add up to its whole change.
    """
    by_entry = snapshot == "event-and-entry-date"
    then = _entered_by(former, former_cutoff) if by_entry else former
    known = _entered_by(present, cutoff) if by_entry else present
    corrected = at_cutoff(_corrected(then, known), former_cutoff, snapshot="event-date")
    restated = at_cutoff(known, former_cutoff, snapshot="event-date")
    followed = at_cutoff(_of(known, restated), cutoff, snapshot="event-date")
    now = at_cutoff(present, cutoff, snapshot=snapshot)
    return {"corrected": corrected, "late-entry": restated, "follow-up": followed, "new": now}


def _entered_by(study: Study, day: datetime.date) -> Study:
    """What was entered by a day, whenever it happened."""
    schemas, last = input_schemas(study.design), pd.Timestamp(day)
    frames = {}
    for name, frame in study.frames.items():
        kept = frame[~(frame[ENTERED] > last)].reset_index(drop=True) if ENTERED in frame else frame.copy(deep=False)
        for column in schemas[name].columns:
            if column.entered_on:
                kept[column.name] = kept[column.name].where(~(kept[column.entered_on] > last))
        frames[name] = kept
    return replace(study, frames=frames)


def _corrected(former: Study, present: Study) -> Study:
    """Former records with present values, those withdrawn left out, and what was blank still blank."""
    schemas = input_schemas(present.design)
    frames = {}
    for name, frame in present.frames.items():
        frames[name] = _frame(former.frames[name], frame, schemas[name]) if name in former.frames else frame.iloc[:0]
    merged = replace(present, frames=frames)
    return _of(merged, merged)


def _frame(former: pd.DataFrame, present: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    matched = match_records(former, present, schema)
    built = present.iloc[matched.present].reset_index(drop=True)
    then = former.iloc[matched.former].reset_index(drop=True)
    kinds = {column.name: column.kind for column in schema.columns}
    shared = compared_columns(former, present, schema)
    filled = {name: is_blank(then[name]) & ~is_blank(built[name]) for name in shared}
    for column in schema.columns:
        if column.known_from in filled and column.name in filled:  # it was told of a day that came later
            late = filled[column.known_from]
            built[column.name] = built[column.name].mask(late, then[column.name])
    for name, late in filled.items():
        if late.any():
            built[name] = built[name].mask(late, "" if kinds.get(name) in TEXTS else np.nan)
    return built


def _of(study: Study, other: Study) -> Study:
    """Records of the persons that another study has: of its participants, and in a frame of others, of those."""
    frames = {}
    for name, frame in study.frames.items():
        columns = input_schemas(study.design)[name].columns
        person = next((column.name for column in columns if column.kind == "identifier"), None)
        known = other[ADSL] if person == "USUBJID" else other.frames.get(name, frame.iloc[:0])
        frames[name] = frame[frame[person].isin(known[person])].reset_index(drop=True) if person else frame
    return replace(study, frames=frames)
