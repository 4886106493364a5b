"""How the arms are made alike: what was known before treatment, and the weights made of it."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.adjustment.spec import Adjustment, Covariate, Trim
from npcstats.analyses.propensity.spec import Balanced, PropensitySpec
from plan.baseline import CONCURRENT, ECOG, HISTOLOGIES, INDUCTION, N_CATEGORIES, SEXES, T_CATEGORIES
from plan.sessions import CONF_LEVEL

NO_YES = {"N": "No", "Y": "Yes"}
# what was known when the modality was chosen and bears on the outcome; nothing that was delivered, nor any dose
CONFOUNDERS = (
    Covariate("AGE", "age", "continuous", per=10.0, spline_df=3),
    Covariate("SEX", "sex", "categorical", levels=SEXES),
    Covariate("ECOGBL", "ECOG performance status", "categorical", levels=ECOG),
    Covariate("CCI", "Charlson comorbidity index", "continuous"),
    Covariate("SMOKE", "ever smoked", "categorical", levels=NO_YES),
    Covariate("BETEL", "ever chewed betel", "categorical", levels=NO_YES),
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
    iterations=5,
    donors=5,
    seed=7232680,
)
ADJUSTMENTS = (OVERLAP, IMPUTED, INVERSE)
TREATED = replace(OVERLAP, name="treated", label="Weights of those treated", estimand="att")
TRIMMED = replace(INVERSE, name="trimmed", label="Inverse probability weights, trimmed", trim=Trim("range", 0.05, 0.95))

AGE, SEX, ECOG_STATUS, CCI, SMOKE, BETEL, SES, T9, N9, GTV, EBV, INDUCED, ENROLLED = CONFOUNDERS

BALANCE = PropensitySpec(
    id="balance",
    label="Balance of the arms",
    population="RT",
    sessions=("final",),
    adjustments=(OVERLAP, INVERSE, TREATED, TRIMMED, IMPUTED),
    characteristics=(
        Balanced(AGE, "Age", "decimal1", "years"),
        Balanced(SEX, "Sex"),
        Balanced(ECOG_STATUS, "ECOG performance status"),
        Balanced(CCI, "Charlson comorbidity index", "decimal2"),
        Balanced(SMOKE, "Ever smoked"),
        Balanced(BETEL, "Ever chewed betel"),
        Balanced(SES, "Socio-economic score", "decimal2"),
        Balanced(T9, "T category"),
        Balanced(N9, "N category"),
        Balanced(Covariate("WHOHIST", "histology", "categorical", levels=HISTOLOGIES), "Histology"),
        Balanced(GTV, "Primary tumour volume", "decimal1", "mL"),
        Balanced(EBV, "Plasma EBV DNA", "decimal0", "copies/mL"),
        Balanced(INDUCED, "Planned induction"),
        Balanced(
            Covariate("CONREG", "planned concurrent regimen", "categorical", levels=CONCURRENT, blank="NONE"),
            "Planned concurrent regimen",
        ),
        Balanced(ENROLLED, "Date of enrolment"),
    ),
    bin_width=0.05,
    smd_denominator="average",
    smd_limit=0.1,
    conf_level=CONF_LEVEL,
    least_overlap=0.45,
    least_effective=0.5,
    status="planned",
)
