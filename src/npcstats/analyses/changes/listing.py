"""A listing of adverse events that changed since the former meeting: re-keyed, in study days, what was and what is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from npcstats.analyses.changes.records import PERSON, Followed, follow_frame
from npcstats.analyses.changes.rows import CHANGED, DOWNGRADED, LATE, LATE_TEXT, MOVED, NO_FORMER, UPGRADED, WITHDRAWN
from npcstats.analyses.changes.spec import ChangedEventsSpec
from npcstats.analyses.changes.summary import ADAE, GRADE, NO_EVENTS_SENTENCE, NONE_SENTENCE
from npcstats.derive import (
    NOT_LISTED,
    UNLISTED_SENTENCE,
    Past,
    arms_sentences,
    population_members,
    printable,
    require_columns,
)
from npcstats.derive.numbers import number_participants
from npcstats.formatting import NOT_APPLICABLE, format_date
from npcstats.results import Analysis, Listing
from npcstats.study import ARM, Study

COLUMNS: Mapping[str, str] = {
    "PARTICIPANT": "No.",
    "ARM": "Arm",
    "AEDECOD": "Event",
    "THEN": "Grade then",
    "NOW": "Grade now",
    "ASTDY": "Onset day",
    "AESER": "Serious",
    "WHAT": "What changed",
}
WHAT_WORDS: Mapping[str, str] = {
    UPGRADED: "higher grade",
    DOWNGRADED: "lower grade",
    LATE: LATE_TEXT,
    WITHDRAWN: "withdrawn",
    MOVED: "dated after the former cut-off now",
}
ORDER = (UPGRADED, LATE, WITHDRAWN, DOWNGRADED, MOVED, CHANGED)


def follow_events(study: Study, past: Past | None, spec: ChangedEventsSpec, secret: str) -> tuple[Listing, Analysis]:
    """List adverse events of the time until the former cut-off that changed, were withdrawn, or were entered later.

    Parameters
    ----------
    study : Study
        At its cut-off, prepared for a session.
    past : Past or None
        What the session had at the former meeting; None where there was none.
    spec : ChangedEventsSpec
        What is wanted.
    secret : str
        Orders the participants' numbers; not in the repository of a real trial.

    Returns
    -------
    tuple of (Listing, Analysis)
        The records, and what a display needs to know.

    Raises
    ------
    DataError
        If the study has no column that the listing shows.
    """
    shown = {name: text for name, text in COLUMNS.items() if name != "ARM" or study.arms}
    if past is None:
        return Listing(tuple(shown), ()), _analysis(spec, {NO_FORMER: NONE_SENTENCE}, shown)
    events = follow_frame(study, past, ADAE)
    if events is None:
        return Listing(tuple(shown), ()), _analysis(spec, {NO_FORMER: NO_EVENTS_SENTENCE}, shown)
    told = _told(study, past, spec, events, secret)
    ordered = told.sort_values(["_rank", "_grade", "PARTICIPANT", "_day"], kind="stable")
    rows = tuple(tuple(str(value) for value in row) for row in ordered[list(shown)].itertuples(index=False, name=None))
    sentences = {
        "key": "Participants are numbered anew in every report.",
        "days": f"Days are counted from {study.design.date_words(spec.origin)}, which is day one.",
        "former": f"Listed are events dated by the former cut-off, {format_date(past.cutoff)}.",
        "dash": "A dash: not in the export.",
        "order": "Higher grades come first, then late entries, withdrawals, lower grades and other changes.",
        **arms_sentences(study, spec.population),
    }
    if any(NOT_LISTED.lower() in row for row in rows):
        sentences["unlisted"] = UNLISTED_SENTENCE
    return Listing(tuple(shown), rows), _analysis(spec, sentences, shown)


def _analysis(spec: ChangedEventsSpec, sentences: Mapping[str, str], shown: Mapping[str, str]) -> Analysis:
    return Analysis(
        spec.label, "changed-events", spec.status, spec.population, sentences, labels={"column": dict(shown)}
    )


def _told(study: Study, past: Past, spec: ChangedEventsSpec, events: Followed, secret: str) -> pd.DataFrame:
    require_columns(events.restated, ADAE, ("AEDECOD", GRADE, "AESER", "ASTDT"), f"listing {spec.id}")
    before = events.former[GRADE].to_numpy()[events.then]
    after = events.restated[GRADE].to_numpy()[events.again]
    texts = _changed_texts(events, spec)
    kept = (texts != "") | (before != after)
    what = np.where(after > before, UPGRADED, np.where(after < before, DOWNGRADED, CHANGED))
    parts = [
        _part(past.restated, events.restated, events.again[kept], what[kept], texts[kept], before[kept], after[kept]),
        _whole(past.restated, events.restated, events.late, LATE, now=True),
        _whole(past.former, events.former, events.withdrawn, WITHDRAWN, now=False),
        _whole(past.former, events.former, events.moved, MOVED, now=False),
    ]
    told = pd.concat(parts, ignore_index=True)
    return told.merge(_members(study, past, spec, secret), on=PERSON).pipe(_printed)


def _changed_texts(events: Followed, spec: ChangedEventsSpec) -> np.ndarray:
    """Names of the columns in which a record of both holds another value."""
    found = np.array([""] * len(events.then), dtype=object)
    for name, text in spec.columns.items():
        altered = events.altered.get(name, np.zeros(len(found), dtype=bool))
        found[altered] = [f"{told}, {text}" if told else text for told in found[altered]]
    return found


def _part(
    study: Study,
    frame: pd.DataFrame,
    places: np.ndarray,
    what: np.ndarray,
    texts: np.ndarray,
    then: np.ndarray,
    now: np.ndarray,
) -> pd.DataFrame:
    own = frame.iloc[places]
    said = ["; ".join(filter(None, (WHAT_WORDS.get(code, ""), text))) for code, text in zip(what, texts, strict=True)]
    return pd.DataFrame({
        PERSON: own[PERSON].to_numpy(),
        "AEDECOD": printable(study, ADAE, "AEDECOD").iloc[places].to_numpy(),
        "AESER": own["AESER"].to_numpy(),
        "ASTDT": own["ASTDT"].to_numpy(),
        "_then": then.astype(float),
        "_now": now.astype(float),
        "_rank": [ORDER.index(code) for code in what],
        "WHAT": said,
    })  # fmt: skip


def _whole(study: Study, frame: pd.DataFrame, places: np.ndarray, what: str, *, now: bool) -> pd.DataFrame:
    """Records that only one of the two meetings has."""
    grades = frame[GRADE].to_numpy()[places].astype(float)
    none = np.full(len(places), np.nan)
    codes, texts = np.array([what] * len(places), dtype=object), np.array([""] * len(places), dtype=object)
    return _part(study, frame, places, codes, texts, none if now else grades, grades if now else none)


def _members(study: Study, past: Past, spec: ChangedEventsSpec, secret: str) -> pd.DataFrame:
    """Participants with their numbers; who is in the export no longer has none."""
    numbered = study["adsl"].assign(PARTICIPANT=number_participants(study, secret))
    now = population_members(study.with_frames({"adsl": numbered}), spec.population)
    then = population_members(past.former, spec.population)
    gone = then[~then[PERSON].isin(now[PERSON])].assign(PARTICIPANT=NOT_APPLICABLE)
    members = pd.concat([now, gone], ignore_index=True)
    require_columns(members, "adsl", (spec.origin,), f"listing {spec.id}")
    arms = {arm.code: arm.code if arm.label.endswith(f" {arm.code}") else arm.label for arm in study.arms}
    arm = members[ARM].map(arms) if ARM in members else ""
    return pd.DataFrame({
        PERSON: members[PERSON], "PARTICIPANT": members["PARTICIPANT"], "ARM": arm, "_origin": members[spec.origin],
    })  # fmt: skip


def _printed(told: pd.DataFrame) -> pd.DataFrame:
    days = (told["ASTDT"] - told["_origin"]).dt.days.astype(float)
    days = days.where(days < 0, days + 1)
    return told.assign(
        AEDECOD=told["AEDECOD"].replace(NOT_LISTED, NOT_LISTED.lower()),
        THEN=_text(told["_then"]),
        NOW=_text(told["_now"]),
        ASTDY=_text(days),
        AESER=told["AESER"].map({"Y": "yes", "N": "no"}).fillna(NOT_APPLICABLE),
        _grade=-told[["_then", "_now"]].max(axis=1),
        _day=days,
    )


def _text(values: pd.Series) -> pd.Series:
    texts: pd.Series = values.map(lambda value: NOT_APPLICABLE if np.isnan(value) else f"{value:.0f}".replace("-", "−"))
    return texts
