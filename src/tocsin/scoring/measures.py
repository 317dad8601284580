"""Measures of chances and of alerts.

Everything here is pure. `y`: 0 or 1 for each case; `p`: its chance in [0, 1]. A figure that the cases cannot give
(one class alone, no cases) is None, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.judge.counts import Flags, Floats

Places = NDArray[np.signedinteger[Any]]
EDGES = (0.0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)  # of the bins of a reliability table
YEAR = 365.0
_LEAST_CHANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Brier:
    """Murphy's parts over the bins of a reliability table: score = reliability - resolution + uncertainty + within.
    `within` is what the chances differ inside their bins."""

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


@dataclass(frozen=True, slots=True)
class Bin:
    """One row of a reliability table: cases with chances in [low, high), their mean chance, and how often it came."""

    low: float
    high: float
    cases: int
    mean: float
    rate: float


def auc(y: Floats, p: Floats) -> float | None:
    """The chance that a case that came was given more than one that did not; ties count half (Mann and Whitney)."""
    positive = int(y.sum())
    negative = y.size - positive
    if not positive or not negative:
        return None
    _, place, size = np.unique(p, return_inverse=True, return_counts=True)
    rank = np.cumsum(size) - (size - 1) / 2
    total = float(rank[place][y > 0].sum())
    return (total - positive * (positive + 1) / 2) / (positive * negative)


def average_precision(y: Floats, p: Floats) -> float | None:
    """The mean precision over the cases that came, from the highest chance down; equal chances are taken together."""
    if not y.sum():
        return None
    values, place = np.unique(-p, return_inverse=True)
    hits = np.cumsum(np.bincount(place, y, values.size))
    seen = np.cumsum(np.bincount(place, minlength=values.size))
    gained = np.diff(np.r_[0.0, hits])
    return float((gained * hits / seen).sum() / y.sum())


def log_score(y: Floats, p: Floats) -> float | None:
    """The mean of -ln of the chance given to what came; chances are kept a millionth away from 0 and 1."""
    if not y.size:
        return None
    q = np.clip(p, _LEAST_CHANCE, 1 - _LEAST_CHANCE)
    return float(-np.mean(y * np.log(q) + (1 - y) * np.log(1 - q)))


def skill(score: float | None, reference: float | None) -> float | None:
    """1 - score / reference, of scores that are better the lower: 0 is no better than the reference."""
    return None if score is None or not reference else 1 - score / reference


def reliability(y: Floats, p: Floats, edges: Sequence[float]) -> tuple[Bin, ...]:
    """The bins between neighbouring edges (the last includes its end) that hold any case."""
    place = np.clip(np.searchsorted(np.asarray(edges), p, side="right") - 1, 0, len(edges) - 2)
    found = []
    for i in range(len(edges) - 1):
        here = place == i
        if here.any():
            rate, mean = float(y[here].mean()), float(p[here].mean())
            found.append(Bin(edges[i], edges[i + 1], int(here.sum()), mean, rate))
    return tuple(found)


def brier(y: Floats, p: Floats, edges: Sequence[float]) -> Brier | None:
    """The Brier score and its parts over the bins between the edges (Murphy 1973)."""
    if not y.size:
        return None
    base, score = float(y.mean()), float(np.mean((p - y) ** 2))
    bins = reliability(y, p, edges)
    share = [b.cases / y.size for b in bins]
    fault = sum(s * (b.mean - b.rate) ** 2 for s, b in zip(share, bins, strict=True))
    gain = sum(s * (b.rate - base) ** 2 for s, b in zip(share, bins, strict=True))
    uncertainty = base * (1 - base)
    return Brier(score, fault, gain, uncertainty, score - fault + gain - uncertainty)


def interval(values: Floats, group: Places, rounds: int = 400) -> tuple[float, float] | None:
    """95 % of the mean of `values`, resampling whole groups (dyads, for onsets cluster in them); seeded."""
    if not values.size:
        return None
    names, place = np.unique(group, return_inverse=True)
    total, size = np.bincount(place, values), np.bincount(place)
    pick = np.random.Generator(np.random.PCG64(1)).integers(0, names.size, (rounds, names.size))
    low, high = np.quantile(total[pick].sum(axis=1) / size[pick].sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


# ---- all of them


def figures(y: Floats, p: Floats, group: Places, reference: Floats) -> dict[str, Any]:
    """All figures of chances beside those of a reference (climatology), case by case; `group` as in `interval`."""
    loss = _losses(y, reference) - _losses(y, p)
    gained = interval(loss, group)
    scale = log_score(y, reference)
    parts = brier(y, p, EDGES)
    plain = brier(y, reference, EDGES)
    return {
        "cases": int(y.size),
        "came": int(y.sum()),
        "climatology": float(reference.mean()) if y.size else None,
        "auc": auc(y, p),
        "average_precision": average_precision(y, p),
        "log_skill": skill(log_score(y, p), scale),
        "log_skill_95": [g / scale for g in gained] if gained and scale else None,
        "brier_skill": skill(parts.score, plain.score) if parts and plain else None,
        "brier": parts,
        "reliability": reliability(y, p, EDGES),
    }


def _losses(y: Floats, p: Floats) -> Floats:
    q = np.clip(p, _LEAST_CHANCE, 1 - _LEAST_CHANCE)
    found: Floats = -(y * np.log(q) + (1 - y) * np.log(1 - q))
    return found


# ---- alerts


@dataclass(frozen=True, slots=True)
class Detection:
    """How alerts met onsets. `seen`: alerted within the days after an onset; `opened`: the alert also began between
    the horizon before and those days after it, so that one left on for ever counts for nothing; `delay`: median days;
    `false_per_year`: beginnings away from any crisis, per year of a dyad or an area; `share_on`: part of the days under
    alert."""

    onsets: int
    seen: int
    opened: int
    delay: float | None
    false_per_year: float | None
    share_on: float | None
    missed: tuple[str, ...]


def detection(
    alert: Flags, scope: Flags, near: Flags, onsets: Sequence[tuple[int, int, str]], days: int, before: int
) -> Detection:
    """`alert`, `scope` (where alerts are scored), `near` (in or shortly before a crisis): dyads x days. `onsets`:
    row, column and name. An alert begins when none was on in the `before` days before it."""
    begins = np.zeros(alert.shape, bool)
    last = np.full(alert.shape[0], -(before + 1))
    for day in range(alert.shape[1]):
        begins[:, day] = alert[:, day] & (day - last > before)
        last = np.where(alert[:, day], day, last)
    seen, opened, delays, missed = 0, 0, [], []
    for row, column, name in onsets:
        after = np.nonzero(alert[row, column : column + days + 1])[0]
        if after.size:
            seen += 1
            delays.append(int(after[0]))
            opened += bool(begins[row, max(column - before, 0) : column + days + 1].any())
        else:
            missed.append(name)
    years = float(scope.sum()) / YEAR
    return Detection(
        onsets=len(onsets),
        seen=seen,
        opened=opened,
        delay=float(np.median(delays)) if delays else None,
        false_per_year=float((begins & scope & ~near).sum()) / years if years else None,
        share_on=float(alert[scope].mean()) if scope.any() else None,
        missed=tuple(missed),
    )
