"""What became of the records of a frame since the former meeting, record by record: places and masks, no rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.derive import Past, compared_columns, differ, is_blank, match_records
from npcstats.schema import Schema
from npcstats.study import ADSL, Study, input_schemas

PERSON = "USUBJID"


@dataclass(frozen=True, eq=False)
class Followed:
    """A frame at the former meeting, as it is known now of that time, and now.

    Parameters
    ----------
    former, restated, present : DataFrame
        The former export at the former cut-off; the present one at it; the present one at the present cut-off.
    then, again : int array, shape (n,)
        Places in `former` and in `restated` of records of both.
    changed, completed : bool array, shape (n,)
        Which of them hold another value; or no other, but one where there was none.
    altered : mapping of str to bool array, shape (n,)
        In which of them each column holds another value.
    withdrawn, moved : int array
        Places in `former` of records that no longer exist, and of those dated after the former cut-off now.
    late : int array
        Places in `restated` of records that the former meeting had not.
    new : int array
        Places in `present` of records dated later, or of participants enrolled later.
    """

    former: pd.DataFrame
    restated: pd.DataFrame
    present: pd.DataFrame
    then: np.ndarray
    again: np.ndarray
    changed: np.ndarray
    completed: np.ndarray
    altered: Mapping[str, np.ndarray]
    withdrawn: np.ndarray
    moved: np.ndarray
    late: np.ndarray
    new: np.ndarray


def follow_frame(study: Study, past: Past, name: str) -> Followed | None:
    """Follow the records of a frame from the former meeting to this one.

    Parameters
    ----------
    study : Study
        At its cut-off, prepared for a session.
    past : Past
        What the session had at the former meeting.
    name : str
        The frame.

    Returns
    -------
    Followed or None
        None where an export lacks the frame, or the design does not declare it.
    """
    schema = input_schemas(study.design).get(name)
    if schema is None or any(name not in one.frames for one in (past.former, past.restated, study)):
        return None
    former, restated, present = past.former[name], past.restated[name], study[name]
    matched = match_records(former, restated, schema)
    altered, filled = _compare(former.iloc[matched.former], restated.iloc[matched.present], schema)
    other = np.logical_or.reduce([np.zeros(len(matched.former), dtype=bool), *altered.values()])
    lost = former.iloc[matched.withdrawn]
    elsewhere = _found_in(lost, present, schema.key)
    return Followed(
        former,
        restated,
        present,
        matched.former,
        matched.present,
        other,
        filled & ~other,
        altered,
        matched.withdrawn[~elsewhere],
        matched.withdrawn[elsewhere],
        matched.added,
        np.flatnonzero(_is_new(present, past, schema)),
    )


def _compare(former: pd.DataFrame, restated: pd.DataFrame, schema: Schema) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Of the same records: which hold another value, by column, and which a value where there was none."""
    former, restated = former.reset_index(drop=True), restated.reset_index(drop=True)
    altered, filled = {}, np.zeros(len(former), dtype=bool)
    for name in compared_columns(former, restated, schema):
        found = differ(former[name], restated[name])
        if name in schema.by_name and (known := schema.by_name[name].known_from) in former:
            # it is told of a day: before that day is on record on both sides, both say the same of it
            found &= (former[known].notna() & restated[known].notna()).to_numpy()
        was_blank = is_blank(former[name]).to_numpy()
        altered[name] = found & ~was_blank
        filled |= found & was_blank
    return altered, filled


def _found_in(lost: pd.DataFrame, present: pd.DataFrame, key: Sequence[str]) -> np.ndarray:
    """Which records exist by their key."""
    if not key or lost.empty:
        return np.zeros(len(lost), dtype=bool)
    columns = list(key)
    known = pd.MultiIndex.from_frame(present[columns])
    return np.asarray(pd.MultiIndex.from_frame(lost[columns]).isin(known), dtype=bool)


def _is_new(present: pd.DataFrame, past: Past, schema: Schema) -> np.ndarray:
    """Records dated after the former cut-off, or of who was not enrolled by then."""
    new = np.zeros(len(present), dtype=bool)
    if schema.dated:
        new |= (present[schema.dated] > pd.Timestamp(past.cutoff)).to_numpy()
    if PERSON in present:
        new |= ~present[PERSON].isin(past.restated[ADSL][PERSON]).to_numpy()
    return new
