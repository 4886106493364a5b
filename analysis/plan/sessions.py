"""Who sees what, with which cut-off, and the documents that are made; the confidence level of every interval."""

from __future__ import annotations

import datetime

from npcstats.disclosure import SmallCounts
from npcstats.run.plan import Report, Session

CONF_LEVEL = 0.95
EVERY_SESSION = ("open", "closed", "final")
SUPPLEMENT = ("unmasked",)
PUBLISHED = (*EVERY_SESSION, "public")

SESSIONS = (
    Session(
        "open",
        "OPEN SESSION · CONFIDENTIAL",
        "pooled",
        datetime.date(2027, 6, 30),
        interim=True,
        numbered=False,
        definitions="once",
    ),
    Session(
        "closed",
        "CLOSED SESSION · CONFIDENTIAL",
        "masked",
        datetime.date(2027, 6, 30),
        interim=True,
        numbered=False,
        definitions="once",
    ),
    Session(
        "unmasked",
        "UNMASKED SUPPLEMENT · STRICTLY CONFIDENTIAL",
        "named",
        datetime.date(2027, 6, 30),
        interim=True,
        numbered=False,
        unmasks=True,
        definitions="once",
    ),
    Session(
        "final", "FINAL ANALYSIS · CONFIDENTIAL", "named", datetime.date(2031, 6, 30), interim=False, numbered=True
    ),
    Session(
        "public",
        "FOR PUBLICATION",
        "named",
        datetime.date(2031, 6, 30),
        interim=False,
        numbered=False,
        public=SmallCounts(5, effects=10),
    ),
)

REPORTS = (
    Report("dsmb-closed", "closed", ("pdf",)),
    Report("dsmb-open", "open", ("pdf",)),
    Report("dsmb-unmasked", "unmasked", ("pdf",)),
    Report("final", "final", ("html", "pdf")),
    Report("manuscript", "public", ("docx",)),
)
