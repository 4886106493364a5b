"""Hazard ratios of the arms."""
