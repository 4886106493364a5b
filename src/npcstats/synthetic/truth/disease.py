"""The course of the disease: hazards, how a relapse is found, response, and sums of diameters."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.synthetic.truth.effects import Linear, Weights


@dataclass(frozen=True)
class Detection:
    """A relapse begins unseen and is found later: at an assessment that looks for it, or by its symptoms.

    Parameters
    ----------
    kinds : (str, str)
        Kinds of assessment that find a locoregional relapse, and a distant one.
    first_day : int
        Days from the end of radiotherapy before which none is found.
    symptomatic : (float, float)
        Share of locoregional and of distant relapses that lead to a visit of their own.
    symptom_days : (int, int)
        From the beginning to that visit, and from the last visit before a death of the disease to that death.
    restaging_days : (int, int)
        From one relapse to the examinations of the whole body that follow it.
    restaging_lead : float
        Months before its own beginning at which such an examination finds a relapse of the other kind.
    after_distant : (float, float)
        Share of metastases that a locoregional relapse follows which no hazard makes, and the share of those that are
        found at once.
    at_once_days, later_days : (int, int)
        From the metastasis to such a relapse, at once or later.
    """

    kinds: tuple[str, str]
    first_day: int
    symptomatic: tuple[float, float]
    symptom_days: tuple[int, int]
    restaging_days: tuple[int, int]
    restaging_lead: float
    after_distant: tuple[float, float]
    at_once_days: tuple[int, int]
    later_days: tuple[int, int]


@dataclass(frozen=True)
class Disease:
    """Cause-specific hazards per month from the start of radiotherapy.

    Parameters
    ----------
    locoregional, distant, other_death : Linear
        Log hazard; intercepts are log baseline rates.
    locoregional_arm, distant_arm, other_death_arm : float
        Log hazard ratios, first arm against last.
    slowing : tuple of (month, factor)
        Relapse hazards are multiplied by the factor from that month on.
    death_after_locoregional, death_after_distant : float
        Median months.
    local_share, both_share : float
        Share of locoregional relapses that are local; share that are local and regional.
    biopsy_share : float
        Share of relapses confirmed by biopsy.
    second_primary, therapy_without_relapse : float
        Rates per month.
    therapy_after_relapse : float
        Share treated again.
    lost : Linear
        Log rate of loss to follow-up per month.
    withdrawn_share : float
        Share of the lost who withdrew.
    detection : Detection
        When a relapse is found.
    residual_share : float
        Share in which a biopsy proves residual disease, of those whose last reading of response is one of
        `residual_readings`.
    residual_readings : tuple of str
        Categories of response.
    residual_days : (int, int)
        Days of the biopsy from the end of radiotherapy.
    therapy_after_residual : float
        Share of them treated again.
    therapy_before_proof : float
        Share of relapses treated before they are found, though not before they begin.
    ahead_days : (int, int)
        From such a therapy to the day on which the relapse is found.
    cause_unknown : float
        Share of deaths, but those coded as an adverse event, whose cause is not known.
    """

    locoregional: Linear
    distant: Linear
    other_death: Linear
    locoregional_arm: float
    distant_arm: float
    other_death_arm: float
    slowing: tuple[tuple[float, float], ...]
    death_after_locoregional: float
    death_after_distant: float
    local_share: float
    both_share: float
    biopsy_share: float
    second_primary: float
    therapy_after_relapse: float
    therapy_without_relapse: float
    lost: Linear
    withdrawn_share: float
    detection: Detection
    residual_share: float
    residual_readings: tuple[str, ...]
    residual_days: tuple[int, int]
    therapy_after_residual: float
    therapy_before_proof: float
    ahead_days: tuple[int, int]
    cause_unknown: float


@dataclass(frozen=True)
class Response:
    """Tumor response at a first and a second reading.

    Parameters
    ----------
    visits : (str, str)
        Visits with a reading.
    first : weights
        Shares at the first reading.
    second : tuple of (category, weights)
        Shares at the second reading, by the first.
    after_relapse : str
        Category once the disease has relapsed.
    method : str
        How it was read.
    """

    visits: tuple[str, str]
    first: Weights
    second: tuple[tuple[str, Weights], ...]
    after_relapse: str
    method: str


@dataclass(frozen=True)
class Lesions:
    """Sums of diameters, made to agree with the readings of response.

    Parameters
    ----------
    param : str
        Code of the sum.
    baseline : (str, int, int)
        Visit before radiotherapy, and first and last day before its start.
    nodes : tuple of float
        Millimeters that nodes add, by N category from 0.
    spread : float
        Of a measurement before radiotherapy, on the log scale.
    smallest : float
        Millimeters below which a target is not measured.
    gone, remnant : str, float
        Reading at which every target is gone, and the largest sum that is read so later.
    changes : tuple of (reading, least, most)
        Shares of the sum before radiotherapy by which it has changed.
    falling : (float, float)
        Least and most of a sum over the one before, where no progression is seen.
    growing : (float, float)
        Least and most of a sum over the smallest before, at a locoregional relapse.
    regrowth : (float, float)
        Least and most millimeters that such a sum is above the smallest before.
    later : tuple of str
        Visits with a measurement but no reading.
    """

    param: str
    baseline: tuple[str, int, int]
    nodes: tuple[float, ...]
    spread: float
    smallest: float
    gone: str
    remnant: float
    changes: tuple[tuple[str, float, float], ...]
    falling: tuple[float, float]
    growing: tuple[float, float]
    regrowth: tuple[float, float]
    later: tuple[str, ...]
