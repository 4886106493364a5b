"""Plan and export to a results folder: prepare the study for a session, summarize it, draw its figures, write once.

Knows which spec goes with which summary; knows no page.
"""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

import npcstats
from npcstats.analyses.accrual.summary import AccrualSpec, summarize_accrual
from npcstats.analyses.baseline.summary import BaselineSpec, summarize_baseline
from npcstats.analyses.biomarker.summary import BiomarkerSpec, summarize_biomarkers
from npcstats.analyses.conduct.completeness import CompletenessSpec, summarize_completeness
from npcstats.analyses.conduct.deviations import DeviationSpec, summarize_deviations
from npcstats.analyses.conduct.screening import ScreeningSpec, summarize_screening
from npcstats.analyses.conduct.status import StatusSpec, summarize_status
from npcstats.analyses.courses.summary import CourseSpec, build_course
from npcstats.analyses.endpoints.summary import EndpointsSpec, summarize_endpoints
from npcstats.analyses.incidence.summary import IncidenceSpec, summarize_incidence
from npcstats.analyses.listing.summary import ListingSpec, build_listing
from npcstats.analyses.regression.summary import RegressionSpec, summarize_regression
from npcstats.analyses.response.summary import (
    BestResponseSpec,
    ResponseSpec,
    summarize_best_response,
    summarize_response,
)
from npcstats.analyses.survival.summary import FollowUpSpec, SurvivalSpec, summarize_follow_up, summarize_survival
from npcstats.analyses.thresholds.summary import ThresholdSpec, assess_thresholds
from npcstats.analyses.toxicity.summary import ToxicitySpec, summarize_toxicity
from npcstats.derive import (
    Snapshot,
    arm_groups,
    assign_arms,
    at_cutoff,
    cutoff_day,
    explain_unlisted,
    last_day,
    mask_arms,
    pool_arms,
    population_members,
    withhold_unlisted,
)
from npcstats.disclosure import SmallCounts, withhold_small_counts
from npcstats.display.spec import FigureSpec
from npcstats.errors import DataError, ResultsError, SpecError
from npcstats.formatting import ROUNDINGS, Rounding, counted, format_date, format_number
from npcstats.provenance import (
    PROVENANCE,
    canonical_text,
    hash_bytes,
    hash_mask,
    hash_tree,
    package_versions,
    write_provenance,
)
from npcstats.results import EVERYONE, Analysis, Results, concat, results_text, write_listing, write_results
from npcstats.results.conventions import conventions_in_force
from npcstats.run.drawings import Drawing, drawing_means, make_figures, plan_drawing, record_figures
from npcstats.run.effects import effect_faults
from npcstats.run.freshness import Seen
from npcstats.run.mask import Mask, read_mask
from npcstats.study import STATUSES, Design, Study, read_study
from npcstats.system.folders import restrict, working_folder
from npcstats.system.interrupts import uninterrupted
from npcstats.system.programs import defined_in
from npcstats.system.workers import crew
from npcstats.wording import BREAKS_KEY, is_file_name, listed, text_faults

Spec = (
    BaselineSpec
    | ToxicitySpec
    | BiomarkerSpec
    | SurvivalSpec
    | IncidenceSpec
    | RegressionSpec
    | FollowUpSpec
    | EndpointsSpec
    | ResponseSpec
    | BestResponseSpec
    | AccrualSpec
    | StatusSpec
    | ScreeningSpec
    | DeviationSpec
    | CompletenessSpec
    | ThresholdSpec
)
ArmState = Literal["pooled", "masked", "named"]
ARM_STATES: tuple[ArmState, ...] = ("pooled", "masked", "named")
FORMATS = ("pdf", "html", "docx")
GUESSABLE = 0.05
DRAWERS = 2
EFFICACY = (SurvivalSpec, IncidenceSpec, RegressionSpec, EndpointsSpec, ResponseSpec, BestResponseSpec)
NO_SECRET = "00" * 16

SUMMARIES: dict[type, Callable[[Study, Any], Results]] = {
    BaselineSpec: summarize_baseline,
    ToxicitySpec: summarize_toxicity,
    BiomarkerSpec: summarize_biomarkers,
    SurvivalSpec: summarize_survival,
    IncidenceSpec: summarize_incidence,
    RegressionSpec: summarize_regression,
    FollowUpSpec: summarize_follow_up,
    EndpointsSpec: summarize_endpoints,
    ResponseSpec: summarize_response,
    BestResponseSpec: summarize_best_response,
    AccrualSpec: summarize_accrual,
    StatusSpec: summarize_status,
    ScreeningSpec: summarize_screening,
    DeviationSpec: summarize_deviations,
    CompletenessSpec: summarize_completeness,
}


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
    public : SmallCounts, optional
        For a session whose documents and attachments anyone may read: which counts are withheld. Without it nothing
        is, and its documents stay among those who may see every participant.
    """

    code: str
    label: str
    arms: ArmState
    cutoff: datetime.date
    interim: bool
    public: SmallCounts | None = None

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
    sessions, reports, specs, figures
        What is reported, to whom, from which analyses; all in page order.
    rounding : {"half-away", "half-even"}
        How a number is rounded when it is printed.
    snapshot : {"event-date", "event-and-entry-date"}
        What puts a record on or before the cut-off.
    interim_efficacy_by_arm : bool
        Whether an interim session may see efficacy by arm.
    seed : int
        For everything that draws random numbers.
    listings : tuple of ListingSpec and CourseSpec
        Participants one by one, for masked sessions; courses, which figures draw, for named sessions too.
    """

    design: Design
    sessions: tuple[Session, ...]
    reports: tuple[Report, ...]
    specs: tuple[Spec, ...]
    figures: tuple[FigureSpec, ...]
    rounding: Rounding
    snapshot: Snapshot
    interim_efficacy_by_arm: bool
    seed: int
    listings: tuple[ListingSpec | CourseSpec, ...] = ()

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

    def figures_of(self, session: str) -> tuple[FigureSpec, ...]:
        """Tell which figures a session has.

        Parameters
        ----------
        session : str
            Its code.

        Returns
        -------
        tuple of FigureSpec
            In page order.
        """
        return tuple(figure for figure in self.figures if session in figure.sessions)

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
    """Load the plan that a Python file defines as ``PLAN``.

    Parameters
    ----------
    path : Path
        Python file.

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
        raise SpecError(f"{path}: defines no PLAN; a npcstats.run.pipeline.Plan named PLAN is required.")
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
    faults = _name_faults(plan) + _twice("session", codes)
    faults += _twice("report", [report.name for report in plan.reports])
    faults += _twice("figure", [figure.name for figure in plan.figures])
    if plan.rounding not in ROUNDINGS:
        faults.append(f"rounding {plan.rounding!r} is not one of {', '.join(ROUNDINGS)}")
    for session in plan.sessions:
        if session.arms not in ARM_STATES:
            faults.append(f"arms {session.arms!r} of session {session.code} is not one of {', '.join(ARM_STATES)}")
    for report in plan.reports:
        if report.session not in codes:
            faults.append(f"report {report.name} is of session {report.session!r}, which does not exist")
        faults += [f"format {kind!r} of report {report.name}" for kind in report.formats if kind not in FORMATS]
        faults += [] if report.formats else [f"report {report.name} has no format, so nothing is made of it"]
        faults += _twice(f"report {report.name}: format", list(report.formats))
    for spec in plan.specs:
        if spec.status not in STATUSES:
            faults.append(f"status {spec.status!r} of analysis {spec.id} is not one of {', '.join(STATUSES)}")
        faults += [f"analysis {spec.id} is for session {code!r}" for code in spec.sessions if code not in codes]
        faults += _efficacy_faults(plan, spec)
    faults += _listing_faults(plan) + _blinding_faults(plan)
    pooled = {session.code for session in plan.sessions if session.arms == "pooled"}
    by_entry = plan.snapshot == "event-and-entry-date"
    faults += effect_faults(plan.design, plan.specs, plan.listings, plan.figures, pooled, by_entry=by_entry)
    analyses = {spec.id: spec.sessions for spec in (*plan.specs, *plan.listings)}
    for figure in plan.figures:
        missing = [code for code in figure.sessions if code not in analyses.get(figure.analysis, ())]
        faults += [
            f"figure {figure.name} draws {figure.analysis!r}, which session {code!r} has not" for code in missing
        ]
    if faults:
        raise SpecError(f"plan: {'; '.join(faults)}; parts that fit together are required.")


def _listing_faults(plan: Plan) -> list[str]:
    """Faults of what shows participants one by one: never pooled, by record only masked, efficacy not in an interim."""
    states = {session.code: session.arms for session in plan.sessions}
    interim = {session.code for session in plan.sessions if session.interim}
    public = {session.code for session in plan.sessions if session.public}
    faults = _twice("analysis", [spec.id for spec in (*plan.specs, *plan.listings)])
    for listing in plan.listings:
        course = isinstance(listing, CourseSpec)
        for code in sorted(set(listing.sessions)):
            if code in public:
                faults.append(f"listing {listing.id} is for session {code!r}, which is public")
            elif course and states.get(code) not in ("masked", "named"):
                faults.append(f"course {listing.id} is for session {code!r}, whose arms are not there")
            elif course and code in interim and not plan.interim_efficacy_by_arm:
                faults.append(f"course {listing.id} shows efficacy by arm in interim session {code}, which is off")
            elif not course and states.get(code) != "masked":
                faults.append(f"listing {listing.id} is for session {code!r}, which is not masked")
    return faults


def _name_faults(plan: Plan) -> list[str]:
    """Names that could not be those of files, or would lead out of their folder; codes that would break a key."""
    named = [
        *(("session", session.code) for session in plan.sessions),
        *(("report", report.name) for report in plan.reports),
        *(("figure", figure.name) for figure in plan.figures),
        *(("analysis", spec.id) for spec in (*plan.specs, *plan.listings)),
    ]
    design = plan.design
    lists = {
        "arm": design.arms, "visit": design.visits, "population": design.populations, "period": design.periods,
        "endpoint": design.endpoints, "event": design.events,
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


def _twice(what: str, names: list[str]) -> list[str]:
    return [f"{what} {name!r} stands twice" for name in sorted({n for n in names if names.count(n) > 1})]


def _efficacy_faults(plan: Plan, spec: Spec) -> list[str]:
    if not isinstance(spec, EFFICACY) or plan.interim_efficacy_by_arm:
        return []
    shown = [s for s in plan.sessions if s.code in spec.sessions and s.interim and s.arms != "pooled"]
    return [f"analysis {spec.id} shows efficacy by arm in interim session {s.code}, which is off" for s in shown]


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


def prepare_study(
    study: Study, plan: Plan, session: str, *, cutoff: datetime.date | None = None, mask: Mask | None = None
) -> Study:
    """Bring the whole export to what a session may see.

    Parameters
    ----------
    study : Study
        As read.
    plan : Plan
        The plan.
    session : str
        Session code.
    cutoff : date, optional
        Instead of the plan's.
    mask : Mask, optional
        Needed for a masked session.

    Returns
    -------
    Study
        At its cut-off, arms named, masked or removed, and without texts that may not be printed.

    Raises
    ------
    SpecError
        If the session does not exist or its mask is missing.
    DataError
        If nobody was enrolled by the cut-off.
    """
    wanted = plan.session(session)
    known = withhold_unlisted(at_cutoff(study, cutoff or wanted.cutoff, snapshot=plan.snapshot))
    named = replace(known, session=session, rounding=plan.rounding)
    if wanted.arms == "pooled":
        return pool_arms(named)
    if wanted.arms == "named":
        return assign_arms(named)
    if mask is None:
        raise SpecError(f"mask: none is given for session {session}, whose arms are masked; a map is required.")
    return mask_arms(assign_arms(named), mask.letters)


def build_results(study: Study, plan: Plan) -> Results:
    """Summarize a prepared study by every spec of its session.

    Parameters
    ----------
    study : Study
        From `prepare_study`.
    plan : Plan
        The plan.

    Returns
    -------
    Results
        Rows in plan order; small counts withheld in a public session.

    Raises
    ------
    ResultsError
        If a pooled study gave a row by arm.
    """
    specs = [spec for spec in plan.specs if study.session in spec.sessions]
    plain = concat([SUMMARIES[type(spec)](study, spec) for spec in specs if not isinstance(spec, ThresholdSpec)])
    watched = [assess_thresholds(study, plain, spec) for spec in specs if isinstance(spec, ThresholdSpec)]
    results = explain_unlisted(concat([plain, *watched]))
    conventions = conventions_in_force(plan.rounding, results.catalogue.analyses.values())
    results = replace(results, catalogue=replace(results.catalogue, conventions=conventions))
    if not study.arms:
        check_open(results, study.design)
    public = plan.session(study.session).public
    return withhold_small_counts(results, public) if public else results


def check_open(results: Results, design: Design) -> None:
    """Refuse results that could unblind: a row by arm, a contrast, or a subgroup or variable of treatment.

    Parameters
    ----------
    results : Results
        Of an open session.
    design : Design
        Names the treatment columns.

    Raises
    ------
    ResultsError
        If there is such a row or an arm in the catalogue.
    """
    hidden = {column for columns in design.treatment_columns.values() for column in columns}
    leaks = [
        row.key
        for row in results.rows
        if row.arm != EVERYONE
        or row.reference
        or row.variable in hidden
        or any(part.split("=")[0] in hidden for part in row.subgroup.split(";"))
    ]
    if leaks or results.catalogue.arms:
        told = counted(len(leaks), "row")
        raise ResultsError(f"open session: {told} by treatment ({', '.join(leaks[:2])}); none are allowed.")


def describe_run(study: Study, plan: Plan, results: Results, prepared: Study, mask: Mask | None) -> dict[str, Any]:
    """Describe what a session's results were made from.

    Parameters
    ----------
    study : Study
        As read.
    plan : Plan
        The plan.
    results : Results
        What was made.
    prepared : Study
        The study that they were made from.
    mask : Mask or None
        Only its keyed hash is told.

    Returns
    -------
    dict
        Plain values for ``provenance.json``.
    """
    masked = results.catalogue.study["arms"] == "masked" and mask is not None
    return {
        "registry": plan.design.registry,
        "session": prepared.session,
        "cutoff": results.catalogue.study["cutoff"],
        "synthetic": study.synthetic,
        "seed": plan.seed,
        "rounding": plan.rounding,
        "snapshot": plan.snapshot,
        "results_sha256": hash_bytes(results_text(results).encode()),
        "plan_sha256": hash_bytes(canonical_text(plan).encode()),
        "code_sha256": hash_code(),
        "mask_hmac_sha256": hash_mask(mask.letters, mask.salt) if masked and mask else "",
        "masking": _masking_notice(prepared, plan) if masked else "",
        "early": _early_notice(study, prepared),
        "ahead": _ahead_notice(plan.session(prepared.session), cutoff_day(prepared).date()),
        "empty": [name for name, frame in study.frames.items() if frame.empty],
        "data_sha256": dict(sorted(study.hashes.items())),
        "versions": package_versions(study.files),
    }


def _masking_notice(study: Study, plan: Plan) -> str:
    """Words of warning where the arms' sizes, in some analysis set of the session, tell which letter is which."""
    shown = [spec for spec in (*plan.specs, *plan.listings) if study.session in spec.sessions]
    members = (population_members(study, code) for code in dict.fromkeys(spec.population for spec in shown))
    sizes = [[int(group.members.sum()) for group in arm_groups(study, inside)] for inside in members]
    difference = max(((max(arms) - min(arms)) / total for *arms, total in sizes if total), default=0.0)
    if difference <= GUESSABLE:
        return ""
    printed = format_number(difference, "percent1", rounding="half-away")
    return (
        f"The arms of an analysis set differ in size by {printed}% of its participants: who knows the sizes can tell "
        "the letters apart."
    )


def _early_notice(study: Study, prepared: Study) -> str:
    """Words of warning where nothing in the export is as late as the cut-off."""
    last = last_day(study)
    if last is None or prepared.cutoff is None or last >= prepared.cutoff:
        return ""
    return f"The export ends before the cut-off: its records reach {format_date(last)}."


def _ahead_notice(session: Session, day: datetime.date) -> str:
    """Words of warning where a session that is no interim one is made at a cut-off before its own."""
    if session.interim or day >= session.cutoff:
        return ""
    return f"The cut-off is before the one that the plan sets for this session, {format_date(session.cutoff)}."


@dataclass(frozen=True)
class Run:
    """What a run was asked for: export, plan, sessions, and what the command line overrides.

    ``study`` is the export as read, where it was needed to decide what to make; else it is read when it is made.
    ``seen`` are the hashes of all that decides the run, from before any of it was read.
    """

    data: Path
    plan: Plan
    sessions: tuple[str, ...]
    cutoff: datetime.date | None = None
    mask: Path | None = None
    study: Study | None = field(default=None, compare=False, repr=False)
    seen: Seen = field(default_factory=dict, compare=False, repr=False)


def make_results(run: Run, folder: Path, *, fonts: Path, drawn: Path | None = None) -> dict[str, dict[str, Any]]:
    """Make the results folders of a run, whole or not at all.

    Parameters
    ----------
    run : Run
        What is wanted.
    folder : Path
        Receives one folder per session; other sessions already there stay.
    fonts : Path
        Folder of the figures' fonts.
    drawn : Path, optional
        Record of the figures that earlier runs drew: one whose rows are the same is copied from there.

    Returns
    -------
    dict of str to dict
        Provenance of each session.

    Raises
    ------
    NpcstatsError
        If anything is refused; nothing in `folder` has changed then.
    """
    study = run.study or read_study(run.data, run.plan.design)
    mask = read_mask(run.mask, study) if needs_mask(run.plan, run.sessions) else None
    _check_unchanged(run, study, mask)
    bench = next(place for place in (folder, *folder.parents) if place.is_dir())
    drawings: list[tuple[str, Drawing]] = []
    told: dict[str, dict[str, Any]] = {}
    with working_folder(bench) as making, crew(DRAWERS) as hands:
        means = drawing_means(fonts, hash_code()) if run.sessions else ""
        for code in sorted(run.sessions, key=partial(_count_specs, run.plan)):
            told[code], results = _make_session(study, run, code, mask, making / code)
            kinds, place = figure_kinds(run.plan, code), making / code / "figures"
            planned = [plan_drawing(results, one, kinds, decided_by=means) for one in run.plan.figures_of(code)]
            make_figures([(one, place) for one in planned], fonts=fonts, drawn=drawn, hands=hands)
            drawings += [(code, one) for one in planned]
        hands.finish()
        described = {code: write_provenance(making / code, told[code]) for code in run.sessions}
        for code in run.sessions:
            if run.plan.session(code).restricted:
                restrict(making / code)
        with uninterrupted(*(str(folder / code) for code in run.sessions)):
            for code in run.sessions:
                _put_in_place(making / code, folder / code)
    if drawn:
        record_figures(drawn, ((one, folder / code / "figures") for code, one in drawings))
    return described


def _count_specs(plan: Plan, session: str) -> int:
    """How much there is to summarize: the largest session comes last, while figures of the others are drawn."""
    return sum(session in spec.sessions for spec in plan.specs)


def figure_kinds(plan: Plan, session: str) -> tuple[str, ...]:
    """Tell which kinds of file the figures of a session are needed in.

    Parameters
    ----------
    plan : Plan
        Its reports tell.
    session : str
        Session code.

    Returns
    -------
    tuple of str
        SVG, which every page can show; for a report in Word, which goes to a journal, PDF and PNG too.
    """
    in_word = any(report.session == session and "docx" in report.formats for report in plan.reports)
    return ("svg", "pdf", "png") if in_word else ("svg",)


@cache
def hash_code() -> str:
    """Return the hash of this package's code.

    Returns
    -------
    str
        SHA-256 over all of its modules.
    """
    return hash_tree(Path(npcstats.__file__).parent, "*.py")


def _check_unchanged(run: Run, study: Study, mask: Mask | None) -> None:
    """Refuse numbers from other bytes than those that name the run."""
    read = {study.source.resolve() / file: digest for file, digest in study.hashes.items()}
    if mask and mask.file:
        read[mask.file.resolve()] = mask.sha256
    seen = {Path(file): digest for files in run.seen.values() for file, digest in files.items()}
    changed = [path.name for path, digest in read.items() if seen.get(path, digest) != digest]
    if changed:
        raise DataError(f"{run.data}: {', '.join(changed)} changed while the run began; files that stay as they are "
                        "are required, so run it again.")  # fmt: skip


def needs_mask(plan: Plan, sessions: Iterable[str]) -> bool:
    """Tell whether sessions need the masking map: for its letters, or for the secret that numbers participants anew.

    Parameters
    ----------
    plan : Plan
        The plan.
    sessions : iterable of str
        Session codes.

    Returns
    -------
    bool
        Whether one of them is masked or shows participants one by one.
    """
    wanted = set(sessions)
    listed = {code for listing in plan.listings for code in listing.sessions}
    return any(plan.session(code).arms == "masked" for code in wanted) or bool(wanted & listed)


def _make_session(study: Study, run: Run, code: str, mask: Mask | None, folder: Path) -> tuple[dict[str, Any], Results]:
    """Write the tables of a session; what it was made from, and its results with the folder that they are in."""
    prepared = prepare_study(study, run.plan, code, cutoff=run.cutoff, mask=mask)
    results = build_results(prepared, run.plan)
    described = describe_run(study, run.plan, results, prepared, mask)
    drawn = {
        figure.name: {part: str(getattr(figure, part)) for part in ("kind", "level", "window", "minimum", "limit")}
        for figure in run.plan.figures_of(code)
    }
    results = replace(results, catalogue=replace(results.catalogue, provenance=_told(described), figures=drawn))
    (folder / "figures").mkdir(parents=True)
    listed = _write_listings(prepared, run.plan, mask, folder)
    known = {**results.catalogue.analyses, **listed}
    results = replace(results, catalogue=replace(results.catalogue, analyses=known), folder=folder)
    write_results(results, folder)
    return described, results


def _write_listings(study: Study, plan: Plan, mask: Mask | None, folder: Path) -> dict[str, Analysis]:
    """Listings of a session, in their folder; their words for the catalogue."""
    told: dict[str, Analysis] = {}
    for spec in plan.listings:
        if study.session in spec.sessions and mask is not None:
            if isinstance(spec, CourseSpec):
                listing, told[spec.id] = build_course(study, spec, mask.salt)
            else:
                listing, told[spec.id] = build_listing(study, spec, mask.salt)
            (folder / "listings").mkdir(exist_ok=True)
            write_listing(listing, folder / "listings" / f"{spec.id}.csv")
    return told


def _told(described: Mapping[str, Any]) -> dict[str, str]:
    """What the last page of a document tells of its origin."""
    versions = ", ".join(f"{name} {version}" for name, version in described["versions"].items())
    data = hash_bytes(canonical_text(described["data_sha256"]).encode())
    told = {
        "Results, hash": described["results_sha256"],
        "Data files, hash": data,
        "Plan, hash": described["plan_sha256"],
        "Code, hash": described["code_sha256"],
        "Masking map, keyed hash": described["mask_hmac_sha256"],
        "Masking": described["masking"],
        "Frames without a record": ", ".join(described["empty"]),
        "Data cut-off": described["cutoff"],
        "Cut-off of the plan": described["ahead"],
        "Export": described["early"],
        "Records by": {"event-date": "date of event", "event-and-entry-date": "dates of event and entry"}[
            described["snapshot"]
        ],
        "Random seed": str(described["seed"]),
        "Versions": versions,
    }
    return {name: text for name, text in told.items() if text}


def _put_in_place(made: Path, target: Path) -> None:
    """Replace file by file: a folder cannot be replaced in one step, and no file may be missing in between."""
    found = sorted(made.rglob("*"))
    for folder in (made, *(path for path in found if path.is_dir())):
        place = target / folder.relative_to(made)
        place.mkdir(parents=True, exist_ok=True)
        shutil.copymode(folder, place)
    files = [path.relative_to(made) for path in found if path.is_file()]
    files.sort(key=lambda file: file.name == PROVENANCE)  # it comes last, since it vouches for the others
    for file in files:
        os.replace(made / file, target / file)
    for path in sorted(target.rglob("*")):
        if path.is_file() and path.relative_to(target) not in files:
            path.unlink()


def analysis_attempts(
    plan: Plan, *, cutoff: datetime.date | None = None
) -> list[tuple[str, Callable[[Study], object]]]:
    """Name every analysis of the plan, and how it is made from the whole export, to find out whether it is refused.

    Parameters
    ----------
    plan : Plan
        The plan.
    cutoff : date, optional
        Instead of the sessions' own.

    Returns
    -------
    list of (str, callable)
        Id, and a function of the export; each analysis once for each cut-off, with named arms, since what is refused
        depends on neither names nor letters.
    """
    attempts: dict[tuple[str, datetime.date], Callable[[Study], object]] = {}
    for session in plan.sessions:
        day = cutoff or session.cutoff
        prepare = _Prepared(plan, session.code, day)
        attempts.setdefault(("the cut-off", day), prepare)
        for spec in plan.specs:
            if session.code in spec.sessions and not isinstance(spec, ThresholdSpec):
                attempts.setdefault((spec.id, day), partial(_summarized, spec, prepare))
        for listing in plan.listings:
            if session.code in listing.sessions:
                attempts.setdefault((listing.id, day), partial(_listed, listing, prepare))
    return [(name, attempt) for (name, _), attempt in attempts.items()]


@dataclass
class _Prepared:
    """A study at a cut-off with named arms; the last one asked for is kept, since many analyses ask for it."""

    plan: Plan
    session: str
    day: datetime.date
    last: tuple[Study, Study] | None = None

    def __call__(self, study: Study) -> Study:
        if self.last is None or self.last[0] is not study:
            known = at_cutoff(study, self.day, snapshot=self.plan.snapshot)
            self.last = study, assign_arms(replace(known, session=self.session, rounding=self.plan.rounding))
        return self.last[1]


def _summarized(spec: Spec, prepare: _Prepared, study: Study) -> object:
    return SUMMARIES[type(spec)](prepare(study), spec)


def _listed(spec: ListingSpec | CourseSpec, prepare: _Prepared, study: Study) -> object:
    if isinstance(spec, CourseSpec):
        return build_course(prepare(study), spec, NO_SECRET)
    return build_listing(prepare(study), spec, NO_SECRET)
