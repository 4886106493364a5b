"""Survival curves, and follow-up."""
