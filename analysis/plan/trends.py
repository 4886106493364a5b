"""Every marker of the blood over time: counts, the immune panel, inflammation, chemistry and the virus."""

from __future__ import annotations

from npcstats.analyses.biomarker.displays import MarkerCourses, MarkerLevels, MarkersByVisit
from npcstats.analyses.biomarker.spec import BiomarkerSpec, Marker
from npcstats.analyses.samples.displays import SampleReasons, SampleSteps
from npcstats.analyses.samples.spec import SampledMarker, SamplesSpec
from npcstats.analyses.trajectories.displays import Spaghetti
from npcstats.analyses.trajectories.spec import CourseMarker, TrajectoriesSpec
from npcstats.derive import MarkerRatio
from plan.sessions import CONF_LEVEL, EVERY_SESSION

PER_LITER, PER_MICROLITER = "10^9/L", "cells/uL"
PERCENT = "%"
NO_EIGHTH_WEEK = ("BL", "MID", "EORT", "M3", "M6", "M12", "M24")
FEW_VISITS = ("BL", "EORT", "M3", "M12")

PANEL = BiomarkerSpec(
    id="panel",
    label="Blood markers",
    population="RT",
    sessions=("final",),
    markers=(
        Marker("WBC", "White blood cells", "Blood counts", PER_LITER, "log", "decimal2"),
        Marker("ANC", "Neutrophils", "Blood counts", PER_LITER, "log", "decimal2"),
        Marker("ALC", "Lymphocytes", "Blood counts", PER_LITER, "log", "decimal2"),
        Marker("PLT", "Platelets", "Blood counts", PER_LITER, "log", "decimal0"),
        Marker("HGB", "Haemoglobin", "Blood counts", "g/dL", "identity", "decimal1"),
        Marker("NLR", "Neutrophils to lymphocytes", "Blood counts", "ratio", "log", "decimal2"),
        Marker("PLR", "Platelets to lymphocytes", "Blood counts", "ratio", "log", "decimal0"),
        Marker("CD3", "CD3 T cells", "Immune cells", PER_MICROLITER, "log", "decimal0", NO_EIGHTH_WEEK),
        Marker("CD4", "CD4 T cells", "Immune cells", PER_MICROLITER, "log", "decimal0", NO_EIGHTH_WEEK),
        Marker("CD8", "CD8 T cells", "Immune cells", PER_MICROLITER, "log", "decimal0", NO_EIGHTH_WEEK),
        Marker("CD19", "CD19 B cells", "Immune cells", PER_MICROLITER, "log", "decimal0", NO_EIGHTH_WEEK),
        Marker("NK", "NK cells", "Immune cells", PER_MICROLITER, "log", "decimal0", NO_EIGHTH_WEEK),
        Marker("CD4CD8", "CD4 to CD8", "Immune cells", "ratio", "log", "decimal2", NO_EIGHTH_WEEK),
        Marker("CD3P", "CD3 T cells", "Share of lymphocytes", PERCENT, "identity", "decimal1", NO_EIGHTH_WEEK),
        Marker("CD4P", "CD4 T cells", "Share of lymphocytes", PERCENT, "identity", "decimal1", NO_EIGHTH_WEEK),
        Marker("CD8P", "CD8 T cells", "Share of lymphocytes", PERCENT, "identity", "decimal1", NO_EIGHTH_WEEK),
        Marker("CD19P", "CD19 B cells", "Share of lymphocytes", PERCENT, "identity", "decimal1",
               NO_EIGHTH_WEEK),
        Marker("NKP", "NK cells", "Share of lymphocytes", PERCENT, "identity", "decimal1", NO_EIGHTH_WEEK),
        Marker("CRP", "C-reactive protein", "Inflammation", "mg/L", "log", "decimal1", NO_EIGHTH_WEEK),
        Marker("IL6", "Interleukin 6", "Inflammation", "pg/mL", "log", "decimal1", FEW_VISITS),
        Marker("IL10", "Interleukin 10", "Inflammation", "pg/mL", "log", "decimal1", FEW_VISITS),
        Marker("TNFA", "TNF-α", "Inflammation", "pg/mL", "log", "decimal1", FEW_VISITS),
        Marker("IFNG", "IFN-γ", "Inflammation", "pg/mL", "log", "decimal1", FEW_VISITS),
        Marker("SPDL1", "Soluble PD-L1", "Inflammation", "pg/mL", "log", "decimal1", FEW_VISITS),
        Marker("ALB", "Albumin", "Chemistry", "g/dL", "identity", "decimal1"),
        Marker("LDH", "Lactate dehydrogenase", "Chemistry", "U/L", "log", "decimal0", NO_EIGHTH_WEEK),
        Marker("EBV", "EBV DNA", "Virus", "copies/mL", "detectable", "percent1"),
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
    ratios=(
        MarkerRatio(
            code="CD4CD8", numerator="CD4", numerator_unit=PER_MICROLITER, denominator="CD8",
            denominator_unit=PER_MICROLITER, factor=1.0, unit="ratio",
        ),
        # cells in a microliter over 10^9 cells in a liter, which are 1000 in a microliter, times 100
        MarkerRatio(
            code="CD3P", numerator="CD3", numerator_unit=PER_MICROLITER, denominator="ALC",
            denominator_unit=PER_LITER, factor=0.1, unit=PERCENT,
        ),
        MarkerRatio(
            code="CD4P", numerator="CD4", numerator_unit=PER_MICROLITER, denominator="ALC",
            denominator_unit=PER_LITER, factor=0.1, unit=PERCENT,
        ),
        MarkerRatio(
            code="CD8P", numerator="CD8", numerator_unit=PER_MICROLITER, denominator="ALC",
            denominator_unit=PER_LITER, factor=0.1, unit=PERCENT,
        ),
        MarkerRatio(
            code="CD19P", numerator="CD19", numerator_unit=PER_MICROLITER, denominator="ALC",
            denominator_unit=PER_LITER, factor=0.1, unit=PERCENT,
        ),
        MarkerRatio(
            code="NKP", numerator="NK", numerator_unit=PER_MICROLITER, denominator="ALC",
            denominator_unit=PER_LITER, factor=0.1, unit=PERCENT,
        ),
    ),
)  # fmt: skip

SAMPLES = SamplesSpec(
    id="samples",
    label="Blood samples by visit",
    population="RT",
    sessions=EVERY_SESSION,
    markers=(
        SampledMarker("ALC", "Lymphocytes"),
        SampledMarker("CD4", "CD4 T cells", NO_EIGHTH_WEEK),
        SampledMarker("IL6", "Interleukin 6", FEW_VISITS),
        SampledMarker("EBV", "EBV DNA"),
    ),
    visits=("BL", "MID", "EORT", "W8", "M3", "M6", "M12", "M24"),
    attended_by=("VITAL",),
    sampled_by=(
        "WBC", "ANC", "ALC", "PLT", "HGB", "CD3", "CD4", "CD8", "CD19", "NK", "CRP", "IL6", "IL10", "TNFA", "IFNG",
        "SPDL1", "ALB", "LDH", "CREAT", "TBILI", "EBV",
    ),
    status="planned",
)  # fmt: skip

TRAJECTORIES = TrajectoriesSpec(
    id="trajectories",
    label="Courses of markers",
    population="RT",
    sessions=("final",),
    markers=(
        CourseMarker("ALC", "Lymphocytes", PER_LITER, "log"),
        CourseMarker("CD4", "CD4 T cells", PER_MICROLITER, "log", NO_EIGHTH_WEEK),
        CourseMarker("HGB", "Haemoglobin", "g/dL", "identity"),
        CourseMarker("EBV", "EBV DNA", "copies/mL", "log"),
    ),
    visits=("BL", "MID", "EORT", "W8", "M3", "M6", "M12", "M24"),
    below_limit="half-limit",
    status="planned",
)

TRENDS_TABLES = (
    SampleSteps(
        name="samples",
        title="Blood samples: expected, attended, taken, assayed and evaluable",
        number="14.2.8.4",
        sessions=EVERY_SESSION,
        analysis="samples",
        total=False,
    ),
    SampleReasons(
        name="samples-reasons",
        title="Blood samples: why participants have no evaluable value",
        number="14.2.8.5",
        sessions=EVERY_SESSION,
        analysis="samples",
        variables=("ALC", "EBV"),
        total=False,
    ),
    MarkerLevels(
        name="marker-levels",
        title="Markers of the blood by visit: means, medians and quartiles",
        number="14.2.8.1",
        sessions=("final",),
        analysis="panel",
        variables=("ALC", "WBC", "ANC", "PLT", "HGB", "NLR", "CRP", "IL6", "LDH", "ALB", "EBV"),
        total=False,
    ),
    MarkersByVisit(
        name="immune-panel",
        title="Immune cells by visit: absolute counts and percentages",
        number="14.2.8.3",
        sessions=("final",),
        analysis="panel",
        variables=("CD3", "CD3P", "CD4", "CD4P", "CD8", "CD8P", "CD4CD8", "CD19", "CD19P", "NK", "NKP"),
        total=False,
    ),
)

TRENDS_FIGURES = (
    MarkerCourses(
        name="marker-panel",
        title="Markers of the blood by visit.",
        number="14.2.8.2",
        sessions=("final",),
        analysis="panel",
        width="full",
        small=True,
    ),
    Spaghetti(
        name="marker-courses",
        title="Courses of markers of each participant, with the means of the arms.",
        number="14.2.8.6",
        sessions=("final",),
        analysis="trajectories",
        width="full",
        means="panel",
    ),
)
