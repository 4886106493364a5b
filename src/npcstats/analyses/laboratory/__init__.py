"""Laboratory toxicity: values graded, and beside the events that were reported."""
