"""Thresholds for a look."""
