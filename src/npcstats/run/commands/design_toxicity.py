"""Designs that watch a rate, in the terminal and from no data: ``design toxicity`` and ``design simon``."""

from __future__ import annotations

from collections.abc import Sequence

from npcstats.errors import SpecError
from npcstats.estimators.toxicity_rules import (
    ToxicityRule,
    TwoStage,
    beta_binomial_rule,
    boin_limits,
    characterize_by_simulation,
    enumerate_rule,
    find_two_stage,
    monte_carlo_errors,
    repeated_test_rule,
)
from npcstats.formatting import format_number
from npcstats.run.commands.design import console, number_of, print_table


def toxicity(
    *,
    looks: str,
    limit: str,
    prior: str | None,
    threshold: str | None,
    alpha: str | None,
    shape: str | None,
    rates: str,
    trials: str,
    seed: str,
) -> None:
    """Print a rule that stops for toxicity: its limits look by look, and what it does under true rates.

    Parameters
    ----------
    looks : str
        Participants at each look, separated by commas, or ``STEP:LAST`` for a look after every so many.
    limit : str
        Rate that is still acceptable.
    prior, threshold : str, optional
        Of a rule by posterior probability: parameters of the beta prior, and the probability that stops.
    alpha, shape : str, optional
        Of a rule by repeated tests: the error over all looks, and the shape of the boundary.
    rates : str
        True rates, separated by commas.
    trials, seed : str
        Trials simulated at each rate, 0 for none, and the seed of their random numbers.

    Raises
    ------
    SpecError
        If something is no number or out of range, or no rule or two are described.
    """
    rate, sizes, true = number_of("--limit", limit), _looks(looks), _numbers("--rates", rates)
    drawn, start = _whole("--trials", trials), _whole("--seed", seed)
    wrong = [one for one in true if not 0 <= one <= 1]
    if wrong:
        raise SpecError(f"--rates {wrong[0]:g}: numbers from 0 to 1 are required.")
    rule, words = _rule(sizes, rate, prior, threshold, alpha, shape)
    print_table(["Participants", "Stop from", "%"], [_limit_line(*at) for at in zip(sizes, rule.limits, strict=True)])
    console.print(words)
    _print_characteristics(rule, true, drawn, start)
    console.print(
        "By enumeration of all outcomes, each participant observed at once; the trial ends with the last look."
    )


def _rule(
    looks: Sequence[int], rate: float, prior: str | None, threshold: str | None, alpha: str | None, shape: str | None
) -> tuple[ToxicityRule, str]:
    """The rule that is described, and its sentence."""
    if prior is not None and threshold is not None and alpha is None and shape is None:
        given = _numbers("--prior", prior)
        if len(given) != 2:
            raise SpecError(f"--prior {prior}: two numbers, separated by a comma, are required.")
        sure = number_of("--threshold", threshold)
        rule = beta_binomial_rule(looks, limit=rate, prior=(given[0], given[1]), threshold=sure)
        told = f"Stop where the posterior probability of a rate above {rate:g} is {sure:g} or more, prior beta {prior}."
        return rule, told
    if alpha is not None and shape is not None and prior is None and threshold is None:
        error, form = number_of("--alpha", alpha), number_of("--shape", shape)
        told = (
            f"Repeated exact tests of a rate of {rate:g}, error {error:g} over all looks, boundary of shape {form:g}."
        )
        return repeated_test_rule(looks, limit=rate, alpha=error, shape=form), told
    raise SpecError("design toxicity: one rule is required: --prior and --threshold, or --alpha and --shape.")


def _limit_line(look: int, limit: int) -> list[str]:
    if limit > look:
        return [str(look), "–", "–"]
    return [str(look), str(limit), _told(limit / look, "percent1")]


def _print_characteristics(rule: ToxicityRule, rates: Sequence[float], trials: int, seed: int) -> None:
    """What the rule does; where trials are simulated, beside it what they did."""
    heads = ["True rate", "Stops, %", "Mean size", "Mean events", *(["Simulated, % (SE)"] if trials else [])]
    found = [enumerate_rule(rule, rate) for rate in rates]
    lines = [
        [f"{one.rate:g}", _told(one.stop, "percent1"), *(_told(value, "decimal1") for value in (
            one.expected_size, one.expected_events))]
        for one in found
    ]  # fmt: skip
    if trials:
        simulated = characterize_by_simulation(rule, rates, trials=trials, seed=seed, name="design")
        for line, one in zip(lines, simulated, strict=True):
            error, _ = monte_carlo_errors(rule, one)
            line.append(f"{_told(one.stop, 'percent1')} ({_told(error, 'percent1')})")
    print_table(heads, lines)


def alert(*, target: str, low: str, high: str) -> None:
    """Print the limits of an interval design.

    Parameters
    ----------
    target, low, high : str
        Rate aimed at, the highest that is too low, and the lowest that is too high.

    Raises
    ------
    SpecError
        If one is no number, or they do not increase.
    """
    aimed = number_of("--target", target)
    down, above = boin_limits(aimed, low=number_of("--low", low), high=number_of("--high", high))
    print_table(
        ["Target", "Raise up to", "Lower from"], [[f"{aimed:g}", _told(down, "decimal3"), _told(above, "decimal3")]]
    )


def simon(*, uninteresting: str, worthwhile: str, alpha: str, beta: str, most: str) -> None:
    """Print two-stage designs: minimax, admissible, and optimal.

    Parameters
    ----------
    uninteresting, worthwhile : str
        Response rates.
    alpha, beta : str
        Errors of the first and of the second kind.
    most : str
        Largest number of participants that is searched.

    Raises
    ------
    SpecError
        If something is no number or out of range.
    DataError
        If no design of so many participants holds both errors.
    """
    found = find_two_stage(
        number_of("--uninteresting", uninteresting), number_of("--worthwhile", worthwhile),
        alpha=number_of("--alpha", alpha), beta=number_of("--beta", beta), most=_whole("--most", most),
    )  # fmt: skip
    names = {found.minimax: "Minimax", found.optimal: "Optimal"}
    if found.minimax == found.optimal:
        names = {found.minimax: "Minimax and optimal"}
    heads = ["Design", "r1", "n1", "r", "n", "Mean size", "Stops early", "Alpha", "Power"]
    print_table(heads, [_design_line(names.get(one, "Admissible"), one) for one in found.admissible])
    console.print("Stop after n1 with r1 or fewer; with r or fewer of n the treatment is not worth more study.")
    console.print("Mean size and early stopping: at the uninteresting rate. Alpha and power are exact.")


def _design_line(name: str, one: TwoStage) -> list[str]:
    counts = [str(value) for value in (one.first_limit, one.first_size, one.limit, one.size)]
    shares = [_told(value, "p_value4") for value in (one.early_stop, one.alpha, one.power)]
    return [name, *counts, _told(one.expected_size, "decimal2"), *shares]


def _looks(text: str) -> list[int]:
    step, colon, last = text.partition(":")
    if not colon:
        return [_whole("--looks", part.strip()) for part in text.split(",")]
    each, end = _whole("--looks", step), _whole("--looks", last)
    if not 1 <= each <= end or end % each:
        raise SpecError(f"--looks {text}: a step of 1 or more and a last look that is a multiple of it are required.")
    return list(range(each, end + 1, each))


def _numbers(option: str, text: str) -> list[float]:
    return [number_of(option, part.strip()) for part in text.split(",")]


def _whole(option: str, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise SpecError(f"{option} {text}: a whole number is required.")
    return int(text)


def _told(value: float, style: str) -> str:
    return format_number(float(value), style, rounding="half-away")
