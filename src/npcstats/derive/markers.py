"""Values of a laboratory marker at visits, on the scale that they are analysed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from npcstats.derive.groups import Span, require_columns
from npcstats.derive.visits import BELOW_LLOQ, NOT_DETECTED, detectable, visit_records
from npcstats.errors import DataError
from npcstats.formatting import counted
from npcstats.study import Study, Visit

MarkerScale = Literal["log", "identity", "detectable"]
BelowLimit = Literal["half-limit", "missing"]
BELOW_LIMITS: tuple[BelowLimit, ...] = ("half-limit", "missing")
BELOW_WORDS: Mapping[BelowLimit, str] = {
    "half-limit": "Values below the limit of quantification count as half that limit.",
    "missing": "Values below the limit of quantification count as missing.",
}
"""What the page says of values below the limit."""
NEAREST_RECORD = "At each visit the record nearest to its target day, inside its window, is used."


@dataclass(frozen=True, kw_only=True)
class MarkerRatio:
    """A marker that is the ratio of two that are recorded on the same day.

    Parameters
    ----------
    code : str
        What it is called as a PARAMCD; none of the data.
    numerator, numerator_unit, denominator, denominator_unit : str
        PARAMCD of the two, and the units in which their values are recorded.
    factor : float
        What the ratio of the recorded numbers is multiplied by.
    unit : str
        Unit of the product; ``ratio`` where it has none.
    """

    code: str
    numerator: str
    numerator_unit: str
    denominator: str
    denominator_unit: str
    factor: float
    unit: str


def with_ratios(study: Study, ratios: Sequence[MarkerRatio], reason: str) -> Study:
    """Add records of ratios to those of the laboratory, of every day on which both markers have a number.

    Parameters
    ----------
    study : Study
        At its cut-off.
    ratios : sequence of MarkerRatio
        What is added.
    reason : str
        What asks for it.

    Returns
    -------
    Study
        With more rows of ADLB; the same study where there are no ratios.

    Raises
    ------
    DataError
        If the study lacks a column that is needed, a ratio has the code of a recorded marker, or a marker is recorded
        in another unit.

    Notes
    -----
    A value below the limit of quantification is no number, and neither is a ratio to 0. Of two records of a marker on
    one day the lower counts.
    """
    if not ratios:
        return study
    records = study["adlb"]
    require_columns(records, "adlb", ("PARAMCD", "ADT", "AVAL", "AVALC", "AVALU"), reason)
    taken = sorted({ratio.code for ratio in ratios} & set(records["PARAMCD"]))
    if taken:
        raise DataError(f"{reason}: {', '.join(taken)} is a marker of adlb; the code of a ratio must be none of them.")
    parts = [records, *(_ratio_records(records, ratio) for ratio in ratios)]
    return study.with_frames({"adlb": pd.concat([part for part in parts if len(part)] or [records], ignore_index=True)})


def _ratio_records(records: pd.DataFrame, ratio: MarkerRatio) -> pd.DataFrame:
    over = _day_values(records, ratio.numerator, ratio.numerator_unit)
    under = _day_values(records, ratio.denominator, ratio.denominator_unit)
    both = over.merge(under.rename(columns={"AVAL": "_under"})[["USUBJID", "ADT", "_under"]], on=["USUBJID", "ADT"])
    both = both.loc[both["_under"] != 0]
    value = ratio.factor * both["AVAL"] / both["_under"]
    lacking = {"LLOQ": np.nan} if "LLOQ" in both else {}
    return both.drop(columns="_under").assign(PARAMCD=ratio.code, AVAL=value, AVALC="", AVALU=ratio.unit, **lacking)


def _day_values(records: pd.DataFrame, code: str, unit: str) -> pd.DataFrame:
    of_code = records.loc[records["PARAMCD"] == code]
    _require_unit(of_code, code, unit)
    known = of_code["AVAL"].notna() & ~of_code["AVALC"].isin((BELOW_LLOQ, NOT_DETECTED))
    numbers = of_code.loc[known].sort_values(["USUBJID", "ADT", "AVAL"], kind="stable")
    found: pd.DataFrame = numbers.drop_duplicates(["USUBJID", "ADT"])
    return found


def _require_unit(records: pd.DataFrame, code: str, unit: str) -> None:
    others = int((records["AVALU"] != unit).sum())
    if others:
        raise DataError(f"adlb.AVALU: {counted(others, 'record')} of {code} in another unit; {unit} is required.")


def marker_values(
    study: Study,
    members: pd.DataFrame,
    visits: Sequence[Visit],
    *,
    code: str,
    unit: str,
    scale: MarkerScale,
    below_limit: BelowLimit,
    reason: str,
) -> np.ndarray:
    """Find each member's value of a marker at each visit.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population, n rows.
    visits : sequence of Visit
        v visits of the design; the record nearest to the target day, inside its window, is used.
    code, unit : str
        PARAMCD, and the unit in which its values are recorded.
    scale : {"log", "identity", "detectable"}
        The logarithm, the value itself, or 1 where anything was detected and 0 where it was not.
    below_limit : {"half-limit", "missing"}
        What a value below the limit of quantification counts as; of no effect on "detectable".
    reason : str
        What asks for it.

    Returns
    -------
    float array, shape (n, v)
        NaN without a value.

    Raises
    ------
    DataError
        If the study lacks a column that is needed, or the marker has another unit or a value that its scale cannot
        take.
    """
    readings = marker_readings(study, code=code, unit=unit, scale=scale, below_limit=below_limit, reason=reason)
    return _at_visits(readings, members, visits)


def marker_readings(
    study: Study, *, code: str, unit: str, scale: MarkerScale, below_limit: BelowLimit, reason: str
) -> pd.DataFrame:
    """Find every reading of a marker, at a visit or not.

    Parameters
    ----------
    study : Study
        At its cut-off.
    code, unit : str
        PARAMCD, and the unit in which its values are recorded.
    scale : {"log", "identity", "detectable"}
        As in `marker_values`.
    below_limit : {"half-limit", "missing"}
        As in `marker_values`.
    reason : str
        What asks for it.

    Returns
    -------
    DataFrame
        Rows of ADLB that have a value, in their order, AVAL on the scale.

    Raises
    ------
    DataError
        As `marker_values`.
    """
    limit = ("LLOQ",) if below_limit == "half-limit" and scale != "detectable" else ()
    require_columns(study["adlb"], "adlb", ("PARAMCD", "ADT", "AVAL", "AVALC", "AVALU", *limit), reason)
    records = study["adlb"].loc[study["adlb"]["PARAMCD"] == code]
    _require_unit(records, code, unit)
    measured = records.assign(AVAL=_on_scale(records, code, scale, below_limit)).dropna(subset="AVAL")
    return measured


def _at_visits(measured: pd.DataFrame, members: pd.DataFrame, visits: Sequence[Visit]) -> np.ndarray:
    values = np.full((len(members), len(visits)), np.nan)
    for i, visit in enumerate(visits):
        chosen = visit_records(measured, members, visit)
        values[chosen.index.to_numpy(dtype=int), i] = chosen["AVAL"].to_numpy(dtype=float)
    return values


def measured_members(study: Study, members: pd.DataFrame, span: Span, codes: Sequence[str], reason: str) -> np.ndarray:
    """Find who has a value of a laboratory parameter in a period.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population, n rows.
    span : Span
        Each member's stretch of time.
    codes : sequence of str
        PARAMCD of the parameters: a value of one of them is enough, one below the limit of quantification too.
    reason : str
        What asks for it.

    Returns
    -------
    bool array, shape (n,)
        Who has.

    Raises
    ------
    DataError
        If the study lacks a column that is needed.
    """
    require_columns(study["adlb"], "adlb", ("PARAMCD", "ADT", "AVAL", "AVALC"), reason)
    records = study["adlb"].loc[study["adlb"]["PARAMCD"].isin(codes)]
    member = pd.Index(members["USUBJID"]).get_indexer(pd.Index(records["USUBJID"]))
    known = records["AVAL"].notna() | records["AVALC"].isin((BELOW_LLOQ, NOT_DETECTED))
    kept = (member >= 0) & known.to_numpy()
    member, day = member[kept], records["ADT"].to_numpy()[kept]
    start, end = (dates.to_numpy()[member] for dates in (span.start, span.end))
    return np.isin(np.arange(len(members)), member[(day >= start) & ((day <= end) | np.isnat(end))])


def _on_scale(records: pd.DataFrame, code: str, scale: MarkerScale, below_limit: BelowLimit) -> np.ndarray:
    if scale == "detectable":
        return detectable(records)
    text, value = records["AVALC"].to_numpy(dtype=str), records["AVAL"].to_numpy(dtype=float)
    below = np.isin(text, (BELOW_LLOQ, NOT_DETECTED))
    limit = records["LLOQ"].to_numpy(dtype=float) / 2 if below_limit == "half-limit" else np.nan
    filled = np.where(below, limit, value)
    if scale == "identity":
        return filled
    wrong = int((filled <= 0).sum())
    if wrong:
        raise DataError(
            f"adlb.AVAL: {code} has {counted(wrong, 'value')} of zero or less; its logarithm requires more."
        )
    return np.log(filled)
