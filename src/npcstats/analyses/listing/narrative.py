"""A narrative of each death, drafted from the records: who, what was given, serious events, progression, the end."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from npcstats.analyses.listing.spec import ListingSpec
from npcstats.analyses.listing.texts import day_text, in_print, in_words, study_day
from npcstats.derive import NOT_LISTED, first_event, printable, require_columns
from npcstats.formatting import NOT_APPLICABLE, counted
from npcstats.study import Study

EVENT = ("AEDECOD", "AEOUT")
NOTHING = "No serious adverse event on record."


def tell_deaths(study: Study, spec: ListingSpec, died: pd.DataFrame) -> pd.DataFrame:
    """Draft a narrative for each who died, of what the export holds and in study days.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : ListingSpec
        Of kind ``narratives``.
    died : DataFrame
        Members who died: their number, arm, age band, sex, printable texts and origin of days.

    Returns
    -------
    DataFrame
        With the narrative, and by what the records are ordered.

    Raises
    ------
    DataError
        If a frame or a column that a narrative tells of is not there.
    """
    events = _serious_of(study, spec, died)
    progressed = first_event(study, died, spec.progression) if spec.progression else pd.Series(pd.NaT, died.index)
    told = died.assign(
        _cause=in_words(died["DTHCAUS"], spec),
        _sex=in_words(died["SEX"], spec),
        _died=day_text(study_day(died["DTHDT"], died["_origin"])),
        _progressed=day_text(study_day(progressed, died["_origin"])).to_numpy(),
        _events=died["USUBJID"].map(events["told"]).fillna(NOTHING),
        _course=_course_words(spec, died),
        _after=(died["DTHDT"] - died[spec.after]).dt.days if spec.after else float("nan"),
    )
    shown = ["DTHCAUS", *filter(None, (spec.stage,))]
    unlisted = died["_unlisted"] | (died[shown] == NOT_LISTED).any(axis=1)
    return told.assign(
        NARRATIVE=[_narrative(spec, row) for row in told.to_dict("records")],
        _day=study_day(died["DTHDT"], died["_origin"]),
        _rank=0,
        _unlisted=unlisted | died["USUBJID"].isin(events.index[events["unlisted"].astype(bool)]),
    )


def _narrative(spec: ListingSpec, row: Mapping[Hashable, Any]) -> str:
    stage = f", stage {row[spec.stage]}" if spec.stage and row[spec.stage] else ""
    who = f"{str(row['_sex']).capitalize()}, {row['AGE']} years{stage}."
    seen = row["_progressed"]
    progression = f"Progression on day {seen}." if seen != NOT_APPLICABLE else "No progression on record."
    days = row["_after"]
    after = f", {days:.0f} days after {spec.course.label}" if spec.course and pd.notna(days) else ""
    told = progression if spec.progression else ""
    cause = "cause not recorded" if row["_cause"] == NOT_APPLICABLE else f"cause: {row['_cause']}"
    end = f"Died on day {row['_died']}{after}; {cause}."
    return " ".join(filter(None, (who, str(row["_course"]), str(row["_events"]), told, end)))


def _course_words(spec: ListingSpec, died: pd.DataFrame) -> pd.Series:
    """The course of daily treatment, by its days and how much of it was given."""
    course = spec.course
    if course is None:
        return pd.Series("", index=died.index)
    require_columns(died, "adsl", (course.start, course.end, course.given), f"listing {spec.id}")
    start, end = (day_text(study_day(died[name], died["_origin"])) for name in (course.start, course.end))
    texts = []
    for first, last, given in zip(start, end, died[course.given], strict=True):
        if first == NOT_APPLICABLE:
            texts.append(f"{course.label} not begun.")
        elif last == NOT_APPLICABLE:
            texts.append(f"{course.label} from day {first}, no end on record.")
        else:
            amount = f" ({counted(int(given), course.unit)})" if pd.notna(given) else ""
            texts.append(f"{course.label} from day {first} to day {last}{amount}.")
    return pd.Series(texts, index=died.index, dtype=object)


def _serious_of(study: Study, spec: ListingSpec, died: pd.DataFrame) -> pd.DataFrame:
    """By participant, a sentence of the serious adverse events in order of onset, and whether a word is withheld."""
    frame = study["adae"]
    require_columns(frame, "adae", (*EVENT, "AETOXGR", "AESER", "ASTDT", "AENDT"), f"listing {spec.id}")
    texts = {name: printable(study, "adae", name) for name in EVENT}
    serious = frame.assign(**texts).loc[frame["AESER"] == "Y"]
    own = serious.merge(died[["USUBJID", "_origin"]], on="USUBJID").sort_values("ASTDT", kind="stable")
    outcome = in_words(own["AEOUT"].where(own["AEOUT"] != "", "ONGOING"), spec)
    begun, ended = (day_text(study_day(own[name], own["_origin"])) for name in ("ASTDT", "AENDT"))
    until = [f"day {a}" if b in (NOT_APPLICABLE, a) else f"day {a} to {b}" for a, b in zip(begun, ended, strict=True)]
    parts = zip(in_print(own["AEDECOD"]), own["AETOXGR"], until, outcome, strict=True)
    told = [f"{term} grade {grade:.0f} ({days}, {state})" for term, grade, days, state in parts]
    unlisted = (own[list(EVENT)] == NOT_LISTED).any(axis=1)
    by = own.assign(told=pd.Series(told, own.index, dtype=object), unlisted=unlisted).groupby("USUBJID")
    joined = by["told"].agg("; ".join).map("Serious adverse events: {}.".format)
    return pd.DataFrame({"told": joined, "unlisted": by["unlisted"].any()})
