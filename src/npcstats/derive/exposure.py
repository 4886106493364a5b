"""Delivered treatment of each participant, as the design declares it, derived while doses still have their units."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

import numpy as np
import pandas as pd

from npcstats.clinical.delivered import CumulativeDose, Delivered, OverallTime, Ratio
from npcstats.clinical.regimens import cumulative_dose, overall_treatment_time
from npcstats.errors import DataError
from npcstats.study import ADSL, Study


def derive_exposure(study: Study) -> Study:
    """Add the design's variables of delivered treatment to ADSL.

    Parameters
    ----------
    study : Study
        At its cut-off, before arms are masked or removed: the unit of a dose can tell a participant's treatment, so
        that afterwards it is not there.

    Returns
    -------
    Study
        With a column of ADSL for each, NaN where it is not known yet, and the doses of which nobody has a record.

    Raises
    ------
    DataError
        If a dose is in another unit than declared, or a treatment ends before it begins.

    Notes
    -----
    Missing data: a cumulative dose with a record of unknown dose is not known; a participant without a record has 0.
    """
    for item in study.design.delivered:
        try:
            values = _derived(study, item)
        except DataError as error:
            raise DataError(f"{item.code}, among the records that the cut-off leaves: {error}") from None
        study = study.with_frames({ADSL: study[ADSL].assign(**{item.code: values})})
    doses = (item for item in study.design.delivered if isinstance(item, CumulativeDose))
    return replace(study, unrecorded=tuple(item.code for item in doses if not _is_given(study["adex"], item)))


def _derived(study: Study, item: Delivered) -> pd.Series:
    adsl = study[ADSL]
    match item:
        case CumulativeDose():
            return pd.Series(_sum(study, item), index=adsl.index).where(adsl[item.known_from].notna())
        case OverallTime():
            return pd.Series(overall_treatment_time(adsl[item.start], adsl[item.end]), index=adsl.index)
        case Ratio():
            return adsl[item.numerator] / adsl[item.denominator]
        case _:
            assert_never(item)


def _sum(study: Study, item: CumulativeDose) -> np.ndarray:
    adex, people = study["adex"], pd.Index(study[ADSL]["USUBJID"])
    return cumulative_dose(
        people.get_indexer(adex["USUBJID"]),
        adex["EXPHASE"] if item.phases else [""] * len(adex),
        adex["EXTRT"],
        adex["EXDOSE"],
        adex["EXDOSU"],
        drugs=item.drugs,
        settings=item.phases,
        required_unit=item.unit,
        participants=len(people),
    )


def _is_given(adex: pd.DataFrame, item: CumulativeDose) -> bool:
    given = adex["EXTRT"].isin(item.drugs)
    return bool((given & adex["EXPHASE"].isin(item.phases)).any() if item.phases else given.any())
