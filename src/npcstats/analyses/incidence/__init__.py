"""Cumulative incidence, others competing."""
