"""What a plan says of characteristics, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from npcstats.analyses.baseline.rows import SHOWN
from npcstats.choices import choice_faults, faults_within
from npcstats.estimators.continuous import COUNT_TESTS, MULTIPLICITY, VALUE_TESTS
from npcstats.formatting import STYLES
from npcstats.study import Status

Scale = Literal["continuous", "categorical", "ordinal", "binary", "date"]
Show = Literal["mean", "median", "range", "geometric-sd", "geometric-cv"]

VALUED, COUNTED = ("continuous", "date"), ("categorical", "ordinal", "binary")
"""Scales of numbers, and of levels that are counted."""
_OF_RANKS = ("cochran-armitage", "wilcoxon", "wilcoxon-corrected", "kruskal-wallis")
_NOMINAL = tuple(test for test in COUNT_TESTS if test not in _OF_RANKS)
_TESTS: Mapping[str, tuple[str, ...]] = {
    "continuous": VALUE_TESTS,
    "date": VALUE_TESTS,
    "categorical": _NOMINAL,
    "binary": _NOMINAL,
    "ordinal": COUNT_TESTS,
}


@dataclass(frozen=True)
class Characteristic:
    """One characteristic.

    Parameters
    ----------
    column : str
        Column of ADSL, or a variable that the table derives.
    label, block : str
        Its name on the page and the group of rows it stands in.
    scale : {"continuous", "categorical", "ordinal", "binary", "date"}
        What is summarized: numbers; levels without and with an order; of two levels the one `named`, in one line; the
        first, the median and the last date.
    show : {"mean", "median", "range", "geometric-sd", "geometric-cv"}, or several
        What a table shows of a continuous characteristic: mean (SD), median (quartiles), smallest to largest value,
        geometric mean with its standard deviation or its coefficient of variation.
    style : str
        Formatting style of a continuous characteristic's location.
    unit : str
        Unit of a continuous characteristic.
    levels : mapping of str to str
        Codes of a characteristic that is counted and their labels, in page order; empty levels are kept.
    blank : str
        Code that an empty value stands for, where it does not mean a missing one.
    log_floor : float, optional
        For a skewed characteristic: its standardized difference, its geometric mean and its test are those of the
        logarithm, smaller values counting as this one.
    together : bool
        Whether several statistics stand in one line.
    named : str
        Level of a binary characteristic whose share is shown.
    smd : {"", "scores", "categories"}
        Of what an ordinal characteristic's standardized difference is: of the scores 1 to k, with a sign, or of the
        categories whatever their order, without.
    test : str
        Test of whether arms differ; none if empty. Of numbers ``t``, ``welch``, ``anova``, ``wilcoxon``,
        ``wilcoxon-corrected`` or ``kruskal-wallis``, of levels ``chi-square``, ``chi-square-corrected`` or ``fisher``,
        of ordered ones also ``cochran-armitage`` and those of ranks.
    """

    column: str
    label: str
    block: str
    scale: Scale
    show: Show | tuple[Show, ...] = "median"
    style: str = "decimal1"
    unit: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    blank: str = ""
    log_floor: float | None = None
    together: bool = False
    named: str = ""
    smd: str = ""
    test: str = ""
    spread: str = ""

    @property
    def shown(self) -> tuple[str, ...]:
        """Statistics that a table shows of it.

        Returns
        -------
        tuple of str
            In page order; empty where it is not continuous.
        """
        if self.scale != "continuous":
            return ()
        return (self.show,) if isinstance(self.show, str) else tuple(self.show)


@dataclass(frozen=True)
class Subgrouping:
    """What a table of characteristics is split by.

    Parameters
    ----------
    column : str
        Column of ADSL.
    label : str
        Its name on the page.
    levels : mapping of str to str
        Its codes and their labels, in page order; who has no value is in no subgroup, and is counted.
    """

    column: str
    label: str
    levels: Mapping[str, str]


@dataclass(frozen=True)
class BaselineSpec:
    """A table of characteristics.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    characteristics : tuple of Characteristic
        In page order.
    quantile_type : int
        Hyndman-Fan type of the quartiles.
    smd_denominator : {"", "average", "treated"}
        Standard deviation in the standardized difference; empty for no such difference. Of three arms or more the
        pair that differs most is shown.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    conf_level : float, optional
        Confidence level of a standardized difference's limits; none are made without.
    split : Subgrouping, optional
        What it is also split by.
    multiplicity : {"", "none", "holm", "benjamini-hochberg"}
        How p-values are adjusted for their number; empty where no characteristic has a test.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    characteristics: tuple[Characteristic, ...]
    quantile_type: int
    smd_denominator: str
    status: Status
    conf_level: float | None = None
    split: Subgrouping | None = None
    multiplicity: str = ""


def baseline_idle(spec: BaselineSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : BaselineSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    idle = {}
    if not any(item.scale == "continuous" for item in spec.characteristics):
        idle["quantile_type"] = "no characteristic is continuous"
    if not spec.smd_denominator:
        idle["conf_level"] = "there is no standardized difference"
    if not any(item.test for item in spec.characteristics):
        idle["multiplicity"] = "no characteristic has a test"
    return idle


def baseline_faults(spec: BaselineSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, or without effect.

    Parameters
    ----------
    spec : BaselineSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    compared = bool(spec.smd_denominator)
    faults = faults_within((item.column, item, _characteristic_idle(item, compared)) for item in spec.characteristics)
    for item in spec.characteristics:
        faults += [f"{item.column}: {fault}" for fault in _characteristic_faults(item, compared)]
    faults += choice_faults(spec, "smd_denominator", ("", "average", "treated"))
    if any(item.test for item in spec.characteristics):
        faults += choice_faults(spec, "multiplicity", MULTIPLICITY)
    if spec.conf_level is not None and not 0 < spec.conf_level < 1:
        faults.append(f"conf_level is {spec.conf_level!r}; a number between 0 and 1 is required")
    if spec.split and len(spec.split.levels) < 2:
        faults.append(f"split by {spec.split.column}: fewer than two levels; two or more are required")
    return faults


def _characteristic_idle(item: Characteristic, compared: bool) -> dict[str, str]:
    idle: dict[str, str] = {}
    if item.scale in VALUED:
        idle |= dict.fromkeys(("levels", "blank"), f"it is {_a(item.scale)}")
    if item.scale != "continuous":
        idle |= dict.fromkeys(("show", "style", "unit", "log_floor", "spread"), f"it is {_a(item.scale)}")
    if len(item.shown) < 2:
        idle["together"] = "one statistic is shown"
    if item.scale != "binary":
        idle["named"] = f"it is {_a(item.scale)}"
    if item.scale != "ordinal" or not compared:
        idle["smd"] = f"it is {_a(item.scale)}" if compared else "there is no standardized difference"
    return idle


def _a(scale: str) -> str:
    return "a date" if scale == "date" else scale


def _characteristic_faults(item: Characteristic, compared: bool) -> list[str]:
    scales = choice_faults(item, "scale", _TESTS)
    if scales:
        return scales
    faults = choice_faults(item, "test", ("", *_TESTS[item.scale]))
    if item.scale == "continuous":
        faults += choice_faults(item, "style", STYLES) + choice_faults(item, "spread", ("", *STYLES))
        strange = [name for name in item.shown if name not in SHOWN]
        if strange or not item.shown or len(set(item.shown)) < len(item.shown):
            faults.append(f"show is {item.show!r}; one or several of {', '.join(SHOWN)}, each once, are required")
    if item.scale == "binary" and len(item.levels) != 2:
        faults.append(f"has {len(item.levels)} levels; a binary characteristic has two")
    if item.scale == "binary":
        faults += choice_faults(item, "named", item.levels)
    if item.scale == "ordinal" and compared:
        faults += choice_faults(item, "smd", ("scores", "categories"))
    if item.test in ("fisher", "chi-square-corrected") and len(item.levels) != 2:
        faults.append(f"test is {item.test!r}, which is of two levels; it has {len(item.levels)}")
    return faults
