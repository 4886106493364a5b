"""Figures become files whose bytes depend on nothing but the figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

Drawn = Figure
"""A figure as the drawing library has it; who saves one need not know the library."""
RASTER_DPI = 600
SETTINGS: dict[Any, Any] = {"svg.fonttype": "path", "svg.image_inline": True, "pdf.compression": 6, "pdf.fonttype": 42}
METADATA: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}
KINDS = tuple(METADATA)


def save_figure(figure: Figure, folder: Path, name: str, kinds: Sequence[str] = KINDS) -> tuple[Path, ...]:
    """Write a figure as SVG, PDF and PNG, or as some of them.

    Parameters
    ----------
    figure : Figure
        From `draw_figure`.
    folder : Path
        A folder that exists.
    name : str
        Name of the files, without suffix; also the salt of the SVG's ids.
    kinds : sequence of {"svg", "pdf", "png"}
        Which.

    Returns
    -------
    tuple of Path
        The files.

    Notes
    -----
    Convention: letters are outlines in SVG; the raster has 600 dots per inch; no file holds a date.
    """
    paths = []
    for suffix in kinds:
        path = folder / f"{name}.{suffix}"
        with matplotlib.rc_context({**SETTINGS, "svg.hashsalt": name}):
            figure.savefig(path, format=suffix, dpi=RASTER_DPI, metadata=METADATA[suffix])
        paths.append(path)
    return tuple(paths)
