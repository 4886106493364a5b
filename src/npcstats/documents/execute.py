"""Runs a document's cells and inline code once, in order, in one Jupyter kernel over IPC.

The kernel is the Python that runs this code; no installed kernel specification is read. What comes back
are notebook outputs (MIME bundles); nothing here knows what a report looks like.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode, v4

from npcstats.errors import DocumentError
from npcstats.system.folders import working_folder
from npcstats.system.kernels import SERVER, WaitingKernel
from npcstats.system.workers import mortal_command

INLINE_MIME = "application/vnd.npcstats.inline+json"
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
KERNEL_ARGUMENTS = (
    "--HistoryManager.enabled=False",
    "--InlineBackend.figure_formats={'svg','png'}",
)
# The expressions are evaluated in the reader's namespace; a failing one reports its own position.
INLINE_PROGRAM = """\
def __npcstats_inline(functions):
    import sys
    from IPython.display import display
    found = []
    for function in functions:
        try:
            value = function()
            markdown = getattr(value, "_repr_markdown_", None)
            made = markdown() if callable(markdown) and not isinstance(value, type) else None
            made = made[0] if isinstance(made, tuple) else made
            found.append(["text", str(value)] if made is None else ["markdown", made])
        except Exception as error:
            found.append(["error", type(error).__name__ + ": " + str(error)])
            break
    display({%r: found}, raw=True)
__npcstats_inline([%s])
del __npcstats_inline
"""


@dataclass(frozen=True)
class CodeStep:
    """A cell to run; `where` names file and line; a cell that may raise has `error` set."""

    code: str
    where: str
    error: bool


@dataclass(frozen=True)
class InlineStep:
    """Expressions between two cells, each with file and line."""

    expressions: tuple[str, ...]
    where: tuple[str, ...]


@dataclass(frozen=True)
class Inline:
    """Value of an inline expression: Markdown as it is, or a plain text."""

    text: str
    is_markdown: bool


def run_steps(
    plan: Callable[[], Sequence[CodeStep | InlineStep]],
    *,
    folder: Path,
    environment: Mapping[str, str],
    figure_size: tuple[float, float],
    waiting: WaitingKernel | None = None,
) -> list[list[NotebookNode] | list[Inline]]:
    """Run the steps of a document in order.

    Parameters
    ----------
    plan : callable
        Returns the steps. It is called while the kernel starts; if it raises, nothing is run.
    folder : Path
        Working directory of the kernel.
    environment : mapping of str to str
        Variables added to the kernel's environment.
    figure_size : tuple of float
        Width and height in inches of figures that cells draw without naming a size.
    waiting : WaitingKernel, optional
        Becomes the kernel; without it one is started.

    Returns
    -------
    list
        For a CodeStep its notebook outputs, for an InlineStep its values.

    Raises
    ------
    DocumentError
        If a cell or an expression raises, or the kernel dies.
    """
    return asyncio.run(_run(plan, folder, environment, figure_size, waiting))


async def _run(
    plan: Callable[[], Sequence[CodeStep | InlineStep]],
    folder: Path,
    environment: Mapping[str, str],
    figure_size: tuple[float, float],
    waiting: WaitingKernel | None,
) -> list[list[NotebookNode] | list[Inline]]:
    with working_folder(prefix="npcstats-kernel-") as sockets:
        manager = _manager(sockets, figure_size)
        client = NotebookClient(v4.new_notebook(), km=manager, timeout=None, startup_timeout=120)
        planned = asyncio.create_task(asyncio.to_thread(plan))
        starting = asyncio.create_task(_start(client, manager, folder, {**os.environ, **environment}, waiting))
        where = str(folder)
        found: list[list[NotebookNode] | list[Inline]] = []
        try:
            steps = await planned
            await starting
            for step in steps:
                where = _where(step)
                if isinstance(step, CodeStep):
                    found.append(await _run_code(client, step))
                else:
                    found.append(await _run_inline(client, step))
        except (DeadKernelError, RuntimeError) as error:
            task = asyncio.current_task()
            if task and task.cancelling():  # told to stop, which the kernel may have followed first
                raise asyncio.CancelledError from None
            raise DocumentError(f"{where}: the kernel stopped ({error}); a cell that ends is required.") from None
        finally:
            # Ends a kernel that is still starting, too: a refused document does not wait for it.
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            await _stop(client, manager)
    return found


async def _start(
    client: NotebookClient,
    manager: AsyncKernelManager,
    folder: Path,
    environment: Mapping[str, str],
    waiting: WaitingKernel | None,
) -> None:
    if waiting is None:
        await client.async_start_new_kernel(cwd=str(folder), env=dict(environment))
    else:
        own = [f"--HistoryManager.hist_file={client.ipython_hist_file}"]
        command, given = await manager.pre_start_kernel(cwd=str(folder), env=dict(environment), extra_arguments=own)
        arguments = command[command.index(SERVER) + 1 :]
        waiting.become(arguments, folder=folder, environment=environment)
        assert isinstance(manager.provisioner, LocalProvisioner)
        manager.provisioner.process, manager.provisioner.pid = waiting.process, waiting.process.pid
        manager.provisioner.pgid = waiting.process.pid  # it leads a group of its own
        await manager.post_start_kernel(**given)
    await client.async_start_new_kernel_client()


async def _stop(client: NotebookClient, manager: AsyncKernelManager) -> None:
    if manager.has_kernel:
        assert isinstance(manager.provisioner, LocalProvisioner)
        await manager.provisioner.kill()
        if manager.provisioner.process:
            manager.provisioner.process.wait()  # which the manager would look for in steps of a tenth of a second
        await manager.shutdown_kernel(now=True)
    if client.kc is not None:
        client.kc.stop_channels()


def _manager(sockets: Path, figure_size: tuple[float, float]) -> AsyncKernelManager:
    """A manager for this Python; its sockets are files in a short folder, since their paths have a length limit."""
    over_files = {"transport": "ipc", "ip": str(sockets / "k")} if os.name == "posix" else {}
    manager = AsyncKernelManager(
        kernel_name="python3", connection_file=str(sockets / "kernel.json"), shutdown_wait_time=1.0, **over_files
    )
    argv = mortal_command(SERVER, "-f", "{connection_file}", *KERNEL_ARGUMENTS)
    # Names within a drawn SVG come from its content, not from chance.
    argv.append(f"--InlineBackend.rc={{'figure.figsize': {figure_size}, 'svg.hashsalt': 'npcstats'}}")
    manager._kernel_spec = KernelSpec(argv=argv, display_name="Python", language="python")
    return manager


def _where(step: CodeStep | InlineStep) -> str:
    return step.where if isinstance(step, CodeStep) else step.where[0]


async def _run_code(client: NotebookClient, step: CodeStep) -> list[NotebookNode]:
    cell = v4.new_code_cell(step.code)
    if step.error:
        cell.metadata["tags"] = ["raises-exception"]
    await _execute(client, cell, step.where, store=True)
    return list(cell.outputs)


async def _run_inline(client: NotebookClient, step: InlineStep) -> list[Inline]:
    functions = "".join(f"lambda: ({expression}\n)," for expression in step.expressions)
    cell = v4.new_code_cell(INLINE_PROGRAM % (INLINE_MIME, functions))
    await _execute(client, cell, step.where[0], store=False)
    pairs: list[Any] = []
    for output in cell.outputs:
        pairs.extend(output.get("data", {}).get(INLINE_MIME, []))
    for (kind, text), where in zip(pairs, step.where, strict=False):
        if kind == "error":
            raise DocumentError(f"{where}: inline code raised {text}; an expression that has a value is required.")
    return [Inline(text, kind == "markdown") for kind, text in pairs]


async def _execute(client: NotebookClient, cell: NotebookNode, where: str, *, store: bool) -> None:
    client.nb.cells.append(cell)
    try:
        await client.async_execute_cell(cell, len(client.nb.cells) - 1, store_history=store)
    except CellExecutionError as error:
        raise DocumentError(
            f"{where}: the cell raised {error.ename}: {error.evalue.rstrip('.')}; a cell without error is required.\n"
            f"{ANSI.sub('', error.traceback).strip()}"
        ) from None
