"""Samples at visits: who was expected, came, gave blood, was assayed and can be evaluated, and why others not."""
