"""Pasts of made trials: a former export and a present one brought to what a session compares."""

from __future__ import annotations

import datetime
from dataclasses import replace

from eight import PLAN

from npcstats.analyses.changes.spec import ChangedEventsSpec, ChangesSpec, EventCount, WatchedNumber
from npcstats.derive import Past, Step, follow_export
from npcstats.run.sessions import build_results, prepare_study, view_study
from npcstats.study import read_study


def make_past(former, present, plan, session, *, then, cutoff, mask=None, stored=None):
    """The past of a session and its study now, both exports by one plan."""
    taken = follow_export(former, present, former_cutoff=then, cutoff=cutoff, snapshot=plan.snapshot)
    views = {cause: view_study(study, plan, session, mask=mask) for cause, study in taken.items()}
    known = prepare_study(former, plan, session, cutoff=then, mask=mask)
    base = build_results(known, plan)
    steps = [Step("code", base), Step("plan", base)]
    steps += [Step(cause, build_results(views[cause], plan)) for cause in ("corrected", "late-entry", "follow-up")]
    return Past(then, stored or base, tuple(steps), known, views["late-entry"]), views["new"]


def edited(text, **lines):
    """A frame's CSV text with some lines replaced: what a line begins with, by name of the replacement's key."""
    rows = text.splitlines()
    for old, new in lines.items():
        start = old.replace("_", ",") + ","
        (at,) = [i for i, row in enumerate(rows) if row.startswith(start)]
        rows[at : at + 1] = [] if new is None else [new]
    return "\n".join(rows) + "\n"


THEN = datetime.date(2025, 6, 30)
"""Cut-off of the former meeting on the trial of eight."""


def former_events(text):
    """Adverse events of the trial of eight as an earlier export had them; see `tests/analyses/changes`."""
    return edited(
        text,
        P02_1="P02,1,Gut,Mucositis oral,2,Y,RT,2025-03-01,2025-05-10,,RECOVERED,2025-03-02",
        P05_2="P05,2,Gut,Mucositis oral,3,N,RT,2025-02-15,2025-04-20,,RECOVERED,2026-01-10",
        P05_1="P05,1,Gut,Nausea,1,N,RT,2025-01-15,,,,2025-02-01",
        P05_3="P05,3,Gut,Nausea,1,N,CHEMO,2025-02-10,,,,2025-03-01",
        P01_1=None,
        P01_2="P01,2,Gut,Dry mouth,2,N,RT,2025-06-01,,,,2025-06-15",
        P03_1="P03,1,Gut,Dry mouth,1,N,RT,2025-06-16,,,,2025-09-01",
        P07_1="P07,1,Gut,Nausea,3,N,CHEMO,2025-03-20,2025-04-01,,RECOVERED,2025-03-25\n"
        "P07,9,Gut,Nausea,3,N,CHEMO,2025-03-21,2025-04-01,,RECOVERED,2025-03-25",
    )


def read_former(folder, texts, design):
    """The earlier export, read from a folder that it is written to."""
    for name, text in {**texts, "adae": former_events(texts["adae"])}.items():
        (folder / f"{name}.csv").write_text(text)
    return read_study(folder, design)


EARLY = next(spec for spec in PLAN.specs if spec.id == "tox").windows[0]
SEVERE = EventCount(window=EARLY, lowest=3, baseline_adjusted=True, by_term=True)
SHARES = {"analysis": "tox", "window": "early", "level": "grade>=3", "measure": "risk", "stat": "estimate"}
SHARE = WatchedNumber(
    id="severe", label="Severe", rows=SHARES, amount=0.0, style="percent1", without={"variable": "all"}, counted=SEVERE
)
DEATHS = WatchedNumber(
    id="deaths", label="Deaths", rows={"analysis": "status", "measure": "proportion", "stat": "count"}, amount=0.0,
    style="count",
)  # fmt: skip
FRAMES = {"adsl": "Participants", "adae": "Events", "adlb": "Values", "adform": "Forms", "adqs": "Scores"}
SINCE = ChangesSpec(
    id="since", label="Since", population="EVERY", sessions=("front", "shut"), frames=FRAMES,
    populations=("EVERY", "BEAM"), numbers=(SHARE, DEATHS), status="planned",
)  # fmt: skip
LISTED = ChangedEventsSpec(
    id="changed", label="Changed", population="EVERY", sessions=("shut",), origin="TRTSDT",
    columns={"AEREL": "relation"}, status="planned",
)  # fmt: skip


def shuffled(study, draw):
    """A made study whose records stand in another order."""
    return replace(
        study,
        frames={
            name: frame.iloc[draw.permutation(len(frame))].reset_index(drop=True)
            for name, frame in study.frames.items()
        },
    )
