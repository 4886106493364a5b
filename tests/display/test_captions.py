"""Captions and words for pictures: what is drawn, of whom, by which method, each number with its row."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from drawn import FIGURES

from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.display.specs import Figure
from npcstats.results import Catalogue, Results
from npcstats.tables import printed_text

PFS = replace(FIGURES["os"], name="pfs", title="Progression-free survival.", analysis="pfs")
ACUTE = replace(FIGURES["ae"], minimum=0.025, limit=15)
MARKERS = FIGURES["markers"]


@pytest.fixture(params=list(FIGURES))
def figure(request: pytest.FixtureRequest) -> Figure:
    """A figure of each kind."""
    return FIGURES[request.param]


def test_every_number_of_a_caption_has_its_row(figure: Figure, results: Results) -> None:
    pieces = figure.caption(results, figure).pieces
    assert any(any(piece.data().values()) for piece in pieces)
    for piece in pieces:
        if any(piece.data().values()):
            assert printed_text(results, piece.data()) == piece.text
        else:
            assert not any(letter.isdigit() for letter in piece.text)


def test_a_caption_says_method_population_and_cutoff(by_arm: Results) -> None:
    assert str(PFS.caption(by_arm, PFS)) == (
        "Progression-free survival: time to the event. Safety set: at least one fraction or "
        "one dose. Kaplan–Meier estimates with pointwise limits. Nothing is estimated beyond the last time with 10 at "
        "risk. Bands: 95% CI; strokes: censored. Data cut-off 30 June 2027. Post hoc analysis."
    )


def test_a_caption_of_adverse_events_says_of_how_many_and_which(by_arm: Results, pooled: Results) -> None:
    assert str(ACUTE.caption(by_arm, ACUTE)) == (
        "Participants by worst grade (CTCAE 5.0). Safety set: at least one fraction or one dose. Acute: a "
        "period of 90 days. Limits of a risk difference: Newcombe. Not adjusted for baseline differences. In "
        "the denominator: Arm A 120; Arm B 131. Shown: terms with Grade ≥ 3 in at least 2.5% of any arm; "
        "at most 15, the most frequent. Data cut-off 30 June 2027. Planned analysis."
    )
    told = str(ACUTE.caption(pooled, ACUTE))
    assert "Limits of a risk: Clopper–Pearson." in told
    assert "difference: Newcombe" not in told
    assert "In the denominator: 251. Shown: terms with Grade ≥ 3 in at least 2.5% of participants; at most 15" in told


def test_a_caption_of_markers_says_what_each_panel_shows(by_arm: Results) -> None:
    told = str(MARKERS.caption(by_arm, MARKERS)).replace("\u00a0", " ")
    assert told.startswith(
        "Lymphocyte count: geometric mean, logarithmic scale, with 95% CI. Hemoglobin: mean, with 95% CI. EBV "
        "DNA: share of participants with a detectable quantity, with 95% CI. "
    )
    assert "Limits of the detectable share: Clopper–Pearson." in told
    assert "ratio" not in told
    one = replace(MARKERS, variables=("HGB",))
    fewer = str(one.caption(by_arm, one))
    assert "detectable" not in fewer
    assert "Lymphocyte" not in fewer


def test_bands_are_told_of_only_where_they_are_drawn(by_arm: Results) -> None:
    """A curve without a level of confidence has neither bands nor words for them."""
    rows = tuple(replace(row, conf_level=math.nan) if row.measure == "survival_curve" else row for row in by_arm.rows)
    assert "Bands" not in str(PFS.caption(Results(rows, by_arm.catalogue), PFS))


def test_words_for_a_picture_are_a_sentence_without_numbers(figure: Figure, results: Results) -> None:
    told = figure.alt(results, figure)
    assert told.endswith(".")
    assert told.count(". ") == 0
    assert not any(letter.isdigit() for letter in told)
    assert not any(name in told for name in results.catalogue.arms.values())
    assert ("each arm" in told) == (bool(results.catalogue.arms) and figure.analysis != "accrual")


def test_words_for_a_picture_say_what_is_there(by_arm: Results, pooled: Results) -> None:
    assert "beside it the difference between arms" in ACUTE.alt(by_arm, ACUTE)
    assert "difference" not in ACUTE.alt(pooled, ACUTE)
    enrolled = FIGURES["accrual"]
    rows = tuple(row for row in by_arm.rows if row.measure != "expected_enrolled")
    assert "planned" in enrolled.alt(by_arm, enrolled)
    assert "planned" not in enrolled.alt(Results(rows, by_arm.catalogue), enrolled)


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("Survival by stage", "of survival by stage for"),
        ("PFS by stage", "of PFS by stage for"),
        ("Survival at 5 years", "of survival for"),
    ],
)
def test_words_for_a_picture_name_what_it_is_about(by_arm: Results, label: str, told: str) -> None:
    """By the analysis' label, or by the figure's title where the label has a number."""
    analyses = {**by_arm.catalogue.analyses, "os": replace(by_arm.catalogue.analyses["os"], label=label)}
    catalogue: Catalogue = replace(by_arm.catalogue, analyses=analyses)
    figure = FIGURES["os"]
    assert isinstance(figure, KaplanMeier)
    assert told in figure.alt(Results(by_arm.rows, catalogue), figure)
