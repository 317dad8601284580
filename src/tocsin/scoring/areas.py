"""How good the levels and W of areas were, step by step, beside climatology and a simple count of reports.

Rows are those of `tocsin replay --from --to --step --json`: one for each step and area. What came is a crisis table
(docs/method.md says its form): an area's crises are those of its dyads. Everything here is pure.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tocsin.judge.counts import Crisis, Flags, Floats, last_day
from tocsin.judge.hazard import fit
from tocsin.rules.counts import Counts, Dyad
from tocsin.scoring import measures

CALM = 5  # the level at which nothing is told
_REVERSAL_DAYS = 14
_PRIOR_YEARS = 5.0  # of all areas' rate, mixed into an area's own
_RIDGE = 1.0  # holds the count baseline to climatology until enough has come


@dataclass(frozen=True, slots=True)
class Row:
    """One area at one step: `day` an ordinal, `level` None where unwatched, `war` W, `documents` what was reported
    within the coverage window."""

    day: int
    area: str
    level: int | None
    war: float
    documents: int


@dataclass(frozen=True, eq=False, slots=True)
class Course:
    """Rows on a grid: areas x steps. `days`: the steps' ordinals, ascending; a step that lacks an area has level NaN
    and is no case (`told` is False)."""

    areas: tuple[str, ...]
    days: tuple[int, ...]
    level: Floats
    war: Floats
    documents: Floats
    told: Flags


@dataclass(frozen=True, eq=False, slots=True)
class Outcome:
    """What came, areas x steps: `ahead`: a crisis begins within the horizon after the step; `open`: one is open, or
    closed so lately that nothing counts as a new one. `starts`: (row, day, id) of each crisis inside the course."""

    ahead: Flags
    open: Flags
    starts: tuple[tuple[int, int, str], ...]


def course(rows: Iterable[Row]) -> Course:
    """The rows on their grid. Raises ValueError where an area stands twice at one step."""
    held = {}
    for row in rows:
        if (row.area, row.day) in held:
            raise ValueError(f"expected one row for {row.area} and a day, found two")
        held[row.area, row.day] = row
    areas, days = tuple(sorted({a for a, _ in held})), tuple(sorted({d for _, d in held}))
    shape = (len(areas), len(days))
    level, war, documents = np.full(shape, np.nan), np.zeros(shape), np.zeros(shape)
    told = np.zeros(shape, bool)
    for i, area in enumerate(areas):
        for j, day in enumerate(days):
            one = held.get((area, day))
            if one is not None:
                level[i, j] = np.nan if one.level is None else one.level
                war[i, j], documents[i, j], told[i, j] = one.war, one.documents, True
    return Course(areas, days, level, war, documents, told)


def outcome(of: Course, crises: Sequence[Crisis], dyads: Mapping[str, frozenset[Dyad]], rules: Counts) -> Outcome:
    """The crises of each area's dyads against the steps; only rows dated to the day are onsets."""
    days = np.array(of.days)
    ahead, busy = np.zeros(of.level.shape, bool), np.zeros(of.level.shape, bool)
    starts = []
    for i, area in enumerate(of.areas):
        for crisis in _of(area, crises, dyads):
            end = last_day(crisis, 10**7, rules)
            ahead[i] |= (crisis.start > days) & (crisis.start - days <= rules.opening.horizon_days)
            busy[i] |= (crisis.start <= days) & (days <= end + rules.opening.closing_days)
            if len(days) and days[0] <= crisis.start <= days[-1]:
                starts.append((i, crisis.start, crisis.id))
    return Outcome(ahead, busy, tuple(starts))


def _of(area: str, crises: Iterable[Crisis], dyads: Mapping[str, frozenset[Dyad]]) -> list[Crisis]:
    """The dated crises between states that the area names, whoever's table tells of them."""
    return [c for c in crises if c.exact and dyads.get(area, frozenset()) & set(c.dyads)]


def war(of: Course, came: Outcome, crises: Sequence[Crisis], dyads: Mapping[str, frozenset[Dyad]]) -> dict[str, Any]:
    """Figures of W, of climatology and of the count of reports as chances of a crisis to come, on the steps at which
    none is open; all beside climatology."""
    scope = of.told & ~came.open
    row, _ = np.nonzero(scope)
    y = came.ahead[scope].astype(float)
    base = climatology(of, crises, dyads)
    simple = counted(of, came, scope, base)
    chances = {"tocsin": of.war, "climatology": base, "reports counted": simple}
    return {name: measures.figures(y, p[scope], row, base[scope]) for name, p in chances.items()}


def climatology(
    of: Course, crises: Sequence[Crisis], dyads: Mapping[str, frozenset[Dyad]], horizon: int = 30
) -> Floats:
    """The chance of a crisis within the horizon by the crises before the first step: each area's own rate, with five
    years of all areas' mixed in; 1 - exp(-rate * horizon), areas x steps."""
    first = of.days[0]
    exact = [c for c in crises if c.exact and c.start < first]
    years = max(1.0, (first - min((c.start for c in exact), default=first)) / measures.YEAR)
    number = np.array([len(_of(area, exact, dyads)) for area in of.areas], float)
    shared = (number.sum() + 0.5) / (years * len(of.areas))
    rate = (number + shared * _PRIOR_YEARS) / (years + _PRIOR_YEARS)
    found: Floats = np.repeat((1 - np.exp(-rate * horizon / measures.YEAR))[:, None], len(of.days), axis=1)
    return found


def counted(of: Course, came: Outcome, scope: Flags, base: Floats, horizon: int = 30) -> Floats:
    """The simple baseline: climatology's log odds plus a weight on the log of the number of reports, fitted at each
    step on the steps whose horizon had passed."""
    amount = np.log1p(of.documents)
    odds = np.log(base / (1 - base))
    found = np.zeros(base.shape)
    days = np.array(of.days)
    for j, day in enumerate(of.days):
        known = scope & (days + horizon < day)[None, :]
        mean = float(amount[known].mean()) if known.any() else 0.0
        start, ridge = np.array([0.0, 1.0]), np.array([_RIDGE, 1e6])
        if known.any():
            x = np.column_stack([amount[known] - mean, odds[known]])
            start = fit(x, came.ahead[known].astype(float), np.ones(len(x)), start, ridge)
        found[:, j] = 1 / (1 + np.exp(-(start[0] * (amount[:, j] - mean) + start[1] * odds[:, j])))
    return found


def levels(of: Course, came: Outcome, base: Floats, alert: int, onset_days: int, horizon: int) -> dict[str, Any]:
    """Figures of levels: how they order the steps with a crisis open or to come before those without, beside `base`
    (climatology) and the count of reports; how alerts (a level of `alert` or worse) met crises; reversals. An unwatched
    area counts as calm."""
    y = (came.ahead | came.open)[of.told].astype(float)
    level = np.where(np.isnan(of.level), CALM, of.level)
    order = {
        "tocsin": CALM - level + 0.999 * of.war,
        "level alone": CALM - level,
        "climatology": base,
        "reports counted": of.documents,
    }
    return {
        "steps": int(y.size),
        "in or before a crisis": int(y.sum()),
        "order": {
            name: {"auc": measures.auc(y, s[of.told]), "average_precision": measures.average_precision(y, s[of.told])}
            for name, s in order.items()
        },
        "steps_by_level": _by_level(of, came),
        "alerts": alerts(of, came, alert, onset_days, horizon),
        "reversals_per_area_year": reversals(of),
    }


def _by_level(of: Course, came: Outcome) -> dict[str, dict[str, int]]:
    """How often each level stood, and how often a crisis was open or to come then."""
    near = came.ahead | came.open
    found = {}
    for value in (5, 4, 3, 2, 1, None):
        here = of.told & (np.isnan(of.level) if value is None else of.level == value)
        if here.any():
            found[str(value)] = {"steps": int(here.sum()), "in or before a crisis": int((here & near).sum())}
    return found


def alerts(of: Course, came: Outcome, alert: int, onset_days: int, horizon: int) -> measures.Detection:
    """How levels of `alert` or worse met the starts of crises. A level stands until the next step."""
    first, last = of.days[0], of.days[-1]
    step = np.clip(np.searchsorted(np.array(of.days), np.arange(first, last + 1), side="right") - 1, 0, None)
    on = np.where(np.isnan(of.level), CALM, of.level)[:, step] <= alert
    near = (came.ahead | came.open)[:, step]
    starts = [
        (row, day - first, f"{of.areas[row]} {name}") for row, day, name in came.starts if day + onset_days <= last
    ]
    return measures.detection(on, of.told[:, step], near, starts, onset_days, horizon)


def reversals(of: Course) -> float | None:
    """How often a level turned round within 14 days (worse and back, or better and back), per area and year."""
    turns = 0
    for row in of.level:
        moves = [
            (of.days[j], 1 if row[j] > row[j - 1] else -1)
            for j in range(1, len(row))
            if np.isfinite(row[j]) and np.isfinite(row[j - 1]) and row[j] != row[j - 1]
        ]
        pairs = itertools.pairwise(moves)
        turns += sum(one[1] != two[1] and two[0] - one[0] <= _REVERSAL_DAYS for one, two in pairs)
    years = len(of.areas) * (of.days[-1] - of.days[0]) / measures.YEAR if of.days else 0.0
    return turns / years if years else None
