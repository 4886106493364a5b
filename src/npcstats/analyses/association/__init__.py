"""Markers and what happens later."""
