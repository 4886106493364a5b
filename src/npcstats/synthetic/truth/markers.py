"""When participants are seen and give blood, and the markers measured in it."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.synthetic.truth.effects import NO_EFFECT, Linear, Share, Weights


@dataclass(frozen=True)
class Sampling:
    """Contacts, and what is missed.

    Parameters
    ----------
    spread : tuple of (visit, days before, days after)
        How far a visit may lie from its target.
    weekly : tuple of int
        Days from the start of radiotherapy with blood counts between the visits.
    nadir_day : int
        Day of an induction cycle with blood counts.
    on_treatment : tuple of str
        The two visits between which weekly values are interpolated, in order.
    contacts : tuple of (days, kinds)
        Follow-up besides the visits, from the end of radiotherapy, and what is assessed.
    assessed : tuple of (visit, kinds)
        What is assessed at a visit.
    contact_spread : int
        Days around a contact.
    missed : float
        Share missed completely at random.
    missed_at_random : Linear
        Log odds of missing a visit; covariate ``severe`` is a recent severe event.
    recent : tuple of str
        Visits at which a severe event is recent.
    failed_assay : float
        Share of values lost in the laboratory.
    failed_baseline : float
        The same before treatment.
    sampled_after_relapse : float
        Share who go on giving blood after a relapse.
    seldom : (float, float)
        Share who come seldom to follow-up, and the share of their assessments for disease that they miss.
    telephone : float
        Share of missed assessments for disease at which the participant is reached by telephone.
    missed_unseen : (marker, intercept, slope)
        Log odds that a sample after baseline is not taken: an intercept, and a slope per unit by which the log of the
        marker's own value, never recorded then, lies below its median of that day; no marker, nothing missed so.
    """

    spread: tuple[tuple[str, int, int], ...]
    weekly: tuple[int, ...]
    nadir_day: int
    on_treatment: tuple[str, str]
    contacts: tuple[tuple[int, tuple[str, ...]], ...]
    assessed: tuple[tuple[str, tuple[str, ...]], ...]
    contact_spread: int
    missed: float
    missed_at_random: Linear
    recent: tuple[str, ...]
    failed_assay: float
    failed_baseline: float
    sampled_after_relapse: float
    seldom: tuple[float, float]
    telephone: float
    missed_unseen: tuple[str, float, float] = ("", 0.0, 0.0)


@dataclass(frozen=True)
class Marker:
    """A marker on the log scale.

    Parameters
    ----------
    code, unit, decimals
        Parameter code, unit, recorded decimals.
    median, log_sd : float
        Before treatment; of a share when `share_of` names another marker.
    course : tuple of (visit, change, difference)
        Mean change from baseline in the reference arm and planted arm difference, natural log.
    person_sd, residual_sd : float
        Between participants after baseline, and within them.
    slopes : Linear
        Covariates acting after baseline.
    pre_rt, nadir : float
        Change after induction and at an induction nadir.
    share_of, share_scale
        The value is this marker's share of another one, times a scale.
    bounds : (float, float)
        Range of the first value, from the eligibility criteria.
    limit, detection : float
        Lower limit of quantification and of detection; 0 where there is none.
    autocorrelation : float
        First-order correlation of residuals between visits.
    weekly : bool
        Whether measured between visits too.
    assay : str
        Assay version, where kept.
    follows : (marker, loading)
        A marker drawn before, and how much of its deviations this one shares on top of its own.
    before_relapse : (shift, days)
        Shift, natural log, at visits at most so many days before a distant relapse, or after it.
    """

    code: str
    unit: str
    decimals: int
    median: float
    log_sd: float
    course: tuple[tuple[str, float, float], ...]
    person_sd: float
    residual_sd: float
    slopes: Linear = NO_EFFECT
    pre_rt: float = 0.0
    nadir: float = 0.0
    share_of: str = ""
    share_scale: float = 1.0
    bounds: tuple[float, float] = (0.0, float("inf"))
    limit: float = 0.0
    detection: float = 0.0
    autocorrelation: float = 0.0
    weekly: bool = False
    assay: str = ""
    follows: tuple[str, float] = ("", 0.0)
    before_relapse: tuple[float, int] = (0.0, 0)


@dataclass(frozen=True)
class Composite:
    """A marker made of others: the ratio of two, or a weighted sum, of which it is a share if one is given."""

    code: str
    unit: str
    decimals: int
    parts: Weights
    ratio: bool = False
    share: Share | None = None


@dataclass(frozen=True)
class Biomarkers:
    """The panel, in the order in which markers depend on each other.

    Parameters
    ----------
    markers, composites
        Drawn markers, and those computed from them.
    from_covariate : (marker, covariate)
        The marker whose first value is a baseline covariate, log10 of the unit.
    contains : tuple of (whole, part, ratio)
        A marker is recorded as at least so many times a marker that it contains.
    subsets : (whole, scale, parts)
        Parts whose weighted sum is recorded as at most the whole times the scale.
    violations : (marker, lowest, highest, share)
        Share enrolled against a criterion, and their value.
    """

    markers: tuple[Marker, ...]
    composites: tuple[Composite, ...]
    from_covariate: tuple[str, str]
    contains: tuple[tuple[str, str, float], ...]
    subsets: tuple[str, float, Weights]
    violations: tuple[str, float, float, float]
