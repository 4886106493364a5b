"""Observations of repeated measures, brought to a common scale and gathered by who was seen when.

The design is made orthonormal and the outcome is replaced by its standardized least-squares residual, so that units
and nearly dependent columns cost no digits. Participants of one pattern of visits share one covariance: of many, a few
rows with the same cross-products take their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dpstrf

from npcstats.errors import DataError
from npcstats.estimators.checks import check_array, check_labels, check_weights
from npcstats.estimators.orthonormal import OwnColumns, orthonormal_columns
from npcstats.estimators.types import BoolArray, DesignMatrix, FloatArray, IntArray
from npcstats.formatting import counted

_CONSTANT = 1e-12
"""An outcome whose residual is shorter than this share of it has no variance left."""
_MANY = 40
"""Participants of one pattern from which on they are replaced by fewer rows; it changes no result beyond rounding."""


@dataclass(frozen=True, eq=False)
class Basis:
    """What turns coefficients of the orthonormal design and the standardized outcome back.

    Attributes
    ----------
    own : OwnColumns
        Of the design.
    offset : float array, shape (p,)
        Least-squares coefficients of the columns kept, which are taken off the outcome.
    scale : float
        Standard deviation of the least-squares residual, in the outcome's unit.
    """

    own: OwnColumns
    offset: FloatArray
    scale: float


class Pattern(NamedTuple):
    """Participants of one group who were seen at the same visits: row numbers, shape (n, m), and those visits."""

    rows: IntArray
    visits: IntArray
    group: int


@dataclass(frozen=True, eq=False)
class Sample:
    """What is fitted.

    Attributes
    ----------
    rows : float array, shape (n, p + 1)
        Orthonormal design and standardized outcome of each observation, times the root of its weight.
    basis : Basis
        Way back.
    patterns : tuple of Pattern
        Of at least one participant each.
    blocks : float array, shape (b, v, p + 1)
        Observations by participant, or what stands for several, 0 where none was; in the order of patterns.
    of_block : int array, shape (b,)
        Pattern of each block.
    masks : bool array, shape (patterns, v)
        Visits of each pattern.
    counts : float array, shape (patterns,)
        Participants of each pattern.
    group_of : int array, shape (patterns,)
        Group of each pattern.
    visits, groups : tuple
        Labels.
    places : float array, shape (patterns, v, d), or None
        Times or places of the observations of each pattern, for a structure by times.
    subjects : int array, shape (n,)
        Code of each observation's participant.
    log_weights : float
        Sum of the weights' logarithms.
    """

    rows: FloatArray
    basis: Basis
    patterns: tuple[Pattern, ...]
    blocks: FloatArray
    of_block: IntArray
    masks: BoolArray
    counts: FloatArray
    group_of: IntArray
    visits: tuple[Any, ...]
    groups: tuple[Any, ...]
    places: FloatArray | None
    subjects: IntArray
    log_weights: float

    @property
    def n_subjects(self) -> int:
        """Participants with an observation.

        Returns
        -------
        int
            Of all patterns.
        """
        return int(self.counts.sum())


class Observed(NamedTuple):
    """Checked arguments of n observations with a weight above 0; codes count from 0, labels are sorted.

    Attributes
    ----------
    y, weights : float array, shape (n,)
        Outcome and weights.
    design : float array, shape (n, k)
        Design.
    subject, visit, group : int array, shape (n,)
        Codes.
    visits, groups : tuple
        Labels.
    times : float array, shape (n, d), or None
        Places of a structure by times.
    used : int array, shape (n,)
        Their places among the observations given.
    """

    y: FloatArray
    weights: FloatArray
    design: FloatArray
    subject: IntArray
    visit: IntArray
    group: IntArray
    visits: tuple[Any, ...]
    groups: tuple[Any, ...]
    times: FloatArray | None
    used: IntArray


def check_observed(
    y: npt.ArrayLike,
    design: DesignMatrix,
    subject: npt.ArrayLike,
    visit: npt.ArrayLike,
    *,
    groups: npt.ArrayLike | None,
    weights: npt.ArrayLike | None,
    times: npt.ArrayLike | None,
) -> Observed:
    """Check what a model is fitted to, and leave out observations of weight 0.

    Parameters
    ----------
    y : array_like of float, shape (n,)
        Outcome.
    design : DesignMatrix, shape (n, k)
        Design.
    subject, visit : array_like of labels, shape (n,)
        Who, and when.
    groups : array_like of labels, shape (n,), or None
        What has a covariance of its own.
    weights : array_like of float >= 0, shape (n,), or None
        Weights.
    times : array_like of float, shape (n,) or (n, d), or None
        Place of each observation, of a structure by times.

    Returns
    -------
    Observed
        Arrays.

    Raises
    ------
    DataError
        If shapes differ, a value is missing, or a participant has two observations of a visit, or two groups.
    """
    outcome = check_array(y, "y")
    n = len(outcome)
    if not isinstance(design, DesignMatrix) or len(design.values) != n or not n or not design.names:
        raise DataError(
            "design: a DesignMatrix of a row for each of at least one value of y, and a column, is required."
        )
    weight = np.ones(n) if weights is None else check_weights(weights, "weights", length=n)
    used = np.flatnonzero(weight > 0)
    _, who = _labels(subject, "subject", n, used)
    visits, at = _labels(visit, "visit", n, used)
    labels, group = _labels(np.zeros(n) if groups is None else groups, "groups", n, used)
    place = None if times is None else _check_times(times, n)[used]
    _check_once(who, at, "visit")
    if place is not None:
        _check_once(who, np.unique(place, axis=0, return_inverse=True)[1].reshape(-1), "time")
    if np.count_nonzero(_times_seen(who, group)) > who.max() + 1:
        raise DataError("groups: a participant is in two; one group for each is required.")
    values = np.asarray(design.values)[used]
    return Observed(outcome[used], weight[used], values, who, at, group, visits, labels, place, used)


def _labels(values: npt.ArrayLike, name: str, n: int, used: IntArray) -> tuple[tuple[Any, ...], IntArray]:
    labels, codes = check_labels(values, name, length=n)
    kept, again = np.unique(codes[used], return_inverse=True)
    return tuple(labels[kept].tolist()), again.astype(np.intp)


def _check_times(times: npt.ArrayLike, n: int) -> FloatArray:
    place = np.asarray(times)
    return check_array(place[:, None] if place.ndim == 1 else place, "times", ndim=2, length=n)


def _check_once(who: IntArray, at: IntArray, name: str) -> None:
    twice = int((_times_seen(who, at) > 1).any(axis=1).sum())
    if twice:
        raise DataError(
            f"{name}: {counted(twice, 'participant')} seen more than once at a {name}; one observation of "
            "a participant at each is required. Choose one of them, or tell them apart."
        )


def _times_seen(who: IntArray, at: IntArray) -> IntArray:
    """Observations of each participant in each place."""
    places = int(at.max()) + 1
    return np.bincount(who * places + at, minlength=(int(who.max()) + 1) * places).reshape(-1, places)


def gather_sample(observed: Observed) -> Sample | str:
    """Bring observations to a common scale, and gather them by pattern.

    Parameters
    ----------
    observed : Observed
        As `check_observed` returns it.

    Returns
    -------
    Sample or str
        What is fitted, or why nothing can be.
    """
    root = np.sqrt(observed.weights)
    found = _standardize(observed.design * root[:, None], observed.y * root)
    if isinstance(found, str):
        return found
    rows, basis = found
    column, slots = _slots(observed)
    patterns, places = _patterns(observed, column, slots)
    blocks, of_block = _blocks(rows, patterns, slots)
    masks = np.zeros((len(patterns), slots), dtype=bool)
    for i, pattern in enumerate(patterns):
        masks[i, pattern.visits] = True
    return Sample(
        rows,
        basis,
        patterns,
        blocks,
        of_block,
        masks,
        np.array([len(pattern.rows) for pattern in patterns], dtype=float),
        np.array([pattern.group for pattern in patterns]),
        observed.visits,
        observed.groups,
        places,
        observed.subject,
        float(np.log(observed.weights).sum()),
    )


def _standardize(design: FloatArray, y: FloatArray) -> tuple[FloatArray, Basis] | str:
    n, tall = len(y), float(np.abs(y).max()) or 1.0
    columns, own = orthonormal_columns(design)
    p = columns.shape[1]
    if p == 0:
        return "Every column of the design is 0."
    if p >= n:
        return f"{counted(n, 'observation')} for {counted(p, 'coefficient')}: more are required."
    y = y / tall
    first = columns.T @ y / n
    residual = y - columns @ first
    again = columns.T @ residual / n
    residual -= columns @ again
    scale = float(np.sqrt(residual @ residual / (n - p)))
    if scale <= _CONSTANT * float(np.sqrt(y @ y / n)):
        return "The outcome does not vary beyond what the design explains: there is no variance to estimate."
    basis = Basis(own, own.coefficients(first + again) * tall, scale * tall)
    return np.column_stack([columns, residual / scale]), basis


def _slots(observed: Observed) -> tuple[IntArray, int]:
    """Column of each observation in its participant's block: its visit, or its rank where times are its own."""
    if observed.times is None:
        return observed.visit, len(observed.visits)
    order = np.lexsort((*observed.times.T[::-1], observed.subject))
    who = observed.subject[order]
    start = np.flatnonzero(np.diff(who, prepend=-1))
    rank = np.arange(len(who)) - np.repeat(start, np.diff(start, append=len(who)))
    places = np.empty(len(who), dtype=np.intp)
    places[order] = rank
    return places, int(rank.max()) + 1


def _patterns(observed: Observed, places: IntArray, slots: int) -> tuple[tuple[Pattern, ...], FloatArray | None]:
    order = np.lexsort((places, observed.subject))
    count = np.bincount(observed.subject)
    start = np.cumsum(count) - count
    seen = np.zeros((len(count), slots), dtype=bool)
    seen[observed.subject, places] = True
    key: FloatArray = np.column_stack([observed.group[order][start], seen]).astype(float)
    if observed.times is not None:
        where = np.zeros((len(count), slots, observed.times.shape[1]))
        where[observed.subject, places] = observed.times
        key = np.column_stack([key, where.reshape(len(count), -1)])
    distinct, of_subject = np.unique(key, axis=0, return_inverse=True)
    by_pattern = np.argsort(of_subject.reshape(-1), kind="stable")
    ends = np.cumsum(np.bincount(of_subject.reshape(-1)))
    patterns = []
    for members in np.split(by_pattern, ends[:-1]):
        visits = np.flatnonzero(seen[members[0]])
        rows = order[start[members][:, None] + np.arange(len(visits))]
        patterns.append(Pattern(rows, visits, int(observed.group[rows[0, 0]])))
    if observed.times is None:
        return tuple(patterns), None
    return tuple(patterns), distinct[:, 1 + slots :].reshape(len(distinct), slots, -1)


def _blocks(rows: FloatArray, patterns: tuple[Pattern, ...], slots: int) -> tuple[FloatArray, IntArray]:
    parts, width = [], rows.shape[1]
    for pattern in patterns:
        seen = rows[pattern.rows]
        part = np.zeros((len(seen), slots, width))
        part[:, pattern.visits] = seen
        parts.append(_fewer(part) if len(seen) > _MANY else part)
    return np.concatenate(parts), np.repeat(np.arange(len(parts)), [len(part) for part in parts])


def _fewer(part: FloatArray) -> FloatArray:
    """Blocks with the same cross-products as those given: the rows of a root of their Gram matrix."""
    wide = part.reshape(len(part), -1)
    filled = np.flatnonzero(wide.any(axis=0))
    gram = wide[:, filled].T @ wide[:, filled]
    factor, pivot, rank, _ = dpstrf(gram, tol=8 * np.finfo(float).eps * float(gram.diagonal().max()), lower=0)
    if rank >= len(part):
        return part
    root = np.zeros((rank, wide.shape[1]))
    root[:, filled[pivot - 1]] = np.triu(factor)[:rank]
    return root.reshape(rank, *part.shape[1:])
