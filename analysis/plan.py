"""The statistical analysis plan of NCT07232680, as values."""

from __future__ import annotations

import datetime
from dataclasses import replace

from npcstats.analyses.accrual.spec import AccrualSpec
from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic
from npcstats.analyses.biomarker.spec import BiomarkerSpec, Marker
from npcstats.analyses.conduct.spec import CompletenessSpec, DeviationSpec, ScreeningSpec, StatusItem, StatusSpec
from npcstats.analyses.courses.spec import CourseSpec
from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.analyses.listing.spec import ListingSpec
from npcstats.analyses.regression.spec import Covariate, RegressionSpec, Subgroup
from npcstats.analyses.response.spec import ResponseRate, ResponseSpec
from npcstats.analyses.survival.spec import FollowUpSpec, SurvivalSpec
from npcstats.analyses.thresholds.spec import ThresholdSpec, Watch
from npcstats.analyses.timetoevent.groups import ByCharacteristic, ByDetection, Landmark
from npcstats.analyses.toxicity.spec import ToxicitySpec, ToxicityWindow
from npcstats.clinical.ctcae import ctcae_classes, ctcae_terms
from npcstats.clinical.delivered import CumulativeDose, OverallTime
from npcstats.clinical.oncology import (
    CHEMORADIOTHERAPY_PHASES,
    CHEMORADIOTHERAPY_RELATIONS,
    HEAD_AND_NECK_ASSESSMENTS,
    HEAD_AND_NECK_CARE,
    HEAD_AND_NECK_EVENTS,
)
from npcstats.clinical.regimens import CISPLATIN_UNIT
from npcstats.disclosure import SmallCounts
from npcstats.display.spec import FigureSpec
from npcstats.run.plan import Plan, Report, Session
from npcstats.schema import Column, Schema, with_levels, with_terms
from npcstats.study import FRAMES, Arm, Design, Endpoint, EventRule, Gap, Period, Population, Visit

CONF_LEVEL = 0.95
EVERY_SESSION = ("open", "closed", "final")
PUBLISHED = (*EVERY_SESSION, "public")

ADSL = Schema(
    "adsl",
    (
        Column("USUBJID", "identifier"),
        Column("ICFDT", "date"),
        Column("ENRLDT", "date"),
        Column("TRT01P", "text"),
        Column("TRT01A", "text", missing=True, known_from="RTSTDT"),
        Column("TECHNIQUE", "text", missing=True, levels=("IMPT", "VMAT", "IMRT", "TOMO"), known_from="RTSTDT"),
        Column("AGE", "number", minimum=0, maximum=120),
        Column("SEX", "text", levels=("F", "M")),
        Column("ECOGBL", "integer", missing=True, minimum=0, maximum=5),
        Column("T9", "text", levels=("TX", "T0", "Tis", "T1", "T2", "T3", "T4")),
        Column("N9", "text", levels=("NX", "N0", "N1", "N2", "N3")),
        Column("M9", "text", levels=("M0", "M1", "M1a", "M1b")),
        Column("STAGE9", "text", levels=("0", "IA", "IB", "II", "III", "IV", "IVA", "IVB")),
        Column("TNMVER", "integer", minimum=7, maximum=9),
        Column("WHOHIST", "text", missing=True, levels=("K-SCC", "NK-diff", "NK-undiff", "basaloid")),
        Column("CCI", "integer", missing=True, minimum=0, maximum=37),
        Column("SMOKE", "flag", missing=True),
        Column("BETEL", "flag", missing=True),
        Column("SES", "number", missing=True),
        Column("EBVBL", "number", missing=True, minimum=0),
        Column("GTVPVOL", "number", missing=True, minimum=0),
        Column("INDREG", "text", missing=True, levels=("I_GP", "I_TPF", "I_TP")),
        Column("CONREG", "text", missing=True, levels=("C_QW", "C_Q3W", "C_Q2W", "C_CARB")),
        Column("RXDOSE", "number", missing=True, minimum=0),
        Column("RXDOSU", "text", missing=True, levels=("Gy", "Gy(RBE)")),
        Column("FXPLAN", "integer", missing=True, minimum=0, maximum=60),
        Column("FXDELIV", "integer", missing=True, minimum=0, maximum=60, known_from="RTENDT"),
        Column("TRTSDT", "date", missing=True),
        Column("RTSTDT", "date", missing=True),
        Column("RTENDT", "date", missing=True),
        Column("DTHDT", "date", missing=True),
        Column(
            "DTHCAUS", "text", missing=True, levels=("DISEASE", "TREATMENT", "OTHER", "UNKNOWN"), known_from="DTHDT"
        ),
        Column("EOSDT", "date", missing=True),
        Column("EOSSTT", "text", missing=True, levels=("LOST", "WITHDRAWN"), known_from="EOSDT"),
        Column("ENTRYDT", "date", missing=True),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
    ordered=(("TRTSDT", "RTSTDT"), ("RTSTDT", "RTENDT"), ("TRTSDT", "DTHDT"), ("RTENDT", "DTHDT")),
)

ADASSESS = with_levels(FRAMES["adassess"], {"KIND": HEAD_AND_NECK_ASSESSMENTS})
ADEX = with_levels(FRAMES["adex"], {"EXPHASE": CHEMORADIOTHERAPY_PHASES})
ADCARE = with_levels(FRAMES["adcare"], {"KIND": HEAD_AND_NECK_CARE})
CTCAE = "5.0"
ADAE = with_terms(
    with_levels(FRAMES["adae"], {"AEREL": tuple(CHEMORADIOTHERAPY_RELATIONS)}),
    {"AEDECOD": tuple(ctcae_terms(version=CTCAE)), "AEBODSYS": ctcae_classes(version=CTCAE)},
)
# whatever else is typed there is counted, and not printed
ADDV = with_terms(
    FRAMES["addv"],
    {
        "DVTERM": (
            "Chemotherapy dose not as planned",
            "Treatment given not as planned",
            "Enrolled although a laboratory criterion was not met",
            "Prohibited concomitant medication",
            "Imaging not performed",
            "Sample not collected",
            "Superseded consent form used",
            "Visit outside its window",
        )
    },
)

BY_DISEASE = ("LOCOREGIONAL", "SYSTEMIC")
PFS = Endpoint(
    "PFS",
    "Progression-free survival",
    "Time from the start of radiotherapy to local, regional or distant progression or death; without an event, to the "
    "last adequate disease assessment, or to the start of a new anticancer therapy.",
    origin="RTSTDT",
    events=("LOCAL", "REGIONAL", "DISTANT", "DEATH"),
    censored_by=("NEW-THERAPY",),
    censor_at=BY_DISEASE,
    simultaneous_days=30,
)
LRC = Endpoint(
    "LRC",
    "Locoregional recurrence",
    "Time from the start of radiotherapy to local or regional recurrence, with death as a competing event; without "
    "either, to the last locoregional assessment.",
    origin="RTSTDT",
    events=("LOCAL", "REGIONAL"),
    competing=("DEATH",),
    censor_at=("LOCOREGIONAL",),
    simultaneous_days=30,
)
ENDPOINTS = (
    Endpoint(
        "OS",
        "Overall survival",
        "Time from the start of radiotherapy to death from any cause; without an event, to the date last known alive.",
        origin="RTSTDT",
        events=("DEATH",),
        censor_at=("VITAL",),
    ),
    PFS,
    Endpoint(
        "FFS",
        "Failure-free survival",
        "Time from the start of radiotherapy to residual disease proven by biopsy 16 to 24 weeks after radiotherapy, "
        "to local, regional or distant progression or to death; without an event, to the last adequate disease "
        "assessment, or to the start of a new anticancer therapy.",
        origin="RTSTDT",
        events=("LOCAL", "REGIONAL", "DISTANT", "RESIDUAL", "DEATH"),
        censored_by=("NEW-THERAPY",),
        censor_at=BY_DISEASE,
        rules=(EventRule("RESIDUAL", confirmed_by=("BIOPSY",), anchor="RTENDT", first=112, last=168),),
        simultaneous_days=30,
    ),
    Endpoint(
        "LRRFS",
        "Locoregional recurrence-free survival",
        "Time from the start of radiotherapy to local or regional recurrence or death; a distant metastasis alone does "
        "not end it; without an event, to the last locoregional assessment.",
        origin="RTSTDT",
        events=("LOCAL", "REGIONAL", "DEATH"),
        censor_at=("LOCOREGIONAL",),
        simultaneous_days=30,
    ),
    Endpoint(
        "LRFS",
        "Local recurrence-free survival",
        "Time from the start of radiotherapy to recurrence at the primary site or death; without an event, to the last "
        "locoregional assessment.",
        origin="RTSTDT",
        events=("LOCAL", "DEATH"),
        censor_at=("LOCOREGIONAL",),
    ),
    Endpoint(
        "RRFS",
        "Regional recurrence-free survival",
        "Time from the start of radiotherapy to recurrence in the neck or death; without an event, to the last "
        "locoregional assessment.",
        origin="RTSTDT",
        events=("REGIONAL", "DEATH"),
        censor_at=("LOCOREGIONAL",),
    ),
    Endpoint(
        "DMFS",
        "Distant metastasis-free survival",
        "Time from the start of radiotherapy to distant metastasis or death; without an event, to the last assessment "
        "of the whole body.",
        origin="RTSTDT",
        events=("DISTANT", "DEATH"),
        censor_at=("SYSTEMIC",),
    ),
    LRC,
    Endpoint(
        "DM",
        "Distant metastasis",
        "Time from the start of radiotherapy to distant metastasis, with death as a competing event; without either, "
        "to the last assessment of the whole body.",
        origin="RTSTDT",
        events=("DISTANT",),
        competing=("DEATH",),
        censor_at=("SYSTEMIC",),
    ),
    Endpoint(
        "CSS",
        "Death from the disease",
        "Time from the start of radiotherapy to death from nasopharyngeal carcinoma, with death from any other or an "
        "unknown cause as a competing event; without either, to the date last known alive.",
        origin="RTSTDT",
        events=("DEATH:DISEASE",),
        competing=("DEATH:TREATMENT", "DEATH:OTHER", "DEATH:UNKNOWN"),
        censor_at=("VITAL",),
    ),
    replace(
        PFS,
        code="PFS-THERAPY-EVENT",
        label="Progression-free survival, new therapy an event",
        definition="Time from the start of radiotherapy to local, regional or distant progression, to the start of a "
        "new anticancer therapy or to death; without an event, to the last adequate disease assessment.",
        events=(*PFS.events, "NEW-THERAPY"),
        censored_by=(),
        variant_of="PFS",
    ),
    replace(
        PFS,
        code="PFS-THERAPY-IGNORED",
        label="Progression-free survival, new therapy ignored",
        definition="Time from the start of radiotherapy to local, regional or distant progression or death, whatever "
        "therapy was given before; without an event, to the last adequate disease assessment.",
        censored_by=(),
        variant_of="PFS",
    ),
    replace(
        PFS,
        code="PFS-MISSED",
        label="Progression-free survival, censored before missed assessments",
        definition="Time from the start of radiotherapy to local, regional or distant progression or death; an event "
        "after two or more missed assessments does not count, and follow-up ends at the last adequate assessment "
        "before them; without an event, to the last adequate disease assessment, or to the start of a new anticancer "
        "therapy.",
        gap=Gap(
            anchor="RTENDT",
            windows=(
                (60, 135), (136, 227), (228, 318), (319, 410), (411, 501), (502, 592), (593, 683), (684, 800),
                (801, 955), (956, 1105), (1106, 1255), (1256, 1405), (1406, 1555), (1556, 1728), (1729, 1916),
            ),
            missed=2,
        ),
        variant_of="PFS",
    ),
    replace(
        LRC,
        code="LRC-DISTANT",
        label="Locoregional recurrence, distant metastasis competing",
        definition="Time from the start of radiotherapy to local or regional recurrence, with distant metastasis and "
        "death as competing events; a recurrence within 30 days after a distant metastasis counts; without either, to "
        "the last locoregional assessment.",
        competing=("DISTANT", "DEATH"),
        variant_of="LRC",
    ),
)  # fmt: skip

DESIGN = Design(
    registry="NCT07232680",
    title="Proton or photon chemoradiotherapy for nasopharyngeal carcinoma",
    short_title="Nasopharyngeal carcinoma, proton or photon chemoradiotherapy",
    allocation="non-randomized",
    arms=(Arm("PROTON", "Proton"), Arm("PHOTON", "Photon")),
    arm_rule={"MIXED": "PROTON"},
    visits=(
        Visit("PRE", "Pre-treatment", anchor="TRTSDT", day=0, first=-28, last=0),
        Visit("BL", "Baseline (pre-RT)", anchor="RTSTDT", day=0, first=-28, last=0),
        Visit("MID", "Mid-RT", anchor="RTSTDT", day=21, first=14, last=30),
        Visit("EORT", "End of RT", anchor="RTENDT", day=0, first=-7, last=7),
        Visit("W8", "8 weeks", anchor="RTENDT", day=49, first=8, last=59),
        Visit("M3", "3 months", anchor="RTENDT", day=90, first=60, last=135),
        Visit("M6", "6 months", anchor="RTENDT", day=182, first=136, last=270),
        Visit("M12", "12 months", anchor="RTENDT", day=365, first=271, last=545),
        Visit("M24", "24 months", anchor="RTENDT", day=730, first=546, last=910),
    ),
    populations=(
        Population("ENRL", "Enrolled", "All enrolled participants.", requires=("ENRLDT",), arms="actual"),
        Population(
            "SAF",
            "Safety set",
            "Participants with at least one fraction of radiotherapy or one dose of chemotherapy.",
            requires=("TRTSDT",),
            arms="actual",
        ),
        Population(
            "RTEND",
            "Radiotherapy completed",
            "Participants who have completed radiotherapy.",
            requires=("RTENDT",),
            arms="actual",
        ),
        Population(
            "RT",
            "Radiotherapy set",
            "Participants who have started radiotherapy.",
            requires=("RTSTDT",),
            arms="actual",
        ),
        Population(
            "SAFONE",
            "Safety set, one modality",
            "Participants with at least one fraction of radiotherapy or one dose of chemotherapy, without those whose "
            "radiotherapy was of both modalities.",
            requires=("TRTSDT",),
            arms="actual",
            without={"TRT01A": ("MIXED",)},
        ),
        Population(
            "RTONE",
            "Radiotherapy set, one modality",
            "Participants who have started radiotherapy, without those whose radiotherapy was of both modalities.",
            requires=("RTSTDT",),
            arms="actual",
            without={"TRT01A": ("MIXED",)},
        ),
    ),
    periods=(
        Period(
            "induction",
            "Induction",
            "Induction: first study treatment to the day before radiotherapy; where no radiotherapy has started, at "
            "most to day 126.",
            start="TRTSDT",
            end="RTSTDT",
            end_day=-1,
            longest=126,
        ),
        Period(
            "acute",
            "Acute",
            "Acute: start of radiotherapy to 90 days after its end; an end that is not recorded is taken to be at most "
            "84 days after the start.",
            start="RTSTDT",
            end="RTENDT",
            end_day=90,
            longest=84,
        ),
        Period(
            "late",
            "Late",
            "Late: from 91 days after the end of radiotherapy.",
            start="RTENDT",
            start_day=91,
        ),
    ),
    endpoints=ENDPOINTS,
    planned_size=500,
    accrual_start=datetime.date(2025, 11, 20),
    accrual_plan=((0.0, 0.0), (6.0, 0.108), (36.0, 1.0)),
    treatment_columns={
        "adsl": ("TRT01P", "TRT01A", "TECHNIQUE", "RXDOSU"),
        "adex": ("EXDOSU",),
    },
    frames=(ADSL, *{**FRAMES, **{frame.name: frame for frame in (ADAE, ADASSESS, ADEX, ADCARE, ADDV)}}.values()),
    events=HEAD_AND_NECK_EVENTS,
    delivered=(
        OverallTime("OTT", start="RTSTDT", end="RTENDT"),
        CumulativeDose("CCD_CONC", ("CISPLATIN",), phases=("CONCURRENT",), unit=CISPLATIN_UNIT, known_from="RTENDT"),
        CumulativeDose("CCD_IND", ("CISPLATIN",), phases=("INDUCTION",), unit=CISPLATIN_UNIT, known_from="RTENDT"),
    ),
)

YES_NO = {"Y": "Yes", "N": "No"}

BASELINE = BaselineSpec(
    id="baseline",
    label="Characteristics at enrolment",
    population="ENRL",
    sessions=EVERY_SESSION,
    quantile_type=2,
    smd_denominator="average",
    status="planned",
    characteristics=(
        Characteristic("AGE", "Age", "Participant", "continuous", show="mean", style="decimal1", unit="years"),
        Characteristic("SEX", "Sex", "Participant", "categorical", levels={"F": "Female", "M": "Male"}),
        Characteristic("ECOGBL", "ECOG performance status", "Participant", "categorical", levels={"0": "0", "1": "1"}),
        Characteristic("CCI", "Charlson comorbidity index", "Participant", "continuous", show="mean", style="decimal2"),
        Characteristic("SMOKE", "Ever smoked", "Participant", "categorical", levels=YES_NO),
        Characteristic("SES", "Socio-economic score", "Participant", "continuous", show="mean", style="decimal2"),
        Characteristic(
            "T9",
            "T category",
            "Disease (AJCC version 9)",
            "categorical",
            levels={t: t for t in ("T1", "T2", "T3", "T4")},
        ),
        Characteristic(
            "N9",
            "N category",
            "Disease (AJCC version 9)",
            "categorical",
            levels={n: n for n in ("N0", "N1", "N2", "N3")},
        ),
        Characteristic(
            "STAGE9",
            "Stage",
            "Disease (AJCC version 9)",
            "categorical",
            levels={s: s for s in ("IA", "IB", "II", "III")},
        ),
        Characteristic(
            "WHOHIST",
            "Histology",
            "Disease (AJCC version 9)",
            "categorical",
            levels={
                "NK-undiff": "Non-keratinizing, undifferentiated",
                "NK-diff": "Non-keratinizing, differentiated",
                "K-SCC": "Keratinizing",
                "basaloid": "Basaloid",
            },
        ),
        Characteristic(
            "EBVBL",
            "Plasma EBV DNA (0: not detected)",
            "Disease (AJCC version 9)",
            "continuous",
            show="median",
            style="decimal0",
            unit="copies/mL",
            log_floor=30.0,
        ),
        Characteristic(
            "GTVPVOL",
            "Primary tumour volume",
            "Disease (AJCC version 9)",
            "continuous",
            show="median",
            style="decimal1",
            unit="mL",
            log_floor=0.1,
        ),
        Characteristic(
            "INDREG",
            "Induction regimen",
            "Planned chemotherapy",
            "categorical",
            blank="NONE",
            levels={
                "NONE": "Not planned",
                "I_GP": "Gemcitabine, cisplatin",
                "I_TPF": "Docetaxel, cisplatin, fluorouracil",
                "I_TP": "Docetaxel, cisplatin",
            },
        ),
        Characteristic(
            "CONREG",
            "Concurrent regimen",
            "Planned chemotherapy",
            "categorical",
            blank="NONE",
            levels={
                "NONE": "Not planned",
                "C_QW": "Cisplatin weekly",
                "C_Q3W": "Cisplatin every 3 weeks",
                "C_Q2W": "Cisplatin every 2 weeks",
                "C_CARB": "Carboplatin",
            },
        ),
    ),
)

# sizes of analysis sets are published, so all tables that are have the same one
PUBLIC_BASELINE = replace(
    BASELINE,
    id="baseline-treated",
    label="Characteristics of participants treated",
    population="RT",
    sessions=("public",),
)

EXPOSURE = BaselineSpec(
    id="exposure",
    label="Treatment delivered",
    population="RTEND",
    sessions=EVERY_SESSION,
    quantile_type=2,
    smd_denominator="average",
    status="planned",
    characteristics=(
        Characteristic("FXDELIV", "Fractions delivered", "Radiotherapy", "continuous", style="decimal0"),
        Characteristic("OTT", "Overall treatment time", "Radiotherapy", "continuous", style="decimal0", unit="days"),
        Characteristic(
            "CCD_CONC",
            "Concurrent cisplatin",
            "Chemotherapy",
            "continuous",
            style="decimal0",
            unit="mg/m²",
        ),
        Characteristic("CCD_IND", "Induction cisplatin", "Chemotherapy", "continuous", style="decimal0", unit="mg/m²"),
    ),
)

TOXICITY = {
    "conf_level": CONF_LEVEL,
    "interval": "clopper-pearson",
    "difference": "newcombe",
    "baseline_adjusted": True,
    "scale": "CTCAE version 5.0",
    "status": "planned",
}

CURVE = {
    "population": "RT",
    "sessions": ("final",),
    "conf_level": CONF_LEVEL,
    "conf_type": "log-log",
    "landmarks": (12.0, 24.0, 36.0),
    "ticks": (0.0, 6.0, 12.0, 18.0, 24.0, 30.0, 36.0, 42.0, 48.0, 54.0, 60.0),
    "minimum_at_risk": 10,
    "tau": 36.0,
    "status": "planned",
}

PUBLIC_CURVE = {**CURVE, "sessions": ("final", "public")}

INCIDENCE = {
    "population": "RT",
    "sessions": ("final",),
    "conf_level": CONF_LEVEL,
    "conf_type": "log-log",
    "landmarks": CURVE["landmarks"],
    "ticks": CURVE["ticks"],
    "minimum_at_risk": 10,
    "gray": True,
    "status": "planned",
}

# few events allow few coefficients
CONFOUNDERS = (
    Covariate("AGE", "Age, per 10 years", "continuous", per=10.0),
    Covariate("ECOGBL", "ECOG performance status", "categorical", levels={"0": "0", "1": "1"}),
    Covariate("SES", "Socio-economic score, per point", "continuous"),
    Covariate("EBVBL", "Plasma EBV DNA, per doubling", "log2", floor=30.0),
)
ALL_CONFOUNDERS = (
    *CONFOUNDERS,
    Covariate("SEX", "Sex", "categorical", levels={"F": "Female", "M": "Male"}),
    Covariate("CCI", "Charlson comorbidity index, per point", "continuous"),
    Covariate("T9", "T category", "categorical", levels={t: t for t in ("T1", "T2", "T3", "T4")}),
    Covariate("N9", "N category", "categorical", levels={n: n for n in ("N0", "N1", "N2", "N3")}),
)

REGRESSION = {
    "population": "RT",
    "sessions": ("final",),
    "ties": "efron",
    "reference": "last",
    "conf_level": CONF_LEVEL,
    "strata": {},
    "minimum_events": 5,
    "ph_transform": "km",
    "course_knots": 4,
    "status": "planned",
}

SUBGROUPS = (
    Subgroup("SEX", "Sex", {"F": "Female", "M": "Male"}),
    Subgroup("ECOGBL", "ECOG performance status", {"0": "ECOG 0", "1": "ECOG 1"}),
    Subgroup("STAGE9", "Stage", {"IA": "Stage IA", "IB": "Stage IB", "II": "Stage II", "III": "Stage III"}),
    Subgroup("SMOKE", "Ever smoked", {"N": "Never smoked", "Y": "Ever smoked"}),
)

POOLED_WATCHES = (
    Watch(
        "toxic-death",
        "Death attributed to treatment",
        {"analysis": "status", "variable": "DTHTOX", "arm": "all", "stat": "estimate"},
        "above",
        0.03,
    ),
    Watch(
        "data-lag",
        "Case report forms received",
        {"analysis": "completeness", "variable": "CRF", "arm": "all", "measure": "proportion", "stat": "estimate"},
        "below",
        0.95,
    ),
)

ACUTE_DIFFERENCE = Watch(
    "acute-difference",
    "Largest difference between arms in acute adverse events of grade 3 or higher",
    {"analysis": "ae-acute", "measure": "risk_difference", "level": "grade>=3", "stat": "estimate"},
    "above",
    0.10,
    magnitude=True,
    without={"variable": "all"},
    minimum_total=20,
)

SPECS = (
    AccrualSpec("accrual", "Accrual", "ENRL", PUBLISHED, recent_months=6.0, status="planned"),
    ScreeningSpec(
        "screening",
        "Screening",
        "ENRL",
        EVERY_SESSION,
        # In the order in which a site works through them. Those who did not consent (INC01) are not in the export.
        criteria={
            "INC03": "Age",
            "INC02": "Histology",
            "EXC04": "Earlier head and neck radiotherapy",
            "EXC03": "Other invasive cancer",
            "EXC01": "Distant metastasis",
            "EXC02": "T1 N0, radiotherapy alone",
            "INC05": "Chemoradiotherapy not planned, other stages",
            "INC04": "ECOG performance status",
            "EXC05": "Severe organ dysfunction",
            "EXC06": "Pregnancy or contraception",
            "INC06a": "Haemoglobin",
            "INC06b": "Neutrophils",
            "INC06c": "Platelets",
            "INC06d": "Bilirubin",
            "INC06e": "Albumin",
            "INC06f": "Creatinine",
        },
        status="planned",
    ),
    StatusSpec(
        "status",
        "Participant status",
        "ENRL",
        EVERY_SESSION,
        items=(
            StatusItem("TREATED", "Started study treatment", "Treatment", "TRTSDT"),
            StatusItem("RTSTART", "Started radiotherapy", "Treatment", "RTSTDT"),
            StatusItem("RTEND", "Completed radiotherapy", "Treatment", "RTENDT"),
            StatusItem("LOST", "Lost to follow-up", "Follow-up", "EOSSTT", value="LOST"),
            StatusItem("WITHDRAWN", "Withdrew consent", "Follow-up", "EOSSTT", value="WITHDRAWN"),
            StatusItem("DIED", "Died", "Deaths", "DTHDT"),
            StatusItem("DIED90", "Died within 90 days of the end of RT", "Deaths", "DTHDT", anchor="RTENDT", within=90),
            StatusItem("DTHTOX", "Cause: treatment", "Deaths", "DTHCAUS", value="TREATMENT"),
            StatusItem("DTHDIS", "Cause: disease", "Deaths", "DTHCAUS", value="DISEASE"),
            StatusItem("DTHOTH", "Cause: other", "Deaths", "DTHCAUS", value="OTHER"),
            StatusItem("DTHUNK", "Cause: not known", "Deaths", "DTHCAUS", value="UNKNOWN", blank_from="DTHDT"),
        ),
        status="planned",
    ),
    DeviationSpec(
        "deviations",
        "Protocol deviations",
        "ENRL",
        EVERY_SESSION,
        categories={"MAJOR": "Major", "MINOR": "Minor"},
        status="planned",
    ),
    CompletenessSpec(
        "completeness",
        "Data completeness",
        "ENRL",
        EVERY_SESSION,
        kinds={"CRF": "Case report forms", "BLOOD": "Blood samples", "IMAGE": "Images"},
        quantile_type=2,
        status="planned",
    ),
    FollowUpSpec("follow-up", "Follow-up", "RT", PUBLISHED, "OS", CONF_LEVEL, "log-log", status="planned"),
    BASELINE,
    PUBLIC_BASELINE,
    EXPOSURE,
    ToxicitySpec(
        id="ae-acute",
        label="Acute adverse events",
        windows=(ToxicityWindow("acute", "Acute", period="acute", counting="onset", evaluable="window-complete"),),
        shown_from=0.05,
        population="SAF",
        sessions=PUBLISHED,
        **TOXICITY,
    ),
    ToxicitySpec(
        id="ae-acute-one",
        label="Acute adverse events, one modality",
        windows=(ToxicityWindow("acute", "Acute", period="acute", counting="onset", evaluable="window-complete"),),
        shown_from=0.05,
        population="SAFONE",
        sessions=("final",),
        **TOXICITY,
    ),
    ToxicitySpec(
        id="ae-late",
        label="Late adverse events",
        shown_from=0.02,
        windows=(
            ToxicityWindow(
                "late-incident", "Late, new", period="late", counting="onset", evaluable="assessed-in-window"
            ),
            ToxicityWindow(
                "late-prevalent",
                "Late, new or persisting",
                period="late",
                counting="onset-or-persistence",
                evaluable="assessed-in-window",
            ),
        ),
        population="SAF",
        sessions=EVERY_SESSION,
        **TOXICITY,
    ),
    BiomarkerSpec(
        id="biomarkers",
        label="Blood biomarkers",
        population="RT",
        sessions=("final", "public"),
        markers=(
            Marker("ALC", "Lymphocytes", "Blood counts", "10^9/L", "log", "decimal2"),
            Marker("WBC", "White blood cells", "Blood counts", "10^9/L", "log", "decimal2"),
            Marker("EBV", "EBV DNA detectable", "Virus", "copies/mL", "detectable", "percent1"),
            Marker("CRP", "C-reactive protein", "Inflammation", "mg/L", "log", "decimal1"),
        ),
        visits=("BL", "MID", "EORT", "M3", "M6", "M12", "M24"),
        below_limit="half-limit",
        conf_level=CONF_LEVEL,
        proportion="clopper-pearson",
        difference="welch",
        status="planned",
    ),
    SurvivalSpec(id="os", label="Overall survival", endpoint="OS", test="log-rank", **PUBLIC_CURVE),
    SurvivalSpec(id="pfs", label="Progression-free survival", endpoint="PFS", test="log-rank", **PUBLIC_CURVE),
    SurvivalSpec(
        id="lrrfs",
        label="Locoregional recurrence-free survival",
        endpoint="LRRFS",
        test="log-rank",
        **CURVE,
    ),
    SurvivalSpec(id="dmfs", label="Distant metastasis-free survival", endpoint="DMFS", test="log-rank", **CURVE),
    SurvivalSpec(
        id="pfs-stage",
        label="Progression-free survival by stage",
        endpoint="PFS",
        test="trend",
        grouping=ByCharacteristic("STAGE9", {"IA": "Stage IA", "IB": "Stage IB", "II": "Stage II", "III": "Stage III"}),
        **CURVE,
    ),
    SurvivalSpec(
        id="pfs-ebv",
        label="Progression-free survival by EBV DNA after radiotherapy",
        endpoint="PFS",
        test="log-rank",
        grouping=ByDetection(
            "EBV",
            "W8",
            detected="EBV DNA detected",
            not_detected="Not detected",
            definition="EBV DNA: the reading nearest to day 49 after radiotherapy, of days 8 to 59; below the limit of "
            "quantification it is detected.",
        ),
        landmark=Landmark(
            "RTENDT",
            60,
            "Here time is counted from day 60 after the end of radiotherapy instead, for participants followed until "
            "then without an event.",
        ),
        **CURVE,
    ),
    IncidenceSpec(
        id="lrc",
        label="Locoregional recurrence",
        endpoint="LRC",
        competing_label="Death without locoregional recurrence",
        **INCIDENCE,
    ),
    IncidenceSpec(
        id="dm",
        label="Distant metastasis",
        endpoint="DM",
        competing_label="Death without distant metastasis",
        **INCIDENCE,
    ),
    SurvivalSpec(
        id="pfs-therapy-event", label="New therapy an event", endpoint="PFS-THERAPY-EVENT", test="none", **CURVE
    ),
    SurvivalSpec(
        id="pfs-therapy-ignored", label="New therapy ignored", endpoint="PFS-THERAPY-IGNORED", test="none", **CURVE
    ),
    SurvivalSpec(
        id="pfs-missed", label="Censored before missed assessments", endpoint="PFS-MISSED", test="none", **CURVE
    ),
    IncidenceSpec(
        id="lrc-distant",
        label="Distant metastasis competing",
        endpoint="LRC-DISTANT",
        competing_label="Distant metastasis, or death, without locoregional recurrence",
        **{**INCIDENCE, "gray": False},
    ),
    *(
        RegressionSpec(
            id=f"{id}-hr",
            label=label,
            endpoint=endpoint,
            model="cox",
            covariates=covariates,
            subgroups=(),
            **REGRESSION,
        )
        for id, label, endpoint, covariates in (
            ("pfs-therapy-event", "New therapy an event", "PFS-THERAPY-EVENT", ALL_CONFOUNDERS),
            ("pfs-therapy-ignored", "New therapy ignored", "PFS-THERAPY-IGNORED", ALL_CONFOUNDERS),
            ("pfs-missed", "Censored before missed assessments", "PFS-MISSED", ALL_CONFOUNDERS),
            ("lrc-distant", "Distant metastasis competing", "LRC-DISTANT", CONFOUNDERS),
        )
    ),
    RegressionSpec(
        id="os-hr",
        label="Overall survival",
        endpoint="OS",
        model="cox",
        covariates=CONFOUNDERS,
        subgroups=(),
        **REGRESSION,
    ),
    RegressionSpec(
        id="pfs-hr",
        label="Progression-free survival",
        endpoint="PFS",
        model="cox",
        covariates=ALL_CONFOUNDERS,
        subgroups=SUBGROUPS,
        **REGRESSION,
    ),
    RegressionSpec(
        id="lrc-hr",
        label="Locoregional recurrence, cause-specific",
        endpoint="LRC",
        model="cox",
        covariates=CONFOUNDERS,
        subgroups=(),
        **REGRESSION,
    ),
    RegressionSpec(
        id="lrc-sub",
        label="Locoregional recurrence, subdistribution",
        endpoint="LRC",
        model="fine-gray",
        covariates=CONFOUNDERS,
        subgroups=(),
        **{**REGRESSION, "ties": "breslow", "ph_transform": "", "course_knots": 0},
    ),
    EndpointsSpec(
        "endpoints",
        "Events and censoring",
        "RT",
        ("final",),
        ("OS", "PFS", "FFS", "LRRFS", "LRFS", "RRFS", "DMFS", "LRC", "DM", "CSS"),
        status="planned",
    ),
    EndpointsSpec(
        "endpoints-sensitivity",
        "Events and censoring, sensitivity analyses",
        "RT",
        ("final",),
        ("PFS-THERAPY-EVENT", "PFS-THERAPY-IGNORED", "PFS-MISSED", "LRC-DISTANT"),
        status="planned",
    ),
    ResponseSpec(
        id="response",
        label="Tumour response",
        population="RTEND",
        sessions=("final",),
        visit=Visit("R12", "12 to 16 weeks after radiotherapy", anchor="RTENDT", day=98, first=84, last=112),
        again=Visit("R24", "24 weeks after radiotherapy", anchor="RTENDT", day=168, first=113, last=210),
        anchor_label="the end of radiotherapy",
        classes={
            "CR": "Complete response (CR)",
            "PR": "Partial response (PR)",
            "SD": "Stable disease",
            "PD": "Progressive disease",
            "ID": "Indeterminate",
            "NE": "Not evaluable",
        },
        order=("CR", "PR", "SD", "ID", "PD", "NE"),
        indeterminate="ID",
        unevaluable=("NE",),
        progressed="PD",
        progression=("LOCAL", "REGIONAL", "DISTANT"),
        stopped_by=("NEW-THERAPY",),
        confirmation=None,
        rates=(
            ResponseRate("CR-RATE", "CR", ("CR",)),
            ResponseRate("OR-RATE", "CR or PR", ("CR", "PR")),
        ),
        denominators=("due", "evaluable"),
        conf_level=CONF_LEVEL,
        interval="clopper-pearson",
        difference="newcombe",
        status="planned",
    ),
    SurvivalSpec(
        id="os-one",
        label="Overall survival, one modality",
        endpoint="OS",
        test="log-rank",
        **{**CURVE, "population": "RTONE"},
    ),
    SurvivalSpec(
        id="pfs-one",
        label="Progression-free survival, one modality",
        endpoint="PFS",
        test="log-rank",
        **{**CURVE, "population": "RTONE"},
    ),
    ThresholdSpec("thresholds", "Thresholds for a look", "ENRL", ("open",), POOLED_WATCHES, status="planned"),
    ThresholdSpec(
        "thresholds-by-arm",
        "Thresholds for a look, by arm",
        "ENRL",
        ("closed",),
        (*POOLED_WATCHES, ACUTE_DIFFERENCE),
        status="planned",
    ),
)

COURSES = {
    "population": "RT",
    "sessions": ("final",),
    "origin": "RTSTDT",
    "origin_label": "the start of radiotherapy",
    "param": "SUMDIAM",
    "progression": ("LOCAL", "REGIONAL", "DISTANT"),
    "stopped_by": ("NEW-THERAPY",),
    "responses": (),
    "status": "planned",
}

FIGURES = (
    FigureSpec(
        "accrual", "accrual", "accrual", EVERY_SESSION, "full", x_label="Months since the first day of planned accrual"
    ),
    FigureSpec(
        "ae-acute",
        "toxicity-dot",
        "ae-acute",
        EVERY_SESSION,
        "full",
        level="grade>=3",
        window="acute",
        minimum=0.02,
        limit=15,
    ),
    FigureSpec("biomarkers", "biomarker", "biomarkers", ("final", "public"), "full"),
    FigureSpec("os", "kaplan-meier", "os", ("final", "public"), "full", x_label="Months since start of radiotherapy"),
    FigureSpec("pfs", "kaplan-meier", "pfs", ("final", "public"), "full", x_label="Months since start of radiotherapy"),
    FigureSpec(
        "pfs-stage", "kaplan-meier", "pfs-stage", ("final",), "full", x_label="Months since start of radiotherapy"
    ),
    FigureSpec("pfs-ebv", "kaplan-meier", "pfs-ebv", ("final",), "full", x_label="Months since the landmark"),
    FigureSpec(
        "lrc", "incidence", "lrc", ("final",), "full", x_label="Months since start of radiotherapy", competing=True
    ),
    FigureSpec(
        "dm", "incidence", "dm", ("final",), "full", x_label="Months since start of radiotherapy", competing=True
    ),
    FigureSpec(
        "dm-stacked", "incidence-stacked", "dm", ("final",), "full", x_label="Months since start of radiotherapy"
    ),
    FigureSpec("pfs-forest", "forest", "pfs-hr", ("final",), "full"),
    FigureSpec(
        "pfs-hazards",
        "proportional-hazards",
        "pfs-hr",
        ("final",),
        "full",
        x_label="Months since start of radiotherapy",
    ),
    FigureSpec("waterfall", "waterfall", "best-change", ("final",), "full"),
    FigureSpec("spider", "spider", "changes", ("final",), "full", x_label="Months since start of radiotherapy"),
    FigureSpec("swimmer", "swimmer", "courses", ("final",), "full", x_label="Months since start of radiotherapy"),
)

PLAN = Plan(
    design=DESIGN,
    sessions=(
        Session("open", "OPEN SESSION · CONFIDENTIAL", "pooled", datetime.date(2027, 6, 30), interim=True),
        Session("closed", "CLOSED SESSION · CONFIDENTIAL", "masked", datetime.date(2027, 6, 30), interim=True),
        Session("final", "FINAL ANALYSIS · CONFIDENTIAL", "named", datetime.date(2031, 6, 30), interim=False),
        Session("public", "FOR PUBLICATION", "named", datetime.date(2031, 6, 30), interim=False, public=SmallCounts(5)),
    ),
    reports=(
        Report("dsmb-closed", "closed", ("pdf",)),
        Report("dsmb-open", "open", ("pdf",)),
        Report("final", "final", ("html", "pdf")),
        Report("manuscript", "public", ("docx",)),
    ),
    specs=SPECS,
    figures=FIGURES,
    rounding="half-away",
    snapshot="event-date",
    interim_efficacy_by_arm=False,
    seed=7232680,
    listings=(
        ListingSpec(
            "serious",
            "Serious adverse events",
            "SAF",
            ("closed",),
            "serious-events",
            origin="TRTSDT",
            origin_label="the first study treatment",
            status="planned",
            words={"AEREL": CHEMORADIOTHERAPY_RELATIONS},
        ),
        ListingSpec(
            "deaths",
            "Deaths",
            "ENRL",
            ("closed",),
            "deaths",
            origin="TRTSDT",
            origin_label="the first study treatment",
            status="planned",
            after="RTENDT",
            after_label="Days after RT",
            progression=("LOCAL", "REGIONAL", "DISTANT"),
        ),
        CourseSpec(
            id="best-change",
            label="Best change of the sum of diameters",
            kind="best-change",
            shown="everyone",
            limit=0,
            **COURSES,
        ),
        CourseSpec(
            id="changes", label="Changes of the sum of diameters", kind="changes", shown="everyone", limit=0, **COURSES
        ),
        CourseSpec(
            id="courses",
            label="Courses of participants",
            kind="courses",
            shown="with-event",
            limit=40,
            **{**COURSES, "param": "", "stopped_by": (), "responses": ("CR", "PR")},
        ),
    ),
)
