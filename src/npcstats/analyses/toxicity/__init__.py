"""Adverse events by worst grade."""
