"""Multiple imputation of repeated measures under a mixed model: missing at random, and by reference to another group.

A participant's course is a row of visits. What was not seen is drawn from the normal distribution that the model gives
for it, given what was; the strategies differ in the means after the last visit seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

import numpy as np

from npcstats.choices import check_choice
from npcstats.errors import DataError, SpecError
from npcstats.estimators.mmrm import VISIT_COVARIANCES, Covariance, Mmrm, fit_mmrm
from npcstats.estimators.threads import one_thread
from npcstats.estimators.types import BoolArray, DesignMatrix, FloatArray, IntArray
from npcstats.formatting import counted
from npcstats.parallel import run_tasks

Strategy = Literal["missing-at-random", "jump-to-reference", "copy-reference", "copy-increments-in-reference"]
AT_RANDOM: Final = "missing-at-random"
STRATEGIES: tuple[Strategy, ...] = (
    "missing-at-random",
    "jump-to-reference",
    "copy-reference",
    "copy-increments-in-reference",
)
_ATTEMPTS: Final = 20
"""Samples of participants that are drawn for one imputation until a model of one of them converges."""
_LEVEL: Final = 0.95  # of limits that nobody reads
_SAME: Final = 1e-8


@dataclass(frozen=True, eq=False)
class Courses:
    """Courses of n participants over v visits, with what predicts them.

    Attributes
    ----------
    outcome : float array, shape (n, v)
        NaN where it was not seen.
    own : float array, shape (n, v, k)
        Design of each participant at each visit, in the group that the participant is in.
    reference : float array, shape (n, v, k)
        The same as if the participant were in the reference group.
    names : tuple of str, length k
        Columns of the design.
    wanted : bool array, shape (n, v)
        Where a value is completed if it was not seen; elsewhere it stays missing.
    stratum : int array, shape (n,)
        Group within which participants are sampled.

    Raises
    ------
    DataError
        On construction, if shapes do not fit, or a design holds a value that is not finite.
    """

    outcome: FloatArray
    own: FloatArray
    reference: FloatArray
    names: tuple[str, ...]
    wanted: BoolArray
    stratum: IntArray

    def __post_init__(self) -> None:
        """Check shapes and values."""
        n, v = self.outcome.shape
        shapes = {"own": (n, v, len(self.names)), "reference": (n, v, len(self.names)), "wanted": (n, v),
                  "stratum": (n,)}  # fmt: skip
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise DataError(f"{name}: has shape {getattr(self, name).shape}; {shape} is required.")
        if not (np.isfinite(self.own).all() and np.isfinite(self.reference).all()):
            raise DataError("own, reference: have values that are not finite; participants without a covariate are to "
                            "be left out before.")  # fmt: skip

    @property
    def seen(self) -> BoolArray:
        """Where there is a value.

        Returns
        -------
        bool array, shape (n, v)
            True there.
        """
        return np.asarray(~np.isnan(self.outcome))

    @property
    def imputed(self) -> BoolArray:
        """Where a value is completed.

        Returns
        -------
        bool array, shape (n, v)
            True there.
        """
        return np.asarray(self.wanted & ~self.seen)


@dataclass(frozen=True, eq=False)
class Completed:
    """Courses completed several times.

    Attributes
    ----------
    values : mapping of str to float array, shape (m, n, v)
        By strategy; NaN where nothing was wanted. Empty where nothing could be imputed.
    redrawn : int
        Samples of participants of which no model converged, and that were drawn again.
    note : str
        Why nothing was imputed; empty otherwise.
    """

    values: Mapping[str, FloatArray]
    redrawn: int
    note: str = ""


def last_seen(seen: BoolArray) -> IntArray:
    """Find each participant's last visit with a value.

    Parameters
    ----------
    seen : bool array, shape (n, v)
        Where there is a value.

    Returns
    -------
    int array, shape (n,)
        Its place from 0; -1 without any.
    """
    v = seen.shape[1]
    return np.asarray(np.where(seen.any(axis=1), v - 1 - np.argmax(seen[:, ::-1], axis=1), -1))


def strategy_means(own: FloatArray, reference: FloatArray, last: IntArray, strategy: str) -> FloatArray:
    """Give the means that a strategy assumes of each course.

    Parameters
    ----------
    own, reference : float array, shape (n, v)
        Means in the participant's group, and in the reference group.
    last : int array, shape (n,)
        Last visit seen, as `last_seen` gives it.
    strategy : str
        One of `STRATEGIES`.

    Returns
    -------
    float array, shape (n, v)
        Own means up to the last visit seen. After it, "missing-at-random": own; "jump-to-reference": the reference's;
        "copy-increments-in-reference": the own mean at the last visit seen and from there the reference's changes, or
        the reference's where nothing was seen. "copy-reference" takes the reference's means at all visits.
    """
    if strategy == AT_RANDOM:
        return own
    if strategy == "copy-reference":
        return reference
    after = np.arange(own.shape[1]) > last[:, None]
    if strategy == "jump-to-reference":
        return np.where(after, reference, own)
    who, place = np.arange(len(own)), np.maximum(last, 0)
    ahead = np.where(last >= 0, own[who, place] - reference[who, place], 0.0)
    return np.where(after, reference + ahead[:, None], own)


def complete_courses(
    outcome: FloatArray, own: FloatArray, means: FloatArray, covariance: FloatArray, noise: FloatArray
) -> FloatArray:
    """Complete courses once for each strategy.

    Parameters
    ----------
    outcome : float array, shape (n, v)
        NaN where it was not seen.
    own : float array, shape (n, v)
        Means in the participant's group.
    means : float array, shape (s, n, v)
        Means that each strategy assumes.
    covariance : float array, shape (v, v)
        Of a course around its means, positive definite.
    noise : float array, shape (n, v)
        Independent standard normal numbers; 0 gives conditional means.

    Returns
    -------
    float array, shape (s, n, v)
        Nothing missing.

    Notes
    -----
    *Convention.* A gap before the last visit seen is drawn from the own group's distribution, under each strategy;
    what follows the last visit is drawn given all before it, around the strategy's means.
    """
    filled = np.repeat(outcome[None], len(means), axis=0)
    seen = ~np.isnan(outcome)
    patterns, which = np.unique(seen, axis=0, return_inverse=True)
    for place, pattern in enumerate(patterns):
        rows = np.flatnonzero(which.reshape(-1) == place)
        last = int(last_seen(pattern[None])[0])
        visits = np.arange(len(pattern))
        gap, tail = visits[~pattern & (visits < last)], visits[visits > last]
        if len(gap):
            drawn = _draw(outcome[rows], own[rows], covariance, visits[pattern], gap, noise[rows])
            filled[:, rows[:, None], gap] = drawn
        if len(tail):
            before = visits[visits <= last]
            filled[:, rows[:, None], tail] = _draw(
                filled[:, rows], means[:, rows], covariance, before, tail, noise[rows]
            )
    return filled


def _draw(
    values: FloatArray, means: FloatArray, covariance: FloatArray, given: IntArray, wanted: IntArray, noise: FloatArray
) -> FloatArray:
    """Draw visits of courses given others, along the last two axes."""
    slope = np.linalg.solve(covariance[np.ix_(given, given)], covariance[np.ix_(given, wanted)])
    left = covariance[np.ix_(wanted, wanted)] - covariance[np.ix_(wanted, given)] @ slope
    root = np.linalg.cholesky((left + left.T) / 2)
    centre = means[..., wanted] + (values[..., given] - means[..., given]) @ slope
    return np.asarray(centre + noise[..., wanted] @ root.T)


def impute_courses(
    courses: Courses,
    *,
    covariance: Covariance,
    strategies: Sequence[Strategy],
    imputations: int,
    seed: int,
    name: str,
) -> Completed:
    """Complete courses several times under a mixed model for repeated measures.

    Parameters
    ----------
    courses : Courses
        What was seen, and what predicts it.
    covariance : str
        Structure of the covariance, as `fit_mmrm` takes it; the same in all groups.
    strategies : sequence of str
        Which of `STRATEGIES`; all take the same random numbers.
    imputations : int
        Completed data sets, 2 or more.
    seed : int
        Of the random numbers; 0 or more.
    name : str
        Of the work, which tells its random numbers from those of other work.

    Returns
    -------
    Completed
        Nothing, with a `note`, where the model cannot be fitted or does not predict what is missing.

    Raises
    ------
    SpecError
        If a choice is not allowed.

    Notes
    -----
    *Method.* Approximate Bayes: for each imputation participants are sampled with replacement within their group, the
    model is fitted to them by restricted maximum likelihood, and missing values are drawn with its coefficients and
    covariance given what was seen. Where the model of a sample does not converge, or leaves out other columns than that
    of all participants, another sample is drawn. All strategies share samples and random numbers.

    *Pooling.* `compare_completed` analyses and pools. Under a strategy other than "missing at random" Rubin's variance
    keeps the information that the missing values take away; it is not the variance over repeated trials, which is
    smaller.

    *Verified* against an independent program in R (means, covariances and draws), and under missing at random against
    the model itself.

    References
    ----------
    Carpenter JR, Roger JH, Kenward MG. J Biopharm Stat 2013;23:1352. doi:10.1080/10543406.2013.834911
    Cro S, Carpenter JR, Kenward MG. J R Stat Soc A 2019;182:623. doi:10.1111/rssa.12423
    Little RJA, Rubin DB. Statistical Analysis with Missing Data. Wiley 2002, section 10.2.3. doi:10.1002/9781119013563
    """
    check_choice(covariance, "covariance", VISIT_COVARIANCES)
    for strategy in strategies:
        check_choice(strategy, "strategies", STRATEGIES)
    for what, given, least in (("imputations", imputations, 2), ("seed", seed, 0)):
        if given < least:
            raise SpecError(f"{what}: is {given!r}; a whole number of at least {least} is required.")
    if not courses.seen.any():
        return Completed({}, 0, "No value was seen.")
    everyone = _fit(courses, np.arange(len(courses.outcome)), covariance)
    if not everyone.converged:
        return Completed({}, 0, everyone.note)
    lacking = _unpredicted(courses, strategies)
    if lacking:
        return Completed({}, 0, lacking)
    one = partial(_impute_once, courses, covariance, tuple(strategies), everyone.aliased)
    drawn = run_tasks(name, one, range(imputations), seed=seed)
    failed = sum(values is None for values, _ in drawn)
    redrawn = sum(count for _, count in drawn)
    if failed:
        return Completed({}, redrawn, f"The model did not converge in any of {_ATTEMPTS} samples of participants for "
                         f"{failed} of {counted(imputations, 'imputation')}.")  # fmt: skip
    whole = np.stack([values for values, _ in drawn if values is not None], axis=1)
    return Completed(dict(zip(strategies, whole, strict=True)), redrawn)


def _fit(courses: Courses, who: IntArray, covariance: Covariance) -> Mmrm:
    rows, visits = np.nonzero(courses.seen[who])
    design = DesignMatrix(courses.own[who[rows], visits], courses.names)
    return fit_mmrm(courses.outcome[who[rows], visits], design, rows, visits, covariance=covariance,
                    df_method="residual", conf_level=_LEVEL)  # fmt: skip


def _unpredicted(courses: Courses, strategies: Sequence[str]) -> str:
    """Say which missing values the model does not predict: combinations that no value seen informs."""
    seen = courses.own[courses.seen]
    unit = np.sqrt((seen**2).sum(axis=0))
    unit[unit == 0] = 1.0
    _, size, turned = np.linalg.svd(np.linalg.qr(seen / unit, mode="r"), full_matrices=True)
    dark = turned[int((size > _SAME * size[0]).sum()) :].T
    needed = [courses.own[courses.imputed]]
    if set(strategies) - {AT_RANDOM}:
        needed.append(courses.reference[courses.imputed.any(axis=1)].reshape(-1, len(courses.names)))
    rows = np.concatenate(needed) / unit
    far = np.abs(rows @ dark).max(axis=1, initial=0.0) > _SAME * np.abs(rows).sum(axis=1)
    if not far.any():
        return ""
    return "The model does not predict what is missing: nobody of a group that is needed for it was seen at a visit."


@one_thread
def _impute_once(
    courses: Courses,
    covariance: Covariance,
    strategies: tuple[Strategy, ...],
    aliased: tuple[str, ...],
    _index: int,
    stream: np.random.Generator,
) -> tuple[FloatArray | None, int]:
    """Complete all courses once, shape (strategies, n, v), and count the samples that no model was found for."""
    for attempt in range(_ATTEMPTS):
        fit = _fit(courses, sample_within(courses.stratum, stream), covariance)
        if fit.converged and fit.aliased == aliased:
            coef = np.where(np.isnan(fit.coef), 0.0, fit.coef)
            own, reference = courses.own @ coef, courses.reference @ coef
            last = last_seen(courses.seen)
            means = np.stack([strategy_means(own, reference, last, strategy) for strategy in strategies])
            noise = stream.standard_normal(courses.outcome.shape)
            filled = complete_courses(courses.outcome, own, means, _whole(fit, courses.outcome.shape[1]), noise)
            return np.where(courses.wanted | courses.seen, filled, np.nan), attempt
    return None, _ATTEMPTS


def _whole(fit: Mmrm, v: int) -> FloatArray:
    """The covariance of all visits; of one that nobody was seen at nothing is known, and nothing is wanted there."""
    covariance, known = np.eye(v), np.array(fit.visits, dtype=np.intp)
    covariance[np.ix_(known, known)] = fit.covariance[0]
    return covariance


def sample_within(stratum: IntArray, stream: np.random.Generator) -> IntArray:
    """Sample as many participants as there are from each stratum, with replacement.

    Parameters
    ----------
    stratum : int array, shape (n,)
        Of each participant.
    stream : Generator
        Of random numbers.

    Returns
    -------
    int array, shape (n,)
        Participants, stratum by stratum.
    """
    parts = (np.flatnonzero(stratum == code) for code in np.unique(stratum))
    return np.concatenate([stream.choice(part, size=len(part)) for part in parts])
