"""Worst grades of adverse events in a period: which events count, who is evaluable, how bad it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from npcstats.derive.groups import Span, period_span, require_columns
from npcstats.derive.snapshot import cutoff_day
from npcstats.derive.terms import TERM_NUMBER, check_named
from npcstats.errors import SpecError
from npcstats.study import Study

Counting = Literal["onset", "onset-or-persistence", "every"]
Evaluable = Literal["window-complete", "assessed-in-window", "everyone"]
COUNTINGS: tuple[Counting, ...] = ("onset", "onset-or-persistence", "every")
EVALUABLES: tuple[Evaluable, ...] = ("window-complete", "assessed-in-window", "everyone")
OUTSIDE_WORDS: dict[str, str] = {
    "window-open": "period not complete",
    "not-started": "period not known to have begun",
    "not-begun": "period not known to have begun",
    "no-period": "had no such period",
    "died-before": "died before the period",
    "not-assessed": "not assessed in the period",
}
"""Why a member is not in the denominator of a window, by code."""
BEYOND_BASELINE = (
    "An event counts only where its grade exceeds the grade of that term at first treatment, of events that had begun "
    "before that day and had not ended."
)
_COUNTING_WORDS = {
    "onset": "{events} with onset in the period",
    "onset-or-persistence": "{events} with onset in the period or still present in it",
    "every": "every event, whenever it began",
}


@dataclass(frozen=True)
class GradeWindow:
    """A period and how events are counted in it.

    Parameters
    ----------
    code, label : str
        Code in results and label on the page.
    period : str
        Code of a period of the design; empty where neither events nor denominator need one.
    counting : {"onset", "onset-or-persistence", "every"}
        Which events belong to it, by their dates; or every one, dated or not.
    evaluable : {"window-complete", "assessed-in-window", "everyone"}
        Who is in the denominator: those whose period began and ended by the cut-off, or ended with their death; or
        those alive and assessed at least once in the period, an event counted in it being an assessment; or everyone
        of the population.
    where : mapping of str to tuple of str
        Only events that have one of these values, by column of adae. Treatment-emergent by the export's own flag is
        ``every`` with ``{"TRTEMFL": ("Y",)}``; by dates it is ``onset`` in a period from the first treatment on.
    events : str
        What the events that `where` leaves are called in a sentence, such as ``treatment-emergent events``; empty for
        the columns and values themselves.
    """

    code: str
    label: str
    period: str
    counting: Counting
    evaluable: Evaluable
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    events: str = ""


def grade_columns(window: GradeWindow, *, baseline_adjusted: bool) -> tuple[str, ...]:
    """Name the columns of adae that a window needs.

    Parameters
    ----------
    window : GradeWindow
        Of the plan.
    baseline_adjusted : bool
        Whether an event counts only where its grade exceeds that at first treatment.

    Returns
    -------
    tuple of str
        Their names.
    """
    dated = window.counting != "every" or baseline_adjusted
    ended = window.counting == "onset-or-persistence" or window.evaluable == "assessed-in-window"
    dates = ("ASTDT", "AENDT") if ended or baseline_adjusted else ("ASTDT",) if dated else ()
    return ("AEBODSYS", "AEDECOD", "AETOXGR", *dates)


def window_span(study: Study, members: pd.DataFrame, window: GradeWindow) -> Span:
    """Find each member's stretch of time that a window is.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population.
    window : GradeWindow
        Of the plan.

    Returns
    -------
    Span
        Dates, missing for everyone where the window asks for no dates.
    """
    if not window.period and (window.counting, window.evaluable) == ("every", "everyone"):
        nowhere = pd.Series(pd.NaT, index=members.index, dtype="datetime64[s]")
        return Span(nowhere, nowhere)
    return period_span(members, study.design.period(window.period))


def evaluable_members(
    study: Study, members: pd.DataFrame, window: GradeWindow, span: Span, events: pd.DataFrame
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Find who is in the denominator of a window.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population, n rows.
    window : GradeWindow
        Of the plan.
    span : Span
        As `window_span` finds it.
    events : DataFrame
        As `window_events` finds them.

    Returns
    -------
    bool array, shape (n,)
        Who is.
    dict of str to bool array, shape (n,)
        Who is not, by reason.

    Raises
    ------
    SpecError
        If the window's rule is not in its closed set.
    DataError
        If the study lacks a column that the rule needs.
    """
    if window.evaluable == "everyone":
        return np.ones(len(members), dtype=bool), {}
    cutoff = cutoff_day(study)
    none = (span.end < span.start).to_numpy()
    begun = (span.start <= cutoff).to_numpy() & ~none
    without = {"no-period": none} if none.any() else {}
    if window.evaluable == "window-complete":
        require_columns(members, "adsl", ("DTHDT",), f"the denominator of {window.code}")
        complete = begun & ((span.end <= cutoff) | members["DTHDT"].notna()).to_numpy()
        return complete, {"window-open": begun & ~complete, "not-started": ~begun & ~none, **without}
    if window.evaluable == "assessed-in-window":
        require_columns(members, "adsl", ("DTHDT",), f"the denominator of {window.code}")
        died = begun & (members["DTHDT"] < span.start).to_numpy()
        assessed = _assessed_in(study, members, span) | _seen_in(members, span, events)
        inside = begun & ~died & assessed
        outside = {"not-begun": ~begun & ~none, "died-before": died, "not-assessed": begun & ~died & ~assessed}
        return inside, outside | without
    raise SpecError(f"plan: evaluable is {window.evaluable!r}; one of {', '.join(EVALUABLES)} is required.")


def _assessed_in(study: Study, members: pd.DataFrame, span: Span) -> np.ndarray:
    require_columns(study["adassess"], "adassess", ("ADT",), "the denominator of a period")
    position = pd.Series(members.index, index=members["USUBJID"])
    member = study["adassess"]["USUBJID"].map(position).dropna().astype(int)
    days = study["adassess"]["ADT"].loc[member.index].to_numpy()
    start, end = (dates.loc[member].to_numpy() for dates in (span.start, span.end))
    inside = (days >= start) & ((days <= end) | np.isnat(end))
    return members.index.isin(member[inside])


def _seen_in(members: pd.DataFrame, span: Span, events: pd.DataFrame) -> np.ndarray:
    """Who had an event begin or end in the period: somebody saw it then. An event never closed proves nothing."""
    start = span.start.loc[events["member"]].to_numpy()
    seen = (events["ASTDT"].to_numpy() >= start) | (events["AENDT"].to_numpy() >= start)
    return members.index.isin(events.loc[seen, "member"])


def window_events(
    study: Study, members: pd.DataFrame, window: GradeWindow, span: Span, *, baseline_adjusted: bool
) -> pd.DataFrame:
    """Find the adverse events of members that count in a window.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population.
    window : GradeWindow
        Of the plan.
    span : Span
        As `window_span` finds it.
    baseline_adjusted : bool
        Whether an event counts only where its grade exceeds the participant's grade of that term at first treatment.

    Returns
    -------
    DataFrame
        Rows of adae with the member's place in column ``member``.

    Raises
    ------
    SpecError
        If the window's counting is not in its closed set, or it asks for a text outside a column's list.
    DataError
        If the study lacks a column that is needed.
    """
    if window.counting not in COUNTINGS:
        raise SpecError(f"plan: counting is {window.counting!r}; one of {', '.join(COUNTINGS)} is required.")
    adae = study["adae"]
    member = pd.Index(members["USUBJID"]).get_indexer(pd.Index(adae["USUBJID"]))
    known = member >= 0
    if not known.all():
        adae, member = adae.loc[known], member[known]
    kept = np.ones(len(adae), dtype=bool)
    if baseline_adjusted:
        require_columns(members, "adsl", ("TRTSDT",), "baseline adjustment")
        kept &= _beyond_baseline(adae, members, member)
    require_columns(adae, "adae", window.where, f"window {window.code}")
    check_named(study, "adae", window.where, f"window {window.code}")
    for column, values in window.where.items():
        kept &= adae[column].isin(values).to_numpy()
    if window.counting != "every":
        kept &= _in_span(study, adae, window, span, member)
    events: pd.DataFrame = adae.loc[kept]
    return events.assign(member=member[kept])


def _in_span(study: Study, adae: pd.DataFrame, window: GradeWindow, span: Span, member: np.ndarray) -> np.ndarray:
    """Which events began in the window, or were still there in it."""
    start, end = (dates.to_numpy()[member] for dates in (span.start, span.end))
    onset = adae["ASTDT"].to_numpy()
    inside: np.ndarray = (onset >= start) & ((onset <= end) | np.isnat(end))
    if window.counting == "onset-or-persistence":
        resolved = adae["AENDT"].to_numpy()
        still_there = (resolved >= start) | (np.isnat(resolved) & (start <= np.datetime64(cutoff_day(study), "s")))
        inside |= (onset < start) & still_there
    return inside


def _beyond_baseline(adae: pd.DataFrame, members: pd.DataFrame, member: np.ndarray) -> np.ndarray:
    """Which events exceed the member's grade of that term at first treatment."""
    first = members["TRTSDT"].to_numpy()[member]
    before = (adae["ASTDT"].to_numpy() < first) & ~(adae["AENDT"].to_numpy() < first)
    grade = adae["AETOXGR"].to_numpy()
    if not before.any():
        return grade > 0.0
    term = pd.factorize(adae[TERM_NUMBER if TERM_NUMBER in adae else "AEDECOD"])[0]
    place = term.astype(np.int64) * len(members) + member
    baseline = pd.Series(grade[before]).groupby(place[before]).max()
    beyond: np.ndarray = grade > baseline.reindex(place).fillna(0.0).to_numpy()
    return beyond


def worst_grades(events: pd.DataFrame | None, size: int) -> np.ndarray:
    """Find each member's worst grade.

    Parameters
    ----------
    events : DataFrame or None
        As `window_events` finds them, or some of them.
    size : int
        Members of the population.

    Returns
    -------
    int array, shape (size,)
        0 without an event.
    """
    grades = np.zeros(size, dtype=int)
    if events is not None:
        np.maximum.at(grades, events["member"].to_numpy(), events["AETOXGR"].to_numpy(dtype=int))
    return grades


def counted_words(window: GradeWindow) -> str:
    """Say which events count in a window.

    Parameters
    ----------
    window : GradeWindow
        Of the plan.

    Returns
    -------
    str
        A clause; events that columns choose are not told apart by when they began.
    """
    named = " and ".join(f"{column} {' or '.join(values)}" for column, values in window.where.items())
    if window.counting == "every" and window.where:
        return f"all {window.events}" if window.events else f"every event with {named}"
    only = f", with {named}" if window.where and not window.events else ""
    return _COUNTING_WORDS[window.counting].format(events=window.events or "events") + only


def denominator_sentence(window: GradeWindow) -> str:
    """Say who is in the denominator of a window.

    Parameters
    ----------
    window : GradeWindow
        Of the plan.

    Returns
    -------
    str
        A sentence.
    """
    if window.evaluable == "everyone":
        return "Denominator: everyone of the population."
    if window.evaluable == "window-complete":
        return (
            "Denominator: participants whose period had begun, and had ended by the cut-off or with their death; who "
            "left the trial before counts with what is known."
        )
    return (
        "Denominator: participants alive when the period began and assessed at least once in it; an event counted here "
        "that began or ended in it is an assessment."
    )
