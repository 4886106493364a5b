"""Numbers of the randomised example again, from its files, by pandas, NumPy and lifelines; nothing of the package.

What lifelines does not have is written from its definition: the log-rank test within strata (the sums over the strata
of observed less expected and of the hypergeometric covariances, Klein and Moeschberger, section 7.5), quantiles as SAS
makes them, and the limits of a share by Clopper and Pearson, by bisection on the binomial's tails.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import median_survival_times, restricted_mean_survival_time

MONTH = 30.4375
ARMS = {"Placebo": "PBO", "EX-1 50 mg": "LOW", "EX-1 100 mg": "HIGH"}
FACTORS = ["REGION", "PRIORTRT"]
EXACT, CLOSE, FITTED = "exact", "close", "fitted"
TOLERANCES = {
    EXACT: 0.0,  # counts
    CLOSE: 1e-10,  # the same sums of doubles in another order
    FITTED: 1e-6,  # two iterations stopped by different rules
}


class Expected(NamedTuple):
    """A number: where it stands in the results, its value, and how closely both must agree."""

    at: Mapping[str, Any]
    value: float
    tolerance: str


def read_export(folder: Path) -> dict[str, pd.DataFrame]:
    """Frames of the export, dates as dates; `PLANNED` and `GIVEN` are the arms' codes."""
    frames = {path.stem: pd.read_csv(path, keep_default_na=False, na_values=[""]) for path in folder.glob("*.csv")}
    for frame in frames.values():
        for name in frame.columns[frame.columns.str.endswith("DT")]:
            frame[name] = pd.to_datetime(frame[name])
    adsl = frames["adsl"]
    adsl["PLANNED"], adsl["GIVEN"] = adsl["TRT01P"].map(ARMS), adsl["TRT01A"].map(ARMS)
    return frames


def recompute(folder: Path) -> list[Expected]:
    """Every number, in the order of the plan."""
    frames = read_export(folder)
    adsl = frames["adsl"]
    treated = adsl.loc[adsl["SAFFL"] == "Y"]
    found: list[Expected] = []
    for everyone, arm, names in (
        (adsl, "PLANNED", {"baseline": "baseline", "pfs": "pfs", "hr": "pfs-hr", "ae": "ae-randomised"}),
        (treated, "GIVEN", {"baseline": "baseline-treated", "pfs": "pfs-treated", "hr": "pfs-hr-treated", "ae": "ae"}),
    ):
        members = everyone.assign(ARM=everyone[arm])
        found += characteristics(members, names["baseline"])
        found += times(members, frames["adtte"], "PFS", names["pfs"])
        found += hazard_ratios(members, frames["adtte"], "PFS", names["hr"])
        found += adverse_events(members, frames["adae"], names["ae"])
    randomized = adsl.assign(ARM=adsl["PLANNED"])
    found += times(randomized, frames["adtte"], "OS", "os")
    found += hazard_ratios(randomized, frames["adtte"], "OS", "os-hr")
    found += adjusted(randomized, frames["adtte"], "PFS", "pfs-hr-adjusted")
    found += deviations(randomized, frames["addv"])
    found += responses(randomized, frames["adrs"])
    found += exposure(treated.assign(ARM=treated["GIVEN"]))
    found += laboratory(treated.assign(ARM=treated["GIVEN"]), frames["adlb"])
    return found


def by_arm(frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each arm's records, and everyone's."""
    for code in ARMS.values():
        yield code, frame.loc[frame["ARM"] == code]
    yield "all", frame


def averaged_quantile(values: np.ndarray, share: float) -> float:
    """Quantile by the empirical distribution with averaging, as SAS has it (definition 5)."""
    ordered, place = np.sort(values), len(values) * share
    low = math.floor(place)
    if place == low:
        return float((ordered[low - 1] + ordered[low]) / 2)
    return float(ordered[low])


def characteristics(members: pd.DataFrame, name: str) -> Iterator[Expected]:
    for arm, part in by_arm(members):
        at = {"analysis": name, "arm": arm}
        yield Expected({**at, "measure": "participants"}, len(part), EXACT)
        for column in ("AGE", "WEIGHTBL"):
            known = part[column].dropna().to_numpy(dtype=float)
            of = {**at, "variable": column}
            yield Expected({**of, "measure": "observed", "stat": "count"}, len(known), EXACT)
            yield Expected({**of, "measure": "mean"}, known.mean(), CLOSE)
            yield Expected({**of, "measure": "std_deviation"}, known.std(ddof=1), CLOSE)
            for measure, share in (("first_quartile", 0.25), ("median", 0.5), ("third_quartile", 0.75)):
                yield Expected({**of, "measure": measure}, averaged_quantile(known, share), CLOSE)
        for column, codes in (("SEX", "FM"), ("ECOGBL", "012"), ("PRIORTRT", ("NONE", "ANY"))):
            for code in codes:
                count = int((part[column].astype(str) == code).sum())
                of = {**at, "variable": column, "level": code, "measure": "proportion"}
                yield Expected({**of, "stat": "count"}, count, EXACT)
                yield Expected({**of, "stat": "estimate"}, count / len(part), CLOSE)


def timed(members: pd.DataFrame, adtte: pd.DataFrame, code: str) -> pd.DataFrame:
    records = adtte.loc[adtte["PARAMCD"] == code, ["USUBJID", "AVAL", "CNSR"]]
    joined = members.merge(records, on="USUBJID", validate="one_to_one")
    return joined.assign(TIME=joined["AVAL"] / MONTH, EVENT=(joined["CNSR"] == 0).astype(int))


def times(members: pd.DataFrame, adtte: pd.DataFrame, code: str, name: str) -> Iterator[Expected]:
    data = timed(members, adtte, code)
    for arm, part in by_arm(data):
        at = {"analysis": name, "arm": arm}
        yield Expected({**at, "measure": "events", "stat": "count"}, int(part["EVENT"].sum()), EXACT)
        curve = KaplanMeierFitter().fit(part["TIME"], part["EVENT"], alpha=0.05)
        limits = curve.confidence_interval_survival_function_
        for time in (6.0, 12.0, 18.0):
            if (part["TIME"] >= time).sum() < 5:
                continue
            of = {**at, "measure": "survival", "time": time}
            yield Expected({**of, "stat": "estimate"}, float(curve.predict(time)), CLOSE)
            row = limits.loc[:time].iloc[-1]
            yield Expected({**of, "stat": "ci_low"}, float(row.iloc[0]), CLOSE)
            yield Expected({**of, "stat": "ci_high"}, float(row.iloc[1]), CLOSE)
            yield Expected({**at, "measure": "at_risk", "time": time}, int((part["TIME"] >= time).sum()), EXACT)
        low, high = median_survival_times(limits).iloc[0]
        of = {**at, "measure": "median_survival"}
        for stat, value in (("estimate", curve.median_survival_time_), ("ci_low", low), ("ci_high", high)):
            yield Expected({**of, "stat": stat}, value if math.isfinite(value) else math.nan, CLOSE)
        restricted = float(restricted_mean_survival_time(curve, t=12.0))
        yield Expected({**at, "measure": "restricted_mean", "stat": "estimate"}, restricted, CLOSE)
    statistic = stratified_logrank(data)
    at = {"analysis": name, "measure": "logrank"}
    yield Expected({**at, "stat": "statistic"}, statistic, CLOSE)
    yield Expected({**at, "stat": "df"}, len(ARMS) - 1, EXACT)
    yield Expected({**at, "stat": "p_value"}, math.exp(-statistic / 2), CLOSE)  # upper tail of chi-square, 2 df
    plain = multivariate_logrank_test(data["TIME"], data["ARM"], data["EVENT"])
    at = {"analysis": f"{name}-plain", "measure": "logrank"}
    yield Expected({**at, "stat": "statistic"}, float(plain.test_statistic), CLOSE)
    yield Expected({**at, "stat": "p_value"}, float(plain.p_value), CLOSE)


def stratified_logrank(data: pd.DataFrame) -> float:
    """Sum of observed less expected over strata and times, squared by the inverse of the summed covariances."""
    arms = list(ARMS.values())
    excess, covariance = np.zeros(len(arms)), np.zeros((len(arms), len(arms)))
    for _, stratum in data.groupby(FACTORS):
        for time in stratum.loc[stratum["EVENT"] == 1, "TIME"].unique():
            at_risk = stratum.loc[stratum["TIME"] >= time]
            dying = stratum.loc[(stratum["TIME"] == time) & (stratum["EVENT"] == 1)]
            n, d = len(at_risk), len(dying)
            share = np.array([(at_risk["ARM"] == arm).sum() for arm in arms]) / n
            excess += np.array([(dying["ARM"] == arm).sum() for arm in arms]) - d * share
            if n > 1:
                spread = np.diag(share) - np.outer(share, share)
                covariance += d * (n - d) / (n - 1) * spread
    return float(excess[1:] @ np.linalg.solve(covariance[1:, 1:], excess[1:]))


def cox_rows(data: pd.DataFrame, columns: list[str], strata: list[str]) -> CoxPHFitter:
    fitter = CoxPHFitter()
    table = data[["TIME", "EVENT", *columns, *strata]].astype(dict.fromkeys(columns, float))
    return fitter.fit(table, "TIME", "EVENT", strata=strata or None, fit_options={"precision": 1e-12})


def hazard_ratios(members: pd.DataFrame, adtte: pd.DataFrame, code: str, name: str) -> Iterator[Expected]:
    data = timed(members, adtte, code)
    data = data.assign(LOW=data["ARM"] == "LOW", HIGH=data["ARM"] == "HIGH")
    for block, strata in (("unadjusted", []), ("stratified", FACTORS)):
        yield from ratio_rows(cox_rows(data, ["LOW", "HIGH"], strata), {"analysis": name, "block": block})


def ratio_rows(fit: CoxPHFitter, at: Mapping[str, Any]) -> Iterator[Expected]:
    for arm in ("LOW", "HIGH"):
        row = fit.summary.loc[arm]
        of = {**at, "subgroup": "all", "arm": arm, "reference": "PBO", "measure": "hazard_ratio"}
        yield Expected({**of, "stat": "estimate"}, row["exp(coef)"], FITTED)
        yield Expected({**of, "stat": "ci_low"}, row["exp(coef) lower 95%"], FITTED)
        yield Expected({**of, "stat": "ci_high"}, row["exp(coef) upper 95%"], FITTED)
        yield Expected({**of, "stat": "p_value"}, row["p"], FITTED)


def adjusted(members: pd.DataFrame, adtte: pd.DataFrame, code: str, name: str) -> Iterator[Expected]:
    """Arms, age in decades, sex and performance status, within the strata of the randomisation."""
    data = timed(members, adtte, code)
    data = data.assign(LOW=data["ARM"] == "LOW", HIGH=data["ARM"] == "HIGH", DECADE=data["AGE"] / 10)
    data = data.assign(MALE=data["SEX"] == "M", ECOG1=data["ECOGBL"] == 1, ECOG2=data["ECOGBL"] == 2)
    fit = cox_rows(data, ["LOW", "HIGH", "DECADE", "MALE", "ECOG1", "ECOG2"], FACTORS)
    yield from ratio_rows(fit, {"analysis": name, "block": "adjusted"})


def adverse_events(members: pd.DataFrame, adae: pd.DataFrame, name: str) -> Iterator[Expected]:
    emergent = adae.loc[adae["TRTEMFL"] == "Y"]
    windows = {
        "emergent": emergent,
        "related": emergent.loc[emergent["AEREL"] == "RELATED"],
        "serious": emergent.loc[emergent["AESER"] == "Y"],
    }
    for (window, events), (arm, part) in itertools.product(windows.items(), by_arm(members)):
        own = events.loc[events["USUBJID"].isin(part["USUBJID"])]
        for term in ("all", "Neutropenia", "Diarrhoea"):
            chosen = own if term == "all" else own.loc[own["AEDECOD"] == term]
            worst = chosen.groupby("USUBJID")["AETOXGR"].max()
            of = {"analysis": name, "window": window, "arm": arm, "variable": term}
            if term == "all":
                of["block"] = "all"
            yield Expected({**of, "measure": "records"}, len(chosen), EXACT)
            for grade in (1, 3):
                count = int((worst >= grade).sum())
                at = {**of, "measure": "risk", "level": f"grade>={grade}"}
                yield Expected({**at, "stat": "count"}, count, EXACT)
                yield Expected({**at, "stat": "estimate"}, count / len(part), CLOSE)
                low, high = clopper_pearson(count, len(part))
                yield Expected({**at, "stat": "ci_low"}, low, CLOSE)
                yield Expected({**at, "stat": "ci_high"}, high, CLOSE)
            for grade in (1, 2, 3, 4, 5):
                at = {**of, "measure": "risk", "level": f"grade={grade}", "stat": "count"}
                yield Expected(at, int((worst == grade).sum()), EXACT)


def clopper_pearson(count: int, total: int, alpha: float = 0.05) -> tuple[float, float]:
    def at_most(k: int, p: float) -> float:
        return math.fsum(math.comb(total, i) * p**i * (1 - p) ** (total - i) for i in range(k + 1))

    def solve(k: int, tail: float) -> float:
        low, high = 0.0, 1.0
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if at_most(k, middle) > tail else (low, middle)
        return (low + high) / 2

    lower = 0.0 if count == 0 else solve(count - 1, 1 - alpha / 2)
    return lower, 1.0 if count == total else solve(count, alpha / 2)


def deviations(members: pd.DataFrame, addv: pd.DataFrame) -> Iterator[Expected]:
    for arm, part in by_arm(members):
        own = addv.loc[addv["USUBJID"].isin(part["USUBJID"]) & (addv["DVCAT"] == "MAJOR")]
        of = {"analysis": "deviations", "block": "MAJOR", "arm": arm, "stat": "count", "measure": "proportion"}
        yield Expected({**of, "variable": "all"}, own["USUBJID"].nunique(), EXACT)


def responses(members: pd.DataFrame, adrs: pd.DataFrame) -> Iterator[Expected]:
    """Classes of best response among all, and the share of responders among all and among the evaluable."""
    best = adrs.loc[adrs["PARAMCD"] == "BESTRESP"].set_index("USUBJID")["AVALC"]
    for arm, part in by_arm(members.assign(BEST=members["USUBJID"].map(best))):
        of = {"analysis": "response", "arm": arm, "measure": "proportion"}
        for code in ("CR", "PR", "SD", "PD", "NE"):
            count = int((part["BEST"] == code).sum())
            yield Expected({**of, "variable": "CLASS", "level": code, "stat": "count"}, count, EXACT)
        responders = int(part["BEST"].isin(["CR", "PR"]).sum())
        for denominator, total in (("everyone", len(part)), ("evaluable", int((part["BEST"] != "NE").sum()))):
            at = {**of, "variable": "ORR", "level": denominator}
            yield Expected({**at, "stat": "count"}, responders, EXACT)
            yield Expected({**at, "stat": "total"}, total, EXACT)
            low, high = clopper_pearson(responders, total)
            for stat, value in (("estimate", responders / total), ("ci_low", low), ("ci_high", high)):
                yield Expected({**at, "stat": stat}, value, CLOSE)


def exposure(members: pd.DataFrame) -> Iterator[Expected]:
    """Days of treatment, both ends counted, of those whose treatment has ended."""
    for arm, part in by_arm(members):
        lasted = ((part["TRTEDT"] - part["TRTSDT"]).dt.days + 1).dropna().to_numpy(dtype=float)
        of = {"analysis": "exposure", "variable": "DURATION", "arm": arm}
        yield Expected({**of, "measure": "observed", "stat": "count"}, len(lasted), EXACT)
        yield Expected({**of, "measure": "mean"}, lasted.mean(), CLOSE)
        yield Expected({**of, "measure": "median"}, averaged_quantile(lasted, 0.5), CLOSE)


def laboratory(members: pd.DataFrame, adlb: pd.DataFrame) -> Iterator[Expected]:
    """Means of haemoglobin, and geometric means of a protein whose unquantified values count as half the limit."""
    visits = {"Screening": "SCR", "Cycle 3": "C3", "Cycle 5": "C5", "Cycle 9": "C9"}
    records = adlb.merge(members[["USUBJID", "ARM"]], on="USUBJID")
    value = records["AVAL"].where(records["AVALC"] != "<LLOQ", records["LLOQ"] / 2)
    records = records.assign(VALUE=value)
    for (visit, code), (arm, part) in itertools.product(visits.items(), by_arm(records)):
        of = {"analysis": "laboratory", "window": code, "arm": arm, "stat": "estimate"}
        chosen = part.loc[part["AVISIT"] == visit]
        hgb = chosen.loc[chosen["PARAMCD"] == "HGB", "VALUE"]
        crp = chosen.loc[chosen["PARAMCD"] == "CRP", "VALUE"]
        yield Expected({**of, "variable": "HGB", "measure": "mean"}, hgb.mean(), CLOSE)
        yield Expected({**of, "variable": "CRP", "measure": "geometric_mean"}, math.exp(np.log(crp).mean()), CLOSE)
