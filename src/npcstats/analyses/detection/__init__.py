"""Markers of which some values are below the limit of quantification: how many, and how arms compare all the same."""
