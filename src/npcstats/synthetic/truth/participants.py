"""Who takes part, when it is known, who gets which treatment, and how the trial is conducted."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from npcstats.synthetic.truth.effects import Linear, Weights


@dataclass(frozen=True)
class Calendar:
    """When things happen and when they are known.

    Parameters
    ----------
    database_date : date
        Last day the export knows of.
    consent_days : (int, int)
        Fewest and most days from consent to enrolment.
    entry_lag_mean, entry_lag_shape : float
        Gamma lag in days from an event to its entry in the database.
    """

    database_date: datetime.date
    consent_days: tuple[int, int]
    entry_lag_mean: float
    entry_lag_shape: float


@dataclass(frozen=True)
class Screening:
    """Share of screened persons who are not enrolled, and the weights of the criteria they fail."""

    failure_share: float
    criteria: Weights


@dataclass(frozen=True)
class Covariates:
    """Baseline distributions; tuples follow T1 to T4, N0 to N3 or the stages in `stages`.

    Parameters
    ----------
    age : (mean, sd, lowest, highest)
        Years.
    ses_per_age_sd : float
        Shift of the socioeconomic score per standard deviation of age.
    male : float
        Share.
    cci, ecog : Linear
        Log mean of a Poisson count; log odds of status 1.
    smoke, betel : (male, female)
        Shares.
    tumor, nodes : tuple of float
        Shares of T1 to T4 and N0 to N3.
    node_positive_share : float
        Share of drawn T1N0 that become T1N1.
    stages : tuple of str
        Stage codes, in rising order.
    stage_grid : tuple of tuple of int
        Index into `stages` by T (rows) and N (columns).
    histology : weights
        Codes and shares.
    ebv_mean, ebv_sd : float
        log10 copies/mL by stage and around it.
    volume_median, volume_log_sd : float
        Tumor volume in mL by T.
    induction : tuple of float
        Share given induction chemotherapy, by stage.
    unknown : weights
        Columns and the share of them left empty.
    """

    age: tuple[float, float, float, float]
    ses_per_age_sd: float
    male: float
    cci: Linear
    ecog: Linear
    smoke: tuple[float, float]
    betel: tuple[float, float]
    tumor: tuple[float, ...]
    nodes: tuple[float, ...]
    node_positive_share: float
    stages: tuple[str, ...]
    stage_grid: tuple[tuple[int, ...], ...]
    histology: Weights
    ebv_mean: tuple[float, ...]
    ebv_sd: float
    volume_median: tuple[float, ...]
    volume_log_sd: float
    induction: tuple[float, ...]
    unknown: Weights


@dataclass(frozen=True)
class Assignment:
    """Who gets which treatment.

    Parameters
    ----------
    propensity : Linear
        Log odds of the design's first arm.
    mixed_share : float
        Share of an arm's participants whose actual treatment is the design's other code for that arm.
    techniques : tuple of (treatment, weights)
        Technique by actual treatment.
    dose_units : tuple of (treatment, unit)
        Prescription unit by actual treatment.
    never_radiated : (float, float)
        Share that never reaches radiotherapy, with induction and without.
    changed : (float, float)
        Share for whom the other arm had been planned, of those given one treatment and of those given both.
    """

    propensity: Linear
    mixed_share: float
    techniques: tuple[tuple[str, Weights], ...]
    dose_units: tuple[tuple[str, str], ...]
    never_radiated: tuple[float, float]
    changed: tuple[float, float]


@dataclass(frozen=True)
class Conduct:
    """Supportive care, deviations and data flow.

    Parameters
    ----------
    tube : Linear
        Log odds of a reactive feeding tube given covariate ``organ_dose``.
    organ_dose : tuple of (mean, sd)
        Mediating organ dose, first arm and last.
    tube_start, tube_days
        First and last starting day of radiotherapy; median and log SD of duration.
    opioid : tuple of float
        Share given opioids, by grade 0 to 4 of the term in `opioid_term`.
    hospital_days : (float, float)
        Gamma mean and shape.
    interruption_days : int
        Shortest break that counts.
    deviations : tuple of (term, category, rate, days)
        Share of participants with each, and the first and last day from enrolment on which it happens.
    violation_term : str
        Deviation of participants enrolled against a criterion.
    changed_term : str
        Deviation of those whose treatment was not the planned one.
    forms : tuple of (kind, visits, mean lag, share never received)
        What is due, where (all visits if empty), and when it comes.
    """

    tube: Linear
    organ_dose: tuple[tuple[float, float], tuple[float, float]]
    tube_start: tuple[int, int]
    tube_days: tuple[float, float]
    opioid_term: str
    opioid: tuple[float, ...]
    hospital_days: tuple[float, float]
    interruption_days: int
    deviations: tuple[tuple[str, str, float, tuple[int, int]], ...]
    violation_term: str
    changed_term: str
    forms: tuple[tuple[str, tuple[str, ...], float, float], ...]
