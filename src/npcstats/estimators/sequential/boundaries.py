"""Boundaries of a group-sequential test: by error spending at the looks that were made, or of a fixed shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from npcstats.choices import check_choice
from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import check_array, check_probability
from npcstats.estimators.sequential.paths import NEAREST, Path, go_on, start
from npcstats.estimators.sequential.spending import SPENDINGS, Spending, check_spending, spend
from npcstats.estimators.types import FloatArray

SIDES = (1, 2)
# A boundary outside is infinite: less than 1e-300 may be spent.
_FARTHEST = 37.0
_EXACT = 1e-12
_SMALLEST = 1e-300
_DIGIT = 8 * np.finfo(float).eps
_DRIFTS = (1e-3, 20.0)


@dataclass(frozen=True, kw_only=True)
class Futility:
    """A boundary below which a trial may stop because it will hardly succeed.

    Attributes
    ----------
    beta : float in (0, 1)
        Error of the second kind that is spent, all looks together.
    function : Spending
        How it is spent.
    parameter : float or None
        Of that function.
    binding : bool
        Whether the trial must stop there: then the upper boundary takes it into account. Not binding, the error of
        the first kind holds whether or not the trial stops.
    """

    beta: float
    function: Spending
    parameter: float | None = None
    binding: bool


@dataclass(frozen=True, eq=False)
class Boundaries:
    """Boundaries on the scale of Z.

    Attributes
    ----------
    information : float array, shape (k,)
        Information at each look over the planned one.
    upper, lower : float array, shape (k,)
        Crossed when Z is at or above, at or below; infinite where there is none.
    sides : {1, 2}
        Of the test; of one with two sides `lower` is ``-upper``.
    alpha_spent, beta_spent : float array, shape (k,)
        Error of the first kind (of each side) and of the second that is spent by each look, cumulative; `beta_spent`
        is NaN without futility.
    nominal_p : float array, shape (k,)
        One-sided p-value at the upper boundary.
    binding : bool
        Whether a lower boundary of futility was taken into account in `upper`.
    drift : float
        Mean of Z at information 1 by which futility was found; NaN without.
    final : bool
        Whether the last look is the last there is: all is spent by then.
    """

    information: FloatArray
    upper: FloatArray
    lower: FloatArray
    sides: int
    alpha_spent: FloatArray
    beta_spent: FloatArray
    nominal_p: FloatArray
    binding: bool
    drift: float
    final: bool


def find_boundaries(
    information: FloatArray,
    *,
    alpha: float,
    sides: int,
    function: Spending,
    parameter: float | None = None,
    futility: Futility | None = None,
    drift: float | None = None,
    final: bool,
    spent_at: FloatArray | None = None,
) -> Boundaries:
    """Find boundaries that spend an error probability at looks of any number and any information.

    Parameters
    ----------
    information : float array, shape (k,)
        Observed, or expected, information at each look over the planned one: above 0, increasing, beyond 1 after an
        overrun.
    alpha : float in (0, 0.5)
        Error of the first kind of each side.
    sides : {1, 2}
        Sides of the test; with two the boundaries are symmetric, and each spends `alpha`.
    function, parameter
        How it is spent, as in `spend`.
    futility : Futility, optional
        Of a test with one side.
    drift : float, optional
        Mean of Z at information 1 by which futility spends; where it is not given it is found so that the boundaries
        meet at the last look, which requires `final`.
    final : bool
        Whether the last look given is the last there is: all that is left is spent there.
    spent_at : float array, shape (k,), optional
        Where spending is evaluated, if that is not the information.

    Returns
    -------
    Boundaries
        At each look.

    Raises
    ------
    DataError
        If information does not increase, or two looks are nearer than can be told apart.
    SpecError
        If an option is outside its closed set or range, or without effect.

    Notes
    -----
    Z at the looks is normal with mean ``drift sqrt(t)``, variance 1 and covariance ``sqrt(t_j / t_k)``; each boundary
    is found from those before it (Jennison and Turnbull 2000, chapters 7 and 19). Looks need not be planned: a
    boundary depends on the information so far alone. Verified against R's rpact and the published tables.
    """
    t = _check_information(information)
    check_choice(sides, "sides", SIDES)
    _check_alpha(alpha)
    check_choice(function, "function", SPENDINGS)
    check_spending(function, parameter)
    _check_futility(futility, drift, sides=sides, final=final)
    at = t if spent_at is None else check_array(spent_at, "spent_at", length=t.size, minimum=0.0)
    if (np.diff(at) < 0).any():
        raise DataError("spent_at: decreases; what is spent can only grow.")
    spent = _complete(spend(at, alpha, function=function, parameter=parameter), alpha, final)
    if futility is None:
        upper = _find_upper(t, spent, sides)
        lower = -upper if sides == 2 else np.full(t.size, -np.inf)
        return _boundaries(t, upper, lower, sides, spent, np.full(t.size, np.nan), final=final)
    beta = futility.beta
    lost = _complete(spend(at, beta, function=futility.function, parameter=futility.parameter), beta, final)
    found = _meet(t, spent, lost, futility.binding) if drift is None else drift
    upper, lower, _ = _find_both(t, spent, lost, found, binding=futility.binding, final=final)
    return _boundaries(t, upper, lower, 1, spent, lost, binding=futility.binding, drift=found, final=final)


def find_shaped_boundaries(information: FloatArray, *, alpha: float, sides: int, shape: float) -> Boundaries:
    """Find boundaries ``C t ** (shape - 1/2)`` of a fixed number of looks.

    Parameters
    ----------
    information : float array, shape (k,)
        Information at each look over the planned one; increasing.
    alpha : float in (0, 0.5)
        Error of the first kind of each side.
    sides : {1, 2}
        Sides of the test.
    shape : float
        0.5 is Pocock's boundary, 0 that of O'Brien and Fleming.

    Returns
    -------
    Boundaries
        At each look; they depend on all looks, so that none may be added.

    Raises
    ------
    DataError
        If information does not increase.
    SpecError
        If an option is outside its range.

    Notes
    -----
    Wang and Tsiatis 1987 (doi:10.2307/2531959). Verified against the tables of Jennison and Turnbull 2000, chapter 2.
    """
    t = _check_information(information)
    check_choice(sides, "sides", SIDES)
    _check_alpha(alpha)
    form = (t / t[-1]) ** (shape - 0.5)
    size = float(brentq(lambda c: _spent(t, c * form, sides)[-1] - alpha, 0.1, _FARTHEST / form.max(), xtol=_EXACT))
    upper = size * form
    lower = -upper if sides == 2 else np.full(t.size, -np.inf)
    return _boundaries(t, upper, lower, sides, _spent(t, upper, sides), np.full(t.size, np.nan), final=True)


def _spent(t: FloatArray, upper: FloatArray, sides: int) -> FloatArray:
    """Probability of having crossed an upper boundary by each look, without an effect."""
    path, crossed = start(0.0), []
    for look, (time, bound) in enumerate(zip(t, upper, strict=True)):
        crossed.append(path.above(time, bound))
        path = go_on(path, time, -bound if sides == 2 else -np.inf, bound, _after(t, look))
    return np.cumsum(crossed)


def _find_upper(t: FloatArray, spent: FloatArray, sides: int) -> FloatArray:
    path, upper, steps = start(0.0), np.empty(t.size), _steps(spent)
    for look, time in enumerate(t):
        upper[look] = _bound_above(path, time, steps[look])
        path = go_on(path, time, -upper[look] if sides == 2 else -np.inf, upper[look], _after(t, look))
    return upper


def _find_both(
    t: FloatArray, spent: FloatArray, lost: FloatArray, drift: float, *, binding: bool, final: bool
) -> tuple[FloatArray, FloatArray, float]:
    """Upper and lower boundaries, and the error of the second kind that they have in all."""
    null, alternative = start(0.0), start(drift)
    upper, lower = np.empty(t.size), np.empty(t.size)
    up, down, missed = _steps(spent), _steps(lost), 0.0
    for look, time in enumerate(t):
        upper[look] = _bound_above(null, time, up[look])
        last = final and look == t.size - 1
        lower[look] = upper[look] if last else min(_bound_below(alternative, time, down[look]), upper[look])
        missed += alternative.below(time, lower[look])
        after = _after(t, look)
        null = go_on(null, time, lower[look] if binding else -np.inf, upper[look], after)
        alternative = go_on(alternative, time, lower[look], upper[look], after)
    return upper, lower, missed


def _meet(t: FloatArray, spent: FloatArray, lost: FloatArray, binding: bool) -> float:
    """Drift at which the boundaries meet at the last look with all of the error of the second kind spent."""

    def exceeds(drift: float) -> float:
        return _find_both(t, spent, lost, drift, binding=binding, final=True)[2] - float(lost[-1])

    return float(brentq(exceeds, *_DRIFTS, xtol=_EXACT))


def _steps(spent: FloatArray) -> FloatArray:
    """What may be spent at each look; a last digit of what was spent before is nothing."""
    steps = np.diff(spent, prepend=0.0)
    return np.where(steps <= _DIGIT * spent, 0.0, steps)


def _bound_above(path: Path, time: float, probability: float) -> float:
    """Place above which as much lies as may be spent now."""
    if probability <= _SMALLEST:
        return np.inf
    if probability >= path.mass.sum():
        return -np.inf
    target = np.log(probability)

    def misses(z: float) -> float:
        return float(np.log(max(path.above(time, z), 1e-320)) - target)

    return float(brentq(misses, -_FARTHEST, _FARTHEST, xtol=_EXACT))


def _bound_below(path: Path, time: float, probability: float) -> float:
    mirrored = Path(path.time, -path.drift, -path.place, path.mass)
    return -_bound_above(mirrored, time, probability)


def _after(t: FloatArray, look: int) -> float:
    return float(t[min(look + 1, t.size - 1)])


def _complete(spent: FloatArray, total: float, final: bool) -> FloatArray:
    return np.concatenate([spent[:-1], [total]]) if final else spent


def _boundaries(
    t: FloatArray,
    upper: FloatArray,
    lower: FloatArray,
    sides: int,
    alpha_spent: FloatArray,
    beta_spent: FloatArray,
    *,
    binding: bool = False,
    drift: float = np.nan,
    final: bool,
) -> Boundaries:
    none = start(0.0)
    nominal = np.array([none.above(1.0, bound) for bound in upper])
    return Boundaries(t, upper, lower, sides, alpha_spent, beta_spent, nominal, binding, drift, final)


def _check_information(information: FloatArray) -> FloatArray:
    t = check_array(information, "information", minimum=0.0)
    if not t.size or (np.diff(t, prepend=0.0) <= NEAREST * t).any():
        raise DataError(
            f"information: {t.tolist()}; at least one look, each with more information than the one before by "
            f"{NEAREST} of it, is required."
        )
    return t


def _check_alpha(alpha: float) -> None:
    if check_probability(alpha, "alpha") >= 0.5:
        raise SpecError(f"alpha: is {alpha}; below 0.5, of each side, is required.")


def _check_futility(futility: Futility | None, drift: float | None, *, sides: int, final: bool) -> None:
    if futility is None:
        if drift is not None:
            raise SpecError("drift: has no effect without futility; leave it out.")
        return
    check_probability(futility.beta, "beta")
    check_choice(futility.function, "function", SPENDINGS)
    check_spending(futility.function, futility.parameter)
    if sides == 2:
        raise SpecError("futility: the test has two sides; futility requires one with one side.")
    if drift is None and not final:
        raise SpecError("drift: is not given, and the looks do not end; futility before the last look requires it.")
    if drift is not None and not 0 < drift < np.inf:
        raise SpecError(f"drift: is {drift}; a number above 0 is required.")
