"""The type of figures: Inter by its files, and the sizes it is set in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from matplotlib.font_manager import FontProperties

from npcstats.errors import SpecError

TEXT_SIZE = 6.8
SMALL_SIZE = 6.5
LINE_SPACING = 1.0
LINE_HEIGHT = 2.9
FONT_FILES = {"regular": "Inter-Regular", "semibold": "Inter-SemiBold"}
FONT_SUFFIXES = (".otf", ".ttf")


@dataclass(frozen=True)
class Fonts:
    """The font files of a folder.

    Parameters
    ----------
    folder : Path
        Holds ``Inter-Regular`` and ``Inter-SemiBold``, as OpenType or TrueType.
    """

    folder: Path

    @cached_property
    def files(self) -> dict[str, Path]:
        """Weight and file, each of which exists.

        Returns
        -------
        dict of str to Path
            By weight.
        """
        found = {weight: self._file(stem) for weight, stem in FONT_FILES.items()}
        missing = [FONT_FILES[weight] for weight, path in found.items() if path is None]
        if missing:
            raise SpecError(
                f"{self.folder}: no {' nor '.join(missing)} ({' or '.join(FONT_SUFFIXES)}); Inter is required."
            )
        return {weight: path for weight, path in found.items() if path is not None}

    def _file(self, stem: str) -> Path | None:
        paths = (self.folder / f"{stem}{suffix}" for suffix in FONT_SUFFIXES)
        return next((path for path in paths if path.is_file()), None)

    def of(self, weight: str = "regular", size: float = TEXT_SIZE) -> FontProperties:
        """Name a font at a size.

        Parameters
        ----------
        weight : {"regular", "semibold"}
            Weight.
        size : float
            Points.

        Returns
        -------
        FontProperties
            By its file.
        """
        return FontProperties(fname=str(self.files[weight]), size=size)
