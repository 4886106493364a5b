"""Pictures that a document places, copied under names that do not depend on where the document lies."""

from __future__ import annotations

import shutil
from pathlib import Path

import typst

from npcstats.errors import DocumentError


class Pictures:
    """The pictures of one output, copied into one folder as `picture-1.svg`, `picture-2.png`, ...

    Parameters
    ----------
    folder : Path
        Folder that relative names begin at.
    work : Path
        Folder for the copies.
    """

    def __init__(self, folder: Path, work: Path) -> None:
        self.folder = folder
        self.work = work
        self.names: dict[Path, str] = {}

    def place(self, source: str) -> str:
        """Copy a picture once.

        Parameters
        ----------
        source : str
            Its name in the document.

        Returns
        -------
        str
            Its name in the work folder.

        Raises
        ------
        DocumentError
            If there is no such file.
        """
        path = self.folder / source
        if not path.is_file():
            raise DocumentError(f"{source}: no such file; a readable picture is required.")
        if path not in self.names:
            self.names[path] = f"picture-{len(self.names) + 1}{path.suffix.lower()}"
            shutil.copy(path, self.work / self.names[path])
        return self.names[path]

    def place_raster(self, source: str) -> str:
        """Copy a picture once; an SVG becomes a PNG of its own size at 300 pixels per inch.

        Parameters
        ----------
        source : str
            Its name in the document.

        Returns
        -------
        str
            Its name in the work folder.
        """
        name = self.place(source)
        if not name.endswith(".svg"):
            return name
        target = self.work / f"{name.removesuffix('.svg')}.png"
        if not target.exists():
            program = self.work / f"{name}.typ"
            program.write_text(f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{name}")', encoding="utf-8")
            made = typst.compile(str(program), root=str(self.work), format="png", ppi=300.0)
            target.write_bytes(made)
        return target.name
