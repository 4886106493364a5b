"""The four reports, made once: results of every session, then each document as a page that keeps its keys."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from npcstats.documents import render_document
from npcstats.results import Results, read_results
from npcstats.run.make import Run, make_results
from npcstats.run.plan import Plan, load_plan
from npcstats.run.project import Project

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Made:
    """A run of the whole plan: its results folder and the text of each report as HTML and PDF."""

    plan: Plan
    folder: Path
    results: Mapping[str, Results]
    pages: Mapping[str, str]
    pdf: Mapping[str, Path]


@pytest.fixture(scope="session")
def marks() -> dict[str, str]:
    """What a run prints on every page; a report is not made without."""
    return {
        "trial": "NCT07232680",
        "confidentiality": "Confidential",
        "cutoff": "Cut-off 30 June 2027",
        "results-hash": "Results 0000…0000",
        "version": "npcstats",
        "renderer": "the built-in renderer",
        "data-mark": "SYNTHETIC DATA",
    }


@pytest.fixture(scope="session")
def made(marks: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Run the plan on the synthetic trial and render every report."""
    plan = load_plan(PROJECT / "analysis" / "plan")
    folder, output = tmp_path_factory.mktemp("results"), tmp_path_factory.mktemp("output")
    run = Run(PROJECT / "data" / "synthetic", plan, tuple(session.code for session in plan.sessions))
    make_results(run, folder, fonts=Project(PROJECT)["fonts"])
    for report in plan.reports:
        render_document(
            PROJECT / "reports" / f"{report.name}.qmd",
            formats=("html", "pdf"),
            output_dir=output,
            engine="builtin",
            metadata=marks,
            environment={"NPCSTATS_RESULTS": str(folder)},
            source_date=datetime.date(2027, 6, 30),
        )
    names = [report.name for report in plan.reports]
    return Made(
        plan,
        folder,
        {session.code: read_results(folder / session.code) for session in plan.sessions},
        {name: (output / f"{name}.html").read_text(encoding="utf-8") for name in names},
        {name: output / f"{name}.pdf" for name in names},
    )
