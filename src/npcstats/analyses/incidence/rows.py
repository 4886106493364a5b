"""Words of the rows of cumulative incidence."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results.conventions import Conventions

MEASURES: Mapping[str, str] = {
    "gray": "Gray's test of equal incidence",
}

CONVENTIONS: Conventions = {
    ("incidence", "aalen-johansen"): {
        "topic": "Cumulative incidence",
        "convention": "Aalen–Johansen, jackknife variance",
        "r": "survfit(Surv(time, factor(cause)) ~ 1)",
        "sas": "PROC LIFETEST, EVENTCODE= (another variance)",
    },
    ("incidence_conf_type", "log-log"): {
        "topic": "Limits of an incidence",
        "convention": "log–log scale",
        "r": 'survfit(conf.type = "log-log")',
        "sas": "PROC LIFETEST CONFTYPE=LOGLOG (default)",
    },
    ("incidence_conf_type", "log"): {
        "topic": "Limits of an incidence",
        "convention": "Logarithmic scale",
        "r": "survfit() (default)",
        "sas": "PROC LIFETEST CONFTYPE=LOG",
    },
    ("incidence_conf_type", "plain"): {
        "topic": "Limits of an incidence",
        "convention": "Untransformed",
        "r": 'survfit(conf.type = "plain")',
        "sas": "PROC LIFETEST CONFTYPE=LINEAR",
    },
    ("gray", "yes"): {
        "topic": "Test of incidences",
        "convention": "Gray's, rho 0, own censoring in each arm",
        "r": "cmprsk::cuminc()",
        "sas": "PROC LIFETEST, EVENTCODE= and STRATA",
    },
    ("gray", "stratified"): {
        "topic": "Test of incidences, stratified",
        "convention": "Gray's, rho 0, within strata, summed",
        "r": "cmprsk::cuminc(strata =)",
        "sas": "PROC LIFETEST, EVENTCODE= and STRATA / GROUP=",
    },
}
