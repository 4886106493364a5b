"""The figure of the participants' way through the trial."""
