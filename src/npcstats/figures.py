"""Results become figures: rows are drawn, nothing is computed.

A plan holds figures of the classes named here, `run.draw` draws each once and saves it, and reports only place what was
saved. The drawing functions are for a hand that draws one by itself; they load the drawing library, so a plan imports
its classes from the kinds.
"""

from __future__ import annotations

from npcstats.analyses.accrual.displays import AccrualCourse
from npcstats.analyses.accrual.figure import accrual_figure
from npcstats.analyses.biomarker.displays import MarkerCourses
from npcstats.analyses.biomarker.figure import biomarker_figure
from npcstats.analyses.courses.displays import Spider, Swimmer, Waterfall
from npcstats.analyses.courses.figure import spider_figure, swimmer_figure, waterfall_figure
from npcstats.analyses.incidence.displays import CumulativeIncidence, StackedIncidence
from npcstats.analyses.incidence.figure import incidence_figure, stacked_figure
from npcstats.analyses.regression.displays import Forest, ScaledResiduals
from npcstats.analyses.regression.figure.forest import forest_figure
from npcstats.analyses.regression.figure.proportional import proportional_hazards_figure
from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.analyses.survival.figure import kaplan_meier_figure
from npcstats.analyses.toxicity.displays import ToxicityDots
from npcstats.analyses.toxicity.figure.dots import toxicity_dot_figure
from npcstats.display.fonts import Fonts
from npcstats.display.save import save_figure

__all__ = [
    "AccrualCourse",
    "CumulativeIncidence",
    "Fonts",
    "Forest",
    "KaplanMeier",
    "MarkerCourses",
    "ScaledResiduals",
    "Spider",
    "StackedIncidence",
    "Swimmer",
    "ToxicityDots",
    "Waterfall",
    "accrual_figure",
    "biomarker_figure",
    "forest_figure",
    "incidence_figure",
    "kaplan_meier_figure",
    "proportional_hazards_figure",
    "save_figure",
    "spider_figure",
    "stacked_figure",
    "swimmer_figure",
    "toxicity_dot_figure",
    "waterfall_figure",
]
