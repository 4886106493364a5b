"""Values below the limit of quantification: shares as they were fixed, models they call for, a table and a figure."""

from __future__ import annotations

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.detection.displays import LimitContrasts, ValuesBelowLimit
from npcstats.analyses.detection.spec import DetectionSpec, LimitedMarker
from plan.baseline import INDUCTION, N_CATEGORIES, SEXES, T_CATEGORIES
from plan.sessions import CONF_LEVEL

SAMPLED = ("BL", "EORT", "M3", "M12")
MEASURED = ("BL", "MID", "EORT", "M3", "M6", "M12", "M24")

# shares of all arms and visits together, counted before arms were compared
LIMITS = DetectionSpec(
    id="below-limit",
    label="Markers with values below the limit",
    population="RT",
    sessions=("final",),
    markers=(
        LimitedMarker("IL6", "Interleukin 6", "pg/mL", SAMPLED, 0.153, "quantified"),
        LimitedMarker("IL10", "Interleukin 10", "pg/mL", SAMPLED, 0.176, "quantified"),
        LimitedMarker("TNFA", "Tumour necrosis factor α", "pg/mL", SAMPLED, 0.129, "quantified"),
        LimitedMarker("IFNG", "Interferon γ", "pg/mL", SAMPLED, 0.145, "quantified"),
        LimitedMarker("CRP", "C-reactive protein", "mg/L", MEASURED, 0.047, "quantified"),
        LimitedMarker("EBV", "EBV DNA", "copies/mL", ("BL", "MID", "EORT", "W8", *MEASURED[3:]), 0.739, "detected"),
    ),
    half_limit_most=0.15,
    cut_off_most=0.50,
    covariates=(
        Covariate("AGE", "age", "continuous", per=10.0),
        Covariate("SEX", "sex", "categorical", levels=SEXES),
        Covariate("T9", "T category", "categorical", levels=T_CATEGORIES),
        Covariate("N9", "N category", "categorical", levels=N_CATEGORIES),
        Covariate("INDREG", "planned induction", "categorical", levels=INDUCTION, blank="NONE"),
    ),
    df_method="kenward-roger",
    variance="mancl-derouen",
    multiplicity="benjamini-hochberg",
    conf_level=CONF_LEVEL,
    estimand="conditional",
    status="planned",
)

LIMITS_TABLES = (
    ValuesBelowLimit(
        name="below-limit",
        title="Values below the limit of quantification by visit, and how arms compare",
        number="14.2.7.3",
        sessions=("final",),
        analysis="below-limit",
        total=False,
    ),
)

LIMITS_FIGURES = (
    LimitContrasts(
        name="below-limit",
        title="Markers with values below the limit of quantification: how arms compare by visit",
        number="14.2.7.4",
        sessions=("final",),
        analysis="below-limit",
        width="full",
    ),
)
