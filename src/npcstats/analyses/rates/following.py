"""From when to when each participant is at risk in a period, and which events fall into that time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.rates.rows import AFTER_FOLLOW_UP, UNDATED
from npcstats.analyses.rates.spec import RatedEvents, RatePeriod, RatesSpec
from npcstats.derive import (
    GradeWindow,
    Span,
    check_named,
    cutoff_day,
    last_assessment,
    require_columns,
    window_events,
    window_span,
)
from npcstats.study import Study

DAYS_PER_YEAR = 365.25
NO_DAY = np.datetime64("NaT", "s")


@dataclass(frozen=True, eq=False)
class Followed:
    """Time at risk in a period, of n members.

    Parameters
    ----------
    span : Span
        The period of each member, whether or not it was begun.
    end : datetime array, shape (n,)
        Last day at risk.
    days : float array, shape (n,)
        Days at risk, the first and the last included; 0 of who is not.
    died : bool array, shape (n,)
        Whose time at risk ended with death.
    outside : mapping of str to bool array, shape (n,)
        Who is not at risk, by reason.
    """

    span: Span
    end: np.ndarray
    days: np.ndarray
    died: np.ndarray
    outside: Mapping[str, np.ndarray]

    @property
    def inside(self) -> np.ndarray:
        """Who is at risk.

        Returns
        -------
        bool array, shape (n,)
            By days above 0.
        """
        found: np.ndarray = self.days > 0
        return found

    @property
    def start(self) -> np.ndarray:
        """First day of the period.

        Returns
        -------
        datetime array, shape (n,)
            Missing where it is not known to have begun.
        """
        found: np.ndarray = self.span.start.to_numpy()
        return found


@dataclass(frozen=True, eq=False)
class Happened:
    """Events of a category in a period, m of them, and those that belong to no time at risk.

    Parameters
    ----------
    member : int array, shape (m,)
        Participant of each, by place.
    day : float array, shape (m,)
        Days from the first day of the period to the onset.
    lost : mapping of str to int array
        Participants, by place, of events that are not counted, by reason.
    """

    member: np.ndarray
    day: np.ndarray
    lost: Mapping[str, np.ndarray]


def follow_members(study: Study, members: pd.DataFrame, period: RatePeriod, spec: RatesSpec) -> Followed:
    """Find each member's time at risk in a period.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population, n rows.
    period : RatePeriod
        Of the plan.
    spec : RatesSpec
        Its rule of follow-up.

    Returns
    -------
    Followed
        Who is at risk, and until when.

    Raises
    ------
    DataError
        If the study lacks a column that the rule needs.

    Notes
    -----
    Convention: it ends with the period, with death, on the day of leaving the trial, at the cut-off or, of who is
    alive and by the plan's choice, with the last assessment or adverse event, whichever is first.
    """
    require_columns(members, "adsl", ("DTHDT",), f"analysis {spec.id}")
    span = window_span(study, members, onset_window(period))
    cutoff = np.datetime64(cutoff_day(study), "s")
    start, death = span.start.to_numpy(), members["DTHDT"].to_numpy()
    ends = [span.end.to_numpy(), death]
    ends.append(members["EOSDT"].to_numpy() if "EOSDT" in members else np.full(len(members), NO_DAY))
    seen = _last_seen(study, members, spec) if spec.followed_until == "last-assessment" else cutoff
    ends.append(np.where(np.isnat(death), seen, cutoff))
    end = np.fmin.reduce([dates.astype("datetime64[s]") for dates in ends])
    begun = start <= cutoff
    days = np.where(begun, (end - start) / np.timedelta64(1, "D") + 1, 0.0)
    days = np.where(np.isnan(days), 0.0, np.maximum(days, 0.0))
    none = (span.end < span.start).to_numpy()
    died = begun & (death < start)
    outside = {"not-begun": ~begun & ~none, "died-before": died & ~none,
               "not-assessed": begun & ~none & ~died & (days == 0)}  # fmt: skip
    outside |= {"no-period": none} if none.any() else {}
    days[none] = 0.0
    return Followed(span, end, days, (days > 0) & (death == end), outside)


def onset_window(period: RatePeriod, events: RatedEvents | None = None) -> GradeWindow:
    """Make the window in which events of a period begin.

    Parameters
    ----------
    period : RatePeriod
        Of the plan.
    events : RatedEvents, optional
        Which of its events; all if not given.

    Returns
    -------
    GradeWindow
        Of everyone.
    """
    where = events.where if events else {}
    return GradeWindow(period.code, period.label, period.period, "onset", "everyone", where)


def _last_seen(study: Study, members: pd.DataFrame, spec: RatesSpec) -> np.ndarray:
    """The last assessment of some kinds, or the onset of the last adverse event; missing where there is neither."""
    seen = last_assessment(study, members, spec.assessments)
    require_columns(study["adae"], "adae", ("ASTDT",), f"analysis {spec.id}")
    onset = members["USUBJID"].map(study["adae"].groupby("USUBJID")["ASTDT"].max())
    found = np.fmax(seen.to_numpy().astype("datetime64[s]"), onset.to_numpy().astype("datetime64[s]"))
    # who was never seen is not at risk: a day before every period
    return np.where(np.isnat(found), np.datetime64("1000-01-01", "s"), found)


def find_events(
    study: Study, members: pd.DataFrame, period: RatePeriod, events: RatedEvents, spec: RatesSpec, followed: Followed
) -> Happened:
    """Find the events of a category that fall into the time at risk.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population.
    period : RatePeriod
        Of the plan.
    events : RatedEvents
        Of the period.
    spec : RatesSpec
        Whether events are adjusted for baseline.
    followed : Followed
        As `follow_members` finds it.

    Returns
    -------
    Happened
        Those with onset while their participant was at risk.

    Raises
    ------
    SpecError
        If the plan names a term or value outside its list.
    DataError
        If the study lacks a column that is needed.
    """
    needed = ("AEDECOD", "AETOXGR", "ASTDT", *(("AENDT",) if spec.baseline_adjusted else ()))
    require_columns(study["adae"], "adae", needed, f"analysis {spec.id}")
    check_named(study, "adae", {"AEDECOD": events.terms}, f"analysis {spec.id}")
    window = onset_window(period, events)
    found = window_events(study, members, window, followed.span, baseline_adjusted=spec.baseline_adjusted)
    found = found.loc[_belongs(found, events)]
    member, onset = found["member"].to_numpy(), found["ASTDT"].to_numpy()
    kept = followed.inside[member] & (onset <= followed.end[member])
    day = (onset - followed.start[member]) / np.timedelta64(1, "D")
    lost = {AFTER_FOLLOW_UP: member[~kept], UNDATED: _undated(study, members, events)}
    return Happened(member[kept], day[kept], lost)


def _belongs(adae: pd.DataFrame, events: RatedEvents) -> np.ndarray:
    kept: np.ndarray = (adae["AETOXGR"] >= events.lowest).to_numpy()
    if events.terms:
        kept &= adae["AEDECOD"].isin(events.terms).to_numpy()
    return kept


def _undated(study: Study, members: pd.DataFrame, events: RatedEvents) -> np.ndarray:
    """Participants of events whose onset has no date, so that they belong to no period."""
    adae = study["adae"]
    kept = adae["ASTDT"].isna().to_numpy() & _belongs(adae, events)
    for column, values in events.where.items():
        kept &= adae[column].isin(values).to_numpy()
    member = pd.Index(members["USUBJID"]).get_indexer(pd.Index(adae.loc[kept, "USUBJID"]))
    known: np.ndarray = member[member >= 0]
    return known
