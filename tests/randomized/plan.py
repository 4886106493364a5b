"""The statistical analysis plan of the randomised example: nothing of it is in the package.

Time zero is randomisation. Efficacy is by intention to treat, arms as randomised; safety is of those treated, arms by
what was given. Randomisation was stratified, so the log-rank test and the hazard ratio are too.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

from npcstats.analyses.baseline.displays import Characteristics
from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic
from npcstats.analyses.biomarker.displays import MarkerCourses, MarkersByVisit
from npcstats.analyses.biomarker.spec import BiomarkerSpec, Marker
from npcstats.analyses.conduct.displays import Counts
from npcstats.analyses.conduct.spec import DeviationSpec, StatusItem, StatusSpec
from npcstats.analyses.endpoints.displays import EndpointCounts
from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.incidence.displays import CumulativeIncidence, Incidences
from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.analyses.regression.displays import Forest, HazardRatios, ScaledResiduals
from npcstats.analyses.regression.spec import Covariate, RegressionSpec, Subgroup
from npcstats.analyses.response.displays import Responses
from npcstats.analyses.response.spec import BestResponseSpec, ResponseRate
from npcstats.analyses.survival.displays import KaplanMeier, SurvivalTimes
from npcstats.analyses.survival.spec import FollowUpSpec, SurvivalSpec
from npcstats.analyses.toxicity.displays import ToxicityDots, WorstGrades
from npcstats.analyses.toxicity.spec import ToxicitySpec, ToxicityWindow
from npcstats.clinical.delivered import OverallTime
from npcstats.readers import Source
from npcstats.run.plan import Plan, Report, Session
from npcstats.schema import Column, Schema
from npcstats.study import Arm, Design, Endpoint, Period, Population, Visit, Words

ARMS = {"Placebo": "PBO", "EX-1 50 mg": "LOW", "EX-1 100 mg": "HIGH"}
ARM_CODES = {"TRT01P": ARMS, "TRT01A": ARMS}
STRATA = {"REGION": "region", "PRIORTRT": "prior treatment"}
REGIONS = {"ASIA": "Asia", "EUROPE": "Europe", "AMERICAS": "Americas"}
PRIOR = {"NONE": "None", "ANY": "Any"}
SEXES = {"F": "Female", "M": "Male"}
ECOG = {"0": "0", "1": "1", "2": "2"}
VISITS = {"Screening": "SCR", "Cycle 3": "C3", "Cycle 5": "C5", "Cycle 9": "C9"}
CONF_LEVEL = 0.95
LANDMARKS = (6.0, 12.0, 18.0)
TICKS = (0.0, 3.0, 6.0, 9.0, 12.0, 15.0, 18.0, 21.0, 24.0)
EVERY_SESSION = ("closed", "final")

ADSL = Schema(
    "adsl",
    (
        Column("USUBJID", "identifier"),
        Column("ICFDT", "date"),
        Column("ENRLDT", "date"),
        Column("TRT01P", "text"),
        Column("TRT01A", "text", missing=True, known_from="TRTSDT"),
        Column("REGION", "text", levels=tuple(REGIONS)),
        Column("PRIORTRT", "text", levels=tuple(PRIOR)),
        Column("AGE", "number", minimum=18, maximum=120),
        Column("SEX", "text", levels=tuple(SEXES)),
        Column("WEIGHTBL", "number", missing=True, minimum=20, maximum=300),
        Column("ECOGBL", "integer", minimum=0, maximum=5),
        Column("SAFFL", "flag"),
        Column("TRTSDT", "date", missing=True),
        Column("TRTEDT", "date", missing=True),
        Column("EOTSTT", "text", missing=True, levels=("ONGOING", "COMPLETED", "DISCONTINUED")),
        Column(
            "DCTREAS",
            "text",
            missing=True,
            levels=("PROGRESSIVE DISEASE", "ADVERSE EVENT", "DEATH", "LOST TO FOLLOW-UP", "WITHDRAWAL BY SUBJECT"),
        ),
        Column("EOSDT", "date", missing=True),
        Column("EOSSTT", "text", levels=("ONGOING", "COMPLETED", "DISCONTINUED")),
        Column("DCSREAS", "text", missing=True, levels=("DEATH", "LOST TO FOLLOW-UP", "WITHDRAWAL BY SUBJECT")),
        Column("DTHDT", "date", missing=True),
        Column("DTHCAUS", "text", missing=True, levels=("DISEASE", "ADVERSE EVENT", "OTHER"), known_from="DTHDT"),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
    ordered=(("ICFDT", "ENRLDT"), ("ENRLDT", "TRTSDT"), ("TRTSDT", "TRTEDT"), ("TRTEDT", "DTHDT")),
)
ADAE = Schema(
    "adae",
    (
        Column("USUBJID", "identifier"),
        Column("AESEQ", "integer", minimum=1),
        Column("AEBODSYS", "text", coded=True),
        Column("AEDECOD", "text", coded=True),
        Column("AETOXGR", "integer", minimum=1, maximum=5),
        Column("AESER", "flag"),
        Column("AEREL", "text", levels=("RELATED", "NOT RELATED")),
        Column(
            "AEACN",
            "text",
            levels=("DOSE NOT CHANGED", "DOSE REDUCED", "DRUG INTERRUPTED", "DRUG WITHDRAWN", "NOT APPLICABLE"),
        ),
        Column(
            "AEOUT",
            "text",
            levels=(
                "RECOVERED/RESOLVED",
                "RECOVERED/RESOLVED WITH SEQUELAE",
                "NOT RECOVERED/NOT RESOLVED",
                "FATAL",
            ),
        ),
        Column("ASTDT", "date"),
        Column("AENDT", "date", missing=True),
        Column("TRTEMFL", "flag", missing=True),
    ),
    key=("USUBJID", "AESEQ"),
    dated="ASTDT",
    ordered=(("ASTDT", "AENDT"),),
)
ADLB = Schema(
    "adlb",
    (
        Column("USUBJID", "identifier"),
        Column("PARAMCD", "text", coded=True),
        Column("AVISIT", "text"),
        Column("ADT", "date"),
        Column("AVAL", "number", missing=True, minimum=0),
        Column("AVALC", "text"),
        Column("AVALU", "text"),
        Column("LLOQ", "number", missing=True, minimum=0),
    ),
    key=("USUBJID", "PARAMCD", "AVISIT"),
    dated="ADT",
)
ADEX = Schema(
    "adex",
    (
        Column("USUBJID", "identifier"),
        Column("EXTRT", "text"),
        Column("EXSEQ", "integer", minimum=1),
        Column("EXDOSE", "number", minimum=0),
        Column("EXDOSU", "text", levels=("mg",)),
        Column("EXPLANNED", "number", minimum=0),
        Column("EXSTDT", "date"),
        Column("EXENDT", "date", missing=True),
    ),
    key=("USUBJID", "EXSEQ"),
    dated="EXSTDT",
    ordered=(("EXSTDT", "EXENDT"),),
)
ADDV = Schema(
    "addv",
    (
        Column("USUBJID", "identifier"),
        Column("DVDT", "date"),
        Column("DVCAT", "text", levels=("MAJOR", "MINOR")),
        Column("DVTERM", "text", coded=True),
    ),
    dated="DVDT",
)
ADRS = Schema(
    "adrs",
    (
        Column("USUBJID", "identifier"),
        Column("PARAMCD", "text", coded=True),
        Column("ADT", "date", missing=True),
        Column("AVALC", "text", levels=("CR", "PR", "SD", "PD", "NE")),
    ),
    dated="ADT",
    undated="keep",
)
ADTTE = Schema(
    "adtte",
    (
        Column("USUBJID", "identifier"),
        Column("PARAMCD", "text", coded=True),
        Column("AVAL", "number", minimum=0),
        Column("CNSR", "integer", minimum=0),
        Column("EVTYPE", "integer", missing=True, minimum=1, maximum=2),
        Column("STARTDT", "date"),
        Column("ADT", "date"),
        Column("EVNTDESC", "text", coded=True),
    ),
    key=("USUBJID", "PARAMCD"),
    dated="ADT",
    ordered=(("STARTDT", "ADT"),),
)

OS = Endpoint(
    "OS",
    "Overall survival",
    definition="Time from randomisation, which is day 1, to death from any cause; without an event, to the last "
    "contact.",
    origin="ENRLDT",
    param="OS",
    clock="days",
    censor_at=(),
)
PFS = Endpoint(
    "PFS",
    "Progression-free survival",
    definition="Time from randomisation, which is day 1, to progression or death; without an event, to the last "
    "assessment that could be evaluated.",
    origin="ENRLDT",
    param="PFS",
    clock="days",
    censor_at=(),
)
TTP = Endpoint(
    "TTP",
    "Progression",
    definition="Time from randomisation, which is day 1, to progression, with death as a competing event; without "
    "either, to the last assessment that could be evaluated.",
    origin="ENRLDT",
    param="TTP",
    clock="days",
    censor_at=(),
)

DESIGN = Design(
    registry="EX301",
    title="EX-1 at two doses or placebo in advanced solid tumours",
    short_title="EX-1, two doses or placebo",
    allocation="randomized",
    arms=(Arm("PBO", "Placebo"), Arm("LOW", "EX-1 50 mg"), Arm("HIGH", "EX-1 100 mg")),
    arm_rule={},
    visits=(
        Visit("SCR", "Screening", anchor="TRTSDT", day=-1, first=-14, last=0),
        Visit("C3", "Cycle 3", anchor="TRTSDT", day=42, first=28, last=62),
        Visit("C5", "Cycle 5", anchor="TRTSDT", day=84, first=63, last=125),
        Visit("C9", "Cycle 9", anchor="TRTSDT", day=168, first=126, last=210),
    ),
    populations=(
        Population("ITT", "Intention to treat", "All randomised participants.", requires=("ENRLDT",), arms="planned"),
        Population("SAF", "Safety set", "Participants with at least one dose.", requires=("TRTSDT",), arms="actual"),
    ),
    periods=(
        Period(
            "treatment",
            "On treatment",
            start="TRTSDT",
            end="TRTEDT",
            end_day=30,
            longest=400,
        ),
    ),
    endpoints=(OS, PFS, TTP),
    primary="PFS",
    planned_size=180,
    accrual_start=datetime.date(2023, 2, 1),
    accrual_plan=((0.0, 0.0), (18.0, 1.0)),
    treatment_columns={"adsl": ("TRT01P", "TRT01A"), "adex": ("EXTRT", "EXDOSE", "EXPLANNED")},
    delivered=(OverallTime("DURATION", start="TRTSDT", end="TRTEDT"),),
    frames=(ADSL, ADAE, ADLB, ADRS, ADEX, ADDV, ADTTE),
    words=Words(
        dates={"ENRLDT": "randomisation", "TRTSDT": "the first dose", "TRTEDT": "the last dose"},
    ),
    sources={
        "adsl": Source(columns={"RANDDT": "ENRLDT"}, codes=ARM_CODES, extra="ignore"),
        "adae": Source(extra="ignore"),
        "adlb": Source(codes={"AVISIT": VISITS}, extra="ignore"),
        "adex": Source(extra="ignore"),
        "adtte": Source(extra="ignore"),
    },
)

BASELINE = BaselineSpec(
    id="baseline",
    label="Characteristics at randomisation",
    population="ITT",
    sessions=EVERY_SESSION,
    quantile_type=2,
    smd_denominator="",
    status="planned",
    characteristics=(
        Characteristic("AGE", "Age", "Participant", "continuous", show="mean", style="decimal1", unit="years"),
        Characteristic("SEX", "Sex", "Participant", "categorical", levels=SEXES),
        Characteristic("WEIGHTBL", "Weight", "Participant", "continuous", show="median", style="decimal1", unit="kg"),
        Characteristic("ECOGBL", "ECOG performance status", "Participant", "categorical", levels=ECOG),
        Characteristic("REGION", "Region", "Stratification factors", "categorical", levels=REGIONS),
        Characteristic("PRIORTRT", "Prior treatment", "Stratification factors", "categorical", levels=PRIOR),
    ),
)

EXPOSURE = BaselineSpec(
    id="exposure",
    label="Treatment given",
    population="SAF",
    sessions=EVERY_SESSION,
    quantile_type=2,
    smd_denominator="",
    status="planned",
    characteristics=(
        Characteristic("DURATION", "First to last dose", "Treatment", "continuous", style="decimal0", unit="days"),
    ),
)

STATUS = StatusSpec(
    "disposition",
    "Disposition",
    "ITT",
    EVERY_SESSION,
    (
        StatusItem("TREATED", "Treated", "Treatment", "TRTSDT"),
        StatusItem("ENDED", "Completed twelve cycles", "Treatment", "EOTSTT", value="COMPLETED"),
        StatusItem("STOPPED-PD", "Stopped for progression", "Treatment", "DCTREAS", value="PROGRESSIVE DISEASE"),
        StatusItem("STOPPED-AE", "Stopped for an adverse event", "Treatment", "DCTREAS", value="ADVERSE EVENT"),
        StatusItem("LOST", "Lost to follow-up", "Follow-up", "DCSREAS", value="LOST TO FOLLOW-UP"),
        StatusItem("WITHDREW", "Withdrew", "Follow-up", "DCSREAS", value="WITHDRAWAL BY SUBJECT"),
        StatusItem("DIED", "Died", "Follow-up", "DTHDT"),
    ),
    status="planned",
)

COVARIATES = (
    Covariate("AGE", "Age, per 10 years", "continuous", per=10.0),
    Covariate("SEX", "Sex", "categorical", levels=SEXES),
    Covariate("ECOGBL", "ECOG performance status", "categorical", levels=ECOG),
)
SUBGROUPS = (
    Subgroup("REGION", "Region", REGIONS),
    Subgroup("PRIORTRT", "Prior treatment", {"NONE": "No prior treatment", "ANY": "Prior treatment"}),
)
EMERGENT = {"TRTEMFL": ("Y",)}

ADVERSE = ToxicitySpec(
    "ae",
    "Adverse events",
    "SAF",
    EVERY_SESSION,
    (
        ToxicityWindow(
            "emergent", "Treatment-emergent", "", "every", "everyone", EMERGENT, "treatment-emergent events"
        ),
        ToxicityWindow(
            "related",
            "Related",
            "",
            "every",
            "everyone",
            {**EMERGENT, "AEREL": ("RELATED",)},
            "treatment-emergent events related to treatment",
        ),
        ToxicityWindow(
            "serious",
            "Serious",
            "",
            "every",
            "everyone",
            {**EMERGENT, "AESER": ("Y",)},
            "serious treatment-emergent events",
        ),
    ),
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="",
    estimand="",
    baseline_adjusted=False,
    scale="CTCAE version 5.0",
    status="planned",
    shown_from=0.05,
    records=True,
)

OS_CURVE = SurvivalSpec(
    "os",
    "Overall survival",
    "ITT",
    ("final",),
    endpoint="OS",
    conf_level=CONF_LEVEL,
    conf_type="log-log",
    landmarks=LANDMARKS,
    ticks=TICKS,
    minimum_at_risk=5,
    tau=12.0,
    test="log-rank",
    strata=STRATA,
    estimand="unadjusted",
    status="planned",
)
PFS_CURVE = replace(OS_CURVE, id="pfs", label="Progression-free survival", endpoint="PFS")
PFS_TREATED = replace(PFS_CURVE, id="pfs-treated", label="Progression-free survival, as treated", population="SAF")

OS_RATIO = RegressionSpec(
    "os-hr",
    "Overall survival",
    "ITT",
    ("final",),
    endpoint="OS",
    model="cox",
    ties="efron",
    reference="first",
    conf_level=CONF_LEVEL,
    covariates=(),
    strata=STRATA,
    subgroups=(),
    minimum_events=5,
    ph_transform="km",
    course_knots=4,
    estimand="conditional",
    status="planned",
)
PFS_RATIO = replace(OS_RATIO, id="pfs-hr", label="Progression-free survival", endpoint="PFS", subgroups=SUBGROUPS)

SPECS = (
    BASELINE,
    replace(BASELINE, id="baseline-treated", label="Characteristics of those treated", population="SAF"),
    EXPOSURE,
    STATUS,
    DeviationSpec(
        "deviations",
        "Protocol deviations",
        "ITT",
        EVERY_SESSION,
        categories={"MAJOR": "Major", "MINOR": "Minor"},
        status="planned",
    ),
    FollowUpSpec("follow-up", "Follow-up", "ITT", EVERY_SESSION, "OS", CONF_LEVEL, "log-log", status="planned"),
    OS_CURVE,
    replace(OS_CURVE, id="os-plain", label="Overall survival, unstratified", strata={}),
    PFS_CURVE,
    replace(PFS_CURVE, id="pfs-plain", label="Progression-free survival, unstratified", strata={}),
    PFS_TREATED,
    replace(
        PFS_TREATED, id="pfs-treated-plain", label="Progression-free survival, as treated, unstratified", strata={}
    ),
    OS_RATIO,
    PFS_RATIO,
    replace(
        PFS_RATIO,
        id="pfs-hr-treated",
        label="Progression-free survival, as treated",
        population="SAF",
        subgroups=(),
    ),
    replace(
        PFS_RATIO,
        id="pfs-hr-adjusted",
        label="Progression-free survival, adjusted",
        covariates=COVARIATES,
        subgroups=(),
    ),
    IncidenceSpec(
        id="progression",
        label="Progression",
        population="ITT",
        sessions=("final",),
        endpoint="TTP",
        competing_label="Death without progression",
        conf_level=CONF_LEVEL,
        conf_type="log-log",
        landmarks=LANDMARKS,
        ticks=TICKS,
        minimum_at_risk=5,
        gray=True,
        estimand="unadjusted",
        strata=STRATA,
        status="planned",
    ),
    BestResponseSpec(
        id="response",
        label="Best overall response",
        population="ITT",
        sessions=("final",),
        param="BESTRESP",
        definition="Best reading up to progression, without confirmation, as the export has it.",
        classes={
            "CR": "Complete response",
            "PR": "Partial response",
            "SD": "Stable disease",
            "PD": "Progressive disease",
            "NE": "Not evaluable",
        },
        unevaluable=("NE",),
        rates=(ResponseRate("ORR", "Complete or partial response", ("CR", "PR")),),
        denominators=("everyone", "evaluable"),
        conf_level=CONF_LEVEL,
        interval="clopper-pearson",
        difference="",
        estimand="",
        status="planned",
    ),
    EndpointsSpec("endpoints", "Events and censoring", "ITT", ("final",), ("OS", "PFS"), status="planned"),
    ADVERSE,
    replace(
        ADVERSE,
        id="ae-randomised",
        label="Adverse events, arms as randomised",
        population="ITT",
        sessions=("final",),
    ),
    BiomarkerSpec(
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
        difference="",
        estimand="",
        status="planned",
    ),
)

FIGURES = (
    KaplanMeier(
        name="os",
        title="Overall survival.",
        analysis="os",
        sessions=("final",),
        width="full",
        x_label="Months since randomisation",
    ),
    KaplanMeier(
        name="pfs",
        title="Progression-free survival.",
        analysis="pfs",
        sessions=("final",),
        width="full",
        x_label="Months since randomisation",
    ),
    KaplanMeier(
        name="pfs-treated",
        title="Progression-free survival, as treated.",
        analysis="pfs-treated",
        sessions=("final",),
        width="full",
        x_label="Months since randomisation",
    ),
    Forest(
        name="pfs-forest",
        title="Progression-free survival in subgroups.",
        analysis="pfs-hr",
        sessions=("final",),
        width="full",
    ),
    ScaledResiduals(
        name="pfs-hazards",
        title="Log hazard ratio of progression or death over time: scaled Schoenfeld residuals.",
        analysis="pfs-hr",
        sessions=("final",),
        width="full",
    ),
    CumulativeIncidence(
        name="progression",
        title="Progression.",
        analysis="progression",
        sessions=("final",),
        width="full",
        x_label="Months since randomisation",
    ),
    ToxicityDots(
        name="ae",
        title="Treatment-emergent adverse events.",
        analysis="ae",
        sessions=("final",),
        width="full",
        level="grade>=1",
        window="emergent",
        minimum=0.1,
        limit=12,
    ),
    MarkerCourses(
        name="laboratory",
        title="Laboratory values.",
        analysis="laboratory",
        sessions=("final",),
        width="full",
    ),
)

TABLES = (
    Characteristics(
        name="baseline",
        title="Characteristics at randomisation",
        sessions=("final",),
        analysis="baseline",
        total=True,
    ),
    Characteristics(
        name="baseline-treated",
        title="Characteristics of those treated",
        sessions=("final",),
        analysis="baseline-treated",
        total=True,
    ),
    Characteristics(
        name="exposure",
        title="Treatment given",
        sessions=("final",),
        analysis="exposure",
        total=False,
    ),
    Counts(
        name="disposition",
        title="Disposition",
        sessions=("final",),
        analysis="disposition",
        total=True,
    ),
    Counts(
        name="deviations",
        title="Participants with protocol deviations",
        sessions=("final",),
        analysis="deviations",
        total=True,
    ),
    SurvivalTimes(
        name="survival",
        title="Survival, and survival without progression",
        sessions=("final",),
        members=("os", "pfs"),
        total=False,
    ),
    SurvivalTimes(
        name="survival-treated",
        title="Progression-free survival, as treated",
        sessions=("final",),
        members=("pfs-treated",),
        total=False,
    ),
    HazardRatios(
        name="hazards",
        title="Hazard ratios against placebo",
        sessions=("final",),
        members=("os-hr", "pfs-hr", "pfs-hr-treated", "pfs-hr-adjusted"),
    ),
    Incidences(
        name="progression",
        title="Cumulative incidence of progression",
        sessions=("final",),
        members=("progression",),
        total=False,
    ),
    Responses(
        name="response",
        title="Best overall response",
        sessions=("final",),
        analysis="response",
        total=False,
    ),
    EndpointCounts(
        name="endpoints",
        title="Events and censoring",
        sessions=("final",),
        analysis="endpoints",
        total=True,
    ),
    WorstGrades(
        name="ae",
        title="Treatment-emergent adverse events by worst grade",
        sessions=("final",),
        analysis="ae",
        levels=("grade>=1", "grade>=3"),
        windows=("emergent",),
        total=True,
    ),
    MarkersByVisit(
        name="laboratory",
        title="Laboratory values",
        sessions=("final",),
        analysis="laboratory",
        total=False,
    ),
)

PLAN = Plan(
    design=DESIGN,
    sessions=(
        Session("closed", "CLOSED", "masked", datetime.date(2025, 3, 31), interim=True, numbered=False),
        Session("final", "FINAL", "named", datetime.date(2025, 3, 31), interim=False, numbered=False),
    ),
    reports=(Report("report", "final", ("pdf",)),),
    specs=SPECS,
    tables=TABLES,
    figures=FIGURES,
    rounding="half-away",
    snapshot="event-date",
    interim_efficacy_by_arm=False,
    seed=1,
)
