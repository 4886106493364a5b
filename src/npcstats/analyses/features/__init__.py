"""Many features of an image: their change by arm, and their association with an outcome, one model each."""
