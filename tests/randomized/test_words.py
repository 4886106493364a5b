"""No page of a randomised trial says that arms were not randomised, nor does one of a trial of one arm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace

import pytest

from npcstats.provenance import canonical_text
from npcstats.results import Results
from npcstats.run.plan import Plan
from npcstats.run.sessions import build_results, prepare_study
from npcstats.study import Study

MISSING = re.compile(r"not (been )?randomi[sz]ed|non-?\s?randomi[sz]ed|unrandomi[sz]ed|without randomi[sz]ation", re.I)
ANY = re.compile(r"randomi[sz]", re.I)


def printed(results: Results, plan: Plan, session: str) -> Iterator[str]:
    """Every text that a page of a session can print: catalogue, reasons of rows, captions of figures."""
    yield canonical_text(results.catalogue)
    yield from {row.note for row in results.rows} | {row.method for row in results.rows}
    for figure in plan.figures_of(session):
        yield str(figure.caption(results, figure))


def sentences(results: Results) -> list[str]:
    return [text for entry in results.catalogue.analyses.values() for text in entry.sentences.values()]


@pytest.mark.parametrize(("session", "made"), [("final", "results"), ("closed", "masked")])
def test_a_randomised_trial_prints_no_word_about_missing_randomisation(request, plan, session, made):
    results = request.getfixturevalue(made)
    assert {*results.catalogue.analyses} == {spec.id for spec in plan.specs if session in spec.sessions}
    assert [text for text in printed(results, plan, session) if MISSING.search(text)] == []
    assert any("Arms were randomised" in text for text in sentences(results))


def test_the_same_trial_without_randomisation_says_so(whole, plan):
    """The words that are looked for above are those that would be printed."""
    told = sentences(_allocated(whole, plan, "non-randomized"))
    assert len([text for text in told if MISSING.search(text)]) > 10


def test_a_trial_of_one_arm_says_nothing_of_randomisation(whole, plan):
    """Time zero, the sets and an analysis are called after it here, so they get other names; so is a term of the data,
    which is no sentence."""
    results = _allocated(whole, plan, "single-arm")
    notes = {row.note for row in results.rows} | {row.method for row in results.rows}
    assert [text for text in (*sentences(results), *notes) if ANY.search(text)] == []
    assert not [text for text in printed(results, plan, "none") if MISSING.search(text)]


def _allocated(whole: Study, plan: Plan, allocation: str) -> Results:
    """The trial as it would be printed with another allocation, everyone in the first arm where there is one only."""
    arms = plan.design.arms[:1] if allocation == "single-arm" else plan.design.arms
    renamed = {
        "arms": arms,
        "allocation": allocation,
        "populations": tuple(replace(item, definition=f"{item.code}.") for item in plan.design.populations),
        "endpoints": tuple(replace(item, definition=f"{item.label}.") for item in plan.design.endpoints),
        "words": replace(plan.design.words, dates={**plan.design.words.dates, "ENRLDT": "enrolment"}),
    }
    design = replace(plan.design, **renamed)
    made = [spec for spec in plan.specs if "final" in spec.sessions and spec.id != "ae-randomised"]
    if len(arms) == 1:  # of which a ratio needs a covariate
        made = [spec for spec in made if getattr(spec, "covariates", True)]
    specs = tuple(_for_arms(spec, len(arms)) for spec in made)
    varied = replace(plan, design=design, specs=specs, tables=(), figures=())
    codes = {"TRT01P": arms[0].code, "TRT01A": arms[0].code} if len(arms) == 1 else {}
    study = replace(whole, design=design).with_frames({"adsl": whole["adsl"].assign(**codes)})
    return build_results(prepare_study(study, varied, "final"), varied)


def _for_arms(spec: object, count: int) -> object:
    """An entry without what compares arms, if there is one; called by its id, as labels name randomisation too."""
    given = {field.name for field in fields(spec)}
    idle = {"test": "none", "gray": False, "strata": {}, "subgroups": (), "reference": "", "course_knots": 0}
    changed = {"label": spec.id, "estimand": "", **idle} if count == 1 else {}
    return replace(spec, **{name: value for name, value in changed.items() if name in given})
