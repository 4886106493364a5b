"""Figures of scores and balance."""
