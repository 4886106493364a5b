"""Laboratory records of the trial of eight, and an entry that grades them, for tests of rows and of tables.

Neutrophils, lower limit 1.8, cuts 1.5, 1.0 and 0.5. The early period begins with radiotherapy and ends 90 days after
it; P06 is still in it at the cut-off, P07 never begins it. P04 has no value in it, only one on the day after it.
Baseline grades: P05 1 (1.6 on the day of the first dose), P02 3, P03 and P04 0; P01 has none, since its first value is
of the day after the first dose. Worst grades: P05 3 (0.5 is grade 3), P01 3, P02 4, P03 1 (1.79; 1.8 is normal).
"""

from __future__ import annotations

import pandas as pd

from npcstats.analyses.laboratory.spec import (
    Agreement,
    LaboratoryParameter,
    LaboratorySpec,
    LaboratoryWindow,
    Recovery,
)
from npcstats.derive import NormalLimits

TERM = "Neutrophil count decreased"
NEUTROPHILS = LaboratoryParameter(
    code="ANC", label="Neutrophils", term=TERM, unit="10^9/L", style="decimal2", recorded_limits=False,
    limits=(NormalLimits(lower=1.8),),
)  # fmt: skip
CELLS = LaboratorySpec(
    id="cells", label="Cells", population="DOSED", sessions=("only",), version="5.0", parameters=(NEUTROPHILS,),
    windows=(LaboratoryWindow("early", "Early", "early", "window-complete"),), without_baseline="grade-0",
    recovery=Recovery(1, or_baseline=True), agreement=Agreement((3,), 7, ("early",)), conf_level=0.95,
    interval="clopper-pearson", difference="newcombe", quantile_type=2, conf_type="log-log", estimand="unadjusted",
    status="planned",
)  # fmt: skip
VALUES = (
    ("P05", "2025-01-10", 5.0), ("P05", "2025-01-20", 1.6), ("P05", "2025-02-10", 1.5), ("P05", "2025-02-20", 0.5),
    ("P05", "2025-03-20", 1.6),
    ("P01", "2025-02-21", 0.9), ("P01", "2025-03-10", 1.2), ("P01", "2025-07-06", 1.0),
    ("P02", "2025-01-30", 0.9), ("P02", "2025-03-01", 0.8), ("P02", "2025-04-01", 0.4), ("P02", "2025-04-08", 0.6),
    ("P03", "2025-03-20", 2.0), ("P03", "2025-04-15", 1.8), ("P03", "2025-05-01", 1.79),
    ("P04", "2025-04-10", 3.0), ("P04", "2025-08-30", 0.3),
    ("P06", "2025-11-20", 0.3), ("P07", "2025-03-20", 0.3),
)  # fmt: skip
REPORTS = (
    ("P05", 3, "2025-02-27", "2025-03-05"), ("P02", 2, "2025-03-28", None), ("P03", 3, "2025-05-01", "2025-05-03"),
    ("P04", 3, "2025-06-01", "2025-06-10"), ("P06", 3, "2025-11-20", None),
)  # fmt: skip


def values_frame(values, *, code="ANC", unit="10^9/L"):
    """Records of adlb from participant, day and value."""
    who, day, value = zip(*values, strict=True)
    return pd.DataFrame({
        "USUBJID": who, "PARAMCD": code, "ADT": pd.to_datetime(list(day)).astype("datetime64[s]"), "AVISIT": "",
        "AVAL": pd.array(value, dtype=float).to_numpy(), "AVALC": [str(item) for item in value], "AVALU": unit,
        "LLOQ": float("nan"), "ASSAYVER": "",
    })  # fmt: skip


def reports_frame(reports, *, term=TERM):
    """Records of adae from participant, grade, first and last day."""
    who, grade, start, end = zip(*reports, strict=True)
    return pd.DataFrame({
        "USUBJID": who, "AESEQ": range(len(who)), "AEBODSYS": "Investigations", "AEDECOD": term,
        "AETOXGR": [float(item) for item in grade], "AESER": "N", "AEREL": "NONE",
        "ASTDT": pd.to_datetime(list(start)).astype("datetime64[s]"),
        "AENDT": pd.to_datetime(list(end)).astype("datetime64[s]"), "AEACN": "", "AEOUT": "",
    })  # fmt: skip


def examined(study, values=VALUES, reports=REPORTS):
    """The trial of eight with these laboratory records and events."""
    return study.with_frames({"adlb": values_frame(values), "adae": reports_frame(reports)})
