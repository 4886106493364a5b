"""Care and weights of the eight, with what can be worked out by hand, and what a plan asks of them.

========== ==================================================================================================
who        feeding tube
========== ==================================================================================================
P05 (X)    from 10 days before radiotherapy, removed after it
P01 (X)    removed on day 91 after the end of radiotherapy, 2025-07-06
P06 (X)    open at the cut-off; last known alive 2025-12-20
P02 (Y)    open, and in place at death on 2025-09-01
P03 (Y)    two that overlap
P04, P07   none; P04 last known alive 2025-08-01, P07 without radiotherapy
========== ==================================================================================================
"""

from __future__ import annotations

import io
from dataclasses import replace

import pandas as pd

from npcstats.analyses.care.spec import CareItem, CareSpec, WeightSpec
from npcstats.derive import GradeWindow
from npcstats.study import Study

RECORDS = """\
USUBJID,KIND,CASTDT,CAENDT
P03,FEEDING-TUBE,2025-06-01,2025-06-30
P05,FEEDING-TUBE,2025-01-10,2025-03-25
P01,FEEDING-TUBE,2025-03-15,2025-07-06
P06,FEEDING-TUBE,2025-12-01,
P02,FEEDING-TUBE,2025-03-05,
P03,FEEDING-TUBE,2025-05-01,2025-06-10
P02,HOSPITAL,2025-04-10,2025-04-10
P02,HOSPITAL,2025-03-01,2025-03-05
P03,HOSPITAL,2025-08-14,2025-08-20
P01,RT-INTERRUPTION,2025-03-10,2025-03-12
P05,RT-INTERRUPTION,2025-02-10,2025-02-11
"""
WEIGHTS = """\
USUBJID,PARAMCD,ADT,AVAL,AVALU
P05,WEIGHT,2025-01-19,84.0,kg
P05,WEIGHT,2025-01-20,80.0,kg
P05,WEIGHT,2025-02-10,76.0,kg
P01,WEIGHT,2025-02-18,70.0,kg
P01,WEIGHT,2025-03-13,63.0,kg
P01,WEIGHT,2025-05-01,66.0,kg
P02,WEIGHT,2025-02-22,60.0,kg
P03,WEIGHT,2025-04-01,50.0,kg
P03,WEIGHT,2025-04-22,51.0,kg
P04,WEIGHT,2025-04-10,90.0,kg
"""
EARLY = GradeWindow("early", "Early", period="early", counting="onset-or-persistence", evaluable="window-complete")
TUBE = CareItem("tube", "Feeding tube", "FEEDING-TUBE", ("early",), "not counted", before="RTSTDT", lasting=True,
                months=(3.0, 6.0), weekly=True)  # fmt: skip
STAY = CareItem("stay", "Hospital", "HOSPITAL", ("early",), "not counted", amounts="Admissions")
PAUSE = CareItem("pause", "Pause", "RT-INTERRUPTION", ("early",), "counted", least_days=3, amounts="Pauses")
CARED = CareSpec(
    id="care", label="Care", population="DOSED", sessions=("only",), items=(TUBE, STAY, PAUSE), windows=(EARLY,),
    followed=("VITAL",), since="RTENDT", origin="RTSTDT", weeks=(0.0, 4.0, 12.0), minimum_followed=2, at_death="ends",
    quantile_type=2, conf_level=0.95, interval="clopper-pearson", difference="newcombe", conf_type="log-log",
    estimand="unadjusted", status="planned",
)  # fmt: skip
WEIGHED = WeightSpec(
    id="weight", label="Weight", population="DOSED", sessions=("only",), param="WEIGHT", unit="kg", baseline="TRTSDT",
    windows=(EARLY,), visits=("V1", "V2"), version="5.0", conf_level=0.95, interval="clopper-pearson",
    difference="newcombe", mean_difference="welch", quantile_type=2, estimand="unadjusted", status="planned",
)  # fmt: skip


def of_item(item: CareItem, **changed: object) -> CareSpec:
    """The analysis of one kind of care, changed."""
    return replace(CARED, items=(replace(item, **changed),))


def with_care(known: Study, records: str = RECORDS) -> Study:
    """The eight with these records of care."""
    return known.with_frames({"adcare": _read(records, "CASTDT", "CAENDT")})


def with_weights(known: Study, records: str = WEIGHTS) -> Study:
    """The eight with these weights beside their other values."""
    adlb = pd.concat([known["adlb"], _read(records, "ADT").assign(AVALC="")], ignore_index=True)
    return known.with_frames({"adlb": adlb})


def _read(text: str, *dates: str) -> pd.DataFrame:
    frame = pd.read_csv(io.StringIO(text))
    return frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in dates})
