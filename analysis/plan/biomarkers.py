"""Blood biomarkers."""

from __future__ import annotations

from npcstats.analyses.biomarker.spec import BiomarkerSpec, Marker
from plan.sessions import CONF_LEVEL

PLANNED_VISITS = ("BL", "MID", "EORT", "M3", "M6", "M12", "M24")
"""Without the eighth week, at which blood counts and EBV DNA alone are measured."""

BIOMARKERS = BiomarkerSpec(
    id="biomarkers",
    label="Blood biomarkers",
    population="RT",
    sessions=("final", "public"),
    markers=(
        Marker("ALC", "Lymphocytes", "Blood counts", "10^9/L", "log", "decimal2"),
        Marker("WBC", "White blood cells", "Blood counts", "10^9/L", "log", "decimal2"),
        Marker("EBV", "EBV DNA", "Virus", "copies/mL", "detectable", "percent1"),
        Marker("CRP", "C-reactive protein", "Inflammation", "mg/L", "log", "decimal1", visits=PLANNED_VISITS),
    ),
    visits=("BL", "MID", "EORT", "W8", "M3", "M6", "M12", "M24"),
    below_limit="half-limit",
    conf_level=CONF_LEVEL,
    proportion="clopper-pearson",
    quantile_type=2,
    share_change="newcombe",
    share_difference="newcombe",
    difference="welch",
    estimand="unadjusted",
    status="planned",
)
