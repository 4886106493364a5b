"""Adverse events and deaths at a glance."""
