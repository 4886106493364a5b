"""Adverse events over time at risk."""
