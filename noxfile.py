"""The front door: every job of the project is a session here.

A session's environment holds what `requirements.lock` names, by hash, and the project itself; it is made once.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["render", "tests", "lint"]

LOCK = Path("requirements.lock")


def prepare(session: nox.Session) -> None:
    """Install the lock, then the project on top of it; nothing to do where both are unchanged."""
    stamp = Path(session.virtualenv.location) / "npcstats.installed"
    wanted = hashlib.sha256(LOCK.read_bytes() + Path("pyproject.toml").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    session.install("--require-hashes", "--requirement", str(LOCK))
    session.install("--no-deps", "--no-build-isolation", "--editable", ".")
    stamp.write_text(wanted)


@nox.session
def render(session: nox.Session) -> None:
    """Make results and documents: `nox -s render -- dsmb-closed --data export/ --cutoff 2027-06-30`."""
    prepare(session)
    session.run("npcstats", "render", *session.posargs)


@nox.session
def results(session: nox.Session) -> None:
    """Make the results folders only."""
    prepare(session)
    session.run("npcstats", "results", *session.posargs)


@nox.session
def meeting(session: nox.Session) -> None:
    """Make a meeting's folder: `nox -s meeting -- --cutoff 2027-06-30 --previous meetings/2026-12-31`."""
    prepare(session)
    session.run("npcstats", "meeting", *session.posargs)


@nox.session
def run(session: nox.Session) -> None:
    """Run any npcstats command: `nox -s run -- check export/`."""
    prepare(session)
    session.run("npcstats", *session.posargs)


@nox.session
def synthetic(session: nox.Session) -> None:
    """Make the synthetic trial again, byte for byte."""
    prepare(session)
    session.run("python", "analysis/make_synthetic.py", *session.posargs)


@nox.session
def history(session: nox.Session) -> None:
    """Make the synthetic trial as it was exported for three meetings: `nox -s history -- --out exports/`."""
    prepare(session)
    session.run("python", "analysis/make_history.py", *session.posargs)


@nox.session
def truths(session: nox.Session) -> None:
    """Draw the known truths of the synthetic trial again from its generator."""
    prepare(session)
    session.run("python", "analysis/make_truths.py", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests, on all cores: `nox -s tests -- -n 0 tests/core` runs some of them on one."""
    prepare(session)
    session.run("pytest", "-n", "logical", *session.posargs)


@nox.session
def slow(session: nox.Session) -> None:
    """Run the simulation studies and repeated renders."""
    prepare(session)
    session.run("pytest", "-m", "slow", *session.posargs)


@nox.session
def simulate(session: nox.Session) -> None:
    """Run the simulation study again and write its record: `nox -s simulate -- --cluster tcp://host:8786`."""
    prepare(session)
    session.run("python", "-m", "simulation.study", *session.posargs, env={"PYTHONPATH": "tests"})


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types and docstrings."""
    prepare(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("mypy", "-p", "plan", env={"MYPYPATH": "tests/randomized"})  # of the same name as the trial's
    session.run("python", "-m", "numpydoc", "lint", *map(str, sorted(Path("src").rglob("*.py"))))


@nox.session
def reference(session: nox.Session) -> None:
    """Run the R scripts again and record what they print; needs R with survival and jsonlite."""
    for script in sorted(Path("tests/reference").glob("*.R")):
        session.run("Rscript", "--vanilla", str(script), external=True)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure how long the work takes."""
    prepare(session)
    session.run("python", "tests/bench.py", *session.posargs)


@nox.session
def engines(session: nox.Session) -> None:
    """Compare what Quarto, where one is on PATH, and the built-in renderer make of the reports; needs results."""
    prepare(session)
    session.run("python", "tests/compare_engines.py")


@nox.session
def reproduce(session: nox.Session) -> None:
    """Compute everything again and compare with the stored results."""
    prepare(session)
    session.run("npcstats", "verify", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Write requirements.lock again from pyproject.toml; needs uv."""
    command = "uv pip compile --universal --generate-hashes --no-header --no-annotate --group dev pyproject.toml"
    session.run(*command.split(), "--output-file", str(LOCK), *session.posargs, external=True)
