"""Fit the starting weights of rules/counts.toml on daily counts of dyads and a table of crises, and score them.

    python training/dyads.py --eval DIR [--until 2020-07-01]        (DIR: the evaluation data, TOCSIN_EVAL)

It prints weights and figures; a person rounds them into the rules. Weeks of one pair, and pairs of one crisis, are
alike: what is scored was fitted without the pair and without every crisis that it shares. `--until` fits on the days
before that one alone and also scores the days from it on, which the fit has not seen.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from tocsin.bundle import load
from tocsin.collect import streams
from tocsin.judge import hazard
from tocsin.judge.counts import Flags, Floats, frozen_days, is_onset, near_crisis, recent_surge
from tocsin.judge.hazard import Past
from tocsin.rules.counts import Counts
from tocsin.scoring import measures

ROOT = Path(__file__).resolve().parent.parent
RIDGE, RIDGE_INTERCEPT = 5.0, 0.01  # on features of spread 1
FOLDS = 10
FIRST = 200  # days before the first week that is fitted on: features look back over a year
BLOCK = 15  # days in which an alert must open


class Sample:
    """Cases with their features, whether an onset came, the row of their pair, and the crises that it shares."""

    def __init__(self, x: Floats, y: Floats, row: measures.Places, day: measures.Places) -> None:
        self.x, self.y, self.row, self.day = x, y, row, day

    def part(self, mask: Flags) -> Sample:
        return Sample(self.x[mask], self.y[mask], self.row[mask], self.day[mask])


def fitted(sample: Sample) -> Floats:
    """Weights of the features and, last, the intercept; shrunk to 0 by the spread of each feature."""
    x = np.column_stack([sample.x, np.ones(sample.y.size)])
    ridge = np.r_[RIDGE * np.maximum(sample.x.var(axis=0), 1e-6), RIDGE_INTERCEPT]
    return hazard.fit(x, sample.y, np.ones(sample.y.size), np.r_[np.zeros(sample.x.shape[1]), -6.0], ridge)


def chances(weights: Floats, sample: Sample) -> Floats:
    return hazard.chance(sample.x @ weights[:-1] + weights[-1])


def left_out(sample: Sample, kin: Sequence[frozenset[int]]) -> Floats:
    """The chance of each case by weights that saw neither its pair nor a pair that shares a crisis with it."""
    fold = np.random.Generator(np.random.PCG64(0)).permutation(len(kin)) % FOLDS
    found = np.zeros(sample.y.size)
    for n in range(FOLDS):
        out = {row for row in range(len(kin)) if fold[row] == n}
        barred = np.array(sorted(out | {other for row in out for other in kin[row]}))
        seen = ~np.isin(sample.row, barred)
        mine = fold[sample.row] == n
        found[mine] = chances(fitted(sample.part(seen)), sample.part(mine))
    return found


def kin_of(past: Past) -> list[frozenset[int]]:
    """For each row, the rows that share a crisis with it."""
    place = {dyad: i for i, dyad in enumerate(past.series.dyads)}
    found: list[set[int]] = [set() for _ in place]
    for crisis in past.crises:
        if is_onset(crisis, past.rules) and crisis.start >= past.series.first:
            rows = {place[dyad] for dyad in crisis.dyads}
            for row in rows:
                found[row] |= rows
    return [frozenset(one) for one in found]


def weeks(past: Past, features: Mapping[str, Floats], rules: Counts) -> Sample:
    """Quiet weeks: did an onset come within the horizon?"""
    rows, soon = hazard.quiet_weeks(past, past.series.days + rules.opening.known_after_days)
    rows[:, :FIRST] = False
    row, day = np.nonzero(rows)
    return Sample(np.column_stack([features[n][rows] for n in rules.hazard.start]), soon[rows].astype(float), row, day)


def blocks(past: Past, odds: Floats, rules: Counts) -> Sample:
    """Blocks of days: the hazard's log-odds before them and the highest surge in them; does one begin with an onset?"""
    series, ahead = past.series, rules.opening.horizon_days
    frozen = frozen_days(series, past.crises, rules)
    surge = recent_surge(series, frozen, rules, rules.hostility.surge_days)
    near = near_crisis(series, past.crises, series.first + series.days + ahead, rules, before=ahead)
    place = {dyad: i for i, dyad in enumerate(series.dyads)}
    onsets = {
        (place[dyad], crisis.start - series.first)
        for crisis in past.crises
        if is_onset(crisis, rules)
        for dyad in crisis.dyads
    }
    quiet = {
        (row, day)
        for row in range(len(place))
        for day in range(FIRST, series.days - BLOCK, BLOCK)
        if past.followed[row, day] and not near[row, day : day + BLOCK].any()
    }
    cases = sorted(quiet) + sorted((r, d) for r, d in onsets if FIRST <= d < series.days - BLOCK)
    before = rules.alerting.before_days
    x = np.array([[odds[r, d - before], surge[r, d : d + BLOCK].max()] for r, d in cases])
    y = np.array([float(case in onsets) for case in cases])
    return Sample(x, y, np.array([r for r, _ in cases]), np.array([d for _, d in cases]))


def report(name: str, sample: Sample, kin: Sequence[frozenset[int]], names: Sequence[str], until: int) -> Floats:
    early = sample.day < until
    known = sample.part(early)
    weights = fitted(known)
    told = ", ".join(f"{n} {w:.2f}" for n, w in zip((*names, "intercept"), weights, strict=True))
    print(f"{name}: {told}")
    _figures("pairs and crises left out", known, left_out(known, kin))
    if not early.all():
        late = sample.part(~early)
        _figures("later days", late, chances(weights, late))
    return weights


def _figures(name: str, sample: Sample, p: Floats) -> None:
    base = np.full(sample.y.size, sample.y.mean())
    found = measures.figures(sample.y, p, sample.row, base)
    print(
        f"  {name}: {found['came']} of {found['cases']} came, AUC {found['auc']:.3f}, "
        f"average precision {found['average_precision']:.4f}, log skill {found['log_skill']:.3f}"
    )


def main() -> None:
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("--eval", type=Path, required=True)
    reader.add_argument("--until", type=datetime.date.fromisoformat)
    args = reader.parse_args()
    rules = load(ROOT / "rules")
    counts = rules.counts
    assert counts is not None
    folder = args.eval / "judge"
    series = streams.series(folder / "gdelt_goldstein.csv.gz", folder / streams.TOTALS)
    past, features = hazard.prepared(series, streams.crises(folder / "crises.csv"), counts)
    features["structure"] = hazard.structural_hazard(past, series, rules.states)
    until = args.until.toordinal() - series.first if args.until else series.days
    kin = kin_of(past)
    weights = report("hazard.start", weeks(past, features, counts), kin, list(counts.hazard.start), until)
    odds = sum((w * features[n] for w, n in zip(weights, counts.hazard.start, strict=False)), weights[-1])
    report("alerting", blocks(past, np.asarray(odds), counts), kin, ("prior", "surge"), until)


if __name__ == "__main__":
    main()
