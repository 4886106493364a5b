"""Forest plots, and residuals of hazard ratios."""
