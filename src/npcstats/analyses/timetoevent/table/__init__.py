"""Tables of endpoints over time."""
