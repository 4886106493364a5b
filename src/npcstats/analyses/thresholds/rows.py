"""Words of the rows of thresholds, and the choices by which the catalogue tells what is watched."""

from __future__ import annotations

from collections.abc import Mapping

MEASURES: Mapping[str, str] = {
    "threshold": "the plan's threshold for a look",
    "threshold_passed": "1 where the watched number is beyond its threshold, else 0",
    "threshold_beyond": "numbers beyond the threshold, of those of which the most extreme is watched",
}


def watch_choice(watch: str) -> str:
    """Name the choice that holds the key of the watched row.

    Parameters
    ----------
    watch : str
        Id of the watch in the plan.

    Returns
    -------
    str
        Its name in the catalogue entry.
    """
    return f"watch.{watch}"


def direction_choice(watch: str) -> str:
    """Name the choice that tells on which side of the threshold a look is due.

    Parameters
    ----------
    watch : str
        Id of the watch in the plan.

    Returns
    -------
    str
        Its name in the catalogue entry.
    """
    return f"direction.{watch}"
