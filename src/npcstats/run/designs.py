"""The command line of designs: boundaries and operating characteristics before a trial begins. Thin, as `cli`."""

from __future__ import annotations

from typing import Annotated

import typer

from npcstats.errors import SpecError
from npcstats.system.named import Named

SEQUENTIAL = Named("npcstats.run.commands.design", "sequential")
TOXICITY = Named("npcstats.run.commands.design_toxicity", "toxicity")
ALERT = Named("npcstats.run.commands.design_toxicity", "alert")
SIMON = Named("npcstats.run.commands.design_toxicity", "simon")

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
    observed: Annotated[
        str | None, typer.Option("--observed", help="Events at the looks held so far, the present one last.")
    ] = None,
    statistic: Annotated[str | None, typer.Option("--statistic", help="Z of the present look.")] = None,
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
        observed=observed,
        statistic=statistic,
    )


@designs.command()
def toxicity(
    looks: Annotated[str, typer.Option("--looks", help="Participants at each look, 10,20,30, or STEP:LAST, 10:50.")],
    limit: Annotated[str, typer.Option("--limit", help="Rate that is still acceptable.")],
    rates: Annotated[str, typer.Option("--rates", help="True rates: 0.2,0.3,0.4.")],
    prior: Annotated[str | None, typer.Option("--prior", help="Parameters of a beta prior: 0.6,1.4.")] = None,
    threshold: Annotated[str | None, typer.Option("--threshold", help="Posterior probability that stops.")] = None,
    alpha: Annotated[str | None, typer.Option("--alpha", help="Error of repeated tests over all looks.")] = None,
    shape: Annotated[str | None, typer.Option("--shape", help="0.5 is Pocock's boundary, 0 O'Brien-Fleming's.")] = None,
    trials: Annotated[str, typer.Option("--trials", help="Trials simulated at each rate; 0 for none.")] = "0",
    seed: Annotated[str, typer.Option("--seed", help="Of their random numbers.")] = "1",
) -> None:
    """A rule that stops for toxicity: limits look by look, and what it does under true rates."""
    TOXICITY(looks=looks, limit=limit, prior=prior, threshold=threshold, alpha=alpha, shape=shape, rates=rates,
             trials=trials, seed=seed)  # fmt: skip


@designs.command()
def alert(
    target: Annotated[str, typer.Option("--target", help="Rate aimed at.")],
    low: Annotated[str, typer.Option("--low", help="Highest rate that is too low.")],
    high: Annotated[str, typer.Option("--high", help="Lowest rate that is too high.")],
) -> None:
    """Limits of an interval design, as lines of alert."""
    ALERT(target=target, low=low, high=high)


@designs.command()
def simon(
    uninteresting: Annotated[str, typer.Option("--uninteresting", help="Response rate of no interest.")],
    worthwhile: Annotated[str, typer.Option("--worthwhile", help="Response rate worth more study.")],
    alpha: Annotated[str, typer.Option("--alpha", help="Error of the first kind.")],
    beta: Annotated[str, typer.Option("--beta", help="Error of the second kind.")],
    most: Annotated[str, typer.Option("--most", help="Largest number of participants searched.")] = "100",
) -> None:
    """Two-stage designs: minimax, admissible, optimal."""
    SIMON(uninteresting=uninteresting, worthwhile=worthwhile, alpha=alpha, beta=beta, most=most)


@designs.callback(invoke_without_command=True)
def _design(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        raise SpecError("design: no design is given; `npcstats design --help` lists those that are possible.")
