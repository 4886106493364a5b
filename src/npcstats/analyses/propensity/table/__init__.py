"""Tables of scores, weights and balance."""
