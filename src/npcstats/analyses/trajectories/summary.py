"""Courses of markers: each participant's value at each visit, re-keyed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npcstats.analyses.trajectories.rows import COLUMNS, KIND, LOG
from npcstats.analyses.trajectories.spec import CourseMarker, TrajectoriesSpec, trajectories_faults
from npcstats.choices import refuse_faults
from npcstats.derive import NEAREST_RECORD, arms_sentences, marker_values, population_members
from npcstats.derive.numbers import number_participants
from npcstats.results import Analysis, Choice, Listing
from npcstats.study import ARM, Study

DIGITS = 6
"""Significant digits of a value: more than any laboratory reports."""
_BELOW_WORDS = {
    "half-limit": "Values below the limit of quantification are drawn at half that limit.",
    "missing": "Values below the limit of quantification are not drawn.",
}


def build_trajectories(study: Study, spec: TrajectoriesSpec, secret: str) -> tuple[Listing, Analysis]:
    """List what a figure draws of single participants.

    Parameters
    ----------
    study : Study
        At its cut-off, prepared for a session.
    spec : TrajectoriesSpec
        What is wanted.
    secret : str
        Orders the participants' numbers; not in the repository of a real trial.

    Returns
    -------
    tuple of (Listing, Analysis)
        A record for each value, and what a display needs to know, among it how many are drawn of how many.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or a visit is not in the design.
    DataError
        If the study lacks a column that is needed, or a marker has another unit or a value that its scale cannot take.

    Notes
    -----
    Denominator: members of the population. Missing data: who has no value of a marker is not drawn, and is counted
    among those who are not; a line goes on over a visit without a value.
    """
    refuse_faults(spec.id, trajectories_faults(spec))
    numbered = study["adsl"].assign(PARTICIPANT=number_participants(study, secret))
    members = population_members(study.with_frames({"adsl": numbered}), spec.population)
    members = members.sort_values("PARTICIPANT", ignore_index=True)
    rows: list[tuple[str, ...]] = []
    sentences: dict[str, str] = {}
    for marker in spec.markers:
        values = _values(study, members, spec, marker)
        drawn = ~np.isnan(values).all(axis=1)
        sentences[f"drawn.{marker.code}"] = f"{marker.label}: {int(drawn.sum())} of {len(members)} drawn."
        rows += _records(members, _visits(spec, marker), values, marker)
    return Listing(tuple(COLUMNS), tuple(rows)), _analysis(study, spec, sentences)


def _visits(spec: TrajectoriesSpec, marker: CourseMarker) -> list[str]:
    return [code for code in spec.visits if code in (marker.visits or spec.visits)]


def _values(study: Study, members: pd.DataFrame, spec: TrajectoriesSpec, marker: CourseMarker) -> np.ndarray:
    found = marker_values(
        study,
        members,
        [study.design.visit(code) for code in _visits(spec, marker)],
        code=marker.code,
        unit=marker.unit,
        scale=marker.scale,
        below_limit=spec.below_limit,
        reason=f"analysis {spec.id}",
    )
    return np.exp(found) if marker.scale == LOG else found


def _records(
    members: pd.DataFrame, visits: list[str], values: np.ndarray, marker: CourseMarker
) -> list[tuple[str, ...]]:
    arms = members[ARM] if ARM in members else pd.Series("", index=members.index)
    return [
        (number, arm, marker.code, visits[place], f"{value:.{DIGITS}g}")
        for number, arm, own in zip(members["PARTICIPANT"], arms, values, strict=True)
        for place, value in enumerate(own)
        if not np.isnan(value)
    ]


def _analysis(study: Study, spec: TrajectoriesSpec, drawn: dict[str, str]) -> Analysis:
    sentences = {
        "method": "Each thin line is a participant, and joins the values that there are.",
        "population": study.design.population(spec.population).definition,
        "visits": NEAREST_RECORD,
        "limit": _BELOW_WORDS[spec.below_limit],
        **drawn,
    }
    choices: dict[str, Choice] = {
        "below_limit": spec.below_limit,
        **{f"scale.{marker.code}": marker.scale for marker in spec.markers},
    }
    labels = {
        "column": dict(COLUMNS),
        "variable": {marker.code: marker.label for marker in spec.markers},
        "window": {code: study.design.visit(code).label for code in spec.visits},
    }
    units = {marker.code: marker.unit for marker in spec.markers}
    sentences |= arms_sentences(study, spec.population)
    return Analysis(spec.label, KIND, spec.status, spec.population, sentences, choices, labels, units)
