"""A project folder: where its plan, data, reports, results and documents are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from npcstats.errors import SpecError

PLACES = {
    "plan": "analysis/plan",
    "data": "data/synthetic",
    "results": "analysis/results",
    "output": "_output",
    "meetings": "meetings",
    "reports": "reports",
    "fonts": "reports/_theme/fonts",
    "settings": "_quarto.yml",
    "records": ".npcstats",
}
"""Where a project keeps its plan, the committed trial, that trial's results, its documents, meetings, the documents'
sources and what was made from what. A plan may be a file instead of a folder."""


@dataclass(frozen=True)
class Project:
    """A project by its folder."""

    folder: Path

    def __getitem__(self, place: str) -> Path:
        """Return one of `PLACES`, or the source of a report by its name."""
        return self.folder / PLACES.get(place, f"reports/{place}.qmd")

    @property
    def plans(self) -> tuple[Path, Path]:
        """Tell where the plan may be.

        Returns
        -------
        tuple of Path
            A folder, and a file beside it.
        """
        return self["plan"], self["plan"].with_suffix(".py")

    @property
    def plan(self) -> Path:
        """Tell where the plan is.

        Returns
        -------
        Path
            The folder, or the file if there is no folder.

        Raises
        ------
        SpecError
            If both are there.
        """
        folder, file = self.plans
        if folder.is_dir() and file.is_file():
            raise SpecError(f"{folder}, {file}: a folder and a file; one plan is required.")
        return folder if folder.is_dir() else file


def find_project(start: Path) -> Project:
    """Find the project folder: the nearest that holds ``_quarto.yml``.

    Parameters
    ----------
    start : Path
        Where to begin, upwards.

    Returns
    -------
    Project
        The folder.

    Raises
    ------
    SpecError
        If there is none.
    """
    for folder in (start, *start.parents):
        if (folder / PLACES["settings"]).is_file():
            return Project(folder)
    raise SpecError(f"{start}: no _quarto.yml here or above; a project folder is required.")


def shown(path: Path) -> str:
    """Name a path as its reader would.

    Parameters
    ----------
    path : Path
        Any.

    Returns
    -------
    str
        From the current folder on where it lies inside, else whole.
    """
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
