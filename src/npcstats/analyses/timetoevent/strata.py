"""Words that several summaries of times print alike."""

from __future__ import annotations

from collections.abc import Mapping

CONF_WORDS = {
    "log-log": "on the log–log scale",
    "log": "on the logarithmic scale, cut at 1",
    "plain": "on the untransformed scale, cut at 0 and 1",
}


def strata_faults(strata: Mapping[str, str]) -> list[str]:
    """Faults of an entry's strata by themselves: a column without words.

    Parameters
    ----------
    strata : mapping of str to str
        As in the plan.

    Returns
    -------
    list of str
        A clause, if there is a fault.
    """
    if isinstance(strata, Mapping) and all(strata.values()):
        return []
    return [f"strata is {strata!r}; columns of ADSL, each with its words inside a sentence, are required"]


def strata_words(strata: Mapping[str, str]) -> str:
    """What an analysis is stratified by, in words.

    Parameters
    ----------
    strata : mapping of str to str
        Columns and their words, one or more.

    Returns
    -------
    str
        Such as region, stage and prior treatment.
    """
    *first, last = strata.values()
    return f"{', '.join(first)} and {last}" if first else last


def repeated_times(landmarks: tuple[float, ...], ticks: tuple[float, ...]) -> list[str]:
    """Faults of an entry's times: one that stands twice.

    Parameters
    ----------
    landmarks, ticks : tuple of float
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    times = {"landmarks": landmarks, "ticks": ticks}
    return [
        f"{name} name a time twice; each once is required"
        for name, found in times.items()
        if len(set(found)) < len(found)
    ]
