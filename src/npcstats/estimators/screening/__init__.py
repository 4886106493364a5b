"""One model for each of thousands of features that share a design, fitted at once."""

from npcstats.estimators.screening.hazards import CoxScreen, screen_cox
from npcstats.estimators.screening.random_intercept import RandomInterceptScreen, screen_random_intercept

__all__ = ["CoxScreen", "RandomInterceptScreen", "screen_cox", "screen_random_intercept"]
