"""Markers of participants one by one over visits, with the means of their groups."""
