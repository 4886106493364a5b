"""Rows as the drawings want them; words and numbers come from the catalogue and from `formatting`."""

from __future__ import annotations

from collections.abc import Sequence

from npcstats.errors import ResultsError
from npcstats.formatting import ROUNDINGS, Rounding, format_number
from npcstats.results import EVERYONE, Analysis, Results, Row, select

STATS = ("estimate", "ci_low", "ci_high")
TIME_ZERO = "time zero"


def entry_of(results: Results, analysis: str, kind: str) -> Analysis:
    """The catalogue's entry of an analysis of this kind.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analysis : str
        Id.
    kind : str
        Kind required.

    Returns
    -------
    Analysis
        Words and order.

    Raises
    ------
    ResultsError
        If there is none, or it is of another kind.
    """
    entry = results.catalogue.analyses.get(analysis)
    if entry is None or entry.kind != kind:
        found = "not in the catalogue" if entry is None else f"of kind {entry.kind!r}"
        raise ResultsError(f"analysis {analysis!r} is {found}; a figure of it needs kind {kind!r}.")
    return entry


def time_name(entry: Analysis, unit: str = "months") -> str:
    """The name of a time axis for which the plan has none.

    Parameters
    ----------
    entry : Analysis
        Of times to event.
    unit : str
        What is counted.

    Returns
    -------
    str
        The unit, and what time zero is called; where the plan does not say that either, no more than that there is one.
    """
    zero = entry.chosen("origin_label", str, "") or TIME_ZERO
    return f"{unit.capitalize()} since {zero.removeprefix('the ')}"  # a title has no article


def groups(results: Results, analysis: str) -> tuple[str, ...]:
    """Arms that an analysis has rows for, in page order; everyone pooled where there are none.

    Parameters
    ----------
    results : Results
        Rows and arms.
    analysis : str
        Id.

    Returns
    -------
    tuple of str
        Arm codes, or ``("all",)``.
    """
    present = {row.arm for row in results.by_analysis.get(analysis, ())}
    return tuple(code for code in results.catalogue.arms if code in present) or (EVERYONE,)


def group_label(results: Results, arm: str) -> str:
    """An arm's label.

    Parameters
    ----------
    results : Results
        Its catalogue.
    arm : str
        Arm code or ``all``.

    Returns
    -------
    str
        Words.
    """
    return "All" if arm == EVERYONE else results.catalogue.arms[arm]


def contrast_label(results: Results, arm: str, reference: str) -> str:
    """Two arms with a minus sign between them, short where a label only repeats the code.

    Parameters
    ----------
    results : Results
        Its catalogue.
    arm, reference : str
        Arm codes.

    Returns
    -------
    str
        Such as A − B.
    """
    return f"{short_label(results, arm)} − {short_label(results, reference)}"


def short_label(results: Results, arm: str) -> str:
    """An arm's code where its label only repeats it, else its label.

    Parameters
    ----------
    results : Results
        Its catalogue.
    arm : str
        Arm code.

    Returns
    -------
    str
        Such as A.
    """
    label = results.catalogue.arms[arm]
    return arm if label.endswith(f" {arm}") else label


def intervals(results: Results, *places: str, **wanted: object) -> dict[tuple[object, ...], dict[str, Row]]:
    """Rows of estimates and their limits, by place.

    Parameters
    ----------
    results : Results
        The table.
    *places : str
        Key columns that tell the places apart.
    **wanted : object
        What `select` is asked.

    Returns
    -------
    dict
        Per place, in order, the rows by stat.
    """
    found: dict[tuple[object, ...], dict[str, Row]] = {}
    for row in select(results, **wanted):
        found.setdefault(tuple(getattr(row, place) for place in places), {})[row.stat] = row
    return found


def printed(results: Results, value: float, style: str) -> str:
    """A number as text, rounded as the plan wants.

    Parameters
    ----------
    results : Results
        Its catalogue.
    value : float
        The number.
    style : str
        Formatting style.

    Returns
    -------
    str
        The text.
    """
    return format_number(value, style, rounding=rounding_of(results))


def percents(results: Results, steps: Sequence[float]) -> list[str]:
    """Proportions as percentages without their sign, with a decimal where one of them needs it.

    Parameters
    ----------
    results : Results
        Its catalogue.
    steps : sequence of float
        Ticks.

    Returns
    -------
    list of str
        One for each.
    """
    whole = all(abs(100 * step - round(100 * step)) < 1e-9 for step in steps)
    return [printed(results, step, "percent0" if whole else "percent1") for step in steps]


def rounding_of(results: Results) -> Rounding:
    """The rounding that the plan set.

    Parameters
    ----------
    results : Results
        Its catalogue.

    Returns
    -------
    {"half-away", "half-even"}
        The rule.

    Raises
    ------
    ResultsError
        If the catalogue names none.
    """
    rounding = results.catalogue.study.get("rounding", "")
    if rounding not in ROUNDINGS:
        raise ResultsError(f"catalogue.study.rounding is {rounding!r}; one of {', '.join(ROUNDINGS)} is required.")
    return rounding
