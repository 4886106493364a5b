"""How alike two arms are, before and after weighting: scores, weights, and the balance of what was known before."""
