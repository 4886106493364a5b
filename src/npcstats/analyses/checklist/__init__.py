"""Reporting checklists, and what of the report fills each item."""
