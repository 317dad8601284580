"""How good were the chances and the alerts: measures, always beside climatology and a simple count baseline.

Everything here is pure. `y`: 0 or 1 for each case; `p`: its chance in [0, 1]. A figure that the cases cannot give
(one class alone, no cases) is None, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.judge.counts import Crisis, Flags, Floats, is_onset, near_crisis, within
from tocsin.judge.hazard import Forecast
from tocsin.rules.counts import Counts

Places = NDArray[np.signedinteger[Any]]
_LEAST_CHANCE = 1e-6
_YEAR = 365.0


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


# ---- alerts


@dataclass(frozen=True, slots=True)
class Detection:
    """How alerts met onsets. `seen`: alerted within the days after an onset; `opened`: the alert also began between
    the horizon before and those days after it, so that one left on for ever counts for nothing; `delay`: median days;
    `false_per_dyad_year`: beginnings away from any crisis; `share_on`: part of dyad-days under alert."""

    onsets: int
    seen: int
    opened: int
    delay: float | None
    false_per_dyad_year: float | None
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
    years = float(scope.sum()) / _YEAR
    return Detection(
        onsets=len(onsets),
        seen=seen,
        opened=opened,
        delay=float(np.median(delays)) if delays else None,
        false_per_dyad_year=float((begins & scope & ~near).sum()) / years if years else None,
        share_on=float(alert[scope].mean()) if scope.any() else None,
        missed=tuple(missed),
    )


# ---- dyads


_EDGES = (0.0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
GROUPS = ("all", "with a past crisis", "none for years")


@dataclass(frozen=True, eq=False, slots=True)
class Cases:
    """Dyad-weeks outside crises: rows, columns, whether an onset came within the horizon, and each group's mask."""

    row: Places
    column: Places
    y: Floats
    groups: Mapping[str, Flags]


def cases(found: Forecast, crises: Sequence[Crisis], rules: Counts, since: int, hard_years: float) -> Cases:
    """The weeks from column `since` whose horizon the series covers. Groups are those of that day: nobody is in
    'with a past crisis' for a crisis yet to come; 'none for years' is the hard problem."""
    series = found.series
    inside = within(series, crises)
    late = series.first + series.days + rules.opening.known_after_days
    scope = found.followed & ~near_crisis(series, inside, late, rules)
    scope[:, :since] = False
    scope[:, max(series.days - rules.opening.horizon_days, 0) :] = False
    scope[:, np.arange(series.days) % 7 != 0] = False
    row, column = np.nonzero(scope)
    soon, recent = np.zeros(scope.shape, bool), np.zeros(scope.shape, bool)
    place = {d: i for i, d in enumerate(series.dyads)}
    for crisis in (c for c in inside if is_onset(c, rules)):
        start = crisis.start - series.first
        for dyad in crisis.dyads:
            soon[place[dyad], max(start - rules.opening.horizon_days, 0) : max(start, 0)] = True
            recent[place[dyad], max(start, 0) : max(start + int(hard_years * _YEAR), 0)] = True
    past = found.history[row, column]
    groups = {"all": np.ones(row.size, bool), GROUPS[1]: past, GROUPS[2]: ~recent[row, column]}
    return Cases(row, column, soon[row, column].astype(float), groups)


def chances(found: Forecast, on: Cases, base: Mapping[str, float]) -> dict[str, Any]:
    """Figures of the chances for each group, beside climatology (`base`: its rate on the years before)."""
    p = found.p[on.row, on.column]
    return {name: _chances(on.y[mask], p[mask], on.row[mask], base[name]) for name, mask in on.groups.items()}


def _chances(y: Floats, p: Floats, row: Places, base: float) -> dict[str, Any]:
    reference = np.full(y.size, base)
    loss = _losses(y, reference) - _losses(y, p)
    gained = interval(loss, row)
    scale = log_score(y, reference)
    parts = brier(y, p, _EDGES)
    plain = brier(y, reference, _EDGES)
    return {
        "cases": int(y.size),
        "came": int(y.sum()),
        "climatology": base,
        "auc": auc(y, p),
        "average_precision": average_precision(y, p),
        "log_skill": skill(log_score(y, p), scale),
        "log_skill_95": [g / scale for g in gained] if gained and scale else None,
        "brier_skill": skill(parts.score, plain.score) if parts and plain else None,
        "brier": parts,
        "reliability": reliability(y, p, _EDGES),
    }


def _losses(y: Floats, p: Floats) -> Floats:
    q = np.clip(p, _LEAST_CHANCE, 1 - _LEAST_CHANCE)
    found: Floats = -(y * np.log(q) + (1 - y) * np.log(1 - q))
    return found


def alerts(found: Forecast, crises: Sequence[Crisis], rules: Counts, since: int) -> dict[str, Detection]:
    """How the alerts met onsets from column `since`, for all followed dyads and for those with a past crisis."""
    series, opening = found.series, rules.opening
    inside = within(series, crises)
    late = series.first + series.days + opening.known_after_days
    near = near_crisis(series, inside, late, rules, before=opening.horizon_days)
    place = {d: i for i, d in enumerate(series.dyads)}
    days = rules.alerting.onset_days
    onsets = [
        (place[d], c.start - series.first, f"{'-'.join(d)} {c.id}")
        for c in inside
        if is_onset(c, rules) and since <= c.start - series.first < series.days - days
        for d in c.dyads
    ]
    late_only = np.arange(series.days)[None, :] >= since
    found_for = {}
    for name, group in ((GROUPS[0], found.followed), (GROUPS[1], found.history & found.followed)):
        members = [o for o in onsets if name == GROUPS[0] or group[o[0], o[1]]]
        found_for[name] = detection(found.alert & late_only, group & late_only, near, members, days, 30)
    return found_for


# ---- the plot

_SIZE, _MARGIN = 420.0, 54.0


def reliability_svg(bins: Sequence[Bin], title: str) -> str:
    """A reliability plot on logarithmic axes from 1 in 10,000: the mean chance of each bin against how often it
    came, with the number of cases; a bin where nothing came stands on the floor, hollow."""
    inner = _SIZE - 2 * _MARGIN
    low = -4.0

    def at(value: float) -> float:
        return inner * (max(math.log10(max(value, 1e-9)), low) - low) / -low

    def point(b: Bin) -> str:
        x, y = _MARGIN + at(b.mean), _SIZE - _MARGIN - at(b.rate)
        fill = "#1f4e79" if b.rate > 0 else "none"
        return (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}" stroke="#1f4e79"/>'
            f'<text x="{x + 7:.1f}" y="{y - 5:.1f}">{round(b.cases * b.rate)}/{b.cases}</text>'
        )

    ticks = []
    for power in range(-4, 1):
        x, y = _MARGIN + at(10.0**power), _SIZE - _MARGIN - at(10.0**power)
        ticks.append(f'<text x="{x:.1f}" y="{_SIZE - _MARGIN + 18:.1f}" text-anchor="middle">{10.0**power:g}</text>')
        ticks.append(f'<text x="{_MARGIN - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    end = _SIZE - _MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE:g} {_SIZE:g}" role="img" '
            'font-family="sans-serif" font-size="11">',
            f"<title>{_escaped(title)}</title>",
            f'<text x="{_SIZE / 2:g}" y="24" text-anchor="middle" font-size="13">{_escaped(title)}</text>',
            f'<rect x="{_MARGIN:g}" y="{_MARGIN:g}" width="{inner:g}" height="{inner:g}" fill="none" stroke="#999"/>',
            f'<line x1="{_MARGIN:g}" y1="{end:g}" x2="{end:g}" y2="{_MARGIN:g}" stroke="#999" stroke-dasharray="4"/>',
            *ticks,
            *(point(b) for b in bins),
            f'<text x="{_SIZE / 2:g}" y="{_SIZE - 12:g}" text-anchor="middle">chance given</text>',
            f'<text x="14" y="{_SIZE / 2:g}" transform="rotate(-90 14 {_SIZE / 2:g})" text-anchor="middle">'
            "how often it came</text>",
            "</svg>",
            "",
        ]
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
