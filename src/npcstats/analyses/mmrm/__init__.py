"""Course of markers by a mixed model for repeated measures: means and contrasts by visit, unweighted and weighted."""
