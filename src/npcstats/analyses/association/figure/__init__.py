"""Figures of markers and outcome."""
