"""The command line of designs: boundaries and operating characteristics before a trial begins. Thin, as `cli`."""

from __future__ import annotations

from typing import Annotated

import typer

from npcstats.errors import SpecError
from npcstats.system.named import Named

SEQUENTIAL = Named("npcstats.run.commands.design", "sequential")

designs = typer.Typer(add_completion=False, help="Boundaries of a design, and what they do.")


@designs.command()
def sequential(
    looks: Annotated[str, typer.Option("--looks", help="Events at each look, the last planned: 40,80,120.")],
    alpha: Annotated[str, typer.Option("--alpha", help="Error of the first kind of each side.")],
    sides: Annotated[str, typer.Option("--sides", help="Sides of the test, 1 or 2.")],
    spending: Annotated[str, typer.Option("--spending", help="obrien-fleming, pocock, hwang-shih-decani or power.")],
    power: Annotated[str, typer.Option("--power", help="Power under the planned effect.")],
    parameter: Annotated[str | None, typer.Option("--parameter", help="Of the spending function.")] = None,
    futility: Annotated[
        str | None, typer.Option("--futility", help="Spending function of a futility that is not binding.")
    ] = None,
    futility_parameter: Annotated[str | None, typer.Option("--futility-parameter", help="Of that function.")] = None,
) -> None:
    """Boundaries that spend an error over looks, with power and expected information."""
    SEQUENTIAL(
        looks=looks,
        alpha=alpha,
        sides=sides,
        spending=spending,
        power=power,
        parameter=parameter,
        futility=futility,
        futility_parameter=futility_parameter,
    )


@designs.callback(invoke_without_command=True)
def _design(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        raise SpecError("design: no design is given; `npcstats design --help` lists those that are possible.")
