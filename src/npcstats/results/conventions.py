"""Statistical conventions and what to ask R or SAS for to obtain the same number.

Keyed by a choice that an analysis recorded in its catalogue entry; whatever choice is in force is printed at the end
of every document. Here stand those that several kinds of analysis share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from npcstats.results.catalogue import Analysis, Choice

Words = Mapping[str, str]
Conventions = Mapping[tuple[str, Choice], Words]
"""By choice and value: topic, convention, R and SAS equivalents."""

PAGE_ORDER = (
    ("rounding",),
    ("estimand",),
    ("quantile_type",),
    ("smd_denominator",),
    ("interval",),
    ("difference",),
    ("conf_type", "follow_up", "test"),
    ("incidence", "incidence_conf_type", "gray"),
    ("ties", "stratified", "model", "ph_transform"),
    ("mean_difference",),
)
"""Choices in the order of the page; those of one line as their kind orders them, and all others after these."""

CONVENTIONS: Conventions = {
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
    ("estimand", "ate"): {
        "topic": "Estimand ATE",
        "convention": "Average treatment effect among all participants of the set; weights 1/e and 1/(1 − e)",
        "r": 'WeightIt::weightit(estimand = "ATE")',
        "sas": "PROC CAUSALTRT, METHOD=IPWR",
    },
    ("estimand", "att"): {
        "topic": "Estimand ATT",
        "convention": "Average treatment effect among those of the first arm; weights 1 and e/(1 − e)",
        "r": 'WeightIt::weightit(estimand = "ATT")',
        "sas": "PROC CAUSALTRT, ATT METHOD=IPWR",
    },
    ("estimand", "ato"): {
        "topic": "Estimand ATO",
        "convention": "Average treatment effect in the overlap population, who could have had either treatment; "
        "weights 1 − e and e",
        "r": 'PSweight(weight = "overlap")',
        "sas": "PROC PSMATCH, overlap weights 1 − e and e",
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
}
"""Conventions that several kinds of analysis share; what only one kind has is in the ``rows.py`` of its folder."""

_PLACES = {name: place for place, names in enumerate(PAGE_ORDER) for name in names}


def conventions_in_force(rounding: str, analyses: Iterable[Analysis], known: Conventions) -> dict[str, Words]:
    """Conventions that the analyses of a session follow.

    Parameters
    ----------
    rounding : str
        From the plan.
    analyses : iterable of Analysis
        Their choices are looked up.
    known : mapping of (str, str or other plain value) to mapping of str to str
        Every convention that can be in force: those that kinds share, and each kind's own.

    Returns
    -------
    dict of str to mapping of str to str
        By choice and value: topic, convention, R and SAS equivalents; in page order.
    """
    # several choices of one sort are told apart after a point: ``estimand.overlap`` is one of ``estimand``
    chosen: set[tuple[str, Choice]] = {("rounding", rounding)} | {
        (name.partition(".")[0], value) for analysis in analyses for name, value in analysis.choices.items()
    }
    in_order = sorted(known, key=lambda pair: _PLACES.get(pair[0], len(PAGE_ORDER)))
    return {
        f"{name}-{'yes' if value is True else value}": known[name, value]
        for name, value in in_order
        if (name, value) in chosen
    }
