"""What a plan says of missing marker values, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from npcstats.analyses.adjustment.spec import Covariate, covariate_faults, covariate_idle
from npcstats.analyses.tipping.rows import IDENTITY, LOG
from npcstats.choices import choice_faults, faults_within, number_faults, repeat_faults
from npcstats.derive import BELOW_LIMITS, BelowLimit
from npcstats.estimators.mmrm import FREEDOMS, VISIT_COVARIANCES, Covariance, Freedom
from npcstats.estimators.reference_based import STRATEGIES, Strategy
from npcstats.study import CONDITIONAL, Estimand, Status
from npcstats.wording import code_faults

Scale = Literal["log", "identity"]
SCALES: tuple[Scale, ...] = (LOG, IDENTITY)
_PAIR = 2
_FEWEST = 10


@dataclass(frozen=True)
class CompletedMarker:
    """One marker.

    Parameters
    ----------
    code, label : str
        PARAMCD, and its name on the page.
    unit : str
        Unit of AVAL, as recorded; a record in another unit is an error.
    scale : {"log", "identity"}
        Whether logarithms or values are modelled: arms are compared by a ratio or a difference.
    style : str
        Formatting style of a difference; ratios have their own.
    shifts : tuple of float
        What imputed values are multiplied by, of a logarithm, or what is added to them, in ascending order; the one
        that changes nothing is among them.
    farthest : float
        Largest factor, or shift, up to which a tipping point is looked for, in both directions.
    """

    code: str
    label: str
    unit: str
    scale: Scale
    style: str
    shifts: tuple[float, ...]
    farthest: float

    @property
    def none(self) -> float:
        """The shift that changes nothing.

        Returns
        -------
        float
            1 of a factor, 0 of what is added.
        """
        return 1.0 if self.scale == LOG else 0.0


@dataclass(frozen=True)
class TippingSpec:
    """Contrast of a marker's course between two arms, by what is assumed of missing values.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    markers : tuple of CompletedMarker
        In page order.
    baseline : str
        Visit of the design from which change is counted.
    visits : tuple of str
        Visits after it, in page order; all are in the model.
    shifted : tuple of str
        Those of them at which the contrast is told for each pair of shifts; tipping points are told of all.
    below_limit : {"half-limit", "missing"}
        What a value below the limit of quantification counts as.
    covariates : tuple of Covariate
        Of the model and of the comparison, beside the baseline value.
    structures : tuple of str
        Covariance structures in the order in which they are tried: the first that converges is used.
    df_method : str
        Degrees of freedom of the model of the values seen, as `fit_mmrm` takes it.
    strategies : tuple of str
        What is assumed of missing values, as `impute_courses` takes it; the first is "missing-at-random", under which
        shifts are made. None where no two arms are compared: then it is told who was seen, and nothing is modelled.
    imputations, seed : int
        Completed data sets, and the seed of their random numbers; 0 where nothing is imputed.
    conf_level : float
        Confidence level of every interval.
    estimand : {"conditional", ""}
        What the comparison estimates; empty where no arms are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    markers: tuple[CompletedMarker, ...]
    baseline: str
    visits: tuple[str, ...]
    shifted: tuple[str, ...]
    below_limit: BelowLimit
    covariates: tuple[Covariate, ...]
    structures: tuple[Covariance, ...]
    df_method: Freedom
    strategies: tuple[Strategy, ...]
    imputations: int
    seed: int
    conf_level: float
    estimand: Estimand
    status: Status


def tipping_faults(spec: TippingSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : TippingSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = choice_faults(spec, "below_limit", BELOW_LIMITS)
    sets = {"markers": tuple(m.code for m in spec.markers), "visits": spec.visits, "shifted": spec.shifted,
            "structures": spec.structures, "strategies": spec.strategies}  # fmt: skip
    for name, codes in sets.items():
        faults += repeat_faults(name, codes)
        if not codes and name in ("markers", "visits"):
            faults.append(f"{name} is empty; one or more are required")
    if spec.baseline in spec.visits:
        faults.append(f"baseline {spec.baseline!r} is among the visits after it")
    faults += [f"{m.code}: {fault}" for m in spec.markers for fault in _marker_faults(m, bool(spec.shifted))]
    faults += repeat_faults("covariate", [item.column for item in spec.covariates])
    faults += [fault for item in spec.covariates for fault in covariate_faults(item)]
    parts = ((item.column, item, covariate_idle(item)) for item in spec.covariates)
    return faults + faults_within(parts) + (_model_faults(spec) if spec.strategies else [])


def _model_faults(spec: TippingSpec) -> list[str]:
    faults = choice_faults(spec, "df_method", FREEDOMS)
    faults += [] if spec.structures else ["structures is empty; one or more are required"]
    faults += _member_faults("structures", spec.structures, VISIT_COVARIANCES)
    faults += _member_faults("strategies", spec.strategies, STRATEGIES)
    faults += _member_faults("shifted", spec.shifted, spec.visits)
    if spec.strategies[0] != STRATEGIES[0]:
        faults.append(f"strategies begins with {spec.strategies[0]!r}; {STRATEGIES[0]!r} is required, which is shifted")
    faults += [f"{m.code}: {fault}" for m in spec.markers for fault in number_faults(m, "farthest", above=m.none)]
    faults += number_faults(spec, "imputations", least=_FEWEST, whole=True)
    return faults + number_faults(spec, "seed", least=1, whole=True)


def _member_faults(name: str, given: tuple[str, ...], known: tuple[str, ...]) -> list[str]:
    stray = [code for code in given if code not in known]
    return [f"{name} has {', '.join(map(repr, stray))}; only {', '.join(known)} are known"] if stray else []


def _marker_faults(marker: CompletedMarker, shifted: bool) -> list[str]:
    faults = choice_faults(marker, "scale", SCALES) + code_faults("markers", marker.code)
    if not shifted:
        return faults
    shifts, log = marker.shifts, marker.scale == LOG
    if list(shifts) != sorted(set(shifts)) or marker.none not in shifts or (log and min(shifts) <= 0):
        faults.append(f"shifts is {shifts}; ascending {'factors above 0' if log else 'numbers'} with {marker.none:g} "
                      "among them are required")  # fmt: skip
    return faults


def tipping_idle(spec: TippingSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : TippingSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    if spec.strategies:
        return {}
    names = ("shifted", "structures", "df_method", "imputations", "seed", "covariates")
    return dict.fromkeys(names, "strategies is empty, so nothing is modelled")


def tipping_estimand(spec: TippingSpec, arms: int) -> Estimand:
    """Tell what a comparison of so many arms estimates.

    Parameters
    ----------
    spec : TippingSpec
        As in the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Conditional on the baseline value and the covariates; empty where no two arms are compared.
    """
    return CONDITIONAL if arms == _PAIR and spec.strategies else ""
