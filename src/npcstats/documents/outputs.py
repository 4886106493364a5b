"""Turns what cells gave back into Markdown for one output format, as Quarto's divs and fences.

A picture that a cell displayed is written as a file once; which of its forms is placed depends on the format.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from npcstats.documents.cells import PLACES, CellOptions
from npcstats.documents.content import mark_shortcodes
from npcstats.documents.floats import CAPTIONED
from npcstats.documents.limits import check_outputs
from npcstats.documents.pictures import ANY_FORM
from npcstats.documents.source import INLINE, Cell, Text, fence_html_tables
from npcstats.errors import DocumentError

SUFFIXES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# a warning names the kernel's file of the cell, which has another number in every run
KERNEL_FILE = re.compile(r"\S*ipykernel_\d+\S*\.py")
BRACKETED = re.compile(r"^[<(\[].*[>)\]]$")
MATHEMATICS = re.compile(r"\s*(\$.*\$|\\begin\{.*\\end\{.*)\s*$", re.S)
FENCED_ECHO = re.compile(r"^#\|\s*echo:\s*fenced\s*$")
DRAWN = ("[<matplotlib", "<matplotlib", "<seaborn.", "<ggplot:")


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
    return mark_shortcodes(INLINE.sub(lambda found: next(remaining, found[0]), part.markdown))


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
        If a picture has no alternative text and needs one, or an output is beyond the limits.
    """
    if not options.include:
        return ""
    check_outputs(outputs, cell.fence.where)
    shown = _shown(cell, options, outputs, kind=kind, files=files, described=described)
    code = _code(cell, options, kind)
    if not shown and not code:
        return ""
    body = _floated(shown, options) if options.float_kind else _unnumbered(shown, options)
    if options.output == "asis" and not (options.float_kind or options.tbl_cap or options.arrangement):
        return f"{code}\n\n{body}"
    if options.widths:
        body = f'::::::::: {{tbl-colwidths="{options.widths}"}}\n{body}\n:::::::::'
    identity = f"#{options.label} " if options.label and not options.float_kind else ""
    return f"::::::: {{{identity}.cell}}\n{code}\n\n{body}\n\n:::::::"


def _floated(shown: Sequence[tuple[str, bool]], options: CellOptions) -> str:
    """One float of all that is shown, with parts if it has their captions; or a float for each of many captions."""
    captions, arranged = options.captions, _attributes(options.arrangement)
    if captions[1:] and not options.subcaptions and sum(display for _, display in shown) > 1:
        places = _attributes([pair for pair in options.arrangement if pair[0] in PLACES])
        floats = _parts(shown, captions, options.label, places)
        return f":::::: {{{arranged}}}\n{floats}\n::::::" if arranged else floats
    parts = _parts(shown, options.subcaptions, options.label, "") if options.subcaptions else _joined(shown)
    return _part(options.label, parts, "".join(captions[:1]), arranged)


def _unnumbered(shown: Sequence[tuple[str, bool]], options: CellOptions) -> str:
    arranged = _attributes(options.arrangement)
    body = f":::::: {{{arranged}}}\n{_joined(shown)}\n::::::" if arranged else _joined(shown)
    if not options.tbl_cap:
        return body
    said = "\n\n".join(map(_said, options.tbl_cap))
    return f":::::: {{.{CAPTIONED}}}\n{body}\n\n{said}\n::::::"


def _joined(shown: Sequence[tuple[str, bool]]) -> str:
    return "\n\n".join(made for made, _ in shown)


def _attributes(pairs: Sequence[tuple[str, str]]) -> str:
    return "".join(f' {name}="{value}"' for name, value in pairs)


def _shown(
    cell: Cell,
    options: CellOptions,
    outputs: Sequence[Mapping[str, Any]],
    *,
    kind: str,
    files: Path,
    described: bool,
) -> list[tuple[str, bool]]:
    """What is shown, and whether it is a display, which can have a caption, and not something printed."""
    outputs = [_with_mathematics(output) for output in outputs]
    pictured = any(map(_shows_picture, outputs))
    captions = () if options.float_kind else options.fig_cap
    alts = options.fig_alt * len(outputs) if len(options.fig_alt) == 1 else options.fig_alt
    shown: list[tuple[str, bool]] = []
    count = 0
    for number, output in enumerate(outputs, start=1):
        if options.output is False or _names_an_object(output, pictured):
            continue
        display = "data" in output
        caption, alt = ("".join(texts[count : count + 1]) if display else "" for texts in (captions, alts))
        caption = mark_shortcodes(caption)
        if described and not alt and _shows_picture(output):
            raise DocumentError(
                f"{cell.fence.where}: a picture has no description; `#| fig-alt` is required by PDF/UA."
            )
        name = files / f"cell-{cell.index + 1}-{number}"
        made = _output(output, options, kind=kind, name=name, caption=caption, alt=alt)
        count += display
        if made:
            shown.append((made, display))
    return shown


def _with_mathematics(output: Mapping[str, Any]) -> Mapping[str, Any]:
    """LaTeX that is mathematics is Markdown, too, as Quarto reads it."""
    data = output.get("data", {})
    if "text/markdown" in data or not MATHEMATICS.match(data.get("text/latex", "")):
        return output
    return {**output, "data": {**data, "text/markdown": data["text/latex"]}}


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


def _parts(shown: Sequence[tuple[str, bool]], captions: Sequence[str], label: str, attributes: str) -> str:
    """Each display with its own caption and identifier, `fig-x-1`, `fig-x-2`, ..."""
    out: list[str] = []
    count = 0
    for made, display in shown:
        count += display
        caption = "".join(captions[count - 1 : count])
        out.append(_part(f"{label}-{count}", made, caption, attributes) if display else made)
    return "\n\n".join(out)


def _part(name: str, content: str, caption: str, attributes: str) -> str:
    said = f"\n\n{_said(caption)}" if caption else ""
    return f"::::: {{#{name} .npcstats-float{attributes}}}\n{content}{said}\n:::::"


def _said(caption: str) -> str:
    return f":::: {{.npcstats-caption}}\n{mark_shortcodes(caption)}\n::::"


def _code(cell: Cell, options: CellOptions, kind: str) -> str:
    if options.echo is False or not cell.code.strip():
        return ""
    code = cell.code
    listed = f"#{options.lst_label} ." if options.lst_label else "."
    said = f' lst-cap="{_quoted(mark_shortcodes(options.lst_cap))}"' if options.lst_cap else ""
    if options.echo == "fenced":
        written = [line for line in cell.written if not FENCED_ECHO.match(line)]
        whole = "\n".join(("```{python}", *written, code, "```"))
        shown = _fenced(mark_shortcodes(whole), f"{{{listed}markdown .cell-code{said}}}")
    else:
        shown = _fenced(mark_shortcodes(code), f"{{{listed}python .cell-code{said}}}")
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


def _output(output: Mapping[str, Any], options: CellOptions, *, kind: str, name: Path, caption: str, alt: str) -> str:
    sort = output["output_type"]
    if sort == "stream":
        return _stream(output, options)
    if sort == "error":
        text = ANSI.sub("", "\n".join(output["traceback"]))
        text = text if kind == "html" else f"{output['ename']}: {output['evalue']}\n{text}"
        return _div(_fenced(text, ""), "cell-output cell-output-error")
    if _shows_picture(output) and not _as_html(output["data"], kind):
        placed = _picture(output["data"], name, caption, alt)
        if not options.float_kind and not caption:
            placed = _div(placed, "npcstats-picture")
        return _div(placed, "cell-output cell-output-display")
    made = _display(output["data"], kind)
    return f"{made}\n\n{caption}" if made and caption else made


def _stream(output: Mapping[str, Any], options: CellOptions) -> str:
    text = KERNEL_FILE.sub("cell", ANSI.sub("", output["text"])).rstrip("\n")
    if not text or (output["name"] == "stderr" and not options.warning):
        return ""
    if options.output == "asis" and output["name"] == "stdout":
        return mark_shortcodes(fence_html_tables(text))
    return _div(_fenced(text, ""), f"cell-output cell-output-{output['name']}")


def _as_html(data: Mapping[str, Any], kind: str) -> bool:
    html = data.get("text/html", "")
    return bool(html) and (kind == "html" or ("<table" in html.lower() and "text/markdown" not in data))


def _display(data: Mapping[str, Any], kind: str) -> str:
    if _as_html(data, kind):
        return _div(_fenced(data["text/html"].strip(), "{=html}"), "cell-output cell-output-display")
    if "text/markdown" in data:
        shown = mark_shortcodes(fence_html_tables(data["text/markdown"].strip("\n")))
        return _div(shown, "cell-output cell-output-display cell-output-markdown")
    if "text/plain" in data:
        return _div(_fenced(data["text/plain"], ""), "cell-output cell-output-display")
    return ""


def _picture(data: Mapping[str, Any], name: Path, caption: str, alt: str) -> str:
    """Markdown of a picture; every form of it is written, and each format takes the one it likes best."""
    for mime, suffix in SUFFIXES.items():
        path = name.with_suffix(f".{suffix}")
        if mime in data and not path.exists():
            path.write_bytes(data[mime].encode() if mime == "image/svg+xml" else base64.b64decode(data[mime]))
    described = f'{{fig-alt="{_quoted(mark_shortcodes(alt))}"}}' if alt else ""
    return f"![{caption}](<{name}{ANY_FORM}>){described}"


def _quoted(text: str) -> str:
    return " ".join(text.splitlines()).replace("\\", "\\\\").replace('"', '\\"')


def _div(text: str, classes: str) -> str:
    names = " ".join(f".{name}" for name in classes.split())
    colons = ":" * (3 + max((len(run) for run in re.findall(r"^\s*(:{3,})", text, re.M)), default=0))
    return f"{colons} {{{names}}}\n{text}\n{colons}"
