"""Toxicity, adverse late effects and mortality in one summary: TAME."""
