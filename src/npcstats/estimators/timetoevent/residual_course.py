"""The course of a coefficient over time, as scaled Schoenfeld residuals show it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from npcstats.errors import SpecError
from npcstats.estimators.checks import check_probability
from npcstats.estimators.distributions import normal_quantile
from npcstats.estimators.threads import one_thread
from npcstats.estimators.timetoevent.proportional_hazards import ProportionalHazards
from npcstats.estimators.types import FloatArray

POINTS = 40

_TOO_FEW = "There are too few distinct event times for a smooth course."


@dataclass(frozen=True, eq=False)
class ResidualCourse:
    """A coefficient over time.

    Attributes
    ----------
    time : ndarray of float, shape (m,)
        Times, increasing, from the first event to the last; empty where there is no course.
    estimate, lower, upper : ndarray of float, shape (m,)
        Smooth coefficient (log hazard ratio) at each time, with pointwise confidence limits.
    conf_level : float in (0, 1)
        Confidence level.
    note : str
        Why there is none; empty otherwise.
    """

    time: FloatArray
    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    conf_level: float
    note: str


@one_thread
def estimate_residual_course(
    test: ProportionalHazards, name: str, *, variance: float, knots: int, conf_level: float
) -> ResidualCourse:
    """Smooth the scaled Schoenfeld residuals of one column over time.

    Parameters
    ----------
    test : ProportionalHazards
        From ``Cox.ph_test``; its transform of time is the scale on which the course is smooth.
    name : str
        Column of the design.
    variance : float > 0
        Variance of the column's coefficient in the model.
    knots : int >= 2
        Knots of the natural cubic spline, the two ends counted; it has as many degrees of freedom.
    conf_level : float in (0, 1)
        Pointwise confidence level.

    Returns
    -------
    ResidualCourse
        At `POINTS` times, equally spaced on the transformed scale.

    Raises
    ------
    SpecError
        If the column, the number of knots or the level is not allowed.

    Notes
    -----
    *Convention.* Least squares on a natural cubic spline with knots at quantiles of the transformed event times. A
    residual's variance is that of the coefficient times the number of events (Grambsch and Therneau), as in R's
    plot.cox.zph, which draws two standard errors and takes quantiles of the plotted points as well.

    *Verified* against R: the same least squares on ``splines::ns`` with these knots.

    References
    ----------
    Grambsch PM, Therneau TM. Biometrika 1994;81:515. doi:10.1093/biomet/81.3.515
    """
    conf_level = check_probability(conf_level, "conf_level")
    if name not in test.names:
        raise SpecError(f"name: is {name!r}; one of {', '.join(test.names)} is required.")
    if isinstance(knots, bool) or not isinstance(knots, int) or knots < 2:
        raise SpecError(f"knots: is {knots!r}; a whole number of at least 2 is required.")
    order = np.argsort(test.time, kind="stable")
    residual = test.residuals[order, test.names.index(name)]
    known = ~np.isnan(residual)
    residual, place, time = residual[known], test.transformed_time[order][known], test.time[order][known]
    nothing = np.empty(0)
    if len(np.unique(place)) <= knots or not variance > 0:
        return ResidualCourse(nothing, nothing, nothing, nothing, conf_level, _TOO_FEW)

    at = np.quantile(place, np.linspace(0, 1, knots))
    if (np.diff(at) <= 0).any():
        return ResidualCourse(nothing, nothing, nothing, nothing, conf_level, _TOO_FEW)
    grid = np.linspace(place[0], place[-1], POINTS)
    basis, on_grid = _natural_spline(place, at), _natural_spline(grid, at)
    q, r = np.linalg.qr(basis)
    weights = np.linalg.solve(r.T, on_grid.T).T
    estimate = weights @ (q.T @ residual)
    half_width = normal_quantile((1 - conf_level) / 2) * np.sqrt(
        len(residual) * variance * np.einsum("ij,ij->i", weights, weights)
    )
    when = np.interp(grid, place, time)
    return ResidualCourse(when, estimate, estimate - half_width, estimate + half_width, conf_level, "")


def _natural_spline(x: FloatArray, knots: FloatArray) -> FloatArray:
    """Basis of the natural cubic splines with these knots, shape (n, knots): linear beyond the ends."""
    x = (x - knots[0]) / (knots[-1] - knots[0])
    knots = (knots - knots[0]) / (knots[-1] - knots[0])
    cubes = np.maximum(x[:, np.newaxis] - knots, 0.0) ** 3
    slopes = (cubes[:, :-1] - cubes[:, -1:]) / (knots[-1] - knots[:-1])
    return np.column_stack([np.ones(len(x)), x, slopes[:, :-1] - slopes[:, -1:]])
