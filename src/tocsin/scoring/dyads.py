"""How good the chances and alerts of dyads were, beside climatology and a simple count baseline on the same cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tocsin.judge.counts import Crisis, Flags, Floats, is_onset, near_crisis, within
from tocsin.judge.hazard import Forecast
from tocsin.rules.counts import Counts
from tocsin.scoring import measures

GROUPS = ("all", "with a past crisis", "none for years")


@dataclass(frozen=True, eq=False, slots=True)
class Cases:
    """Dyad-weeks outside crises: rows, columns, whether an onset came within the horizon, and each group's mask."""

    row: measures.Places
    column: measures.Places
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
            recent[place[dyad], max(start, 0) : max(start + int(hard_years * measures.YEAR), 0)] = True
    past = found.history[row, column]
    groups = {"all": np.ones(row.size, bool), GROUPS[1]: past, GROUPS[2]: ~recent[row, column]}
    return Cases(row, column, soon[row, column].astype(float), groups)


def chances(found: Forecast, on: Cases, base: Mapping[str, float]) -> dict[str, Any]:
    """Figures of the chances for each group, beside climatology (`base`: its rate on the years before)."""
    p = found.p[on.row, on.column]
    return {
        name: measures.figures(on.y[mask], p[mask], on.row[mask], np.full(int(mask.sum()), base[name]))
        for name, mask in on.groups.items()
    }


def alerts(found: Forecast, crises: Sequence[Crisis], rules: Counts, since: int) -> dict[str, measures.Detection]:
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
        found_for[name] = measures.detection(found.alert & late_only, group & late_only, near, members, days, 30)
    return found_for
