"""Designs in the terminal, from no data: ``design sequential``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, cast

from rich import box
from rich.console import Console
from rich.table import Table

from npcstats.analyses.adjustment.outcomes import TimeOutcome
from npcstats.analyses.sequential.making import powers_onward
from npcstats.analyses.sequential.monitoring import Look, Monitoring, is_crossed, monitor
from npcstats.analyses.sequential.rows import NONE, NOW, PLANNED, TO_COME, TREND
from npcstats.analyses.sequential.spec import FutilityRule, InformationSpec, PlannedLook, information_faults
from npcstats.analyses.sequential.telling import function_words
from npcstats.errors import SpecError
from npcstats.estimators.sequential import Spending, cross, inflation
from npcstats.formatting import format_number

console = Console(highlight=False, markup=False, emoji=False)


def sequential(
    *,
    looks: str,
    alpha: str,
    sides: str,
    spending: str,
    power: str,
    parameter: str | None,
    futility: str | None,
    futility_parameter: str | None,
    observed: str | None,
    statistic: str | None,
) -> None:
    """Print boundaries that spend an error over looks, with power and expected information.

    Parameters
    ----------
    looks : str
        Information at each look, separated by commas.
    alpha, sides, spending, power, parameter
        As in `InformationSpec`, in words.
    futility, futility_parameter
        Spending function of a futility that is not binding, if any.
    observed : str or None
        Information at the looks held so far, the present one last, at which boundaries are found again.
    statistic : str or None
        Z of the present look.

    Raises
    ------
    SpecError
        If something is no number, or not in its closed set or range.
    """
    spec = InformationSpec(
        id="design",
        label="Design",
        population="",
        sessions=(),
        outcome=TimeOutcome(""),
        sides=_whole("--sides", sides),
        alpha=number_of("--alpha", alpha),
        spending=cast(Spending, spending),
        parameter=None if parameter is None else number_of("--parameter", parameter),
        power=number_of("--power", power),
        looks=tuple(PlannedLook(f"Look {i + 1}", size) for i, size in enumerate(_sizes("--looks", looks))),
        futility=_rule(futility, futility_parameter),
        held=(),
        status="planned",
    )
    faults = information_faults(spec)
    if faults:
        raise SpecError(f"design sequential: {'; '.join(faults)}.")
    held = _held(observed, statistic)
    planned = monitor(spec, (), Look(NOW, 0), looks=False)
    now = monitor(spec, held[:-1], held[-1], looks=True) if held else None
    _print(spec, planned)
    if now:
        _print_observed(spec, now)


def number_of(option: str, text: str) -> float:
    """Take a number of the command line.

    Parameters
    ----------
    option : str
        Which option it is of.
    text : str
        What was given.

    Returns
    -------
    float
        The number.

    Raises
    ------
    SpecError
        If it is none.
    """
    try:
        return float(text)
    except ValueError:
        raise SpecError(f"{option} {text}: a number is required.") from None


def _whole(option: str, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise SpecError(f"{option} {text}: a whole number is required.")
    return int(text)


def _sizes(option: str, text: str) -> list[int]:
    return [_whole(option, part.strip()) for part in text.split(",")]


def _held(observed: str | None, statistic: str | None) -> list[Look]:
    """Looks held so far, the present one last with its statistic."""
    if observed is None:
        if statistic is not None:
            raise SpecError("--statistic has no effect without --observed; leave it out.")
        return []
    sizes = _sizes("--observed", observed)
    if any(after <= before for before, after in pairwise([0, *sizes])):
        raise SpecError(f"--observed {observed}: more information at each look than at the one before is required.")
    z = math.nan if statistic is None else number_of("--statistic", statistic)
    if statistic is not None and not math.isfinite(z):
        raise SpecError(f"--statistic {statistic}: a finite number is required.")
    return [*(Look(f"Held {i + 1}", size) for i, size in enumerate(sizes[:-1])), Look(NOW, sizes[-1], z)]


def _rule(futility: str | None, parameter: str | None) -> FutilityRule | None:
    if futility is None:
        if parameter is not None:
            raise SpecError("--futility-parameter has no effect without --futility; leave it out.")
        return None
    return FutilityRule(
        cast(Spending, futility), None if parameter is None else number_of("--futility-parameter", parameter)
    )


def _print(spec: InformationSpec, found: Monitoring) -> None:
    planned, total = found.planned, spec.looks[-1].information
    none, effect = cross(planned, 0.0), cross(planned, found.drift)
    futility = ["Futility"] if spec.futility else []
    heads = ["Look", "Events", "%", "Spent", "Z", *futility, "p", "No effect", "Planned"]
    lines = []
    for i, look in enumerate(spec.looks):
        stopped = [float((told.upper[: i + 1] + told.lower[: i + 1]).sum()) for told in (none, effect)]
        lines.append([
            look.label, str(look.information), _told(planned.information[i], "percent1"),
            _told(planned.alpha_spent[i], "p_value4"), _told(planned.upper[i], "decimal3"),
            *([_told(planned.lower[i], "decimal3")] if spec.futility else []),
            _told(planned.nominal_p[i], "p_value4"), *(_told(share, "percent1") for share in stopped),
        ])  # fmt: skip
    print_table(heads, lines)
    console.print("p: of one side, at the boundary. No effect, planned: % of trials that have stopped by then.")
    sides = "one side, of" if spec.sides == 1 else "two sides, each of"
    named = function_words(spec.spending, spec.parameter)
    console.print(f"Test with {sides} the error {spec.alpha:g}, spent by the {named}.")
    if spec.futility:
        named = function_words(spec.futility.spending, spec.futility.parameter)
        console.print(f"Futility, {named}, is not binding; the percentages are of trials that stop at it.")
    console.print(f"Planned effect: mean of Z at the last look {_told(found.drift, 'decimal3')}, "
                  f"power {_told(effect.power, 'percent1')}%.")  # fmt: skip
    expected = [_told(told.expected_information * total, "decimal1") for told in (none, effect)]
    console.print(f"Expected events: {expected[0]} without an effect, {expected[1]} with the planned one.")
    grown = _told(inflation(planned, spec.power), "decimal3")
    console.print(f"Events of a test without looks are multiplied by {grown}.")


def _print_observed(spec: InformationSpec, found: Monitoring) -> None:
    """Boundaries at the information that there was, and what may still be shown."""
    futility = ["Futility"] if spec.futility else []
    lines = []
    for item in found.looks:
        bounds, i, code = item.bounds, item.place, item.look.code
        lines.append([
            "Now" if code == NOW else code.replace(TO_COME, "To come: look "), str(item.look.information),
            *(_told(bounds.information[i], "percent1"), _told(bounds.alpha_spent[i], "p_value4")),
            *(_told(bound[i], "decimal3") for bound in (bounds.upper, *([bounds.lower] if futility else []))),
            _told(bounds.nominal_p[i], "p_value4"),
        ])  # fmt: skip
    print_table(["Observed", "Events", "%", "Spent", "Z", *futility, "p"], lines)
    present = found.present
    if present is None:
        console.print(found.note)
        return
    if math.isnan(present.look.statistic):
        return
    reached = ", ".join(
        words for words, is_futility in (("the boundary", False), ("futility", True))
        if (futility or not is_futility) and is_crossed(present, futility=is_futility)
    )  # fmt: skip
    console.print(f"Z now {_told(present.look.statistic, 'decimal3')}: {reached or 'no boundary'} is crossed.")
    if float(present.bounds.information[present.place]) < 1:
        powers = {name: _told(power, "percent1") for name, power in powers_onward(present, found.drift).items()}
        console.print(f"Conditional power: {powers[TREND]}% as so far, {powers[PLANNED]}% with the planned effect, "
                      f"{powers[NONE]}% without one; predictive power {powers['']}%.")  # fmt: skip


def print_table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Print a table in the terminal: words left, numbers right.

    Parameters
    ----------
    heads : sequence of str
        Of the columns.
    lines : sequence of sequence of str
        As long as the heads.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, words in enumerate(heads):
        table.add_column(words, justify="right" if place else "left")
    for line in lines:
        table.add_row(*line)
    console.print(table)


def _told(value: Any, style: str) -> str:
    return format_number(float(value), style, rounding="half-away")
