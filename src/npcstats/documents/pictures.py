"""Pictures that a document places, copied under names that do not depend on where the document lies."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import typst

from npcstats.errors import DocumentError

ANY_FORM = ".picture"
FORMS = {"html": ("svg", "png", "jpg"), "typst": ("svg", "png", "jpg"), "docx": ("png", "jpg", "svg")}


class MissingPicture(DocumentError):
    """A picture that is not there.

    Parameters
    ----------
    source : str
        Its name in the document.
    """

    def __init__(self, source: str) -> None:
        super().__init__(f"{source}: no such file; a readable picture is required.")
        self.source = source


def find_picture(folder: Path, source: str, kind: str) -> Path:
    """File of a picture; of one that a cell displayed in several forms, the form that suits a format.

    Parameters
    ----------
    folder : Path
        Folder that relative names begin at.
    source : str
        Its name in the document.
    kind : str
        `typst`, `html` or `docx`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    MissingPicture
        If there is no such file.
    """
    path = folder / source if (folder / source).is_file() else folder / unquote(source)
    forms = [path.with_suffix(f".{form}") for form in FORMS[kind]] if path.suffix == ANY_FORM else [path]
    found = next((form for form in forms if form.is_file()), None)
    if found is None:
        raise MissingPicture(source)
    return found


def rasterize(path: Path, fonts: Sequence[str]) -> bytes:
    """An SVG picture as a PNG of its own size at 300 pixels per inch.

    Parameters
    ----------
    path : Path
        The picture; a file is written beside it.
    fonts : sequence of str
        Folders of fonts for its words; the system's are not used.

    Returns
    -------
    bytes
        The PNG.
    """
    program = path.with_name(f"{path.name}.typ")
    program.write_text(f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{path.name}")', encoding="utf-8")
    made: Any = typst.compile(
        str(program),
        root=str(path.parent),
        format="png",
        ppi=300.0,
        font_paths=[*fonts],
        ignore_system_fonts=True,
    )
    return bytes(made)


class Pictures:
    """The pictures of one output, copied into one folder as `picture-1.svg`, `picture-2.png`, ...

    Parameters
    ----------
    folder : Path
        Folder that relative names begin at.
    work : Path
        Folder for the copies.
    kind : str
        `typst` or `docx`.
    fonts : sequence of str
        Folders of fonts for the words of SVG pictures; the system's are not used.
    """

    def __init__(self, folder: Path, work: Path, kind: str, fonts: Sequence[str] = ()) -> None:
        self.folder = folder
        self.fonts = [*fonts]
        self.kind = kind
        self.work = work
        self.names: dict[Path, str] = {}

    def place(self, source: str) -> str:
        """Copy a picture once; for Word an SVG becomes a PNG of its own size at 300 pixels per inch.

        Parameters
        ----------
        source : str
            Its name in the document.

        Returns
        -------
        str
            Its name in the work folder.
        """
        path = find_picture(self.folder, source, self.kind)
        if path not in self.names:
            name = f"picture-{len(self.names) + 1}{path.suffix.lower()}"
            shutil.copy(path, self.work / name)
            if self.kind == "docx" and name.endswith(".svg"):
                drawn = rasterize(self.work / name, self.fonts)
                name = f"{name.removesuffix('.svg')}.png"
                (self.work / name).write_bytes(drawn)
            self.names[path] = name
        return self.names[path]
