"""EBV DNA: in whom it is detected, visit by visit, and the time until it is no longer."""

from __future__ import annotations

from npcstats.analyses.clearance.displays import ClearanceFigure, ClearanceTable, StatesTable
from npcstats.analyses.clearance.spec import ClearanceSpec
from plan.sessions import CONF_LEVEL

EBV_CLEARANCE = ClearanceSpec(
    id="ebv-clearance",
    label="Plasma EBV DNA: detection and clearance",
    population="RT",
    sessions=("final",),
    marker="EBV",
    marker_label="EBV DNA",
    unit="copies/mL",
    visits=("BL", "MID", "EORT", "W8", "M3", "M6", "M12", "M24"),
    baseline="BL",
    origin="RTSTDT",
    weeks=(4.0, 8.0, 16.0, 26.0, 52.0),
    minimum=10,
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    status="planned",
)

CLEARANCE_TABLES = (
    StatesTable(
        name="ebv-states",
        title="Plasma EBV DNA at each visit: not detected, below the limit of quantification, quantified",
        number="14.2.9.10",
        sessions=("final",),
        analysis="ebv-clearance",
        total=False,
    ),
    ClearanceTable(
        name="ebv-clearance",
        title="Time to clearance of plasma EBV DNA",
        number="14.2.9.11",
        sessions=("final",),
        analysis="ebv-clearance",
        total=True,
    ),
)

CLEARANCE_FIGURES = (
    ClearanceFigure(
        name="ebv-course",
        title="Plasma EBV DNA: detection by visit, and clearance.",
        number="14.2.9.12",
        sessions=("final",),
        analysis="ebv-clearance",
        width="full",
    ),
)
