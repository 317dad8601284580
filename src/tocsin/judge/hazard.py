"""The chance of a crisis between two states, day by day, from counts and past crises; no look-ahead.

Two stages, both logistic, both fitted anew at fixed days on what was known by then, held to their starting
weights by a ridge: `structure`, the hazard that history, nearness, arms and alliances give over the years for
which there are crises; then the hazard within the horizon, from counts on top of it. A fit on a handful of onsets
is mostly its starting weights; that is meant. An alert is Bayes' rule in two terms: the log-odds that the hazard
gave before these days, and how far these days stand out.
"""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.judge.counts import (
    Crisis,
    Flags,
    Floats,
    Series,
    followed,
    frozen_days,
    hazard_features,
    is_onset,
    known_history,
    last_day,
    near_crisis,
    recent_surge,
    selected,
    within,
)
from tocsin.rules.counts import Alerting, Counts, Dyad, Structure, Weights
from tocsin.rules.world import State

_WEEK = 7
_YEAR = 365.0
_EARTH_KM = 6371.0
_CUTS = np.arange(4.0, -8.05, -0.1)  # thresholds tried, log odds; fixed, so that none lies on a score


@dataclass(frozen=True, eq=False, slots=True)
class Forecast:
    """What was thought on each day, dyads x days. `p`: chance of an onset within the horizon; `alert`: whether an
    onset is thought to be under way; `followed`: where there was anything to think with; `history`: with any past
    crisis or dispute known by then. `features`, and the weight of each from a column on: what they add to the log-odds
    of `p`; `surge`: how far the last days stand out, log of 1 + spreads."""

    series: Series
    p: Floats
    alert: Flags
    followed: Flags
    history: Flags
    features: Mapping[str, Floats]
    weights: tuple[tuple[int, Mapping[str, float]], ...]
    surge: Floats


@dataclass(frozen=True, slots=True)
class Why:
    """What a dyad's chance and alert rest on, one day. `usual`: the mean log-odds of all followed dyads; `parts`: what
    each feature adds to or takes from it, so that `usual` and they sum to the log-odds of `p`; `spreads`: how far the
    last days stand above ordinary ones."""

    p: float
    alert: bool
    usual: float
    parts: Mapping[str, float]
    spreads: float


@dataclass(frozen=True, eq=False, slots=True)
class Past:
    """What all fits share: the followed series, its crises and those of the whole world, both by their start, and
    who was followed and had a history when."""

    series: Series
    world: tuple[Crisis, ...]
    crises: tuple[Crisis, ...]
    rules: Counts
    followed: Flags
    history: Flags


def forecast(series: Series, crises: Sequence[Crisis], states: Mapping[str, State], rules: Counts) -> Forecast:
    """Chances and alerts of every dyad and day. Pure: the same prefix of days gives the same prefix of answers."""
    past, features = prepared(series, crises, rules)
    features["structure"] = structural_hazard(past, series, states)
    surge = recent_surge(past.series, frozen_days(past.series, past.crises, rules), rules, rules.hostility.surge_days)
    fitted: list[tuple[int, Mapping[str, float]]] = []
    p, alert = np.zeros(surge.shape), np.zeros(surge.shape, bool)
    for start, end in spans(past.series, 3):
        weights = _fitted_hazard(past, features, rules.hazard, start)
        odds = _combined(weights, rules.hazard, features)
        p[:, start:end] = chance(odds)[:, start:end]
        fitted.append((start, dict(zip(rules.hazard.start, weights.tolist(), strict=False))))
        alert[:, start:end] = _alerts(past, _under_way(odds, surge, rules.alerting), start, end)[:, start:end]
    return Forecast(past.series, p, alert & past.followed, past.followed, past.history, features, tuple(fitted), surge)


def why(found: Forecast, pair: Dyad, day: int) -> Why | None:
    """What speaks for and against an onset between two states on a day (an ordinal); None where they are not followed
    then."""
    column = day - found.series.first
    if pair not in found.series.dyads or not 0 <= column < found.series.days:
        return None
    row = found.series.dyads.index(pair)
    others = found.followed[:, column]
    if not others[row]:
        return None
    p = found.p[:, column]
    log_odds = np.log(p / (1 - p))
    weights = max((one for one in found.weights if one[0] <= column), key=lambda one: one[0])[1]
    added = {name: weight * found.features[name][:, column] for name, weight in weights.items()}
    return Why(
        p=float(p[row]),
        alert=bool(found.alert[row, column]),
        usual=float(log_odds[others].mean()),
        parts={name: float(values[row] - values[others].mean()) for name, values in added.items()},
        spreads=float(np.sign(found.surge[row, column]) * np.expm1(abs(found.surge[row, column]))),
    )


def simple_forecast(series: Series, crises: Sequence[Crisis], rules: Counts, cut: float) -> Forecast:
    """The count baseline beside every figure: hostility alone, and an alert at an anomaly of `cut` spreads of a
    trailing week. It knows neither history nor frozen baselines."""
    past, features = prepared(series, crises, rules)
    p = np.zeros(past.series.score.shape)
    for start, end in spans(past.series, 3):
        weights = _fitted_hazard(past, features, rules.simple, start)
        p[:, start:end] = chance(_combined(weights, rules.simple, features)[:, start:end])
    found = recent_surge(past.series, np.zeros(p.shape, bool), rules, _WEEK)
    alert = (found >= math.log1p(cut)) & past.followed
    return Forecast(past.series, p, alert, past.followed, past.history, features, (), found)


def prepared(series: Series, crises: Sequence[Crisis], rules: Counts) -> tuple[Past, dict[str, Floats]]:
    """The followed part of the world, with its features: the rest is silent and only counts in the totals."""
    world = tuple(sorted(crises, key=lambda c: (c.start, c.id)))
    inside = within(series, world)
    history = known_history(series, inside, rules)
    follow = followed(series, history, rules.baseline)
    rows = [int(r) for r in np.nonzero(follow.any(axis=1))[0]]
    features = {name: values[rows] for name, values in hazard_features(series, rules).items()}
    part = selected(series, rows)
    return Past(part, world, within(part, world), rules, follow[rows], history[rows]), features


def spans(series: Series, months: int) -> Iterator[tuple[int, int]]:
    """Columns (from, to) between refits: the first day, then the first of every `months`-th month."""
    starts = [0]
    for column in range(1, series.days):
        day = datetime.date.fromordinal(series.first + column)
        if day.day == 1 and (day.month - 1) % months == 0:
            starts.append(column)
    yield from zip(starts, [*starts[1:], series.days], strict=True)


# ---- the logistic fit


def fit(x: Floats, y: Floats, weight: Floats, start: Floats, ridge: Floats) -> Floats:
    """Coefficients that minimise the weighted logistic loss plus half of ridge * (w - start)^2, by Newton's steps.

    `x`: rows x features, the last column 1; `y`: 0 or 1; `ridge`: one per feature, above 0."""
    found = start.copy()
    for _ in range(60):
        p = chance(x @ found)
        slope = x.T @ (weight * (p - y)) + ridge * (found - start)
        bend = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        found = found - step / max(1.0, float(np.abs(step).max()) / 2)
        if np.abs(step).max() < 1e-9:
            break
    return found


def chance(log_odds: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(log_odds, -35, 35)))
    return found


def _start(rules: Weights) -> tuple[Floats, Floats]:
    start = np.array([*rules.start.values(), rules.intercept])
    ridge = np.array([rules.ridge] * len(rules.start) + [rules.ridge_intercept])
    return start, ridge


def _design(features: Mapping[str, Floats], rules: Weights, rows: Flags) -> Floats:
    """Rows x features of the chosen days, the last column 1."""
    return np.column_stack([*(features[name][rows] for name in rules.start), np.ones(int(rows.sum()))])


def _combined(weights: Floats, rules: Weights, features: Mapping[str, Floats]) -> Floats:
    """Log odds, dyads x days: summed in the order of the names, so that other dyads change no bit of a row."""
    total = np.full(next(iter(features.values())).shape, weights[-1])
    for weight, name in zip(weights, rules.start, strict=False):
        total = total + weight * features[name]
    return total


# ---- structure: what the years tell


def structural_hazard(past: Past, world: Series, states: Mapping[str, State]) -> Floats:
    """Log odds of an onset within the horizon from history and geography alone, dyads x days; fitted each year on
    the crises of the years before it, over all pairs of states seen by then."""
    series, rules = past.series, past.rules.structure
    seen = _first_seen(world, past)
    pairs = tuple(itertools.combinations(sorted(seen), 2))
    since = np.array([max(seen[a], seen[b]) for a, b in pairs])
    months = _months(rules.from_year, series.first + series.days)
    fixed = geography(pairs, states, rules)
    design = np.stack([_with_history(fixed, history(pairs, past, m), rules) for m in months])
    own = geography(series.dyads, states, rules)
    found = np.zeros(series.score.shape)
    for start, end in spans(series, 12):
        weights = _fitted_structure(past, pairs, since, months, design, series.first + start)
        for column in range(start, end):
            held = _with_history(own, history(series.dyads, past, series.first + column), rules)
            found[:, column] = (held * weights[:-1]).sum(axis=1) + weights[-1]
    return found


def _first_seen(world: Series, past: Past) -> dict[str, int]:
    """The day from which each state is known of: its first report, or its first known crisis."""
    found: dict[str, int] = {}
    reported = world.score != 0
    for row, dyad in enumerate(world.dyads):
        if reported[row].any():
            day = world.first + int(np.argmax(reported[row]))
            for state in dyad:
                found[state] = min(day, found.get(state, day))
    for crisis in past.world:
        day = crisis.start + past.rules.opening.known_after_days
        for dyad in crisis.dyads:
            for state in dyad:
                found[state] = min(day, found.get(state, day))
    return found


def _months(from_year: int, until: int) -> list[int]:
    return list(range(datetime.date(from_year, 1, 1).toordinal(), until, 30))


def geography(pairs: Sequence[Dyad], states: Mapping[str, State], rules: Structure) -> Floats:
    """Pairs x (land, sea, log of 1000 km between capitals, one has nuclear arms, both have, bound by a pact)."""
    return np.array([_geography(pair, states, rules) for pair in pairs], float).reshape(len(pairs), 6)


def _geography(pair: Dyad, states: Mapping[str, State], rules: Structure) -> list[float]:
    a, b = (states.get(name) for name in pair)
    land = pair in rules.land
    near = [float(land), float(pair in rules.sea and not land)]
    if a is None or b is None:
        return [*near, 1.0, 0.0, 0.0, 0.0]
    armed = [a.nuclear_armed, b.nuclear_armed]
    bound = bool(set(a.alliances) & set(b.alliances) & rules.pacts) or any(
        rules.partners.get(name) == other for s, other in ((a, pair[1]), (b, pair[0])) for name in s.alliances
    )
    return [*near, math.log(max(_kilometres(a, b), rules.least_km) / 1000), any(armed), all(armed), bound]


def _kilometres(a: State, b: State) -> float:
    """The great circle between two capitals (spherical law of cosines)."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return 1000.0
    here, there, turn = math.radians(a.lat), math.radians(b.lat), math.radians(a.lon - b.lon)
    cosine = math.sin(here) * math.sin(there) + math.cos(here) * math.cos(there) * math.cos(turn)
    return _EARTH_KM * math.acos(min(1.0, max(-1.0, cosine)))


def history(pairs: Sequence[Dyad], past: Past, day: int) -> Floats:
    """Pairs x (crises and disputes known by a day, fading with their half-life). A dispute weighs its severity; a
    crisis of many states tells less of each two of them, one by the root of their number."""
    rules, place = past.rules.structure, {pair: i for i, pair in enumerate(pairs)}
    found = np.zeros((len(pairs), 1))
    for crisis in past.world:
        age = day - crisis.start
        if age < past.rules.opening.known_after_days:
            break  # sorted by start
        major = crisis.source in past.rules.opening.sources
        weight = (1.0 if major else crisis.severity / rules.severity_scale) / math.sqrt(len(crisis.dyads))
        held = weight * 0.5 ** (age / _YEAR / rules.half_life_years)
        for dyad in crisis.dyads:
            if dyad in place:
                found[place[dyad], 0] += held
    return found


def _with_history(fixed: Floats, held: Floats, rules: Structure) -> Floats:
    return np.hstack([fixed, np.log(rules.floor + held)])


def _fitted_structure(
    past: Past, pairs: Sequence[Dyad], since: Floats, months: Sequence[int], design: Floats, as_of: int
) -> Floats:
    """Weights fitted on the months whose horizon had passed and was known of by `as_of`, outside open crises: a pair
    in one can't enter another, and its months would teach that a recent crisis keeps the peace."""
    opening, rules = past.rules.opening, past.rules.structure
    done = np.array([m + opening.horizon_days + opening.known_after_days <= as_of for m in months])
    at_risk = done[:, None] & (since <= as_of)[None, :]
    y = np.zeros(at_risk.shape)
    weight = np.ones(y.shape)
    place, day = {pair: i for i, pair in enumerate(pairs)}, np.array(months)
    for crisis in past.world:
        if is_onset(crisis, past.rules) and crisis.start + opening.known_after_days <= as_of:
            ahead = crisis.start - day
            hit = np.nonzero((ahead > 0) & (ahead <= opening.horizon_days))[0]
            rows = np.array([place[d] for d in crisis.dyads])
            y[np.ix_(hit, rows)], weight[np.ix_(hit, rows)] = 1.0, 1 / math.sqrt(rows.size)
            closed = last_day(crisis, as_of, past.rules) + opening.closing_days
            at_risk[np.ix_(np.nonzero((ahead <= 0) & (day <= closed))[0], rows)] = False
    size = design.shape[2] + 1
    x = np.column_stack([design[at_risk], np.ones(int(at_risk.sum()))])
    start = np.r_[np.zeros(size - 1), -7.0]
    ridge = np.r_[np.full(size - 1, rules.ridge), 1e-3]
    return fit(x, y[at_risk], weight[at_risk], start, ridge)


# ---- the hazard within the horizon, and the alert


def _onset_days(past: Past, as_of: int, first: int, last: int) -> Flags:
    """Days from `first` to `last`, counted from each onset known at `as_of`."""
    series = past.series
    place = {d: i for i, d in enumerate(series.dyads)}
    found = np.zeros(series.score.shape, bool)
    for crisis in past.crises:
        if is_onset(crisis, past.rules) and crisis.start + past.rules.opening.known_after_days <= as_of:
            begin = crisis.start - series.first
            for dyad in crisis.dyads:
                found[place[dyad], max(begin + first, 0) : max(begin + last + 1, 0)] = True
    return found


def quiet_weeks(past: Past, column: int) -> tuple[Flags, Flags]:
    """Dyads x days: the weeks outside crises whose horizon had passed and was known of on the day of `column`, and the
    days within the horizon before an onset known by then."""
    opening, as_of = past.rules.opening, past.series.first + column
    known = max(column - opening.horizon_days - opening.known_after_days, 0)
    soon = _onset_days(past, as_of, -opening.horizon_days, -1)
    rows = past.followed & ~near_crisis(past.series, past.crises, as_of, past.rules)
    rows[:, known:] = False
    rows[:, : past.rules.baseline.followed_least_days] = False
    rows[:, np.arange(rows.shape[1]) % _WEEK != 0] = False
    return rows, soon


def _fitted_hazard(past: Past, features: Mapping[str, Floats], rules: Weights, column: int) -> Floats:
    """Weights from the quiet weeks known on the day of `column`; those of the rules while no onset is among them."""
    start, ridge = _start(rules)
    rows, soon = quiet_weeks(past, column)
    if not (rows & soon).any():
        return start
    y = soon[rows].astype(float)
    return fit(_design(features, rules, rows), y, np.ones(y.size), start, ridge)


def _under_way(odds: Floats, surge: Floats, rules: Alerting) -> Floats:
    """Log-odds that these are an onset's first days: those of the hazard before them, and their surge."""
    before = np.maximum(np.arange(odds.shape[1]) - rules.before_days, 0)
    return rules.prior * odds[:, before] + rules.surge * surge


def _alerts(past: Past, score: Floats, column: int, end: int) -> Flags:
    """Alerts up to `end`, at the threshold that the days before `column` give."""
    cut = _threshold(past, score, column)
    found = np.zeros(score.shape, bool)
    held = np.where(past.followed, score, -99.0)[:, :end]
    found[:, :end] = opened(held, np.array([cut]), past.rules.alerting)[0]
    return found


def _threshold(past: Past, score: Floats, column: int) -> float:
    """The lowest log odds at which the pairs with a history would have given few enough false openings so far; few
    years of them leave it near where it starts."""
    rules, as_of = past.rules, past.series.first + column
    alerting = rules.alerting
    low = max(rules.baseline.followed_least_days, column - alerting.tuned_days)
    rows = past.history[:, column] & past.followed[:, column]
    if column - low < _WEEK or not rows.any():
        return alerting.threshold
    near = near_crisis(past.series, past.crises, as_of, rules, before=rules.opening.horizon_days)
    on = opened(score[rows, low:column], _CUTS, alerting)
    years = int(rows.sum()) * (column - low) / _YEAR
    rates = openings(on, near[rows, low:column], rules.opening.horizon_days) / years
    over = np.nonzero(rates > alerting.false_per_dyad_year)[0]
    lowest = float(_CUTS[max(int(over[0]) - 1, 0)] if over.size else _CUTS[-1])
    return (alerting.threshold * alerting.threshold_years + lowest * years) / (alerting.threshold_years + years)


def opened(score: Floats, cuts: Floats, rules: Alerting) -> Flags:
    """cuts x dyads x days: an alert opens at the threshold, and closes once its odds lay below `close_factor` of it
    for `close_days` days on end: up fast, down slowly."""
    found = np.zeros((cuts.size, *score.shape), bool)
    held = np.zeros(found.shape[:2], bool)
    calm = np.full(held.shape, rules.close_days)
    high, low = cuts[:, None], cuts[:, None] + math.log(rules.close_factor)
    for day in range(score.shape[1]):
        now = score[None, :, day]
        calm = np.where(now >= low, 0, calm + 1)
        held = (now >= high) | (held & (calm < rules.close_days))
        found[:, :, day] = held
    return found


def openings(on: Flags, near: Flags, apart: int) -> Floats:
    """For each cut, how many alerts begin away from crises, more than `apart` days after the last alerted day."""
    total = np.zeros(on.shape[0])
    last = np.full(on.shape[:2], -(apart + 1))
    for day in range(on.shape[2]):
        now = on[:, :, day]
        total += (now & (day - last > apart) & ~near[None, :, day]).sum(axis=1)
        last = np.where(now, day, last)
    return total
