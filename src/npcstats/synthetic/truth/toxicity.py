"""Adverse events: acute, late, and graded from laboratory values."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.synthetic.truth.effects import Linear, Weights


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
class Seriousness:
    """What is recorded of serious events; the criterion is the gravest that is met, and all are admitted.

    Parameters
    ----------
    laboratory_threat : float
        Share of serious laboratory events of grade 4 that threatened life; of clinical ones all did.
    disability : float
        Share of serious events of grade 3 with sequelae that disable.
    expected : weights
        Share of serious events of up to grade 4 that the safety information foresaw, by term; of other terms none.
    """

    laboratory_threat: float
    disability: float
    expected: Weights


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
    seriousness : Seriousness
        Criterion and expectedness of serious events.
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
    seriousness: Seriousness


@dataclass(frozen=True)
class Weighing:
    """Body weight, which follows the events of one term: it is lost as their grades say.

    Parameters
    ----------
    code, unit : str
        PARAMCD and unit.
    term : str
        Term of adverse events whose grade the loss has on every day.
    men, women : tuple of (mean, sd)
        Weight before treatment.
    bounds : tuple of (low, high)
        Weights outside are not drawn.
    losses : tuple of (least, most)
        Share of the weight before treatment that is lost, by grade from 0; below 0 for a gain.
    spread : float
        How far a person's own place between least and most changes from one day to another, as a share.
    missed : float
        Share of contacts at which nobody is weighed.
    """

    code: str
    unit: str
    term: str
    men: tuple[float, float]
    women: tuple[float, float]
    bounds: tuple[float, float]
    losses: tuple[tuple[float, float], ...]
    spread: float
    missed: float
