"""Parts of the work on a Dask cluster that stands ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from typing import Any

from distributed import Client, KilledWorker, as_completed

from npcstats.errors import SpecError
from npcstats.parallel.work import Part, made_with, run_part

_SECONDS = 10


def run_on_cluster(parts: Sequence[Part], address: str) -> Iterator[tuple[int, list[Any]]]:
    """Run parts on a cluster.

    Parameters
    ----------
    parts : sequence of Part
        Of the work.
    address : str
        Of its scheduler.

    Yields
    ------
    tuple of int and list
        Place of a part and what it gave, as they finish.

    Raises
    ------
    SpecError
        If there is no cluster at the address, it has no worker, a worker was made with something else than this
        process, or workers end before their part is done.
    """
    where = f"--cluster {address}"
    try:
        client = Client(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise SpecError(f"{where}: no scheduler answers there; a running one is required.") from error
    with client:
        _check(client, where)
        try:
            yield from _run(client, parts)
        except (KilledWorker, CancelledError, OSError) as error:
            raise SpecError(
                f"{where}: {parts[0].name}: workers ended, or the scheduler did, before their part was done; run it "
                "again, on workers with more memory if it happens again."
            ) from error


def _run(client: Client, parts: Sequence[Part]) -> Iterator[tuple[int, list[Any]]]:
    """What all parts share goes to each worker once."""
    (function,) = client.scatter([parts[0].function], broadcast=True, hash=False)
    futures = client.map(_run_part, [replace(part, function=_nothing) for part in parts], function=function, pure=False)
    places = {future.key: place for place, future in enumerate(futures)}
    for future in as_completed(futures, loop=client.loop):
        yield places[future.key], future.result()


def _run_part(part: Part, function: Callable[..., Any]) -> list[Any]:
    return run_part(replace(part, function=function))


def _nothing(task: Any, stream: Any) -> None:
    """Stands where the function was."""


def _check(client: Client, where: str) -> None:
    try:
        found = [*client.run(made_with).values()]
    except (ImportError, AttributeError) as error:
        here = made_with()["npcstats"]
        raise SpecError(f"{where}: its workers lack npcstats; version {here} there is required.") from error
    if not found:
        raise SpecError(f"{where}: it has no worker; one or more are required.")
    faults = sorted({fault for there in found for fault in _differences(there)})
    if faults:
        raise SpecError(f"{where}: its workers have {', '.join(faults)}; the same as here is required.")


def _differences(there: Mapping[str, str]) -> list[str]:
    return [
        "other code of npcstats" if name == "code" else f"{name} {there.get(name, '?')} for {version}"
        for name, version in made_with().items()
        if there.get(name) != version
    ]
