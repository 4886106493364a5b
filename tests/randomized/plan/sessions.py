"""Sessions, and what is the same in many entries."""

from __future__ import annotations

import datetime

from npcstats.run.plan import Report, Session

STRATA = {"REGION": "region", "PRIORTRT": "prior treatment"}
CONF_LEVEL = 0.95
LANDMARKS = (6.0, 12.0, 18.0)
TICKS = (0.0, 3.0, 6.0, 9.0, 12.0, 15.0, 18.0, 21.0, 24.0)
EVERY_SESSION = ("closed", "final")

SESSIONS = (
    Session("closed", "CLOSED", "masked", datetime.date(2025, 3, 31), interim=True, numbered=False),
    Session("final", "FINAL", "named", datetime.date(2025, 3, 31), interim=False, numbered=False),
)

REPORTS = (Report("report", "final", ("pdf",)),)
