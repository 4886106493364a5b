"""What is drawn, in page order."""

from __future__ import annotations

from npcstats.display.spec import FigureSpec
from plan.sessions import EVERY_SESSION

FIGURES = (
    FigureSpec(
        "accrual", "accrual", "accrual", EVERY_SESSION, "full", x_label="Months since the first day of planned accrual"
    ),
    FigureSpec(
        "ae-acute",
        "toxicity-dot",
        "ae-acute",
        EVERY_SESSION,
        "full",
        level="grade>=3",
        window="acute",
        minimum=0.02,
        limit=15,
    ),
    FigureSpec("biomarkers", "biomarker", "biomarkers", ("final", "public"), "full"),
    FigureSpec("os", "kaplan-meier", "os", ("final", "public"), "full"),
    FigureSpec("pfs", "kaplan-meier", "pfs", ("final", "public"), "full"),
    FigureSpec("pfs-stage", "kaplan-meier", "pfs-stage", ("final",), "full"),
    FigureSpec("pfs-ebv", "kaplan-meier", "pfs-ebv", ("final",), "full", x_label="Months since the landmark"),
    FigureSpec("lrc", "incidence", "lrc", ("final",), "full", competing=True),
    FigureSpec("dm", "incidence", "dm", ("final",), "full", competing=True),
    FigureSpec("dm-stacked", "incidence-stacked", "dm", ("final",), "full"),
    FigureSpec("pfs-forest", "forest", "pfs-hr", ("final",), "full"),
    FigureSpec("pfs-hazards", "proportional-hazards", "pfs-hr", ("final",), "full"),
    FigureSpec("waterfall", "waterfall", "best-change", ("final",), "full"),
    FigureSpec("spider", "spider", "changes", ("final",), "full", x_label="Months since start of radiotherapy"),
    FigureSpec("swimmer", "swimmer", "courses", ("final",), "full", x_label="Months since start of radiotherapy"),
)
