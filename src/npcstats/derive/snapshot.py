"""A study as it stood on a day, and results bound to it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from npcstats.derive.arms import arms_choices, arms_sentences, rule_words
from npcstats.derive.exposure import derive_exposure
from npcstats.errors import DataError, SpecError
from npcstats.formatting import counted, format_date
from npcstats.results import EVERYONE, Analysis, Catalogue, Results, Row
from npcstats.schema import TEXTS, Schema
from npcstats.study import (
    ADSL,
    ENTERED,
    Study,
    input_schemas,
)
from npcstats.wording import SHOWN

Snapshot = Literal["event-date", "event-and-entry-date"]
SNAPSHOTS: tuple[Snapshot, ...] = ("event-date", "event-and-entry-date")


def at_cutoff(study: Study, cutoff: datetime.date, *, snapshot: Snapshot) -> Study:
    """Return the study as it stood on a day.

    Parameters
    ----------
    study : Study
        The whole export.
    cutoff : date
        Last day that counts.
    snapshot : {"event-date", "event-and-entry-date"}
        Whether a record must only have happened by then, or also have been entered by then.

    Returns
    -------
    Study
        Later records dropped, later dates and what follows from them blank; participants enrolled later are absent;
        delivered treatment added up.

    Raises
    ------
    SpecError
        If `snapshot` is not in the closed set.
    DataError
        If nobody was enrolled by the cut-off, someone was treated by then although enrolled later, or delivered
        treatment cannot be added up.
    """
    if snapshot not in SNAPSHOTS:
        raise SpecError(f"snapshot is {snapshot!r}; one of {', '.join(SNAPSHOTS)} is required.")
    schemas = input_schemas(study.design)
    day = pd.Timestamp(cutoff)
    by_entry = snapshot == "event-and-entry-date"
    frames = {name: _frame_at(frame, schemas[name], day, by_entry) for name, frame in study.frames.items()}
    _refuse_treated_before(study, schemas, day)
    if frames[ADSL].empty:
        raise DataError(f"cut-off {cutoff.isoformat()}: nobody was enrolled by then; a later cut-off is required.")
    enrolled = set(frames[ADSL]["USUBJID"])
    kept = {name: _of_participants(frame, enrolled) for name, frame in frames.items()}
    later = {name: study.later.get(name, 0) + len(study[name]) - len(frame) for name, frame in kept.items()}
    return derive_exposure(replace(study, frames=kept, cutoff=cutoff, later=later))


def _refuse_treated_before(study: Study, schemas: Mapping[str, Schema], day: pd.Timestamp) -> None:
    """Refuse to leave out, for a late day of enrolment, someone who was treated by the cut-off."""
    adsl, dated = study[ADSL], schemas[ADSL].dated
    if not dated:
        return
    treated = adsl["TRTSDT"] <= day if "TRTSDT" in adsl else pd.Series(False, index=adsl.index)
    given = schemas["adex"].dated if "adex" in schemas else None
    if given and "adex" in study.frames:
        adex = study["adex"]
        treated |= adsl["USUBJID"].isin(adex.loc[adex[given] <= day, "USUBJID"])
    lost = np.flatnonzero((adsl[dated] > day) & treated)
    if lost.size:
        rows = ", ".join(f"row {place + 1}" for place in lost[:SHOWN])
        raise DataError(
            f"adsl.{dated}: {counted(lost.size, 'participant')} treated by "
            f"{day.date().isoformat()} with a later date ({rows}); at this cut-off everything of theirs would be left "
            "out: a date on or before the first treatment is required."
        )


def cutoff_day(study: Study) -> pd.Timestamp:
    """Return the cut-off of a study as a timestamp.

    Parameters
    ----------
    study : Study
        At its cut-off.

    Returns
    -------
    Timestamp
        The last day that counts.

    Raises
    ------
    SpecError
        If the study is still the whole export.
    """
    if study.cutoff is None:
        raise SpecError("study: no cut-off is set; an analysis requires a study at its cut-off.")
    return pd.Timestamp(study.cutoff)


PLANNED = {"adform": ("DUEDT",)}
"""Dates of what is to come, which say nothing of how far an export reaches."""
RECEIVED = {"adform": ("RECDT",)}


def last_day(study: Study) -> datetime.date | None:
    """Tell how far an export reaches.

    Parameters
    ----------
    study : Study
        The whole export.

    Returns
    -------
    date or None
        The last day on or after which at least two persons have a record, an entry or a date of ADSL, so that one date
        typed wrong does not make an export later than it is; of a single person the last day; None without a date.
    """
    known = []
    for name, schema in input_schemas(study.design).items():
        if name not in study.frames or not schema.columns or study[name].empty:
            continue
        frame = study[name]
        telling = {schema.dated, ENTERED, *RECEIVED.get(name, ())} - set(PLANNED.get(name, ()))
        declared = [c.name for c in schema.columns if c.kind == "date" and c.name in frame]
        dates = [column for column in declared if name == "adsl" or column in telling]
        person = next((c.name for c in schema.columns if c.kind == "identifier" and c.name in frame), None)
        if dates and person:
            known.append(pd.Series(frame[dates].max(axis=1).to_numpy(), index=frame[person]))
    if not known:
        return None
    days = pd.concat(known).groupby(level=0).max().dropna().sort_values()
    return None if days.empty else days.iloc[max(len(days) - 2, 0)].date()


def results_of(study: Study, name: str, rows: Iterable[Row], analysis: Analysis) -> Results:
    """Bind the rows of one analysis to the study's words.

    Parameters
    ----------
    study : Study
        At its cut-off, prepared for a session.
    name : str
        Analysis id.
    rows : iterable of Row
        In page order.
    analysis : Analysis
        What a display needs to know.

    Returns
    -------
    Results
        The rows and a catalogue with this analysis; where there are rows by arm, it tells how arms were assigned.
    """
    design, cutoff, rows = study.design, cutoff_day(study).date(), tuple(rows)
    if any(row.arm != EVERYONE for row in rows):
        sentences = {**analysis.sentences, **arms_sentences(study, analysis.population)}
        choices = {**analysis.choices, **arms_choices(study, analysis.population)}
        analysis = replace(analysis, sentences=sentences, choices=choices)
    words = {
        "registry": design.registry,
        "title": design.title,
        "short_title": design.short_title,
        "cutoff": cutoff.isoformat(),
        "cutoff_text": format_date(cutoff),
        "session": study.session,
        "arms": _arm_state(study),
        "arm_rule": rule_words(study),
        "rounding": study.rounding,
        "synthetic": "yes" if study.synthetic else "",
    }
    populations = {item.code: item.definition for item in design.populations}
    arms = {arm.code: arm.label for arm in study.arms}
    return Results(rows, Catalogue(words, arms, populations, {name: analysis}))


def _arm_state(study: Study) -> str:
    if not study.arms:
        return "pooled"
    return "named" if study.arms == study.design.arms else "masked"


def _frame_at(frame: pd.DataFrame, schema: Schema, day: pd.Timestamp, by_entry: bool) -> pd.DataFrame:
    kept = pd.Series(True, index=frame.index)
    if schema.dated:
        kept &= frame[schema.dated] <= day
        if schema.undated == "keep":
            kept |= frame[schema.dated].isna()
    if by_entry and ENTERED in frame:
        kept &= ~(frame[ENTERED] > day)
    built = _rows(frame, kept)
    whole = built.copy(deep=False)
    for column in schema.columns:
        if column.kind == "date":
            built[column.name] = built[column.name].where(whole[column.name] <= day)
        if by_entry and column.entered_on:
            built[column.name] = built[column.name].where(~(whole[column.entered_on] > day))
    for column in schema.columns:
        if column.known_from:
            blank = "" if column.kind in TEXTS else np.nan
            built[column.name] = built[column.name].where(built[column.known_from].notna(), blank)
        if column.known_from and column.undated:
            lacking = whole[column.known_from].isna() & (whole[column.name] != "")
            open_ended = whole[column.name].isin(column.open_values)
            built[column.name] = built[column.name].mask(lacking & ~open_ended, column.undated)
            built[column.name] = built[column.name].mask(lacking & open_ended, whole[column.name])
    return built


def _of_participants(frame: pd.DataFrame, enrolled: set[str]) -> pd.DataFrame:
    if "USUBJID" not in frame:
        return frame
    inside = frame["USUBJID"].isin(enrolled)
    return frame if inside.all() else _rows(frame, inside)


def _rows(frame: pd.DataFrame, kept: pd.Series) -> pd.DataFrame:
    """Some rows, indexed from 0, copied once."""
    built = frame.take(np.flatnonzero(kept))
    built.index = pd.RangeIndex(len(built))
    return built
