"""Where in the treatment an event began, and when it was last given: cycles, working days and weeks, from dates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from npcstats.analyses.listing.spec import Course, Phase
from npcstats.clinical.regimens import number_cycles
from npcstats.derive import require_columns
from npcstats.formatting import NOT_APPLICABLE
from npcstats.study import Study

DAY = "datetime64[D]"
ONE_DAY = np.timedelta64(1, "D")
WEEK = 7


def last_given(study: Study, name: str) -> pd.Series:
    """Find the last day on which each participant had a dose of anything.

    Parameters
    ----------
    study : Study
        At its cut-off.
    name : str
        Id of what asks for it.

    Returns
    -------
    Series of datetime
        By USUBJID; who has no record of treatment is not there.

    Raises
    ------
    DataError
        If the records of treatment have no dates.
    """
    adex = study["adex"]
    require_columns(adex, "adex", ("EXSTDT", "EXENDT"), f"listing {name}")
    days: pd.Series = adex["EXENDT"].fillna(adex["EXSTDT"]).groupby(adex["USUBJID"]).max()
    return days


def place_in_treatment(
    study: Study, events: pd.DataFrame, phases: Sequence[Phase], course: Course | None, name: str
) -> list[str]:
    """Tell the cycle and the working day or week in which each event began.

    Parameters
    ----------
    study : Study
        At its cut-off.
    events : DataFrame
        With USUBJID and ASTDT.
    phases : sequence of Phase
        Phases in cycles.
    course : Course or None
        Course of working days.
    name : str
        Id of what asks for it.

    Returns
    -------
    list of str
        Such as ``concurrent 3, fraction 12``, or ``40 d after RT``; a dash where treatment had not begun.

    Raises
    ------
    DataError
        If a column is not there.
    """
    events = events.reset_index(drop=True)
    cycles = _cycles_at(study, events, phases, name)
    within, after = pd.Series("", index=events.index), pd.Series("", index=events.index)
    if course:
        within, after = _course_at(study, events, course, name)
    begun = cycles + np.where((cycles != "") & (within != ""), ", ", "") + within
    told: list[str] = after.where(after != "", begun).replace("", NOT_APPLICABLE).tolist()
    return told


def _cycles_at(study: Study, events: pd.DataFrame, phases: Sequence[Phase], name: str) -> pd.Series:
    """The cycle of the last dose on or before the onset, of any of the phases."""
    told = pd.Series("", index=events.index)
    doses = [_numbered(study, phase, name) for phase in phases]
    dated = events.loc[events["ASTDT"].notna(), ["USUBJID", "ASTDT"]].sort_values("ASTDT", kind="stable")
    if not doses or dated.empty:
        return told
    known = pd.concat(doses).sort_values("day", kind="stable")
    found = pd.merge_asof(
        dated.reset_index(), known, left_on="ASTDT", right_on="day", by="USUBJID", direction="backward"
    )
    told.loc[found["index"]] = found["cycle"].fillna("").to_numpy()
    return told


def _numbered(study: Study, phase: Phase, name: str) -> pd.DataFrame:
    """Doses of a phase with the name of their cycle; without its number where no regimen was planned."""
    adex, adsl = study["adex"], study["adsl"]
    require_columns(adex, "adex", ("EXPHASE", "EXSTDT"), f"listing {name}")
    require_columns(adsl, "adsl", (phase.regimens,), f"listing {name}")
    given = adex.loc[adex["EXPHASE"] == phase.code, ["USUBJID", "EXSTDT"]].rename(columns={"EXSTDT": "day"})
    who = pd.Index(adsl["USUBJID"]).get_indexer(pd.Index(given["USUBJID"]))
    regimens = adsl[phase.regimens].to_numpy()
    numbers = number_cycles(who, regimens, given["day"].to_numpy(), participants=len(adsl))
    words = [phase.label if np.isnan(number) else f"{phase.label} {number:.0f}" for number in numbers]
    return given.assign(cycle=pd.Series(words, index=given.index, dtype=object))


def _course_at(study: Study, events: pd.DataFrame, course: Course, name: str) -> tuple[pd.Series, pd.Series]:
    """Working day or week of an onset in the course, and days of one after it; else empty."""
    adsl = study["adsl"].set_index("USUBJID")
    require_columns(adsl, "adsl", (course.start, course.end, course.given), f"listing {name}")
    own = adsl.loc[events["USUBJID"]].reset_index()
    start, end, onset = own[course.start], own[course.end], events["ASTDT"]
    regular = _given_daily(start, end, own[course.given])
    inside, later = (onset >= start) & ~(onset > end), onset > end
    after = [
        f"{days:.0f} d after {course.label}" if late else ""
        for days, late in zip((onset - end).dt.days, later, strict=True)
    ]
    within = [
        _place_within(first, day, course, regular=daily) if here else ""
        for first, day, daily, here in zip(start.to_numpy(), onset.to_numpy(), regular, inside, strict=True)
    ]
    return pd.Series(within, index=events.index, dtype=object), pd.Series(after, index=events.index, dtype=object)


def _place_within(first: np.datetime64, day: np.datetime64, course: Course, *, regular: bool) -> str:
    given = np.busday_count(first.astype(DAY), day.astype(DAY) + ONE_DAY)
    week = (day - first) // ONE_DAY // WEEK + 1
    return f"{course.unit} {given}" if regular and given else f"week {week} of {course.label}"


def _given_daily(start: pd.Series, end: pd.Series, given: pd.Series) -> np.ndarray:
    """Whether as many were given as the course has working days, so that the count of days is the count of them."""
    known = (start.notna() & end.notna()).to_numpy()
    days = np.full(len(start), np.nan)
    first, last = (dates.to_numpy().astype(DAY)[known] for dates in (start, end))
    days[known] = np.busday_count(first, last + ONE_DAY)
    regular: np.ndarray = days == given.to_numpy(dtype=float)
    return regular
