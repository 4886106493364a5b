"""Who was enrolled and treated, and the treatment that was delivered."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic
from plan.sessions import CONF_LEVEL, EVERY_SESSION, SUPPLEMENT

YES_NO = {"Y": "Yes", "N": "No"}
SEXES = {"F": "Female", "M": "Male"}
ECOG = {"0": "0", "1": "1"}
T_CATEGORIES = {"T1": "T1", "T2": "T2", "T3": "T3", "T4": "T4"}
N_CATEGORIES = {"N0": "N0", "N1": "N1", "N2": "N2", "N3": "N3"}
HISTOLOGIES = {
    "NK-undiff": "Non-keratinizing, undifferentiated",
    "NK-diff": "Non-keratinizing, differentiated",
    "K-SCC": "Keratinizing",
    "basaloid": "Basaloid",
}
INDUCTION = {
    "NONE": "Not planned",
    "I_GP": "Gemcitabine, cisplatin",
    "I_TPF": "Docetaxel, cisplatin, fluorouracil",
    "I_TP": "Docetaxel, cisplatin",
}
CONCURRENT = {
    "NONE": "Not planned",
    "C_QW": "Cisplatin weekly",
    "C_Q3W": "Cisplatin every 3 weeks",
    "C_Q2W": "Cisplatin every 2 weeks",
    "C_CARB": "Carboplatin",
}
DISEASE = "Disease (AJCC version 9)"

AGE = Characteristic("AGE", "Age", "Participant", "continuous", show="mean", unit="years")
# what may differ between those who were offered either treatment: the confounders that the registry records
CONFOUNDERS = (
    Characteristic("SEX", "Sex", "Participant", "binary", levels=SEXES, named="M"),
    Characteristic("ECOGBL", "ECOG performance status", "Participant", "binary", levels=ECOG, named="1"),
    Characteristic("CCI", "Charlson comorbidity index", "Participant", "continuous", show="mean", style="decimal2"),
    Characteristic("SMOKE", "Ever smoked", "Participant", "binary", levels=YES_NO, named="Y"),
    Characteristic("BETEL", "Ever chewed betel", "Participant", "binary", levels=YES_NO, named="Y"),
    Characteristic("SES", "Socio-economic score", "Participant", "continuous", show="mean", style="decimal2"),
    Characteristic("T9", "T category", DISEASE, "ordinal", levels=T_CATEGORIES, smd="categories"),
    Characteristic("N9", "N category", DISEASE, "ordinal", levels=N_CATEGORIES, smd="categories"),
    Characteristic(
        "STAGE9",
        "Stage",
        DISEASE,
        "ordinal",
        levels={"IA": "IA", "IB": "IB", "II": "II", "III": "III"},
        smd="categories",
    ),
    Characteristic(
        "WHOHIST",
        "Histology",
        DISEASE,
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
        DISEASE,
        "continuous",
        show="median",
        style="decimal0",
        unit="copies/mL",
        log_floor=30.0,
    ),
    Characteristic(
        "GTVPVOL",
        "Primary tumour volume",
        DISEASE,
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
)

BASELINE = BaselineSpec(
    id="baseline",
    label="Characteristics at enrolment",
    population="ENRL",
    sessions=(*EVERY_SESSION, *SUPPLEMENT),
    quantile_type=2,
    smd_denominator="average",
    conf_level=CONF_LEVEL,
    status="planned",
    characteristics=(
        replace(AGE, show=("mean", "range")),
        *CONFOUNDERS,
        Characteristic("ENRLDT", "Date of enrolment", "Calendar", "date"),
    ),
)

# sizes of analysis sets are published, so all tables that are have the same one; extremes and dates are of one person
PUBLIC_BASELINE = replace(
    BASELINE,
    id="baseline-treated",
    label="Characteristics of participants treated",
    population="RT",
    sessions=("public",),
    characteristics=(AGE, *CONFOUNDERS),
)
