"""A declared family of adverse events, for each of which two arms are compared, as observed and weighted."""
