"""Laboratory values."""

from __future__ import annotations

from npcstats.analyses.biomarker.spec import BiomarkerSpec, Marker
from plan.sessions import CONF_LEVEL, EVERY_SESSION

LABORATORY = BiomarkerSpec(
    id="laboratory",
    label="Laboratory values",
    population="SAF",
    sessions=EVERY_SESSION,
    markers=(
        Marker("HGB", "Haemoglobin", "Haematology", "g/L", "identity", "decimal1"),
        Marker("ALT", "Alanine aminotransferase", "Chemistry", "U/L", "log", "decimal1"),
        Marker("CRP", "C-reactive protein", "Chemistry", "mg/L", "log", "decimal1"),
    ),
    visits=("SCR", "C3", "C5", "C9"),
    below_limit="half-limit",
    conf_level=CONF_LEVEL,
    proportion="",
    quantile_type=2,
    share_change="",
    share_difference="",
    difference="",
    estimand="",
    status="planned",
)
