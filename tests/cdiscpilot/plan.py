"""A plan for CDISCPILOT01: three arms, severity instead of grades, SAS transport files, flags instead of dates.

Nothing of it is in the package. Names, codes and what there is are declared here, as a neighbour of the trial in
``analysis/`` would declare them.
"""

from __future__ import annotations

import datetime

from npcstats.analyses.baseline.displays import Characteristics
from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic, Subgrouping
from npcstats.analyses.conduct.spec import StatusItem, StatusSpec
from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.regression.displays import ScaledResiduals
from npcstats.analyses.regression.spec import RegressionSpec
from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.analyses.survival.spec import SurvivalSpec
from npcstats.analyses.toxicity.spec import ToxicitySpec
from npcstats.derive import GradeWindow
from npcstats.readers import Source
from npcstats.run.plan import Plan, Session
from npcstats.schema import Column, Schema
from npcstats.study import Arm, Design, Endpoint, Period, Population, Words

ARMS = {"Placebo": "PBO", "Xanomeline Low Dose": "LOW", "Xanomeline High Dose": "HIGH"}
ARM_CODES = {"TRT01P": ARMS, "TRT01A": ARMS}
AGES = {"<65": "<65", "65-80": "65-80", ">80": ">80"}

ADSL = Schema(
    "adsl",
    (
        Column("USUBJID", "identifier"),
        Column("ENRLDT", "date"),
        Column("TRT01P", "text"),
        Column("TRT01A", "text"),
        Column("TRTSDT", "date", missing=True),
        Column("TRTEDT", "date", missing=True),
        Column("AGE", "number", minimum=18, maximum=120),
        Column("AGEGR1", "text", levels=("<65", "65-80", ">80")),
        Column("SEX", "text", levels=("F", "M")),
        Column("WEIGHTBL", "number", missing=True, minimum=20, maximum=300),
        Column("BMIBL", "number", missing=True, minimum=10, maximum=80),
        Column("SAFFL", "flag"),
        Column("EFFFL", "flag"),
        Column("COMP24FL", "flag"),
        Column("EOSSTT", "text", levels=("COMPLETED", "DISCONTINUED")),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
    ordered=(("TRTSDT", "TRTEDT"),),
)

ADAE = Schema(
    "adae",
    (
        Column("USUBJID", "identifier"),
        Column("AESEQ", "integer", minimum=1),
        Column("AEBODSYS", "text", coded=True),
        Column("AEDECOD", "text", coded=True),
        Column("AETOXGR", "integer", minimum=1, maximum=3),
        Column("AESER", "flag"),
        Column("AEREL", "text", missing=True, levels=("NONE", "REMOTE", "POSSIBLE", "PROBABLE")),
        Column("ASTDT", "date", missing=True),
        Column("ASTDTF", "text", missing=True, levels=("D", "M")),
        Column("AENDT", "date", missing=True),
        Column("TRTEMFL", "flag", missing=True),
    ),
    key=("USUBJID", "AESEQ"),
    dated="ASTDT",
    ordered=(("ASTDT", "AENDT"),),
    undated="keep",
)

ADTTE = Schema(
    "adtte",
    (
        Column("USUBJID", "identifier"),
        Column("PARAMCD", "text", coded=True),
        Column("AVAL", "number", minimum=0),
        Column("CNSR", "integer", minimum=0),
        Column("STARTDT", "date"),
        Column("ADT", "date"),
        Column("EVNTDESC", "text", coded=True),
    ),
    key=("USUBJID", "PARAMCD"),
    dated="ADT",
    ordered=(("STARTDT", "ADT"),),
)

DESIGN = Design(
    registry="CDISCPILOT01",
    title="Xanomeline in mild to moderate Alzheimer's disease",
    short_title="Xanomeline",
    allocation="randomized",
    arms=(Arm("PBO", "Placebo"), Arm("LOW", "Xanomeline low dose"), Arm("HIGH", "Xanomeline high dose")),
    arm_rule={},
    visits=(),
    populations=(
        Population("ITT", "Intention to treat", "All participants.", requires=("ENRLDT",), arms="planned"),
        Population("SAF", "Safety set", "Participants with a first dose.", requires=("TRTSDT",), arms="actual"),
    ),
    periods=(Period("treatment", "From first dose", start="TRTSDT"),),
    endpoints=(
        Endpoint(
            "TTDE",
            "Time to first dermatologic event",
            origin="TRTSDT",
            censor_at=(),
            definition="Days from the first dose, which is day one, to the first dermatologic adverse event; without "
            "one, to the end of the study.",
            param="TTDE",
            clock="days",
        ),
    ),
    primary="",
    planned_size=300,
    accrual_start=datetime.date(2012, 7, 1),
    accrual_plan=((0.0, 0.0), (24.0, 1.0)),
    treatment_columns={"adsl": ("TRT01P", "TRT01A")},
    frames=(ADSL, ADAE, ADTTE),
    words=Words(dates={"TRTSDT": "the first dose"}),
    sources={
        "adsl": Source(columns={"VISIT1DT": "ENRLDT"}, codes=ARM_CODES, extra="ignore"),
        "adae": Source(
            columns={"AESEV": "AETOXGR"},
            codes={"AETOXGR": {"MILD": "1", "MODERATE": "2", "SEVERE": "3"}},
            extra="ignore",
        ),
        "adtte": Source(extra="ignore"),
    },
)


EMERGENT = {"TRTEMFL": ("Y",)}
SPECS = (
    BaselineSpec(
        "baseline",
        "Characteristics",
        "ITT",
        ("final",),
        (
            Characteristic(
                "AGE",
                "Age",
                "Demographics",
                "continuous",
                show=("mean", "range"),
                unit="years",
                test="anova",
                spread="decimal2",
            ),
            Characteristic(
                "AGEGR1",
                "Age group",
                "Demographics",
                "ordinal",
                levels={"<65": "<65", "65-80": "65-80", ">80": ">80"},
                test="chi-square",
                smd="categories",
            ),
            Characteristic(
                "SEX",
                "Sex",
                "Demographics",
                "binary",
                levels={"M": "Male", "F": "Female"},
                named="M",
                test="chi-square",
            ),
            Characteristic(
                "WEIGHTBL",
                "Weight",
                "Demographics",
                "continuous",
                show="mean",
                unit="kg",
                test="anova",
                spread="decimal2",
            ),
            Characteristic(
                "BMIBL", "Body mass index", "Demographics", "continuous", show="mean", unit="kg/m²", test="anova"
            ),
        ),
        quantile_type=2,
        smd_denominator="average",
        status="planned",
        split=Subgrouping("SEX", "Sex", {"F": "Women", "M": "Men"}),
        multiplicity="none",
    ),
    StatusSpec(
        "disposition",
        "Disposition",
        "ITT",
        ("final",),
        (
            StatusItem("EFFICACY", "Efficacy set", "Sets", "EFFFL", value="Y"),
            StatusItem("WEEK24", "Completed week 24", "Completion", "COMP24FL", value="Y"),
            StatusItem("STUDY", "Completed the study", "Completion", "EOSSTT", value="COMPLETED"),
        ),
        status="planned",
    ),
    SurvivalSpec(
        "derm",
        "Time to first dermatologic event",
        "SAF",
        ("final",),
        "TTDE",
        conf_level=0.95,
        conf_type="log-log",
        landmarks=(1.0, 2.0, 3.0, 6.0),
        ticks=(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
        minimum_at_risk=1,
        tau=6.0,
        test="log-rank",
        estimand="unadjusted",
        status="planned",
    ),
    RegressionSpec(
        "derm-hr",
        "First dermatologic event",
        "SAF",
        ("final",),
        "TTDE",
        model="cox",
        ties="efron",
        reference="first",
        conf_level=0.95,
        covariates=(),
        strata={},
        subgroups=(),
        minimum_events=1,
        ph_transform="km",
        course_knots=4,
        estimand="unadjusted",
        status="planned",
    ),
    EndpointsSpec("endpoints", "Events and censoring", "SAF", ("final",), ("TTDE",), status="planned"),
    ToxicitySpec(
        "ae",
        "Adverse events",
        "SAF",
        ("final",),
        (
            GradeWindow("emergent", "Treatment-emergent", "", "every", "everyone", EMERGENT),
            GradeWindow("every", "Every event", "", "every", "everyone"),
            GradeWindow("by-dates", "From first dose", "treatment", "onset", "everyone"),
            GradeWindow("related", "Related", "", "every", "everyone", {**EMERGENT, "AEREL": ("POSSIBLE", "PROBABLE")}),
            GradeWindow("serious", "Serious", "", "every", "everyone", {**EMERGENT, "AESER": ("Y",)}),
        ),
        conf_level=0.95,
        interval="clopper-pearson",
        difference="",
        estimand="",
        baseline_adjusted=False,
        scale="mild 1, moderate 2, severe 3",
        status="planned",
        records=True,
    ),
)

PLAN = Plan(
    design=DESIGN,
    sessions=(Session("final", "FINAL", "named", datetime.date(2016, 12, 31), interim=False, numbered=False),),
    reports=(),
    specs=SPECS,
    tables=(
        Characteristics(
            name="baseline",
            title="Characteristics",
            sessions=("final",),
            analysis="baseline",
            total=True,
            p_style="p_value4",
        ),
        Characteristics(
            name="baseline-by-sex",
            title="Characteristics by sex",
            sessions=("final",),
            analysis="baseline",
            total=False,
            subgroups="columns",
        ),
    ),
    figures=(
        KaplanMeier(
            name="derm",
            title="Time to the first dermatologic event.",
            analysis="derm",
            sessions=("final",),
            width="column",
            x_label="Months since first dose",
        ),
        ScaledResiduals(
            name="derm-hazards",
            title="Log hazard ratio of a dermatologic event over time.",
            analysis="derm-hr",
            sessions=("final",),
            width="column",
        ),
    ),
    rounding="half-away",
    snapshot="event-date",
    interim_efficacy_by_arm=False,
    seed=1,
)
