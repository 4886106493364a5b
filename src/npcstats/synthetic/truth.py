"""What has to be stated before a trial can be made: the planted values, as types without values.

Every number that a test may want to recover is a field here and a value in the trial's own truth file. Covariates are
named as in `npcstats.synthetic.cohort`; arm differences are the design's first arm minus its last.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Linear:
    """A linear predictor: an intercept and one slope per named covariate."""

    intercept: float
    slopes: Weights = ()


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
class Drug:
    """A drug within a cycle: dose per administration, its days from the cycle's first, and how long it runs."""

    name: str
    dose: float
    unit: str
    days: tuple[int, ...] = (0,)
    last_day: int = 0


@dataclass(frozen=True)
class Regimen:
    """A chemotherapy regimen: its share, the days between cycles, and the shares of planned numbers of cycles."""

    code: str
    share: float
    drugs: tuple[Drug, ...]
    cycle_days: int
    cycles: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Radiotherapy:
    """The course: prescription, fractions on working days, breaks and early stops.

    Parameters
    ----------
    treatment : str
        Name in the exposure frame.
    dose, fractions, fractions_per_block
        Prescription, number of fractions, fractions per recorded block.
    wait_days : (int, int)
        Enrolment to first treatment.
    gap_days : (int, int)
        End of the last induction cycle to the first fraction.
    break_share, break_days
        Share with a long break; its working days.
    short_break_share : float
        Share with one working day lost.
    stop_share, stop_range
        Share that stops early; fewest and most fractions then.
    """

    treatment: str
    dose: float
    fractions: int
    fractions_per_block: int
    wait_days: tuple[int, int]
    gap_days: tuple[int, int]
    break_share: float
    break_days: tuple[int, int]
    short_break_share: float
    stop_share: float
    stop_range: tuple[int, int]


@dataclass(frozen=True)
class Chemotherapy:
    """Regimens before and with radiotherapy, and the log odds of skipping a concurrent cycle.

    ``skip`` may name covariate ``renal``, the first value of marker ``renal_marker``; ``reduced_to`` is the share of
    the dose that ``reduce_share`` of the cycles get.
    """

    induction: tuple[Regimen, ...]
    concurrent: tuple[Regimen, ...]
    skip: Linear
    renal_marker: str
    skip_per_cycle: float
    reduce_share: float
    reduced_to: float


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
class Term:
    """An adverse event graded by a cumulative logit.

    Parameters
    ----------
    name, body_system : str
        CTCAE term and its system organ class.
    shares : tuple of float
        Share of grade 1 or more, 2 or more, and so on in the reference arm at average covariates; 0 where CTCAE
        defines no such grade.
    arm : float
        Log odds shift, first arm against last.
    onset : (int, int)
        Days from the start of radiotherapy (induction: of treatment).
    end : (int, int)
        Days from the end of radiotherapy (induction, and what is brief: from onset) to recovery.
    relation : str
        What it is attributed to most often.
    rises : float
        Share of grade 2 or worse that is recorded first at a lower grade.
    lasting : float
        Share that does not recover.
    brief : bool
        Whether it ends by itself, whether or not radiotherapy goes on.
    """

    name: str
    body_system: str
    shares: tuple[float, ...]
    arm: float
    onset: tuple[int, int]
    end: tuple[int, int]
    relation: str
    rises: float = 0.35
    lasting: float = 0.0
    brief: bool = False


@dataclass(frozen=True)
class LateTerm:
    """A late adverse event.

    Parameters
    ----------
    name, body_system : str
        CTCAE term and its system organ class.
    risk : float
        Risk within 5 years in the reference arm, without death; no record is made where one as bad lasts.
    grade2, grade3 : float
        Share of grade 2 or more, and of grade 3 or more.
    arm : float
        Log hazard ratio, first arm against last.
    relation : str
        What it is attributed to most often.
    latency : int
        Days of the late period before which it does not begin.
    recovers : float
        Share that recovers.
    """

    name: str
    body_system: str
    risk: float
    grade2: float
    grade3: float
    arm: float
    relation: str = "RT"
    latency: int = 0
    recovers: float = 0.25


@dataclass(frozen=True)
class LabTerm:
    """A laboratory adverse event, graded from recorded values.

    Parameters
    ----------
    name, body_system, marker : str
        CTCAE term, its system organ class, and the marker's code.
    direction : {-1, 1}
        -1 where low values are bad.
    cuts : tuple of float
        Grade 1 beyond the first cut, grade 2 beyond the second, and so on; a value on a cut is not beyond it.
    baseline_ratios : tuple of (grade, ratio)
        Grades also reached beyond a multiple of the baseline value.
    relation : str
        What it is attributed to.
    """

    name: str
    body_system: str
    marker: str
    direction: int
    cuts: tuple[float, ...]
    baseline_ratios: tuple[tuple[int, float], ...]
    relation: str


@dataclass(frozen=True)
class Toxicity:
    """Adverse events.

    Parameters
    ----------
    predictor : Linear
        Shared linear predictor, centred by its intercept.
    frailty_sd : float
        Standard deviation of a participant's susceptibility, on the logit scale.
    acute, induction : tuple of Term
        Under radiotherapy; under induction.
    late : tuple of LateTerm
        From `late_day` days after radiotherapy.
    late_predictor : float
        Share of the linear predictor that acts on late rates.
    late_rises : float
        Share of late grade 2 or worse recorded first at a lower grade.
    laboratory : tuple of LabTerm
        Graded from recorded values.
    acute_days, late_day : int
        Last day of the acute period and first of the late one, from the end of radiotherapy.
    serious : weights
        Share of clinical events of grade 3 that are serious, by term; of other terms none. All of grade 4 are.
    serious_laboratory : weights
        Share of laboratory events of grade 4 that are serious, by term; of other terms none.
    dose_limiting : tuple of str
        Terms because of which a dose of chemotherapy is changed.
    fatal, fatal_later : tuple of (term, body_system, onset days before death, relation)
        What non-disease deaths are coded to, in the acute period and later.
    fatal_shares : (float, float)
        Share of non-disease deaths coded as a fatal event, in the acute period and later.
    sequelae : float
        Share of clinical events of grade 2 or more that leave sequelae, of those that end.
    """

    predictor: Linear
    frailty_sd: float
    acute: tuple[Term, ...]
    induction: tuple[Term, ...]
    late: tuple[LateTerm, ...]
    late_predictor: float
    late_rises: float
    laboratory: tuple[LabTerm, ...]
    acute_days: int
    late_day: int
    serious: Weights
    serious_laboratory: Weights
    dose_limiting: tuple[str, ...]
    fatal: tuple[tuple[str, str, int, str], ...]
    fatal_later: tuple[tuple[str, str, int, str], ...]
    fatal_shares: tuple[float, float]
    sequelae: float


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
    slopes: Linear = Linear(0.0)
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
class Share:
    """A share between 0 and 1: its log odds, their shifts at named contacts, and their spreads.

    ``person_sd`` is the spread between participants and ``residual_sd`` that between the samples of one.
    """

    log_odds: float
    shifts: Weights = ()
    person_sd: float = 0.0
    residual_sd: float = 0.0


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


@dataclass(frozen=True)
class Feature:
    """An image feature: a standard score on a scale of its own.

    The score of a participant is a sum of latent factors, covariates and an own part; the value is
    ``median * exp(spread * score)`` on the ``log`` scale, ``median + spread * score`` on the ``identity`` scale and the
    inverse logit of ``logit(median) + spread * score`` on the ``logit`` scale.

    Parameters
    ----------
    name : str
        IBSI or PyRadiomics name.
    scale : {"log", "identity", "logit"}
        Scale on which scores, noise and batches add.
    median, spread : float
        At score 0, and per unit of score.
    loadings : weights
        Latent factors by name, each of variance 1; ``volume`` is standardized log tumor volume before treatment.
    own : float
        Standard deviation of what only this feature has, lasting over visits.
    repeat_sd : float
        Standard deviation of a repeated image, in units of score.
    drivers : weights
        Covariates by name, or ``volume``, that make the feature informative.
    volume : float
        Exponent by which the value follows tumor volume at each visit; ``median`` is then the value at 1 mL.
    batch : (shift, factor)
        The last scanner's scores are multiplied by the factor and shifted.
    change_by_volume : float
        Change of the score after baseline per unit of standardized log tumor volume before treatment.
    """

    name: str
    scale: str
    median: float
    spread: float
    loadings: Weights
    own: float
    repeat_sd: float
    drivers: Weights = ()
    volume: float = 0.0
    batch: tuple[float, float] = (0.0, 1.0)
    change_by_volume: float = 0.0


@dataclass(frozen=True)
class Imaging:
    """Images: modalities, region, visits, scanners, factors, features, repeats.

    Parameters
    ----------
    modalities : tuple of str
        Codes.
    region : str
        Delineated region.
    visits : tuple of (visit, share of tumor volume left)
        In order; the first is before treatment.
    regression_sd : float
        Spread of the log of the volume left.
    log_volume : (mean, sd)
        By which log tumor volume before treatment is standardized.
    scanners : weights
        Codes and shares; a participant stays on one.
    factors : tuple of (name, correlation)
        Latent factors besides ``volume``, and their correlation with their value before treatment; 0 is drawn anew
        for each image.
    features : tuple of Feature
        All that is extracted.
    significant : int
        Recorded significant digits.
    repeated, repeated_visit : int, str
        How many are imaged twice, and when.
    missed : float
        Share of images not made.
    """

    modalities: tuple[str, ...]
    region: str
    visits: tuple[tuple[str, float], ...]
    regression_sd: float
    log_volume: tuple[float, float]
    scanners: Weights
    factors: Weights
    features: tuple[Feature, ...]
    significant: int
    repeated: int
    repeated_visit: str
    missed: float


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


@dataclass(frozen=True)
class Truth:
    """Everything planted in a made trial."""

    id_prefix: str
    calendar: Calendar
    screening: Screening
    covariates: Covariates
    assignment: Assignment
    radiotherapy: Radiotherapy
    chemotherapy: Chemotherapy
    disease: Disease
    toxicity: Toxicity
    sampling: Sampling
    biomarkers: Biomarkers
    response: Response
    lesions: Lesions
    imaging: Imaging
    conduct: Conduct


@dataclass(frozen=True)
class Scenario:
    """A variant of a made trial: what is planted, and how many are enrolled (0: as the design plans)."""

    truth: Truth
    size: int = 0
