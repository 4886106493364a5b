"""Rules by hand: a few records that are right, one of them broken, and what is found then.

Ada and Ben are made up. Both were enrolled on 5 January 2026 and irradiated from 10 January to 25 February, Ada with
protons. Records of other frames stand in each case; dates were counted on the calendar.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from npcstats.quality import (
    RULES,
    Checks,
    ReadExport,
    Refusal,
    inspect_read,
    inspect_study,
    refusal_text,
    summary_lines,
    trace_refusals,
    write_report,
)
from npcstats.quality.identity import same_identifier
from npcstats.schema import conform_frame
from npcstats.study import Study, input_schemas

ADA = {
    "USUBJID": "A-1", "ICFDT": "2026-01-01", "ENRLDT": "2026-01-05", "TRT01P": "PROTON", "TRT01A": "PROTON",
    "TECHNIQUE": "IMPT", "AGE": "50", "SEX": "F", "T9": "T2", "N9": "N1", "M9": "M0", "STAGE9": "IB", "TNMVER": "9",
    "RXDOSU": "Gy(RBE)", "TRTSDT": "2026-01-10", "RTSTDT": "2026-01-10", "RTENDT": "2026-02-25", "SES": "0.5",
    "GTVPVOL": "12.5",
}  # fmt: skip
BEN = ADA | {"USUBJID": "A-2", "AGE": "61", "SEX": "M", "TRT01P": "PHOTON", "TRT01A": "PHOTON", "TECHNIQUE": "VMAT",
             "RXDOSU": "Gy", "SES": "-1.2", "GTVPVOL": "40"}  # fmt: skip
EVENT = {"USUBJID": "A-1", "AESEQ": "1", "AEBODSYS": "Gastrointestinal disorders", "AEDECOD": "Nausea", "AETOXGR": "2",
         "AESER": "N", "AEREL": "NONE", "ASTDT": "2026-02-01", "AENDT": "2026-02-10", "AEACN": "NONE",
         "AEOUT": "RECOVERED/RESOLVED"}  # fmt: skip
SERIOUS = EVENT | {"AESER": "Y", "AESERCRIT": "HOSPITALIZATION", "AEEXP": "N"}
DOSE = {"USUBJID": "A-1", "EXPHASE": "CONCURRENT", "EXTRT": "CISPLATIN", "EXSEQ": "1", "EXDOSE": "40",
        "EXDOSU": "mg/m2", "EXPLANNED": "40", "EXSTDT": "2026-01-12", "EXENDT": "2026-01-12"}  # fmt: skip
BLOCK = DOSE | {"EXPHASE": "RT", "EXTRT": "RADIOTHERAPY", "EXDOSE": "69.96", "EXPLANNED": "69.96", "EXDOSU": "Gy(RBE)",
                "EXSTDT": "2026-01-10", "EXENDT": "2026-02-25"}  # fmt: skip
VALUE = {"USUBJID": "A-1", "PARAMCD": "HGB", "ADT": "2026-03-01", "AVAL": "12", "AVALC": "12", "AVALU": "g/dL"}
SEEN = {"USUBJID": "A-1", "KIND": "VITAL", "ADT": "2026-06-01"}
READ = {"USUBJID": "A-1", "AVISIT": "M3", "ADT": "2026-05-20", "AVALC": "CR", "METHOD": "MRI"}
SUM = {"USUBJID": "A-1", "PARAMCD": "SUMDIAM", "ADT": "2026-05-20", "AVAL": "0"}
RELAPSE = {"USUBJID": "A-1", "KIND": "LOCAL", "ADT": "2026-06-01", "CONFIRM": "BIOPSY"}
STAY = {"USUBJID": "A-1", "KIND": "HOSPITAL", "CASTDT": "2026-02-02", "CAENDT": "2026-02-08"}
FORM = {"USUBJID": "A-1", "KIND": "CRF", "AVISIT": "M3", "DUEDT": "2026-05-20", "RECDT": "2026-05-20"}
IMAGE = {"USUBJID": "A-1", "AVISIT": "BL", "ADT": "2026-01-08", "MODALITY": "T1C", "ROI": "GTVp", "REPLICATE": "1",
         "SCANNER": "S1"}  # fmt: skip
WRITTEN = "but for case, blanks, invisible signs or the form of a letter, the identifier is that of"
BOTH = {"adsl": [ADA, BEN]}


def frames_of(design, rows):
    """Frames of declared types from texts; every frame of the design is there, empty where nothing is given."""
    frames = {}
    for name, schema in input_schemas(design).items():
        given = pd.DataFrame(rows.get(name, []), dtype=object)
        columns = [*(c.name for c in schema.columns), *(c for c in given.columns if c not in schema.by_name)]
        frames[name] = conform_frame(given.reindex(columns=columns).fillna(""), schema)[0]
    return frames


def findings(design, checks, rows, cutoff=None):
    study = Study(design, frames_of(design, rows), Path("made"), False)
    return inspect_study(study, checks, cutoff=cutoff).findings


def told(design, checks, rule, rows):
    return [(f.frame, f.row, f.text) for f in findings(design, checks, BOTH | rows) if f.rule == rule]


def labs(*values, day="2026-03-01", who="A-1", visit=""):
    return [VALUE | {"USUBJID": who, "PARAMCD": code, "AVAL": str(value), "AVALC": str(value), "ADT": day,
                     "AVISIT": visit} for code, value in values]  # fmt: skip


def cells(*values):
    return [row | {"AVALU": "10^9/L"} for value, day in values for row in labs(("ANC", value), day=day)]


def hgb(*values):
    days = ("2026-03-01", "2026-05-20", "2026-08-20")
    return [VALUE | {"ADT": day, "AVAL": value, "AVALC": value} for day, value in zip(days, values, strict=True)]


FIVE = (("ANC", 3.0), ("ALC", 1.5), ("WBC", 5.0), ("HGB", 12.0), ("PLT", 200.0))
CHEMO = [DOSE, DOSE | {"EXSEQ": "2", "EXSTDT": "2026-01-19", "EXENDT": "2026-01-19"}]

LOW = cells((3.0, "2026-01-08"), (0.9, "2026-02-20"))
REPORT = EVENT | {"AEBODSYS": "Investigations", "AEDECOD": "Neutrophil count decreased", "AETOXGR": "3",
                  "ASTDT": "2026-02-18", "AENDT": "2026-02-24"}  # fmt: skip
UNREPORTED = "no Neutrophil count decreased of grade 3 or more is reported within 7 days"

# rule; frames that are right; the same with one thing broken; frame, row and text of what is found
CASES = [
    ("IDENTIFIER", {}, {"adsl": [ADA, BEN, BEN | {"USUBJID": "a-2\u00a0", "AGE": "30"}]},
     ("adsl", 3, f"{WRITTEN} row 2")),
    ("IDENTIFIER", {"adform": [FORM]}, {"adform": [FORM | {"USUBJID": "A\u200b-1"}]},
     ("adform", 1, f"{WRITTEN} adsl row 1")),
    ("IDENTIFIER", {"adscr": [{"SCRNID": "S1"}, {"SCRNID": "S2"}]}, {"adscr": [{"SCRNID": "S1"}, {"SCRNID": "s1"}]},
     ("adscr", 2, f"{WRITTEN} row 1")),
    ("PERSON-TWICE", {"adsl": [ADA, BEN, BEN | {"USUBJID": "A-3", "AGE": "62"}]},
     {"adsl": [ADA, BEN, BEN | {"USUBJID": "A-3"}]},
     ("adsl", 3, "15 of 15 values are those of row 2: one participant twice")),
    ("ENROLLED-FIRST", {"adsl": [ADA | {"ENRLDT": "2026-01-10"}]}, {"adsl": [ADA | {"ENRLDT": "2026-01-11"}]},
     ("adsl", 1, "first treated 1 day before enrolment")),
    ("ENROLLED-FIRST", {"adsl": [ADA | {"DTHDT": "2027-01-01"}]},
     {"adsl": [ADA | {"TRTSDT": "", "RTSTDT": "", "RTENDT": "", "DTHDT": "2026-01-04"}]},
     ("adsl", 1, "DTHDT is 1 day before enrolment")),
    ("CONSENT-LONG", {"adsl": [ADA | {"ICFDT": "2025-11-06"}]}, {"adsl": [ADA | {"ICFDT": "2025-11-05"}]},
     ("adsl", 1, "consent 61 days before enrolment; 60 are usual")),
    ("BEFORE-CONSENT", {"adcare": [STAY | {"CASTDT": "2026-01-01"}]}, {"adcare": [STAY | {"CASTDT": "2025-12-31"}]},
     ("adcare", 1, "dated 1 day before consent")),
    ("AFTER-DEATH", {"adsl": [ADA | {"DTHDT": "2026-02-10"}], "adae": [EVENT]},
     {"adsl": [ADA | {"DTHDT": "2026-02-09"}], "adae": [EVENT]}, ("adae", 1, "AENDT is 1 day after death")),
    ("AFTER-EOS", {"adsl": [ADA | {"EOSDT": "2026-02-01"}], "adae": [EVENT]},
     {"adsl": [ADA | {"EOSDT": "2026-01-31"}], "adae": [EVENT]},
     ("adae", 1, "dated 1 day after the end of follow-up")),
    ("CONTACT-GAP", {"adassess": [SEEN, SEEN | {"USUBJID": "A-2", "ADT": "2031-05-31"}]},
     {"adassess": [SEEN, SEEN | {"USUBJID": "A-2", "ADT": "2031-06-01"}]},
     ("adsl", 1, "no contact for 1826 days, and no end of follow-up")),
    ("PERIOD-OPEN", {"adsl": [ADA | {"RTENDT": ""}], "adassess": [SEEN | {"ADT": "2026-04-04"}]},
     {"adsl": [ADA | {"RTENDT": ""}], "adassess": [SEEN | {"ADT": "2026-04-05"}]},
     ("adsl", 1, "RTSTDT, 85 days later no RTENDT; day 84 is taken for it")),
    ("VISIT-ANCHOR", {"adform": [FORM]}, {"adsl": [ADA | {"RTENDT": ""}], "adform": [FORM]},
     ("adsl", 1, "records at visits that count from RTENDT, which is missing")),
    ("KNOWN-FROM", {"adsl": [ADA | {"EOSDT": "2027-01-01", "EOSSTT": "LOST"}]}, {"adsl": [ADA | {"EOSSTT": "LOST"}]},
     ("adsl", 1, "EOSSTT without EOSDT: analyses take it for missing")),
    ("EX-FIRST", {"adex": [BLOCK, BLOCK | {"USUBJID": "A-2"}]},
     {"adex": [BLOCK | {"EXSTDT": "2026-01-11"}, BLOCK | {"USUBJID": "A-2"}]},
     ("adsl", 1, "the first record of treatment is 1 day after TRTSDT")),
    ("EX-START", {"adex": [BLOCK]}, {"adsl": [ADA | {"TRTSDT": ""}], "adex": [BLOCK]},
     ("adex", 1, "treated, but ADSL has no first study treatment")),
    ("EX-PHASE", {"adex": [DOSE | {"EXSTDT": "2026-03-18"}]}, {"adex": [DOSE | {"EXSTDT": "2026-03-19"}]},
     ("adex", 1, "CONCURRENT 22 days after RTENDT")),
    ("EX-PHASE", {"adex": [DOSE | {"EXPHASE": "INDUCTION", "EXSTDT": "2026-01-10"}]},
     {"adex": [DOSE | {"EXPHASE": "INDUCTION", "EXSTDT": "2026-01-11"}]}, ("adex", 1, "INDUCTION 1 day after RTSTDT")),
    ("EX-OVERLAP", {"adex": [BLOCK, BLOCK | {"EXSEQ": "2", "EXSTDT": BLOCK["EXENDT"], "EXENDT": "2026-02-27"}]},
     {"adex": [BLOCK, BLOCK | {"EXSEQ": "2", "EXSTDT": "2026-02-24", "EXENDT": "2026-02-27"}]},
     ("adex", 2, "begins before row 1 of the same treatment ended")),
    ("EX-GAP", {"adex": [DOSE, DOSE | {"EXSEQ": "2", "EXSTDT": "2026-01-17"}]},
     {"adex": [DOSE, DOSE | {"EXSEQ": "2", "EXSTDT": "2026-01-16"}]},
     ("adex", 2, "4 days after the one before of the same drug")),
    ("DUPLICATE", {"adex": [DOSE, DOSE | {"EXSEQ": "2", "EXDOSE": "0"}]}, {"adex": [DOSE, DOSE | {"EXSEQ": "2"}]},
     ("adex", 2, "repeats an earlier row of the same day")),
    ("RT-SPAN", {"adex": [BLOCK, BLOCK | {"USUBJID": "A-2"}]},
     {"adex": [BLOCK | {"EXENDT": "2026-02-20"}, BLOCK | {"USUBJID": "A-2"}]},
     ("adsl", 1, "the last block ends 5 days before RTENDT")),
    ("RT-SPAN", {"adex": [BLOCK, BLOCK | {"USUBJID": "A-2"}]}, {"adex": [BLOCK]},
     ("adsl", 2, "radiotherapy has begun, but no block of fractions is recorded")),
    ("RT-BLOCKS", {"adex": [BLOCK]}, {"adsl": [ADA | {"RTSTDT": "", "RTENDT": ""}], "adex": [BLOCK]},
     ("adex", 1, "a block of fractions, but ADSL has no RTSTDT")),
    ("RT-FRACTIONS", {"adsl": [ADA | {"FXDELIV": "33", "FXPLAN": "33"}]},
     {"adsl": [ADA | {"RTSTDT": "", "RTENDT": "", "FXDELIV": "3", "FXPLAN": "33"}]},
     ("adsl", 1, "fractions are recorded, but radiotherapy has no start")),
    ("RT-MODALITY", {}, {"adsl": [ADA | {"TECHNIQUE": "VMAT"}]},
     ("adsl", 1, "VMAT is no technique of the treatment that was given")),
    ("EX-MODALITY", {"adex": [BLOCK]}, {"adex": [BLOCK | {"EXDOSU": "Gy"}]},
     ("adex", 1, "the unit is not that of the treatment that was given")),
    ("ARM-DEVIATION", {"adsl": [ADA | {"TRT01P": "PHOTON"}],
                       "addv": [{"USUBJID": "A-1", "DVDT": "2026-01-10", "DVCAT": "MAJOR", "DVTERM": "Other arm"}]},
     {"adsl": [ADA | {"TRT01P": "PHOTON"}]},
     ("adsl", 1, "treated otherwise than planned, but no deviation of category MAJOR is recorded")),
    ("ARM-DEVIATION", {"adsl": [ADA | {"TRT01A": "MIXED"}]}, {"adsl": [BEN | {"TRT01A": "MIXED"}]},
     ("adsl", 1, "treated otherwise than planned, but no deviation of category MAJOR is recorded")),
    ("CARE-OVERLAP", {"adcare": [STAY, STAY | {"CASTDT": "2026-02-08", "CAENDT": "2026-02-09"}]},
     {"adcare": [STAY, STAY | {"CASTDT": "2026-02-07", "CAENDT": "2026-02-09"}]},
     ("adcare", 2, "begins before row 1 of the same kind ended")),
    ("CARE-SERIOUS", {"adcare": [STAY], "adae": [EVENT | {"AESER": "Y"}]}, {"adcare": [STAY], "adae": [EVENT]},
     ("adcare", 1, "a stay in hospital, but no serious event at that time")),
    ("CARE-WITHIN", {"adcare": [STAY | {"KIND": "RT-INTERRUPTION"}]},
     {"adcare": [STAY | {"KIND": "RT-INTERRUPTION", "CAENDT": "2026-02-27"}]},
     ("adcare", 1, "ends 2 days after RTENDT")),
    ("FORM-EARLY", {"adform": [FORM]}, {"adform": [FORM | {"RECDT": "2026-05-18"}]},
     ("adform", 1, "received 2 days before it was due")),
    ("VS-DAY", {"adlb": labs(("HGB", 12), visit="M3") + labs(("ALB", 4), visit="M3")},
     {"adlb": labs(("HGB", 12), visit="M3") + labs(("ALB", 4), visit="M6")},
     ("adlb", 2, "another visit has the same day")),
    ("VISIT-COPY", {"adlb": labs(*FIVE, visit="M3") + labs(*FIVE[:4], ("PLT", 201), day="2026-08-20", visit="M6")},
     {"adlb": labs(*FIVE, visit="M3") + labs(*FIVE, day="2026-08-20", visit="M6")},
     ("adlb", 6, "all values of the visit are those of the same participant's visit from row 1 on")),
    ("VISIT-COPY", {"adlb": labs(*FIVE, visit="M3") + labs(*FIVE[:4], ("PLT", 201), who="A-2", visit="M3")},
     {"adlb": labs(*FIVE, visit="M3") + labs(*FIVE, who="A-2", visit="M3")},
     ("adlb", 6, "all values of the visit are those of another participant's visit from row 1 on")),
    ("LB-PARTS", {"adlb": labs(("ANC", 3), ("ALC", 2), ("WBC", 5))}, {"adlb": labs(("ANC", 3), ("ALC", 6), ("WBC", 5))},
     ("adlb", 3, "ANC and ALC of the day are 9, WBC 5")),
    ("LB-RATIO", {"adlb": labs(("ANC", 3), ("ALC", 2), ("NLR", 1.5))},
     {"adlb": labs(("ANC", 3), ("ALC", 2), ("NLR", 2.5))}, ("adlb", 3, "NLR is 2.5; ANC over ALC is 1.5")),
    ("LEAP", {"adlb": hgb("12", "8", "12.5")}, {"adlb": hgb("12", "7", "12.5")},
     ("adlb", 2, "HGB of 7 between 12 and 12.5")),
    ("LEAP", {"adlb": hgb("12", "7", "9")},
     {"adlb": hgb("10", "17", "10")}, ("adlb", 2, "HGB of 17 between 10 and 10")),
    ("LB-LOG", {"adlb": labs(("ALC", 0.1))}, {"adlb": labs(("ALC", 0))},
     ("adlb", 1, "0 has no logarithm, which is analyzed")),
    ("LB-LIMIT", {"adlb": [VALUE | {"PARAMCD": "CRP", "AVAL": "0.5", "LLOQ": "0.5"}]},
     {"adlb": [VALUE | {"PARAMCD": "CRP", "AVAL": "0.4", "LLOQ": "0.5"}]},
     ("adlb", 1, "0.4 is below the limit of 0.5")),
    ("LB-REPORTED", {"adlb": LOW, "adae": [REPORT]}, {"adlb": LOW, "adae": [REPORT | {"AETOXGR": "2"}]},
     ("adlb", 2, f"ANC of 0.9 is of grade 3; {UNREPORTED}")),
    ("LB-REPORTED", {"adlb": LOW, "adae": [REPORT | {"ASTDT": "2026-02-27", "AENDT": "2026-03-05"}]},
     {"adlb": LOW, "adae": [REPORT | {"ASTDT": "2026-02-28", "AENDT": "2026-03-05"}]},
     ("adlb", 2, f"ANC of 0.9 is of grade 3; {UNREPORTED}")),
    ("LB-REPORTED", {"adlb": cells((0.9, "2026-01-08"), (0.8, "2026-02-20"))},
     {"adlb": cells((0.9, "2026-01-08"), (0.4, "2026-02-20"), (0.3, "2026-02-27"))},
     ("adlb", 2, f"ANC of 0.4 is of grade 4; {UNREPORTED}")),
    ("LB-REPORTED", {"adlb": cells((3.0, "2026-01-08"), (0.9, "2026-05-27"))},
     {"adlb": cells((3.0, "2026-01-08"), (0.9, "2026-05-26"))}, ("adlb", 2, f"ANC of 0.9 is of grade 3; {UNREPORTED}")),
    ("AE-VALUE", {"adlb": LOW, "adae": [REPORT]},
     {"adlb": cells((3.0, "2026-01-08"), (1.0, "2026-02-20")), "adae": [REPORT]},
     ("adae", 1, "Neutrophil count decreased: only milder values of ANC during it or within 7 days")),
    ("AE-VALUE", {"adlb": LOW, "adae": [REPORT]}, {"adlb": LOW[:1], "adae": [REPORT]},
     ("adae", 1, "Neutrophil count decreased: no value of ANC during it or within 7 days")),
    ("LB-BASELINE", {"adsl": [ADA | {"EBVBL": "500"}], "adlb": labs(("EBV", 500), day="2026-01-10")},
     {"adsl": [ADA | {"EBVBL": "500"}], "adlb": labs(("EBV", 450), day="2026-01-10")},
     ("adsl", 1, "EBVBL is 500; the last EBV before treatment is 450")),
    ("RAD-SET", {"adrad": [IMAGE, IMAGE | {"MODALITY": "T2"}]}, {"adrad": [IMAGE]},
     ("adrad", 1, "the visit has no reading of T2")),
    ("RAD-REPLICATE", {"adrad": [IMAGE, IMAGE | {"REPLICATE": "2"}]}, {"adrad": [IMAGE | {"REPLICATE": "2"}]},
     ("adrad", 1, "a repeated reading, but the first one is not there")),
    ("RAD-SCANNER", {"adrad": [IMAGE, IMAGE | {"REPLICATE": "2"}]},
     {"adrad": [IMAGE, IMAGE | {"REPLICATE": "2", "SCANNER": "S2"}]},
     ("adrad", 2, "another scanner than the first image of the visit")),
    ("RAD-COPY",
     {"adrad": [IMAGE | {f"f{i}": str(i) for i in range(5)}, IMAGE | {f"f{i}": str(i + 1) for i in range(5)}]},
     {"adrad": [IMAGE | {f"f{i}": str(i) for i in range(5)}] * 2}, ("adrad", 2, "all features are those of row 1")),
    ("RAD-CONSTANT", {"adrad": [IMAGE | {"f": "1"}, IMAGE | {"USUBJID": "A-2", "f": "2"}]},
     {"adrad": [IMAGE | {"f": "1"}, IMAGE | {"USUBJID": "A-2", "f": "1"}]}, ("adrad", 1, "f is the same in all rows")),
    ("RAD-CONSTANT", {"adrad": [IMAGE | {"Bo Li": "1"}, IMAGE | {"USUBJID": "A-2", "Bo Li": "2"}]},
     {"adrad": [IMAGE | {"Bo Li": "1"}, IMAGE | {"USUBJID": "A-2", "Bo Li": "1"}]},
     ("adrad", 1, "a feature whose name is of 5 characters is the same in all rows")),
    ("AE-OVERLAP", {"adae": [EVENT, EVENT | {"AESEQ": "2", "ASTDT": "2026-02-10", "AENDT": "2026-02-12"}]},
     {"adae": [EVENT, EVENT | {"AESEQ": "2", "ASTDT": "2026-02-09", "AENDT": "2026-02-12"}]},
     ("adae", 2, "begins before row 1 of the same term ended")),
    ("AE-OVERLAP", {"adae": [EVENT | {"AENDT": ""}, EVENT | {"AESEQ": "2", "USUBJID": "A-2"}]},
     {"adae": [EVENT | {"ASTDT": "2026-02-03", "AENDT": ""}, EVENT | {"AESEQ": "2"}]},
     ("adae", 1, "begins before row 2 of the same term ended")),
    ("AE-OUTCOME", {"adae": [EVENT]}, {"adae": [EVENT | {"AENDT": ""}]},
     ("adae", 1, "the outcome says that it is over, but there is no end")),
    ("AE-OUTCOME", {"adae": [EVENT | {"AEOUT": "RECOVERING/RESOLVING", "AENDT": ""}]},
     {"adae": [EVENT | {"AEOUT": "NOT RECOVERED/NOT RESOLVED"}]},
     ("adae", 1, "it has an end, but the outcome says that it goes on")),
    ("AE-LIFE", {"adae": [EVENT | {"AETOXGR": "4", "AEBODSYS": "Investigations"}]},
     {"adae": [EVENT | {"AETOXGR": "4"}]},
     ("adae", 1, "grade 4, but not serious")),
    ("AE-REASON", {"adae": [SERIOUS]}, {"adae": [SERIOUS | {"AESERCRIT": ""}]},
     ("adae", 1, "serious, but not recorded by what")),
    ("AE-REASON", {"adae": [EVENT]}, {"adae": [EVENT | {"AESERCRIT": "DISABILITY"}]},
     ("adae", 1, "not serious, but what makes it serious is recorded")),
    ("AE-REASON", {"adae": [SERIOUS | {"AETOXGR": "5", "AESERCRIT": "DEATH"}]}, {"adae": [SERIOUS | {"AETOXGR": "5"}]},
     ("adae", 1, "grade 5, but not serious by death")),
    ("AE-REASON", {"adae": [SERIOUS | {"AETOXGR": "4"}]}, {"adae": [SERIOUS | {"AETOXGR": "4", "AESERCRIT": "DEATH"}]},
     ("adae", 1, "serious by death, but the grade is not 5")),
    ("AE-EXPECTED", {"adae": [SERIOUS, EVENT | {"AESEQ": "2"}]}, {"adae": [SERIOUS | {"AEEXP": ""}]},
     ("adae", 1, "serious, but it is not recorded whether it was expected")),
    ("AE-SEX", {"adae": [EVENT | {"AEDECOD": "Vaginal pain"}]},
     {"adae": [EVENT | {"AEDECOD": "Vaginal pain", "USUBJID": "A-2"}]},
     ("adae", 1, "Vaginal pain in a participant of sex M")),
    ("AE-RELATED", {"adae": [EVENT | {"AEREL": "BOTH"}], "adex": [BLOCK, DOSE]},
     {"adae": [EVENT | {"AEREL": "BOTH"}], "adex": [BLOCK]},
     ("adae", 1, "related to BOTH, which had not been given by then")),
    ("AE-RELATED", {"adae": [EVENT | {"AEREL": "RT", "ASTDT": "2026-01-08"}], "adex": [BLOCK]},
     {"adae": [EVENT | {"AEREL": "RT", "ASTDT": "2026-01-07"}], "adex": [BLOCK]},
     ("adae", 1, "related to RT, which had not been given by then")),
    ("AE-ACTION", {"adae": [EVENT | {"AEACN": "DRUG INTERRUPTED", "ASTDT": "2026-02-09"}], "adex": CHEMO},
     {"adae": [EVENT | {"AEACN": "DRUG INTERRUPTED", "ASTDT": "2026-02-10"}], "adex": CHEMO},
     ("adae", 1, "an action with treatment, but none was being given")),
    ("AE-ACTION", {"adae": [EVENT | {"AEACN": "DRUG WITHDRAWN", "ASTDT": "2026-01-19"}], "adex": CHEMO},
     {"adae": [EVENT | {"AEACN": "DRUG WITHDRAWN", "ASTDT": "2026-01-18"}], "adex": CHEMO},
     ("adae", 1, "DRUG WITHDRAWN, but all drugs are given to the end")),
    ("AE-ACTION",
     {"adae": [EVENT | {"AEACN": "DOSE REDUCED", "ASTDT": "2026-01-14"}],
      "adex": [CHEMO[0], CHEMO[1] | {"EXDOSE": "30"}]},
     {"adae": [EVENT | {"AEACN": "DOSE REDUCED", "ASTDT": "2026-01-14"}], "adex": CHEMO},
     ("adae", 1, "DOSE REDUCED, but no dose is below the planned one from then on")),
    ("DEATH-TOXIC",
     {"adsl": [ADA | {"DTHDT": "2026-02-10", "DTHCAUS": "TREATMENT"}], "adae": [EVENT | {"AETOXGR": "5"}]},
     {"adsl": [ADA | {"DTHDT": "2026-02-10", "DTHCAUS": "TREATMENT"}], "adae": [EVENT]},
     ("adsl", 1, "death of treatment, but no event of grade 5")),
    ("RS-EARLY", {"adrs": [READ | {"ADT": "2026-01-10"}]}, {"adrs": [READ | {"ADT": "2026-01-09"}]},
     ("adrs", 1, "a response 1 day before the first study treatment")),
    ("RS-COURSE", {"adrs": [READ, READ | {"ADT": "2026-08-20", "AVALC": "ID"}]},
     {"adrs": [READ, READ | {"ADT": "2026-08-20", "AVALC": "SD"}]}, ("adrs", 2, "SD 92 days after CR")),
    ("RS-SUM", {"adrs": [READ], "adtr": [SUM | {"AVAL": "10"}]}, {"adrs": [READ], "adtr": [SUM | {"AVAL": "10.1"}]},
     ("adrs", 1, "CR with a sum of 10.1, at baseline none, smallest before none; nothing measurable may be left")),
    ("RS-SUM",
     {"adrs": [READ | {"AVALC": "PR"}], "adtr": [SUM | {"ADT": "2026-01-06", "AVAL": "50"}, SUM | {"AVAL": "35"}]},
     {"adrs": [READ | {"AVALC": "PR"}], "adtr": [SUM | {"ADT": "2026-01-06", "AVAL": "50"}, SUM | {"AVAL": "36"}]},
     ("adrs", 1, "PR with a sum of 36, at baseline 50, smallest before 50; a decrease by 30% is required")),
    ("RS-SUM",
     {"adrs": [READ | {"AVALC": "PD"}], "adevent": [RELAPSE],
      "adtr": [SUM | {"ADT": "2026-01-06", "AVAL": "50"}, SUM | {"AVAL": "60"}]},
     {"adrs": [READ | {"AVALC": "PD"}], "adevent": [RELAPSE],
      "adtr": [SUM | {"ADT": "2026-01-06", "AVAL": "50"}, SUM | {"AVAL": "59"}]},
     ("adrs", 1, "PD with a sum of 59, at baseline 50, smallest before 50; an increase by 20% is required")),
    ("EVENT-EARLY", {"adevent": [RELAPSE | {"ADT": "2026-02-25"}]}, {"adevent": [RELAPSE | {"ADT": "2026-02-24"}]},
     ("adevent", 1, "progression 1 day before RTENDT")),
    ("EVENT-EARLY", {"adevent": [RELAPSE | {"KIND": "RESIDUAL", "ADT": "2026-02-25"}]},
     {"adevent": [RELAPSE | {"KIND": "RESIDUAL", "ADT": "2026-02-20"}]},
     ("adevent", 1, "residual disease 5 days before RTENDT")),
    ("EVENT-SEEN", {"adevent": [RELAPSE], "adassess": [SEEN | {"ADT": "2026-06-08"}]},
     {"adevent": [RELAPSE], "adassess": [SEEN | {"ADT": "2026-06-09"}]},
     ("adevent", 1, "progression, but no assessment at that time")),
    ("TTE-ORIGIN", {"adevent": [RELAPSE | {"KIND": "DISTANT", "ADT": "2026-01-10"}]},
     {"adevent": [RELAPSE | {"KIND": "DISTANT", "ADT": "2026-01-09"}]},
     ("adevent", 1, "DISTANT 1 day before RTSTDT, the time zero of PFS, FFS, DMFS, DM, PFS-THERAPY-EVENT, "
      "PFS-THERAPY-IGNORED, PFS-MISSED, LRC-DISTANT")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "right", "broken", "expected"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)]
)
def test_broken_is_found_and_its_neighbour_is_not(design, checks, rule, right, broken, expected):
    assert told(design, checks, rule, right) == []
    assert told(design, checks, rule, broken) == [expected]


@pytest.mark.parametrize(
    "other",
    ["npc-0053", "NPC-0053 ", " NPC-0053", "NPC-0053\u00a0", "NPC\u20110053", "NPC\u200b-0053", "\ufeffNPC-0053",
     "\uff2e\uff30\uff23-0053", "NPC-\uff10\uff1053", "NPC -0053", "NPC\u00ad-0053"],
)  # fmt: skip
def test_identifiers_that_look_the_same(other):
    assert same_identifier(other) == same_identifier("NPC-0053")


@pytest.mark.parametrize("other", ["NPC-0054", "NPC-053", "NPC-0053A", "NPC0053"])
def test_identifiers_that_differ(other):
    assert same_identifier(other) != same_identifier("NPC-0053")


def test_death_before_time_zero(design, checks):
    dead = {"adsl": [ADA | {"TRTSDT": "2026-01-06", "DTHDT": "2026-01-08"}, BEN]}
    ((frame, row, text),) = told(design, checks, "TTE-ORIGIN", dead)
    assert (frame, row) == ("adsl", 1)
    assert text.startswith("DEATH 2 days before RTSTDT, the time zero of OS, PFS, ")


def test_a_participant_in_treatment_is_not_asked_about(design, checks):
    """Twelve weeks after the start there may be no end yet; one more day, and there must be one."""
    rows = {"adsl": [ADA | {"RTENDT": ""}], "adassess": [SEEN]}
    early, late = (
        [f.rule for f in findings(design, checks, rows, cutoff=pd.Timestamp(day).date())]
        for day in ("2026-04-04", "2026-04-05")
    )
    assert "PERIOD-OPEN" not in early
    assert "PERIOD-OPEN" in late


def test_rows_are_those_of_the_file(design, checks):
    """A finding that names another row names it as it stands in the frame, the first record being 1."""
    stays = [STAY | {"USUBJID": "A-2"}, STAY, STAY | {"CASTDT": "2026-02-04"}]
    assert told(design, checks, "CARE-OVERLAP", {"adcare": stays}) == [
        ("adcare", 3, "begins before row 2 of the same kind ended")
    ]


class TestNeighbour:
    """A trial that declares nothing is asked nothing about radiotherapy, drugs, stages or responses."""

    @pytest.fixture
    def report(self, design):
        study = Study(design, frames_of(design, BOTH), Path("made"), False)
        return inspect_study(study, Checks(), cutoff=None)

    def test_page_does_not_speak_of_what_is_not_declared(self, report, tmp_path):
        page = write_report(report, tmp_path)[0].read_text(encoding="utf-8").lower()
        words = ("radiotherapy", "fraction", "cisplatin", "chemotherapy", "regimen", "technique", "diameter", "ctcae",
                 "criteri", "stage is", "images")  # fmt: skip
        assert [word for word in words if word in page] == []

    def test_neither_checked_nor_listed(self, report):
        ids = {rule.id for rule in report.rules}
        assert not {name for name in ids if name.startswith(("RT-", "ELIG-", "RAD-", "STAGE", "RS-SUM", "RS-COURSE"))}
        assert {"CONSENT-FIRST", "IDENTIFIER", "KNOWN-FROM", "TTE-ORIGIN", "DUPLICATE"} <= ids
        assert ids | {"AFTER-CUTOFF"} == {rule.id for rule in RULES if rule in report.rules}
        assert "AFTER-CUTOFF was not checked: no cut-off is given." in summary_lines(report)


class TestRead:
    def study(self, design):
        return Study(design, frames_of(design, BOTH), Path("made"), False)

    def test_notices_of_a_source_are_queries(self, design):
        read = ReadExport(self.study(design), notices={"adae": ("adae.AESER: code YES never occurs.",)})
        report = inspect_read(read, Checks(), cutoff=None)
        first = report.findings[0]
        assert (first.rule, first.severity, first.frame, first.row) == ("SOURCE", "query", "adae", 0)
        assert not report.analyzed

    def test_refusals_are_errors_with_their_rows(self, design):
        refusals = [Refusal("analysis x: cannot be.", "adae", 7), Refusal("analysis y: cannot be.")]
        report = inspect_read(ReadExport(self.study(design)), Checks(), cutoff=None, refusals=refusals)
        last = report.findings[-2:]
        assert [(f.rule, f.severity, f.frame, f.row, f.place) for f in last] == [
            ("ANALYSES", "error", "adae", 7, "7"),
            ("ANALYSES", "error", "", 0, ""),
        ]
        assert refusal_text(report).splitlines()[:2] == ["analysis x: cannot be.", "analysis y: cannot be."]

    def test_an_analysis_that_stops_without_a_reason_is_refused_too(self, design):
        study = self.study(design)

        def breaks(given):
            return 1 / sum(given["adsl"]["SEX"] != "M")

        assert trace_refusals(study, [("means", breaks)]) == []
        men = study.with_frames({"adsl": study["adsl"].assign(SEX="M")})
        (found,) = trace_refusals(men, [("means", breaks), ("fine", str)])
        assert (found.frame, found.row) == ("adsl", 1)
        assert found.text.startswith("analysis means: stops without a reason (ZeroDivisionError)")
