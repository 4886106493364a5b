"""What a cell's options mean: the closed set of names, their values, and the document's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from npcstats.documents.source import Cell
from npcstats.errors import DocumentError

FLAGS = ("eval", "include", "warning", "error")
TEXTS = ("label", "fig-cap", "fig-alt", "tbl-cap")
DOCUMENT_DEFAULTS: Mapping[str, Any] = {
    "echo": True, "output": True, "include": True, "eval": True, "warning": True, "error": False,
}  # fmt: skip
IGNORED = ("freeze", "cache", "enabled", "daemon", "keep-md", "keep-ipynb")
SUPPORTED = (*FLAGS, "echo", "output", *TEXTS, "fig-subcap", "layout-ncol", "tags")


@dataclass(frozen=True)
class CellOptions:
    """Options of one cell, all decided."""

    label: str
    echo: bool | str
    output: bool | str
    include: bool
    eval: bool
    warning: bool
    error: bool
    fig_cap: str
    fig_alt: str
    tbl_cap: str
    fig_subcap: tuple[str, ...]
    layout_ncol: int
    tags: tuple[str, ...]

    @property
    def float_kind(self) -> str:
        """`fig` or `tbl` if the label makes the cell a numbered float, else empty.

        Returns
        -------
        str
            The kind.
        """
        kind = self.label.partition("-")[0]
        return kind if kind in ("fig", "tbl") and "-" in self.label else ""

    @property
    def caption(self) -> str:
        """The caption that belongs to the kind of float.

        Returns
        -------
        str
            Markdown.
        """
        return self.tbl_cap if self.float_kind == "tbl" else self.fig_cap


def cell_options(cell: Cell, execute: Mapping[str, Any]) -> CellOptions:
    """Decide the options of a cell.

    Parameters
    ----------
    cell : Cell
        The cell.
    execute : mapping
        The `execute:` options of the document.

    Returns
    -------
    CellOptions
        The decided options.

    Raises
    ------
    DocumentError
        If an option is unknown or has a value of the wrong kind.
    """
    where = cell.fence.where
    unknown = [name for name in cell.options if name not in SUPPORTED]
    if unknown:
        raise DocumentError(
            f"{where}: cell option {', '.join(unknown)} is not supported; one of {', '.join(SUPPORTED)} is required."
        )
    check_execute(execute, where)
    own = {name: value for name, value in execute.items() if name in DOCUMENT_DEFAULTS}
    chosen = {**DOCUMENT_DEFAULTS, **own, **cell.options}
    _check_values(chosen, where)
    for name in TEXTS:
        _require(isinstance(chosen.get(name, ""), str), where, name, chosen.get(name), "a text")
    panels, columns, tags = (chosen.get(name) for name in ("fig-subcap", "layout-ncol", "tags"))
    _require(panels is None or isinstance(panels, list), where, "fig-subcap", panels, "a list of captions")
    _require(columns is None or type(columns) is int, where, "layout-ncol", columns, "a whole number")
    return CellOptions(
        **{name.replace("-", "_"): chosen.get(name, "") for name in TEXTS},
        **{name: chosen[name] for name in (*FLAGS, "echo", "output")},
        fig_subcap=tuple(str(item) for item in panels or ()),
        layout_ncol=columns or 0,
        tags=tuple(tags) if isinstance(tags, list) else (str(tags),),
    )


def check_execute(execute: Mapping[str, Any], where: str) -> None:
    """Refuse `execute:` options that are unknown or have a value of the wrong kind.

    Parameters
    ----------
    execute : mapping
        The `execute:` options of a document.
    where : str
        File, for the message.

    Raises
    ------
    DocumentError
        With the option and what is allowed.
    """
    unknown = [name for name in execute if name not in DOCUMENT_DEFAULTS and name not in IGNORED]
    if unknown:
        allowed = ", ".join((*DOCUMENT_DEFAULTS, *IGNORED))
        raise DocumentError(
            f"{where}: execute option {', '.join(unknown)} is not supported; one of {allowed} is required."
        )
    _check_values({**DOCUMENT_DEFAULTS, **execute}, where)


def _check_values(chosen: Mapping[str, Any], where: str) -> None:
    for name in FLAGS:
        _require(isinstance(chosen[name], bool), where, name, chosen[name], "true or false")
    _require(_among(chosen["echo"], "fenced"), where, "echo", chosen["echo"], "true, false or fenced")
    _require(_among(chosen["output"], "asis"), where, "output", chosen["output"], "true, false or asis")


def _among(value: object, word: str) -> bool:
    return isinstance(value, bool) or value == word


def _require(holds: bool, where: str, name: str, value: object, allowed: str) -> None:
    if not holds:
        raise DocumentError(f"{where}: cell option {name} is {value!r}; {allowed} is required.")
