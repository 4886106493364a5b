"""What a plan says of laboratory toxicity, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from npcstats.analyses.laboratory.rows import BANDS
from npcstats.choices import choice_faults, number_faults, repeat_faults
from npcstats.clinical.ctcae import VERSIONS, Version
from npcstats.derive import EVALUABLES, GradedParameter, parameter_faults
from npcstats.derive.grades import Evaluable
from npcstats.errors import SpecError
from npcstats.estimators.continuous import QUANTILE_TYPES
from npcstats.estimators.proportions import DIFFERENCES, PROPORTIONS
from npcstats.estimators.timetoevent import CURVE_CONF_TYPES
from npcstats.formatting import STYLES
from npcstats.study import Estimand, Status

WithoutBaseline = Literal["grade-0", "excluded"]
WITHOUT_BASELINES: tuple[WithoutBaseline, ...] = ("grade-0", "excluded")


@dataclass(frozen=True, kw_only=True)
class LaboratoryParameter(GradedParameter):
    """A laboratory parameter as it is graded and printed.

    Parameters
    ----------
    label : str
        Its name on the page.
    style : str
        How its values are printed.
    """

    label: str
    style: str


@dataclass(frozen=True)
class LaboratoryWindow:
    """A period whose worst grades are counted.

    Parameters
    ----------
    code, label : str
        Code in results and label on the page.
    period : str
        Code of a period of the design.
    evaluable : {"window-complete", "assessed-in-window", "everyone"}
        Who is counted at all, as in `npcstats.derive.GradeWindow`; a value is an assessment.
    """

    code: str
    label: str
    period: str
    evaluable: Evaluable


@dataclass(frozen=True)
class Recovery:
    """When somebody has recovered.

    Parameters
    ----------
    grade : int
        From 0 to 3: recovered is who has a value of at most this grade after the worst one; who never had a worse one
        is not asked about.
    or_baseline : bool
        Whether the grade at baseline is enough where it was higher.
    """

    grade: int
    or_baseline: bool


@dataclass(frozen=True)
class Agreement:
    """Which values and reported events must agree.

    Parameters
    ----------
    grades : tuple of int
        Grades from which both are asked for, in page order.
    days : int
        How many days before an event begins and after it ends a value may lie.
    windows : tuple of str
        Codes of windows of the analysis.
    """

    grades: tuple[int, ...]
    days: int
    windows: tuple[str, ...]


@dataclass(frozen=True)
class LaboratorySpec:
    """Laboratory toxicity.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    version : {"5.0", "6.0"}
        CTCAE version.
    parameters : tuple of LaboratoryParameter
        In page order.
    windows : tuple of LaboratoryWindow
        In page order.
    without_baseline : {"grade-0", "excluded"}
        Whether a participant without a value at baseline counts as of grade 0 then, so that every grade after it is
        treatment-emergent, or is outside the denominator.
    recovery : Recovery
        When somebody has recovered.
    agreement : Agreement or None
        Which values and events must agree; None where this is not asked.
    conf_level : float
        Confidence level of all intervals.
    interval, difference : str
        Methods for a proportion and a risk difference, as `estimate_proportions` and `compare_all_proportions` take
        them.
    quantile_type : int
        Hyndman-Fan type of the quartiles.
    conf_type : str
        Scale of the limits of the median days to recovery, as `estimate_kaplan_meier` takes it.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates, which this analysis gives unadjusted only; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    version: Version
    parameters: tuple[LaboratoryParameter, ...]
    windows: tuple[LaboratoryWindow, ...]
    without_baseline: WithoutBaseline
    recovery: Recovery
    agreement: Agreement | None
    conf_level: float
    interval: str
    difference: str
    quantile_type: int
    conf_type: str
    estimand: Estimand
    status: Status


def laboratory_faults(spec: LaboratorySpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, or without effect.

    Parameters
    ----------
    spec : LaboratorySpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    found = choice_faults(spec, "version", VERSIONS)
    found += [] if found else _parameter_faults(spec)
    found += [] if spec.windows else ["it has no window, so nothing is counted; one is required"]
    found += repeat_faults("window", [window.code for window in spec.windows])
    for window in spec.windows:
        found += [f"{window.code}: {fault}" for fault in choice_faults(window, "evaluable", EVALUABLES)]
    found += [f"recovery: {fault}" for fault in number_faults(spec.recovery, "grade", least=0, most=3, whole=True)]
    found += _agreement_faults(spec.agreement, [window.code for window in spec.windows]) if spec.agreement else []
    return (
        found
        + choice_faults(spec, "without_baseline", WITHOUT_BASELINES)
        + choice_faults(spec, "interval", PROPORTIONS)
        + choice_faults(spec, "difference", (*DIFFERENCES, ""))
        + choice_faults(spec, "quantile_type", QUANTILE_TYPES)
        + choice_faults(spec, "conf_type", CURVE_CONF_TYPES)
    )


def _parameter_faults(spec: LaboratorySpec) -> list[str]:
    found = [] if spec.parameters else ["it has no parameter, so nothing is graded; one is required"]
    found += repeat_faults("parameter", [item.code for item in spec.parameters])
    for item in spec.parameters:
        found += [f"{item.code}: {fault}" for fault in choice_faults(item, "style", tuple(STYLES))]
        try:
            found += parameter_faults(item, version=spec.version)
        except SpecError as error:
            found.append(str(error).removesuffix("."))
    return found


def _agreement_faults(agreement: Agreement, windows: list[str]) -> list[str]:
    found = [] if agreement.grades else ["it has no grade; one is required"]
    found += repeat_faults("grade", [str(grade) for grade in agreement.grades])
    found += [f"grade {grade} is none of {', '.join(map(str, BANDS))}" for grade in agreement.grades
              if grade not in BANDS]  # fmt: skip
    found += number_faults(agreement, "days", least=0, whole=True)
    found += [] if agreement.windows else ["it has no window; one is required"]
    found += [f"window {code!r} is not of the analysis; one of {', '.join(windows)} is required"
              for code in agreement.windows if code not in windows]  # fmt: skip
    return [f"agreement: {fault}" for fault in found]
