"""Correlations of markers within participants."""
