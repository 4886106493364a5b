"""Figures of a mixed model."""
