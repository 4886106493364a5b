"""Courses of single participants, for figures."""
