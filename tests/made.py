"""Results made by hand for the displays: every kind of analysis, by arm and pooled, with what goes wrong in each.

The values are invented and need no origin: tests compare what is printed or drawn with the rows themselves.
"""

from __future__ import annotations

import math
from dataclasses import replace

from npcstats.results import Analysis, Catalogue, Results, Row

ARMS = {"A": "Arm A", "B": "Arm B"}
SIZES = {"A": 120, "B": 131, "all": 251}
LEVEL = 0.95
TERMS = {
    "Gastrointestinal disorders": {
        "Mucositis oral": ((89, 31), (109, 56)),
        "Dysphagia": ((70, 41), (84, 56)),
        "Dry mouth": ((51, 3), (66, 4)),
    },
    "Injury, poisoning and procedural complications": {"Dermatitis radiation": ((81, 32), (72, 17))},
    "Investigations": {
        "Lymphocyte count decreased <LLN & worse": ((100, 74), (120, 101)),
        "Blood lactate dehydrogenase increased, of the kind with a long name": ((12, 0), (4, 0)),
        "Weight loss": ((2, 0), (0, 0)),
    },
}
VISITS = {"BL": "Baseline (pre-RT)", "MID": "Mid-RT", "EORT": "End of RT", "M3": "3 months", "M12": "12 months"}


def made_results(*, pooled: bool) -> Results:
    """Results of a trial with two arms, or of the same trial with the arms removed."""
    arms = ("all",) if pooled else ("A", "B", "all")
    makers = (
        _baseline,
        _acute,
        _late,
        _biomarkers,
        _os,
        _pfs,
        _accrual,
        _status,
        _screening,
        _completeness,
        _watches,
        _response,
    )
    rows: list[Row] = []
    analyses = {}
    for maker in makers:
        name, entry, made = maker(arms)
        analyses[name] = entry
        rows += made
    study = {
        "registry": "NCT00000000",
        "title": "A trial",
        "short_title": "A trial",
        "cutoff": "2027-06-30",
        "cutoff_text": "30 June 2027",
        "session": "open" if pooled else "closed",
        "arms": "pooled" if pooled else "masked",
        "rounding": "half-away",
        "synthetic": "yes",
    }
    populations = {"SAF": "Safety set: at least one fraction or one dose.", "ENRL": "All enrolled participants."}
    return Results(tuple(rows), Catalogue(study, {} if pooled else ARMS, populations, analyses))


def _interval(template: Row, estimate: float, half: float, note: str = "") -> list[Row]:
    values = {"estimate": estimate, "ci_low": estimate - half, "ci_high": estimate + half}
    return [
        replace(template, stat=stat, value=v, conf_level=LEVEL, note=note if math.isnan(v) else "")
        for stat, v in values.items()
    ]


def _limits(template: Row, values: tuple[float, float, float], note: str) -> list[Row]:
    pairs = zip(("estimate", "ci_low", "ci_high"), values, strict=True)
    return [replace(template, stat=s, value=v, conf_level=LEVEL, note=note if math.isnan(v) else "") for s, v in pairs]


def _share(template: Row, count: int, total: int) -> list[Row]:
    estimate = count / total if total else math.nan
    note = "" if total else "Nobody is in the denominator."
    return [
        replace(template, stat="count", value=float(count)),
        replace(template, stat="total", value=float(total)),
        replace(template, stat="estimate", value=estimate, note=note),
    ]


def _of(counts: tuple[int, int], arm: str) -> int:
    return sum(counts) if arm == "all" else counts[0] if arm == "A" else counts[1]


def _baseline(arms: tuple[str, ...]) -> tuple[str, Analysis, list[Row]]:
    start = Row("baseline", "SAF", "participants", "count", 0.0)
    rows: list[Row] = []
    for arm in arms:
        size = SIZES[arm]
        named = replace(start, arm=arm)
        rows.append(replace(named, value=float(size)))
        for block, variable, lost, middle in (
            ("Demographics", "AGE", 0, 49.0),
            ("Demographics", "CCI", 3, 1.25),
            ("Disease", "EBV", size, 0),
        ):
            place = replace(named, block=block, variable=variable)
            rows += [replace(place, measure="observed", value=float(size - lost))]
            rows += [replace(place, measure="missing", value=float(lost))]
            shift = 0.5 if arm == "A" else 0.0
            gone = lost == size
            for measure, value in (
                ("mean", middle),
                ("std_deviation", 11.04),
                ("median", middle + shift),
                ("first_quartile", middle - 8.35),
                ("third_quartile", middle + 57.25),
            ):
                note = "Fewer than 5 participants have a value." if gone else ""
                rows.append(
                    replace(place, measure=measure, stat="estimate", value=math.nan if gone else value, note=note)
                )
        for variable, counts in (
            ("SEX", {"M": (88, 97), "F": (31, 34)}),
            ("STAGE9", {"IA": (0, 0), "IB": (9, 13), "II": (51, 47), "III": (60, 71)}),
        ):
            place = replace(named, block="Demographics" if variable == "SEX" else "Disease", variable=variable)
            known = sum(_of(c, arm) for c in counts.values())
            rows += [replace(place, measure="observed", value=float(known))]
            rows += [replace(place, measure="missing", value=float(size - known))]
            for level, pair in counts.items():
                rows += _share(replace(place, measure="proportion", level=level), _of(pair, arm), known)
    if len(arms) > 1:
        for block, variable, value in (
            ("Demographics", "AGE", 0.048),
            ("Demographics", "CCI", -0.125),
            ("Demographics", "SEX", -0.004),
            ("Disease", "STAGE9", 0.21),
            ("Disease", "EBV", math.nan),
        ):
            note = "No arm has a value." if math.isnan(value) else ""
            place = replace(start, arm="A", reference="B", block=block, variable=variable)
            rows.append(replace(place, measure="smd", stat="estimate", value=value, note=note))
    levels = {"SEX=M": "Male", "SEX=F": "Female", **{f"STAGE9={s}": f"Stage {s}" for s in ("IA", "IB", "II", "III")}}
    sentences = {"denominator": "Percentages are of participants with a value.", "method": "Quartiles are of type 2."}
    labels = {
        "block": {"Demographics": "Demographics", "Disease": "Disease"},
        "variable": {
            "AGE": "Age",
            "SEX": "Sex",
            "CCI": "Comorbidity (Charlson)",
            "STAGE9": "Stage, version 9",
            "EBV": "EBV DNA",
        },
        "level": levels,
    }
    choices = {
        "show.AGE": "median",
        "style.AGE": "decimal0",
        "show.CCI": "mean",
        "style.CCI": "decimal2",
        "show.EBV": "median",
        "style.EBV": "decimal0",
    }
    entry = Analysis("Baseline characteristics", "baseline", "planned", "SAF", sentences, choices, labels,
                     {"AGE": "years", "EBV": "copies/mL × 10³"})  # fmt: skip
    return "baseline", entry, rows


def _toxicity_rows(name: str, window: str, arms: tuple[str, ...], lost: dict[str, int]) -> list[Row]:
    start = Row(name, "SAF", "participants", "count", 0.0, window=window)
    rows: list[Row] = []
    for arm in arms:
        named = replace(start, arm=arm, value=float(SIZES[arm]))
        total = SIZES[arm] - lost[arm]
        rows.append(named)
        rows += [
            replace(named, measure="observed", stat=s, value=float(v))
            for s, v in (("count", total), ("total", SIZES[arm]))
        ]
        rows.append(replace(named, measure="not_evaluable", level="window-open", value=float(lost[arm])))
    places = [("all", "all", ((118, 88), (128, 109)))]
    for block, terms in TERMS.items():
        places.append((block, "all", next(iter(terms.values()))))
        places += [(block, term, counts) for term, counts in terms.items()]
    for block, variable, (first, second) in places:
        for arm in arms:
            total = SIZES[arm] - lost[arm]
            for grade in (0, 1):
                level = f"grade>={grade + 2}"
                count = min(_of((first[grade], second[grade]), arm), total)
                place = replace(start, arm=arm, block=block, variable=variable, level=level, measure="risk")
                rows += _share(place, count, total)[:2]
                rows += _limits(
                    place, (count / total, max(0.0, count / total - 0.08), min(1.0, count / total + 0.08)), ""
                )
        if len(arms) > 1:
            for grade in (0, 1):
                place = replace(
                    start, arm="A", reference="B", block=block, variable=variable, level=f"grade>={grade + 2}"
                )
                rows += _interval(
                    replace(place, measure="risk_difference"), first[grade] / 120 - second[grade] / 131, 0.112
                )
    return rows


def _toxicity(name: str, windows: dict[str, str], rows: list[Row]) -> tuple[str, Analysis, list[Row]]:
    sentences = {
        "scale": "Participants by worst grade (CTCAE 5.0).",
        "population": "Safety set: at least one fraction or one dose.",
        **{f"period.{code}": f"{label}: a period of 90 days." for code, label in windows.items()},
        "interval": "Limits of a risk: Clopper–Pearson.",
        "difference": "Limits of a risk difference: Newcombe.",
        "adjustment": "Not adjusted for baseline differences.",
    }
    labels = {
        "block": {"all": "Any adverse event"} | {block: block for block in TERMS},
        "variable": {"all": "Any term"} | {term: term for terms in TERMS.values() for term in terms},
        "level": {f"grade>={g}": f"Grade ≥ {g}" for g in (1, 2, 3)},
        "window": windows,
    }
    return name, Analysis("Adverse events", "toxicity", "planned", "SAF", sentences, {}, labels), rows


def _acute(arms: tuple[str, ...]) -> tuple[str, Analysis, list[Row]]:
    rows = _toxicity_rows("ae-acute", "acute", arms, {"A": 0, "B": 0, "all": 0})
    return _toxicity("ae-acute", {"acute": "Acute"}, rows)


def _late(arms: tuple[str, ...]) -> tuple[str, Analysis, list[Row]]:
    rows = _toxicity_rows("ae-late", "late-incident", arms, {"A": 12, "B": 20, "all": 32})
    rows += _toxicity_rows("ae-late", "late-prevalent", arms, {"A": 0, "B": 3, "all": 3})
    return _toxicity("ae-late", {"late-incident": "Incident", "late-prevalent": "Prevalent"}, rows)


def _biomarkers(arms: tuple[str, ...]) -> tuple[str, Analysis, list[Row]]:
    start = Row("biomarkers", "SAF", "participants", "count", 0.0)
    rows = [replace(start, arm=arm, value=float(SIZES[arm])) for arm in arms]
    course = {"BL": 1.0, "MID": 0.31, "EORT": 0.24, "M3": 0.52, "M12": 0.81}
    for variable, scale, size in (("ALC", "log", 1.52), ("HGB", "identity", 13.4), ("EBVDNA", "detectable", 0.6)):
        for i, (window, factor) in enumerate(course.items()):
            place = replace(start, block="Blood", variable=variable, window=window)
            for j, arm in enumerate(arms):
                count = SIZES[arm] - 11 * i
                named = replace(place, arm=arm)
                rows += [replace(named, measure="observed", level="value", stat=s, value=float(v))
                         for s, v in (("count", count), ("total", SIZES[arm]))]  # fmt: skip
                if i and scale != "detectable":
                    rows += [replace(named, measure="observed", level="change", stat=s, value=float(v))
                             for s, v in (("count", count - 3), ("total", SIZES[arm]))]  # fmt: skip
                if scale == "detectable":
                    hits = int(count * size * factor)
                    share = replace(named, measure="proportion", level="detectable")
                    rows += _share(share, hits, count)[:2] + _interval(share, hits / count, 0.05)
                    if i:
                        rows += [replace(named, measure="observed", level="paired", stat=s, value=float(v))
                                 for s, v in (("count", count - 3), ("total", SIZES[arm]))]  # fmt: skip
                        rows += _interval(
                            replace(named, measure="share_change", level="detectable"), size * factor - size, 0.06
                        )
                    continue
                location = "geometric_mean" if scale == "log" else "mean"
                value = size * factor * (1 + 0.1 * j) if scale == "log" else size - 3 * (1 - factor) - 0.3 * j
                lost = window == "M12" and arm == "B"
                rows += _interval(
                    replace(named, measure=location), math.nan if lost else value, 0.08 * value, "One value."
                )
                rows += [
                    replace(named, measure=measure, stat="estimate", value=value * share)
                    for measure, share in (("median", 0.98), ("first_quartile", 0.8), ("third_quartile", 1.2))
                ]
                if i:
                    change = "change_ratio" if scale == "log" else "change"
                    shift = factor if scale == "log" else -3 * (1 - factor)
                    rows += _interval(replace(named, measure=change), math.nan if lost else shift, 0.05, "One pair.")
            if len(arms) > 1 and scale == "detectable":
                contrast = replace(place, arm="A", reference="B", level="detectable")
                rows += _interval(replace(contrast, measure="risk_difference"), 0.01 * i, 0.11)
            if len(arms) > 1 and i and scale != "detectable":
                contrast = replace(place, arm="A", reference="B")
                measure = "geometric_mean_ratio" if scale == "log" else "mean_difference"
                rows += _interval(
                    replace(contrast, measure=measure), math.nan if window == "M12" else 0.9, 0.11, "One pair."
                )
    labels = {
        "block": {"Blood": "Blood"},
        "variable": {"ALC": "Lymphocyte count", "HGB": "Hemoglobin", "EBVDNA": "EBV DNA"},
        "window": VISITS,
    }
    choices = {
        "baseline": "BL",
        "scale.ALC": "log",
        "scale.HGB": "identity",
        "scale.EBVDNA": "detectable",
        "style.ALC": "decimal2",
        "style.HGB": "decimal1",
    }
    sentences = {
        "population": "Safety set: at least one fraction or one dose.",
        "method": "Geometric means with t intervals.",
        "interval.log": "Limits of a geometric mean: t intervals on the logarithms.",
        "interval.detectable": "Limits of the detectable share: Clopper–Pearson.",
        "change.share": "Limits of the change of a share: Newcombe, paired.",
    }
    units = {"ALC": "10⁹/L", "HGB": "g/dL", "EBVDNA": ""}
    return "biomarkers", Analysis("Biomarkers", "biomarker", "planned", "SAF", sentences, choices, labels, units), rows


def _survival(name: str, code: str, label: str, arms: tuple[str, ...], pace: float) -> tuple[str, Analysis, list[Row]]:
    start = Row(name, "SAF", "participants", "count", 0.0, variable=code)
    rows: list[Row] = []
    for j, arm in enumerate(arms):
        named = replace(start, arm=arm)
        rows.append(replace(named, value=float(SIZES[arm])))
        rows += [
            replace(named, measure="events", stat=s, value=float(v))
            for s, v in (("count", 9 + j), ("total", SIZES[arm]))
        ]
        for time, value in ((12.0, 1 - pace), (24.0, math.nan)):
            reason = "Fewer than 10 participants are at risk at that time."
            rows += _interval(replace(named, measure="survival", time=time), value, 0.05, reason)
        reason = "The curve or its limit does not reach one half."
        low = 30.5 if arm == "A" else math.nan
        median = replace(named, measure="median_survival")
        rows += _limits(median, (34.2 if arm == "A" else math.nan, low, math.nan), reason)
        for level, value in (("0.25", 8.1), ("0.5", 14.84), ("0.75", 21.0)):
            rows += _interval(replace(named, measure="follow_up", level=level), value + j, 0.9)
        for k in range(12 - 2 * j):
            time = 0.0 if k == 0 else 2.3 * k + 0.4 * j
            step = replace(named, measure="survival_curve", time=time)
            value = 1.0 - pace * k / 10 - 0.01 * j
            rows += _limits(
                step, (1.0, 1.0, 1.0) if k == 0 else (value, value - 0.02 * k, min(1.0, value + 0.01 * k)), ""
            )
        rows += [replace(named, measure="censored_curve", time=1.1 + 1.7 * k + 0.3 * j, value=1.0) for k in range(11)]
        rows += [replace(named, measure="at_risk", time=6.0 * k, value=float(SIZES[arm] - 27 * k)) for k in range(5)]
    if len(arms) > 1:
        test = replace(start, arm="all", measure="logrank")
        rows += [replace(test, stat=s, value=v) for s, v in (("statistic", 13.1), ("df", 1.0), ("p_value", 0.0003))]
    sentences = {
        "definition": f"{label}: time to the event.",
        "population": "Safety set: at least one fraction or one dose.",
        "method": "Kaplan–Meier estimates with pointwise limits.",
        "limit": "Nothing is estimated beyond the last time with 10 at risk.",
    }
    labels = {"variable": {code: label}, "measure": {"logrank": "Log-rank test"}}
    return name, Analysis(label, "survival", "post hoc", "SAF", sentences, {}, labels, {code: "months"}), rows


def _os(arms: tuple[str, ...]) -> tuple[str, Analysis, list[Row]]:
    return _survival("os", "OS", "Overall survival", arms, 0.1)


def _pfs(arms: tuple[str, ...]) -> tuple[str, Analysis, list[Row]]:
    return _survival("pfs", "PFS", "Progression-free survival", arms, 0.3)


def _accrual(arms: tuple[str, ...]) -> tuple[str, Analysis, list[Row]]:
    start = Row("accrual", "ENRL", "enrolled", "count", 251.0, variable="ENRL")
    rows = [start, replace(start, stat="total", value=500.0)]
    rows += [replace(start, time=float(t), value=float(min(251, 13 * t))) for t in range(20)]
    plan = replace(start, measure="expected_enrolled")
    rows += [replace(plan, time=t, value=v) for t, v in ((0.0, 0.0), (6.0, 54.0), (36.0, 500.0))]
    entry = Analysis("Accrual", "accrual", "planned", "ENRL", {"method": "Planned: straight lines."}, {},
                     {"variable": {"ENRL": "Enrolled"}})  # fmt: skip
    return "accrual", entry, rows


def _counts(
    name: str,
    label: str,
    rows: list[Row],
    blocks: dict[str, str],
    variables: dict[str, str],
    sentences: dict[str, str] | None = None,
) -> tuple[str, Analysis, list[Row]]:
    told = sentences or {"rule": "Participants with at least one."}
    labels = {"block": blocks, "variable": variables}
    entry = Analysis(label, "counts", "planned", rows[0].population, told, {}, labels)
    return name, entry, rows


def _status(arms: tuple[str, ...]) -> tuple[str, Analysis, list[Row]]:
    start = Row("status", "ENRL", "participants", "count", 0.0)
    rows = [replace(start, arm=arm, value=float(SIZES[arm])) for arm in arms]
    for block, variable, pair in (
        ("Treatment", "STARTED", (120, 131)),
        ("Treatment", "DONE", (97, 88)),
        ("Follow-up", "LOST", (2, 0)),
    ):
        for arm in arms:
            place = replace(start, arm=arm, block=block, variable=variable)
            rows += _share(replace(place, measure="proportion"), _of(pair, arm), SIZES[arm])
            if variable == "LOST":
                rows.append(replace(place, measure="records", variable="CALLS", value=float(_of((14, 9), arm))))
    return _counts("status", "Status", rows, {"Treatment": "Treatment", "Follow-up": "Follow-up"},
                   {"STARTED": "Started", "DONE": "Completed", "LOST": "Lost", "CALLS": "Calls made, n"})  # fmt: skip


def _screening(arms: tuple[str, ...]) -> tuple[str, Analysis, list[Row]]:
    start = Row("screening", "SCREENED", "participants", "count", 310.0)
    rows = [start]
    for code, count in (("INC03", 12), ("EXC01", 0)):
        rows += _share(replace(start, measure="proportion", block="Criterion not met", variable=code), count, 310)
    return _counts("screening", "Screening", rows, {"Criterion not met": "Criterion not met"},
                   {"INC03": "Age 18 or older", "EXC01": "Metastasis"})  # fmt: skip


MEASURED = {"median": "Lag", "overdue": "Overdue: due more than 30 days ago",
            "recently_due": "Not yet entered: due in the last 30 days"}  # fmt: skip


def _completeness(arms: tuple[str, ...]) -> tuple[str, Analysis, list[Row]]:
    start = Row("completeness", "ENRL", "participants", "count", 0.0)
    rows = [replace(start, arm=arm, value=float(SIZES[arm])) for arm in arms]
    for variable, pair, due in (("FORM", (812, 790), (850, 861)), ("IMAGE", (0, 0), (0, 0))):
        for arm in arms:
            place = replace(start, arm=arm, variable=variable)
            rows += _share(replace(place, measure="proportion"), _of(pair, arm), _of(due, arm))
            known = variable == "FORM"
            for measure, missing in (("overdue", (30, 50)), ("recently_due", (8, 21))) if known else ():
                rows += _share(replace(place, measure=measure), _of(missing, arm), _of(due, arm))
            rows.append(replace(place, measure="median", stat="estimate", unit="days", value=6.5 if known else math.nan,
                                note="" if known else "Nothing was received."))  # fmt: skip
    name, entry, rows = _counts("completeness", "Completeness", rows, {}, {"FORM": "Forms", "IMAGE": "Images"},
                                {"lag": "Lag: median days from due date to receipt."})  # fmt: skip
    return name, replace(entry, labels={**entry.labels, "measure": MEASURED}), rows


def _response(arms: tuple[str, ...]) -> tuple[str, Analysis, list[Row]]:
    """Everything is due at the visit, nobody was read again, and nobody is evaluable for the best in arm B."""
    start = Row("response", "SAF", "participants", "count", 0.0)
    rows = [replace(start, arm=arm, value=float(SIZES[arm])) for arm in arms]
    reason = "Nobody is in the denominator."
    for block, counts in (("R1", {"CR": (60, 51), "ID": (57, 80), "MISSING": (3, 0)}), ("AGAIN", {"CR": (0, 0)}),
                          ("BEST", {"CR": (80, 0), "ID": (40, 0), "MISSING": (0, 131)})):  # fmt: skip
        for arm in arms:
            place = replace(start, arm=arm, block=block, variable="CLASS")
            total = sum(_of(pair, arm) for pair in counts.values())
            for level, pair in counts.items():
                rows += _share(replace(place, measure="proportion", level=level), _of(pair, arm), total)
            if block == "AGAIN":
                continue
            rows.append(replace(place, measure="not_evaluable", value=0.0))
            evaluable = SIZES[arm] - _of(counts["MISSING"], arm)
            rate = replace(place, measure="proportion", variable="RATE", level="evaluable")
            count = _of(counts["CR"], arm)
            rows += _share(rate, count, evaluable)[:2]
            values = (count / evaluable, 0.3, 0.9) if evaluable else (math.nan, math.nan, math.nan)
            rows += _limits(rate, values, reason)
        if arms != ("all",) and block != "AGAIN":
            contrast = replace(start, arm="A", reference="B", block=block, variable="RATE", level="evaluable",
                               measure="risk_difference")  # fmt: skip
            values = (0.118, -0.009, 0.24) if block == "R1" else (math.nan, math.nan, math.nan)
            rows += _limits(contrast, values, "A group has no participants.")
    labels = {
        "block": {"R1": "12 to 16 weeks", "AGAIN": "Unclear, read again", "BEST": "Best"},
        "variable": {"RATE": "Response"},
        "level": {"CR": "Complete", "ID": "Unclear", "MISSING": "No reading", "PENDING": "Not due yet",
                  "evaluable": "of evaluable"},
    }  # fmt: skip
    sentences = {"denominator": "Due: the window is over.", "evaluable": "Evaluable: read."}
    return "response", Analysis("Response", "response", "planned", "SAF", sentences, {}, labels), rows


def _watches(arms: tuple[str, ...]) -> tuple[str, Analysis, list[Row]]:
    start = Row("thresholds", "SAF", "threshold", "estimate", 0.05, variable="lag")
    rows = [start, replace(start, variable="deaths", value=0.1)]
    passed = replace(start, measure="threshold_passed", stat="count", value=1.0)
    rows += [passed, replace(passed, variable="deaths", value=0.0)]
    rows.append(replace(start, variable="acute", value=0.1))
    rows.append(replace(passed, variable="acute"))
    for variable, pair in (("lag", (1, 1)), ("deaths", (0, 2)), ("acute", (3, 14))):
        beyond = replace(start, measure="threshold_beyond", stat="count", variable=variable, value=float(pair[0]))
        rows += [beyond, replace(beyond, stat="total", value=float(pair[1]))]
    key = Row("completeness", "ENRL", "proportion", "estimate", 0.0, variable="FORM").key
    contrast = Row("ae-acute", "SAF", "risk_difference", "estimate", 0.0, arm="A", reference="B", window="acute",
                   block="Gastrointestinal disorders", variable="Mucositis oral", level="grade>=3").key  # fmt: skip
    labels = {"variable": {"lag": "Forms not entered", "deaths": "Deaths", "acute": "Acute toxicity by arm"}}
    choices = {
        "watch.lag": key,
        "direction.lag": "below",
        "watch.acute": "" if arms == ("all",) else contrast,
        "direction.acute": "above",
    }
    entry = Analysis("Thresholds", "thresholds", "planned", "SAF", {}, choices, labels)
    return "thresholds", entry, rows
