"""Time of mixed models for repeated measures, and of screens of a thousand features, beside R's."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from timing import clock, time_in_r, told

from npcstats.estimators.mmrm import fit_mmrm
from npcstats.estimators.screening import screen_cox, screen_random_intercept
from npcstats.estimators.types import DesignMatrix

VISITS, COLUMNS = 10, 24
FEATURES, SAMPLED, TIMES = 1000, 200, 6


def repeated(participants: int) -> tuple[np.ndarray, DesignMatrix, np.ndarray, np.ndarray]:
    """Two arms at ten visits, two in five of whom leave at some time: visit, arm by visit, baseline, three more."""
    rng = np.random.default_rng(20261128)
    arm, baseline, age, sex = (draw(size=participants) for draw in (
        partial(rng.integers, 0, 2), rng.normal, rng.normal, partial(rng.integers, 0, 2)
    ))  # fmt: skip
    root = rng.normal(size=(VISITS, VISITS))
    error = rng.normal(size=(participants, VISITS)) @ np.linalg.cholesky(root @ root.T / VISITS + np.eye(VISITS)).T
    last = np.where(rng.random(participants) < 0.4, rng.integers(1, VISITS + 1, participants), VISITS)
    who, at = np.nonzero(np.arange(VISITS) < last[:, None])
    visits = np.eye(VISITS)[at]
    more = (baseline[who], age[who], sex[who], baseline[who] * at)
    x = np.column_stack([visits, visits * arm[who][:, None], *more])
    y = error[who, at] + 0.03 * arm[who] * at + baseline[who]
    return y, DesignMatrix(x, tuple(f"x{j}" for j in range(COLUMNS))), who, at


MIXED_IN_R = """
data <- read.csv(commandArgs(TRUE)[1])
suppressPackageStartupMessages(library(glmmTMB))
data$visit <- factor(data$visit)
data$x <- as.matrix(data[, -(1:3)])
cat(system.time(
  glmmTMB(y ~ 0 + x + us(0 + visit | who), data, dispformula = ~0, REML = TRUE)
)[["elapsed"]])
"""


def measure_mixed() -> None:
    """Mixed models of 55 parameters of the covariance."""
    fit = partial(fit_mmrm, covariance="unstructured", conf_level=0.95)
    small = repeated(1_000)
    y, design, who, at = small
    frame = pd.DataFrame(design.values, columns=list(design.names))
    for place, (name, column) in enumerate((("y", y), ("who", who), ("visit", at))):
        frame.insert(place, name, column)
    theirs = time_in_r(MIXED_IN_R, frame)
    named = f"{VISITS} visits, {COLUMNS} coefficients, unstructured"
    told(f"mixed model, 1,000 participants, {named}", clock(lambda: fit(*small, df_method="residual")),
         "R glmmTMB", theirs)  # fmt: skip
    told("the same with Kenward-Roger", clock(lambda: fit(*small, df_method="kenward-roger")),
         "R glmmTMB without", theirs)  # fmt: skip
    large = repeated(100_000)
    told(f"mixed model, 100,000 participants, {named}", clock(lambda: fit(*large, df_method="kenward-roger")))


INTERCEPTS_IN_R = """
data <- read.csv(commandArgs(TRUE)[1])
suppressPackageStartupMessages(library(lme4))
y <- as.matrix(data[, -(1:4)])
first <- lmer(y[, 1] ~ arm * time + age + (1 | who), data)
cat(system.time(suppressMessages(for (j in seq_len(ncol(y))) refit(first, y[, j])))[["elapsed"]])
"""
HAZARDS_IN_R = """
data <- read.csv(commandArgs(TRUE)[1])
suppressPackageStartupMessages(library(survival))
followed <- Surv(data$time, data$event == 1)
cat(system.time(for (j in 3:ncol(data)) coxph(followed ~ data[, j], ties = "efron"))[["elapsed"]])
"""


def measure_screens() -> None:
    """A model for each of a thousand features."""
    rng = np.random.default_rng(20261129)
    who, time = (a.ravel() for a in np.mgrid[:SAMPLED, :TIMES])
    arm, age = rng.integers(0, 2, SAMPLED)[who], rng.normal(60, 10, SAMPLED)[who]
    design = DesignMatrix(np.column_stack([np.ones(len(who)), arm, time, age, arm * time]).astype(float),
                          ("intercept", "arm", "time", "age", "arm:time"))  # fmt: skip
    between = np.exp(rng.normal(-1, 1, FEATURES)) * rng.normal(size=(SAMPLED, FEATURES))
    values = between[who] + rng.normal(size=(len(who), FEATURES))
    frame = pd.DataFrame({"who": who, "arm": arm, "time": time, "age": age})
    theirs = time_in_r(INTERCEPTS_IN_R, pd.concat([frame, pd.DataFrame(values)], axis=1))
    told(f"random intercepts, {FEATURES:,} features of {SAMPLED} participants at {TIMES} visits",
         clock(lambda: screen_random_intercept(values, design, who)), "R lme4 refit", theirs)  # fmt: skip
    followed = np.ceil(rng.exponential(400, SAMPLED))
    event = rng.random(SAMPLED) < 0.6
    frame = pd.DataFrame({"time": followed, "event": event.astype(int)})
    theirs = time_in_r(HAZARDS_IN_R, pd.concat([frame, pd.DataFrame(between)], axis=1))
    told(f"Cox models, {FEATURES:,} features of {SAMPLED} participants",
         clock(lambda: screen_cox(followed, event, between, ties="efron")), "R coxph", theirs)  # fmt: skip
