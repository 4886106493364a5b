"""Sixty participants, every scale and statistic of a table of characteristics."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic, Subgrouping
from npcstats.study import Study

SEXES = {"F": "Female", "M": "Male"}
STAGES = {"IB": "Stage IB", "II": "Stage II", "III": "Stage III"}
AGE = Characteristic("AGE", "Age", "Person", "continuous", show=("mean", "range"), unit="years", spread="decimal2",
                     test="welch")  # fmt: skip
SEX = Characteristic("SEX", "Sex", "Person", "binary", levels=SEXES, named="M", test="fisher")
STAGE = Characteristic("STAGE9", "Stage", "Disease", "ordinal", levels=STAGES, smd="scores", test="cochran-armitage")
INDUCTION = Characteristic("INDREG", "Induction", "Disease", "categorical", levels={"NO": "None", "I_GP": "GP"},
                           blank="NO", test="chi-square-corrected")  # fmt: skip
EBV = Characteristic("EBVBL", "EBV DNA", "Disease", "continuous", show=("median", "geometric-sd", "geometric-cv"),
                     style="decimal0", together=True, log_floor=30.0, test="wilcoxon-corrected")  # fmt: skip
ENROLLED = Characteristic("ENRLDT", "Enrolment", "Calendar", "date", test="kruskal-wallis")
SPEC = BaselineSpec(
    id="who", label="Who", population="EVERY", sessions=("only",), quantile_type=2, smd_denominator="average",
    status="planned", conf_level=0.95, multiplicity="holm", split=Subgrouping("STAGE9", "Stage", STAGES),
    characteristics=(AGE, SEX, STAGE, INDUCTION, EBV, ENROLLED),
)  # fmt: skip


def with_ebv(crowd: Study) -> Study:
    """Sixty participants with EBV DNA: ten not detected, six not measured, and two of unknown stage."""
    draw = np.random.default_rng(3)
    ebv = np.round(np.exp(draw.normal(7, 2, 60)))
    ebv[:10], ebv[20:26] = 0, np.nan
    stage = crowd["adsl"]["STAGE9"].to_numpy(dtype=object).copy()
    stage[[5, 40]] = ""
    design = replace(crowd.design, treatment_columns={"adsl": ("TRT01P", "TRT01A")})
    return replace(crowd, design=design).with_frames({"adsl": crowd["adsl"].assign(EBVBL=ebv, STAGE9=stage)})


def only(*items: Characteristic, **changed: object) -> BaselineSpec:
    """The plan's entry with these characteristics, without what they have no use for."""
    tested = any(item.test for item in items)
    plain = {"characteristics": items, "split": None, "multiplicity": SPEC.multiplicity if tested else ""}
    return replace(SPEC, **{**plain, **changed})
