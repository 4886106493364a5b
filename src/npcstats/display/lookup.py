"""What displays look up in results: entries, groups, names, estimates, numbers as text.

Knows neither pieces of a page nor a drawing library: tables, figures and sentences all look here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from npcstats.errors import ResultsError
from npcstats.formatting import ROUNDINGS, Rounding, format_number
from npcstats.results import EVERYONE, Analysis, Results, Row, select

INTERVAL = ("estimate", "ci_low", "ci_high")
TIME_ZERO = "time zero"


def rounding_of(results: Results) -> Rounding:
    """The rounding that the plan set.

    Parameters
    ----------
    results : Results
        Its catalogue holds it.

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


def analysis_of(results: Results, analysis: str, kind: str = "") -> Analysis:
    """The catalogue's entry of an analysis.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analysis : str
        Id of the plan entry.
    kind : str
        Kind that is required; any if empty.

    Returns
    -------
    Analysis
        Words, order and choices.

    Raises
    ------
    ResultsError
        If there is no such analysis, or it is of another kind.
    """
    known = results.catalogue.analyses
    if analysis not in known:
        raise ResultsError(f"analysis {analysis!r} is not in the catalogue; one of {', '.join(known)} is required.")
    if kind and known[analysis].kind != kind:
        raise ResultsError(f"analysis {analysis!r} is of kind {known[analysis].kind!r}; kind {kind!r} is required.")
    return known[analysis]


def ordered(labels: Mapping[str, str], present: Sequence[str]) -> tuple[str, ...]:
    """Codes in page order: those with a label first, in the order of the labels, then the others as they come.

    Parameters
    ----------
    labels : mapping of str to str
        Codes and labels.
    present : sequence of str
        Codes to order, possibly repeated.

    Returns
    -------
    tuple of str
        Each code once.
    """
    unique = dict.fromkeys(present)
    return (*(code for code in labels if code in unique), *(code for code in unique if code not in labels))


def groups_of(results: Results, analysis: str) -> tuple[str, ...]:
    """Arms that an analysis has rows for, in page order; everyone pooled where there are none.

    Parameters
    ----------
    results : Results
        Rows and arms.
    analysis : str
        Id of the analysis.

    Returns
    -------
    tuple of str
        Arm codes, or ``("all",)``.
    """
    present = {row.arm for row in results.by_analysis.get(analysis, ())}
    arms = tuple(code for code in results.catalogue.arms if code in present)
    return arms or (EVERYONE,)


def columns_of(results: Results, analysis: str, *, total: bool) -> tuple[str, ...]:
    """Groups that have a column in a table.

    Parameters
    ----------
    results : Results
        Rows and arms.
    analysis : str
        Id of the analysis.
    total : bool
        Whether everyone has a column beside the arms.

    Returns
    -------
    tuple of str
        As `groups_of`; ``all`` last where it is wanted and there are arms.

    Raises
    ------
    ResultsError
        If a column of everyone is wanted and the analysis has no row of everyone.
    """
    arms = groups_of(results, analysis)
    if not total or arms == (EVERYONE,):
        return arms
    if not any(row.arm == EVERYONE for row in results.by_analysis[analysis]):
        raise ResultsError(f"{analysis}: no row of everyone; a table with a total requires them.")
    return (*arms, EVERYONE)


def pairs_of(results: Results, analysis: str, measures: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of arms that an analysis compares.

    Parameters
    ----------
    results : Results
        Rows and arms.
    analysis : str
        Id of the analysis.
    measures : collection of str
        Measures of a contrast.

    Returns
    -------
    tuple of (str, str)
        Arm and reference, in page order; empty where no two are compared.
    """
    rows = results.by_analysis.get(analysis, ())
    return tuple(dict.fromkeys((row.arm, row.reference) for row in rows if row.reference and row.measure in measures))


def check_made(results: Results, analysis: str, column: str, wanted: Sequence[str], measures: Collection[str]) -> None:
    """Refuse codes that an analysis has no row of.

    Parameters
    ----------
    results : Results
        The table.
    analysis : str
        Id of the analysis.
    column : str
        Key column, such as ``level``.
    wanted : sequence of str
        Codes asked for.
    measures : collection of str
        Measures whose rows count.

    Raises
    ------
    ResultsError
        If one of them was not made; it lists those that were.
    """
    rows = [row for row in results.by_analysis.get(analysis, ()) if row.measure in measures]
    known = ordered(analysis_of(results, analysis).labels.get(column, {}), [getattr(row, column) for row in rows])
    stray = [code for code in wanted if code not in known]
    if stray:
        raise ResultsError(
            f"{analysis}: {column} {', '.join(map(repr, stray))} was not made; one of {', '.join(known)} is required."
        )


def subgroups_of(results: Results, analysis: str) -> tuple[str, ...]:
    """Subgroups that an analysis has rows for, in page order.

    Parameters
    ----------
    results : Results
        Rows and the analysis' labels of subgroups.
    analysis : str
        Id of the analysis.

    Returns
    -------
    tuple of str
        Codes such as ``STAGE9=III``; empty where there are none.
    """
    present = [row.subgroup for row in results.by_analysis.get(analysis, ()) if row.subgroup != EVERYONE]
    return ordered(analysis_of(results, analysis).labels.get("subgroup", {}), present)


def arm_name(results: Results, arm: str) -> str:
    """What an arm is called.

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


def repeats_code(results: Results, arm: str) -> bool:
    """Whether an arm's label only repeats its code, so that the code says as much.

    Parameters
    ----------
    results : Results
        Its catalogue.
    arm : str
        Arm code.

    Returns
    -------
    bool
        True of A, which is called Arm A.
    """
    return results.catalogue.arms[arm].endswith(f" {arm}")


def short_arm(results: Results, arm: str) -> str:
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
    return arm if repeats_code(results, arm) else results.catalogue.arms[arm]


def name_of(entry: Analysis, column: str, code: str) -> str:
    """What a code is called.

    Parameters
    ----------
    entry : Analysis
        Its labels.
    column : str
        Key column, such as ``level``.
    code : str
        Code in that column.

    Returns
    -------
    str
        Its label, or the code itself where there is none.
    """
    return entry.labels.get(column, {}).get(code, code)


def uncapitalized(words: str) -> str:
    """Words within a sentence: without a capital, unless the first is an abbreviation.

    Parameters
    ----------
    words : str
        Such as a label.

    Returns
    -------
    str
        The words.
    """
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


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


def row_at(results: Results, **wanted: Any) -> Row:
    """The row with exactly this key; parts not given are empty, the population is that of the analysis' rows.

    Parameters
    ----------
    results : Results
        The table.
    **wanted : str or float
        Key columns, `analysis`, `measure` and `stat` among them.

    Returns
    -------
    Row
        The row.

    Raises
    ------
    ResultsError
        If it is absent.
    """
    found = find_row(results, **wanted)
    if found is None:
        asked = ", ".join(f"{name}={value!r}" for name, value in wanted.items())
        raise ResultsError(f"results: no row for {asked}; a table prints only rows that exist.")
    return found


def find_row(results: Results, **wanted: Any) -> Row | None:
    """The row with exactly this key, or None.

    Parameters
    ----------
    results : Results
        The table.
    **wanted : str or float
        Key columns as in `row_at`.

    Returns
    -------
    Row or None
        None where the results have no such row.
    """
    rows = results.by_analysis.get(wanted["analysis"], ())
    population = rows[0].population if rows else ""
    parts: dict[str, Any] = {"population": population, "value": 0.0} | wanted
    return results.by_key.get(Row(**parts).key)


def stat_rows(results: Results, stats: Sequence[str], **wanted: Any) -> tuple[Row, ...]:
    """One row for each stat of one measure.

    Parameters
    ----------
    results : Results
        The table.
    stats : sequence of str
        Stats, in the order wanted.
    **wanted : str or float
        The other key columns, as `row_at` takes them.

    Returns
    -------
    tuple of Row
        One row per stat.

    Raises
    ------
    ResultsError
        If one of them is absent.
    """
    return tuple(row_at(results, **wanted, stat=stat) for stat in stats)
