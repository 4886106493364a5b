"""Who is summarized together, and the values of a characteristic that they have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.baseline.spec import VALUED, BaselineSpec, Characteristic, Subgrouping
from npcstats.derive import arm_groups, distinct_level_texts, told_texts
from npcstats.errors import SpecError
from npcstats.results import EVERYONE
from npcstats.study import TREATMENTS, Study

_FIRST_DAY = 719163
"""Ordinal of 1 January 1970."""


@dataclass(frozen=True, eq=False)
class Cell:
    """Participants summarized together: a subgroup's code or ``all``, an arm's code or ``all``, and their places."""

    subgroup: str
    arm: str
    places: np.ndarray


@dataclass(frozen=True, eq=False)
class Panels:
    """Cells of everyone and of each subgroup, each with its arms and everyone last; who is in none, by arm."""

    panels: tuple[tuple[Cell, ...], ...]
    unplaced: tuple[tuple[str, int], ...]


def find_panels(study: Study, members: pd.DataFrame, spec: BaselineSpec) -> Panels:
    """Split members by arm, and again within each subgroup.

    Parameters
    ----------
    study : Study
        Its arms are the ones an analysis may see.
    members : DataFrame
        Of the analysis set.
    spec : BaselineSpec
        What is wanted.

    Returns
    -------
    Panels
        Everyone first, then the subgroups in page order.

    Raises
    ------
    SpecError
        If subgroups are by no column of ADSL, or a value is outside their declared levels.
    """
    groups = arm_groups(study, members)
    panels = [tuple(Cell(EVERYONE, group.arm, np.flatnonzero(group.members)) for group in groups)]
    if spec.split is None:
        return Panels(tuple(panels), ())
    coded = _coded(study, members, spec.split, "")
    for place, code in enumerate(spec.split.levels):
        name, inside = f"{spec.split.column}={code}", coded == place
        panels.append(tuple(Cell(name, group.arm, np.flatnonzero(group.members & inside)) for group in groups))
    lost = tuple((group.arm, int((group.members & (coded < 0)).sum())) for group in groups)
    return Panels(tuple(panels), lost)


def treated_from(study: Study) -> str:
    """The date from which the actual treatment is known.

    Parameters
    ----------
    study : Study
        With its design.

    Returns
    -------
    str
        Column of ADSL; empty where the design names none, or has no words for it.
    """
    schema = next(frame for frame in study.design.frames if frame.name == "adsl")
    found = next((column.known_from for column in schema.columns if column.name == TREATMENTS[1]), "")
    return found if found and found in study.design.words.dates and found in study["adsl"] else ""


def count_unstarted(study: Study, members: pd.DataFrame, everyone: tuple[Cell, ...]) -> tuple[tuple[str, int], ...]:
    """Count who has not reached the date from which the actual treatment is known.

    Parameters
    ----------
    study : Study
        With its design.
    members : DataFrame
        Of the analysis set.
    everyone : tuple of Cell
        The first panel.

    Returns
    -------
    tuple of (str, int)
        By arm; empty where there is no such date.
    """
    column = treated_from(study)
    if not column:
        return ()
    waiting = members[column].isna().to_numpy()
    return tuple((cell.arm, int(waiting[cell.places].sum())) for cell in everyone)


def find_values(study: Study, members: pd.DataFrame, item: Characteristic) -> np.ndarray:
    """Values of a characteristic.

    Parameters
    ----------
    study : Study
        For its messages.
    members : DataFrame
        Of the analysis set.
    item : Characteristic
        Of the plan.

    Returns
    -------
    ndarray, shape (n,)
        Numbers, NaN without a value; of a date its ordinal; of a level its position in the plan, -1 without a value.

    Raises
    ------
    SpecError
        If it is no column of ADSL, a date whose column holds none, or a value is outside its declared levels.
    """
    if item.scale not in VALUED:
        return _coded(study, members, item, item.blank)
    values = _column(members, item.column)
    dated = pd.api.types.is_datetime64_any_dtype(values.dtype)
    if dated != (item.scale == "date"):
        raise SpecError(f"plan: characteristic {item.column} is {item.scale}, but its column holds "
                        f"{'dates' if dated else 'no dates'}; a scale that fits is required.")  # fmt: skip
    if dated:
        days = values.to_numpy().astype("datetime64[D]")
        return np.where(np.isnat(days), np.nan, days.astype(np.int64) + float(_FIRST_DAY))
    return values.to_numpy(dtype=float, na_value=np.nan)


def _column(members: pd.DataFrame, name: str) -> pd.Series:
    if name not in members:
        raise SpecError(
            f"plan: characteristic {name} is not a column of adsl; a column of adsl, or one of "
            "the design's delivered treatment, is required."
        )
    found: pd.Series = members[name]
    return found


def _coded(study: Study, members: pd.DataFrame, item: Characteristic | Subgrouping, blank: str) -> np.ndarray:
    """The position of each value among the levels, -1 without a value."""
    places, found = distinct_level_texts(_column(members, item.column))
    texts = [text or blank for text in [*found, ""]]
    stray = sorted({*texts} - {*item.levels, ""})
    if stray:
        shown = told_texts(study, "adsl", item.column, stray)
        raise SpecError(f"plan: {item.column} has values outside its levels ({shown}); a label for each is required.")
    levels = [*item.levels]
    coded = np.array([levels.index(text) if text else -1 for text in texts])
    return np.asarray(coded[places])


def known_part(values: np.ndarray, item: Characteristic) -> np.ndarray:
    """What a group has of a characteristic.

    Parameters
    ----------
    values : ndarray, shape (m,)
        Of the group, from `find_values`.
    item : Characteristic
        Of the plan.

    Returns
    -------
    ndarray
        Its known numbers, sorted, so that the last bit of a sum does not depend on the order of the data; of levels,
        how many have each.
    """
    if item.scale in VALUED:
        return np.sort(values[~np.isnan(values)])
    return np.bincount(values + 1, minlength=len(item.levels) + 1)[1:]


def count_known(part: np.ndarray, item: Characteristic) -> int:
    """Participants of a group with a value.

    Parameters
    ----------
    part : ndarray
        From `known_part`.
    item : Characteristic
        Of the plan.

    Returns
    -------
    int
        How many.
    """
    return len(part) if item.scale in VALUED else int(part.sum())
