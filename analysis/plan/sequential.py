"""Group-sequential monitoring: planned looks, error spending, tables and figure; no statistic at an interim."""

from __future__ import annotations

from npcstats.analyses.adjustment.outcomes import TimeOutcome
from npcstats.analyses.sequential.displays import BoundaryFigure, BoundaryTable, OutlookTable
from npcstats.analyses.sequential.spec import InformationSpec, PlannedLook

INFORMATION = InformationSpec(
    id="monitoring",
    label="Monitoring of progression-free survival",
    population="RT",
    sessions=("open", "closed"),
    outcome=TimeOutcome("PFS"),
    sides=2,
    alpha=0.025,
    spending="obrien-fleming",
    parameter=None,
    power=0.80,
    looks=(
        PlannedLook("First look", 40),
        PlannedLook("Second look", 80),
        PlannedLook("Last look", 120),
    ),
    futility=None,
    held=(),
    status="planned",
)

SEQUENTIAL_TABLES = (
    BoundaryTable(
        name="boundaries",
        title="Information and boundaries of progression-free survival",
        sessions=("open", "closed"),
        analysis="monitoring",
    ),
    OutlookTable(
        name="outlook",
        title="Power and expected events of the planned looks",
        sessions=("open", "closed"),
        analysis="monitoring",
    ),
)

SEQUENTIAL_FIGURES = (
    BoundaryFigure(
        name="boundaries",
        title="Boundaries of progression-free survival against the information.",
        sessions=("open", "closed"),
        analysis="monitoring",
        width="full",
    ),
)
