"""Words of the rows of survival and of follow-up."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results.conventions import Conventions

MEASURES: Mapping[str, str] = {
    "median_survival": "time by which half have had the event",
    "follow_up": "quantile of follow-up, by reverse Kaplan-Meier",
    "logrank": "log-rank test of equal curves",
    "trend": "test for a trend of survival over ordered groups",
}

CONVENTIONS: Conventions = {
    ("conf_type", "log-log"): {
        "topic": "Limits of a survival probability",
        "convention": "Greenwood variance, log–log scale",
        "r": 'survfit(conf.type = "log-log")',
        "sas": "PROC LIFETEST CONFTYPE=LOGLOG (default)",
    },
    ("conf_type", "log"): {
        "topic": "Limits of a survival probability",
        "convention": "Greenwood variance, logarithmic scale",
        "r": "survfit() (default)",
        "sas": "PROC LIFETEST CONFTYPE=LOG",
    },
    ("conf_type", "plain"): {
        "topic": "Limits of a survival probability",
        "convention": "Greenwood variance, untransformed",
        "r": 'survfit(conf.type = "plain")',
        "sas": "PROC LIFETEST CONFTYPE=LINEAR",
    },
    ("follow_up", "reverse-kaplan-meier"): {
        "topic": "Follow-up",
        "convention": "Reverse Kaplan–Meier; midpoint of a plateau at one half",
        "r": "survfit(Surv(time, 1 - event) ~ 1)",
        "sas": "PROC LIFETEST, events and censorings exchanged",
    },
    ("conf_type", "beta-product"): {
        "topic": "Limits of a survival probability",
        "convention": "Beta product, method of moments",
        "r": "bpcp::bpcp()",
        "sas": "none",
    },
    ("test", "log-rank"): {
        "topic": "Test of curves",
        "convention": "Log-rank, not stratified, not adjusted",
        "r": "survdiff()",
        "sas": "PROC LIFETEST, STRATA",
    },
    ("test", "stratified log-rank"): {
        "topic": "Test of curves, stratified",
        "convention": "Log-rank within strata, summed",
        "r": "survdiff(~ arm + strata())",
        "sas": "PROC LIFETEST, STRATA / GROUP=",
    },
    ("test", "stratified trend"): {
        "topic": "Test for trend, stratified",
        "convention": "Tarone's within strata, summed; groups scored 0, 1, 2, … in their order",
        "r": "contrast of survdiff(~ arm + strata())$obs, $exp and $var",
        "sas": "PROC LIFETEST, STRATA / GROUP= TREND",
    },
    ("test", "stratified fleming-harrington"): {
        "topic": "Test of curves, weighted and stratified",
        "convention": "Fleming–Harrington within strata, summed; curve of all of a stratum just before each time",
        "r": "survdiff(~ arm + strata(), rho =), where gamma is 0",
        "sas": "PROC LIFETEST, STRATA / GROUP= TEST=FLEMING()",
    },
    ("test", "trend"): {
        "topic": "Test for trend",
        "convention": "Tarone's, groups scored 0, 1, 2, … in their order",
        "r": "contrast of survdiff()$obs, $exp and $var",
        "sas": "PROC LIFETEST, STRATA / TREND",
    },
    ("test", "fleming-harrington"): {
        "topic": "Test of curves, weighted",
        "convention": "Fleming–Harrington, curve of all groups just before each time",
        "r": "survdiff(rho =), where gamma is 0",
        "sas": "PROC LIFETEST, STRATA / TEST=FLEMING()",
    },
}
