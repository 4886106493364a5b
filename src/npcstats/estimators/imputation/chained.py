"""Multiple imputation by chained equations: each incomplete variable drawn in turn, given all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import check_array, check_binary
from npcstats.estimators.imputation.draws import draw_categories, draw_matched, draw_normal
from npcstats.estimators.threads import one_thread
from npcstats.estimators.types import BoolArray, DesignMatrix, FloatArray
from npcstats.estimators.weighting.columns import make_basis
from npcstats.formatting import counted
from npcstats.parallel import run_tasks

CONTINUOUS_METHODS = ("predictive-mean-matching", "normal-regression")
INCOMPLETE_KINDS = ("continuous", "binary", "categorical")


@dataclass(frozen=True, eq=False)
class IncompleteVariable:
    """A variable with missing values.

    Attributes
    ----------
    name : str
        Its name.
    kind : {"continuous", "binary", "categorical"}
        Numbers, zeros and ones, or codes of categories: whole numbers of 0 or more.
    values : array_like of float, shape (n,)
        NaN where it is missing.
    """

    name: str
    kind: str
    values: npt.ArrayLike


@dataclass(frozen=True, eq=False)
class Imputed:
    """Completed variables.

    Attributes
    ----------
    values : tuple of mapping of str to ndarray of float, shape (n,)
        For each imputation the variables by name, nothing missing; empty where nothing can be imputed.
    missing : mapping of str to int
        How many values of each variable were missing.
    courses : mapping of str to ndarray of float, shape (imputations, iterations)
        Of each incomplete variable the mean of its imputed values after each iteration: chains that have
        converged show no trend and mix.
    method : str
        How values were drawn, in words.
    note : str
        Why nothing was imputed; empty otherwise.
    """

    values: tuple[Mapping[str, FloatArray], ...]
    missing: Mapping[str, int]
    courses: Mapping[str, FloatArray]
    method: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class _Problem:
    names: tuple[str, ...]  # of all variables, sorted
    kinds: tuple[str, ...]
    values: tuple[FloatArray, ...]
    known: tuple[BoolArray, ...]
    visits: tuple[int, ...]  # incomplete ones, the least missing first
    complete: FloatArray  # (n, l)
    donors: int | None  # None for normal regression
    iterations: int


def impute_covariates(
    variables: Sequence[IncompleteVariable],
    complete: DesignMatrix,
    *,
    continuous: str,
    donors: int | None,
    imputations: int,
    iterations: int,
    seed: int,
) -> Imputed:
    """Impute missing covariates several times by chained equations.

    Parameters
    ----------
    variables : sequence of IncompleteVariable
        The covariates of the analysis; those without missing values help to predict the others.
    complete : DesignMatrix, shape (n, l)
        What else predicts them: the arm, the outcome (of a time to event the indicator and `cumulative_hazard`), and
        whatever tells who is missing. The analysis must not hold what is not here.
    continuous : {"predictive-mean-matching", "normal-regression"}
        How continuous variables are drawn: from participants with a near prediction, or from a normal distribution
        around it.
    donors : int or None
        With matching, among how many of the nearest one is drawn; None with normal regression.
    imputations, iterations : int
        Completed data sets, and rounds over the variables for each.
    seed : int
        Of the random numbers; 0 or more.

    Returns
    -------
    Imputed
        The completed variables. Nothing with a `note` where a variable has too few values to predict from.

    Raises
    ------
    DataError
        If a value is not of its kind, names are not distinct, or lengths differ.
    SpecError
        If a choice is not allowed.

    Notes
    -----
    *Convention.* Imputation is proper: regression coefficients, and the residual variance, are drawn anew from their
    posterior distribution for each draw of values. Categories follow a multinomial logistic regression. Variables
    are visited from the least missing to the most, by name where equal, and predictors stand in the order of their
    names, so that the order in which variables are given does not matter. Each imputation has random numbers of its
    own; more imputations leave the first ones as they were.

    *Verified* by simulation (values missing at random, coverage of the pooled interval), and against moments of the
    imputations of R ``mice`` on one data set.

    References
    ----------
    van Buuren S, Groothuis-Oudshoorn K. J Stat Softw 2011;45(3). doi:10.18637/jss.v045.i03
    White IR, Royston P. Stat Med 2009;28:1982. doi:10.1002/sim.3618
    """
    check_choice(continuous, "continuous", CONTINUOUS_METHODS)
    matching = continuous == "predictive-mean-matching"
    if matching != (donors is not None) or (donors is not None and donors < 1):
        required = "a whole number of at least 1 is required" if matching else "None is required"
        raise SpecError(f"donors: is {donors!r} with {continuous}; {required}.")
    for name, number, least in (("imputations", imputations, 1), ("iterations", iterations, 1), ("seed", seed, 0)):
        if number < least:
            raise SpecError(f"{name}: is {number!r}; a whole number of at least {least} is required.")
    problem = _check_problem(variables, complete, donors, iterations)
    method = "multiple imputation by chained equations; continuous variables by " + (
        f"predictive mean matching among {donors} donors" if matching else "normal linear regression"
    )
    missing = {name: int(np.count_nonzero(~known)) for name, known in zip(problem.names, problem.known, strict=True)}
    note = _too_few(problem)
    if note:
        return Imputed((), missing, {}, method, note)
    chains = run_tasks("imputation", partial(_run_chain, problem), range(imputations), seed=seed)
    courses = {
        problem.names[place]: np.array([course[:, column] for _, course in chains])
        for column, place in enumerate(problem.visits)
    }
    return Imputed(
        tuple(dict(zip(problem.names, filled, strict=True)) for filled, _ in chains), missing, courses, method
    )


def _check_problem(
    variables: Sequence[IncompleteVariable], complete: DesignMatrix, donors: int | None, iterations: int
) -> _Problem:
    if not isinstance(complete, DesignMatrix):
        raise DataError(f"complete: is a {type(complete).__name__}; a DesignMatrix is required.")
    ordered = sorted(variables, key=lambda variable: variable.name)
    names = tuple(variable.name for variable in ordered)
    if len({*names, *complete.names}) < len(names) + len(complete.names):
        raise DataError("variables, complete: share a name; distinct names are required.")
    values = tuple(_check_values(variable, len(complete.values)) for variable in ordered)
    known = tuple(~np.isnan(column) for column in values)
    lost = [int(np.count_nonzero(~there)) for there in known]
    return _Problem(
        names=names,
        kinds=tuple(variable.kind for variable in ordered),
        values=values,
        known=known,
        visits=tuple(sorted((place for place, count in enumerate(lost) if count), key=lambda place: lost[place])),
        complete=complete.values[:, np.argsort(np.array(complete.names, dtype=object), kind="stable")],
        donors=donors,
        iterations=iterations,
    )


def _check_values(variable: IncompleteVariable, length: int) -> FloatArray:
    check_choice(variable.kind, f"kind of {variable.name}", INCOMPLETE_KINDS)
    values = np.array(variable.values, dtype=np.float64)
    if values.shape != (length,):
        raise DataError(f"{variable.name}: has shape {values.shape}; ({length},) required, one for each participant.")
    there = check_array(values[~np.isnan(values)], variable.name)
    if variable.kind == "binary":
        check_binary(there, variable.name)
    if variable.kind == "categorical" and ((there < 0) | (there != np.floor(there))).any():
        raise DataError(f"{variable.name}: has codes that are no whole numbers of 0 or more; these are required.")
    return values


def _too_few(problem: _Problem) -> str:
    for place in problem.visits:
        known, name = problem.known[place], problem.names[place]
        seen = int(np.count_nonzero(known))
        if not seen:
            return f"{name} has no value at all, so nothing can be imputed."
        # every predictor may take a coefficient, and a residual variance needs something left
        if seen < _width(problem, place) + 3:
            return f"{name} has {counted(seen, 'value')}, too few to predict the others from."
    return ""


def _width(problem: _Problem, target: int) -> int:
    return int(problem.complete.shape[1]) + sum(
        len(np.unique(values[known])) - 1 if kind == "categorical" else 1
        for place, (kind, values, known) in enumerate(zip(problem.kinds, problem.values, problem.known, strict=True))
        if place != target
    )


@one_thread
def _run_chain(
    problem: _Problem, _index: int, stream: np.random.Generator
) -> tuple[tuple[FloatArray, ...], FloatArray]:
    """Complete the variables once; return them, and the means of imputed values, (iterations, incomplete)."""
    filled = [values.copy() for values in problem.values]
    for place in problem.visits:
        known = problem.known[place]
        filled[place][~known] = stream.choice(filled[place][known], size=np.count_nonzero(~known))
    course = np.empty((problem.iterations, len(problem.visits)))
    for iteration in range(problem.iterations):
        for column, place in enumerate(problem.visits):
            drawn = _draw(problem, filled, place, stream)
            filled[place][~problem.known[place]] = drawn
            course[iteration, column] = drawn.mean()
    return tuple(filled), course


def _draw(problem: _Problem, filled: list[FloatArray], target: int, stream: np.random.Generator) -> FloatArray:
    known, values = problem.known[target], filled[target]
    columns = [problem.complete]
    for place, kind in enumerate(problem.kinds):
        if place == target:
            continue
        if kind == "categorical":
            levels = np.unique(filled[place])[1:]
            columns.append((filled[place][:, np.newaxis] == levels).astype(np.float64))
        else:
            columns.append(filled[place][:, np.newaxis])
    basis = make_basis(np.concatenate(columns, axis=1), known.astype(np.float64))
    if problem.kinds[target] != "continuous":
        return draw_categories(basis, values, known, stream)
    if problem.donors is None:
        return draw_normal(basis, values, known, stream)
    return draw_matched(basis, values, known, stream, problem.donors)


def cumulative_hazard(time: npt.ArrayLike, event: npt.ArrayLike) -> FloatArray:
    """Compute the Nelson–Aalen cumulative hazard at each participant's own time.

    Parameters
    ----------
    time : array_like of float >= 0, shape (n,)
        Time to the event or to censoring.
    event : array_like of bool or of 0 and 1, shape (n,)
        1 for an event.

    Returns
    -------
    ndarray of float, shape (n,)
        What stands for the time in a model that imputes covariates of a proportional hazards model.

    Raises
    ------
    DataError
        If a time is missing or negative, an event is not 0 or 1, or lengths differ.

    References
    ----------
    White IR, Royston P. Stat Med 2009;28:1982. doi:10.1002/sim.3618
    """
    times = check_array(time, "time", minimum=0.0)
    events = check_binary(event, "event", length=len(times))
    moments, place = np.unique(times, return_inverse=True)
    died = np.bincount(place, events, minlength=len(moments))
    at_risk = len(times) - np.concatenate([[0.0], np.cumsum(np.bincount(place, minlength=len(moments)))[:-1]])
    return np.asarray(np.cumsum(died / at_risk)[place]) if len(times) else times
