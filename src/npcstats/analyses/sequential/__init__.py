"""Group-sequential monitoring of one comparison: information, boundaries, and what the trial may still show."""
