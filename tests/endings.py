"""Endpoints by hand: eight participants per rule, all with time zero on one day, so that every date is a day number.

Time zero (start of radiotherapy) is 2025-01-01, day 0; radiotherapy ends on day 50; the cut-off is day 730.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pandas as pd

from npcstats.clinical.oncology import HEAD_AND_NECK_ASSESSMENTS, HEAD_AND_NECK_EVENTS
from npcstats.derive import assign_arms, at_cutoff, derive_endpoint, population_members
from npcstats.schema import Column, Schema, with_levels
from npcstats.study import FRAMES, Arm, Design, Endpoint, Population, Study, Words

MONTH = 30.4375
ZERO = pd.Timestamp("2025-01-01")
PEOPLE = ("H", "C", "A", "F", "B", "G", "D", "E")
WORSE = Endpoint(
    "WORSE", "Without progression", origin="RTSTDT",
    events=("LOCAL", "REGIONAL", "DISTANT", "DEATH"), censored_by=("NEW-THERAPY",),
    censor_at=("LOCOREGIONAL", "SYSTEMIC"), kinds_within_days=30,
)  # fmt: skip
CONTROL = Endpoint(
    "CONTROL", "Control", origin="RTSTDT", events=("LOCAL", "REGIONAL"), competing=("DISTANT", "DEATH"),
    censor_at=("LOCOREGIONAL",), event_within_days=30, kinds_within_days=30,
)  # fmt: skip
CAUSED = Endpoint(
    "CAUSED", "Death of disease", origin="RTSTDT", events=("DEATH:DISEASE",),
    competing=("DEATH:TREATMENT", "DEATH:OTHER", "DEATH:UNKNOWN"), censor_at=("VITAL",),
)  # fmt: skip
ADSL = Schema(
    "adsl",
    (
        Column("USUBJID", "identifier"),
        Column("ENRLDT", "date"),
        Column("TRT01P", "text"),
        Column("TRT01A", "text", missing=True),
        Column("AGE", "number", missing=True),
        Column("RTSTDT", "date", missing=True),
        Column("RTENDT", "date", missing=True),
        Column("DTHDT", "date", missing=True),
        Column("DTHCAUS", "text", missing=True, levels=("DISEASE", "TREATMENT", "OTHER"), known_from="DTHDT"),
        Column("EOSDT", "date", missing=True),
        Column("EOSSTT", "text", missing=True, levels=("LOST", "WITHDRAWN"), known_from="EOSDT"),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
)
ADASSESS = with_levels(FRAMES["adassess"], {"KIND": tuple(HEAD_AND_NECK_ASSESSMENTS)})
EIGHT = Design(
    registry="TEST-8",
    title="Eight endpoints",
    short_title="Eight",
    allocation="non-randomized",
    arms=(Arm("X", "Ex"), Arm("Y", "Wye")),
    arm_rule={},
    visits=(),
    populations=(
        Population("BEAM", "Radiotherapy", "Everyone who started radiotherapy.", requires=("RTSTDT",), arms="actual"),
    ),
    periods=(),
    endpoints=(),
    primary="",
    planned_size=8,
    accrual_start=datetime.date(2025, 1, 1),
    accrual_plan=((0.0, 0.0), (1.0, 1.0)),
    treatment_columns={},
    frames=(ADSL, FRAMES["adevent"], ADASSESS, FRAMES["adtte"]),
    events=HEAD_AND_NECK_EVENTS,
    words=Words(
        {"RTSTDT": "the start of radiotherapy", "RTENDT": "its end"},
        HEAD_AND_NECK_ASSESSMENTS,
        {
            "DISEASE": "the disease",
            "TREATMENT": "treatment",
            "OTHER": "another cause",
            "UNKNOWN": "an unknown cause",
        },
    ),
)
WINDOWS = ((80, 119), (120, 179), (180, 239), (240, 299))


def day(number):
    return ZERO + pd.Timedelta(days=number)


def dated(days):
    return pd.Series([pd.NaT if d is None else day(d) for d in days], dtype="datetime64[s]")


def trial(endpoint, *, events=(), seen=(), deaths=None, ends=None, cutoff=730):
    """A study of eight with one endpoint.

    ``events`` are (who, kind, day, how confirmed), ``seen`` (who, kind, day), ``deaths`` who: (day, cause), ``ends``
    who: (day, state).
    """
    deaths, ends = deaths or {}, ends or {}
    adsl = pd.DataFrame({"USUBJID": PEOPLE, "TRT01P": ["X", "Y"] * 4, "TRT01A": ["X", "Y"] * 4, "AGE": 50.0})
    adsl["ENRLDT"] = adsl["RTSTDT"] = dated([0] * len(PEOPLE))
    adsl["RTENDT"] = dated([50] * len(PEOPLE))
    adsl["DTHDT"] = dated([deaths.get(who, (None, ""))[0] for who in PEOPLE])
    adsl["DTHCAUS"] = [deaths.get(who, (None, ""))[1] for who in PEOPLE]
    adsl["EOSDT"] = dated([ends.get(who, (None, ""))[0] for who in PEOPLE])
    adsl["EOSSTT"] = [ends.get(who, (None, ""))[1] for who in PEOPLE]
    frames = {
        "adsl": adsl,
        "adevent": pd.DataFrame(
            {"USUBJID": [e[0] for e in events], "KIND": [e[1] for e in events], "ADT": dated([e[2] for e in events]),
             "CONFIRM": [e[3] if len(e) > 3 else "" for e in events]}
        ),
        "adassess": pd.DataFrame(
            {"USUBJID": [s[0] for s in seen], "KIND": [s[1] for s in seen], "ADT": dated([s[2] for s in seen])}
        ),
    }  # fmt: skip
    for name in ("adevent", "adassess"):
        frames[name]["ENTRYDT"] = dated([None] * len(frames[name]))
    design = replace(EIGHT, endpoints=(endpoint,))
    study = Study(design, frames, Path("eight"), synthetic=True, session="only", rounding="half-away")
    return assign_arms(at_cutoff(study, day(cutoff).date(), snapshot="event-date"))


def derived(endpoint, **records):
    """Day, cause and reason of each participant."""
    study = trial(endpoint, **records)
    members = population_members(study, "BEAM")
    times = derive_endpoint(study, members, endpoint)
    days = [round(t * MONTH, 9) for t in times.time]
    return dict(zip(members["USUBJID"], zip(days, times.cause.tolist(), times.reason, strict=True), strict=True))
