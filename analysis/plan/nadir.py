"""Lymphocytes: how low they fall, when, and who has recovered at later visits."""

from __future__ import annotations

from npcstats.analyses.nadir.displays import NadirCourse, RecoveryFigure
from npcstats.analyses.nadir.spec import NadirLimit, NadirSpec, RecoveryLimit
from plan.sessions import CONF_LEVEL

LYMPHOPENIA = NadirSpec(
    id="lymphopenia",
    label="Lymphocytes: lowest value and recovery",
    population="RT",
    sessions=("final",),
    marker="ALC",
    marker_label="Lymphocytes",
    unit="10^9/L",
    style="decimal2",
    period="acute",
    baseline="BL",
    limits=(
        NadirLimit("GRADE3", "grade 3 or worse", 0.5),
        NadirLimit("PUBLISHED", "published cut-off", 0.39),
        NadirLimit("GRADE4", "grade 4", 0.2),
    ),
    recoveries=(
        RecoveryLimit("NORMAL", "lower limit of normal", 1.0, of_baseline=False),
        RecoveryLimit("PUBLISHED3", "published cut-off", 0.705, of_baseline=False),
        RecoveryLimit("OWN", "", 0.8, of_baseline=True),
    ),
    visits=("M3", "M6", "M12", "M24"),
    below_limit="half-limit",
    quantile_type=2,
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="newcombe",
    mean_difference="welch",
    estimand="unadjusted",
    status="planned",
)

NADIR_TABLES = (
    NadirCourse(
        name="lymphopenia",
        title="Lymphocytes: lowest value in the acute period, and recovery from it",
        number="14.2.9.13",
        sessions=("final",),
        analysis="lymphopenia",
        total=False,
    ),
)

NADIR_FIGURES = (
    RecoveryFigure(
        name="lymphocyte-recovery",
        title="Lymphocytes: recovery after the acute period.",
        number="14.2.9.14",
        sessions=("final",),
        analysis="lymphopenia",
        width="full",
    ),
)
