"""What a plan says of a covariate, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from npcstats.choices import choice_faults, faults_within, number_faults, repeat_faults
from npcstats.estimators.weighting import TRIM_RULES
from npcstats.study import WEIGHTED_ESTIMANDS, Estimand
from npcstats.wording import code_faults

Scale = Literal["continuous", "log2", "date", "categorical"]
SCALES: tuple[Scale, ...] = ("continuous", "log2", "date", "categorical")
TrimRule = Literal["none", "range", "crump", "common-support"]
Missing = Literal["complete", "imputed"]
MISSING: tuple[Missing, ...] = ("complete", "imputed")
Variance = Literal["m-estimation", "bootstrap"]
VARIANCES: tuple[Variance, ...] = ("m-estimation", "bootstrap")
_NUMBERS = ("imputations", "iterations", "donors", "replicates", "seed")
_FEWEST_COLUMNS, _FEWEST_IMPUTATIONS, _FEWEST_REPLICATES = 2, 2, 100


@dataclass(frozen=True)
class Covariate:
    """A variable of ADSL that the comparison is adjusted for.

    Parameters
    ----------
    column, label : str
        Column of ADSL, and words that say what one unit of it is.
    scale : {"continuous", "log2", "date", "categorical"}
        Linear, linear in the logarithm to base 2 (a doubling), linear in years since the first of these dates, or one
        coefficient for each level but one.
    per : float
        Unit of a continuous variable.
    floor : float
        Smallest value whose logarithm is taken; smaller ones count as it.
    levels : mapping of str to str
        Values of a categorical variable in page order, and their words; the first is the reference.
    spline_df : int
        Columns of a natural cubic spline instead of a line, 2 or more, with knots at quantiles of the distinct values;
        0 for the line.
    blank : str
        Level that an empty value of a categorical variable stands for; without one it is missing.
    """

    column: str
    label: str
    scale: Scale
    per: float = 1.0
    floor: float = 0.0
    levels: Mapping[str, str] = field(default_factory=dict)
    spline_df: int = 0
    blank: str = ""


@dataclass(frozen=True)
class Trim:
    """Who is left out because hardly anybody like them was in the other arm.

    Parameters
    ----------
    rule : {"none", "range", "crump", "common-support"}
        As `npcstats.estimators.weighting.trim_scores` takes it; the score is then estimated again among those kept.
    lower, upper : float, optional
        Limits of "range".
    """

    rule: TrimRule
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Adjustment:
    """How two arms are made alike: by weights from a propensity score.

    Parameters
    ----------
    name, label : str
        What results call it, and its name on the page.
    confounders : tuple of Covariate
        What the score is made of, each known before treatment.
    estimand : {"ate", "att", "ato"}
        In whom the effect is averaged, which decides the weights.
    stabilized : bool
        Whether weights of "ate" are multiplied by the share of the arm.
    trim : Trim
        Who is left out.
    missing : {"complete", "imputed"}
        Whether who lacks a confounder is left out, or has it imputed several times.
    imputations, iterations, donors : int
        Of imputation: data sets, rounds over the variables, and of how many nearest participants one gives a value; 0
        donors for normal regression. All 0 where nothing is imputed.
    variance : {"m-estimation", "bootstrap"}
        Of an effect; both know that the score is estimated.
    replicates : int
        Of the bootstrap; 0 without.
    seed : int
        Of imputation and bootstrap; 0 without.
    """

    name: str
    label: str
    confounders: tuple[Covariate, ...]
    estimand: Estimand
    stabilized: bool
    trim: Trim
    missing: Missing
    imputations: int
    iterations: int
    donors: int
    variance: Variance
    replicates: int
    seed: int

    @property
    def columns(self) -> tuple[str, ...]:
        """Name the columns of ADSL that the score is made of.

        Returns
        -------
        tuple of str
            In the order of the plan.
        """
        return tuple(item.column for item in self.confounders)


def covariate_faults(item: Covariate) -> list[str]:
    """Faults of a covariate by itself: a scale outside its closed set, or levels that do not fit it.

    Parameters
    ----------
    item : Covariate
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = choice_faults(item, "scale", SCALES)
    if (item.scale == "categorical") != bool(item.levels):
        faults.append(f"levels of {item.column} are required of a categorical variable, and only of one")
    if item.levels and item.blank:
        faults += choice_faults(item, "blank", item.levels)
    if item.spline_df and number_faults(item, "spline_df", least=_FEWEST_COLUMNS, whole=True):
        faults.append(f"spline_df of {item.column} is {item.spline_df!r}; 2 or more, or 0 for a line, is required")
    numbers = number_faults(item, "per", above=0) + number_faults(item, "floor", least=0)
    return faults + [f"{item.column}: {fault}" for fault in numbers]


def covariate_idle(item: Covariate) -> dict[str, str]:
    """Fields of a covariate that have no effect on its scale, and why.

    Parameters
    ----------
    item : Covariate
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    idle = {}
    if item.scale == "categorical":
        idle["spline_df"] = "a categorical variable has no spline"
    else:
        idle["blank"] = f"scale {item.scale!r} has no levels"
    if item.scale != "continuous":
        idle["per"] = f"scale {item.scale!r} has a unit of its own"
    if item.scale != "log2":
        idle["floor"] = f"scale {item.scale!r} takes no logarithm"
    if len(item.levels) == 1:
        idle["levels"] = "one level is compared with nothing, and two are required"
    return idle


def adjustment_faults(item: Adjustment) -> list[str]:
    """Faults of an adjustment by itself: choices outside their closed sets, or that do not fit together.

    Parameters
    ----------
    item : Adjustment
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = choice_faults(item, "estimand", WEIGHTED_ESTIMANDS) + choice_faults(item.trim, "rule", TRIM_RULES)
    faults += choice_faults(item, "missing", MISSING) + choice_faults(item, "variance", VARIANCES)
    faults += [] if item.confounders else ["it has no confounders; one or more are required"]
    faults += repeat_faults("confounder", item.columns)
    faults += [fault for part in item.confounders for fault in covariate_faults(part)]
    faults += faults_within((part.column, part, covariate_idle(part)) for part in item.confounders)
    if item.stabilized and item.estimand != "ate":
        faults.append(f"stabilized is True with estimand {item.estimand!r}; only weights of 'ate' can be")
    faults += _trim_faults(item.trim) + code_faults("adjustments", item.name)
    numbers = [fault for name in _NUMBERS for fault in number_faults(item, name, least=0, whole=True)]
    if numbers:
        return [f"adjustment {item.name}: {fault}" for fault in faults + numbers]
    faults += _imputation_faults(item) + _bootstrap_faults(item)
    if (item.missing == "imputed" or item.variance == "bootstrap") != bool(item.seed):
        faults.append(f"seed is {item.seed}; imputation and bootstrap require one above 0, others 0")
    return [f"adjustment {item.name}: {fault}" for fault in faults]


def _trim_faults(trim: Trim) -> list[str]:
    limits = (trim.lower, trim.upper)
    if trim.rule != "range":
        return [f"trim has limits {limits}; some are required by rule 'range', and none by another"] * (
            limits != (None, None)
        )
    wrong = [name for name in ("lower", "upper") if number_faults(trim, name, least=0, most=1)]
    if not wrong and trim.lower is not None and trim.upper is not None and trim.lower < trim.upper:
        return []
    return [f"trim has limits {limits}; both are required by rule 'range', numbers from 0 to 1, the first less"]


def _imputation_faults(item: Adjustment) -> list[str]:
    numbers = (item.imputations, item.iterations, item.donors)
    if item.missing != "imputed":
        return [f"imputations, iterations, donors are {numbers}; 0 is required where nothing is imputed"] * any(numbers)
    faults = []
    if item.imputations < _FEWEST_IMPUTATIONS or item.iterations < 1 or item.donors < 0:
        faults.append(f"imputations, iterations, donors are {numbers}; at least 2, 1 and 0 are required")
    if item.trim.rule != "none":
        faults.append(f"trim has rule {item.trim.rule!r}; 'none' is required with imputation, in which scores differ")
    if item.variance == "bootstrap":
        faults.append("variance is 'bootstrap'; 'm-estimation' is required with imputation")
    return faults


def _bootstrap_faults(item: Adjustment) -> list[str]:
    if item.variance != "bootstrap":
        return [f"replicates is {item.replicates}; 0 is required without the bootstrap"] * bool(item.replicates)
    faults = []
    if item.replicates < _FEWEST_REPLICATES:
        faults.append(f"replicates is {item.replicates}; {_FEWEST_REPLICATES} or more are required")
    if item.trim.rule != "none":
        faults.append("it trims, and has variance 'bootstrap'; 'm-estimation' is required with trimming")
    return faults
