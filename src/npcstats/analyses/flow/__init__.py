"""The participants' way through the trial."""
