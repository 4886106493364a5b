"""What a cell's options mean: the closed set of names, their values, and the document's defaults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from npcstats.documents.language import words_of
from npcstats.documents.source import Cell
from npcstats.documents.supported import CELLS_PASSED, nearest
from npcstats.errors import DocumentError

FLAGS = ("eval", "include", "warning", "error")
TEXTS = ("label", "lst-label", "lst-cap")
# One text for all that a cell shows, or a list of one for each.
LISTS = ("fig-cap", "fig-alt", "tbl-cap")
PLACES = ("fig-cap-location", "tbl-cap-location", "cap-location")
MOST_PARTS = 26
DOCUMENT_DEFAULTS: Mapping[str, Any] = {
    "echo": True, "output": True, "include": True, "eval": True, "warning": True, "error": False,
}  # fmt: skip
IGNORED = ("freeze", "cache", "daemon", "keep-md", "keep-ipynb")
# Options of looks, which change no word: how long lines of code show, where LaTeX floats, how a picture is aligned.
LOOKS = ("code-overflow", "fig-align", "fig-env", "fig-pos", "fig-scap", "layout-align", "layout-valign", "cache")
# Sizes, which act for a whole document (or for other engines): Quarto passes over them in a cell of Python.
WITHOUT_EFFECT = ("fig-width", "fig-height", "fig-dpi", "fig-format", "fig-asp", "out-width", "out-height")
SUPPORTED = (
    *FLAGS, "echo", "output", *TEXTS, *LISTS, *PLACES, "code-fold", "code-summary", "fig-subcap", "tbl-subcap",
    "tbl-colwidths", "layout", "layout-ncol", "layout-nrow", "tags", *LOOKS,
    *WITHOUT_EFFECT,
)  # fmt: skip


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
    lst_label: str
    lst_cap: str
    fig_cap: tuple[str, ...]
    fig_alt: tuple[str, ...]
    tbl_cap: tuple[str, ...]
    code_summary: str
    code_fold: bool | str
    subcaptions: tuple[str, ...]
    arrangement: tuple[tuple[str, str], ...]
    widths: str
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
    def captions(self) -> tuple[str, ...]:
        """The captions that belong to the kind of float; those of the other kind where it has none.

        Returns
        -------
        tuple of str
            Markdown, one for the whole or one for each output.
        """
        return (self.tbl_cap or self.fig_cap) if self.float_kind == "tbl" else (self.fig_cap or self.tbl_cap)


def cell_options(cell: Cell, options: Mapping[str, Any]) -> CellOptions:
    """Decide the options of a cell.

    Parameters
    ----------
    cell : Cell
        The cell.
    options : mapping
        The document's options, of which those under `execute` and some others are defaults of cells.

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
    unknown = [name for name in cell.options if name not in SUPPORTED and name not in CELLS_PASSED]
    if unknown:
        near = nearest(unknown[0], SUPPORTED)
        raise DocumentError(
            f"{where}: cell option {', '.join(unknown)} is not supported{near}; "
            f"one of {', '.join(SUPPORTED)} is required."
        )
    execute = options.get("execute") or {}
    check_execute(execute, where)
    own = {name: value for name, value in execute.items() if name in DOCUMENT_DEFAULTS}
    kept = {name: options[name] for name in ("code-fold", "tbl-colwidths") if name in options}
    chosen = {**DOCUMENT_DEFAULTS, **kept, **own, **cell.options}
    _check_values(chosen, where)
    for name in TEXTS:
        _require(isinstance(chosen.get(name, ""), str), where, name, chosen.get(name), "a text")
    for name in LISTS:
        _require(_texts(chosen.get(name, "")) is not None, where, name, chosen.get(name), "a text or a list of texts")
    for name in PLACES:
        _require(chosen.get(name, "top") in ("top", "bottom"), where, name, chosen.get(name), "top or bottom")
    for name in ("layout-ncol", "layout-nrow"):
        _require(type(chosen.get(name, 1)) is int, where, name, chosen.get(name), "a whole number")
    _require(_rows_of_numbers(chosen.get("layout", [1])), where, "layout", chosen.get("layout"), "rows of numbers")
    fold, widths, tags = chosen.get("code-fold", False), chosen.get("tbl-colwidths"), chosen.get("tags")
    _require(_among(fold, "show"), where, "code-fold", fold, "true, false or show")
    given = {name: chosen[name] for name in (*PLACES, "layout", "layout-ncol", "layout-nrow") if name in cell.options}
    return CellOptions(
        **{name.replace("-", "_"): chosen.get(name, "") for name in TEXTS},
        fig_cap=_texts(chosen.get("fig-cap", "")) or (),
        fig_alt=_texts(chosen.get("fig-alt", "")) or (),
        tbl_cap=_texts(chosen.get("tbl-cap", "")) or (),
        **{name: chosen[name] for name in (*FLAGS, "echo", "output")},
        code_fold=fold,
        code_summary=str(cell.options.get("code-summary", words_of(options)["code"])),
        subcaptions=_subcaptions(chosen, where),
        arrangement=tuple((name, json.dumps(value).strip('"')) for name, value in given.items()),
        widths=json.dumps(widths) if isinstance(widths, list) else "",
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (str(tags),),
    )


def _texts(value: Any) -> tuple[str, ...] | None:
    """A text or a list of texts as texts on one line each, None of anything else; of an empty text none."""
    items = value if isinstance(value, list) else [value] if value != "" else []
    return tuple(" ".join(item.split()) for item in items) if all(isinstance(item, str) for item in items) else None


def parts_of(options: Mapping[str, Any]) -> int:
    """How many parts with a label of their own (`fig-x-1`, `fig-x-2`, ...) a cell can have.

    Parameters
    ----------
    options : mapping
        The cell's options as written.

    Returns
    -------
    int
        As many as it has captions for; the most there may be where the parts have letters alone.
    """
    lists = [options.get(name) for name in ("fig-subcap", "tbl-subcap", "fig-cap", "tbl-cap")]
    return MOST_PARTS if True in lists else max((len(item) for item in lists if isinstance(item, list)), default=0)


def _subcaptions(chosen: Mapping[str, Any], where: str) -> tuple[str, ...]:
    """Captions of the parts; without words, letters for as many parts as there are."""
    panels = chosen.get("fig-subcap", chosen.get("tbl-subcap"))
    _require(
        panels is None or panels is True or isinstance(panels, list), where, "fig-subcap", panels, "captions or true"
    )
    return ("",) if panels is True else tuple(str(item) for item in panels or ())


def _rows_of_numbers(value: Any) -> bool:
    rows = value if isinstance(value, list) and value and isinstance(value[0], list) else [value]
    return all(isinstance(row, list) and row and all(isinstance(n, int | float) for n in row) for row in rows)


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
    unknown = [name for name in execute if name not in (*DOCUMENT_DEFAULTS, *IGNORED) and name not in CELLS_PASSED]
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
