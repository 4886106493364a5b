"""Curves over time: steps, clock, page, and what stands beside them."""
