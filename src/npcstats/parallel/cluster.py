"""Parts of the work on a Dask cluster that stands ready."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from distributed import Client, as_completed

from npcstats import __version__
from npcstats.errors import SpecError
from npcstats.parallel.work import Part, run_part

_SECONDS = 10


def _version() -> str:
    return __version__


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
        If there is no cluster at the address, it has no worker, or a worker has another version.
    """
    try:
        client = Client(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise SpecError(f"--cluster {address}: no scheduler answers there; a running one is required.") from error
    with client:
        _check(client, address)
        futures = client.map(run_part, parts, pure=False)
        places = {future.key: place for place, future in enumerate(futures)}
        for future in as_completed(futures, loop=client.loop):
            yield places[future.key], future.result()


def _check(client: Client, address: str) -> None:
    try:
        versions = set(client.run(_version).values())
    except (ImportError, AttributeError) as error:
        raise SpecError(
            f"--cluster {address}: its workers lack npcstats; version {__version__} there is required."
        ) from error
    if not versions:
        raise SpecError(f"--cluster {address}: it has no worker; one or more are required.")
    if versions != {__version__}:
        raise SpecError(
            f"--cluster {address}: its workers have version {', '.join(sorted(versions))}; {__version__} is required."
        )
