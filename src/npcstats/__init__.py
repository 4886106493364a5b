"""Reproducible statistical reports for a clinical trial."""

__version__ = "0.1.0"
