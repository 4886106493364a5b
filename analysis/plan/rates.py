"""Rates of adverse events over person-time, and mean numbers of events over time."""

from __future__ import annotations

from npcstats.analyses.rates.displays import MeanCumulative, MeanNumbers, RateContrasts, RatesTable
from npcstats.analyses.rates.spec import Course, RatedEvents, RatePeriod, RatesSpec
from plan.sessions import CONF_LEVEL

CLOSED_AND_FINAL = ("closed", "final")
ANY_SEVERE = RatedEvents("ANY3", "Any, grade ≥\u00a03", 3)
ANY_MODERATE = RatedEvents("ANY2", "Any, grade ≥\u00a02", 2)
SERIOUS = RatedEvents("SERIOUS", "Serious, any grade", 1, where={"AESER": ("Y",)})

RATES = RatesSpec(
    id="ae-rates",
    label="Adverse events over person-time",
    population="SAF",
    sessions=CLOSED_AND_FINAL,
    periods=(
        RatePeriod(
            "on-treatment",
            "On treatment",
            "on-treatment",
            (
                ANY_SEVERE,
                SERIOUS,
                RatedEvents("MUCOSITIS3", "Mucositis oral, grade ≥\u00a03", 3, ("Mucositis oral",)),
                RatedEvents("DERMATITIS3", "Dermatitis radiation, grade ≥\u00a03", 3, ("Dermatitis radiation",)),
                RatedEvents("DYSPHAGIA3", "Dysphagia, grade ≥\u00a03", 3, ("Dysphagia",)),
                RatedEvents("EMESIS3", "Nausea or vomiting, grade ≥\u00a03", 3, ("Nausea", "Vomiting")),
                RatedEvents("NEUTROPENIA3", "Neutrophil count decreased, grade ≥\u00a03", 3,
                            ("Neutrophil count decreased",)),
                RatedEvents("FEBRILE", "Febrile neutropenia", 3, ("Febrile neutropenia",)),
                RatedEvents("INFECTION3", "Lung infection, grade ≥\u00a03", 3, ("Lung infection",)),
            ),
        ),
        RatePeriod(
            "late",
            "Late",
            "late",
            (
                ANY_MODERATE,
                ANY_SEVERE,
                SERIOUS,
                RatedEvents("XEROSTOMIA2", "Dry mouth, grade ≥\u00a02", 2, ("Dry mouth",)),
                RatedEvents("OTOTOXICITY2", "Hearing impaired or tinnitus, grade ≥\u00a02", 2,
                            ("Hearing impaired", "Tinnitus")),
                RatedEvents("HYPOTHYROIDISM2", "Hypothyroidism, grade ≥\u00a02", 2, ("Hypothyroidism",)),
                RatedEvents("NECROSIS", "Central nervous system necrosis, any grade", 1,
                            ("Central nervous system necrosis",)),
                RatedEvents("OSTEONECROSIS", "Osteonecrosis of jaw, any grade", 1, ("Osteonecrosis of jaw",)),
            ),
        ),
    ),
    followed_until="last-assessment",
    assessments=("VITAL",),
    per=100.0,
    conf_level=CONF_LEVEL,
    rate="garwood",
    difference="miettinen-nurminen",
    ratio="exact-conditional",
    recurrent="robust",
    baseline_adjusted=True,
    scale="CTCAE version 5.0",
    courses=(
        Course(
            "severe-treatment",
            "Any, grade ≥\u00a03, on treatment",
            "on-treatment",
            "ANY3",
            landmarks=(1.0, 3.0, 6.0),
            ticks=(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0),
        ),
        Course(
            "moderate-late",
            "Any, grade ≥\u00a02, late",
            "late",
            "ANY2",
            landmarks=(6.0, 12.0, 24.0, 36.0),
            ticks=(0.0, 6.0, 12.0, 18.0, 24.0, 30.0, 36.0, 42.0, 48.0),
        ),
    ),
    terminal="ghosh-lin",
    conf_type="log",
    minimum_at_risk=10,
    estimand="unadjusted",
    status="planned",
)  # fmt: skip

RATES_TABLES = (
    RatesTable(
        name="rates-treatment",
        title="Adverse events per person-years on treatment and shortly after it",
        number="14.3.6.1",
        sessions=CLOSED_AND_FINAL,
        analysis="ae-rates",
        window="on-treatment",
        levels=("first", "all"),
        total=False,
    ),
    RatesTable(
        name="rates-late",
        title="Late adverse events per person-years",
        number="14.3.6.2",
        sessions=("final",),
        analysis="ae-rates",
        window="late",
        levels=("first", "all"),
        total=False,
    ),
    RateContrasts(
        name="rates-compared",
        title="Adverse events per person-years: differences and ratios",
        number="14.3.6.3",
        sessions=("final",),
        analysis="ae-rates",
        windows=("on-treatment", "late"),
        levels=("first", "all"),
    ),
    MeanNumbers(
        name="mean-events",
        title="Mean number of adverse events per participant",
        number="14.3.6.4",
        sessions=("final",),
        analysis="ae-rates",
        total=False,
    ),
)

RATES_FIGURES = (
    MeanCumulative(
        name="mean-events-treatment",
        title="Mean number of severe adverse events per participant on treatment.",
        number="14.3.6.5",
        sessions=CLOSED_AND_FINAL,
        analysis="ae-rates",
        width="full",
        course="severe-treatment",
    ),
    MeanCumulative(
        name="mean-events-late",
        title="Mean number of late adverse events per participant.",
        number="14.3.6.6",
        sessions=("final",),
        analysis="ae-rates",
        width="full",
        x_label="Months since the late period began",
        course="moderate-late",
    ),
)
