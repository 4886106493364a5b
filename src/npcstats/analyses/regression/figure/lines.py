"""What a forest plot says, line by line: headings, ratios with the counts of each arm, tests, reasons."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from npcstats.analyses.regression.rows import STRATIFIED, UNADJUSTED
from npcstats.display.lookup import INTERVAL, analysis_of, intervals, name_of, ordered, printed, short_arm
from npcstats.formatting import NOT_ESTIMABLE, format_percent_level
from npcstats.results import EVERYONE, Analysis, Results, Row, select

STYLE = "ratio"
ALL = "All participants"
TOGETHER = "Interaction, all arms together"
LETTERS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
HEADING_AIR = 1.4
INDENT = 2.4

Stats = Mapping[str, Row]
Contrast = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """A line of the figure: a heading, with its test if it has one, or a ratio with the counts of each arm."""

    label: str
    place: str = ""
    indent: float = 0.0
    strong: bool = False
    counts: tuple[tuple[Row, Row] | None, ...] = ()
    ratio: Stats = field(default_factory=dict)
    test: Row | None = None

    @property
    def air(self) -> float:
        """Tell what it keeps clear above itself.

        Returns
        -------
        float
            Millimetres.
        """
        return 0.0 if self.ratio or self.indent else HEADING_AIR

    @property
    def weight(self) -> str:
        """Tell the weight of its label.

        Returns
        -------
        str
            Regular or semibold.
        """
        return "semibold" if self.strong else "regular"


@dataclass(frozen=True)
class Words:
    """What is printed of a line: counts, the ratio with its limits, the letters of its reasons, the test."""

    counts: tuple[str, ...] = ()
    ratio: tuple[str, ...] = ()
    letters: str = ""
    test: str = ""


@dataclass(frozen=True)
class _Found:
    """Rows of a figure by where they stand: ratios, those of a stratified model, counts of arms, tests."""

    entry: Analysis
    arms: tuple[str, ...]
    ratios: Mapping[tuple[object, ...], Stats]
    stratified: Mapping[tuple[object, ...], Stats]
    counts: Mapping[tuple[object, ...], Stats]
    tests: Mapping[str, Row]


def lines_of(results: Results, analysis: str, contrasts: Sequence[Contrast], arms: Sequence[str]) -> list[Line]:
    """Everyone, stratified too, then each subgroup under its variable; under its contrast where there are several.

    The test of interaction is one of all arms: with one contrast it stands beside the variable, else below them all.

    Parameters
    ----------
    results : Results
        Rows of kind ``regression``.
    analysis : str
        Id.
    contrasts : sequence of (str, str)
        Arms and their references.
    arms : sequence of str
        Whose counts are shown.

    Returns
    -------
    list of Line
        From the top.
    """
    found = _find(results, analysis, arms)
    if len(contrasts) == 1:
        return _contrast_lines(found, contrasts[0], found.tests)
    lines = []
    for arm, reference in contrasts:
        lines.append(Line(f"{short_arm(results, arm)} over {short_arm(results, reference)}", strong=True))
        lines += _contrast_lines(found, (arm, reference), {})
    return lines + _test_lines(found) if found.tests else lines


def _find(results: Results, analysis: str, arms: Sequence[str]) -> _Found:
    asked = {"analysis": analysis, "block": UNADJUSTED}
    stratified = {"analysis": analysis, "block": STRATIFIED, "measure": "hazard_ratio"}
    return _Found(
        analysis_of(results, analysis),
        tuple(arms),
        intervals(results, "arm", "reference", "subgroup", **asked, measure="hazard_ratio"),
        intervals(results, "arm", "reference", **stratified),
        intervals(results, "subgroup", "arm", **asked, reference="", measure="events"),
        {row.variable: row for row in select(results, **asked, measure="interaction", stat="p_value")},
    )


def _contrast_lines(found: _Found, contrast: Contrast, tests: Mapping[str, Row]) -> list[Line]:
    """Lines of one contrast, each variable with its test if it has one."""
    arm, lines, heading = contrast[0], [], ""
    present = [str(place[2]) for place in found.ratios if place[:2] == contrast]
    for code in ordered({EVERYONE: ALL, **found.entry.labels.get("subgroup", {})}, present):
        variable = code.partition("=")[0]
        if code != EVERYONE and variable != heading:
            heading = variable
            name = name_of(found.entry, "variable", variable)
            lines.append(Line(name, f"{arm}-{variable}", strong=True, test=tests.get(variable)))
        lines.append(_ratio_line(found, contrast, code))
        if code == EVERYONE and contrast in found.stratified:
            name = found.entry.labels["block"][STRATIFIED]
            lines.append(replace(lines[-1], label=name, place=f"{arm}-{STRATIFIED}", indent=INDENT, strong=False,
                                 ratio=found.stratified[contrast]))  # fmt: skip
    return lines


def _ratio_line(found: _Found, contrast: Contrast, code: str) -> Line:
    counts = [found.counts.get((code, arm)) for arm in found.arms]
    everyone = code == EVERYONE
    return Line(
        ALL if everyone else name_of(found.entry, "subgroup", code),
        f"{contrast[0]}-{code}",
        0.0 if everyone else INDENT,
        everyone,
        tuple((rows["count"], rows["total"]) if rows else None for rows in counts),
        found.ratios[(*contrast, code)],
    )


def _test_lines(found: _Found) -> list[Line]:
    """Tests of interaction that several contrasts share, below them all."""
    codes = ordered(found.entry.labels.get("variable", {}), list(found.tests))
    lines = [
        Line(name_of(found.entry, "variable", code), f"all-{code}", INDENT, test=found.tests[code]) for code in codes
    ]
    return [Line(TOGETHER, strong=True), *lines]


def letters_of(lines: Sequence[Line]) -> dict[str, str]:
    """Reasons that rows carry, and the letter of each.

    Parameters
    ----------
    lines : sequence of Line
        From the top.

    Returns
    -------
    dict of str to str
        In the order of the lines.
    """
    rows = [row for line in lines for row in (*line.ratio.values(), *([line.test] if line.test else []))]
    reasons = dict.fromkeys(row.note for row in rows if row.note)
    return {reason: LETTERS[i % len(LETTERS)] for i, reason in enumerate(reasons)}


def words_of(results: Results, line: Line, letters: Mapping[str, str], *, beside: bool) -> Words:
    """What is printed of a line.

    Parameters
    ----------
    results : Results
        For rounding.
    line : Line
        One line.
    letters : mapping of str to str
        From `letters_of`.
    beside : bool
        Whether a test has a column of its own; else it says what it is.

    Returns
    -------
    Words
        As text.
    """
    rows = [line.test] if line.test else list(line.ratio.values())
    signs = "".join(dict.fromkeys(letters[row.note] for row in rows if row.note))
    if line.test:
        p = printed(results, line.test.value, "p_value")
        sign = "" if p.startswith("<") or math.isnan(line.test.value) else "= "
        return Words(test=p + signs if beside else f"interaction p {sign}{p}{signs}")
    if not line.ratio:
        return Words()
    counts = tuple(
        f"{printed(results, pair[0].value, 'count')} / {printed(results, pair[1].value, 'count')}" if pair else ""
        for pair in line.counts
    )
    if math.isnan(line.ratio["estimate"].value):
        return Words(counts, (NOT_ESTIMABLE,), signs)
    return Words(counts, tuple(printed(results, line.ratio[stat].value, STYLE) for stat in INTERVAL), signs)


def parts_of(words: Words) -> tuple[str, ...]:
    """The ratio in parts that stand under their like.

    Parameters
    ----------
    words : Words
        Of a line.

    Returns
    -------
    tuple of str
        Estimate, lower limit, to, upper limit; or what is printed instead.
    """
    if len(words.ratio) < len(INTERVAL):
        return words.ratio
    estimate, low, high = words.ratio
    return (estimate, f"({low}", "to", f"{high})")


def level_of(lines: Sequence[Line]) -> str:
    """The level of confidence, on a line of its own.

    Parameters
    ----------
    lines : sequence of Line
        Whose ratios.

    Returns
    -------
    str
        Empty where the limits have none, or several.
    """
    levels = {row.conf_level for line in lines for row in line.ratio.values() if not math.isnan(row.conf_level)}
    return f"\n({format_percent_level(levels.pop())} CI)" if len(levels) == 1 else ""
