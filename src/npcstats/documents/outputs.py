"""Turns what cells gave back into Markdown for one output format, as Quarto's divs and fences.

A picture that a cell displayed is written as a file once; which of its forms is placed depends on the format.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from npcstats.documents.cells import CellOptions
from npcstats.documents.pictures import ANY_FORM
from npcstats.documents.source import INLINE, Cell, Text
from npcstats.errors import DocumentError

SUFFIXES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# a warning names the kernel's file of the cell, which has another number in every run
KERNEL_FILE = re.compile(r"\S*ipykernel_\d+\S*\.py")
BRACKETED = re.compile(r"^[<(\[].*[>)\]]$")
DRAWN = ("[<matplotlib", "<matplotlib", "<seaborn.", "<ggplot:")
PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~^$@'\"&])")


def escape_markdown(text: str) -> str:
    """A text that Pandoc's Markdown reader gives back unchanged, on one line.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text with every significant character escaped.
    """
    return PUNCTUATION.sub(r"\\\1", " ".join(text.splitlines()))


def fill_inline(part: Text, values: Sequence[str]) -> str:
    """Markdown of a part of text with its inline expressions replaced by their values.

    Parameters
    ----------
    part : Text
        The lines.
    values : sequence of str
        Markdown of each expression, in order.

    Returns
    -------
    str
        The Markdown.
    """
    remaining = iter(values)
    return INLINE.sub(lambda found: next(remaining, found[0]), part.markdown)


def cell_markdown(
    cell: Cell,
    options: CellOptions,
    outputs: Sequence[Mapping[str, Any]],
    *,
    kind: str,
    files: Path,
    described: bool = False,
) -> str:
    """Markdown of a cell: its code if echoed, then its outputs, as a numbered float if its label says so.

    Parameters
    ----------
    cell : Cell
        The cell.
    options : CellOptions
        Its decided options.
    outputs : sequence of mapping
        Notebook outputs.
    kind : str
        `typst`, `html` or `docx`.
    files : Path
        Folder for pictures.
    described : bool
        Whether a picture must have an alternative text.

    Returns
    -------
    str
        The Markdown, empty if nothing of the cell is shown.

    Raises
    ------
    DocumentError
        If a picture has no alternative text and needs one.
    """
    if not options.include:
        return ""
    if described and options.output is not False and not options.fig_alt and any(map(_shows_picture, outputs)):
        raise DocumentError(f"{cell.fence.where}: a picture has no description; `#| fig-alt` is required by PDF/UA.")
    pictured = any(map(_shows_picture, outputs))
    shown = [
        made
        for number, output in enumerate(outputs, start=1)
        if options.output is not False
        and not _names_an_object(output, pictured)
        and (made := _output(output, options, kind=kind, files=files, name=f"cell-{cell.index + 1}-{number}"))
    ]
    code = _code(cell, options, kind)
    if not shown and not code:
        return ""
    body = "\n\n".join(shown)
    if options.float_kind:
        if options.subcaptions:
            body = "\n\n".join(_panels(shown, options))
        columns = "".join(f' {name}="{value}"' for name, value in options.arrangement)
        caption = f"\n\n:::: {{.npcstats-caption}}\n{options.caption}\n::::" if options.caption else ""
        body = f":::::: {{#{options.label} .npcstats-float{columns}}}\n{body}{caption}\n::::::"
    elif options.output == "asis":
        return f"{code}\n\n{body}"
    if options.widths:
        body = f'::::::::: {{tbl-colwidths="{options.widths}"}}\n{body}\n:::::::::'
    identity = f"#{options.label} " if options.label and not options.float_kind else ""
    arranged = "" if options.float_kind else "".join(f' {name}="{value}"' for name, value in options.arrangement)
    if arranged:
        body = f":::::: {{{arranged}}}\n{body}\n::::::"
    return f"::::::: {{{identity}.cell}}\n{code}\n\n{body}\n\n:::::::"


def _shows_picture(output: Mapping[str, Any]) -> bool:
    data = output.get("data", {})
    return "text/markdown" not in data and any(mime in data for mime in SUFFIXES)


def _names_an_object(output: Mapping[str, Any], pictured: bool) -> bool:
    """Whether a cell's value is only how Python names what drew a picture; Quarto leaves it out, too."""
    data = output.get("data", {})
    if output["output_type"] != "execute_result" or set(data) != {"text/plain"}:
        return False
    text = str(data["text/plain"]).strip()
    if pictured and "\n" not in text:
        return bool(BRACKETED.match(text))
    return text.startswith(DRAWN)


def _panels(shown: Sequence[str], options: CellOptions) -> list[str]:
    """Each output with its own caption and identifier, `fig-x-1`, `fig-x-2`, ..."""
    out = []
    for i, (made, caption) in enumerate(zip(shown, options.subcaptions, strict=False), start=1):
        said = f"\n:::: {{.npcstats-caption}}\n{caption}\n::::" if caption else ""
        out.append(f"::::: {{#{options.label}-{i} .npcstats-float}}\n{made}\n{said}\n:::::")
    return out


def _code(cell: Cell, options: CellOptions, kind: str) -> str:
    if options.echo is False or not cell.code.strip():
        return ""
    code = cell.code
    if options.echo == "fenced":
        shown = _fenced(f"```{{python}}\n{code}\n```", "{.markdown .cell-code}")
    else:
        shown = _fenced(code, "{.python .cell-code}")
    if kind != "html" or options.code_fold is False:
        return shown
    opened = " open" if options.code_fold == "show" else ""
    return (
        f'```{{=html}}\n<details{opened} class="code-fold"><summary>\n```\n\n{options.code_summary}\n\n'
        f"```{{=html}}\n</summary>\n```\n\n{shown}\n\n```{{=html}}\n</details>\n```"
    )


def _fenced(text: str, attributes: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence} {attributes}\n{text}\n{fence}" if attributes else f"{fence}\n{text}\n{fence}"


def _output(output: Mapping[str, Any], options: CellOptions, *, kind: str, files: Path, name: str) -> str:
    sort = output["output_type"]
    if sort == "stream":
        return _stream(output, options)
    if sort == "error":
        text = ANSI.sub("", "\n".join(output["traceback"]))
        text = text if kind == "html" else f"{output['ename']}: {output['evalue']}\n{text}"
        return _div(_fenced(text, ""), "cell-output cell-output-error")
    return _display(output["data"], options, kind=kind, files=files, name=name)


def _stream(output: Mapping[str, Any], options: CellOptions) -> str:
    text = KERNEL_FILE.sub("cell", ANSI.sub("", output["text"])).rstrip("\n")
    if not text or (output["name"] == "stderr" and not options.warning):
        return ""
    if options.output == "asis" and output["name"] == "stdout":
        return text
    return _div(_fenced(text, ""), f"cell-output cell-output-{output['name']}")


def _display(data: Mapping[str, Any], options: CellOptions, *, kind: str, files: Path, name: str) -> str:
    html = data.get("text/html", "")
    use_html = bool(html) and (kind == "html" or "<table" in html.lower())
    if use_html and (kind == "html" or "text/markdown" not in data):
        return _div(_fenced(html.strip(), "{=html}"), "cell-output cell-output-display")
    if "text/markdown" in data:
        return _div(data["text/markdown"].strip("\n"), "cell-output cell-output-display cell-output-markdown")
    if any(mime in data for mime in SUFFIXES):
        placed = _picture(data, options, files, name)
        if not options.float_kind and not options.fig_cap:
            placed = _div(placed, "npcstats-picture")
        return _div(placed, "cell-output cell-output-display")
    if "text/plain" in data:
        return _div(_fenced(data["text/plain"], ""), "cell-output cell-output-display")
    return ""


def _picture(data: Mapping[str, Any], options: CellOptions, files: Path, name: str) -> str:
    """Markdown of a picture; every form of it is written, and each format takes the one it likes best."""
    for mime, suffix in SUFFIXES.items():
        path = files / f"{name}.{suffix}"
        if mime in data and not path.exists():
            path.write_bytes(data[mime].encode() if mime == "image/svg+xml" else base64.b64decode(data[mime]))
    caption = options.fig_cap if not options.float_kind else ""
    alt = f'{{fig-alt="{_quoted(options.fig_alt)}"}}' if options.fig_alt else ""
    return f"![{caption}](<{files / name}{ANY_FORM}>){alt}"


def _quoted(text: str) -> str:
    return " ".join(text.splitlines()).replace("\\", "\\\\").replace('"', '\\"')


def _div(text: str, classes: str) -> str:
    names = " ".join(f".{name}" for name in classes.split())
    colons = ":" * (3 + max((len(run) for run in re.findall(r"^\s*(:{3,})", text, re.M)), default=0))
    return f"{colons} {{{names}}}\n{text}\n{colons}"
