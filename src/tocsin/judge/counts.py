"""Daily counts of dyads: shares of the world's volume, ordinary days that a crisis never joins, anomalies.

A dyad is two states in alphabetical order. Arrays are dyads x days, days counted from `Series.first`; a value
in column t rests on columns up to t alone, so that the same past gives the same figures whatever comes later.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tocsin.rules.counts import Baseline, Counts, Dyad

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Series:
    """A daily stream. `first`: proleptic ordinal of column 0. `score`: sum of Goldstein values of each of `dyads`
    (sorted), negative = hostile, 0 where nothing was reported. `volume`: the sum of absolute scores over the
    whole world, NaN on a day that the source lacks."""

    first: int
    dyads: tuple[Dyad, ...]
    score: Floats
    volume: Floats

    @property
    def days(self) -> int:
        return int(self.volume.size)


@dataclass(frozen=True, slots=True)
class Crisis:
    """A row of a crisis table. `start`, `end`: ordinals of days, the last one meant where the table is less exact;
    `end` None while it is open. `exact`: the start is known to the day."""

    id: str
    source: str
    kind: str
    start: int
    end: int | None
    exact: bool
    severity: float
    dyads: tuple[Dyad, ...]


def within(series: Series, crises: Iterable[Crisis]) -> tuple[Crisis, ...]:
    """The crises of the series' dyads alone, in the same order."""
    known = set(series.dyads)
    narrowed = (replace(c, dyads=tuple(d for d in c.dyads if d in known)) for c in crises)
    return tuple(c for c in narrowed if c.dyads)


def shares(series: Series, baseline: Baseline) -> Floats:
    """Scores as parts of the day's world volume, times the scale; NaN on days that the source lacks."""
    return series.score / series.volume * baseline.scale


def trailing(values: Floats, days: int) -> Floats:
    """Mean of the last `days` days up to and with each, over the days that the source has; 0 where it has none."""
    known = np.isfinite(values)
    total = np.cumsum(np.where(known, values, 0.0), axis=1)
    number = np.cumsum(known, axis=1).astype(float)
    for sums in (total, number):
        sums[:, days:] -= sums[:, :-days].copy()
    return np.where(number > 0, total / np.maximum(number, 1), 0.0)


def highest(values: Floats, days: int) -> Floats:
    """The highest of the last `days` values up to and with each; days that the source lacks count as 0."""
    filled = np.nan_to_num(values)
    found = filled.copy()
    for back in range(1, min(days, values.shape[1])):
        np.maximum(found[:, back:], filled[:, :-back], out=found[:, back:])
    return found


def frozen_days(series: Series, crises: Iterable[Crisis], rules: Counts) -> Flags:
    """Days of open crises and the closing days after them, which never count as ordinary. An end tells only of days
    after it, and a baseline ends `lag_days` ago, so that no day's figure knows of an end to come."""
    place = {d: i for i, d in enumerate(series.dyads)}
    found = np.zeros(series.score.shape, bool)
    for crisis in crises:
        if not is_onset(crisis, rules):
            continue
        last = crisis.start + rules.baseline.frozen_days
        last = last if crisis.end is None else min(last, crisis.end + rules.opening.closing_days)
        span = slice(max(crisis.start - series.first, 0), max(last + 1 - series.first, 0))
        for dyad in crisis.dyads:
            found[place[dyad], span] = True
    return found


def ordinary(values: Floats, frozen: Flags, baseline: Baseline) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Mean, spread and number of each day's baseline: the last `days` ordinary days up to `lag_days` ago.

    While a crisis is open its days are passed over, so the baseline stays that of before the crisis."""
    usable = np.isfinite(values) & ~frozen
    filled = np.where(usable, values, 0.0)
    zero = np.zeros((values.shape[0], 1))
    total = np.hstack([zero, np.cumsum(filled, axis=1)])
    square = np.hstack([zero, np.cumsum(filled * filled, axis=1)])
    count = np.hstack([zero.astype(np.int64), np.cumsum(usable, axis=1)])
    mean, spread = np.zeros(values.shape), np.zeros(values.shape)
    number = np.zeros(values.shape, np.int64)
    ends = np.maximum(np.arange(values.shape[1]) + 1 - baseline.lag_days, 0)
    for row in range(values.shape[0]):
        held = count[row, ends]
        starts = np.searchsorted(count[row], held - baseline.days, side="right") - 1
        starts = np.maximum(starts, 0)
        number[row] = held - count[row, starts]
        size = np.maximum(number[row], 1)
        mean[row] = (total[row, ends] - total[row, starts]) / size
        second = (square[row, ends] - square[row, starts]) / size
        spread[row] = np.sqrt(np.maximum(second - mean[row] ** 2, 0.0))
    return mean, spread, number


def surge(recent: Floats, frozen: Flags, baseline: Baseline) -> Floats:
    """The anomaly of a trailing mean against its own frozen baseline, signed log(1 + |z|)."""
    mean, spread, number = ordinary(recent, frozen, baseline)
    z = np.where(number < baseline.least_days, 0.0, (recent - mean) / (spread + baseline.spread_floor))
    found: Floats = np.sign(z) * np.log1p(np.abs(z))
    return found


def is_onset(crisis: Crisis, rules: Counts) -> bool:
    """Whether the row is a dated onset, and not a dispute or an episode that only tells of a hostile past."""
    return crisis.exact and crisis.source in rules.opening.sources


def last_day(crisis: Crisis, as_of: int, rules: Counts) -> int:
    """The last day of a crisis as `as_of` could know it: its end, or how long such a one usually stays open."""
    if crisis.end is not None and crisis.end <= as_of:
        return crisis.end
    opening = rules.opening
    return crisis.start + (opening.war_open_days if crisis.kind in opening.war_kinds else opening.open_days)


def near_crisis(series: Series, crises: Iterable[Crisis], as_of: int, rules: Counts, before: int = 0) -> Flags:
    """Days of crises known at `as_of`, `before` days ahead of them and the closing days after them."""
    place = {d: i for i, d in enumerate(series.dyads)}
    found = np.zeros(series.score.shape, bool)
    for crisis in crises:
        if is_onset(crisis, rules) and crisis.start + rules.opening.known_after_days <= as_of:
            end = last_day(crisis, as_of, rules) + rules.opening.closing_days
            span = slice(max(crisis.start - before - series.first, 0), max(end + 1 - series.first, 0))
            for dyad in crisis.dyads:
                found[place[dyad], span] = True
    return found


def known_history(series: Series, crises: Iterable[Crisis], rules: Counts) -> Flags:
    """Whether any crisis or dispute of the dyad was known by each day."""
    place = {d: i for i, d in enumerate(series.dyads)}
    found = np.zeros(series.score.shape, bool)
    for crisis in crises:
        since = max(crisis.start + rules.opening.known_after_days - series.first, 0)
        for dyad in crisis.dyads:
            found[place[dyad], since:] = True
    return found


def followed(series: Series, history: Flags, baseline: Baseline) -> Flags:
    """Which dyads are followed on each day: those reported on often enough by then, or ever and with a history."""
    have = np.isfinite(series.volume)
    said = series.score != 0
    reported = trailing(np.where(have, said.astype(float), np.nan), baseline.days)
    enough = (np.cumsum(have) >= baseline.followed_least_days) & (reported >= baseline.followed_share)
    return enough | (history & np.logical_or.accumulate(said, axis=1))


def state_totals(series: Series, baseline: Baseline) -> tuple[dict[str, int], Floats]:
    """Rows by state, and states x days: a state's absolute share over all its dyads, mean of a baseline's days."""
    states = sorted({s for d in series.dyads for s in d})
    row = {s: i for i, s in enumerate(states)}
    size = np.abs(shares(series, baseline))
    total = np.zeros((len(states), series.days))
    for side in (0, 1):
        np.add.at(total, [row[d[side]] for d in series.dyads], size)
    return row, trailing(total, baseline.days)


def hazard_features(series: Series, rules: Counts) -> dict[str, Floats]:
    """Logs: hostility of 90 days; its worst day of some weeks; and hostility over weeks to a year, the mean of the
    logs, against what both states usually make."""
    told, share = rules.hostility, shares(series, rules.baseline)
    negative = np.maximum(-share, 0.0)
    row, totals = state_totals(series, rules.baseline)
    sizes = np.log1p(totals)
    expected = 0.5 * sum(sizes[[row[d[side]] for d in series.dyads]] for side in (0, 1))
    held = np.mean([np.log(told.floor + trailing(negative, days)) for days in told.days], axis=0)
    return {
        "hostility": np.log(told.floor + trailing(negative, 90)),
        "peak": np.log(1.0 + highest(negative, told.peak_days)),
        "relative": held - expected,
    }


def recent_surge(series: Series, frozen: Flags, rules: Counts, days: int) -> Floats:
    """The surge of the last `days` days' hostility over ordinary days."""
    negative = np.maximum(-shares(series, rules.baseline), 0.0)
    return surge(trailing(negative, days), frozen, rules.baseline)


def selected(series: Series, rows: Sequence[int]) -> Series:
    """The series of these rows alone; volumes stay those of the world."""
    return Series(series.first, tuple(series.dyads[r] for r in rows), series.score[list(rows)], series.volume)


def negative_binomial_tail(count: int, mean: float, variance: float) -> float:
    """P(X >= count) of a negative binomial with this mean and variance, of a Poisson where variance <= mean.

    The predictive of a count whose rate is gamma-distributed; summed upward, so exact for counts of news days."""
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if variance <= mean:  # a ratio that falls as 1/k: the Poisson
        size, q, term = mean, 0.0, math.exp(-mean)
    else:
        size, q = mean * mean / (variance - mean), 1 - mean / variance
        term = math.exp(size * math.log1p(-q))
    below = 0.0
    for k in range(count):
        below += term
        term *= ((k + size) * q if q else size) / (k + 1)
    return max(0.0, 1.0 - below)


def cusum(anomalies: Floats, slack: float) -> Floats:
    """Page's one-sided cumulative sum, max(0, s + z - slack), which sees slow build-ups. Same shape as given."""
    found = np.zeros(anomalies.shape)
    held = np.zeros(anomalies.shape[0])
    for day in range(anomalies.shape[1]):
        held = np.maximum(0.0, held + np.nan_to_num(anomalies[:, day]) - slack)
        found[:, day] = held
    return found
