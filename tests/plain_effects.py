"""Weighted estimates and their variances written apart, loop by loop, with numerical derivatives: slow and plain."""

from __future__ import annotations

from itertools import pairwise

import numpy as np


def survival(time, event, weight, at):
    value = 1.0
    for moment in np.unique(time[event & (time <= at)]):
        at_risk = weight[time >= moment].sum()
        value *= 1 - weight[event & (time == moment)].sum() / at_risk
    return value


def restricted_mean(time, event, weight, horizon):
    edges = [0.0, *np.unique(time[event & (time < horizon)]), horizon]
    return sum((high - low) * survival(time, event, weight, low) for low, high in pairwise(edges))


def incidence(time, cause, weight, at):
    value = 0.0
    for moment in np.unique(time[(cause == 1) & (time <= at)]):
        before = survival(time, cause > 0, weight, np.nextafter(moment, 0))
        value += before * weight[(cause == 1) & (time == moment)].sum() / weight[time >= moment].sum()
    return value


def cox_score(beta, time, event, arm, weight, ties):
    """Derivative of the weighted log partial likelihood, and minus its second derivative."""
    relative = weight * np.exp(beta * arm)
    score = information = 0.0
    for moment in np.unique(time[event]):
        risk, dying = time >= moment, event & (time == moment)
        number, mean = dying.sum(), weight[dying].mean()
        score += (weight * arm)[dying].sum()
        for place in range(number):
            out = place / number if ties == "efron" else 0.0
            total = relative[risk].sum() - out * relative[dying].sum()
            share = ((relative * arm)[risk].sum() - out * (relative * arm)[dying].sum()) / total
            score -= mean * share
            information += mean * share * (1 - share)
    return score, information


def log_hazard_ratio(time, event, arm, weight, ties):
    beta = 0.0
    for _ in range(60):
        score, information = cox_score(beta, time, event, arm, weight, ties)
        beta += score / information
        if abs(score / information) < 1e-13:
            break
    return beta


def estimate(outcome, arm, weight, measure, at, ties):
    """The effect on the scale of its standard error; `outcome` is values, or times and causes."""
    if measure == "hazard_ratio":
        time, cause = outcome
        return log_hazard_ratio(time, cause == 1, arm.astype(float), weight, ties)
    parts = []
    for group in (arm == 1, arm == 0):
        w = weight[group]
        if isinstance(outcome, tuple):
            time, cause = (column[group] for column in outcome)
            if measure == "survival_difference":
                parts.append(survival(time, cause > 0, w, at))
            elif measure == "restricted_mean_difference":
                parts.append(restricted_mean(time, cause > 0, w, at))
            else:
                parts.append(incidence(time, cause, w, at))
        else:
            parts.append(float(w @ outcome[group] / w.sum()))
    first, reference = parts
    if measure == "risk_ratio":
        return np.log(first / reference)
    if measure == "odds_ratio":
        return np.log(first / (1 - first)) - np.log(reference / (1 - reference))
    return first - reference


def logistic(columns, arm):
    rows = np.column_stack([np.ones(len(arm)), columns])
    coef = np.zeros(rows.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-rows @ coef))
        information = (rows.T * (chance * (1 - chance))) @ rows
        coef += np.linalg.solve(information, rows.T @ (arm - chance))
    return rows, coef, np.linalg.inv(information)


def weights(rows, coef, arm, estimand):
    score = 1 / (1 + np.exp(-rows @ coef))
    treated = {"ate": 1 / score, "att": np.ones(len(arm)), "ato": 1 - score}[estimand]
    other = {"ate": 1 / (1 - score), "att": score / (1 - score), "ato": score}[estimand]
    return np.where(arm == 1, treated, other)


def standard_error(outcome, arm, columns, estimand, measure, at, ties):
    """Of the estimate, from numerical derivatives by each weight and each coefficient of the score."""
    rows, coef, inverse = logistic(columns, arm)
    weight = weights(rows, coef, arm, estimand)
    score = 1 / (1 + np.exp(-rows @ coef))

    def of_weights(w):
        return estimate(outcome, arm, w, measure, at, ties)

    own = np.array([_slope(of_weights, weight, i, 1e-5 * weight[i]) for i in range(len(arm))])
    by_coef = np.array(
        [_slope(lambda c: of_weights(weights(rows, c, arm, estimand)), coef, j, 1e-5) for j in range(len(coef))]
    )
    influence = weight * own + ((arm - score)[:, np.newaxis] * rows) @ inverse @ by_coef
    return np.sqrt(influence @ influence)


def _slope(function, point, place, step):
    up, down = point.copy(), point.copy()
    up[place] += step
    down[place] -= step
    return (function(up) - function(down)) / (2 * step)
