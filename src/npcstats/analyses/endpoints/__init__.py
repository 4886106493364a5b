"""Events, competing events and censoring of endpoints."""
