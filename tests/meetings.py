"""A project of the trial of eight in which meetings are made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import eight

CUTOFFS = ("2025-06-30", "2025-12-31")
MAP = {"X": "B", "Y": "A", "salt": eight.SALT}
PLAN_FILE = f"""\
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location

from npcstats.analyses.conduct.displays import Counts
from npcstats.run.plan import Report

spec = spec_from_file_location("eight", {eight.__file__!r})
eight = module_from_spec(spec)
spec.loader.exec_module(eight)
PLAN = replace(
    eight.PLAN,
    reports=(
        Report("public", "front", ("html",)),
        Report("private", "shut", ("html",)),
        Report("last", "end", ("html",)),
    ),
    tables=(
        Counts(
            name="state", title="State", number="14.1.1.1", sessions=("front", "shut"), analysis="status", total=True
        ),
    ),
)
"""
REPORT = """\
---
title: "{title}"
---

```{{python}}
from npcstats.results import open_results
from npcstats.tables import show_table

show_table(open_results("{session}"), "state")
```
"""


@dataclass(frozen=True)
class Home:
    """A project of the trial of eight, with an export, a map, and the meetings that were made in it."""

    folder: Path
    data: Path
    mask: Path
    meetings: Path

    def words(self, *cutoffs: str, **options: Path | str) -> list[str]:
        """The command that makes meetings."""
        given = {"data": self.data, "mask": self.mask, "into": self.meetings, "engine": "builtin", **options}
        told = [word for name, value in given.items() if value for word in (f"--{name}", str(value))]
        return ["meeting", *(word for day in cutoffs for word in ("--cutoff", day)), *told]


def build_home(place: Path) -> Home:
    """A project with nothing made in it."""
    project = place / "project"
    (project / "analysis").mkdir(parents=True)
    (project / "reports").mkdir()
    (project / "_quarto.yml").write_text("project:\n  type: default\n")
    (project / "requirements.lock").write_text("some==1\n")
    (project / "analysis" / "plan.py").write_text(PLAN_FILE)
    for name, session in (("public", "front"), ("private", "shut"), ("last", "end")):
        (project / "reports" / f"{name}.qmd").write_text(REPORT.format(title=name, session=session))
    data = place / "export"
    data.mkdir()
    for frame, text in eight.CSV.items():
        (data / f"{frame}.csv").write_bytes(text.encode())
    secret = place / "secret.json"
    secret.write_text(json.dumps(MAP))
    return Home(project, data, secret, place / "meetings")
