"""One trial of eight participants, small enough to be worked out by hand, read from CSV text.

Its arms are ``X`` and ``Y`` and its visits and endpoints have names of their own: nothing in ``src`` may know the
trial of ``analysis/plan``. The records are unsorted; the cut-off is 2025-12-31.

========== ======= ====== ========== ========== ========== ========== ====================================
who        planned actual enrolled   first dose RT start   RT end     what is special
========== ======= ====== ========== ========== ========== ========== ====================================
P05        X       X      2025-01-10 2025-01-20 2025-01-20 2025-03-07 local recurrence after the cut-off
P02        Y       Y      2025-01-15 2025-02-01 2025-02-01 2025-03-20 died 2025-09-01; as old as P03 (tie)
P08        X       X      2026-02-01 2026-02-10 2026-02-10            enrolled after the cut-off
P01        Y       MIXED  2025-02-10 2025-02-20 2025-02-20 2025-04-06 counted in X by rule; SMOKE missing
P07        X              2025-03-01 2025-03-05                       never starts radiotherapy: planned arm
P03        Y       Y      2025-03-15 2025-04-01 2025-04-01 2025-05-17 distant 2025-07-10, local 2025-07-20
P06        X       X      2025-09-10 2025-10-01 2025-11-01 2025-12-17 acute window open at the cut-off
P04        Y       Y      2025-04-01 2025-04-15 2025-04-15 2025-05-31 died 2026-01-15, after the cut-off
========== ======= ====== ========== ========== ========== ========== ====================================

At the cut-off X holds P05, P01, P07, P06 and Y holds P02, P03, P04; the radiotherapy set is without P07.
No adverse event is of grade 4: the empty grade.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from npcstats.analyses.accrual.spec import AccrualSpec
from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic
from npcstats.analyses.biomarker.spec import BiomarkerSpec, Marker
from npcstats.analyses.conduct.spec import CompletenessSpec, DeviationSpec, ScreeningSpec, StatusItem, StatusSpec
from npcstats.analyses.survival.spec import FollowUpSpec, SurvivalSpec
from npcstats.analyses.thresholds.spec import ThresholdSpec, Watch
from npcstats.analyses.toxicity.spec import ToxicitySpec
from npcstats.clinical.delivered import CumulativeDose
from npcstats.clinical.oncology import HEAD_AND_NECK_ASSESSMENTS, HEAD_AND_NECK_CARE, HEAD_AND_NECK_EVENTS
from npcstats.derive import GradeWindow, assign_arms, at_cutoff
from npcstats.results import Results
from npcstats.run.mask import Mask
from npcstats.run.plan import Plan, Report, Session
from npcstats.run.sessions import build_results, prepare_study
from npcstats.schema import Column, Schema, with_levels, with_terms
from npcstats.study import FRAMES, Arm, Design, Endpoint, Period, Population, Study, Visit, Words, read_study

CUTOFF = datetime.date(2025, 12, 31)

# Of the trial of eight; what the contract knows of adsl beyond its core is the trial's own.
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
        Column("DTHCAUS", "text", missing=True, levels=("DISEASE", "TREATMENT", "OTHER"), known_from="DTHDT"),
        Column("EOSDT", "date", missing=True),
        Column("EOSSTT", "text", missing=True, levels=("LOST", "WITHDRAWN"), known_from="EOSDT"),
        Column("ENTRYDT", "date", missing=True),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
    ordered=(("TRTSDT", "RTSTDT"), ("RTSTDT", "RTENDT"), ("TRTSDT", "DTHDT"), ("RTENDT", "DTHDT")),
)

ADAE = with_levels(FRAMES["adae"], {"AEREL": ("NONE", "RT", "CHEMO", "BOTH")})
ADASSESS = with_levels(FRAMES["adassess"], {"KIND": tuple(HEAD_AND_NECK_ASSESSMENTS)})
ADEX = with_levels(FRAMES["adex"], {"EXPHASE": ("INDUCTION", "CONCURRENT", "RT")})
ADCARE = with_levels(FRAMES["adcare"], {"KIND": HEAD_AND_NECK_CARE})
ADDV = with_terms(FRAMES["addv"], {"DVTERM": ("Consent copy", "Late visit", "Wrong dose")})

DESIGN = Design(
    registry="TEST-1",
    title="A trial of eight",
    short_title="Eight",
    allocation="non-randomized",
    arms=(Arm("X", "Ex"), Arm("Y", "Wye")),
    arm_rule={"MIXED": "X"},
    visits=(
        Visit("V0", "Before", anchor="RTSTDT", day=0, first=-28, last=0),
        Visit("V1", "During", anchor="RTSTDT", day=21, first=14, last=30),
        Visit("V2", "Long after", anchor="RTENDT", day=240, first=200, last=300),
    ),
    populations=(
        Population("EVERY", "Enrolled", "Everyone enrolled.", requires=("ENRLDT",), arms="actual"),
        Population("DOSED", "Dosed", "Everyone with a first dose.", requires=("TRTSDT",), arms="actual"),
        Population("BEAM", "Radiotherapy", "Everyone who started radiotherapy.", requires=("RTSTDT",), arms="actual"),
    ),
    periods=(
        Period("early", "Early", "RTSTDT", 0, "RTENDT", 90, 70),
        Period("after", "After", "RTENDT", 91),
    ),
    endpoints=(
        Endpoint("DEAD", "Survival", origin="RTSTDT", events=("DEATH",), censor_at=("VITAL",)),
        Endpoint(
            "WORSE",
            "Without progression",
            origin="RTSTDT",
            events=("LOCAL", "REGIONAL", "DISTANT", "DEATH"),
            censored_by=("NEW-THERAPY",),
            censor_at=("LOCOREGIONAL", "SYSTEMIC"),
            kinds_within_days=0,
        ),
        Endpoint(
            "CONTROL",
            "Local control",
            origin="RTSTDT",
            events=("LOCAL", "REGIONAL"),
            competing=("DEATH",),
            censor_at=("LOCOREGIONAL",),
            kinds_within_days=0,
        ),
    ),
    primary="DEAD",
    planned_size=10,
    accrual_start=datetime.date(2025, 1, 1),
    accrual_plan=((0.0, 0.0), (10.0, 1.0)),
    treatment_columns={"adsl": ("TRT01P", "TRT01A", "TECHNIQUE", "RXDOSU"), "adex": ("EXDOSU",)},
    delivered=(CumulativeDose("CCD_CONC", ("CISPLATIN",), ("CONCURRENT",), unit="mg/m2", known_from="RTENDT"),),
    frames=(ADSL, *{**FRAMES, **{frame.name: frame for frame in (ADAE, ADASSESS, ADEX, ADCARE, ADDV)}}.values()),
    events=HEAD_AND_NECK_EVENTS,
    words=Words(
        {
            "TRTSDT": "the first dose",
            "RTSTDT": "the start of radiotherapy",
            "RTENDT": "the end of radiotherapy",
        },
        HEAD_AND_NECK_ASSESSMENTS,
    ),
)

CSV: dict[str, str] = {
    "adsl": """\
USUBJID,ICFDT,ENRLDT,TRT01P,TRT01A,TECHNIQUE,AGE,SEX,ECOGBL,T9,N9,M9,STAGE9,TNMVER,WHOHIST,CCI,SMOKE,BETEL,SES,EBVBL,\
GTVPVOL,INDREG,CONREG,RXDOSE,RXDOSU,FXPLAN,FXDELIV,TRTSDT,RTSTDT,RTENDT,DTHDT,DTHCAUS,EOSDT,EOSSTT,ENTRYDT
P05,2025-01-05,2025-01-10,X,X,IMPT,50,F,0,T3,N1,M0,III,9,NK-undiff,0,Y,N,0.1,1500,22.5,,C_Q3W,70,Gy(RBE),35,35,\
2025-01-20,2025-01-20,2025-03-07,,,,,2025-01-11
P02,2025-01-10,2025-01-15,Y,Y,VMAT,61,M,1,T2,N1,M0,II,9,NK-undiff,1,N,N,0.2,0,30,I_GP,C_QW,70,Gy,35,35,\
2025-02-01,2025-02-01,2025-03-20,2025-09-01,DISEASE,,,2025-01-16
P08,2026-01-25,2026-02-01,X,X,IMPT,40,F,0,T2,N1,M0,II,9,NK-undiff,0,N,N,,,12,,C_QW,70,Gy(RBE),35,,\
2026-02-10,2026-02-10,,,,,,2026-02-02
P01,2025-02-05,2025-02-10,Y,MIXED,VMAT,55,M,0,T4,N2,M0,III,9,NK-diff,2,,N,-0.3,80,55.25,,C_CARB,70,Gy,35,34,\
2025-02-20,2025-02-20,2025-04-06,,,,,2025-02-11
P07,2025-02-25,2025-03-01,X,,,47.5,M,1,T2,N1,M0,II,9,NK-undiff,0,Y,N,0.4,300,18,I_GP,C_QW,70,Gy(RBE),35,,\
2025-03-05,,,,,2025-04-20,WITHDRAWN,2025-03-02
P03,2025-03-10,2025-03-15,Y,Y,VMAT,61,M,0,T3,N2,M0,III,9,NK-undiff,0,Y,N,0.5,900,41,,C_QW,70,Gy,35,35,\
2025-04-01,2025-04-01,2025-05-17,,,,,2025-03-16
P06,2025-09-05,2025-09-10,X,X,IMPT,58,M,0,T4,N3,M0,III,9,NK-undiff,0,N,N,0.6,700,60,I_GP,C_QW,70,Gy(RBE),35,33,\
2025-10-01,2025-11-01,2025-12-17,,,,,2025-09-11
P04,2025-03-28,2025-04-01,Y,Y,VMAT,70,F,1,T3,N0,M0,III,9,NK-undiff,3,N,N,0.7,60,33,,C_QW,70,Gy,35,35,\
2025-04-15,2025-04-15,2025-05-31,2026-01-15,OTHER,,,2025-04-02
""",
    "adscr": """\
SCRNID,ICFDT,CRITERION,ENTRYDT
S09,2025-05-01,INC04,
S02,2025-01-10,,
S01,2025-01-05,,
S10,2026-01-20,EXC01,
S03,2025-06-01,INC04,
S04,2025-06-02,EXC01,
""",
    "adae": """\
USUBJID,AESEQ,AEBODSYS,AEDECOD,AETOXGR,AESER,AEREL,ASTDT,AENDT,AEACN,AEOUT,ENTRYDT
P02,1,Gut,Mucositis oral,3,Y,RT,2025-03-01,2025-05-10,,RECOVERED,2025-03-02
P05,2,Gut,Mucositis oral,2,N,RT,2025-02-15,2025-04-20,,RECOVERED,2026-01-10
P05,1,Gut,Nausea,1,N,NONE,2025-01-15,,,,2025-02-01
P05,3,Gut,Nausea,1,N,CHEMO,2025-02-10,2025-02-12,,RECOVERED,2025-03-01
P01,1,Gut,Nausea,2,N,CHEMO,2025-03-02,2025-03-10,,RECOVERED,2025-03-11
P01,2,Gut,Dry mouth,2,N,RT,2025-06-01,2026-01-20,,RECOVERED,2025-06-15
P03,1,Gut,Dry mouth,1,N,RT,2025-08-16,,,,2025-09-01
P04,2,Nerves,Headache,1,N,NONE,2025-08-29,2025-08-29,,RECOVERED,2025-09-10
P04,1,Nerves,Headache,3,Y,NONE,2026-01-05,,,,2026-01-06
P06,1,Gut,Mucositis oral,3,N,RT,2025-12-01,,,,2025-12-05
P07,1,Gut,Nausea,3,N,CHEMO,2025-03-20,2025-04-01,,RECOVERED,2025-03-25
""",
    "adlb": """\
USUBJID,PARAMCD,ADT,AVISIT,AVAL,AVALC,AVALU,LLOQ,ASSAYVER,ENTRYDT
P05,LOGM,2025-02-11,V1,4.0,4.0,u,1,,
P05,LOGM,2025-02-09,V1,1.0,1.0,u,1,,
P05,LOGM,2025-01-20,V0,2.0,2.0,u,1,,
P02,LOGM,2025-01-30,V0,1.0,1.0,u,1,,
P02,LOGM,2025-02-22,V1,0.5,0.5,u,0.1,,
P01,LOGM,2025-02-18,V0,8.0,8.0,u,1,,
P01,LOGM,2025-03-13,V1,2.0,2.0,u,1,,
P03,LOGM,2025-04-01,V0,4.0,4.0,u,1,,
P06,LOGM,2025-10-30,V0,,<LLOQ,u,1,,
P06,LOGM,2025-11-22,V1,0.25,0.25,u,0.1,,
P04,LOGM,2025-04-10,V0,,,u,1,,
P04,LOGM,2025-05-06,V1,1.0,1.0,u,1,,
P05,VIRUS,2025-01-20,V0,,ND,c,100,,
P01,VIRUS,2025-02-18,V0,120,120,c,100,,
P02,VIRUS,2025-01-30,V0,,<LLOQ,c,100,,
P05,LEVEL,2025-01-20,V0,10,10,g,,,
P01,LEVEL,2025-02-18,V0,20,20,g,,,
P02,LEVEL,2025-01-30,V0,30,30,g,,,
P03,LEVEL,2025-04-01,V0,34,34,g,,,
P05,LEVEL,2025-02-10,V1,13,13,g,,,
P01,LEVEL,2025-03-13,V1,25,25,g,,,
P02,LEVEL,2025-02-22,V1,30,30,g,,,
P03,LEVEL,2025-04-22,V1,36,36,g,,,
""",
    "adrad": """\
USUBJID,AVISIT,ADT,MODALITY,ROI,REPLICATE,SCANNER,ENTRYDT,original_firstorder_Mean
P05,V0,2025-01-15,CT,GTV,1,S1,,0.1
""",
    "adevent": """\
USUBJID,KIND,ADT,CONFIRM,ENTRYDT
P03,LOCAL,2025-07-20,biopsy,
P03,DISTANT,2025-07-10,imaging,
P05,LOCAL,2026-01-10,biopsy,
P01,DISTANT,2025-09-01,imaging,
P01,NEW-THERAPY,2025-08-01,,
""",
    "adassess": """\
USUBJID,KIND,ADT,ENTRYDT
P05,VITAL,2026-02-01,
P05,VITAL,2025-12-01,
P05,LOCOREGIONAL,2025-10-01,
P05,SYSTEMIC,2025-06-20,
P05,LOCOREGIONAL,2026-01-10,
P02,VITAL,2025-08-20,
P02,LOCOREGIONAL,2025-06-25,
P01,LOCOREGIONAL,2025-07-20,
P01,VITAL,2025-11-15,
P03,VITAL,2025-10-01,
P06,VITAL,2025-12-20,
P04,VITAL,2026-01-10,
P04,VITAL,2025-08-01,
P04,SYSTEMIC,2025-06-30,
P07,VITAL,2025-04-20,
""",
    "adrs": "USUBJID,AVISIT,ADT,AVALC,METHOD,ENTRYDT\nP05,V2,2025-06-20,CR,MRI,\n",
    "adex": """\
USUBJID,EXPHASE,EXTRT,EXSEQ,EXDOSE,EXDOSU,EXPLANNED,EXSTDT,EXENDT,ENTRYDT
P05,CONCURRENT,CISPLATIN,2,80,mg/m2,100,2025-02-11,2025-02-11,
P05,CONCURRENT,CISPLATIN,1,100,mg/m2,100,2025-01-21,2025-01-21,
P02,INDUCTION,CISPLATIN,1,75,mg/m2,80,2025-02-01,2025-02-01,
P02,CONCURRENT,CISPLATIN,1,40,mg/m2,40,2025-02-08,2025-02-08,
P02,CONCURRENT,GEMCITABINE,1,1000,mg/m2,1000,2025-02-08,2025-02-08,
P03,CONCURRENT,CISPLATIN,1,40,mg/m2,40,2025-04-02,2025-04-02,
P03,CONCURRENT,CISPLATIN,2,,mg/m2,40,2025-04-09,2025-04-09,
P07,INDUCTION,CISPLATIN,1,80,mg/m2,80,2025-03-05,2025-03-05,
P06,CONCURRENT,CISPLATIN,1,40,mg/m2,40,2025-11-03,2025-11-03,
""",
    "adcare": "USUBJID,KIND,CASTDT,CAENDT,ENTRYDT\nP02,FEEDING-TUBE,2025-03-05,2025-04-05,\n",
    "addv": """\
USUBJID,DVDT,DVCAT,DVTERM,ENTRYDT
P05,2025-02-01,MAJOR,Wrong dose,
P05,2025-02-02,MAJOR,Wrong dose,
P07,2025-03-06,MAJOR,Consent copy,
P02,2025-04-01,MAJOR,Wrong dose,
P02,2025-04-01,MINOR,Late visit,
P04,2026-01-02,MINOR,Late visit,
""",
    "adform": """\
USUBJID,KIND,AVISIT,DUEDT,RECDT
P05,CRF,V2,2025-06-01,2025-06-11
P01,CRF,V2,2025-12-20,2026-01-05
P02,CRF,V2,2025-06-01,2025-06-05
P04,CRF,V2,2025-07-01,
P03,CRF,V2,2026-01-10,
P05,BLOOD,V1,2025-02-10,
""",
}  # fmt: skip

WriteExport = Callable[..., Path]


@pytest.fixture(scope="session")
def design() -> Design:
    """The trial of eight."""
    return DESIGN


@pytest.fixture(scope="session")
def cutoff() -> datetime.date:
    """Last day that counts."""
    return CUTOFF


@pytest.fixture(scope="session")
def texts() -> Mapping[str, str]:
    """CSV text of every frame."""
    return CSV


@pytest.fixture
def write_export(tmp_path: Path) -> WriteExport:
    """Write the export, some frames changed: a text replaces a frame's text, None leaves the frame out."""

    def write(changed: Mapping[str, str | None] | None = None, *, name: str = "export") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        for frame, text in {**CSV, **(changed or {})}.items():
            if text is not None:
                (folder / f"{frame}.csv").write_bytes(text.encode())
        return folder

    return write


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The whole export, read."""
    folder = tmp_path_factory.mktemp("whole")
    for frame, text in CSV.items():
        (folder / f"{frame}.csv").write_bytes(text.encode())
    return read_study(folder, DESIGN)


@pytest.fixture(scope="session")
def known(whole: Study) -> Study:
    """The study at the cut-off, arms named, ready to be summarized."""
    return assign_arms(prepared(whole))


def prepared(study: Study) -> Study:
    """The study at the cut-off, before arms are assigned."""
    return replace(at_cutoff(study, CUTOFF, snapshot="event-date"), session="only", rounding="half-away")


EVERY = ("front", "shut", "end")
PLAN = Plan(
    design=DESIGN,
    sessions=(
        Session("front", "FRONT", "pooled", CUTOFF, interim=True, numbered=False),
        Session("shut", "SHUT", "masked", CUTOFF, interim=True, numbered=False),
        Session("end", "END", "named", CUTOFF, interim=False, numbered=False),
    ),
    reports=(Report("public", "front", ("pdf",)), Report("private", "shut", ("pdf", "html", "docx"))),
    specs=(
        AccrualSpec("accrual", "Accrual", "EVERY", EVERY, recent_months=6.0, status="planned"),
        ScreeningSpec("screening", "Screening", "EVERY", EVERY, {"INC04": "ECOG", "EXC01": "Spread"}, "planned"),
        StatusSpec("status", "Status", "EVERY", EVERY, (StatusItem("DIED", "Died", "Deaths", "DTHDT"),), "planned"),
        DeviationSpec("deviations", "Deviations", "EVERY", EVERY, {"MAJOR": "Major", "MINOR": "Minor"}, "planned"),
        CompletenessSpec("forms", "Forms", "EVERY", EVERY, {"CRF": "Forms", "BLOOD": "Blood"}, 30, 2, "planned"),
        FollowUpSpec("follow-up", "Follow-up", "BEAM", EVERY, "DEAD", 0.95, "log-log", "planned"),
        BaselineSpec(
            "who",
            "Who",
            "EVERY",
            EVERY,
            (
                Characteristic("AGE", "Age", "Person", "continuous", show="mean"),
                Characteristic("SMOKE", "Smoked", "Person", "categorical", levels={"Y": "Yes", "N": "No"}),
                Characteristic("CCD_CONC", "Cisplatin", "Drug", "continuous"),
            ),
            quantile_type=2,
            smd_denominator="average",
            status="planned",
        ),
        ToxicitySpec(
            "tox",
            "Harm",
            "DOSED",
            EVERY,
            (
                GradeWindow("early", "Early", "early", "onset", "window-complete"),
                GradeWindow("late", "Late", "after", "onset-or-persistence", "assessed-in-window"),
            ),
            conf_level=0.95,
            interval="clopper-pearson",
            difference="newcombe",
            baseline_adjusted=True,
            scale="CTCAE version 5.0",
            estimand="unadjusted",
            status="planned",
        ),
        BiomarkerSpec(
            "blood",
            "Blood",
            "BEAM",
            EVERY,
            (
                Marker("LOGM", "Log marker", "Blood", "u", "log", "decimal2"),
                Marker("LEVEL", "Level", "Blood", "g", "identity", "decimal1"),
                Marker("VIRUS", "Virus", "Virus", "c", "detectable", "percent1"),
            ),
            ("V0", "V1"),
            below_limit="half-limit",
            conf_level=0.95,
            proportion="clopper-pearson",
            quantile_type=2,
            share_change="newcombe",
            share_difference="newcombe",
            difference="welch",
            estimand="unadjusted",
            status="planned",
        ),
        *(
            SurvivalSpec(
                code.lower(),
                code,
                "BEAM",
                ("end",),
                code,
                conf_level=0.95,
                conf_type="log-log",
                landmarks=(6.0, 8.0),
                ticks=(0.0, 6.0),
                minimum_at_risk=1,
                tau=6.0,
                test="log-rank",
                estimand="unadjusted",
                status="planned",
            )
            for code in ("DEAD", "WORSE")
        ),
        ThresholdSpec(
            "limits",
            "Limits",
            "EVERY",
            ("front", "shut"),
            (Watch("deaths", "Deaths", {"analysis": "status", "arm": "all", "stat": "estimate"}, "above", 0.1),),
            "planned",
        ),
    ),
    tables=(),
    figures=(),
    rounding="half-away",
    snapshot="event-date",
    interim_efficacy_by_arm=False,
    seed=1,
)
SALT = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="session")
def plan() -> Plan:
    """A plan of every kind of analysis, for a pooled, a masked and a named session."""
    return PLAN


@pytest.fixture(scope="session")
def salt() -> str:
    """128 bits for a masking map."""
    return SALT


@pytest.fixture(scope="session")
def mask(salt: str) -> Mask:
    """X is A, and Y is B."""
    return Mask({"X": "A", "Y": "B"}, salt)


def built(study: Study, plan: Plan, session: str, mask: Mask | None = None) -> Results:
    """Results of a session."""
    return build_results(prepare_study(study, plan, session, mask=mask), plan)


PLAN_FILE = f"""\
from importlib.util import module_from_spec, spec_from_file_location

spec = spec_from_file_location("eight", {__file__!r})
eight = module_from_spec(spec)
spec.loader.exec_module(eight)
PLAN = eight.PLAN
"""
