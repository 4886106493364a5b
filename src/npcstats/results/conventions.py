"""Statistical conventions and what to ask R or SAS for to obtain the same number.

Keyed by a choice that an analysis recorded in its catalogue entry; whatever choice is in force is printed at the end
of every document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from npcstats.results.catalogue import Analysis, Choice

Words = Mapping[str, str]

_KNOWN: dict[tuple[str, Choice], Words] = {
    ("rounding", "half-away"): {
        "topic": "Rounding",
        "convention": "To 15 significant digits, then half away from zero",
        "r": "janitor::round_half_up()",
        "sas": "ROUND()",
    },
    ("rounding", "half-even"): {
        "topic": "Rounding",
        "convention": "To 15 significant digits, then half to even",
        "r": "round()",
        "sas": "ROUNDE()",
    },
    ("estimand", "unadjusted"): {
        "topic": "Estimand",
        "convention": "Arms as they were observed, nothing adjusted for",
        "r": "model ~ arm",
        "sas": "MODEL = arm",
    },
    ("estimand", "conditional"): {
        "topic": "Estimand of an adjusted ratio",
        "convention": "Between participants alike in every covariate and stratum of the model",
        "r": "model ~ arm + covariates",
        "sas": "MODEL = arm covariates",
    },
    ("quantile_type", 2): {
        "topic": "Quartiles",
        "convention": "Hyndman–Fan type 2",
        "r": "quantile(type = 2)",
        "sas": "PCTLDEF=5 (default)",
    },
    ("quantile_type", 6): {
        "topic": "Quartiles",
        "convention": "Hyndman–Fan type 6",
        "r": "quantile(type = 6)",
        "sas": "PCTLDEF=4",
    },
    ("quantile_type", 7): {
        "topic": "Quartiles",
        "convention": "Hyndman–Fan type 7",
        "r": "quantile() (default)",
        "sas": "none",
    },
    ("smd_denominator", "average"): {
        "topic": "Standardized difference",
        "convention": "Over the root of the average of the arms' variances",
        "r": "tableone::ExtractSmd()",
        "sas": "PROC PSMATCH STDDEV=POOLED",
    },
    ("smd_denominator", "treated"): {
        "topic": "Standardized difference",
        "convention": "Over the first arm's standard deviation",
        "r": "MatchIt::summary()",
        "sas": "PROC PSMATCH STDDEV=TREATED",
    },
    ("interval", "clopper-pearson"): {
        "topic": "Limits of a proportion",
        "convention": "Clopper–Pearson, exact",
        "r": "binom.test()",
        "sas": "PROC FREQ, BINOMIAL(CL=EXACT)",
    },
    ("interval", "wilson"): {
        "topic": "Limits of a proportion",
        "convention": "Wilson, no continuity correction",
        "r": "prop.test(correct = FALSE)",
        "sas": "PROC FREQ, BINOMIAL(CL=WILSON)",
    },
    ("difference", "newcombe"): {
        "topic": "Limits of a risk difference",
        "convention": "Newcombe hybrid score, no continuity correction",
        "r": 'DescTools::BinomDiffCI(method = "score")',
        "sas": "PROC FREQ, RISKDIFF(CL=NEWCOMBE)",
    },
    ("difference", "miettinen-nurminen"): {
        "topic": "Limits of a risk difference",
        "convention": "Miettinen–Nurminen score",
        "r": 'DescTools::BinomDiffCI(method = "mn")',
        "sas": "PROC FREQ, RISKDIFF(CL=MN)",
    },
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
    ("ties", "efron"): {
        "topic": "Cox regression",
        "convention": "Ties by Efron; Wald limits; Firth's penalty where there is no maximum",
        "r": "coxph() (default); coxphf::coxphf()",
        "sas": "PROC PHREG, TIES=EFRON; FIRTH",
    },
    ("ties", "breslow"): {
        "topic": "Cox regression",
        "convention": "Ties by Breslow; Wald limits; Firth's penalty where there is no maximum",
        "r": 'coxph(ties = "breslow"); coxphf::coxphf()',
        "sas": "PROC PHREG (default); FIRTH",
    },
    ("stratified", True): {
        "topic": "Cox regression, stratified",
        "convention": "A baseline hazard for each combination of the strata, one ratio for all",
        "r": "coxph(~ arm + strata())",
        "sas": "PROC PHREG, STRATA",
    },
    ("model", "fine-gray"): {
        "topic": "Subdistribution hazards",
        "convention": "Fine–Gray, one censoring distribution, sandwich variance",
        "r": "cmprsk::crr()",
        "sas": "PROC PHREG, EVENTCODE=",
    },
    ("ph_transform", "km"): {
        "topic": "Proportional hazards",
        "convention": "Score test on the Kaplan–Meier scale of time",
        "r": "cox.zph(terms = FALSE), survival 3 or later",
        "sas": "PROC PHREG, ZPH(TRANSFORM=KM), another test",
    },
    ("mean_difference", "welch"): {
        "topic": "Difference of mean changes",
        "convention": "Welch, unequal variances",
        "r": "t.test() (default)",
        "sas": "PROC TTEST, Satterthwaite row",
    },
    ("mean_difference", "pooled"): {
        "topic": "Difference of mean changes",
        "convention": "Common variance",
        "r": "t.test(var.equal = TRUE)",
        "sas": "PROC TTEST, pooled row",
    },
}


def conventions_in_force(rounding: str, analyses: Iterable[Analysis]) -> dict[str, Words]:
    """Conventions that the analyses of a session follow.

    Parameters
    ----------
    rounding : str
        From the plan.
    analyses : iterable of Analysis
        Their choices are looked up.

    Returns
    -------
    dict of str to mapping of str to str
        By choice and value: topic, convention, R and SAS equivalents; in the order of the knowledge above.
    """
    chosen: set[tuple[str, Choice]] = {("rounding", rounding)} | {
        pair for analysis in analyses for pair in analysis.choices.items()
    }
    return {
        f"{name}-{'yes' if value is True else value}": words
        for (name, value), words in _KNOWN.items()
        if (name, value) in chosen
    }
