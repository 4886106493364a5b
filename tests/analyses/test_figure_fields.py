"""Every field of a figure is seen in what is drawn, over every kind that a figure may have."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
from entries import (
    ACCRUAL,
    ALIKE,
    ASKED,
    BELOW,
    BLOOD,
    CLEARED,
    COMPARED,
    CURVE,
    EARLY,
    FAMILY,
    FORETELLING,
    HARM,
    IMAGES,
    INCIDENCE,
    INFORMED,
    LOWEST,
    MISSED,
    MODELLED,
    RATIOS,
    STOPPED,
)
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from npcstats.analyses.accrual.displays import AccrualCourse
from npcstats.analyses.association.displays import CoursesByOutcome, MarkerForest
from npcstats.analyses.biomarker.displays import MarkerCourses
from npcstats.analyses.clearance.displays import ClearanceFigure
from npcstats.analyses.comparison.displays import WeightedCurves
from npcstats.analyses.correlation.displays import CorrelationMap
from npcstats.analyses.detection.displays import LimitContrasts
from npcstats.analyses.features.displays import RankedFeatures, Volcanoes
from npcstats.analyses.harms.displays import HarmsPlot
from npcstats.analyses.incidence.displays import CumulativeIncidence, StackedIncidence
from npcstats.analyses.mmrm.displays import ModelChecks, ModelledCourses
from npcstats.analyses.nadir.displays import RecoveryFigure
from npcstats.analyses.regression.displays import Forest, ScaledResiduals
from npcstats.analyses.sequential.displays import BoundaryFigure
from npcstats.analyses.stopping.displays import StoppingCurves, StoppingPath
from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.analyses.tipping.displays import TippingMap
from npcstats.analyses.toxicity.displays import ToxicityButterfly, ToxicityDots
from npcstats.run.displays import display_faults
from npcstats.run.draw import draw_figure
from npcstats.run.registry import kind_of

FONTS = Path(__file__).parents[2] / "reports" / "_theme" / "fonts"
DRAWN = {
    AccrualCourse: ACCRUAL,
    BoundaryFigure: INFORMED,
    KaplanMeier: CURVE,
    ToxicityDots: HARM,
    ToxicityButterfly: HARM,
    MarkerCourses: BLOOD,
    ClearanceFigure: CLEARED,
    RecoveryFigure: LOWEST,
    LimitContrasts: BELOW,
    CorrelationMap: ALIKE,
    MarkerForest: FORETELLING,
    CoursesByOutcome: FORETELLING,
    CumulativeIncidence: INCIDENCE,
    StackedIncidence: INCIDENCE,
    Forest: RATIOS,
    HarmsPlot: FAMILY,
    Volcanoes: IMAGES,
    RankedFeatures: IMAGES,
    ModelledCourses: MODELLED,
    ModelChecks: MODELLED,
    WeightedCurves: COMPARED,
    StoppingCurves: STOPPED,
    StoppingPath: STOPPED,
    TippingMap: MISSED,
    ScaledResiduals: replace(RATIOS, endpoint="DEAD"),
}
GIVEN = {
    ToxicityDots: {"level": "grade>=2", "window": "early"},
    ToxicityButterfly: {"low": "grade>=1", "high": "grade>=3", "window": "early", "minimum": 0.0},
    WeightedCurves: {"raw": False},
    HarmsPlot: {"order": "frequency", "adjusted": False},
    ModelledCourses: {"blocks": ("adjusted",)},
    RankedFeatures: {"window": "V0", "most": 4},
}
OTHER = {RankedFeatures: {"window": "V1"}}
SHOWN = {"variables": ("LOGM",), "level": "grade>=3", "window": "late", "minimum": 0.6, "limit": 1,
         "low": "grade>=2", "high": "grade>=2", "x_label": "Weeks",
         "competing": True, "raw": True, "order": "size", "adjusted": True, "blocks": ("unadjusted",), "small": True,
         "most": 2, "width": "column"}  # fmt: skip


def test_no_field_of_a_figure_is_left_out():
    told = {"name", "title", "number", "sessions", "analysis"}  # its place; the words are the caption's
    assert {field.name for kind in DRAWN for field in fields(kind)} == told | set(SHOWN)


def looks(figure):
    """What can be seen of a figure: its size, its words and its lines."""
    drawn = [line.get_xydata().tolist() for line in figure.findobj(Line2D)]
    drawn += [[bar.get_xy(), bar.get_width()] for bar in figure.findobj(Rectangle) if bar.get_gid()]
    return figure.get_size_inches().tolist(), [text.get_text() for text in figure.findobj(Text)], drawn


def mild(crowd):
    """Adverse events of which none is so severe, or serious, that no filter hides it."""
    return crowd["adae"].assign(AESER="N", AETOXGR=crowd["adae"]["AETOXGR"].clip(upper=3.0))


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field.name) for kind in DRAWN for field in fields(kind) if field.name in SHOWN]
)
def test_a_field_of_a_figure_is_seen(crowd, kind, field):
    spec = DRAWN[kind]
    if spec is HARM:
        spec = replace(HARM, windows=(EARLY, replace(EARLY, code="late", counting="onset-or-persistence")))
    base = kind(**ASKED, analysis=spec.id, **GIVEN.get(kind, {}))
    other = replace(base, **{field: OTHER.get(kind, SHOWN).get(field, SHOWN[field])})
    assert not display_faults({"figure": (base, replace(other, name="other"))}, (spec,), ())
    study = crowd.with_frames({"adae": mild(crowd)}) if isinstance(spec, type(HARM)) else crowd
    results = kind_of(spec).summarize(study, spec)
    assert looks(draw_figure(results, base, fonts=FONTS)) != looks(draw_figure(results, other, fonts=FONTS))
