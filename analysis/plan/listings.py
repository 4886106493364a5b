"""Participants one by one: listings of a masked session, and the courses that figures draw."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.courses.spec import CourseSpec
from npcstats.analyses.listing.spec import Course, ListingSpec, Phase

SERIOUS = ListingSpec(
    "serious",
    "Serious adverse events",
    "SAF",
    ("closed", "final"),
    "serious-events",
    origin="TRTSDT",
    status="planned",
    words={
        "AEREL": {"RT": "RT", "CHEMO": "chemo", "BOTH": "both", "NONE": "none"},
        "AEACN": {
            "DOSE NOT CHANGED": "unchanged",
            "DOSE REDUCED": "reduced",
            "DRUG INTERRUPTED": "interrupted",
            "DRUG WITHDRAWN": "withdrawn",
        },
        "AEOUT": {
            "RECOVERED/RESOLVED": "recovered",
            "RECOVERED/RESOLVED WITH SEQUELAE": "with sequelae",
            "NOT RECOVERED/NOT RESOLVED": "not recovered",
        },
        "AESERCRIT": {"HOSPITALIZATION": "hospital", "LIFE-THREATENING": "life threat"},
        "AEEXP": {"Y": "yes", "N": "no"},
    },
    phases=(Phase("INDUCTION", "induction", "INDREG"), Phase("CONCURRENT", "cycle", "CONREG")),
    course=Course("RTSTDT", "RTENDT", "FXDELIV", "RT", "fraction"),
    criteria={"AESERCRIT": "Serious as", "AEEXP": "Expected"},
    lag=True,
)
DEATHS = ListingSpec(
    "deaths",
    "Deaths",
    "ENRL",
    ("closed", "final", "unmasked"),
    "deaths",
    origin="TRTSDT",
    status="planned",
    after="RTENDT",
    after_label="Days after RT",
    within=(30, 90),
    on_treatment=30,
    fatal=True,
    progression=("LOCAL", "REGIONAL", "DISTANT"),
)
NARRATIVES = ListingSpec(
    "narratives",
    "Narratives of deaths",
    "ENRL",
    ("closed",),
    "narratives",
    origin="TRTSDT",
    status="planned",
    words={
        "SEX": {"F": "woman", "M": "man"},
        "DTHCAUS": {"DISEASE": "disease", "TREATMENT": "treatment", "OTHER": "other", "UNKNOWN": "not known"},
        "AEOUT": SERIOUS.words["AEOUT"],
    },
    after="RTENDT",
    after_label="Days after RT",
    progression=("LOCAL", "REGIONAL", "DISTANT"),
    course=SERIOUS.course,
    stage="STAGE9",
)

BEST_CHANGE = CourseSpec(
    id="best-change",
    label="Best change of the sum of diameters",
    population="RT",
    sessions=("final",),
    kind="best-change",
    origin="RTSTDT",
    param="SUMDIAM",
    progression=("LOCAL", "REGIONAL", "DISTANT"),
    stopped_by=("NEW-THERAPY",),
    responses=(),
    shown="everyone",
    limit=0,
    status="planned",
)
CHANGES = replace(BEST_CHANGE, id="changes", label="Changes of the sum of diameters", kind="changes")
COURSES = replace(
    BEST_CHANGE,
    id="courses",
    label="Courses of participants",
    kind="courses",
    param="",
    stopped_by=(),
    responses=("CR", "PR"),
    shown="with-event",
    limit=40,
)
