"""Tumour response."""
