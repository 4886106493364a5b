"""What comparisons share that take into account how groups differ: covariates, and the columns of a design."""
