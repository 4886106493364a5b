"""Who was randomised, and the treatment that was given."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic
from plan.sessions import EVERY_SESSION

REGIONS = {"ASIA": "Asia", "EUROPE": "Europe", "AMERICAS": "Americas"}
PRIOR = {"NONE": "None", "ANY": "Any"}
SEXES = {"F": "Female", "M": "Male"}
ECOG = {"0": "0", "1": "1", "2": "2"}

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

BASELINE_TREATED = replace(BASELINE, id="baseline-treated", label="Characteristics of those treated", population="SAF")
