"""Two arms compared by an outcome: as observed, and weighted so that they are alike; with the estimand named."""
