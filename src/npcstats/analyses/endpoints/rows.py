"""Words of the rows of endpoints: what became of a participant, with the kind of it after a colon."""

from __future__ import annotations

EVENT, COMPETING, CENSORED = "EVENT", "COMPETING", "CENSORED"
