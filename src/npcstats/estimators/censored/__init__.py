"""Repeated measures that a limit of quantification cuts off, or of which only detection is known."""

from npcstats.estimators.censored.generalized import DETECTION_VARIANCES, Gee, fit_gee_logistic
from npcstats.estimators.censored.tobit import Tobit, fit_tobit

__all__ = ["DETECTION_VARIANCES", "Gee", "Tobit", "fit_gee_logistic", "fit_tobit"]
