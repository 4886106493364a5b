"""What was typed into an export stands in no file that the open and the closed session write, attachments included."""

from __future__ import annotations

import csv
import datetime
import random
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

from npcstats.documents import render_document
from npcstats.run.make import Run, make_results
from npcstats.run.plan import load_plan
from npcstats.run.project import Project

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[2]
SESSIONS = {"open": "dsmb-open", "closed": "dsmb-closed"}
TYPED = (
    "Zebedee Quark, z.quark@example.org",
    "+41 44 999 88 77",
    "Proton gantry down - photon fractions given",
    "PROTON HELD - see NPC-0001",
)
PIECES = ("zebedee", "quark", "example.org", "999 88 77", "gantry", "fractions given", "held - see", "npc-0001")
COLUMNS = {
    "adae": ("AEACN", "AEOUT", "AEDECOD", "AEBODSYS"),
    "addv": ("DVTERM",),
    "adscr": ("CRITERION",),
    "adevent": ("CONFIRM",),
    "adrs": ("METHOD",),
    "adlb": ("ASSAYVER",),
}
SHARE = 0.1


def planted_export(folder: Path) -> Path:
    """The synthetic trial with free text, as typed, in capitals or in small letters, in a tenth of its records."""
    draw = random.Random(8)
    folder.mkdir()
    for path in sorted((PROJECT / "data" / "synthetic").iterdir()):
        if path.suffix != ".csv":
            (folder / path.name).write_bytes(path.read_bytes())
            continue
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            for column in COLUMNS.get(path.stem, ()):
                if draw.random() < SHARE:
                    typed = draw.choice(TYPED)
                    row[column] = draw.choice((typed, typed.upper(), typed.lower()))
        with (folder / path.name).open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


@pytest.fixture(scope="module")
def written(marks: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results and documents of both sessions."""
    plan = load_plan(PROJECT / "analysis" / "plan")
    base = tmp_path_factory.mktemp("typed")
    run = Run(planted_export(base / "export"), plan, tuple(SESSIONS))
    make_results(run, base / "made" / "results", fonts=Project(PROJECT)["fonts"])
    for report in SESSIONS.values():
        render_document(
            PROJECT / "reports" / f"{report}.qmd",
            formats=("html", "pdf", "docx"),
            output_dir=base / "made",
            engine="builtin",
            metadata=marks,
            environment={"NPCSTATS_RESULTS": str(base / "made" / "results")},
            source_date=datetime.date(2027, 6, 30),
        )
    return base / "made"


def texts_of(path: Path) -> list[str]:
    """A file as text: a PDF's pages and attachments, the parts of a Word file, anything else by its bytes."""
    if path.suffix == ".pdf":
        reader = PdfReader(path)
        pages = "".join(page.extract_text() for page in reader.pages)
        told = str(reader.metadata)
        return [pages, told, *(part.decode("latin-1") for parts in reader.attachments.values() for part in parts)]
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            return [archive.read(name).decode("latin-1") for name in archive.namelist()]
    return [path.read_bytes().decode("latin-1")]


def test_nothing_typed_is_in_any_file(written):
    files = [path for path in written.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".csv", ".json", ".svg", ".pdf", ".html", ".docx"}
    found = {
        (path.name, piece) for path in files for text in texts_of(path) for piece in PIECES if piece in text.lower()
    }
    assert found == set()


@pytest.mark.parametrize("report", SESSIONS.values())
def test_pages_say_what_not_listed_means(written, report):
    text = " ".join(page.extract_text() for page in PdfReader(written / f"{report}.pdf").pages)
    assert "Not listed: terms that are not in the plan's list" in " ".join(text.split())
