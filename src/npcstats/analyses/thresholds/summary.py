"""Thresholds for a look: whether one is passed is a rule, never an impression, and no p-value decides it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from npcstats.analyses.thresholds.rows import direction_choice, watch_choice
from npcstats.analyses.thresholds.spec import DIRECTIONS, ThresholdSpec, Watch
from npcstats.derive import (
    results_of,
)
from npcstats.errors import SpecError
from npcstats.results import EVERYONE, Analysis, Results, Row, absent_sentences, count_rows, select
from npcstats.study import Study

UNKNOWN = "The watched number cannot be estimated."
FEW = "A group has fewer than {least} participants who count, too few to watch."


def assess_thresholds(study: Study, results: Results, spec: ThresholdSpec) -> Results:
    """Compare watched numbers with the plan's thresholds for a look.

    Parameters
    ----------
    study : Study
        At its cut-off; supplies the words only.
    results : Results
        Every other analysis of the session.
    spec : ThresholdSpec
        What is watched.

    Returns
    -------
    Results
        Rows of kind ``thresholds``; the watched row's key is in the analysis' choices.

    Raises
    ------
    SpecError
        If a watch selects no row, or its direction is not in the closed set.

    Notes
    -----
    Missing data: where none of the selected rows could be estimated, whether the threshold is passed is not either;
    the row of all watches counts those known to be passed, of those that are known.
    """
    rows, keys = [], {}
    for watch in spec.watches:
        candidates = _candidates(results, watch)
        watched = max(candidates, key=partial(_extremity, watch))
        known = 0 if np.isnan(watched.value) else len(candidates)
        beyond = sum(_is_beyond(watch, row) for row in candidates)
        size = watched.value
        passed = float(_is_beyond(watch, watched))
        note = watched.note if np.isnan(size) else ""
        named = Row(spec.id, spec.population, "threshold", "estimate", watch.threshold, variable=watch.id)
        value = np.nan if np.isnan(size) else passed
        rows += [named, replace(named, measure="threshold_passed", stat="count", value=value, note=note)]
        rows += count_rows(replace(named, measure="threshold_beyond", stat="count"), beyond, known)
        keys[watch_choice(watch.id)] = watched.key
        keys[direction_choice(watch.id)] = watch.direction
    passed_count = sum(row.measure == "threshold_passed" and row.value == 1 for row in rows)
    everyone = Row(spec.id, spec.population, "threshold_passed", "count", 0.0, variable=EVERYONE)
    known_count = sum(row.measure == "threshold_passed" and not np.isnan(row.value) for row in rows)
    rows += count_rows(everyone, passed_count, known_count)
    labels = {"variable": {watch.id: watch.label for watch in spec.watches}}
    words = {"rule": "A look is due where a watched number is beyond the plan's threshold; no p-value decides it."}
    analysis = Analysis(spec.label, "thresholds", spec.status, spec.population, words, keys, labels)
    return results_of(study, spec.id, rows, analysis)


def _smallest_total(results: Results, row: Row) -> float:
    """Smallest denominator of the groups in a row."""
    place = {name: getattr(row, name) for name in ("analysis", "subgroup", "block", "variable", "level", "window")}
    arms = (row.arm, row.reference) if row.reference else (row.arm,)
    totals = [found.value for found in select(results, **place, arm=arms, stat="total")]
    return min(totals, default=np.inf)


def _candidates(results: Results, watch: Watch) -> list[Row]:
    """The rows of which the most extreme is watched; where none is known, one that says so."""
    if watch.direction not in DIRECTIONS:
        raise SpecError(
            f"plan: direction of {watch.id} is {watch.direction!r}; one of {', '.join(DIRECTIONS)} is required."
        )
    selected = select(results, **watch.rows)
    if why := _why_absent(results, watch):
        return [Row(watch.rows["analysis"], "", "", "estimate", np.nan, note=why)]
    if not selected:
        raise SpecError(f"plan: watch {watch.id} selects no row; rows of this session are required.")
    kept = [row for row in selected if not any(getattr(row, name) == value for name, value in watch.without.items())]
    known = [row for row in kept if not np.isnan(row.value)]
    large = [row for row in known if _smallest_total(results, row) >= watch.minimum_total]
    why = FEW.format(least=watch.minimum_total) if known else UNKNOWN
    return large or [replace((kept or selected)[0], value=np.nan, note=why)]


def _why_absent(results: Results, watch: Watch) -> str:
    """Why there is no number to be watched, where the export lacks a frame."""
    return " ".join(absent_sentences(results.catalogue, [watch.rows.get("analysis", "")]))


def _extremity(watch: Watch, row: Row) -> float:
    """How far a row is on the side on which a look is due."""
    size = abs(row.value) if watch.magnitude else row.value
    return size if watch.direction == "above" else -size


def _is_beyond(watch: Watch, row: Row) -> bool:
    limit = watch.threshold if watch.direction == "above" else -watch.threshold
    return bool(_extremity(watch, row) > limit)
