"""How markers go with each other, and with what happens later."""

from __future__ import annotations

from npcstats.analyses.association.displays import CoursesByOutcome, MarkerForest, MarkerHazards, MarkerHazardsByArm
from npcstats.analyses.association.spec import AssociatedMarker, AssociationSpec, MarkerLandmark, OutcomeCourses
from npcstats.analyses.correlation.displays import CorrelationMap, CorrelationsWith
from npcstats.analyses.correlation.spec import CorrelatedMarker, CorrelationSpec
from npcstats.analyses.timetoevent.groups import Landmark
from plan.hazards import CONFOUNDERS
from plan.sessions import CONF_LEVEL

COUNT, CELLS, MASS = "10^9/L", "cells/uL", "pg/mL"
CORRELATION = CorrelationSpec(
    id="marker-correlation",
    label="Correlation of markers within participants",
    population="RT",
    sessions=("final",),
    markers=(
        CorrelatedMarker("ALC", "Lymphocytes", COUNT, "log"),
        CorrelatedMarker("ANC", "Neutrophils", COUNT, "log"),
        CorrelatedMarker("WBC", "White blood cells", COUNT, "log"),
        CorrelatedMarker("PLT", "Platelets", COUNT, "log"),
        CorrelatedMarker("CD3", "CD3 cells", CELLS, "log"),
        CorrelatedMarker("CD4", "CD4 cells", CELLS, "log"),
        CorrelatedMarker("CD8", "CD8 cells", CELLS, "log"),
        CorrelatedMarker("CD19", "CD19 cells", CELLS, "log"),
        CorrelatedMarker("NK", "NK cells", CELLS, "log"),
        CorrelatedMarker("CRP", "C-reactive protein", "mg/L", "log"),
        CorrelatedMarker("LDH", "Lactate dehydrogenase", "U/L", "log"),
        CorrelatedMarker("ALB", "Albumin", "g/dL", "identity"),
        CorrelatedMarker("IL6", "Interleukin 6", MASS, "log"),
        CorrelatedMarker("IL10", "Interleukin 10", MASS, "log"),
        CorrelatedMarker("TNFA", "TNF-α", MASS, "log"),
        CorrelatedMarker("IFNG", "Interferon γ", MASS, "log"),
        CorrelatedMarker("SPDL1", "Soluble PD-L1", MASS, "log"),
    ),
    visits=("BL", "MID", "EORT", "M3", "M6", "M12", "M24"),
    below_limit="half-limit",
    limits="clustered",
    distance="signed",
    joined="average",
    minimum_participants=10,
    conf_level=CONF_LEVEL,
    status="planned",
)
ALWAYS = ("baseline", "landmark", "readings")
PROGRESSION = AssociationSpec(
    id="pfs-markers",
    label="Markers and progression-free survival",
    population="RT",
    sessions=("final",),
    endpoint="PFS",
    markers=(
        AssociatedMarker("ALC", "Lymphocytes", "ALC", COUNT, "log", "doubling", ALWAYS, "decimal2"),
        AssociatedMarker("NLR", "Neutrophils to lymphocytes", "NLR", "ratio", "log", "doubling", ALWAYS, "decimal2"),
        AssociatedMarker("CD8", "CD8 cells", "CD8", CELLS, "log", "doubling", ALWAYS, "count"),
        AssociatedMarker("CRP", "C-reactive protein", "CRP", "mg/L", "log", "doubling", ALWAYS, "decimal1"),
        AssociatedMarker("LDH", "Lactate dehydrogenase", "LDH", "U/L", "log", "sd", ALWAYS, "count"),
        AssociatedMarker("ALB", "Albumin", "ALB", "g/dL", "identity", "sd", ALWAYS, "decimal1"),
        AssociatedMarker("EBV", "EBV DNA", "EBV", "copies/mL", "log", "doubling", ("baseline",), "count", ("EBVBL",)),
        AssociatedMarker(
            "EBV-DETECTED", "EBV DNA", "EBV", "copies/mL", "detectable", "presence", ("landmark", "readings"), ""
        ),
    ),
    baseline="BL",
    landmarks=(
        MarkerLandmark(
            "EORT",
            Landmark(
                "RTENDT",
                7,
                "Landmark of the end of radiotherapy: time is counted from day 7 after it, for participants followed "
                "until then without an event.",
            ),
        ),
        MarkerLandmark(
            "M3",
            Landmark(
                "RTENDT", 135, "Landmark of 3 months: time is counted from day 135 after the end of radiotherapy."
            ),
        ),
    ),
    carried_days=400,
    below_limit="half-limit",
    covariates=CONFOUNDERS,
    by_arm=True,
    ties="efron",
    minimum_events=5,
    multiplicity="benjamini-hochberg",
    courses=OutcomeCourses(
        24.0,
        ("BL", "MID", "EORT", "M3", "M6", "M12"),
        ("ALC", "NLR", "CD8", "CRP", "ALB", "EBV-DETECTED"),
        "clopper-pearson",
    ),
    conf_level=CONF_LEVEL,
    status="planned",
)
ASSOCIATION_ENTRIES = (CORRELATION, PROGRESSION)

ASSOCIATION_TABLES = (
    CorrelationsWith(
        name="lymphocyte-correlation",
        title="Lymphocytes with other markers: correlation within participants",
        number="14.2.11.1",
        sessions=("final",),
        analysis="marker-correlation",
        marker="ALC",
        total=False,
    ),
    MarkerHazards(
        name="pfs-markers",
        title="Markers and progression or death: hazard ratios",
        number="14.2.11.4",
        sessions=("final",),
        analysis="pfs-markers",
    ),
    MarkerHazardsByArm(
        name="pfs-markers-arms",
        title="Markers and progression or death: hazard ratios in each arm",
        number="14.2.11.5",
        sessions=("final",),
        analysis="pfs-markers",
    ),
)
ASSOCIATION_FIGURES = (
    CorrelationMap(
        name="marker-correlation",
        title="Correlation of markers within participants.",
        number="14.2.11.2",
        analysis="marker-correlation",
        sessions=("final",),
        width="full",
    ),
    MarkerForest(
        name="pfs-markers",
        title="Markers and progression or death: hazard ratios.",
        number="14.2.11.3",
        analysis="pfs-markers",
        sessions=("final",),
        width="full",
    ),
    CoursesByOutcome(
        name="pfs-courses",
        title="Markers over visits, by progression or death.",
        number="14.2.11.6",
        analysis="pfs-markers",
        sessions=("final",),
        width="full",
    ),
)
