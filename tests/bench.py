"""Time of the work people wait for: a line for each task with ours, a peer's, their ratio and what is wanted.

Run by `nox -s bench`, or `nox -s bench -- reading curves` for some of it. Peers run beside ours where they are
installed; tableone is no package of the lock and has to be installed by hand. A time is the median of three; the
processor's seconds stand behind it, because a busy machine makes people wait longer and work the same.
"""

from __future__ import annotations

import dataclasses
import datetime
import importlib
import importlib.util
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from bench_models import measure_mixed, measure_screens
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test
from timing import REPEATS, Took, clock, time_in_r, told

from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic
from npcstats.analyses.baseline.summary import summarize_baseline
from npcstats.analyses.toxicity.summary import summarize_toxicity
from npcstats.clinical.ctcae import ctcae_terms
from npcstats.derive import assign_arms, at_cutoff
from npcstats.estimators.effects import Observed, Weighting, bootstrap_effect
from npcstats.estimators.timetoevent import (
    compare_gray,
    compare_logrank,
    estimate_cumulative_incidence,
    estimate_kaplan_meier,
    fit_cox,
    fit_fine_gray,
)
from npcstats.estimators.types import DesignMatrix
from npcstats.parallel import Spreading, spread
from npcstats.run.plan import load_plan
from npcstats.schema import Column
from npcstats.study import FRAMES, Design, Study, read_study
from npcstats.tables import baseline_table

ROOT = Path(__file__).parents[1]
SIZE = 1_000_000
PARTICIPANTS = 100_000
CUTOFF = datetime.date(2027, 6, 30)


def large_design() -> Design:
    """The trial's design, of participants and adverse events only."""
    design = load_plan(Path(__file__).parents[1] / "analysis" / "plan").design
    adsl = next(schema for schema in design.frames if schema.name == "adsl")
    return dataclasses.replace(
        design,
        frames=(adsl, FRAMES["adae"]),
        events=(),
        endpoints=(),
        delivered=(),
        treatment_columns={"adsl": design.treatment_columns["adsl"]},
    )


def write_large_export(folder: Path, participants: int, events: int, *, quoted: bool = False) -> None:
    """Write an export that meets the contract."""
    draw = np.random.default_rng(1)
    who = np.array([f"P{i:07d}" for i in range(participants)], dtype=object)
    enrolled = np.datetime64("2026-01-01") + draw.integers(0, 600, participants)
    first = enrolled + draw.integers(1, 30, participants)
    dates = {"ICFDT": enrolled, "ENRLDT": enrolled, "TRTSDT": first, "RTSTDT": first, "RTENDT": first + 45}
    fixed = {"TNMVER": 9, "SEX": "F", "T9": "T3", "N9": "N1", "M9": "M0", "STAGE9": "III"}
    arms = np.array(["PROTON", "PHOTON"], dtype=object)[draw.integers(0, 2, participants)]
    adsl = next(schema for schema in large_design().frames if schema.name == "adsl")
    columns = {"USUBJID": who, "TRT01P": arms, "TRT01A": arms, "AGE": draw.uniform(20, 80, participants), **dates}
    pd.DataFrame({c.name: columns.get(c.name, fixed.get(c.name, "")) for c in adsl.columns}, index=range(participants)
                 ).to_csv(folder / "adsl.csv", index=False)  # fmt: skip
    of, comma = draw.integers(0, participants, events), "," if quoted else ""
    onset = first[of] + draw.integers(0, 400, events)
    adae = {
        "USUBJID": who[of], "AESEQ": np.arange(1, events + 1), "AETOXGR": draw.integers(1, 6, events),
        "AEBODSYS": np.array([f"Class{comma} {i}" for i in range(20)])[draw.integers(0, 20, events)],
        "AEDECOD": np.array([f"Term {i}" for i in range(400)])[draw.integers(0, 400, events)],
        "AESER": np.where(draw.random(events) < 0.1, "Y", "N"), "AEREL": "RT",
        "ASTDT": onset, "AENDT": onset + 10, "ENTRYDT": onset + 3,
    }  # fmt: skip
    names = [column.name for column in FRAMES["adae"].columns]
    pd.DataFrame({name: adae.get(name, "") for name in names}, index=range(events)).to_csv(
        folder / "adae.csv", index=False
    )


def measure_reading() -> None:
    """Reading, checking and cutting, at a tenth and at full size, plain and quoted."""
    design = large_design()
    for events, quoted in ((SIZE // 10, False), (SIZE, False), (SIZE, True)):
        with tempfile.TemporaryDirectory() as place:
            people = PARTICIPANTS * events // SIZE
            write_large_export(Path(place), people, events, quoted=quoted)
            told(
                f"read, check and cut {events:,} adverse events of {people:,} participants"
                f"{', quoted' if quoted else ''}",
                clock(lambda folder=Path(place): read_and_cut(folder, design), repeats=1),
            )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB")


def read_and_cut(folder: Path, design: Design) -> None:
    """What every analysis of an export begins with."""
    assign_arms(at_cutoff(read_study(folder, design), CUTOFF, snapshot="event-date"))


CHARACTERISTICS = 15


def baseline_of(size: int) -> tuple[Study, BaselineSpec, pd.DataFrame]:
    """A study with as many numbers as categories, two in a hundred of each missing; its table; and its plain frame."""
    draw = np.random.default_rng(20260105)
    numbers = {f"X{i:02d}": draw.normal(50, 10, size).round(1) for i in range(CHARACTERISTICS)}
    labels = {f"C{i:02d}": [f"L{j}" for j in range(2 + i % 5)] for i in range(CHARACTERISTICS)}
    texts = {name: np.array(of, dtype=object)[draw.integers(0, len(of), size)] for name, of in labels.items()}
    for values, blank in [*((x, np.nan) for x in numbers.values()), *((x, "") for x in texts.values())]:
        values[draw.random(size) < 0.02] = blank
    arms = np.array(["PROTON", "PHOTON"], dtype=object)[draw.integers(0, 2, size)]
    design = large_design()
    schema = design.frames[0]
    own = (*(Column(n, "number", missing=True) for n in numbers), *(Column(n, "text", missing=True) for n in texts))
    design = dataclasses.replace(design, frames=(dataclasses.replace(schema, columns=(*schema.columns, *own)),))
    fixed = {
        "identifier": [f"P{i:07d}" for i in range(size)], "date": np.datetime64("2026-06-01", "s"), "text": "",
        "flag": "", "number": np.nan, "integer": np.nan,
    }  # fmt: skip
    given = {**numbers, **texts, "TRT01P": arms, "TRT01A": arms}
    frame = pd.DataFrame(
        {c.name: given.get(c.name, fixed[c.kind]) for c in design.frames[0].columns}, index=range(size)
    )
    study = assign_arms(at_cutoff(Study(design, {"adsl": frame}, Path(), True), CUTOFF, snapshot="event-date"))
    study = dataclasses.replace(study, rounding="half-away")
    items = (
        *(Characteristic(name, name, "Numbers", "continuous", show=SHOWN, test="welch") for name in numbers),
        *(category_of(i, name, of) for i, (name, of) in enumerate(labels.items())),
    )
    spec = BaselineSpec("table-1", "Table 1", design.populations[0].code, ("only",), items, 7, "average", "planned",
                        conf_level=0.95, multiplicity="holm")  # fmt: skip
    return study, spec, frame[[*numbers, *texts, "TRT01P"]].replace("", np.nan)


SHOWN = ("mean", "median", "range", "geometric-cv")


def category_of(place: int, name: str, levels: list[str]) -> Characteristic:
    """A characteristic of two levels in one line, of several with an order, or without."""
    given = dict(zip(levels, levels, strict=True))
    if len(levels) == 2:
        return Characteristic(name, name, "Categories", "binary", levels=given, named=levels[0], test="chi-square")
    if place % 2:
        return Characteristic(name, name, "Categories", "ordinal", levels=given, smd="scores", test="kruskal-wallis")
    return Characteristic(name, name, "Categories", "categorical", levels=given, test="chi-square")


def measure_baseline() -> None:
    """Table 1 by arm, made and tabulated: every statistic, differences with limits, tests; beside tableone's."""
    study, spec, plain = baseline_of(PARTICIPANTS)
    theirs = None
    if importlib.util.find_spec("tableone"):
        tableone = importlib.import_module("tableone").TableOne
        categorical = [item.column for item in spec.characteristics if item.levels]
        theirs = clock(
            lambda: tableone(plain, categorical=categorical, groupby="TRT01P", smd=True, pval=True), repeats=1
        )
    told(f"Table 1, {PARTICIPANTS:,} participants, {len(spec.characteristics)} characteristics",
         clock(lambda: baseline_table(summarize_baseline(study, spec), spec.id, total=True)), "tableone", theirs
         )  # fmt: skip


def harms_of(events: int, terms: int) -> Study:
    """Events of ten participants in a hundred thousand each, of CTCAE terms in their classes, a tenth serious."""
    draw, design = np.random.default_rng(20261128), large_design()
    size = PARTICIPANTS * events // SIZE
    who = np.array([f"P{i:07d}" for i in range(size)], dtype=object)
    first = np.datetime64("2026-01-01", "s") + draw.integers(0, 365, size).astype("timedelta64[D]")
    arms = np.array(["PROTON", "PHOTON"], dtype=object)[draw.integers(0, 2, size)]
    dates = dict.fromkeys(("ICFDT", "ENRLDT", "TRTSDT", "RTSTDT"), first) | {"RTENDT": first + np.timedelta64(45, "D")}
    of, term = draw.integers(0, size, events), draw.integers(0, terms, events)
    known = [*ctcae_terms(version="5.0").values()][:terms]
    onset = first[of] + draw.integers(-5, 90, events).astype("timedelta64[D]")
    given = {
        "adsl": {"USUBJID": who, "TRT01P": arms, "TRT01A": arms, **dates},
        "adae": {
            "USUBJID": who[of], "AEBODSYS": np.array([one.organ_class for one in known], dtype=object)[term],
            "AEDECOD": np.array([one.name for one in known], dtype=object)[term], "ASTDT": onset,
            "AETOXGR": draw.integers(1, 6, events).astype(float), "AENDT": onset + np.timedelta64(10, "D"),
            "AESER": np.where(draw.random(events) < 0.1, "Y", "N").astype(object),
        },
    }  # fmt: skip
    blank = {"date": np.datetime64("NaT", "s"), "number": np.nan, "integer": np.nan}
    frames = {
        schema.name: pd.DataFrame(
            {c.name: given[schema.name].get(c.name, blank.get(c.kind, "")) for c in schema.columns},
            index=range(size if schema.name == "adsl" else events),
        )
        for schema in design.frames
    }
    study = assign_arms(at_cutoff(Study(design, frames, Path(), True), CUTOFF, snapshot="event-date"))
    return dataclasses.replace(study, rounding="half-away")


LIMITS_IN_R = """
data <- read.csv(commandArgs(TRUE)[1])
cat(system.time(for (i in seq_len(nrow(data))) binom.test(data$count[i], data$total[i]))[["elapsed"]])
"""


def measure_toxicity() -> None:
    """Worst grades with limits and differences, of ever more events and terms; beside R's limits of the same counts."""
    spec = dataclasses.replace(
        next(spec for spec in load_plan(ROOT / "analysis" / "plan").specs if spec.id == "ae-acute"),
        composites=(), measured={}, records=True,
    )  # fmt: skip
    for events, terms in ((SIZE // 10, 837), (SIZE // 2, 837), (SIZE, 209), (SIZE, 418), (SIZE, 837)):
        study = harms_of(events, terms)
        took = clock(lambda study=study: summarize_toxicity(study, spec))
        results = summarize_toxicity(study, spec)
        rows = [row for row in results.rows if row.measure == "risk" and ">=" in row.level]
        counts = {stat: [row.value for row in rows if row.stat == stat] for stat in ("count", "total")}
        theirs = time_in_r(LIMITS_IN_R, pd.DataFrame(counts))
        told(f"worst grades of {events:,} adverse events, {terms} terms", took,
             "R binom.test of the same counts", theirs)  # fmt: skip
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB")


def machine() -> str:
    """The processor's name, where the system tells it."""
    found = (
        re.search("model name\\s*: (.*)", Path("/proc/cpuinfo").read_text()) if Path("/proc/cpuinfo").exists() else None
    )
    return found.group(1) if found else platform.processor() or platform.machine()


def main() -> None:
    """Measure everything, or the parts that the command names."""
    parts = {
        "reading": measure_reading, "baseline": measure_baseline, "toxicity": measure_toxicity,
        "curves": measure_curves,
        "regression": measure_regression, "bootstrap": measure_bootstrap, "mixed": measure_mixed,
        "screens": measure_screens, "rendering": measure_rendering,
    }  # fmt: skip
    chosen = sys.argv[1:] or [*parts]
    print(f"command: nox -s bench -- {' '.join(chosen)}")
    print(f"{os.cpu_count()} cores ({machine()}), load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, "
          f"median of {REPEATS}", flush=True)  # fmt: skip
    for name in chosen:
        parts[name]()


def measure_curves() -> None:
    """Curves and tests of a million participants: times with ties (tenths of a month), and all distinct."""
    rng = np.random.default_rng(7232680)
    exact, cause, group = rng.exponential(30.0, SIZE), rng.integers(0, 3, SIZE), rng.integers(0, 2, SIZE)
    for kind, time_ in (("tied", np.round(exact, 1)), ("distinct", exact)):
        measure_curves_of(f"{SIZE:,} participants, {kind} times", time_, cause, group)


def measure_curves_of(named: str, time_: np.ndarray, cause: np.ndarray, group: np.ndarray) -> None:
    """Curves and tests, with R and lifelines beside them."""
    event, first = cause == 1, group == 1
    limits = {"conf_level": 0.95, "conf_type": "log-log"}
    frame = pd.DataFrame({"time": time_, "cause": cause, "group": group})
    ours = {
        "Kaplan-Meier with limits": clock(lambda: estimate_kaplan_meier(time_, event, **limits)),
        "log-rank": clock(lambda: compare_logrank(time_, event, group)),
        "cumulative incidence with limits": clock(lambda: estimate_cumulative_incidence(time_, cause, **limits)),
        "Gray's test": clock(lambda: compare_gray(time_, cause, group, cause_of_interest=1)),
    }
    in_r = {name: time_in_r(CURVE_IN_R.replace("TASK", task), frame) for name, task in TASKS_IN_R.items()}
    for name, took in ours.items():
        told(f"{name}, {named}", took, "R survival", in_r.get(name))
    in_lifelines = {
        "Kaplan-Meier with limits": clock(lambda: KaplanMeierFitter().fit(time_, event)),
        "log-rank": clock(lambda: logrank_test(time_[first], time_[~first], event[first], event[~first])),
    }
    for name, theirs in in_lifelines.items():
        told(f"{name}, {named}", ours[name], "lifelines", theirs)


CURVE_IN_R = """
data <- read.csv(commandArgs(TRUE)[1])
suppressPackageStartupMessages(library(survival))
cat(system.time(TASK)[["elapsed"]])
"""
# once each: R's variance of an incidence takes minutes where all times are distinct, and cmprsk's test is quadratic
TASKS_IN_R = {
    "Kaplan-Meier with limits": 'survfit(Surv(time, cause == 1) ~ 1, data, conf.type = "log-log")',
    "log-rank": "survdiff(Surv(time, cause == 1) ~ group, data)",
}

IN_R = """
data <- read.csv(commandArgs(TRUE)[1])
X <- as.matrix(data[, -(1:2)])
suppressPackageStartupMessages(library(survival))
cat(median(replicate(3, system.time(coxph(Surv(data$time, data$cause == 1) ~ X, ties = "efron"))[["elapsed"]])))
"""


def measure_regression() -> None:
    """Cox and Fine-Gray regression with 20 covariates, times in days."""
    rng, columns = np.random.default_rng(20260105), 20
    x = rng.normal(size=(PARTICIPANTS, columns))
    time_ = np.ceil(1000 * rng.exponential(np.exp(-x @ rng.normal(0, 0.2, columns))))
    censored = np.ceil(rng.uniform(100, 3000, PARTICIPANTS))
    cause = np.where(time_ <= censored, rng.choice([1, 2], PARTICIPANTS, p=[0.7, 0.3]), 0)
    design = DesignMatrix(x, tuple(f"x{j}" for j in range(columns)))
    frame = pd.DataFrame(x, columns=list(design.names))
    frame.insert(0, "time", np.minimum(time_, censored))
    frame.insert(1, "cause", cause)
    name = f"{PARTICIPANTS:,} participants, {columns} covariates"
    ours = clock(lambda: fit_cox(frame["time"], cause == 1, design, ties="efron", conf_level=0.95))
    told(f"Cox by Efron, {name}", ours, "lifelines", clock(lambda: fit_lifelines(frame)))
    in_r = time_in_r(IN_R, frame)
    told(f"Cox by Efron, {name}", ours, "R survival", in_r)
    told(
        f"Fine-Gray regression, {name}",
        clock(lambda: fit_fine_gray(frame["time"], cause, design, cause_of_interest=1, conf_level=0.95)),
    )


def fit_lifelines(frame: pd.DataFrame) -> CoxPHFitter:
    """Fit the same model by lifelines."""
    data = frame.drop(columns="cause").assign(event=frame["cause"] == 1)
    return CoxPHFitter().fit(data, "time", "event")


REPLICATES, SAMPLED, WORKERS, TRIED = 2000, 500, 2, 100


def measure_bootstrap() -> None:
    """A risk difference by overlap weights whose score each replicate estimates anew, beside statsmodels in a loop."""
    rng = np.random.default_rng(7232680)
    x = rng.normal(size=(SAMPLED, 8))
    arm = rng.random(SAMPLED) < 1 / (1 + np.exp(-x @ np.full(8, 0.3)))
    event = (rng.random(SAMPLED) < 1 / (1 + np.exp(0.8 + 0.7 * arm - 0.3 * x[:, 0]))).astype(float)
    asked = {
        "weighting": Weighting("ato", False), "measure": "risk_difference", "conf_level": 0.95,
        "replicates": REPLICATES, "name": "bench", "seed": 1,
    }  # fmt: skip
    design = DesignMatrix(x, tuple(f"x{j}" for j in range(8)))
    theirs = clock(lambda: loop_over_replicates(x, arm, event, TRIED))
    scaled = Took(theirs.wall * REPLICATES / TRIED, theirs.cpu * REPLICATES / TRIED)
    for workers in (1, WORKERS):
        with spread(Spreading(workers)):
            ours = clock(lambda: bootstrap_effect(Observed(event), arm, design, **asked))
        told(f"bootstrap of an overlap-weighted risk difference, {REPLICATES:,} replicates of {SAMPLED} participants, "
             f"{workers} worker{'s' if workers > 1 else ''}", ours, "a loop over statsmodels", scaled)  # fmt: skip


def loop_over_replicates(x: np.ndarray, arm: np.ndarray, event: np.ndarray, replicates: int) -> np.ndarray:
    """The same by statsmodels' logistic regression, one replicate after the other."""
    rng, found = np.random.default_rng(1), np.empty(replicates)
    for i in range(replicates):
        rows = rng.integers(0, len(arm), len(arm))
        z, columns, y = arm[rows], sm.add_constant(x[rows]), event[rows]
        score = sm.GLM(z, columns, family=sm.families.Binomial()).fit().fittedvalues
        found[i] = np.average(y[z], weights=1 - score[z]) - np.average(y[~z], weights=score[~z])
    return found


ONE_CELL = """---
title: One cell
---

```{python}
print(1 + 1)
```
"""


def measure_rendering() -> None:
    """Time commands in a copy of the project: help, one cell, and the reports when none, some or all is made anew."""
    with tempfile.TemporaryDirectory() as name:
        project, alone = Path(name) / "project", Path(name) / "alone"
        project.mkdir()
        alone.mkdir()
        for part in ("analysis", "data", "reports"):
            shutil.copytree(ROOT / part, project / part, ignore=shutil.ignore_patterns("results", "__pycache__"))
        shutil.copy(ROOT / "_quarto.yml", project)
        (alone / "one.qmd").write_text(ONE_CELL, encoding="utf-8")
        days = (CUTOFF - datetime.timedelta(days=91 + i) for i in range(REPEATS))
        told("npcstats --help", clock(lambda: command(alone, "--help")))
        one = ("render", "one.qmd", "--to", "pdf", "--engine", "builtin")
        told("a document of one cell to PDF", clock(lambda: command(alone, *one)))
        told("four reports, nothing made yet", clock(lambda: render_anew(project)))
        told("the reports at a new cut-off", clock(lambda: command(project, "render", "--cutoff", str(next(days)))))
        told("four reports, nothing changed", clock(lambda: command(project, "render")))


def render_anew(project: Path) -> None:
    """Render the reports of a project that nothing has been made in."""
    for made in (project / "analysis" / "results", project / "_output", project / ".npcstats"):
        shutil.rmtree(made, ignore_errors=True)
    command(project, "render")


def command(folder: Path, *words: str) -> None:
    """Run the command line in a folder, in a process of its own."""
    entrance = [sys.executable, "-c", "from npcstats.run.front import main; main()"]
    subprocess.run([*entrance, *words], cwd=folder, check=True, capture_output=True)


if __name__ == "__main__":
    main()
