"""Markers by visit, and their change from baseline."""
