"""How the arms are made alike: what was known before treatment, and the weights made of it."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.adjustment.spec import Adjustment, Covariate, Trim
from plan.baseline import ECOG, N_CATEGORIES, SEXES, T_CATEGORIES

INDUCTION = {
    "NONE": "not planned",
    "I_GP": "gemcitabine, cisplatin",
    "I_TPF": "docetaxel, cisplatin, fluorouracil",
    "I_TP": "docetaxel, cisplatin",
}

# what was known when the modality was chosen and bears on the outcome; nothing that was delivered, nor any dose
CONFOUNDERS = (
    Covariate("AGE", "age", "continuous", per=10.0, spline_df=3),
    Covariate("SEX", "sex", "categorical", levels=SEXES),
    Covariate("ECOGBL", "ECOG performance status", "categorical", levels=ECOG),
    Covariate("CCI", "Charlson comorbidity index", "continuous"),
    Covariate("SMOKE", "ever smoked", "categorical", levels={"N": "no", "Y": "yes"}),
    Covariate("SES", "socio-economic score", "continuous"),
    Covariate("T9", "T category", "categorical", levels=T_CATEGORIES),
    Covariate("N9", "N category", "categorical", levels=N_CATEGORIES),
    Covariate("GTVPVOL", "primary tumour volume", "log2", floor=0.1),
    Covariate("EBVBL", "plasma EBV DNA", "log2", floor=30.0, spline_df=3),
    Covariate("INDREG", "planned induction", "categorical", levels=INDUCTION, blank="NONE"),
    Covariate("ENRLDT", "date of enrolment", "date"),
)

OVERLAP = Adjustment(
    "overlap",
    "Overlap weights",
    CONFOUNDERS,
    estimand="ato",
    stabilized=False,
    trim=Trim("none"),
    missing="complete",
    imputations=0,
    iterations=0,
    donors=0,
    variance="m-estimation",
    replicates=0,
    seed=0,
)
INVERSE = replace(OVERLAP, name="inverse", label="Inverse probability weights", estimand="ate", stabilized=True)
IMPUTED = replace(
    OVERLAP,
    name="imputed",
    label="Overlap weights, covariates imputed",
    missing="imputed",
    imputations=20,
    iterations=10,
    donors=5,
    seed=7232680,
)
ADJUSTMENTS = (OVERLAP, IMPUTED, INVERSE)
