"""Tables of what changed since the former meeting; where there is none, one line that says so."""
