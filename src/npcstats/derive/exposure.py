"""Delivered treatment of each participant, as the design declares it, derived while doses still have their units."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

import numpy as np
import pandas as pd

from npcstats.clinical.courses import (
    missed_days,
    overall_treatment_time,
    relative_dose_intensity,
    weeks_of_cycles,
)
from npcstats.clinical.delivered import (
    CumulativeDose,
    Cycles,
    Delivered,
    DoseIntensity,
    MissedDays,
    OverallTime,
    PrescribedDose,
    Ratio,
    Switch,
)
from npcstats.clinical.regimens import CARBOPLATIN, CISPLATIN, REGIMENS, cumulative_dose, flag_switch, number_cycles
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
    doses = (item for item in study.design.delivered if isinstance(item, CumulativeDose | PrescribedDose))
    return replace(study, unrecorded=tuple(item.code for item in doses if not _is_given(study["adex"], item)))


def _derived(study: Study, item: Delivered) -> pd.Series:
    adsl = study[ADSL]
    match item:
        case CumulativeDose():
            return _known(adsl, _sum(study, item), item.known_from)
        case PrescribedDose():
            return _known(adsl, _prescribed_sum(study, item), item.known_from)
        case OverallTime():
            return pd.Series(overall_treatment_time(adsl[item.start], adsl[item.end]), index=adsl.index)
        case MissedDays():
            return pd.Series(missed_days(adsl[item.start], adsl[item.end], adsl[item.given]), index=adsl.index)
        case Cycles():
            return _known(adsl, _cycles(study, item), item.known_from)
        case DoseIntensity():
            return _known(adsl, _intensity(study, item), item.known_from)
        case Switch():
            flags = pd.Series(_switches(study), index=adsl.index)
            return flags.where(adsl[item.known_from].notna() | (flags == "Y"), "")
        case Ratio():
            return adsl[item.numerator] / adsl[item.denominator]
        case _:
            assert_never(item)


def _known(adsl: pd.DataFrame, values: np.ndarray, known_from: str) -> pd.Series:
    return pd.Series(values, index=adsl.index).where(adsl[known_from].notna())


def _positions(study: Study, adex: pd.DataFrame) -> np.ndarray:
    found: np.ndarray = pd.Index(study[ADSL]["USUBJID"]).get_indexer(adex["USUBJID"])
    return found


def _sum(study: Study, item: CumulativeDose) -> np.ndarray:
    adex = study["adex"]
    return cumulative_dose(
        _positions(study, adex),
        adex["EXPHASE"] if item.phases else [""] * len(adex),
        adex["EXTRT"],
        adex["EXDOSE"],
        adex["EXDOSU"],
        drugs=item.drugs,
        settings=item.phases,
        required_unit=item.unit,
        participants=len(study[ADSL]),
    )


def _prescribed_sum(study: Study, item: PrescribedDose) -> np.ndarray:
    adex, adsl = study["adex"], study[ADSL]
    who = _positions(study, adex)
    return cumulative_dose(
        who,
        [""] * len(adex),
        adex["EXTRT"],
        adex["EXDOSE"],
        adex["EXDOSU"],
        drugs=item.treatments,
        settings=(),
        required_unit=adsl[item.unit_column].to_numpy()[who],
        participants=len(adsl),
    )


def _cycles(study: Study, item: Cycles) -> np.ndarray:
    """Cycles of each participant; not known where a dose that decides is not recorded, or without a planned regimen."""
    adsl, adex = study[ADSL], _of_phase(study, item)
    given = adex.groupby(["_WHO", "_CYCLE"])["EXDOSE"].agg(["max", "count", "size"])
    counts = given["max"] > 0 if item.counting == "given" else given["size"] > 0
    unknown = (given["count"] < given["size"]) & ~(given["max"] > 0) & (item.counting == "given")
    people = np.arange(len(adsl))
    numbers = counts.groupby("_WHO").sum().reindex(people, fill_value=0).astype(float)
    lacking = unknown.groupby("_WHO").any().reindex(people, fill_value=False).to_numpy(dtype=bool)
    planned = (adsl[item.regimen] != "").to_numpy()
    return numbers.where(planned & ~lacking).to_numpy()


def _intensity(study: Study, item: DoseIntensity) -> np.ndarray:
    """Dose over time, from the first recorded cycle to the last with its planned length, beside the plan of both."""
    adsl, adex = study[ADSL], _of_phase(study, item)
    own = adex.loc[(adex["EXTRT"] == item.drug) & adex["_CYCLE"].notna()]
    _refuse_units(own, item)
    begins = own.groupby(["_WHO", "_CYCLE"])["EXSTDT"].min()
    per_person = own.groupby("_WHO")
    found = pd.DataFrame({
        "dose": per_person["EXDOSE"].agg(lambda doses: doses.sum(skipna=False)),
        "planned": per_person["EXPLANNED"].agg(lambda doses: doses.sum(skipna=False)),
        "first": begins.groupby("_WHO").min(),
        "last": begins.groupby("_WHO").max(),
        "cycles": begins.groupby("_WHO").size(),
    })  # fmt: skip
    result = np.full(len(adsl), np.nan)
    codes = adsl[item.regimen].to_numpy()[found.index.to_numpy(dtype=int)]
    for code in dict.fromkeys(codes):
        of, days = found.loc[codes == code], REGIMENS[code].cycle_days
        took = weeks_of_cycles(of["first"], of["last"], cycle_days=days)
        were_to = weeks_of_cycles(of["first"], of["first"], cycle_days=days) * of["cycles"].to_numpy()
        result[of.index.to_numpy(dtype=int)] = relative_dose_intensity(of["dose"], took, of["planned"], were_to)
    return result


def _refuse_units(own: pd.DataFrame, item: DoseIntensity) -> None:
    """Doses of one drug in two units cannot be added up."""
    units = own.loc[own["EXDOSE"] > 0].groupby("_WHO")["EXDOSU"].nunique()
    several = int((units > 1).sum())
    if several:
        raise DataError(f"adex.EXDOSU: doses of {item.drug} in two units or more of {several} participants; one unit "
                        "for each is required, nothing is converted.")  # fmt: skip


def _of_phase(study: Study, item: Cycles | DoseIntensity) -> pd.DataFrame:
    """Records of a phase, with the place of their participant and the number of their cycle."""
    adsl, adex = study[ADSL], study["adex"]
    adex = adex.loc[adex["EXPHASE"] == item.phase]
    who = _positions(study, adex)
    cycles = number_cycles(who, adsl[item.regimen], adex["EXSTDT"], participants=len(adsl))
    return adex.assign(_WHO=who, _CYCLE=cycles)


def _switches(study: Study) -> np.ndarray:
    adex = study["adex"]
    drugs = adex.loc[adex["EXTRT"].isin((CISPLATIN, CARBOPLATIN))]
    return flag_switch(
        _positions(study, drugs),
        drugs["EXPHASE"],
        drugs["EXTRT"],
        drugs["EXDOSE"],
        drugs["EXSTDT"],
        participants=len(study[ADSL]),
    )


def _is_given(adex: pd.DataFrame, item: CumulativeDose | PrescribedDose) -> bool:
    drugs, phases = (item.drugs, item.phases) if isinstance(item, CumulativeDose) else (item.treatments, ())
    given = adex["EXTRT"].isin(drugs)
    return bool((given & adex["EXPHASE"].isin(phases)).any() if phases else given.any())
