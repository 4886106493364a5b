"""What a plan says of a declared family of adverse events, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.analyses.adjustment.outcomes import GradeOutcome, outcome_faults
from npcstats.analyses.adjustment.spec import Adjustment, adjustment_faults
from npcstats.choices import choice_faults, number_faults, repeat_faults
from npcstats.derive import GradeWindow
from npcstats.estimators.proportions import COMPARISONS, EXACT_TESTS, PROPORTIONS
from npcstats.study import UNADJUSTED, Estimand, Status

MULTIPLICITIES = ("benjamini-hochberg", "holm", "")
_PAIR = 2


@dataclass(frozen=True)
class HarmsSpec:
    """A family of adverse events declared beforehand, each compared between two arms.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    outcomes : tuple of GradeOutcome
        The family, in page order.
    conf_level : float
        Confidence level of every interval.
    interval : str
        Method for a risk, as `estimate_proportion` takes it.
    difference : str
        Method for a risk difference, as `compare_proportions` takes it; empty in a design without two arms.
    risk_ratio, odds_ratio : str
        Methods for ratios; empty for none.
    test : {"fisher", "barnard", "boschloo", ""}
        Test of each member of the family; empty for none.
    multiplicity : {"benjamini-hochberg", "holm", ""}
        How p-values are adjusted for the number of tests in the family; empty without a test.
    adjustment : Adjustment, optional
        How the arms are made alike; all else is then of the same participants.
    minimum_events : int
        With fewer events in both arms together no adjusted difference is estimated.
    estimand : {"unadjusted", "ate", "att", "ato", ""}
        What the main comparison estimates: as its adjustment, unadjusted without one.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    outcomes: tuple[GradeOutcome, ...]
    conf_level: float
    interval: str
    difference: str
    risk_ratio: str
    odds_ratio: str
    test: str
    multiplicity: str
    adjustment: Adjustment | None
    minimum_events: int
    estimand: Estimand
    status: Status


def harms_faults(spec: HarmsSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : HarmsSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    found = choice_faults(spec, "interval", PROPORTIONS)
    found += choice_faults(spec, "difference", (*COMPARISONS["risk-difference"], ""))
    found += choice_faults(spec, "risk_ratio", (*COMPARISONS["risk-ratio"], ""))
    found += choice_faults(spec, "odds_ratio", (*COMPARISONS["odds-ratio"], ""))
    found += choice_faults(spec, "test", (*EXACT_TESTS, "")) + choice_faults(spec, "multiplicity", MULTIPLICITIES)
    found += number_faults(spec, "conf_level", above=0, below=1) + number_faults(
        spec, "minimum_events", least=0, whole=True
    )
    found += repeat_faults("outcomes", [item.code for item in spec.outcomes])
    found += [fault for item in spec.outcomes for fault in outcome_faults(item)]
    found += _period_faults(spec.outcomes)
    found += adjustment_faults(spec.adjustment) if spec.adjustment else []
    if not spec.outcomes:
        found.append("outcomes are empty, so there is no family; one is required")
    return found


def _period_faults(outcomes: tuple[GradeOutcome, ...]) -> list[str]:
    """Periods of one code that are not one: a page says once what a period is, and what counts in it."""
    meant: dict[str, list[tuple[GradeWindow, bool]]] = {}
    for item in outcomes:
        known = meant.setdefault(item.window.code, [])
        if (item.window, item.baseline_adjusted) not in known:
            known.append((item.window, item.baseline_adjusted))
    return [
        f"outcomes have {len(several)} meanings of window {code!r}; one, with one baseline_adjusted, is required"
        for code, several in meant.items()
        if len(several) > 1
    ]


def harms_idle(spec: HarmsSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : HarmsSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    idle = {}
    if spec.multiplicity and not spec.test:
        idle["multiplicity"] = "there is no test"
    if spec.minimum_events > 1 and not spec.adjustment:
        idle["minimum_events"] = "nothing is adjusted"
    return idle


def harms_estimand(spec: HarmsSpec, arms: int) -> Estimand:
    """The estimand that an entry can have.

    Parameters
    ----------
    spec : HarmsSpec
        As in the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Of the adjustment; empty unless two arms are compared.
    """
    if arms != _PAIR or not spec.difference:
        return ""
    return spec.adjustment.estimand if spec.adjustment else UNADJUSTED
