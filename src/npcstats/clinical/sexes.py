"""Terms of CTCAE that only one sex can have. It knows the dictionary's terms only."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FEMALE, MALE = "F", "M"

_FEMALE_TERMS = (
    "Amenorrhea",
    "Cervicitis infection",
    "Dysmenorrhea",
    "Fallopian tube anastomotic leak",
    "Fallopian tube obstruction",
    "Fallopian tube perforation",
    "Hematosalpinx",
    "Irregular menstruation",
    "Lactation disorder",
    "Menorrhagia",
    "Ovarian hemorrhage",
    "Ovarian infection",
    "Ovarian rupture",
    "Ovulation pain",
    "Pregnancy loss",
    "Premature delivery",
    "Premature menopause",
    "Uterine anastomotic leak",
    "Uterine fistula",
    "Uterine hemorrhage",
    "Uterine infection",
    "Uterine obstruction",
    "Uterine pain",
    "Uterine perforation",
    "Vaginal anastomotic leak",
    "Vaginal discharge",
    "Vaginal dryness",
    "Vaginal fistula",
    "Vaginal hemorrhage",
    "Vaginal infection",
    "Vaginal inflammation",
    "Vaginal obstruction",
    "Vaginal pain",
    "Vaginal perforation",
    "Vaginal stricture",
    "Vulval infection",
)
_MALE_TERMS = (
    "Azoospermia",
    "Ejaculation disorder",
    "Erectile dysfunction",
    "Feminization acquired",
    "Gynecomastia",
    "Oligospermia",
    "Penile infection",
    "Penile pain",
    "Prostate infection",
    "Prostatic hemorrhage",
    "Prostatic obstruction",
    "Prostatic pain",
    "Scrotal infection",
    "Scrotal pain",
    "Spermatic cord anastomotic leak",
    "Spermatic cord hemorrhage",
    "Spermatic cord obstruction",
    "Testicular disorder",
    "Testicular hemorrhage",
    "Testicular pain",
)
SEX_OF_TERM: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(_FEMALE_TERMS, FEMALE) | dict.fromkeys(_MALE_TERMS, MALE)
)
"""Terms of CTCAE 5.0, and the sex that can have them, as CDISC codes it."""
