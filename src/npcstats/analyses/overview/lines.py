"""Who stands in each line of the overview, in each period: masks over the members, no rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.overview.rows import DEATHS, EVENTS, SHARED
from npcstats.analyses.overview.spec import Category, Deaths, OverviewSpec, Shared
from npcstats.derive import (
    GradeWindow,
    Span,
    check_named,
    cutoff_day,
    evaluable_members,
    grade_columns,
    require_columns,
    window_events,
    window_span,
)
from npcstats.study import Study

SERIOUS = "AESER"


@dataclass(frozen=True, eq=False)
class Line:
    """A line of a period, of n members.

    Parameters
    ----------
    block, code : str
        What it counts, and its code.
    had : bool array, shape (n,)
        Who stands in it.
    inside : bool array, shape (n,)
        Who is in its denominator.
    records : int array, shape (n,), optional
        Events of each member.
    """

    block: str
    code: str
    had: np.ndarray
    inside: np.ndarray
    records: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Counted:
    """A period: who is in it, its lines, and which rows of adae are counted in it."""

    window: GradeWindow
    evaluable: np.ndarray
    outside: Mapping[str, np.ndarray]
    lines: tuple[Line, ...]
    events: pd.DataFrame


def check_columns(study: Study, members: pd.DataFrame, spec: OverviewSpec) -> None:
    """Refuse an analysis of columns that the study has not, or of texts that their lists have not.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of the population.
    spec : OverviewSpec
        What is wanted.

    Raises
    ------
    DataError
        If a column is not there.
    SpecError
        If a text is not in its list.
    """
    reason = f"analysis {spec.id}"
    needed = {name: None for w in spec.windows for name in grade_columns(w, baseline_adjusted=spec.baseline_adjusted)}
    asked = {name: None for category in spec.categories for name in category.where}
    require_columns(study["adae"], "adae", needed | asked | dict.fromkeys((SERIOUS, "ASTDT")), reason)
    for category in spec.categories:
        check_named(study, "adae", category.where, f"{reason}, {category.code}")
    dates = {"DTHDT": None} | {death.anchor: None for death in spec.deaths if death.anchor}
    causes = {cause: None for death in spec.deaths for cause in death.causes}
    require_columns(members, "adsl", [*dates, *(["DTHCAUS"] if causes else [])], reason)
    check_named(study, "adsl", {"DTHCAUS": filter(None, causes)} if causes else {}, reason)


def count_window(study: Study, members: pd.DataFrame, spec: OverviewSpec, window: GradeWindow) -> Counted:
    """Find who stands in each line of a period.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of the population, n rows.
    spec : OverviewSpec
        What is wanted.
    window : GradeWindow
        One of its periods.

    Returns
    -------
    Counted
        Its lines in page order.
    """
    span = window_span(study, members, window)
    events = window_events(study, members, window, span, baseline_adjusted=spec.baseline_adjusted)
    evaluable, outside = evaluable_members(study, members, window, span, events)
    counted = events.loc[evaluable[events["member"].to_numpy()]]
    lines = [_events_line(category, counted, evaluable) for category in spec.categories]
    observed = _observed_for_death(study, members, window, span)
    lines += [
        _deaths_line(study, members, death, window, span, observed)
        for death in spec.deaths
        if not death.windows or window.code in death.windows
    ]
    placed = tuple(line for own in lines for line in (own, *_shared_lines(own, lines, spec.shared, window)))
    return Counted(window, evaluable, outside, placed, counted)


def _events_line(category: Category, events: pd.DataFrame, evaluable: np.ndarray) -> Line:
    grades = events["AETOXGR"].to_numpy()
    kept = (grades >= category.lowest) & (grades <= category.highest)
    for column, values in category.where.items():
        kept &= events[column].isin(values).to_numpy()
    records = np.bincount(events["member"].to_numpy()[kept], minlength=len(evaluable))
    return Line(EVENTS, category.code, records > 0, evaluable, records)


def _observed_for_death(study: Study, members: pd.DataFrame, window: GradeWindow, span: Span) -> np.ndarray:
    """Who was alive when the period began, and is through it or died: an assessment is not needed for a death."""
    if window.evaluable == "everyone":
        return np.ones(len(members), dtype=bool)
    cutoff = cutoff_day(study)
    died = members["DTHDT"]
    begun = (span.start <= cutoff) & ~(span.end < span.start) & ~(died < span.start)
    through = span.end.isna() | (span.end <= cutoff) | died.notna()
    return (begun & through).to_numpy()


def _deaths_line(
    study: Study, members: pd.DataFrame, death: Deaths, window: GradeWindow, span: Span, observed: np.ndarray
) -> Line:
    died, inside = members["DTHDT"], observed.copy()
    within = (died >= span.start) & ~(died > span.end) if window.period else True
    had = died.notna() & within
    if death.causes:
        had &= members["DTHCAUS"].isin(death.causes)
    if death.anchor:
        anchor = members[death.anchor]
        last = anchor + pd.Timedelta(days=death.within)
        had &= (died >= anchor) & (died <= last)
        inside &= (anchor.notna() & ((last <= cutoff_day(study)) | died.notna())).to_numpy()
    return Line(DEATHS, death.code, had.to_numpy() & inside, inside)


def _shared_lines(own: Line, lines: Sequence[Line], shared: Iterable[Shared], window: GradeWindow) -> list[Line]:
    """Who of a line stands in others too, or in none of them: below the line."""
    known = {line.code: line for line in lines}
    found = []
    for one in shared:
        if one.all_of[0] == own.code and (not one.windows or window.code in one.windows):
            had = np.logical_and.reduce([known[code].had for code in one.all_of])
            none = np.logical_or.reduce([known[code].had for code in one.none_of], axis=0) if one.none_of else False
            found.append(Line(SHARED, one.code, had & ~np.asarray(none), own.had))
    return found


@dataclass(frozen=True, eq=False)
class Uncounted:
    """Rows of adae that belong to members, and which of them are counted nowhere, and why; by member."""

    undated: np.ndarray
    elsewhere: np.ndarray
    severe: np.ndarray
    after_death: np.ndarray


def find_uncounted(study: Study, members: pd.DataFrame, found: Iterable[Counted]) -> Uncounted:
    """Count records that are in no period, and those counted that began after a death.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of the population, n rows.
    found : iterable of Counted
        Every period.

    Returns
    -------
    Uncounted
        Records of each member.
    """
    adae = study["adae"]
    member = pd.Index(members["USUBJID"]).get_indexer(pd.Index(adae["USUBJID"]))
    counted = np.zeros(len(adae), dtype=bool)
    for period in found:
        counted[adae.index.get_indexer(period.events.index)] = True
    known = member >= 0
    undated = adae["ASTDT"].isna().to_numpy()
    severe = (adae["AETOXGR"] >= 4).to_numpy() | (adae[SERIOUS] == "Y").to_numpy()
    death = members["DTHDT"].to_numpy()[np.where(known, member, 0)] if len(members) else np.zeros(len(adae), "M8[s]")
    after = adae["ASTDT"].to_numpy() > death
    kinds = (~counted & undated, ~counted & ~undated, ~counted & severe, counted & after)
    return Uncounted(*(np.bincount(member[known & kind], minlength=len(members)) for kind in kinds))
