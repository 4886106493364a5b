"""Where long work runs decides nothing: no byte of the results, no record of a command."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from distributed import LocalCluster
from eight import PLAN_FILE
from entries import COMPARED, OVERLAP

from npcstats.analyses.comparison.summary import summarize_comparison
from npcstats.parallel import Spreading, spread, tasks
from npcstats.parallel.spreading import chosen_spreading
from npcstats.results import results_text
from npcstats.run.cli import run_command
from npcstats.run.commands import reports
from npcstats.run.freshness import command_name

DRAWN = (
    replace(OVERLAP, name="drawn", label="Drawn", variance="bootstrap", replicates=150, seed=4),
    replace(OVERLAP, name="filled", label="Filled", missing="imputed", imputations=3, iterations=2, donors=3, seed=4),
)
WITHIN = replace(COMPARED, adjustments=DRAWN, curves=None)


@pytest.fixture
def gaps(crowd):
    """Sixty participants, of every seventh of whom the one covariate is not known."""
    adsl = crowd["adsl"]
    return replace(crowd, frames={**crowd.frames, "adsl": adsl.assign(AGE=adsl["AGE"].where(adsl.index % 7 != 0))})


def text_of(study, spreading):
    with spread(spreading):
        return results_text(summarize_comparison(study, WITHIN))


def test_numbers_are_the_same_bytes_everywhere(gaps, monkeypatch):
    here = text_of(gaps, Spreading())
    rows = [line for line in here.splitlines() if ",drawn," in line and ",ci_low," in line]
    assert rows
    assert all("bootstrap percentiles" in row for row in rows if "difference" in row or "ratio" in row)
    monkeypatch.setattr(tasks, "PATIENCE", -1.0)
    monkeypatch.setattr(tasks, "WORTH", -1.0)
    assert text_of(gaps, Spreading(workers=2)) == here
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        assert text_of(gaps, Spreading(cluster=cluster.scheduler_address)) == here


def test_another_seed_is_another_text(gaps):
    other = replace(WITHIN, adjustments=(replace(DRAWN[0], seed=5), DRAWN[1]))
    assert results_text(summarize_comparison(gaps, other)) != text_of(gaps, Spreading())


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = tmp_path / "project"
    (folder / "analysis").mkdir(parents=True)
    (folder / "analysis" / "plan.py").write_text(PLAN_FILE)
    (folder / "_quarto.yml").write_text("project:\n  type: default\n")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("NPCSTATS_MASK", raising=False)
    return folder


@pytest.fixture
def seen(monkeypatch):
    """Where work runs while results are made."""
    found = []
    make = reports.make_run

    def _made(*given, **named):
        found.append(chosen_spreading())
        return make(*given, **named)

    monkeypatch.setattr(reports, "make_run", _made)
    return found


def test_a_command_spreads_its_work(project, seen, write_export, capsys):
    data = str(write_export())
    made = {}
    for words in ((), ("--workers", "1"), ("--workers", "3"), ("--cluster", "tcp://nowhere:1")):
        assert run_command(["results", "front", "--data", data, *words]) == 0
        made[words] = {p: p.read_bytes() for p in (project / "analysis" / "results").rglob("*") if p.is_file()}
    assert made[()]
    assert all(files == made[()] for files in made.values())
    assert [(one.workers, one.cluster) for one in seen] == [
        (os.cpu_count(), ""), (1, ""), (3, ""), (1, "tcp://nowhere:1"),
    ]  # fmt: skip
    assert chosen_spreading() == Spreading()
    assert "\x1b" not in capsys.readouterr().out  # no terminal, so no progress


def test_parts_wait_until_the_work_is_whole(project, seen, write_export, monkeypatch, capsys):
    data = write_export()

    def _stopped(*given, **named):
        store = chosen_spreading().store
        store.mkdir(parents=True)
        (store / "part").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(reports, "make_run", _stopped)
        with pytest.raises(KeyboardInterrupt):
            reports.make(("front",), data=data, plan=None, cutoff=None, mask=None)
    (kept,) = project.rglob("part")
    assert run_command(["results", "front", "--data", str(data)]) == 0
    assert seen[-1].store == kept.parent
    assert not kept.parent.parent.exists()
    capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--workers", "0"), "--workers 0: a whole number of 1 or more is required"),
        (("--workers", "2", "--cluster", "tcp://nowhere:1"), "it or --cluster is required, not both"),
        (("--workers", "many"), "--workers many: a whole number of 1 or more is required"),
    ],
)
def test_places_that_cannot_be_are_refused(project, capsys, write_export, words, told):
    assert run_command(["results", "front", "--data", str(write_export()), *words]) != 0
    assert told in capsys.readouterr().err
    assert not list(project.rglob("results.csv"))


def test_a_command_is_the_same_wherever_it_works(tmp_path):
    plain = command_name(tmp_path, ["render", "final"])
    for words in (
        ["render", "--workers", "2", "final"], ["render", "final", "--workers=4"],
        ["render", "final", "--cluster", "tcp://host:8786"], ["--cluster=tcp://host:8786", "render", "final"],
    ):  # fmt: skip
        assert command_name(tmp_path, words) == plain
    assert command_name(tmp_path, ["render", "--workers", "final"]) != plain
