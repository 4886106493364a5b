"""Participants one by one: listings of a masked session, and the courses that figures draw."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.courses.spec import CourseSpec
from npcstats.analyses.listing.spec import Course, ListingSpec, Phase
from npcstats.clinical.oncology import CHEMORADIOTHERAPY_RELATIONS

SERIOUS = ListingSpec(
    "serious",
    "Serious adverse events",
    "SAF",
    ("closed", "final"),
    "serious-events",
    origin="TRTSDT",
    status="planned",
    words={
        "AEREL": CHEMORADIOTHERAPY_RELATIONS,
        "AEACN": {
            "DOSE NOT CHANGED": "unchanged",
            "DOSE REDUCED": "reduced",
            "DRUG INTERRUPTED": "interrupted",
            "DRUG WITHDRAWN": "withdrawn",
        },
        "AEOUT": {
            "RECOVERED/RESOLVED": "recovered",
            "RECOVERED/RESOLVED WITH SEQUELAE": "recovered, with sequelae",
            "NOT RECOVERED/NOT RESOLVED": "not recovered",
        },
        "AESERCRIT": {"HOSPITALIZATION": "hospital", "LIFE-THREATENING": "life-threatening"},
        "AEEXP": {"Y": "yes", "N": "no"},
    },
    phases=(Phase("INDUCTION", "induction", "INDREG"), Phase("CONCURRENT", "concurrent", "CONREG")),
    course=Course("RTSTDT", "RTENDT", "FXDELIV", "RT", "fraction"),
    criteria={"AESERCRIT": "Seriousness criterion", "AEEXP": "Expected"},
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
