"""Values of a marker at visits with what is known of those below the limit of quantification."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.detection.spec import LimitedMarker
from npcstats.derive import BELOW_LLOQ, NOT_DETECTED, require_columns, visit_records
from npcstats.errors import DataError
from npcstats.formatting import counted
from npcstats.study import Study


@dataclass(frozen=True, eq=False)
class Readings:
    """Values of n members at v visits.

    Attributes
    ----------
    value : float array, shape (n, v)
        Natural logarithm of the value, of its limit where it is below; NaN without a value.
    below, detected : bool array, shape (n, v)
        Whether it is below its limit, and whether anything was detected; False without a value.
    """

    value: np.ndarray
    below: np.ndarray
    detected: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Where there is a value.

        Returns
        -------
        bool array, shape (n, v)
            True of those below the limit too.
        """
        return np.asarray(~np.isnan(self.value))

    @property
    def halved(self) -> np.ndarray:
        """The values with half the limit for those below it.

        Returns
        -------
        float array, shape (n, v)
            Natural logarithms.
        """
        return np.asarray(self.value - np.log(2.0) * self.below)


def read_marker(study: Study, members: pd.DataFrame, marker: LimitedMarker, reason: str) -> Readings:
    """Find each member's value of a marker at each visit: the record nearest to the target day, inside its window.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population, n rows.
    marker : LimitedMarker
        With v visits.
    reason : str
        What asks for it.

    Returns
    -------
    Readings
        Of the members at its visits.

    Raises
    ------
    DataError
        If the study lacks a column that is needed, or the marker has another unit, a value that has no logarithm, or
        one below a limit that is not told.
    """
    require_columns(study["adlb"], "adlb", ("PARAMCD", "ADT", "AVAL", "AVALC", "AVALU", "LLOQ"), reason)
    records = study["adlb"].loc[study["adlb"]["PARAMCD"] == marker.code]
    others = int((records["AVALU"] != marker.unit).sum())
    if others:
        raise DataError(
            f"adlb.AVALU: {counted(others, 'record')} of {marker.code} in another unit; {marker.unit} is required."
        )
    text = records["AVALC"].to_numpy(dtype=str)
    below = np.isin(text, (BELOW_LLOQ, NOT_DETECTED))
    amount = np.where(below, records["LLOQ"].to_numpy(dtype=float), records["AVAL"].to_numpy(dtype=float))
    _check_amounts(marker.code, amount, below)
    placed = records.assign(AVAL=amount, _below=below, _detected=text != NOT_DETECTED).dropna(subset="AVAL")
    shape = (len(members), len(marker.visits))
    found = Readings(np.full(shape, np.nan), np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool))
    for i, code in enumerate(marker.visits):
        chosen = visit_records(placed, members, study.design.visit(code))
        who = chosen.index.to_numpy(dtype=int)
        found.value[who, i] = np.log(chosen["AVAL"].to_numpy(dtype=float))
        found.below[who, i] = chosen["_below"].to_numpy(dtype=bool)
        found.detected[who, i] = chosen["_detected"].to_numpy(dtype=bool)
    return found


def _check_amounts(code: str, amount: np.ndarray, below: np.ndarray) -> None:
    untold = int((below & np.isnan(amount)).sum())
    if untold:
        raise DataError(
            f"adlb.LLOQ: {counted(untold, 'record')} of {code} below a limit that is not told; the limit of each is "
            "required."
        )
    wrong = int((amount <= 0).sum())
    if wrong:
        raise DataError(
            f"adlb.AVAL: {code} has {counted(wrong, 'value or limit', 'values or limits')} of zero or less; its "
            "logarithm requires more."
        )
