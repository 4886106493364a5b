"""From a plan and an export to results and documents: the command line and all behind it."""
