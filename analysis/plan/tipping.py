"""Missing marker values: what is assumed of them, how they are shifted, tables and figure."""

from __future__ import annotations

from npcstats.analyses.tipping.displays import StrategiesTable, TippingMap, TippingTable
from npcstats.analyses.tipping.spec import CompletedMarker, TippingSpec
from plan.mixed import MODELLED
from plan.sessions import CONF_LEVEL

FACTORS = (0.5, 0.7, 0.9, 1.0, 1.1, 1.4, 2.0)

TIPPING = TippingSpec(
    id="tipping",
    label="Contrasts of markers by what is assumed of missing values",
    population="RT",
    sessions=("final",),
    markers=(
        CompletedMarker("ALC", "Lymphocytes", "10^9/L", "log", "decimal2", FACTORS, 10.0),
        CompletedMarker("WBC", "White blood cells", "10^9/L", "log", "decimal2", FACTORS, 10.0),
        CompletedMarker(
            "HGB", "Haemoglobin", "g/dL", "identity", "decimal2", (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0), 10.0
        ),
    ),
    baseline=MODELLED.baseline,
    visits=MODELLED.visits,
    shifted=("EORT", "M12", "M24"),
    below_limit=MODELLED.below_limit,
    covariates=MODELLED.covariates,
    structures=MODELLED.structures,
    df_method=MODELLED.df_method,
    strategies=("missing-at-random", "jump-to-reference", "copy-reference", "copy-increments-in-reference"),
    imputations=100,
    seed=7232680,
    conf_level=CONF_LEVEL,
    estimand="conditional",
    status="planned",
)

TIPPING_TABLES = (
    TippingTable(
        name="tipping-points",
        title="Markers by visit: values seen and imputed, deaths, and tipping points",
        number="14.2.10.8",
        sessions=("final",),
        analysis="tipping",
    ),
    StrategiesTable(
        name="missing-markers",
        title="Markers by visit: the contrast of the arms by what is assumed of missing values",
        number="14.2.10.9",
        sessions=("final",),
        analysis="tipping",
    ),
)

TIPPING_FIGURES = (
    TippingMap(
        name="tipping-map",
        title="Contrast of the arms where imputed values are shifted.",
        number="14.2.10.10",
        sessions=("final",),
        analysis="tipping",
        width="full",
        variables=("ALC",),
    ),
)
