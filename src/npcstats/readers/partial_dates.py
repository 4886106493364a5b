"""What a date without its day becomes, by the plan's rules."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.readers.names import named_once, with_columns
from npcstats.readers.source import PartialDate, bounds_first
from npcstats.readers.taken import Taken
from npcstats.schema import day_of, distinct_values

PARTIAL = re.compile("([0-9]{4})(?:-([0-9]{2}))?")


def without_partial(
    taken: Taken, name: str, rules: Mapping[str, PartialDate], adsl: Taken | None
) -> tuple[Taken, list[str]]:
    """Make days of partial dates, and flags that say so.

    Parameters
    ----------
    taken : Taken
        The frame.
    name : str
        Of the frame.
    rules : mapping of str to PartialDate
        By column.
    adsl : Taken, optional
        Where a bound may stand that the frame itself has not.

    Returns
    -------
    Taken
        The frame with a flag for each rule, and an origin that knows what was imputed.
    list of str
        Faults; empty when there is none.
    """
    frame, faults, told = taken.frame, [], {}
    for column in bounds_first(rules):
        rule = rules[column]
        if column not in named_once(frame, [column]):
            continue
        if rule.flag in frame.columns:
            faults.append(
                f"{name}.{rule.flag}: the export has this column, which the plan makes; another name is required."
            )
            continue
        floor, ceiling = (_bound(frame, bound, adsl) for bound in (rule.not_before, rule.not_after))
        if floor is None or ceiling is None:
            lacking = rule.not_before if floor is None else rule.not_after
            faults.append(f"{name}.{column}: its rule needs {lacking}, which neither {name} nor adsl has; a date "
                          "column is required.")  # fmt: skip
            continue
        dates = frame[column].to_numpy(dtype=object)
        codes, found = distinct_values(frame[column])
        known = np.array([*(_is_partial(value) for value in found), False], dtype=bool)[codes]
        flags = np.full(len(frame), "", dtype=object)
        made = dates.copy()
        for i in np.flatnonzero(known):
            made[i] = _imputed(dates[i], rule, floor[i], ceiling[i])
            flags[i] = "M" if len(dates[i]) == 4 else "D"
        changed = frame[column] if not known.any() else pd.Series(made, index=frame.index, dtype=object)
        frame = with_columns(frame.assign(**{column: changed}), {rule.flag: flags})
        told[column] = dict.fromkeys(np.flatnonzero(known).tolist(), f"the plan's rule {rule.rule}")
    return replace(taken, frame=frame, origin=replace(taken.origin, made=told)), faults


def _bound(frame: pd.DataFrame, bound: str, adsl: Taken | None) -> list[str] | None:
    """The day of another column in each row, empty where there is none; None where there is no such column."""
    if not bound:
        return [""] * len(frame)
    if bound in frame.columns:
        return [day_of(value) or "" for value in frame[bound]]
    if adsl is None or not {bound, "USUBJID"} <= set(adsl.frame.columns) or "USUBJID" not in frame:
        return None
    of = {str(who): day_of(value) or "" for who, value in zip(adsl.frame["USUBJID"], adsl.frame[bound], strict=True)}
    return [of.get(str(who), "") for who in frame["USUBJID"]]


def _is_partial(value: object) -> bool:
    matched = PARTIAL.fullmatch(value) if isinstance(value, str) else None
    return matched is not None and 1 <= int(matched.group(2) or 1) <= 12 and int(matched.group(1)) >= 1


def _imputed(text: str, rule: PartialDate, floor: str, ceiling: str) -> str:
    """The day of a partial date by its rule; ISO dates compare as texts."""
    year, _, month = text.partition("-")
    low = datetime.date(int(year), int(month or 1), 1)
    last_month = int(month or 12)
    high = low.replace(month=last_month, day=calendar.monthrange(low.year, last_month)[1])
    middle = low.replace(day=15) if month else low.replace(month=7, day=1)
    chosen = {"first": low, "mid": middle, "last": high}.get(rule.rule, low).isoformat()
    if rule.rule == "earliest-not-before" and low.isoformat() < floor <= high.isoformat():
        chosen = floor
    return ceiling if low.isoformat() <= ceiling < chosen else chosen
