"""The statistical analysis plan as values, and whether its parts fit together."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from npcstats.analyses.kind import Spec
from npcstats.choices import repeat_faults
from npcstats.derive import (
    Snapshot,
)
from npcstats.disclosure import SmallCounts
from npcstats.display.quotes import Quote
from npcstats.display.specs import Figure, Table
from npcstats.errors import SpecError
from npcstats.formatting import ROUNDINGS, Rounding
from npcstats.run.displays import display_faults
from npcstats.run.effects import effect_faults
from npcstats.run.registry import kind_of
from npcstats.study import STATUSES, Design
from npcstats.system.programs import defined_in
from npcstats.wording import BREAKS_KEY, is_file_name, listed, text_faults

ArmState = Literal["pooled", "masked", "named"]


ARM_STATES: tuple[ArmState, ...] = ("pooled", "masked", "named")


FORMATS = ("pdf", "html", "docx")


Definitions = Literal["each", "once"]


DEFINITIONS: tuple[Definitions, ...] = ("each", "once")


@dataclass(frozen=True)
class Session:
    """A view of the trial: who may see what, as of when.

    Parameters
    ----------
    code, label : str
        Name of its results folder, and the words printed on every page.
    arms : {"pooled", "masked", "named"}
        Whether treatment is removed, relabelled or shown.
    cutoff : date
        Last day that counts, unless the command line names another.
    interim : bool
        Whether efficacy by arm stays out unless the plan turns it on.
    numbered : bool
        Whether captions carry the numbers that tables and figures have in a final report by ICH E3.
    public : SmallCounts, optional
        For a session whose documents and attachments anyone may read: which counts are withheld. Without it nothing
        is, and its documents stay among those who may see every participant.
    unmasks : bool
        Whether it tells which letter is which arm: it is made when asked for by ``npcstats unmask``, and never else.
    definitions : {"each", "once"}
        Whether every note tells all that it rests on, or what many say stands in one table of the document.
    """

    code: str
    label: str
    arms: ArmState
    cutoff: datetime.date
    interim: bool
    numbered: bool
    public: SmallCounts | None = None
    unmasks: bool = False
    definitions: Definitions = "each"

    @property
    def restricted(self) -> bool:
        """Whether its files are their owner's only: arms are seen, masked or named, and no small count is withheld.

        Returns
        -------
        bool
            False for a pooled and for a public session.
        """
        return self.arms != "pooled" and self.public is None


@dataclass(frozen=True)
class Report:
    """A document: the stem of its source, the session it reports, its formats."""

    name: str
    session: str
    formats: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The statistical analysis plan as values.

    Parameters
    ----------
    design : Design
        The trial.
    sessions, reports, specs, tables, figures
        What is reported, to whom, from which analyses, and how it is shown; all in page order.
    rounding : {"half-away", "half-even"}
        How a number is rounded when it is printed.
    snapshot : {"event-date", "event-and-entry-date"}
        What puts a record on or before the cut-off.
    interim_efficacy_by_arm : bool
        Whether an interim session may see efficacy by arm.
    seed : int
        For everything that draws random numbers.
    listings : tuple of Spec
        Participants one by one, for masked sessions; what figures draw, for named sessions too.
    quotes : tuple of Quote
        Numbers that reports call by name.
    """

    design: Design
    sessions: tuple[Session, ...]
    reports: tuple[Report, ...]
    specs: tuple[Spec, ...]
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]
    rounding: Rounding
    snapshot: Snapshot
    interim_efficacy_by_arm: bool
    seed: int
    listings: tuple[Spec, ...] = ()
    quotes: tuple[Quote, ...] = ()

    def __post_init__(self) -> None:
        """Check that the parts fit together."""
        check_plan(self)

    def session(self, code: str) -> Session:
        """Find a session by its code.

        Parameters
        ----------
        code : str
            As in the plan.

        Returns
        -------
        Session
            The session; SpecError if there is none.
        """
        found = [session for session in self.sessions if session.code == code]
        if not found:
            known = ", ".join(session.code for session in self.sessions)
            raise SpecError(f"plan: session {code!r} does not exist; one of {known} is required.")
        return found[0]

    def tables_of(self, session: str) -> tuple[Table, ...]:
        """Tell which tables a session has.

        Parameters
        ----------
        session : str
            Its code.

        Returns
        -------
        tuple of Table
            In page order.
        """
        return tuple(table for table in self.tables if session in table.sessions)

    def figures_of(self, session: str) -> tuple[Figure, ...]:
        """Tell which figures a session has.

        Parameters
        ----------
        session : str
            Its code.

        Returns
        -------
        tuple of Figure
            In page order.
        """
        return tuple(figure for figure in self.figures if session in figure.sessions)

    def quotes_of(self, session: str) -> tuple[Quote, ...]:
        """Tell which numbers the reports of a session quote.

        Parameters
        ----------
        session : str
            Its code.

        Returns
        -------
        tuple of Quote
            In the plan's order.
        """
        return tuple(told for told in self.quotes if session in told.sessions)

    def report(self, name: str) -> Report:
        """Find a report by its name.

        Parameters
        ----------
        name : str
            Stem of its source.

        Returns
        -------
        Report
            The report; SpecError if there is none.
        """
        found = [report for report in self.reports if report.name == name]
        if not found:
            known = ", ".join(report.name for report in self.reports)
            raise SpecError(f"report {name!r} is not in the plan; one of {known} is required.")
        return found[0]


def load_plan(path: Path) -> Plan:
    """Load the plan that a Python file, or a folder of them, defines as ``PLAN``.

    Parameters
    ----------
    path : Path
        Python file, or a folder with an ``__init__.py``, whose parts import each other as ``plan.PART``.

    Returns
    -------
    Plan
        The plan.

    Raises
    ------
    SpecError
        If the file is missing, cannot be run, or defines no plan.
    """
    plan = defined_in(path, "PLAN")
    if not isinstance(plan, Plan):
        raise SpecError(f"{path}: defines no PLAN; a npcstats.run.plan.Plan named PLAN is required.")
    return plan


def check_plan(plan: Plan) -> None:
    """Check that a plan's parts fit together.

    Parameters
    ----------
    plan : Plan
        To be checked.

    Raises
    ------
    SpecError
        One message that lists every fault.
    """
    unprinted = list(text_faults(plan, "", unread=("Design.sources", "Design.columns")))
    if unprinted:
        raise SpecError(
            f"plan: {listed(unprinted)}; texts of Latin, Greek and Cyrillic letters and common signs, without "
            "tabs and line breaks, are required; a source's codes say what other values of the export mean."
        )
    codes = [session.code for session in plan.sessions]
    faults = _name_faults(plan) + repeat_faults("session", codes)
    faults += repeat_faults("report", [report.name for report in plan.reports])
    if plan.rounding not in ROUNDINGS:
        faults.append(f"rounding {plan.rounding!r} is not one of {', '.join(ROUNDINGS)}")
    for session in plan.sessions:
        if session.arms not in ARM_STATES:
            faults.append(f"arms {session.arms!r} of session {session.code} is not one of {', '.join(ARM_STATES)}")
        if session.unmasks and (session.arms != "named" or session.public or not session.interim):
            faults.append(
                f"session {session.code} tells which letter is which arm, so it is an interim one, not public, "
                "with named arms"
            )
        if session.definitions not in DEFINITIONS:
            known = ", ".join(DEFINITIONS)
            faults.append(f"definitions {session.definitions!r} of session {session.code} is not one of {known}")
    for report in plan.reports:
        if report.session not in codes:
            faults.append(f"report {report.name} is of session {report.session!r}, which does not exist")
        faults += [f"format {kind!r} of report {report.name}" for kind in report.formats if kind not in FORMATS]
        faults += [] if report.formats else [f"report {report.name} has no format, so nothing is made of it"]
        faults += repeat_faults(f"report {report.name}: format", list(report.formats))
    for spec in plan.specs:
        if spec.status not in STATUSES:
            faults.append(f"status {spec.status!r} of analysis {spec.id} is not one of {', '.join(STATUSES)}")
        faults += [f"analysis {spec.id} is for session {code!r}" for code in spec.sessions if code not in codes]
        faults += _efficacy_faults(plan, spec)
    faults += _listing_faults(plan) + _blinding_faults(plan)
    pooled = {session.code for session in plan.sessions if session.arms == "pooled"}
    by_entry = plan.snapshot == "event-and-entry-date"
    faults += effect_faults(plan.design, plan.specs, plan.listings, pooled, by_entry=by_entry)
    numbered = {session.code for session in plan.sessions if session.numbered}
    faults += display_faults({"table": plan.tables, "figure": plan.figures}, (*plan.specs, *plan.listings), numbered)
    faults += _quote_faults(plan)
    if faults:
        raise SpecError(f"plan: {'; '.join(faults)}; parts that fit together are required.")


def _quote_faults(plan: Plan) -> list[str]:
    """Quotes of one name, those for no session, and those of analyses that a session has not."""
    sessions = {spec.id: spec.sessions for spec in plan.specs}
    faults = repeat_faults("quote", [told.name for told in plan.quotes])
    faults += [f"quote {told.name} is for no session, so it is not made" for told in plan.quotes if not told.sessions]
    return faults + [
        f"quote {told.name} is of {told.analysis!r}, which session {code!r} has not"
        for told in plan.quotes
        for code in told.sessions
        if code not in sessions.get(told.analysis, ())
    ]


def _listing_faults(plan: Plan) -> list[str]:
    """Faults of what shows participants one by one: never pooled, by record only masked, efficacy not in an interim."""
    states = {session.code: session.arms for session in plan.sessions}
    interim = {session.code for session in plan.sessions if session.interim}
    public = {session.code for session in plan.sessions if session.public}
    faults = repeat_faults("analysis", [spec.id for spec in (*plan.specs, *plan.listings)])
    for listing in plan.listings:
        kind = kind_of(listing)
        for code in sorted(set(listing.sessions)):
            if code in public:
                faults.append(f"listing {listing.id} is for session {code!r}, which is public")
            elif states.get(code) not in kind.record_arms:
                allowed = " or ".join(kind.record_arms)
                faults.append(f"listing {listing.id} is for session {code!r}, whose arms are not {allowed}")
            elif kind.efficacy and code in interim and not plan.interim_efficacy_by_arm:
                faults.append(f"listing {listing.id} shows efficacy by arm in interim session {code}, which is off")
    return faults


def _name_faults(plan: Plan) -> list[str]:
    """Names that could not be those of files, or would lead out of their folder; codes that would break a key."""
    named = [
        *(("session", session.code) for session in plan.sessions),
        *(("report", report.name) for report in plan.reports),
        *(("table", table.name) for table in plan.tables),
        *(("figure", figure.name) for figure in plan.figures),
        *(("analysis", spec.id) for spec in (*plan.specs, *plan.listings)),
    ]
    design = plan.design
    lists = {
        "arm": design.arms, "visit": design.visits, "population": design.populations, "period": design.periods,
        "endpoint": design.endpoints, "event": design.kinds,
    }  # fmt: skip
    coded = [
        *((what, str(getattr(item, "code", ""))) for what, items in lists.items() for item in items),
        *((f"{f.name}.{c.name}", level) for f in design.frames for c in f.columns for level in c.levels),
    ]
    return [
        *(f"name {name!r} of a {what} is not of letters, digits, hyphens" for what, name in named
          if not is_file_name(name)),
        *(f"{code!r} of {what} has a quote or bar, which would break a key" for what, code in coded
          if BREAKS_KEY.search(code)),
    ]  # fmt: skip


def _efficacy_faults(plan: Plan, spec: Spec) -> list[str]:
    if not kind_of(spec).efficacy or plan.interim_efficacy_by_arm or _of_harm(plan.design, spec):
        return []
    shown = [s for s in plan.sessions if s.code in spec.sessions and s.interim and s.arms != "pooled"]
    return [f"analysis {spec.id} shows efficacy by arm in interim session {s.code}, which is off" for s in shown]


def _of_harm(design: Design, spec: Spec) -> bool:
    """Whether all endpoints of an entry are of adverse events alone."""
    named = [getattr(item, "endpoint", "") for item in (spec, getattr(spec, "outcome", None))]
    codes = {*named, *getattr(spec, "endpoints", ())} - {""}
    return bool(codes) and codes <= {item.code for item in design.endpoints if design.is_harm(item)}


def _blinding_faults(plan: Plan) -> list[str]:
    """Analyses of sets that look at a treatment column, in sessions from which it is removed."""
    hidden = set(plan.design.treatment_columns.get("adsl", ()))
    telling = {item.code for item in plan.design.populations if hidden & {*item.without}}
    blind = {session.code for session in plan.sessions if session.arms != "named"}
    return [
        f"analysis {spec.id} is of population {spec.population}, which looks at treatment, in session {code}"
        for spec in plan.specs
        for code in spec.sessions
        if spec.population in telling and code in blind
    ]
